"""What a person reads: pure functions from models and errors to Slack messages."""
