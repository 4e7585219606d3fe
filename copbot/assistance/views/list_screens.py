"""The list that staff filter and search, and in which somebody sees all their own requests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from copbot.assistance import rules
from copbot.assistance.views.home_screens import NOTHING_WAITS
from copbot.assistance.views.requester_screens import MORE, own_line
from copbot.assistance.views.rules import ANY, ASKED, ENDED, LATE, ME, NOBODY, OPEN, PAGE, WAITING, Filters
from copbot.assistance.views.staff_screens import entry
from copbot.program.profile import Profile
from copbot.slack.answers import Block, View
from copbot.slack.blocks import (
    actions,
    button,
    context,
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
from copbot.slack.text import counted

if TYPE_CHECKING:
    from copbot.assistance.views.lists import Lines

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
    back = [button("Previous", f"{PAGE_TO}:back", str(max(0, start - PAGE)))] if start else []
    on = [button("Next", f"{PAGE_TO}:on", str(last))] if last < total else []
    return [actions([*back, *on])] if back or on else []


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
    groups = [group("All", [option("Any topic", ANY)])]
    groups += [
        group(heading, [option(text, ident) for text, ident in each])
        for heading, each in profile.topic_choices
    ]
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
    return select(
        f"{LIST}:{name}",
        options=[option(label, value) for value, label in labels.items()],
        chosen=[chosen],
    )
