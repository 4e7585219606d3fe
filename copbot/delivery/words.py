"""Codes of what could not be delivered, in words for staff."""

from __future__ import annotations

_KINDS = {
    "request.notice": "Notice in the staff channel",
    "request.receipt": "Receipt for the requester",
    "request.told": "News for the requester",
    "request.summary": "The morning's summary of open requests",
    "request.yours": "News of a handover",
    "request.added": "News for the owner",
    "request.released": "News that somebody left the staff",
    "request.removed": "News of removed client details",
    "request.unshared": "News that a colleague was removed from a request",
    "request.confidential": "The staff channel's line on a confidential request",
    "request.unreached": "News that the requester was not reached",
    "joining.card": "The card of somebody who is expected",
    "joining.welcome": "A welcome",
    "community.welcome": "The welcome in a community's channel",
    "community.proposal": "The card of a proposed community",
    "imports.library_file": "The library as a file",
    "resources.guide_file": "A resource guide as a file",
    "community.decided": "The answer to a proposed community",
}
_CODES = {
    "channel_not_found": "the channel or person can't be reached",
    "not_in_channel": "the app isn't in the channel",
    "is_archived": "the channel is archived",
    "restricted_action": "the workspace doesn't let the app post there",
    "user_disabled": "the person's account is deactivated",
    "account_inactive": "the person's account is deactivated",
    "msg_blocks_too_long": "it was too long",
    "render": "it couldn't be written; see the log",
}
_UNSURE = "unsure_"
"""How the code begins when it could not be looked up whether a message arrived."""


def delivery_words(kind: str, code: str, about: str = "") -> str:
    """What could not be delivered, what it is about, and why: `News for the requester (TA-1042, Kim): …`."""
    if code.startswith(_UNSURE):
        why = "Slack would not say whether it arrived. Please look there before you try again"
    else:
        why = _CODES.get(code, f"Slack answered {code}")
    what = f"{_KINDS.get(kind, 'A message')} ({about})" if about else _KINDS.get(kind, "A message")
    return f"{what}: {why}"
