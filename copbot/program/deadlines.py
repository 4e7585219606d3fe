"""What is due when: first reply, triage and delivery of a request, by the program's hours and clocks."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from copbot.program.calendar.hours import due_after, next_opening

if TYPE_CHECKING:
    from copbot.program.profile import Profile


def first_reply_due(profile: Profile, at: datetime, urgent: bool) -> datetime:
    """When a person must have answered; the bot's own receipt is no answer."""
    clock = profile.clocks.first_reply
    return due_after(profile.hours, at, clock.urgent if urgent else clock.usual)


def closed_until(profile: Profile, at: datetime) -> datetime | None:
    """When staff are in again; None while they are."""
    opens = next_opening(profile.hours, at)
    return opens if opens > at else None


def triage_due(profile: Profile, at: datetime) -> datetime:
    return due_after(profile.hours, at, profile.clocks.triage)


def delivery_due(profile: Profile, at: datetime) -> datetime:
    return due_after(profile.hours, at, profile.clocks.delivery)
