"""What staff read when a clock runs out or somebody left, and the form in which a lead moves all that somebody has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from copbot.assistance.views.requester_screens import MORE
from copbot.assistance.views.staff_screens import entry
from copbot.people.values import StaffFacts
from copbot.program.profile import Profile
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, Message, View
from copbot.slack.text import counted, day_and_time, weekday

if TYPE_CHECKING:
    from copbot.assistance.views.facts import RequestSummary, ToldFacts

MOVE = "request.move_all"
_SHOWN = 10
_TITLES = {
    "still_late": "Urgent, late, and still unassigned",
    "late": "First reply is late",
    "triage_late": "Nobody has reviewed or taken these",
    "delivery_late": "Help is late",
}


def late(lists: Mapping[str, Sequence[RequestSummary]], profile: Profile) -> Message:
    """To leads, and to whoever has some of these."""
    ids = {each.id: each for found in lists.values() for each in found}
    one = next(iter(ids.values())).label if len(ids) == 1 else counted(len(ids), "request")
    text = f"{one} {'is' if len(ids) == 1 else 'are'} late"
    blocks: list[Block] = [kit.section(f"*{text}*")]
    for verb, found in lists.items():
        blocks.append(kit.context(_TITLES[verb]))
        blocks += [block for each in found[:_SHOWN] for block in entry(each, profile)] + _rest(found)
    return kit.message(text, blocks)


def today(found: Sequence[RequestSummary], day: datetime, profile: Profile) -> Message:
    """At the start of the day, to somebody of staff: what of theirs is due before it ends."""
    text = f"Due today: {counted(len(found), 'request')}"
    blocks: list[Block] = [kit.section(f"*{text}*")]
    for each in found[:_SHOWN]:
        blocks += [*entry(each, profile), kit.context(_what(each, day, profile))]
    return kit.message(text, blocks + _rest(found))


def summary(total: int, late: int, unassigned: int, waiting: int) -> Message:
    """To the staff channel. Counts alone: what stands in requests is read in the list behind the buttons."""
    parts = {"late": late, "unassigned": unassigned, "waiting": waiting}
    named = [f"{count:,} {name}" for name, count in parts.items() if count]
    text = counted(total, "open request")
    text = f"{text}: {', '.join(named)}" if named else f"{text}. Nothing is late or unassigned"
    see = [
        kit.button(f"See {name}", f"{MORE}:{name}", name) for name in ("late", "unassigned") if parts[name]
    ]
    return kit.message(
        text, [kit.section(f"*{text}*"), kit.actions([*see, kit.button("See all", f"{MORE}:open", "open")])]
    )


def due_soon(facts: ToldFacts, profile: Profile) -> Message:
    """To whoever has an urgent request, or to leads: an hour is left."""
    request = facts.request
    due = day_and_time(request.first_reply_due, profile.time_zone)
    text = f"{request.label} is urgent and due {due}. Nobody has replied yet"
    if request.first_reply_at is not None:
        text = f"{request.label} is urgent and was due {due}. It has its first reply"
    return kit.message(text, [kit.words(f"{text}."), *entry(request, profile)])


def released(facts: Sequence[RequestSummary], name: str, profile: Profile, confidential: int = 0) -> Message:
    """To leads: who left the staff with requests still open. They are unassigned again."""
    many = counted(len(facts) + confidential, "open request", "open requests")
    text = f"{name} is no longer on staff and had {many}"
    blocks: list[Block] = [kit.words(f"{text}. Please see that somebody takes each.")]
    blocks += [block for each in facts[:_SHOWN] for block in entry(each, profile)]
    if len(facts) > _SHOWN or confidential:
        blocks.append(kit.context("The others are in Home, under Unassigned."))
    return kit.message(text, blocks)


def _rest(found: Sequence[RequestSummary]) -> list[Block]:
    return [kit.context(f"{len(found) - _SHOWN} more are in Home.")] if len(found) > _SHOWN else []


def _what(each: RequestSummary, day: datetime, profile: Profile) -> str:
    today, help_due = profile.today(day), each.delivery_due
    if help_due and profile.today(help_due) == today and profile.today(each.first_reply_due) != today:
        return f"Help is due {day_and_time(help_due, profile.time_zone)}"
    return f"First reply is due {day_and_time(each.first_reply_due, profile.time_zone)}"


def move_form(name: str, many: int, owner_id: int, staff: Sequence[StaffFacts]) -> View:
    if not many or not staff:
        nobody = f"{name} has no open requests." if not many else "There is nobody else on staff yet."
        return kit.notice("Hand over all", [kit.words(nobody)])
    options = [kit.option(_called(each), str(each.id)) for each in staff]
    has = f"{name} has {counted(many, 'open request')}."
    blocks: list[Block] = [
        kit.words(f"{has} Each gets a new owner, who gets a message about it."),
        kit.field("to", "Hand all over to", kit.select("to", options=options, placeholder="Choose")),
    ]
    return kit.form(MOVE, "Hand over all", blocks, submit="Hand over all", meta={"owner": owner_id})


def moved_view(owner: str, to: str, count: int, kept: int) -> View:
    """`kept`: confidential requests, which only a lead may get."""
    blocks = [kit.words(f"{to} gets {counted(count, 'open request')} from {owner}. This can take a minute.")]
    if kept:
        stay = f"{counted(kept, 'confidential request')} {'stays' if kept == 1 else 'stay'} with {owner}"
        blocks.append(kit.words(f"{stay}, because {to} isn't a lead."))
    return kit.notice("Hand over all", blocks)


def _called(each: StaffFacts) -> str:
    return f"{each.name}, away until {weekday(each.away_until)}" if each.away_until else each.name
