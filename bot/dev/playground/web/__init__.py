"""A page that is a small Slack client for the Slack emulator and works with any app."""
