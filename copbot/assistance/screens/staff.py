"""The notice in the staff channel: what is needed to act, and the buttons to do it with."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from copbot.assistance import rules
from copbot.program.profile import Profile
from copbot.slack.answers import Block, Message
from copbot.slack.blocks import actions, button, context, message, particulars, section, summary, typed, words
from copbot.slack.text import cut, escape, unformatted, when

if TYPE_CHECKING:
    from copbot.assistance.facts import EventFacts, Line, RequestFacts, Somebody, ToldFacts

TAKE, GIVE_BACK, UNDO, REOPEN = "request.take", "request.give_back", "request.undo", "request.reopen"
OPEN_HAND_OVER, OPEN_ASK = "request.open_hand_over", "request.open_ask"
OPEN_DONE, OPEN_CLOSE, DETAILS = "request.open_done", "request.open_close", "request.details"

_BUTTONS = {
    "take": ("Take", TAKE, "primary"),
    "done": ("Done", OPEN_DONE, "primary"),
    "ask": ("Ask", OPEN_ASK, ""),
    "hand_over": ("Hand over", OPEN_HAND_OVER, ""),
    "give_back": ("Give back", GIVE_BACK, ""),
    "close": ("Close", OPEN_CLOSE, ""),
    "undo": ("Undo", UNDO, ""),
    "reopen": ("Reopen", REOPEN, ""),
}
_BY_STATE = {
    rules.NEW: ("take", "hand_over", "close"),
    rules.TRIAGED: ("take", "hand_over", "ask", "close"),
    rules.ASSIGNED: ("done", "ask", "hand_over", "give_back", "close"),
    rules.IN_PROGRESS: ("done", "ask", "hand_over", "give_back", "close"),
    rules.WAITING_REQUESTER: ("done", "hand_over", "give_back", "close"),
    rules.WAITING_PARTNER: ("done", "hand_over", "give_back", "close"),
}
_SHOWN_ADDITIONS = 5
LONGEST_GLIMPSE = 120
"""What a line of a list shows of the need: enough to tell requests apart."""


def pressed(uid: str, version: int) -> str:
    """What a button's value says: which request, and which version of it the presser saw."""
    return f"{uid}:{version}"


def notice(facts: RequestFacts, profile: Profile, now: datetime) -> Message:
    """One request as the staff channel sees it, now."""
    topics = ", ".join(map(profile.topic_label, facts.topics))
    blocks = [*body(facts, profile), actions(buttons(facts, now))]
    text = f"{facts.label}: {topics}, from {facts.requester.name}"
    return message(text, blocks, see=_see_button(facts))


def body(facts: RequestFacts, profile: Profile) -> list[Block]:
    """Everything staff read of a request, without the buttons."""
    blocks: list[Block] = [section(_headline(facts, profile)), typed(facts.need)]
    for addition in facts.additions[-_SHOWN_ADDITIONS:]:
        name = unformatted(addition.by.name) if addition.by else "Somebody"
        did = "answered" if addition.verb == "answer" else "added"
        blocks += [context(f"{name} {did}, {when(addition.at, profile.time_zone)}:"), typed(addition.why)]
    blocks.append(_particulars(facts, profile))
    blocks.append(context(_standing(facts, profile)))
    if facts.question is not None:
        blocks.append(typed(facts.question.why))
    return blocks


def buttons(facts: RequestFacts, now: datetime) -> list[dict[str, Any]]:
    """What staff can do next. Who may is decided at the press."""
    verbs = _BY_STATE.get(facts.state) or (("undo",) if facts.can_undo(now) else ("reopen",))
    value = pressed(facts.uid, facts.version)
    return [
        button(words, action, value, style=style) for words, action, style in map(_BUTTONS.__getitem__, verbs)
    ]


def yours(facts: ToldFacts, profile: Profile) -> Message:
    """To the staff member who was handed a request."""
    request, event = facts.request, facts.event
    giver = event.by.name if event.by else "Somebody"
    text = f"{giver} handed {request.label} over to you"
    blocks: list[Block] = [words(f"{text}."), typed(request.need)]
    if event.why:
        blocks += [context(f"{escape(giver)} says:"), typed(event.why)]
    blocks += [_particulars(request, profile), context(_standing(request, profile)), _see(request)]
    return message(text, blocks)


