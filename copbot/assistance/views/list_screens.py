"""Lists of requests: the register's sections of Home, and the list that is searched and filtered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from copbot.assistance import rules
from copbot.assistance.views.requester_screens import MORE, own_line
from copbot.assistance.views.rules import ANY, ASKED, ENDED, LATE, ME, NOBODY, OPEN, PAGE, WAITING, Filters
from copbot.assistance.views.staff_screens import entry
from copbot.contacts.screens import START
from copbot.people.fields import choice_groups
from copbot.program.profile import Profile
from copbot.routing.rules import StaffCandidate
from copbot.slack.answers import Block, View
from copbot.slack.blocks import (
    actions,
    button,
    context,
    divider,
    field,
    form,
    group,
    option,
    search_select,
    section,
    select,
    text_input,
    words,
)
from copbot.slack.text import counted, weekday

if TYPE_CHECKING:
    from copbot.assistance.views.lists import Lines

NOTHING_ASKED = "No requests yet. Press *Ask for help*. It takes a minute."
NOTHING_WAITS = "No open requests. New ones come to the staff channel and are listed here."
LOAD, _MOST_STAFF = "request.load", 20
TITLES = {
    "late": "Late",
    "unassigned": "Unassigned",
    "owned": "Assigned to you",
    "needed": "Waiting for your answer",
    "mine": "Your requests",
}
_TYPED = {"owned": "mine", "mine": "asked"}
"""What one would type after `/ta list` for a list, where it is not its name."""
LIST, PAGE_TO = "request.list", "request.list_page"
LONGEST_SEARCH = 150
_STATES = {
    OPEN: "Open", LATE: "Late", WAITING: "Waiting for an answer", ENDED: "Done or closed", ANY: "Any status",
}  # fmt: skip
_WHOSE = {ANY: "Everyone's", ME: "Assigned to you", NOBODY: "Unassigned", ASKED: "Asked by you"}
_EMPTY = {
    Filters(): NOTHING_WAITS,
    Filters(LATE): "Nothing is late.",
    Filters(WAITING): "Nothing is waiting for an answer.",
    Filters(whose=ME): "No open requests are assigned to you.",
    Filters(whose=NOBODY): "Every open request has an owner.",
}


def own_requests(
    found: dict[str, Lines], profile: Profile, now: datetime, *, reader: int, empty: str = ""
) -> list[Block]:
    """What somebody asked, with its state and next step; first what waits for them. `empty` is said of nothing."""
    if not found["needed"].lines and not found["mine"].lines:
        return [section("*Your requests*"), context(empty)] if empty else []
    blocks: list[Block] = []
    for name, part in found.items():
        if part.lines:
            blocks += [*[divider()] * bool(blocks), section(_title(name, part))]
            for at, each in enumerate(part.lines):
                blocks += [*[divider()] * bool(at), own_line(each, profile, now, reader)]
    mine = found["mine"]
    return blocks + ([actions([_see_all("mine")])] if mine.total > len(mine.lines) else [])


def queue(found: dict[str, Lines], profile: Profile, *, reader: int) -> list[Block]:
    """How many wait for staff, each number a way to all of them; the first of them; and the form of `/ta log`."""
    totals = {name: part.total for name, part in found.items() if part.total}
    counts = [_see_all(name, f"{total:,} {TITLES[name].lower()}") for name, total in totals.items()]
    ways = [button("Search and filter", f"{MORE}:open", "open"), button("Log work", START)]
    nothing = [] if counts else [section("*Requests*"), context(NOTHING_WAITS)]
    blocks: list[Block] = [*nothing, actions([*counts, *ways])]
    for name, part in found.items():
        if part.lines:
            see_all = _see_all(name) if part.total > len(part.lines) else None
            blocks += [divider(), section(_title(name, part), accessory=see_all)]
            for at, each in enumerate(part.lines):
                blocks += [divider()] * bool(at) + entry(each, profile, reader)
    return blocks


def load(staff: Sequence[StaffCandidate]) -> list[Block]:
    """How much each of the staff has; a press shows what it is."""
    blocks: list[Block] = [section("*Workload*")] if staff else []
    for each in staff[:_MOST_STAFF]:
        opens = button("Show", LOAD, str(each.id)) if each.open else None
        blocks.append(words(_load_line(each), accessory=opens))
    if len(staff) > _MOST_STAFF:
        blocks.append(context(f"{len(staff) - _MOST_STAFF} more have fewer open requests."))
    return blocks


def _load_line(each: StaffCandidate) -> str:
    of = f" of {each.capacity}" if each.capacity is not None else ""
    parts = (
        f"{each.name}: {each.open}{of} open",
        f"⚠ {each.late} late" if each.late else "",
        f"{each.waiting} waiting for an answer" if each.waiting else "",
        "full" if each.is_full else "",
        f"away until {weekday(each.away_until)}" if each.away_until is not None else "",
    )
    return " · ".join(filter(None, parts))


def _title(name: str, found: Lines) -> str:
    title = TITLES[name]
    return f"*{title}*" if found.total <= len(found.lines) else f"*{title}* ({found.total:,})"


def _see_all(name: str, said: str = "See all") -> dict[str, Any]:
    return button(said, f"{MORE}:{name}", _TYPED.get(name, name))


def list_view(
    filters: Filters,
    found: Lines,
    profile: Profile,
    now: datetime,
    *,
    staff: bool,
    reader: int,
    owner: str = "",
    meant: str = "",
) -> View:
    """`owner`: the name of whose requests alone these are; `meant`: the filter a word was probably a slip for."""
    box = text_input("words", first=filters.words, most=LONGEST_SEARCH, placeholder="A word or TA-1042")
    blocks: list[Block] = [field("words", "Search", box, optional=True)]
    blocks += _choices(filters, profile, owner=owner) if staff else []
    blocks += [words(f"Assigned to {owner}:")] if owner else []
    if found.lines:
        last, total = found.start + len(found.lines), found.total
        some = f"{found.start + 1:,}–{last:,} of {total:,} requests"
        blocks.append(context(counted(total, "request") if len(found.lines) == total else some))
        for each in found.lines:
            blocks += entry(each, profile, reader) if staff else [own_line(each, profile, now, reader)]
        blocks += _turns(found.start, last, total)
    else:
        blocks += _nothing(filters, meant)
    if found.unsearched:
        many = counted(found.unsearched, "confidential request")
        blocks.append(context(f"Words are not searched for in {many}."))
    meta = {"start": found.start, **({"whose": filters.whose} if owner else {})}
    title = "Requests" if staff else "Your requests"
    return form(LIST, title, blocks, submit="Search", close="Close", meta=meta)


def _turns(start: int, last: int, total: int) -> list[Block]:
    turns = [button("Previous", f"{PAGE_TO}:back", str(max(0, start - PAGE)))] if start else []
    turns += [button("Next", f"{PAGE_TO}:on", str(last))] if last < total else []
    return [actions(turns)] if turns else []


def _nothing(filters: Filters, meant: str) -> list[Block]:
    number = rules.parse_number(filters.words)
    if number is not None:
        return [words(f"No {rules.label(number)} found.")]
    if filters in _EMPTY:
        return [context(_EMPTY[filters])]
    blocks: list[Block] = [section("*No requests found.* Try another word, or clear a filter.")]
    return [*blocks, actions([button(f"Show {meant}", f"{MORE}:meant", meant)])] if meant else blocks


def _choices(filters: Filters, profile: Profile, *, owner: str) -> list[Block]:
    """A line each, above the list; each choice draws the list anew at once."""
    groups = [group("All", [option("Any topic", ANY)]), *choice_groups(profile.topic_choices)]
    label = profile.area_label(filters.area) if filters.area else "Any area"
    choosers: dict[str, tuple[str, dict[str, Any]]] = {
        "state": ("Status", _chooser("state", _STATES, filters.state)),
        "whose": ("Whose", _chooser("whose", _WHOSE, filters.whose or ANY)),
        "topic": ("Topic", select(f"{LIST}:topic", groups=groups, chosen=[filters.topic or ANY])),
        "area": ("Area", search_select(f"{LIST}:area", chosen=option(label, filters.area or ANY))),
    }
    if owner:
        del choosers["whose"]
    return [section(f"*{each}*", accessory=box, block_id=name) for name, (each, box) in choosers.items()]


def _chooser(name: str, labels: Mapping[str, str], chosen: str) -> dict[str, Any]:
    options = [option(label, value) for value, label in labels.items()]
    return select(f"{LIST}:{name}", options=options, chosen=[chosen])
