"""Conversations: what a requester writes to the app and what staff reply to it, as one conversation about a request."""
