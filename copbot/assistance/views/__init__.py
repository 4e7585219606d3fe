"""Requests as Home lists them: beginnings with their whole length, and how much each of the staff has."""
