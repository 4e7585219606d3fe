"""Lines that several screens of requests show."""

from __future__ import annotations

from datetime import datetime

from copbot.program.profile import Profile
from copbot.slack.answers import Block
from copbot.slack.blocks import (
    section,
)
from copbot.slack.text import day_and_time, escape


def closed_words(until: datetime, tz: str, profile: Profile) -> str:
    """What somebody in a hurry must know before anybody is in."""
    return f"*We're closed until {day_and_time(until, tz)}.* If it can't wait, call {escape(profile.contact.phone)}."


def care_lines(profile: Profile) -> list[Block]:
    return [
        section(f"*{escape(line.name)}*: {escape(line.number)}\n{escape(line.text)}")
        for line in profile.hotlines
    ]
