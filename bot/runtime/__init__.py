"""Infrastructure: background tasks, HTTP, retries, logging and the clock."""
