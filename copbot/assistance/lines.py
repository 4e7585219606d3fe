"""Lines that several screens of requests show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from copbot.program.profile import Profile
from copbot.slack.answers import Block
from copbot.slack.blocks import context, section
from copbot.slack.text import day_and_time, escape


def closed_words(until: datetime, tz: str, profile: Profile) -> str:
    """What somebody in a hurry must know before anybody is in."""
    return f"*We're closed until {day_and_time(until, tz)}.* If it can't wait, call {escape(profile.contact.phone)}."


def elsewhere(areas: Sequence[str], profile: Profile, words: str) -> list[Block]:
    """What is done for somebody outside the state; nothing for everybody else."""
    return (
        [context(f"{escape(profile.area_label(areas[0]))}: {words}")] if profile.is_elsewhere(areas) else []
    )


FOR_THEM = "we send you what we share with everyone and point you to help near you."
FOR_STAFF = "send what you share with everyone, and say who can help near them."


def care_lines(profile: Profile) -> list[Block]:
    return [
        section(f"*{escape(line.name)}*: {escape(line.number)}\n{escape(line.text)}")
        for line in profile.hotlines
    ]
