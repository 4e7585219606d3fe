"""The form in which a lead moves all that somebody has."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.people.values import StaffFacts
from copbot.slack.answers import Block, View
from copbot.slack.blocks import field, form, option, select, words
from copbot.slack.text import counted, weekday

MOVE = "request.move_all"


def move_form(name: str, many: int, owner_id: int, staff: Sequence[StaffFacts]) -> View:
    if not many or not staff:
        nobody = f"{name} has no open requests." if not many else "There is nobody else on staff yet."
        return form("notice", "Hand over all", [words(nobody)], close="Close")
    options = [option(_called(each), str(each.id)) for each in staff]
    has = f"{name} has {counted(many, 'open request')}."
    blocks: list[Block] = [
        words(f"{has} Each gets a new owner, who gets a message about it."),
        field("to", "Hand all over to", select("to", options=options, placeholder="Choose")),
    ]
    return form(MOVE, "Hand over all", blocks, submit="Hand over all", meta={"owner": owner_id})


def moved_view(owner: str, to: str, count: int, kept: int) -> View:
    """`kept`: confidential requests, which only a lead may get."""
    blocks = [words(f"{to} gets {counted(count, 'open request')} from {owner}. This can take a minute.")]
    if kept:
        stay = f"{counted(kept, 'confidential request')} {'stays' if kept == 1 else 'stay'} with {owner}"
        blocks.append(words(f"{stay}, because {to} isn't a lead."))
    return form("notice", "Hand over all", blocks, close="Close")


def _called(each: StaffFacts) -> str:
    return f"{each.name}, away until {weekday(each.away_until)}" if each.away_until else each.name
