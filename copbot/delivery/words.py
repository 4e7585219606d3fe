"""Codes of what could not be delivered, in words for staff."""

from __future__ import annotations

_KINDS = {
    "request.notice": "The notice of a request",
    "request.receipt": "A receipt for somebody who asked",
    "request.told": "News for somebody who asked",
    "request.yours": "News of a hand-over",
    "request.added": "News for the owner of a request",
    "joining.card": "The card of somebody who is expected",
    "joining.welcome": "A welcome",
    "community.welcome": "The welcome in a community's channel",
    "community.proposal": "The card of a proposed community",
    "community.decided": "The answer to a proposed community",
}
_CODES = {
    "channel_not_found": "the channel or person cannot be reached",
    "not_in_channel": "the app is not in the channel",
    "is_archived": "the channel is archived",
    "restricted_action": "the workspace does not allow the app to post there",
    "user_disabled": "the person's account is deactivated",
    "account_inactive": "the person's account is deactivated",
    "msg_blocks_too_long": "it was too long",
    "render": "it could not be written; see the log",
}


_UNSURE = "unsure_"
"""How the code begins when it could not be looked up whether a message arrived."""


def delivery_words(kind: str, code: str) -> str:
    """What could not be delivered, and why."""
    if code.startswith(_UNSURE):
        why = "Slack would not say whether it arrived. Please look there before you try again"
    else:
        why = _CODES.get(code, f"Slack answered {code}")
    return f"{_KINDS.get(kind, 'A message')}: {why}"
