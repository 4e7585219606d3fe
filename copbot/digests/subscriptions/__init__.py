"""Members' own digests: chosen, at their own hour, never twice, and stopped with one tap."""
