"""Offline development tools: emulators of Slack and SignalWire, a playground and a gallery."""
