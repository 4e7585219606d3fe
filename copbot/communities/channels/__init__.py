"""The channels of the communities: what is wanted against what Slack has, and the steps between the two."""
