"""The Bolt frame, the table of entrances, text and block helpers, and the gateway to Slack's Web API."""
