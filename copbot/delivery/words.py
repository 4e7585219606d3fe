"""Codes of what could not be delivered, in words for staff."""

from __future__ import annotations

_KINDS = {
    "request.notice": "The notice of a request",
    "request.receipt": "A receipt for somebody who asked",
    "request.told": "News for somebody who asked",
    "request.yours": "News of a hand-over",
    "request.added": "News for the owner of a request",
}
_CODES = {
    "channel_not_found": "the channel or person cannot be reached",
    "not_in_channel": "the app is not in the channel",
    "is_archived": "the channel is archived",
    "restricted_action": "the workspace does not allow the app to post there",
    "user_disabled": "the person's account is deactivated",
    "render": "it could not be written; see the log",
}


def delivery_words(kind: str, code: str) -> str:
    """What could not be delivered, and why."""
    return f"{_KINDS.get(kind, 'A message')}: {_CODES.get(code, f'Slack answered {code}')}"
