"""The words of a conversation that are stored: its sides and the states of what was written."""

from __future__ import annotations

REQUESTER, STAFF = "requester", "staff"
"""The side that an entry was written on."""

OPEN, HELD, POINTER, DELETED = "open", "held", "pointer", "deleted"
"""Shown with its text; kept from staff until its author has looked at it again; shown without text; deleted."""

LONGEST = 12_000
"""UTF-16 units of a message that are kept; Slack lets nobody type more."""


def subject(entry_id: int) -> str:
    """What a message about an entry is about."""
    return f"said:{entry_id}"
