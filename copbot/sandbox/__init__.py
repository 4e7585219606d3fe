"""A strict Slack to run on a laptop, and the peer of every test."""
