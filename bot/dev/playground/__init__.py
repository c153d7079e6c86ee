"""A page on loopback for using an app as in Slack: `python -m bot playground`."""
