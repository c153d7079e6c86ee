"""A Slack bot that looks up SignalWire voice logs."""
