"""Agencies: found, described, and merged where two are the same."""
