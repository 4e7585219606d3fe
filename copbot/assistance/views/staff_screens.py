"""The notice in the staff channel: what is needed to act, and the buttons to do it with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from copbot.assistance import rules
from copbot.assistance.texts import SOURCES
from copbot.contacts.rules import LEVELS, spent
from copbot.contacts.screens import OPEN as OPEN_LOG
from copbot.program.profile import UNSURE, Profile
from copbot.slack.answers import Block, Message
from copbot.slack.blocks import (
    actions,
    button,
    context,
    message,
    option,
    overflow,
    particulars,
    section,
    summary,
    typed,
    words,
)
from copbot.slack.text import counted, cut, day_and_time, escape, unformatted, weekday

if TYPE_CHECKING:
    from copbot.assistance.rules import Somebody
    from copbot.assistance.tables import OtherRequest
    from copbot.assistance.views.facts import RequestFacts, RequestSummary, ToldFacts

TAKE, GIVE_BACK, UNDO, REOPEN = "request.take", "request.give_back", "request.undo", "request.reopen"
OPEN_HAND_OVER, OPEN_ASK = "request.open_hand_over", "request.open_ask"
OPEN_DONE, OPEN_CLOSE, DETAILS = "request.open_done", "request.open_close", "request.details"
MENU = "request.menu"
COLLEAGUES, REMOVE_COLLEAGUE = "request.colleagues", "request.remove_colleague"
OPEN_TRIAGE, OPEN_WAIT, OPEN_MERGE = "request.open_triage", "request.open_wait", "request.open_merge"
PARTNER_ANSWERED, REPLIED = "request.partner_answered", "request.replied"
REPLY, CONVERSATION = "conversation.open_reply", "conversation.open"
"""Opened by the room of conversations."""
SHARE, PEER = "followup.open_answer", "followup.open_peer"
"""Opened by the room of what comes after Done."""

_BUTTONS = {
    "take": ("Take", TAKE, "primary"),
    "reply": ("Reply", REPLY, ""),
    "done": ("Done", OPEN_DONE, "primary"),
    "ask": ("Ask", OPEN_ASK, ""),
    "hand_over": ("Hand over", OPEN_HAND_OVER, ""),
    "give_back": ("Give back", GIVE_BACK, ""),
    "close": ("Close", OPEN_CLOSE, ""),
    "undo": ("Undo", UNDO, ""),
    "reopen": ("Reopen", REOPEN, ""),
    "triage": ("Review", OPEN_TRIAGE, ""),
    "first_reply": ("Mark as replied", REPLIED, ""),
    "wait_partner": ("Wait for a partner", OPEN_WAIT, ""),
    "partner_answered": ("Partner answered", PARTNER_ANSWERED, ""),
    "merge": ("Close as duplicate", OPEN_MERGE, ""),
    "log": ("Log", OPEN_LOG, ""),
    "share": ("Draft a shared answer", SHARE, ""),
    "peer": ("Suggest a peer", PEER, ""),
}
_BY_STATE = {
    rules.NEW: ("take", "reply", "hand_over", "close"),
    rules.TRIAGED: ("take", "reply", "hand_over", "ask", "close"),
    rules.ASSIGNED: ("reply", "done", "log", "ask", "hand_over", "give_back", "close"),
    rules.IN_PROGRESS: ("reply", "done", "log", "ask", "hand_over", "give_back", "close"),
    rules.WAITING_REQUESTER: ("reply", "done", "log", "hand_over", "give_back", "close"),
    rules.WAITING_PARTNER: ("partner_answered", "reply", "done", "log", "hand_over", "give_back", "close"),
}
_SELDOM = ("triage", "first_reply", "wait_partner", "merge")
"""What is offered on a request's own page only."""
_IN_A_ROW = 5
_SHOWN_ADDITIONS = 5
_ADDED = {"answer": "answered", "reopen": "reopened it"}
_DID_TO = {
    "answer": "answered your question on",
    "reopen": "reopened",
    "solved": "found the answer in the library and closed",
    "no_answer": "didn't answer your question in time. We closed",
}
LONGEST_GLIMPSE = 120
"""What a line of a list shows of the need: enough to tell requests apart."""


def pressed(uid: str, version: int) -> str:
    """What a button's value says: which request, and which version of it the presser saw."""
    return f"{uid}:{version}"


