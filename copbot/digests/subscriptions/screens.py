"""A member's digest and its settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from copbot.digests.editions.rules import SHOWN
from copbot.digests.editions.screens.forms import schedule_fields, search_many
from copbot.digests.editions.screens.messages import (
    LIBRARY,
    MINE,
    PAST,
    extras_blocks,
    foot,
    item_blocks,
    rhythm_words,
    summary_line,
)
from copbot.digests.rules import Schedule
from copbot.digests.subscriptions.rules import ACTIVE, GONE, PAUSED, STOPPED, PersonalDigest, Subscription
from copbot.program.profile import Profile
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, Message, View
from copbot.slack.text import counted, spoken, weekday

ONLY_REQUESTS, EVERYTHING = "digests.only_requests", "digests.everything"
CHOSEN, PAUSE, PAUSED_FORM = "digests.chosen", "digests.pause", "digests.paused"
STOP, START, RHYTHM = "digests.stop", "digests.start", "digests.rhythm"
MOST_TOPICS, MOST_AREAS = 24, 24


def personal(found: PersonalDigest, profile: Profile) -> Message:
    """What a member reads, with everything to change, pause or stop it in the same message."""
    day = found.slot_at.astimezone(ZoneInfo(found.subscription.schedule.zone))
    title = f"Your digest, {day:%a, %b} {day.day}"
    shown = [item for item in found.items if item.shown]
    blocks: list[Block] = [kit.header(title), *item_blocks(shown[:SHOWN], profile)]
    if len(shown) > SHOWN:
        more = kit.button("Search the library", LIBRARY)
        blocks.append(
            kit.section(f"{counted(len(shown) - SHOWN, 'more item')} in the library.", accessory=more)
        )
    blocks += extras_blocks(found.extras)
    line = summary_line(title, shown, found.extras)
    return kit.message(line, [*blocks, *foot(profile, _switches(found.subscription))])


def _switches(found: Subscription, *, in_form: bool = False) -> Block:
    """What fits the state it is in: each one tap. In the form itself there is nothing to open, but what was sent before."""
    ends = [] if in_form else [kit.button("Change topics or time", MINE)]
    if found.state == ACTIVE:
        ends.append(kit.button("Pause", PAUSE))
    if found.state in (ACTIVE, PAUSED):
        ends += [kit.button("Stop", STOP), kit.button("Stop all but my requests", ONLY_REQUESTS)]
    if found.state != ACTIVE:
        ends.append(kit.button("Start again", START, style="primary"))
    return kit.actions([*ends, kit.button("Past digests", PAST)] if in_form else ends)


def state_words(found: Subscription) -> str:
    if found.state == PAUSED and found.paused_until is not None:
        day = found.paused_until.astimezone(ZoneInfo(found.schedule.zone))
        return f"Paused until {weekday(day.date())}."
    if found.state == GONE:
        return "Stopped, because a message could not reach you. Your topics are remembered."
    if found.state != ACTIVE or found.next_run is None:
        return "Stopped. Your topics are remembered."
    return f"{rhythm_words(found.schedule)}, in your own time zone. Next: {spoken(found.next_run, found.schedule.zone)}."


def members_words(counts: Mapping[str, int], sent: int, of: int) -> str:
    """For leads: how many members get one, and how today's are going."""
    some = ", ".join(f"{counts.get(state, 0)} {state}" for state in (ACTIVE, PAUSED, STOPPED))
    gone = f", {counts[GONE]} could not be reached" if counts.get(GONE) else ""
    last = f"Sent in the last day: {sent:,} of {of:,}." if of else "None were due in the last day."
    return f"{some}{gone}. {last}"


def only_requests() -> Message:
    """The answer to “Stop all but my requests”, with the way back."""
    line = "Done. Only messages about your own requests reach you now."
    return kit.say(line, kit.actions([kit.button("Send me everything again", EVERYTHING)]))


def chosen(found: Subscription) -> Message:
    """The answer to every change: what it is now, and when the next one comes."""
    line = state_words(found)
    if found.state == ACTIVE:
        line += " It comes only when there is something new for you."
        if not found.topics:
            line += " You get all topics until you choose some."
    return kit.say(line, _switches(found))


def about(found: Subscription | None, profile: Profile, *, silenced: bool = False) -> Sequence[Block]:
    """The digest in a member's Home. `silenced`: only what is about their own requests reaches them."""
    if silenced:
        everything = kit.button("Send me everything again", EVERYTHING)
        line = "*Your digest*\nOnly messages about your own requests reach you."
        return [kit.section(line, accessory=everything)]
    if found is None:
        ends = [kit.button(each.title(), f"{RHYTHM}:{each}", each) for each in ("weekly", "monthly")]
        line = "Get what's new in the library as a direct message, when you want it. Nothing is sent until you choose."
        return [kit.section(f"*Your digest*\n{line}"), kit.actions(ends)]
    topics = ", ".join(profile.topic_label(topic) for topic in found.topics[:5]) or "all topics"
    more = f" and {len(found.topics) - 5} more" if len(found.topics) > 5 else ""
    return [kit.words(f"{state_words(found)} You follow {topics}{more}."), _switches(found)]


def settings(found: Subscription | None, profile: Profile, *, zone: str) -> View:
    """Topics, areas, how often, day and hour."""
    schedule = found.schedule if found is not None else Schedule(zone)
    topics, areas = (found.topics, found.areas) if found is not None else ((), ())
    choices = profile.topic_choices
    groups = [kit.group(label, [kit.option(text, ident) for text, ident in some]) for label, some in choices]
    chooser = kit.select("topics", groups=groups, chosen=topics, many=MOST_TOPICS, placeholder="All topics")
    first = [kit.option(area.label, area.id) for each in areas if (area := profile.area(each)) is not None]
    places = search_many("digests.areas", least=0, most=MOST_AREAS, chosen=first)
    hint = "Statewide items are always included. Leave it empty for everything."
    blocks: list[Block] = [
        kit.field("topics", "Topics", chooser, optional=True),
        kit.field("areas", "Places", places, optional=True, hint=hint),
        *schedule_fields(schedule, "In your own time zone, also when you travel."),
    ]
    if found is not None:
        blocks = [kit.words(state_words(found)), *blocks, _switches(found, in_form=True)]
    else:
        blocks.append(kit.actions([kit.button("Past digests", PAST)]))
    return kit.form(CHOSEN, "Your digest", blocks, submit="Save")


def pause_view(day: str) -> View:
    """Until when: a month from now, unless another day is picked."""
    picker = {"type": "datepicker", "action_id": "until", "initial_date": day}
    return kit.form(
        PAUSED_FORM, "Pause your digest", [kit.field("until", "Start again on", picker)], submit="Pause"
    )
