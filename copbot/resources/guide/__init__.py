"""The guide: every service for a place, by kind, in Slack and as a page to print."""
