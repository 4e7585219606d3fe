"""Choices: settings that live in the database. Read anew in each transaction, never cached across two."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from copbot.program.settings.tables import (
    add_choice,
    choices,
    chosen,
    chosen_under,
    held_choice,
)
from copbot.store import Session

__all__ = ["choice", "choices", "choose", "chosen", "chosen_under", "hold_choice", "lock_choice"]


def choice(session: Session, name: str, default: Any = None) -> Any:
    """What was chosen under `name`, or `default`."""
    return choices(session, name).get(name, default)


def hold_choice(session: Session, name: str, value: Any, *, by: str, now: datetime) -> Any:
    """What was chosen, which nobody else changes until this transaction ends; `value` where it was never made."""
    add_choice(session, name, value, by=by, at=now)
    return lock_choice(session, name)


def lock_choice(session: Session, name: str) -> Any:
    """What was chosen, None for what nobody has; nobody else changes or locks it until this transaction ends."""
    row = held_choice(session, name)
    return None if row is None else row.value


def choose(session: Session, name: str, value: Any, *, by: str, now: datetime) -> bool:
    """Set a choice; whether that changed anything. `by` is a Slack user id, or what chose in nobody's name."""
    if add_choice(session, name, value, by=by, at=now):
        return True
    row = held_choice(session, name)
    assert row is not None  # choices are never deleted
    if row.value == value:
        return False
    row.value, row.by, row.at, row.version = value, by, now, row.version + 1
    return True
