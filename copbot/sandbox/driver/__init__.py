"""Driving a sandbox from a test: people who type and click, and what they see."""
