"""Alerts as members read them, staff's card, and the forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from copbot.alerts.rules import APPROVED, MOST_DAYS, WAITING, Alert
from copbot.delivery.service import Progress
from copbot.people import fields
from copbot.program.language import suggestions
from copbot.program.profile import Profile
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, Message, View
from copbot.slack.blocks import button, context, field, particulars, plain, section, text_input, words
from copbot.slack.text import counted, cut, day_and_time, escape, unformatted, weekday

WRITE, WRITTEN, APPROVE, END = "alerts.write", "alerts.written", "alerts.approve", "alerts.end"
CORRECT, CORRECTED = "alerts.correct", "alerts.corrected"
TEXTS = ("seen", "source", "todo")
_LONGEST = 1500


def title_of(found: Alert, profile: Profile) -> str:
    areas = [profile.area_label(area) for area in found.areas]
    more = f" and {len(areas) - 3} more" if len(areas) > 3 else ""
    return f"Alert: {', '.join(areas[:3]) or 'the whole state'}{more}"


def alert(found: Alert, profile: Profile, *, number: int = 0) -> Message:
    """What members read: the alert, or its correction of that number, as it counts now."""
    title, first, body = title_of(found, profile), found.seen, particulars(_facts(found, profile))
    if found.is_over:
        title, first = (
            f"Ended. {title}",
            f"This alert ended {_last_day(found, profile)}. It is no longer current.",
        )
        body = words(first)
    elif found.corrections:
        title = f"{'Correction' if number == found.corrections else 'Corrected'}. {title}"
        first = found.correction
    lines = " · ".join(f"{escape(line.name)}: {escape(line.number)}" for line in profile.hotlines[:4])
    care = [words(profile.notices.not_an_emergency), *([context(lines)] if lines else [])]
    return kit.message(f"{title}: {cut(first, 150)}", [kit.header(title), body, *care])


def _facts(found: Alert, profile: Profile) -> Mapping[str, str]:
    """A correction takes the place of what was said before: nobody is to act on that any more."""
    said = {"What was seen": found.seen, "What to do": found.todo, "Source": found.source}
    if found.corrected_at is not None:
        at = day_and_time(found.corrected_at, profile.time_zone)
        said = {"Correct information": found.correction, "Corrected": at}
    topics = ", ".join(profile.topic_label(topic) for topic in found.topics[:5])
    return {**said, "Topics": topics, "Current through": _last_day(found, profile)}


def _last_day(found: Alert, profile: Profile) -> str:
    return weekday((found.expires_at - timedelta(seconds=1)).astimezone(ZoneInfo(profile.time_zone)).date())


def card(
    found: Alert, profile: Profile, *, names: Sequence[str], sent: Progress, newest: Progress
) -> Message:
    """In the staff channel: how it stands, what it says, where it goes, and what can be done with it."""
    status = _status(found, profile, names, sent, newest)
    places = ", ".join(f"<#{channel}>" for channel in found.channels[:20]) or "no channel"
    reach = f"*Goes to* {places}, and {counted(found.members, 'member')} whose own digest has these topics and areas."
    title, facts = title_of(found, profile), particulars(_facts(found, profile))
    blocks = [kit.header(title), words(status), facts, section(reach), *_suggested(found, profile)]
    return kit.message(f"{title}. {status}", [*blocks, *_buttons(found)])


def _status(found: Alert, profile: Profile, names: Sequence[str], sent: Progress, newest: Progress) -> str:
    author, approver = names
    if found.state == WAITING:
        late = "Nobody approved it before its last day, so it wasn't sent."
        return f"{author} wrote this alert. {late if found.is_over else 'It goes out when somebody else approves it.'}"
    if found.state != APPROVED:
        return f"{author} wrote this alert. It was withdrawn and isn't sent."
    who = f"Written by {author}, approved by {approver}."
    if found.by == found.approved_by:
        who = f"Written and approved by {author}, with a ten-minute hold because there are fewer than three staff."
    if not found.is_out and found.goes_at is not None:
        return f"{who} It goes out {day_and_time(found.goes_at, profile.time_zone)}."
    if not found.corrections and not found.is_over:
        return f"{who} {sent.done} of {sent.of} have it."
    left = counted(max(1, ceil(sent.seconds / 60)), "minute")
    copies = f"Earlier copies: {sent.done} of {sent.of} updated{'' if sent.done == sent.of else f', about {left} left'}."
    return f"{who} {'It has ended.' if found.is_over else f'{newest.done} of {newest.of} have the correction.'} {copies}"


def _suggested(found: Alert, profile: Profile) -> list[Block]:
    """What staff may want to put differently, while they still can."""
    said = suggestions(f"{found.seen}\n{found.todo}", profile.person_first) if found.state == WAITING else ()
    return [context(*map(escape, said))] if said else []


def _buttons(found: Alert) -> list[Block]:
    ends = [button("Don't send", END, found.uid)]
    if found.is_over or found.state not in (WAITING, APPROVED):
        return []
    if found.state == WAITING:
        where = f"{counted(len(found.channels), 'channel')} and {counted(found.members, 'member')}"
        sure = kit.confirm("Send this alert?", f"It goes to {where}, ahead of every digest.", "Approve")
        first = button("Approve", APPROVE, f"{found.uid}:{found.version}", style="primary", confirm=sure)
        ends = [first, button("Change", WRITE, found.uid), *ends]
    elif found.is_out:
        sure = kit.confirm("End this alert?", "Every copy then says that it is no longer current.", "End it")
        ends = [button("Correct", CORRECT, found.uid), button("End now", END, found.uid, confirm=sure)]
    return [kit.actions(ends)]


def write_view(found: Alert | None, profile: Profile, *, day: str) -> View:
    """The form, with the words of an alert that waits; `day` is the last one, unless another is picked."""
    until: dict[str, Any] = {"type": "datepicker", "action_id": "until", "initial_date": day}
    end = f"At most {MOST_DAYS} days ahead. After that day, every copy says that the alert has ended."
    everywhere = {"hint": plain("Leave it empty for the whole state.")}
    blocks = [
        context(escape(profile.notices.client_data)),
        field("seen", "What was seen?", _text("seen", found)),
        field("source", "Source: who saw or tested it, and when", _text("source", found)),
        field("todo", "What should people do?", _text("todo", found)),
        fields.topics(profile, found.topics if found else (), label="Topics") | {"optional": False},
        fields.areas(profile, found.areas if found else (), label="Areas") | everywhere,
        field("until", "Current through", until, hint=end),
    ]
    meta = {"uid": found.uid, "seen": found.version} if found else None
    title = "Change the alert" if found else "Write an alert"
    return kit.form(WRITTEN, title, blocks, submit="Save", meta=meta)


def _text(name: str, found: Alert | None = None) -> dict[str, Any]:
    long = name != "source"
    return text_input(name, first=getattr(found, name, ""), long=long, most=_LONGEST if long else 200)


def saved_view(found: Alert, profile: Profile) -> View:
    line = "Saved. Its card is in the staff channel. It goes out when somebody else approves it there."
    return kit.notice("Alert saved", [words(line), *_suggested(found, profile)])


def correct_view(found: Alert, profile: Profile) -> View:
    hint = "It replaces all that the alert says, so say again what people should do. Whoever has the alert gets it as a new message."
    note = context(escape(profile.notices.client_data))
    box = field("text", "Correct information", _text("text"), hint=hint)
    blocks, meta = [note, particulars(_facts(found, profile)), box], {"uid": found.uid}
    return kit.form(CORRECTED, "Correct the alert", blocks, submit="Send correction", meta=meta)


def overview(found: Sequence[Alert], profile: Profile) -> list[Block]:
    """In staff's Home: what waits or counts, and the button."""
    lines = ["*Alerts*"] if found else ["*Alerts*", "No current alerts."]
    for each in found:
        counts = f"current through {_last_day(each, profile)}"
        state = "waits for approval in the staff channel" if each.state == WAITING else counts
        lines.append(f"{unformatted(title_of(each, profile))}: {state}")
    return [section("\n".join(lines), accessory=button("Write an alert", WRITE))]
