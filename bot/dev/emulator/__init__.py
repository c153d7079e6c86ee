"""Loopback emulators of SignalWire and Slack, for the demo, the tests and offline development."""
