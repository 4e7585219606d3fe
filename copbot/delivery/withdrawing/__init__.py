"""Messages that only some may read: where they stand, and what stands elsewhere."""
