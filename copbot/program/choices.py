"""Choices: settings that live in the database. Read anew in each transaction, never cached across two."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from copbot.program.tables import ChoiceRow, find_choice
from copbot.store import Session, insert_once


def choice(session: Session, name: str, default: Any = None) -> Any:
    """What was chosen under `name`, or `default`."""
    row = find_choice(session, name)
    return default if row is None else row.value


def choose(session: Session, name: str, value: Any, *, by: str, now: datetime) -> bool:
    """Set a choice; whether that changed anything. `by` is a Slack user id, or what chose in nobody's name."""
    if insert_once(session, ChoiceRow, name=name, value=value, by=by, at=now) is not None:
        return True
    row = find_choice(session, name, held=True)
    assert row is not None  # choices are never deleted
    if row.value == value:
        return False
    row.value, row.by, row.at = value, by, now
    return True
