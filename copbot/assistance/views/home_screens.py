"""The register's sections of Home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from copbot.assistance.views.requester_screens import MORE, own_line
from copbot.assistance.views.staff_screens import entry as staff_entry
from copbot.contacts.screens import START
from copbot.program.profile import Profile
from copbot.routing.rules import StaffCandidate
from copbot.slack.answers import Block
from copbot.slack.blocks import actions, button, context, divider, section, words
from copbot.slack.text import weekday

if TYPE_CHECKING:
    from copbot.assistance.views.lists import Lines

NOTHING_ASKED = "No requests yet. Press *Ask for help*. It takes a minute."
NOTHING_WAITS = "No open requests. New ones come to the staff channel and are listed here."
LOAD = "request.load"
TITLES = {
    "late": "Late",
    "unassigned": "Unassigned",
    "owned": "Assigned to you",
    "needed": "Waiting for your answer",
    "mine": "Your requests",
}
_COUNTED = {"late": "late", "unassigned": "unassigned", "owned": "assigned to you"}
_TYPED = {"owned": "mine", "mine": "asked"}
"""What one would type after `/ta list` for a list, where it is not its name."""


def own_requests(
    found: dict[str, Lines], profile: Profile, now: datetime, *, reader: int, empty: str = ""
) -> list[Block]:
    """What somebody asked, with its state and next step; first what waits for them. `empty` is said of nothing."""
    if not found["needed"].lines and not found["mine"].lines:
        return [section("*Your requests*"), context(empty)] if empty else []
    blocks: list[Block] = []
    for name, part in found.items():
        if part.lines:
            blocks.append(section(_title(name, part)))
            blocks += [own_line(each, profile, now, reader) for each in part.lines]
    return blocks + _more("mine", found["mine"])


def queue(found: dict[str, Lines], profile: Profile, *, reader: int) -> list[Block]:
    """How many wait for staff, each number a way to all of them; the first of them; and the form of `/ta log`."""
    counts = [
        button(f"{part.total:,} {_COUNTED[name]}", f"{MORE}:{name}", _TYPED.get(name, name))
        for name, part in found.items()
        if part.total
    ]
    ways = [button("Search and filter", f"{MORE}:open", "open"), button("Log work", START)]
    nothing = [] if counts else [section("*Requests*"), context(NOTHING_WAITS)]
    blocks: list[Block] = [*nothing, actions([*counts, *ways])]
    for name, part in found.items():
        if part.lines:
            see_all = _see_all(name) if part.total > len(part.lines) else None
            blocks += [divider(), section(_title(name, part), accessory=see_all)]
            for at, each in enumerate(part.lines):
                blocks += [divider()] * bool(at) + staff_entry(each, profile, reader)
    return blocks


def load(staff: Sequence[StaffCandidate], most: int = 20) -> list[Block]:
    """How much each of the staff has; a press shows what it is."""
    if not staff:
        return []
    blocks: list[Block] = [section("*Workload*")]
    for each in staff[:most]:
        opens = button("Show", LOAD, str(each.id)) if each.open else None
        blocks.append(words(_load_line(each), accessory=opens))
    if len(staff) > most:
        blocks.append(context(f"{len(staff) - most} more have fewer open requests."))
    return blocks


def _load_line(each: StaffCandidate) -> str:
    of = f" of {each.capacity}" if each.capacity is not None else ""
    parts = [f"{each.name}: {each.open}{of} open"]
    if each.late:
        parts.append(f"⚠ {each.late} late")
    if each.waiting:
        parts.append(f"{each.waiting} waiting for an answer")
    if each.is_full:
        parts.append("full")
    if each.away_until is not None:
        parts.append(f"away until {weekday(each.away_until)}")
    return " · ".join(parts)


def _title(name: str, found: Lines) -> str:
    title = TITLES[name]
    return f"*{title}*" if found.total <= len(found.lines) else f"*{title}* ({found.total:,})"


def _more(name: str, found: Lines) -> list[Block]:
    return [actions([_see_all(name)])] if found.total > len(found.lines) else []


def _see_all(name: str) -> dict[str, Any]:
    return button("See all", f"{MORE}:{name}", _TYPED.get(name, name))