def elsewhere(areas: Sequence[str], profile: Profile, said: str) -> list[Block]:
    """What is done for somebody outside the state; nothing for everybody else."""
    is_elsewhere = profile.is_elsewhere(areas)
    return [context(f"{escape(profile.area_label(areas[0]))}: {said}")] if is_elsewhere else []


FOR_THEM = "we send you what we share with everyone and point you to help near you."
FOR_STAFF = "send what you share with everyone, and say who can help near them."


def notice(facts: RequestFacts, profile: Profile, now: datetime) -> Message:
    """One request as the staff channel sees it, now."""
    details = button("Details", DETAILS, facts.pressed)
    blocks = [*body(facts, profile), *button_rows(facts, now, details)]
    text = f"{facts.label}: {facts.topic_words(profile)}, from {facts.requester.name}"
    return message(text, blocks, see=_see_button(facts))


def body(facts: RequestFacts, profile: Profile) -> list[Block]:
    """Everything staff read of a request, without the buttons."""
    name, is_open = unformatted(facts.requester.name), facts.state in rules.OPEN
    blocks: list[Block] = [section(_headline(facts, profile)), typed(facts.need)]
    blocks += additions(facts, profile)
    blocks += [_particulars(facts, profile), context(_standing(facts, profile))]
    blocks += elsewhere(facts.areas, profile, FOR_STAFF) if is_open else []
    if facts.routed is not None and is_open:
        whom = facts.routed.whom
        given = f"Routed to {whom.name}" if whom else "Routing found nobody"
        blocks.append(context(escape(f"{given}: {facts.routed.why}.")))
    awaited = facts.question or facts.awaited
    if awaited is not None:
        blocks.append(typed(awaited.why))
    # What the requester was told when it ended.
    for title, said in ((f"For {name}:", facts.given or facts.close_words), ("Referral:", facts.referral)):
        blocks += [context(title), typed(said)] if said else []
    if facts.requester.gone and is_open:
        blocks.append(context(f":warning: {name}'s Slack account is deactivated. Reach them another way."))
    return blocks


def additions(facts: RequestFacts, profile: Profile, reader: int = 0) -> list[Block]:
    """What the requester's side wrote after the form, to this reader."""
    blocks: list[Block] = []
    for each in facts.additions[-_SHOWN_ADDITIONS:]:
        did, at = _ADDED.get(each.verb, "added"), day_and_time(each.at, profile.time_zone)
        blocks += [context(f"{called(each.by, reader)} {did}, {at}:"), typed(each.why)]
    return blocks


def called(somebody: Somebody | None, reader: int) -> str:
    """“You” for whoever reads it."""
    if somebody is None:
        return "Somebody"
    return "You" if somebody.id == reader else unformatted(somebody.name)


def button_rows(facts: RequestFacts, now: datetime, *last: dict[str, Any]) -> list[Block]:
    """What staff can do next, what is pressed most in the first row before `last` and the menu. Who may is decided
    at the press."""
    again = ("reply", "log") if facts.state == rules.DELIVERED else ("log",)
    verbs = _BY_STATE.get(facts.state) or ("undo" if facts.can_undo(now) else "reopen", *again)
    found = _buttons(facts, verbs)
    last = (*last, more(facts))
    fit = _IN_A_ROW - len(last)
    return [actions(row) for row in ([*found[:fit], *last], found[fit:]) if row]


def _buttons(facts: RequestFacts, verbs: Sequence[str]) -> list[dict[str, Any]]:
    of = map(_BUTTONS.__getitem__, verbs)
    return [button(words, action, facts.pressed, style=style) for words, action, style in of]


def seldom(facts: RequestFacts) -> list[dict[str, Any]]:
    """What else staff can do in this state, and the way to what this is the same as."""
    verbs = [verb for verb in _SELDOM if facts.state in rules.MOVES[verb].states]
    verbs += ["log"] if facts.state in rules.UNOWNED else []
    verbs += ["peer"] if facts.state in rules.OPEN and not facts.confidential else []
    verbs += ["share"] if facts.may_share and not facts.confidential and facts.delivered_at else []
    return [*_buttons(facts, verbs), *colleagues_button(facts), *(see_other(each) for each in facts.same)]


def colleagues_button(facts: RequestFacts) -> list[dict[str, Any]]:
    """Who is with no agency has no colleagues."""
    if not facts.agency or facts.state not in rules.OPEN:
        return []
    words = "Colleagues" if facts.colleagues else "Add a colleague"
    return [button(words, COLLEAGUES, facts.pressed)]


