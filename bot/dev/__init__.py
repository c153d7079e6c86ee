"""The offline world for development: emulators of Slack and SignalWire, a playground, a gallery."""
