"""Editions of digests to channels: defined, composed a day ahead, edited, sent once or skipped with a reason."""