def see_other(each: OtherRequest) -> dict[str, Any]:
    return button(f"See {rules.label(each.id)}", f"{DETAILS}:{each.id}", pressed(each.uid, each.version))


def more(facts: RequestFacts) -> dict[str, Any]:
    """What is seldom needed, behind three dots."""
    choices = [option("Remove client details", f"remove:{facts.pressed}")]
    choices += [option("Mark confidential", f"confide:{facts.pressed}")] if facts.can_confide else []
    return overflow(MENU, choices)


def confidential_line(areas: Sequence[str], profile: Profile) -> Message:
    """All that the staff channel reads of a confidential request: a county alone may point to one person."""
    regions = dict.fromkeys(filter(None, map(profile.region_of, areas)))
    text = ", ".join(["Confidential request", *map(profile.area_label, regions)])
    return message(text, [words(text)])


def yours(facts: ToldFacts, profile: Profile) -> Message:
    """To the staff member who was handed a request, by a colleague or by the rules."""
    request, event = facts.request, facts.event
    giver = event.by.name if event.by else ""
    text = f"{giver} handed {request.label} over to you" if giver else f"{request.label} is yours"
    blocks: list[Block] = [words(f"{text}."), typed(request.need)]
    if event.why and giver:
        blocks += [context(f"{escape(giver)} says:"), typed(event.why)]
    elif event.why:
        blocks.append(context(f"Why me? {escape(event.why[:1].upper() + event.why[1:])}."))
    blocks += [_particulars(request, profile), context(_standing(request, profile)), _see(request)]
    return message(text, blocks)


def unrouted(facts: ToldFacts, profile: Profile) -> Message:
    """To leads: the rules found nobody who could take it now."""
    request = facts.request
    text = f"{request.label} has no owner: {facts.event.why}"
    blocks = [words(f"{text}. Please assign it."), typed(request.need), _particulars(request, profile)]
    return message(text, [*blocks, context(_standing(request, profile)), _see(request)])


def unreached(facts: RequestFacts) -> Message:
    """To whoever has the request: its requester did not get our message."""
    name = facts.requester.name
    why = f"{name}'s Slack account is deactivated" if facts.requester.gone else "Slack did not deliver it"
    text = f"{name} did not get your message about {facts.label}. {why}"
    return message(text, [words(f"{text}. Reach them another way."), _see(facts)])


def entry(each: RequestSummary, profile: Profile, reader: int = 0) -> list[Block]:
    """A request in staff's lists, for this person. What nobody has can be taken from there."""
    details = button("Details", DETAILS, each.pressed)
    if each.state not in rules.UNOWNED:
        return [line(each, profile, details, reader=reader)]
    return [line(each, profile), actions([button("Take", TAKE, each.pressed, style="primary"), details])]


def added(facts: ToldFacts, profile: Profile) -> Message:
    """To the owner: the requester has answered, added something, or wants it open again."""
    request, event = facts.request, facts.event
    by = event.by or request.requester
    text = f"{by.name} {_DID_TO.get(event.verb, 'added to')} {request.label}"
    said = [typed(event.why)] if event.why else []
    topics = context(escape(request.topic_words(profile)))
    return message(text, [words(text), *said, topics, _see(request)])


def line(
    each: RequestSummary, profile: Profile, accessory: dict[str, Any] | None = None, *, reader: int = 0
) -> Block:
    """One request in a list: what it is about and from whom, how pressing it is and who has it, how it begins."""
    parts = [_headline(each, profile)]
    if each.owner:
        parts.append(f"with {'you' if each.owner.id == reader else unformatted(each.owner.name)}")
    parts.append(_due(each, profile) if each.state in rules.OPEN else "")
    text, asker = " · ".join(filter(None, parts)), who(each.requester, each.agency)
    if each.confidential:  # what it says is read on its own page, and whoever reads it stands in the journal
        return summary(text, asker, accessory=accessory)
    return summary(text, f"{each.topic_words(profile)} · {asker}", glimpse(each), accessory=accessory)


def glimpse(each: RequestSummary) -> str:
    return cut(" ".join(each.need.split()), LONGEST_GLIMPSE)


