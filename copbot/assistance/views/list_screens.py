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
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, View
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
        return [kit.section("*Your requests*"), kit.context(empty)] if empty else []
    blocks: list[Block] = []
    for name, part in found.items():
        if part.lines:
            blocks += [*[kit.divider()] * bool(blocks), kit.section(_title(name, part))]
            for at, each in enumerate(part.lines):
                blocks += [*[kit.divider()] * bool(at), own_line(each, profile, now, reader)]
    mine = found["mine"]
    return blocks + ([kit.actions([_see_all("mine")])] if mine.total > len(mine.lines) else [])


def queue(found: dict[str, Lines], profile: Profile, *, reader: int) -> list[Block]:
    """How many wait for staff, each number a way to all of them; the first of them; and the form of `/ta log`."""
    totals = {name: part.total for name, part in found.items() if part.total}
    counts = [_see_all(name, f"{total:,} {TITLES[name].lower()}") for name, total in totals.items()]
    ways = [kit.button("Search and filter", f"{MORE}:open", "open"), kit.button("Log work", START)]
    nothing = [] if counts else [kit.section("*Requests*"), kit.context(NOTHING_WAITS)]
    blocks: list[Block] = [*nothing, kit.actions([*counts, *ways])]
    for name, part in found.items():
        if part.lines:
            see_all = _see_all(name) if part.total > len(part.lines) else None
            blocks += [kit.divider(), kit.section(_title(name, part), accessory=see_all)]
            for at, each in enumerate(part.lines):
                blocks += [kit.divider()] * bool(at) + entry(each, profile, reader)
    return blocks


def load(staff: Sequence[StaffCandidate]) -> list[Block]:
    """How much each of the staff has; a press shows what it is."""
    blocks: list[Block] = [kit.section("*Workload*")] if staff else []
    for each in staff[:_MOST_STAFF]:
        opens = kit.button("Show", LOAD, str(each.id)) if each.open else None
        blocks.append(kit.words(_load_line(each), accessory=opens))
    if len(staff) > _MOST_STAFF:
        blocks.append(kit.context(f"{len(staff) - _MOST_STAFF} more have fewer open requests."))
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
    return kit.button(said, f"{MORE}:{name}", _TYPED.get(name, name))


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
    box = kit.text_input("words", first=filters.words, most=LONGEST_SEARCH, placeholder="A word or TA-1042")
    blocks: list[Block] = [kit.field("words", "Search", box, optional=True)]
    blocks += _choices(filters, profile, owner=owner) if staff else []
    blocks += [kit.words(f"Assigned to {owner}:")] if owner else []
    if found.lines:
        last, total = found.start + len(found.lines), found.total
        some = f"{found.start + 1:,}–{last:,} of {total:,} requests"
        blocks.append(kit.context(counted(total, "request") if len(found.lines) == total else some))
        for each in found.lines:
            blocks += entry(each, profile, reader) if staff else [own_line(each, profile, now, reader)]
        blocks += _turns(found.start, last, total)
    else:
        blocks += _nothing(filters, meant)
    if found.unsearched:
        many = counted(found.unsearched, "confidential request")
        blocks.append(kit.context(f"Words are not searched for in {many}."))
    meta = {"start": found.start, **({"whose": filters.whose} if owner else {})}
    title = "Requests" if staff else "Your requests"
    return kit.form(LIST, title, blocks, submit="Search", close="Close", meta=meta)


def _turns(start: int, last: int, total: int) -> list[Block]:
    turns = [kit.button("Previous", f"{PAGE_TO}:back", str(max(0, start - PAGE)))] if start else []
    turns += [kit.button("Next", f"{PAGE_TO}:on", str(last))] if last < total else []
    return [kit.actions(turns)] if turns else []


def _nothing(filters: Filters, meant: str) -> list[Block]:
    number = rules.parse_number(filters.words)
    if number is not None:
        return [kit.words(f"No {rules.label(number)} found.")]
    if filters in _EMPTY:
        return [kit.context(_EMPTY[filters])]
    blocks: list[Block] = [kit.section("*No requests found.* Try another word, or clear a filter.")]
    return [*blocks, kit.actions([kit.button(f"Show {meant}", f"{MORE}:meant", meant)])] if meant else blocks


def _choices(filters: Filters, profile: Profile, *, owner: str) -> list[Block]:
    """A line each, above the list; each choice draws the list anew at once."""
    groups = [kit.group("All", [kit.option("Any topic", ANY)]), *choice_groups(profile.topic_choices)]
    label = profile.area_label(filters.area) if filters.area else "Any area"
    choosers: dict[str, tuple[str, dict[str, Any]]] = {
        "state": ("Status", _chooser("state", _STATES, filters.state)),
        "whose": ("Whose", _chooser("whose", _WHOSE, filters.whose or ANY)),
        "topic": ("Topic", kit.select(f"{LIST}:topic", groups=groups, chosen=[filters.topic or ANY])),
        "area": ("Area", kit.search_select(f"{LIST}:area", chosen=kit.option(label, filters.area or ANY))),
    }
    if owner:
        del choosers["whose"]
    return [kit.section(f"*{each}*", accessory=box, block_id=name) for name, (each, box) in choosers.items()]


def _chooser(name: str, labels: Mapping[str, str], chosen: str) -> dict[str, Any]:
    options = [kit.option(label, value) for value, label in labels.items()]
    return kit.select(f"{LIST}:{name}", options=options, chosen=[chosen])
