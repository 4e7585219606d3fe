"""The register's sections of Home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from copbot.assistance.screens.requester import MORE, own_line
from copbot.assistance.screens.staff import DETAILS, pressed
from copbot.assistance.screens.staff import line as staff_line
from copbot.program.profile import Profile
from copbot.slack.answers import Block
from copbot.slack.blocks import actions, button, context, section, words

if TYPE_CHECKING:
    from copbot.assistance.facts import Line
    from copbot.assistance.lists.facts import Beginning, StaffLoad

NOTHING_ASKED = "Nothing yet. Press “Ask for help”: it takes a minute."
NOTHING_WAITS = "Nothing waits. New requests come to the staff channel and stand here."
_QUEUE = {
    "late": "Late: nobody has answered in time",
    "unassigned": "Nobody has these yet",
    "owned": "You look after",
}


def own_requests(found: dict[str, Beginning], profile: Profile, now: datetime, *, asks: bool) -> list[Block]:
    """What somebody asked, with its state and next step; first what waits for them.

    `asks`: whether to say how, when there is nothing.
    """
    needed, others = found["needed"], found["mine"]
    if not needed.lines and not others.lines:
        return [section("*Your requests*"), context(NOTHING_ASKED)] if asks else []
    blocks: list[Block] = []
    for title, part in (("We need your answer", needed), ("Your requests", others)):
        if part.lines:
            blocks.append(section(_title(title, part)))
            blocks += [own_line(each, profile, now, _details(each)) for each in part.lines]
    return blocks + _more("mine", others)


def queue(found: dict[str, Beginning], profile: Profile) -> list[Block]:
    """What waits for staff, the urgent part first."""
    blocks: list[Block] = []
    for name, title in _QUEUE.items():
        part = found[name]
        if not part.lines:
            continue
        blocks.append(section(_title(title, part)))
        blocks += [staff_line(each, profile, _details(each)) for each in part.lines]
        blocks += _more(name, part)
    return blocks or [section("*Requests that wait*"), context(NOTHING_WAITS)]


def _details(each: Line) -> dict[str, Any]:
    return button("Details", DETAILS, pressed(each.uid, each.version))


def load(staff: Sequence[StaffLoad], most: int = 30) -> list[Block]:
    """Who has how much."""
    if not staff:
        return []
    lines = "\n".join(map(_load_line, staff[:most]))
    more = f"\n… and {len(staff) - most} more with less." if len(staff) > most else ""
    return [section("*Who has how much*"), words(lines + more)]


def _load_line(each: StaffLoad) -> str:
    of = f" of {each.capacity}" if each.capacity is not None else ""
    parts = [f"{each.name}: {each.open}{of} open"]
    if each.late:
        parts.append(f"⚠ {each.late} late")
    if each.waiting:
        parts.append(f"{each.waiting} waiting for somebody else")
    if each.capacity is not None and each.open >= each.capacity:
        parts.append("full")
    if each.away_until is not None:
        parts.append(f"away until {_day(each.away_until)}")
    return " · ".join(parts)


def _day(day: date) -> str:
    return f"{day:%B} {day.day}"


def _title(title: str, found: Beginning) -> str:
    return f"*{title}*" if found.total <= len(found.lines) else f"*{title}* ({found.total:,})"


def _more(name: str, found: Beginning) -> list[Block]:
    if found.next is None:
        return []
    return [actions([button("Show more", f"{MORE}:{name}", f"{name}:{found.next}")])]
