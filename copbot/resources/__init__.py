"""The resource library: what staff keep and members suggest, found in seconds, and the guide by area."""
