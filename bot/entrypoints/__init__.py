"""From Slack to the bot: HTTP, Socket Mode and the server process."""
