"""Who gets a new request, and why."""