def _due(each: RequestSummary, profile: Profile) -> str:
    """What is due first and when; empty when nothing presses."""
    if each.state == rules.WAITING_PARTNER:
        return "clocks paused until a partner answers"
    if each.first_reply_at is None:
        was = "was " if each.is_late else ""
        return f"reply {was}due {day_and_time(each.first_reply_due, profile.time_zone)}"
    if each.is_overdue and each.delivery_due is not None:
        return f"delivery was due {day_and_time(each.delivery_due, profile.time_zone)}"
    return ""


def who(somebody: Somebody, agency: str) -> str:
    return f"{somebody.name}, {agency}" if agency else somebody.name


def _see(request: RequestSummary) -> Block:
    return actions([_see_button(request)])


def _see_button(request: RequestSummary) -> dict[str, Any]:
    return button("See the request", DETAILS, request.pressed)


def _headline(facts: RequestSummary, profile: Profile) -> str:
    state = escape(profile.state_word(facts.state))  # type: ignore[arg-type]
    parts = [f"*{facts.label}*", state]
    if profile.is_urgent(facts.by_when) and facts.state in rules.OPEN:
        parts.append(":red_circle: *Urgent*")
    if facts.is_late:
        parts.append(":warning: *Late*")
    if facts.confidential:
        parts.append(":lock: *Confidential*")
    return " · ".join(parts)


def _particulars(facts: RequestFacts, profile: Profile) -> Block:
    agency = "not with an agency" if facts.not_agency else facts.agency
    count, minutes = facts.logged
    rows = {
        "Topic": facts.topic_words(profile),
        "Kind of help": "" if facts.kind == UNSURE else profile.kind_label(facts.kind),
        "Area": facts.area_words(profile),
        "From": who(facts.requester, agency),
        "Entered by": f"{facts.entered_by.name} ({how_it_came(facts)})" if facts.entered_by else "",
        "Colleagues": ", ".join(each.name for each in facts.colleagues),
        "By when": _by_when(facts, profile),
        **added_details(facts),
        "Level": LEVELS[facts.level][0] if facts.level in LEVELS else "",
        "Time logged": f"{spent(minutes)} in {counted(count, 'contact')}" if count else "",
        "Duplicates": ", ".join(rules.label(each.id) for each in facts.same if each != facts.kept),
    }
    return particulars(rows)


def how_it_came(facts: RequestFacts) -> str:
    return SOURCES.get(facts.source, facts.source).lower()


def added_details(facts: RequestFacts) -> dict[str, str]:
    """What the requester added in fields of their own, by its name."""
    return {
        "Format and access": facts.access_needs,
        "Audience": facts.audience,
        "Hoped for": facts.outcome,
        "Answer may be shared": "yes, without names" if facts.may_share else "",
    }


def _by_when(facts: RequestFacts, profile: Profile) -> str:
    if facts.by_when_date is not None:
        return f"{weekday(facts.by_when_date)}, {facts.by_when_date.year}"
    label = profile.by_when_label(facts.by_when) if facts.by_when else ""
    return f"{label}: {facts.urgent_reason}" if facts.urgent_reason else label


def _standing(facts: RequestFacts, profile: Profile) -> str:
    """Who has it and what is awaited, or how it ended, in one line."""
    zone, asker = profile.time_zone, unformatted(facts.requester.name)
    asked = f"Sent {day_and_time(facts.asked_at, zone)}"
    if facts.state in rules.ENDED:
        return f"{asked} · {_ending(facts, profile)}"
    has = f" · with {unformatted(facts.owner.name)}" if facts.owner else ""
    if facts.state == rules.WAITING_REQUESTER:
        return f"{asked}{has} · {asker} was asked:"
    due = _due(facts, profile)
    return f"{asked}{f' · {due}' if due else ''}{has or ' · unassigned'}"


def _ending(facts: RequestFacts, profile: Profile) -> str:
    ended = facts.closed_at or facts.delivered_at
    at = day_and_time(ended, profile.time_zone) if ended else ""
    doers = [each.by for each in facts.events if each.to_state in rules.ENDED]
    by = f" by {unformatted(doers[-1].name)}" if doers and doers[-1] else ""
    if facts.state == rules.DELIVERED:
        return f"Done {at}{by}"
    if facts.solved is not None:
        title = f": {unformatted(facts.solved.why)} ·" if facts.solved.why else ""
        return f"{unformatted(facts.requester.name)} found the answer in the library{title} {at}"
    reason = escape(profile.close_reason_label(facts.close_reason))
    reason += f": {rules.label(facts.kept.id)}" if facts.kept else ""
    return f"Closed ({reason}){by} {at}"
