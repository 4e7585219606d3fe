"""The edge that browsers, monitors and (in HTTP mode) Slack reach."""
