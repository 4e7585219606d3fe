"""Alerts: a supply or outbreak notice of staff's, read by two people, ahead of every digest, and ended on its day."""
