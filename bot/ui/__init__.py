"""Everything users read: pure functions from models and errors to Slack messages."""
