"""Messages of one kind taken together, such as a morning's digests."""
