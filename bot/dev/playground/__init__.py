"""A page on loopback in which a person uses an app as in Slack: `python -m bot playground`."""
