"""A loopback SignalWire and a loopback Slack: for the demo, for tests, for life without either.

It plays the outside world, so it imports nothing else of the bot and knows nothing of how it works.
"""
