"""Who wants only what is about their own requests."""
