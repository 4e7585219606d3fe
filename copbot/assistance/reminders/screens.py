"""What staff read when a clock runs out, or soon will: one list, the most pressing first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from copbot.assistance.views.requester_screens import MORE
from copbot.assistance.views.staff_screens import entry
from copbot.program.profile import Profile
from copbot.slack.answers import Block, Message
from copbot.slack.blocks import actions, button, context, message, section, words
from copbot.slack.text import counted, day_and_time

if TYPE_CHECKING:
    from copbot.assistance.reminders.rules import OpenCounts
    from copbot.assistance.views.facts import RequestSummary, ToldFacts

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
    blocks: list[Block] = [section(f"*{text}*")]
    for verb, found in lists.items():
        blocks += [context(_TITLES[verb]), *_entries(found, profile)]
    return message(text, blocks)


def today(found: Sequence[RequestSummary], day: datetime, profile: Profile) -> Message:
    """At the start of the day, to somebody of staff: what of theirs is due before it ends."""
    text = f"Due today: {counted(len(found), 'request')}"
    blocks: list[Block] = [section(f"*{text}*")]
    for each in found[:_SHOWN]:
        blocks += [*entry(each, profile), context(_what(each, day, profile))]
    return message(text, blocks + _rest(found))


def summary(found: OpenCounts) -> Message:
    """To the staff channel. Counts alone: what stands in requests is read in the list behind the buttons."""
    text = counted(found.open, "open request")
    parts = {"late": found.late, "unassigned": found.unassigned, "waiting": found.waiting}
    named = [f"{count:,} {name}" for name, count in parts.items() if count]
    text = f"{text}: {', '.join(named)}" if named else f"{text}. Nothing is late or unassigned"
    see = [button(f"See {name}", f"{MORE}:{name}", name) for name in ("late", "unassigned") if parts[name]]
    return message(text, [section(f"*{text}*"), actions([*see, button("See all", f"{MORE}:open", "open")])])


def due_soon(facts: ToldFacts, profile: Profile) -> Message:
    """To whoever has an urgent request, or to leads: an hour is left."""
    request = facts.request
    due = day_and_time(request.first_reply_due, profile.time_zone)
    if request.first_reply_at is not None:
        text = f"{request.label} is urgent and was due {due}. It has its first reply"
    else:
        text = f"{request.label} is urgent and due {due}. Nobody has replied yet"
    return message(text, [words(f"{text}."), *entry(request, profile)])


def _entries(found: Sequence[RequestSummary], profile: Profile) -> list[Block]:
    return [block for each in found[:_SHOWN] for block in entry(each, profile)] + _rest(found)


def _rest(found: Sequence[RequestSummary]) -> list[Block]:
    return [context(f"{len(found) - _SHOWN} more are in Home.")] if len(found) > _SHOWN else []


def _what(each: RequestSummary, day: datetime, profile: Profile) -> str:
    zone = ZoneInfo(profile.time_zone)

    def is_today(due: datetime | None) -> bool:
        return due is not None and due.astimezone(zone).date() == day.astimezone(zone).date()

    if each.delivery_due is not None and is_today(each.delivery_due) and not is_today(each.first_reply_due):
        return f"Help is due {day_and_time(each.delivery_due, profile.time_zone)}"
    return f"First reply is due {day_and_time(each.first_reply_due, profile.time_zone)}"
