"""Colleagues of the requester's agency on a request: added, shown, removed."""
