"""A file is uploaded, its id is saved, and only then is it shared: whoever was killed in between finds it by that id."""

from __future__ import annotations

from collections.abc import Callable

from copbot.delivery import calls
from copbot.delivery.files import tables
from copbot.delivery.lookup import FoundCopies, Slack
from copbot.delivery.rules import METHODS, NextCall
from copbot.delivery.sending.claims import ClaimedMessage
from copbot.delivery.sending.outcomes import Outcome, Postponed, Sent, Silent
from copbot.slack import files
from copbot.slack.answers import FileMessage
from copbot.slack.errors import Refused, SlackError, Unsure
from copbot.slack.pages import NOT_WHOLE
from copbot.store import Session, Store

_POST = METHODS[NextCall.POST]
_NO_FILE = ("file_not_found", "file_deleted")


def send(
    store: Store,
    slack: Slack,
    turn: ClaimedMessage,
    message: FileMessage,
    version: int,
    *,
    timeout: float,
    is_ours: Callable[[Session], bool],
) -> Outcome | None:
    """Share the message's file once. None: the lease ran out before the call that people see.

    Raises one of `slack.errors`; `Unsure` of the post from the moment on at which the file may stand there.
    """
    with store.reading() as session:
        known = tables.file_of(session, turn.id)
    if known is not None and known.shared:
        return Silent("sent once", version)  # somebody has deleted it since
    channel = calls.conversation(slack, turn.destination, timeout)
    file = known.id if known is not None else files.begin(slack, message.name, message.content)
    with store.writing() as session:
        if not is_ours(session):
            return None
        if known is None:
            tables.remember(session, turn.id, file)
    try:
        files.share(slack, file, channel, message.name, message.text)
    except Unsure as error:
        raise Unsure(error.code, _POST) from None
    except Refused as refused:
        if known is None or refused.code not in _NO_FILE:
            raise
        ts = _stands(slack, file, channel)  # an earlier try has shared it meanwhile, or Slack has lost it
        if ts is None:
            return _anew(store, turn.id)
    else:
        ts = None
    with store.writing() as session:
        tables.mark_shared(session, turn.id)
    ts = ts or _stands(slack, file, channel)
    if ts is None:  # it takes Slack a moment to say where
        raise Unsure("no_share", _POST)
    return Sent(channel, ts, version)


def _stands(slack: Slack, file: str, channel: str) -> str | None:
    try:
        found = files.shares(slack, file, channel)
    except Refused:
        return None
    except SlackError as error:
        raise Unsure(error.code, _POST) from None
    return found[0] if found else None


def _anew(store: Store, message: int) -> Postponed:
    with store.writing() as session:
        tables.forget(session, message)
    return Postponed()


def find_file(store: Store, slack: Slack, turn: ClaimedMessage) -> calls.FindCopies | None:
    """How to find where the message's file stands, by its id; None: no file was uploaded for it."""
    with store.reading() as session:
        known = tables.file_of(session, turn.id)
    if known is None:
        return None
    file, is_shared = known

    def find(channel: str) -> FoundCopies:
        try:
            found = files.shares(slack, file, channel)
        except Refused as refused:
            if refused.code not in _NO_FILE:
                raise
            return FoundCopies()
        if is_shared and not found:
            raise Unsure(NOT_WHOLE, "files.info")
        return FoundCopies(found)

    return find
