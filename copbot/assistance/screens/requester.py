"""What the requester reads: the receipt that stays true, one message a move, and their request's page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from copbot.assistance import rules
from copbot.assistance.screens.staff import DETAILS, REOPEN, glimpse, pressed
from copbot.assistance.screens.staff import body as staff_body
from copbot.assistance.screens.staff import buttons as staff_buttons
from copbot.assistance.screens.staff import line as staff_line
from copbot.program.profile import Profile
from copbot.slack.answers import Block, Message, View
from copbot.slack.blocks import (
    actions,
    button,
    confirm,
    context,
    divider,
    form,
    message,
    section,
    summary,
    typed,
    words,
)
from copbot.slack.text import escape, unformatted, when

if TYPE_CHECKING:
    from copbot.assistance.facts import Line, RequestFacts, ToldFacts

OPEN_ANSWER, WITHDRAW, START, MORE = (
    "request.open_answer",
    "request.withdraw",
    "request.start",
    "request.more",
)


def receipt(facts: RequestFacts, profile: Profile, now: datetime) -> Message:
    """The direct message that stands for the request as long as it lives."""
    word = profile.requester_word(facts.state)  # type: ignore[arg-type]
    blocks: list[Block] = [
        section(f"*{facts.label}* · *{escape(word)}*\n{escape(_topics(facts, profile))}"),
        typed(facts.need),
        context(_next(facts, profile, now)),
        actions(_own_buttons(facts, now)),
    ]
    return message(f"{facts.label}: {word}", blocks)


def told(facts: ToldFacts, profile: Profile) -> Message:
    """What has just happened to their request, in plain words."""
    request, event = facts.request, facts.event
    text = _sentence(facts)
    blocks: list[Block] = [words(text)]
    if event.verb in ("ask", "done", "close") and event.why:
        blocks.append(typed(event.why))
    value = pressed(request.uid, request.version)
    if event.verb == "close":
        blocks += _reason(request, profile)
    if event.verb == "ask":
        blocks += _way_to_answer(facts, value)
    elif event.verb in ("done", "close"):
        blocks += _way_back(facts, value)
    return message(text, blocks)


def _way_to_answer(facts: ToldFacts, value: str) -> list[Block]:
    request, event = facts.request, facts.event
    if request.question is not None and request.question.id == event.id:
        return [actions([button("Answer", OPEN_ANSWER, value, style="primary")])]
    answered = any(each.verb == "answer" and each.id > event.id for each in request.events)
    return [context("You have answered this. Thank you." if answered else "This needs no answer any more.")]


def _way_back(facts: ToldFacts, value: str) -> list[Block]:
    request, event = facts.request, facts.event
    if any(each.verb in ("reopen", "undo") and each.id > event.id for each in request.events):
        return [context(f"{request.label} was opened again after this.")]
    days = rules.REOPEN_WITHIN.days
    return [
        context(f"Not what you needed? You can reopen it within {days} days."),
        actions([button("Reopen", REOPEN, value)]),
    ]


def page(facts: RequestFacts, profile: Profile, now: datetime, *, staff: bool, reader: int) -> list[Block]:
    """One request in full: for `/ta status`, a Details button, or Home. `reader` is who looks at it."""
    blocks = staff_body(facts, profile) if staff else _own_body(facts, profile)
    for name, said in (("What was given", facts.given), ("What staff said", facts.close_words)):
        if said:
            blocks += [context(name), typed(said)]
    if facts.close_reason:
        blocks += _reason(facts, profile)
    if not staff:
        blocks.append(context(_next(facts, profile, now)))
    blocks.append(context(_history(facts, now, reader)))
    pressable = staff_buttons(facts, now) if staff else _own_buttons(facts, now)
    blocks.append(actions(pressable))
    if staff and reader == facts.requester.id and facts.state in rules.OPEN:
        blocks.append(actions(_own_buttons(facts, now)))
    return blocks


def _own_body(facts: RequestFacts, profile: Profile) -> list[Block]:
    word = profile.requester_word(facts.state)  # type: ignore[arg-type]
    blocks: list[Block] = [
        section(f"*{facts.label}* · *{escape(word)}*\n{escape(_topics(facts, profile))}"),
        typed(facts.need),
    ]
    for addition in facts.additions[-5:]:
        blocks += [context(f"Added {when(addition.at, profile.time_zone)}:"), typed(addition.why)]
    if facts.question is not None:
        blocks += [section("*The question that waits for your answer:*"), typed(facts.question.why)]
    return blocks


def page_message(
    facts: RequestFacts, profile: Profile, now: datetime, *, staff: bool, reader: int
) -> Message:
    return message(facts.label, page(facts, profile, now, staff=staff, reader=reader))


def page_view(facts: RequestFacts, profile: Profile, now: datetime, *, staff: bool, reader: int) -> View:
    # Staff have a button “Close” that closes the request: the one that only leaves must not read the same.
    leave = "Back" if staff else "Close"
    return form("notice", facts.label, page(facts, profile, now, staff=staff, reader=reader), close=leave)


def list_blocks(
    title: str,
    lines: Sequence[Line],
    *,
    profile: Profile,
    now: datetime,
    staff: bool,
    empty: str,
    more: str = "",
) -> list[Block]:
    """A titled list with a Details button a line; `more` is the value of the button to the next page."""
    blocks: list[Block] = [section(f"*{escape(title)}*")]
    if not lines:
        return [*blocks, context(escape(empty))] if empty else []
    for each in lines:
        details = button("Details", DETAILS, pressed(each.uid, each.version))
        if staff:
            blocks.append(staff_line(each, profile, details))
        else:
            blocks.append(own_line(each, profile, now, details))
    if more:
        blocks.append(actions([button("Show more", MORE, more)]))
    return blocks


def list_message(parts: Collection[Sequence[Block]], title: str) -> Message:
    blocks: list[Block] = []
    for part in parts:
        blocks += [divider(), *part] if blocks else part
    return message(title, blocks)


def own_line(each: Line, profile: Profile, now: datetime, accessory: dict[str, Any]) -> Block:
    """A request in its requester's list: where it stands, what happens next, and which one it is."""
    word = escape(profile.requester_word(each.state))  # type: ignore[arg-type]
    topics = ", ".join(map(profile.topic_label, each.topics))
    text = f"*{each.label}* · *{word}*\n{_next(each, profile, now)}"
    return summary(text, glimpse(each), topics, accessory=accessory)


