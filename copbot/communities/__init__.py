"""Communities: each a channel of its own, kept as it is wanted; who is in it; what it has been up to."""