def added(facts: ToldFacts, profile: Profile) -> Message:
    """To the owner: the requester has answered, added something, or wants it open again."""
    request, event = facts.request, facts.event
    who = event.by.name if event.by else request.requester.name
    what = {"answer": "answered your question on", "reopen": "reopened"}.get(event.verb, "added to")
    text = f"{who} {what} {request.label}"
    blocks: list[Block] = [words(text)]
    if event.why:
        blocks.append(typed(event.why))
    topics = ", ".join(map(profile.topic_label, request.topics))
    return message(text, [*blocks, context(escape(topics)), _see(request)])


def line(each: Line, profile: Profile, accessory: dict[str, Any]) -> Block:
    """One request in a list: how pressing it is and who has it, what it is, and from whom."""
    owner = [unformatted(each.owner.name)] if each.owner else []
    due = [_due(each, profile)] if each.first_reply_at is None and each.state in rules.OPEN else []
    topics = ", ".join(map(profile.topic_label, each.topics))
    about = f"{topics} · {who(each.requester, each.agency)}"
    text = " · ".join([_headline(each, profile), *owner, *due])
    return summary(text, glimpse(each), about, accessory=accessory)


def glimpse(each: Line) -> str:
    """The beginning of what they wrote, in one line."""
    return cut(" ".join(each.need.split()), LONGEST_GLIMPSE)


def _due(each: Line, profile: Profile) -> str:
    return f"first reply {'was ' if each.is_late else ''}due {when(each.first_reply_due, profile.time_zone)}"


def who(somebody: Somebody, agency: str) -> str:
    return f"{somebody.name}, {agency}" if agency else somebody.name


def _see(request: Line) -> Block:
    return actions([_see_button(request)])


def _see_button(request: Line) -> dict[str, Any]:
    return button("See the request", DETAILS, pressed(request.uid, request.version))


def _headline(facts: Line, profile: Profile) -> str:
    state = escape(profile.state_word(facts.state))  # type: ignore[arg-type]
    parts = [f"*{facts.label}*", state]
    option = profile.by_when_option(facts.by_when)
    if option is not None and option.urgent and facts.state in rules.OPEN:
        parts.append(":red_circle: *Urgent*")
    if facts.is_late:
        parts.append(":warning: *Late*")
    return " · ".join(parts)


def _particulars(facts: RequestFacts, profile: Profile) -> Block:
    agency = "not with an agency" if facts.not_agency else facts.agency
    rows = {
        "Topic": ", ".join(map(profile.topic_label, facts.topics)),
        "Kind of help": profile.kind_label(facts.kind),
        "Area": ", ".join(map(profile.area_label, facts.areas)),
        "From": who(facts.requester, agency),
        "By when": _by_when(facts, profile),
    }
    return particulars(rows)


def _by_when(facts: RequestFacts, profile: Profile) -> str:
    if facts.by_when_date is not None:
        return f"{facts.by_when_date:%a %b} {facts.by_when_date.day}, {facts.by_when_date.year}"
    label = profile.by_when_label(facts.by_when) if facts.by_when else ""
    return f"{label}: {facts.urgent_reason}" if facts.urgent_reason else label


def _standing(facts: RequestFacts, profile: Profile) -> str:
    """Who has it and what is awaited, in one line."""
    zone = profile.time_zone
    owner = unformatted(facts.owner.name) if facts.owner else ""
    asked = f"Asked {when(facts.asked_at, zone)}"
    if facts.state == rules.CLOSED:
        return f"{asked} · {_ending(facts, profile)} {_ended(facts, zone)}"
    if facts.state == rules.DELIVERED:
        return f"{asked} · Done {_ended(facts, zone)}{_by(_doer(facts))}"
    if facts.state == rules.WAITING_REQUESTER:
        return f"{asked}{_by(owner, ' · with ')} · waiting for {unformatted(facts.requester.name)} to answer this:"
    due = f" · {_due(facts, profile)}" if facts.first_reply_at is None else ""
    return f"{asked}{due}{_by(owner, ' · with ') or ' · nobody has it yet'}"


def _ended(facts: RequestFacts, zone: str) -> str:
    ended = facts.closed_at or facts.delivered_at
    return when(ended, zone) if ended else ""


def _ending(facts: RequestFacts, profile: Profile) -> str:
    reason = escape(profile.close_reason_label(facts.close_reason))
    return f"Closed ({reason}){_by(_doer(facts))}"


def _doer(facts: RequestFacts) -> str:
    endings: list[EventFacts] = [
        each for each in facts.events if each.to_state in (rules.DELIVERED, rules.CLOSED)
    ]
    return unformatted(endings[-1].by.name) if endings and endings[-1].by else ""


def _by(name: str, before: str = " by ") -> str:
    return f"{before}{name}" if name else ""
