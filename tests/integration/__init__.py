"""Scenarios: signed bytes in, delivered bytes out, over loopback HTTP."""
