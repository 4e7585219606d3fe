"""Codes of what is wrong, in words for the administrator."""

from __future__ import annotations

PROBLEMS = {
    "missing": "There is no staff channel yet. Requests are kept until you choose one.",
    "unchecked": "The staff channel is being checked. Requests are kept until then.",
    "not_found": "The staff channel cannot be found. Invite the app to it (/invite), or choose another one.",
    "not_member": "The app is not in the staff channel. Invite it there with /invite.",
    "archived": "The staff channel is archived. Unarchive it, or choose another one.",
    "public": "The staff channel is public. Requests are for staff only: make it private, or choose another one.",
    "shared": "The staff channel is shared with another organization. Requests are for staff only: choose another one.",
    "guests": "There is a guest in the staff channel. Requests are for staff only: remove the guest, or choose another one.",
    "empty": "There is no full member in the staff channel. Add staff to it.",
}


def problem_words(code: str) -> str:
    """What is wrong with the staff channel; empty when nothing is."""
    return PROBLEMS.get(code, f"The staff channel cannot be used ({code}).") if code else ""


HOTLINES_DUE = "hotlines"
"""The subject of every message about lines to call and confirm."""
