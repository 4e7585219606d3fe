"""Proposed communities, and staff's answer."""
