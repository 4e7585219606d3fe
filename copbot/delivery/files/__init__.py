"""Messages that are files: sent in three steps, once."""