def _own_buttons(facts: RequestFacts, now: datetime) -> list[dict[str, Any]]:
    value = pressed(facts.uid, facts.version)
    if facts.state in (rules.DELIVERED, rules.CLOSED):
        ended = facts.closed_at or facts.delivered_at
        soon = ended is not None and now - ended <= rules.REOPEN_WITHIN
        return [button("Reopen", REOPEN, value)] if soon else [button("Ask for help again", START)]
    sure = confirm(
        f"Withdraw {facts.label}?", "Staff stop working on it. You can reopen it later.", "Withdraw", "Keep"
    )
    words = "Answer" if facts.question is not None else "Add something"
    style = "primary" if facts.question is not None else ""
    return [
        button(words, OPEN_ANSWER, value, style=style),
        button("I no longer need it", WITHDRAW, value, confirm=sure),
    ]


def _topics(facts: Line, profile: Profile) -> str:
    topics = ", ".join(map(profile.topic_label, facts.topics))
    areas = ", ".join(map(profile.area_label, facts.areas))
    return f"{topics} · {areas}"


def _next(facts: Line, profile: Profile, now: datetime) -> str:
    """What happens next, and by when."""
    zone = profile.time_zone
    owner = unformatted(facts.owner.name) if facts.owner else "One of us"
    if facts.state == rules.CLOSED:
        return f"Closed {when(facts.closed_at or now, zone)}."
    if facts.state == rules.DELIVERED:
        return f"Done {when(facts.delivered_at or now, zone)}."
    if facts.state == rules.WAITING_REQUESTER:
        return f"{owner} has a question for you. Your answer brings your request back to them."
    if facts.staff_channel is None:
        return "Saved. Staff are not set up here yet; it goes to them as soon as they are."
    if facts.first_reply_at is None:
        return f"{owner} will answer you by {when(facts.first_reply_due, zone)}."
    return f"{owner} is working on it." if facts.owner else "One of us will take it up again."


def _history(facts: RequestFacts, now: datetime, reader: int) -> str:
    """The last few moves, a line each."""
    deeds = (
        rules.Deed(
            event.verb,
            event.at,
            event.by.name if event.by else "",
            event.whom.name if event.whom else "",
            is_mine=event.by is not None and event.by.id == reader,
        )
        for event in facts.events[-6:]
    )
    return "\n".join(escape(rules.did(deed, facts.id, now)) for deed in deeds)


def _reason(facts: RequestFacts, profile: Profile) -> list[Block]:
    blocks: list[Block] = [context(f"Reason: {escape(profile.close_reason_label(facts.close_reason))}")]
    if facts.referral:
        blocks += [context("Who can help instead:"), typed(facts.referral)]
    return blocks


def _sentence(facts: ToldFacts) -> str:
    request, event = facts.request, facts.event
    name, number = (event.by.name if event.by else ""), request.label
    whom = event.whom.name if event.whom else "A colleague"
    sentences = {
        "take": f"{name} has taken your request {number} and will get back to you.",
        "assign": f"{whom} is now looking after your request {number}.",
        "hand_over": f"{whom} is now looking after your request {number}.",
        "give_back": f"Your request {number} is back with the team. Somebody else will take it.",
        "ask": f"{name} has a question about your request {number}:",
        "wait_partner": f"{name} is waiting to hear from a partner about your request {number}.",
        "done": f"{name} has marked your request {number} as done:",
        "close": f"{name} has closed your request {number}.",
        "reopen": f"Your request {number} is open again.",
        "undo": f"That was a slip: your request {number} is open again.",
    }
    return sentences.get(event.verb, f"There is news about your request {number}.")
