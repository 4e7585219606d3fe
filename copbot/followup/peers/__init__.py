"""Peers: staff suggest two people to each other, and only when both accept does either see who the other is."""
