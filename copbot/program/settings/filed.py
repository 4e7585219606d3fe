"""What stands in a file and is changed here: read, saved and put back in one way, of whatever kind it is.

The file is never written. What was changed here counts, with who and when, beside what the file said then.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, NotRequired, Protocol, TypedDict, TypeVar, Unpack
from zoneinfo import ZoneInfo

from copbot.errors import Conflict, NotAllowed, NotFound
from copbot.program.profile import Profile
from copbot.program.settings import tables
from copbot.program.settings.tables import ChoiceRow, SettingPart
from copbot.store import Session, journal

FROM_FILE = "profile"
"""Stands as `by` where nobody has changed what the file says."""

T = TypeVar("T")
Called = Callable[[str], str]
"""Names a Slack user for people to read."""


class Editor(Protocol):
    """Who changes something: the person as the database knows them at this click."""

    @property
    def user(self) -> str: ...
    @property
    def is_lead(self) -> bool: ...
    @property
    def is_admin(self) -> bool: ...


class EditBy(TypedDict):
    """Who changes something and when. `called`: names a user for a conflict.

    `seen`: the version their form was opened with; without it the caller compares what they had seen.
    """

    by: Editor
    now: datetime
    seen: NotRequired[int | None]
    called: NotRequired[Called]


@dataclass(frozen=True)
class Filed(Generic[T]):
    """Something as it counts here. `file`: as its file has it now, None when it does not; `was`: as it had it then.

    `value` is None for what was taken out; `by` is a Slack user id or FROM_FILE. `version` goes into a form and
    comes back as `seen`.
    """

    name: str
    label: str
    value: T
    file: T | None
    was: T | None
    by: str = FROM_FILE
    at: datetime | None = None
    version: int = 0

    @property
    def differs(self) -> bool:
        """The file was changed after this was, and says something else."""
        return self.file not in (self.was, self.value)


@dataclass(frozen=True)
class FileKind(Generic[T]):
    """How rows keep one kind. `read`: None for what is not there; `pack`: what counts and what the file said as JSON,
    in a row's `value` and `filed`.
    """

    gone: str
    read: Callable[[Profile, ChoiceRow | SettingPart, T | None], Filed[T] | None]
    pack: Callable[[T | None, T | None], tuple[Any, Any]] = lambda value, was: (value, was)

    def mark(self, found: Filed[T]) -> str:
        """Another one as soon as this or its file says something else."""
        return digest(self.pack(found.value, found.file))


class ChangedMeanwhile(Conflict):
    """Somebody saved the same thing, or its file changed, after it was opened. `now`: as it is now."""

    def __init__(self, words: str, now: Any) -> None:
        super().__init__(words)
        self.now = now


@dataclass(frozen=True)
class Locked(Generic[T]):
    """Something that nobody but `by` changes until this transaction ends."""

    session: Session
    profile: Profile
    kind: FileKind[T]
    row: ChoiceRow
    found: Filed[T]
    how: EditBy

    @property
    def by(self) -> str:
        return self.how["by"].user

    @property
    def today(self) -> date:
        return self.profile.today(self.how["now"])

    def must_be_newest(self, is_newest: bool) -> None:
        """Raises `ChangedMeanwhile` with who was first and when."""
        if is_newest:
            return
        row, found = self.row, self.found
        words = (
            "The program's file changed after you opened this. Your change is not saved yet. "
            "Look at the current text, then save again."
        )
        # What somebody put back to what the file says may follow the file again; it was they who changed it.
        if row.by != FROM_FILE and row.value == self.kind.pack(found.value, found.was)[0]:
            at = row.at.astimezone(ZoneInfo(self.profile.time_zone))
            who = self.how["called"](row.by) if "called" in self.how else "somebody else"
            time = f"{at:%I:%M %p}".lstrip("0")
            words = (
                f"{who[:1].upper()}{who[1:]} changed this on {at:%a, %b} {at.day} at {time}, after you opened it. "
                "Your change is not saved yet: look at the current text, then save again."
            )
        raise ChangedMeanwhile(words, found)

    def save(self, value: T, why: str = "changed") -> Filed[T]:
        """This counts from here on, whoever changed it before; nothing is written where it does already."""
        return self._write(value, self.found.was, why)

    def take_from_file(self) -> Filed[T]:
        """What the file says counts from here on; what it does not have goes."""
        return self._write(self.found.file, self.found.file, "taken from the file")

    def settle(self, mark: str, *, take: bool) -> Filed[T]:
        """Where the file differs: take what it says, or keep what is here and no longer show the file's change.

        Raises `ChangedMeanwhile` when `mark` is not of what both say now.
        """
        self.must_be_newest(mark == self.kind.mark(self.found))
        return self.take_from_file() if take else self._write(self.found.value, self.found.file, "kept")

    def _write(self, value: T | None, was: T | None, why: str) -> Filed[T]:
        row, now = self.row, self.how["now"]
        if (value, was) == (self.found.value, self.found.was):
            return self.found
        packed, filed = self.kind.pack(value, was)
        if row.value != packed:
            row.value, row.by, row.at, row.version = packed, self.by, now, row.version + 1
        row.filed = filed
        tables.stamp_anew(self.session, now)
        note(self.session, row.name, by=self.how["by"], now=now, why=why)
        return self.kind.read(self.profile, row, self.found.file) or self.found


def hold(
    session: Session, profile: Profile, name: str, kind: FileKind[T], file: T | None, **how: Unpack[EditBy]
) -> Locked[T]:
    """The row of that name for somebody who may change it; `file` is what it starts from. Raises `NotAllowed`, `NotFound`."""
    allow(how["by"])
    tables.hold_parts(session, how["now"])
    if file is not None:
        tables.add_choice(session, name, *kind.pack(file, file), by=FROM_FILE, at=how["now"])
    row = tables.held_choice(session, name)
    found = kind.read(profile, row, file) if row else None
    if row is None or found is None:
        raise NotFound(kind.gone)
    return Locked(session, profile, kind, row, found, how)


def allow(by: Editor) -> None:
    if not (by.is_lead or by.is_admin):
        raise NotAllowed("Only a lead or an administrator can change this.")


def note(session: Session, name: str, *, by: Editor, now: datetime, why: str) -> None:
    journal.record(session, at=now, actor=by.user, entrance="choice", subject=f"choice:{name}"[:120], why=why)


def digest(*told: Any) -> str:
    """The same for the same, in twelve letters: what somebody had in front of them, without its words."""
    text = json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
