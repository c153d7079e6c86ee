"""What knows neither Slack nor SignalWire: background tasks, HTTP, retries, logging, the clock."""
