"""Load tests: many users, and a SignalWire and a Slack that respond at once.

These are far simpler than the emulators, so that the bot is measured; the benchmark uses them, too.
"""
