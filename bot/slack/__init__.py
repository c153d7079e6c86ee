"""From the bot to Slack: response URLs, views and the Web API."""
