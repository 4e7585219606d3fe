"""Joining: who is expected, who has come, and one welcome for each of them."""
