"""Answers shared with everybody: with consent, without names, after a second look."""
