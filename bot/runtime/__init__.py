"""Infrastructure: background tasks, a fair semaphore, HTTP, logging and the clock."""
