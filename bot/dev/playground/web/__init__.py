"""A page that is a small Slack client, over the sandbox's Slack. It knows nothing of any app."""
