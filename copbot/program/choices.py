"""Choices: settings that live in the database. Read anew in each transaction, never cached across two."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from copbot.program.tables import ChoiceRow, Part, held_choice, part, values_of
from copbot.store import Session, insert_once


def choice(session: Session, name: str, default: Any = None) -> Any:
    """What was chosen under `name`, or `default`."""
    return choices(session, name).get(name, default)


def choices(session: Session, *names: str) -> dict[str, Any]:
    """Several at once, by name; those that nobody has chosen are not in it."""
    return values_of(session, names)


def chosen(session: Session, name: str) -> Part | None:
    """The choice with who made it, when, and its version; None when nobody has chosen."""
    return part(session, name)


def choose(session: Session, name: str, value: Any, *, by: str, now: datetime) -> bool:
    """Set a choice; whether that changed anything. `by` is a Slack user id, or what chose in nobody's name."""
    if insert_once(session, ChoiceRow, name=name, value=value, by=by, at=now) is not None:
        return True
    row = held_choice(session, name)
    assert row is not None  # choices are never deleted
    if row.value == value:
        return False
    row.value, row.by, row.at, row.version = value, by, now, row.version + 1
    return True
