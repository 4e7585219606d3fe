"""Which dropped files are for the library, by their names. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

DropState = Literal["reading", "ready", "refused", "importing", "done", "undoing", "undone", "cancelled"]

SPREADSHEETS = ("csv", "tsv")
_OTHERS = {
    "ics": "Calendar files cannot be imported. Follow the calendar's web address instead: {resources} add ADDRESS.",
    "zip": "Packages of several files cannot be imported here. Ask an administrator to run the import command.",
    **dict.fromkeys(
        ("xlsx", "xls", "ods", "numbers"),
        "Only CSV files can be imported. In the spreadsheet, choose Save as or Download, then CSV, and drop that file.",
    ),
}
LARGEST = 5 * 1024 * 1024
"""Bytes of a file that is read."""


def ending(name: str) -> str:
    """A file name's ending in lower case; empty where there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def is_list(file: Mapping[str, Any]) -> bool:
    """Whether a file of a message may be meant for the library: a spreadsheet, a calendar, a package."""
    return ending(str(file.get("name") or "")) in (*SPREADSHEETS, *_OTHERS)


def lists_in(event: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The files of a message that may be meant for the library."""
    files = event.get("files")
    return (
        [each for each in files if isinstance(each, dict) and is_list(each)]
        if isinstance(files, list)
        else []
    )


def is_dropped(event: dict[str, Any], _bot_user: str) -> bool:
    """Whether somebody sends such a file to the app itself; files in channels are not for us."""
    direct = event.get("channel_type", "im" if str(event.get("channel")).startswith("D") else "") == "im"
    return direct and bool(event.get("user")) and not event.get("bot_id") and bool(lists_in(event))


def why_not(name: str, size: int, command: str) -> str:
    """A sentence for a file that cannot be read; empty for one that can."""
    if ending(name) not in SPREADSHEETS:
        return _OTHERS.get(ending(name), _OTHERS["xlsx"]).format(resources=command)
    if size > LARGEST:
        return "This file is larger than 5 MB. Split it into smaller ones, or ask an administrator to run the import command."
    return "" if size else "This file is empty."
