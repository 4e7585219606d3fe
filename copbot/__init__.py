"""copbot: one Slack app that runs a community of practice."""
