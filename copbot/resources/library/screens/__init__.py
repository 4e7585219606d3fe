"""The library's screens."""
