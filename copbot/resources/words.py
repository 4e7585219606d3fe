"""How this room says things: kinds, days, places, care lines. Used by all of its screens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from copbot.program.profile import Profile
from copbot.resources.library.values import Resource
from copbot.slack.answers import Block
from copbot.slack.blocks import button, context, section
from copbot.slack.text import cut, escape, spoken, unformatted

KINDS = {"link": "Link", "document": "Document", "service": "Service", "event": "Event", "answer": "Answer"}
NATIONAL = "National"
HELPED = "Thank you. Its owner will see that it helped."
OUTDATED = "Thank you. Its owner will be asked to check it."
CARD = "resources.card"
"""The button that opens a resource in full."""


def day_words(day: date) -> str:
    """Such as `Tue, Mar 3, 2026`."""
    return f"{day:%a, %b} {day.day}, {day.year}"


def area_words(areas: tuple[str, ...], profile: Profile, most: int = 3) -> str:
    """The areas by their labels; none are the whole country."""
    if not areas:
        return NATIONAL
    shown = ", ".join(profile.area_label(each) for each in areas[:most])
    return f"{shown} and {len(areas) - most} more" if len(areas) > most else shown


def title_link(found: Resource) -> str:
    """The title in mrkdwn, leading to its web address where it has one that fits."""
    title, url = unformatted(found.title), escape(found.url)
    return f"*<{url}|{title}>*" if 0 < len(url) < 2000 else f"*{title}*"


def reviewed_words(found: Resource) -> str:
    return f"Reviewed {day_words(found.reviewed_on)}" if found.reviewed_on else "Not reviewed yet"


def overdue_words(found: Resource, today: date) -> str:
    """Empty unless somebody wanted to look at it again by a day that has passed."""
    if found.review_by is None or found.review_by >= today:
        return ""
    return f"May be out of date: a review was due {day_words(found.review_by)}"


def event_words(found: Resource, profile: Profile) -> str:
    """When it is, in the program's zone; empty for what is no event."""
    if found.starts_at is None:
        return ""
    if found.all_day:
        return day_words(found.starts_at.astimezone(ZoneInfo(profile.time_zone)).date())
    return spoken(found.starts_at, profile.time_zone)


def facts_line(found: Resource, profile: Profile) -> str:
    """What a person needs to go there or call, on one line."""
    facts = [event_words(found, profile), found.address, ", ".join(found.phones), found.hours]
    return " · ".join(fact for fact in facts if fact)


def details(found: Resource) -> dict[str, Any]:
    return button("Details", f"{CARD}:{found.uid}", found.uid)


def listed(found: Resource, profile: Profile, ends: Iterable[str], most: int) -> Block:
    """A resource in a list: its title, how to reach it or what it is in at most so many characters, and `ends`."""
    facts = " ".join((facts_line(found, profile) or found.summary).split())
    last = unformatted(cut(" · ".join(filter(None, ends)), 300))
    lines = [f"*{unformatted(found.title)}*", unformatted(cut(facts, most)), f"_{last}_"]
    return section("\n".join(filter(None, lines)), accessory=details(found))


def care_lines(profile: Profile) -> list[Block]:
    """Where to turn now: above everything else for somebody who may need care."""
    lines = "\n".join(f"*{escape(line.name)}*: {escape(line.number)}" for line in profile.hotlines[:8])
    return [section(f"*Need help right now?*\n{lines}"), context(escape(profile.notices.not_an_emergency))]
