"""A dropped file, and which of them are for the library, by their names. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

DropState = Literal["reading", "ready", "refused", "importing", "done", "undoing", "undone", "cancelled"]


@dataclass(frozen=True)
class Drop:
    """A dropped file as it is now; see the table for its fields."""

    uid: str
    file: str
    name: str
    by: str
    state: DropState
    trouble: str
    publish: bool
    chosen: Mapping[str, str]
    seen: Mapping[str, Any]
    import_id: int | None
    done: int
    of: int

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(self.seen.get("headings", ()))


FORMS = {"csv": "csv", "tsv": "csv", "ics": "calendar", "zip": "hsds"}
"""Endings of files that are read, and the form of each."""
_WORKBOOKS = ("xlsx", "xls", "ods", "numbers")
_NOT_CSV = "Save it as CSV: choose File, Save As (or Download), CSV UTF-8, then drop that file here."
LARGEST = 5 * 1024 * 1024
"""Bytes of a file that is read."""


def ending(name: str) -> str:
    """A file name's ending in lower case; empty where there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def lists_in(event: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The files of a message that may be meant for the library: spreadsheets, calendars, packages."""
    told = event.get("files")
    files = [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
    return [each for each in files if ending(str(each.get("name") or "")) in (*FORMS, *_WORKBOOKS)]


def is_dropped(event: dict[str, Any], _bot_user: str) -> bool:
    """Whether somebody sends such a file to the app itself; files in channels are not for us."""
    direct = event.get("channel_type", "im" if str(event.get("channel")).startswith("D") else "") == "im"
    return direct and bool(event.get("user")) and not event.get("bot_id") and bool(lists_in(event))


def form_of(name: str) -> str:
    """The form that a file of this name is read as; empty for one that is not read."""
    return FORMS.get(ending(name), "")


def why_not(name: str, size: int) -> str:
    """A sentence for a file that cannot be read; empty for one that can."""
    if not form_of(name):
        return _NOT_CSV
    if size > LARGEST:
        return "This file is larger than 5 MB. Split it into smaller ones, or ask an administrator to run the import command."
    return "" if size else "This file is empty."
