"""What is written in a conversation, what becomes of its text, and a reply. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from copbot.assistance.rules import TELL_AFTER
from copbot.screening.rules import CONTACT, Kind
from copbot.slack.text import clean, text_of_message

REQUESTER, STAFF = "requester", "staff"
"""The side that an entry was written on."""

OPEN, HELD, POINTER, DELETED = "open", "held", "pointer", "deleted"
"""Shown with its text; kept from staff until its author has looked at it again; shown without text; deleted."""

LONGEST_KEPT = 12_000
"""UTF-16 units of a message that are kept; Slack lets nobody type more."""
LONGEST, LONGEST_NAME = 3000, 80
"""Characters of a reply and of a saved answer, and of that one's name."""
MOST_SAVED = 90
"""Saved answers of a program: all stand in one list."""
MOST_A_MINUTE = 20
"""Messages of one person in a minute that stand in staff's thread each for itself; the others share one."""
CLOCKS_DIFFER = timedelta(minutes=1)
"""So much earlier than the question its answer may seem to be written, by two machines' clocks."""
_SPOKEN = ("", "file_share", "thread_broadcast", "me_message")


def subject(entry_id: int) -> str:
    """What a message about an entry is about."""
    return f"said:{entry_id}"


# -- what requesters write


@dataclass(frozen=True)
class Written:
    """A person's message as Slack has it now. `version`: Slack's ts of its last edit, empty for none.

    `thread`: ts of the message in whose thread it stands, empty at the top level.
    """

    user: str
    channel: str
    ts: str
    thread: str = ""
    text: str = ""
    version: str = ""
    files: int = 0
    is_deleted: bool = False

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(float(self.ts), UTC)


def is_direct(event: Mapping[str, Any]) -> bool:
    # Not every server names the kind of channel; a direct message's id begins with D everywhere.
    return str(event.get("channel_type", "im" if str(event.get("channel")).startswith("D") else "")) == "im"


def written(message: Mapping[str, Any], channel: str) -> Written | None:
    """A message of a person's; None for an app's, for what Slack itself says, and for what is no message."""
    user, ts = message.get("user"), message.get("ts")
    if message.get("bot_id") or message.get("app_id") or str(message.get("subtype") or "") not in _SPOKEN:
        return None
    if not (isinstance(user, str) and user and isinstance(ts, str) and _is_ts(ts)):
        return None
    thread, edited, files = message.get("thread_ts"), message.get("edited"), message.get("files")
    return Written(
        user=user,
        channel=channel,
        ts=ts,
        thread=thread if isinstance(thread, str) and thread != ts else "",
        text=clean(text_of_message(dict(message))),
        version=str(edited.get("ts") or "")[:32] if isinstance(edited, dict) else "",
        files=len(files) if isinstance(files, list) else 0,
    )


def edited_in(event: Mapping[str, Any]) -> Written | None:
    """The message that a person has edited. None for a preview that Slack adds, which is no edit."""
    message, channel = event.get("message"), event.get("channel")
    found = written(message, str(channel)) if isinstance(message, dict) else None
    return found if found is not None and found.version else None


def deleted_in(event: Mapping[str, Any]) -> Written | None:
    """The message that somebody deleted; the start of a thread becomes a tombstone instead."""
    stone, before = event.get("message"), event.get("previous_message")
    if event.get("subtype") == "message_changed" and not (
        isinstance(stone, dict) and stone.get("subtype") == "tombstone"
    ):
        return None
    found = written(before, str(event.get("channel"))) if isinstance(before, dict) else None
    return (
        None if found is None else Written(found.user, found.channel, found.ts, found.thread, is_deleted=True)
    )


def state_of(found: Collection[Kind], *, confirmed: bool) -> str:
    """What a text becomes in which these kinds of details were found; `confirmed`: its author says it is fine.

    A work contact may then pass; for a name or a birth date no word of the author's is enough.
    """
    if not found:
        return OPEN
    if not confirmed:
        return HELD
    return OPEN if CONTACT.issuperset(found) else POINTER


def _is_ts(told: str) -> bool:
    whole, _, rest = told.partition(".")
    return len(told) <= 32 and whole.isdecimal() and (rest.isdecimal() or not rest)


# -- what staff reply


@dataclass(frozen=True)
class StaffReply:
    """What one of the staff wrote. It goes out a minute after it was saved."""

    uid: str
    by: str
    text: str
    at: datetime

    @property
    def goes_at(self) -> datetime:
        return self.at + TELL_AFTER

    def is_out(self, now: datetime) -> bool:
        return now >= self.goes_at


@dataclass(frozen=True)
class Line:
    """One thing in a conversation. `by` is empty for what nobody wrote; `note` stands for a text that is not shown."""

    at: datetime
    by: str
    did: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class SavedAnswer:
    id: int
    name: str
    text: str
