"""What the requester reads: the receipt that stays true, one message a move, and their request's page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from copbot.assistance import rules
from copbot.assistance.lines import care_lines, closed_words
from copbot.assistance.views.staff_screens import (
    DETAILS,
    REOPEN,
    added_details,
    glimpse,
    more,
    pressed,
    see_other,
)
from copbot.assistance.views.staff_screens import body as staff_body
from copbot.assistance.views.staff_screens import button_rows as staff_button_rows
from copbot.assistance.views.staff_screens import seldom as staff_seldom
from copbot.program.deadlines import closed_until
from copbot.program.profile import Profile
from copbot.resources.search.screens import near
from copbot.resources.words import details, title_link
from copbot.slack.answers import Block, Message, View
from copbot.slack.blocks import (
    actions,
    button,
    confirm,
    context,
    divider,
    form,
    message,
    particulars,
    section,
    summary,
    typed,
    words,
)
from copbot.slack.text import day_and_time, escape, unformatted

if TYPE_CHECKING:
    from copbot.assistance.tables import OtherRequest
    from copbot.assistance.views.facts import EventFacts, RequestFacts, RequestSummary, ToldFacts
    from copbot.resources.search.values import Found

OPEN_ANSWER, WITHDRAW, START, MORE, SOLVED = (
    "request.open_answer",
    "request.withdraw",
    "request.start",
    "request.more",
    "request.solved",
)


def receipt(facts: RequestFacts, profile: Profile, now: datetime, may_solve: Sequence[Found] = ()) -> Message:
    """The direct message that stands for the request as long as it lives. `may_solve`: what the library has on it."""
    word = profile.requester_word(facts.state)  # type: ignore[arg-type]
    blocks: list[Block] = [
        section(f"*{facts.label}* · *{escape(word)}*\n{escape(_topics(facts, profile))}"),
        typed(facts.need),
        *_details(facts),
        *_additions(facts, profile),
        *_kept_closed(facts),
        context(_next(facts, profile, now)),
        *_closed_now(facts, profile, now),
        actions(_own_buttons(facts, now)),
        *_may_solve(facts, may_solve, profile),
    ]
    return message(f"{facts.label}: {word}", blocks)


def _may_solve(facts: RequestFacts, resources: Sequence[Found], profile: Profile) -> list[Block]:
    """Resources to look at meanwhile, each with why it is here and a button that ends the request."""
    if not resources:
        return []
    blocks: list[Block] = [divider(), section("*This may help while you wait:*")]
    for each in resources:
        found = each.resource
        about = ", ".join(profile.topic_label(topic) for topic in facts.topics if topic in found.topics)
        why = " · ".join(filter(None, (f"About {about}", near(each.why, profile))))
        value = f"{pressed(facts.uid, facts.version)}:{found.uid}"
        blocks.append(section(f"{title_link(found)}\n{unformatted(why)}"))
        blocks.append(actions([details(found), button("This solved it", f"{SOLVED}:{found.uid}", value)]))
    return blocks


def _details(facts: RequestFacts) -> list[Block]:
    rows = added_details(facts)
    return [particulars(rows)] if any(rows.values()) else []


def _kept_closed(facts: RequestFacts) -> list[Block]:
    return (
        [context(":lock: Confidential: only you, whoever has it and leads can read it.")]
        if facts.confidential
        else []
    )


def _additions(facts: RequestFacts, profile: Profile) -> list[Block]:
    """What they wrote after the form."""
    blocks: list[Block] = []
    for each in facts.additions[-5:]:
        did = {"answer": "You answered", "reopen": "You reopened it"}.get(each.verb, "You added")
        blocks += [context(f"{did}, {day_and_time(each.at, profile.time_zone)}:"), typed(each.why)]
    if facts.solved is not None and facts.solved.why:
        blocks.append(context(f"You found the answer in the library: {unformatted(facts.solved.why)}"))
    return blocks


def _closed_now(facts: RequestFacts, profile: Profile, now: datetime) -> list[Block]:
    """It is urgent, and nobody is in to read it."""
    if not profile.is_urgent(facts.by_when) or facts.first_reply_at or facts.state not in rules.OPEN:
        return []
    until = closed_until(profile, now)
    return [section(closed_words(until, profile.time_zone, profile))] if until is not None else []


def told(facts: ToldFacts, profile: Profile) -> Message:
    """What has just happened to their request, in plain words."""
    request, event = facts.request, facts.event
    text = _sentence(facts, profile)
    blocks: list[Block] = [words(text)]
    asked = facts.asked
    if asked is not None and asked.why:
        blocks.append(typed(asked.why))
    if event.verb in ("done", "close", "reopen") and event.why:
        blocks.append(typed(event.why))
    value = pressed(request.uid, request.version)
    if event.verb == "close":
        blocks += _reason(request, profile)
    if asked is not None:
        blocks += _way_to_answer(request, asked, value)
    elif event.verb in ("done", "close", "merge", "no_answer"):
        blocks += _way_back(facts, value)
    if (kept := _kept_for_them(request)) is not None:
        blocks.append(actions([see_other(kept)]))
    return message(text, blocks)


def _kept_for_them(request: RequestFacts) -> OtherRequest | None:
    """The request of their own that goes on in the place of this one."""
    kept = request.kept
    return kept if kept is not None and kept.requester_id == request.requester.id else None


def _way_to_answer(request: RequestFacts, asked: EventFacts, value: str) -> list[Block]:
    if request.question is not None and request.question.id == asked.id:
        return [actions([button("Answer", OPEN_ANSWER, value, style="primary")])]
    answered = any(each.verb == "answer" and each.id > asked.id for each in request.events)
    return [context("You have answered this. Thank you." if answered else "No answer is needed anymore.")]


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
    if not staff:
        said = facts.given or facts.close_words
        blocks += [context("What staff wrote to you:"), typed(said)] if said else []
        blocks += _reason(facts, profile) if facts.close_reason else []
        blocks.append(context(_next(facts, profile, now)))
    blocks.append(context(_history(facts, profile, reader)))
    blocks += staff_button_rows(facts, now) if staff else [actions(_own_buttons(facts, now))]
    if staff and (rest := staff_seldom(facts)):
        blocks.append(actions(rest))
    if staff and reader == facts.requester.id and facts.state in rules.OPEN:
        blocks.append(actions(_own_buttons(facts, now)))
    return blocks


def _own_body(facts: RequestFacts, profile: Profile) -> list[Block]:
    word = profile.requester_word(facts.state)  # type: ignore[arg-type]
    blocks: list[Block] = [
        section(f"*{facts.label}* · *{escape(word)}*\n{escape(_topics(facts, profile))}"),
        typed(facts.need),
        *_details(facts),
    ]
    blocks += _additions(facts, profile)
    if facts.question is not None:
        blocks += [section("*We asked you:*"), typed(facts.question.why)]
    return blocks


def page_message(
    facts: RequestFacts, profile: Profile, now: datetime, *, staff: bool, reader: int
) -> Message:
    return message(facts.label, page(facts, profile, now, staff=staff, reader=reader))


def page_view(facts: RequestFacts, profile: Profile, now: datetime, *, staff: bool, reader: int) -> View:
    # Staff have a button “Close” that closes the request: the one that only leaves must not read the same.
    leave = "Back" if staff else "Close"
    return form("notice", facts.label, page(facts, profile, now, staff=staff, reader=reader), close=leave)


def own_line(each: RequestSummary, profile: Profile, now: datetime) -> Block:
    """A request in its requester's list: where it stands, what happens next, and which one it is."""
    word = escape(profile.requester_word(each.state))  # type: ignore[arg-type]
    topics = ", ".join(map(profile.topic_label, each.topics))
    text = f"*{each.label}* · *{word}*\n{_next(each, profile, now)}"
    details = button("Details", DETAILS, pressed(each.uid, each.version))
    return summary(text, topics, glimpse(each), accessory=details)


def care_message(questions: Sequence[RequestFacts], profile: Profile) -> Message:
    """For somebody who may need help now: whom to call, before anything else."""
    text = profile.notices.not_an_emergency
    return message(text, [words(text), *care_lines(profile), *cannot_read(questions, profile).blocks])


def mentioned(profile: Profile) -> Message:
    """To whoever mentions the app where others read along."""
    word = profile.commands.ta
    text = f"Only you can see this. Type {word} to ask for help, or {word} help to see what I can do."
    return message(text, [words(text)])


def cannot_read(questions: Sequence[RequestFacts], profile: Profile) -> Message:
    """Typed words reach nobody. What they were probably meant for has a button."""
    word = profile.commands.ta
    if not questions:
        text = (
            f"I can't read messages here. Type {word} to ask for help, or {word} list to see your requests."
        )
        return message(text, [words(text)])
    text = "I can't read messages here. Press Answer, and staff get what you write."
    blocks: list[Block] = [words(text)]
    for each in questions:
        asks = each.question.by if each.question else None
        blocks.append(words(f"{asks.name if asks else 'Staff'} asked you about {each.label}:"))
        blocks.append(typed(each.question.why if each.question else ""))
        value = pressed(each.uid, each.version)
        blocks.append(actions([button("Answer", OPEN_ANSWER, value, style="primary")]))
    return message(text, blocks)


def _own_buttons(facts: RequestFacts, now: datetime) -> list[dict[str, Any]]:
    value = pressed(facts.uid, facts.version)
    if facts.state in (rules.DELIVERED, rules.CLOSED):
        ended = facts.closed_at or facts.delivered_at
        soon = ended is not None and now - ended <= rules.REOPEN_WITHIN
        first = button("Reopen", REOPEN, value) if soon else button("Ask for help again", START)
        return [first, more(facts)]
    sure = confirm(
        f"Withdraw {facts.label}?",
        f"Staff stop working on it. You can reopen it within {rules.REOPEN_WITHIN.days} days.",
        "Withdraw",
        "Keep it",
    )
    words = "Answer" if facts.question is not None else "Add details"
    style = "primary" if facts.question is not None else ""
    return [
        button(words, OPEN_ANSWER, value, style=style),
        button("I no longer need it", WITHDRAW, value, confirm=sure),
        more(facts),
    ]


def _topics(facts: RequestSummary, profile: Profile) -> str:
    topics = ", ".join(map(profile.topic_label, facts.topics))
    areas = ", ".join(map(profile.area_label, facts.areas))
    return f"{topics} · {areas}"


def _next(facts: RequestSummary, profile: Profile, now: datetime) -> str:
    """What happens next, and by when."""
    zone = profile.time_zone
    owner = unformatted(facts.owner.name) if facts.owner else "We"
    if facts.state == rules.CLOSED:
        return f"Closed {day_and_time(facts.closed_at or now, zone)}."
    if facts.state == rules.DELIVERED:
        return f"Done {day_and_time(facts.delivered_at or now, zone)}."
    if facts.state == rules.WAITING_REQUESTER:
        return f"{owner} can go on once you answer."
    if facts.state == rules.WAITING_PARTNER:
        return f"{owner if facts.owner else 'Staff'} will go on once a partner answers."
    if facts.staff_channel is None:
        return "Saved. Staff aren't set up here yet. It goes to them as soon as they are."
    if facts.is_late:
        due, phone = day_and_time(facts.first_reply_due, zone), escape(profile.contact.phone)
        return f"We're late: we meant to reply by {due}. Call {phone}."
    if facts.first_reply_at is None:
        who = f"{owner} will" if facts.owner else "We'll"
        return f"{who} reply here by {day_and_time(facts.first_reply_due, zone)}."
    return f"{owner} is working on it." if facts.owner else "A new staff member will take it soon."


def _history(facts: RequestFacts, profile: Profile, reader: int) -> str:
    """The last few moves, a line each."""
    deeds = (
        rules.Deed(
            event.verb,
            event.at,
            event.by.name if event.by else "",
            event.whom.name if event.whom else "",
            is_mine=event.by is not None and event.by.id == reader,
        )
        for event in [each for each in facts.events if each.verb not in rules.REMINDERS][-6:]
    )
    zone = profile.time_zone
    return "\n".join(
        escape(f"{day_and_time(deed.at, zone)}: {rules.deed_words(deed, facts.id)}") for deed in deeds
    )


def _reason(facts: RequestFacts, profile: Profile) -> list[Block]:
    blocks: list[Block] = [context(f"Reason: {escape(profile.close_reason_label(facts.close_reason))}")]
    if facts.referral:
        blocks += [context("Who can help instead:"), typed(facts.referral)]
    return blocks


def _sentence(facts: ToldFacts, profile: Profile) -> str:
    request, event = facts.request, facts.event
    name, number = (event.by.name if event.by else ""), request.label
    whom = event.whom.name if event.whom else "A colleague"
    asker = facts.asked.by.name if facts.asked and facts.asked.by else "Staff"
    due = day_and_time(request.first_reply_due, profile.time_zone)
    kept = _kept_for_them(request)
    same = (
        f"it is the same as your {rules.label(kept.id)}"
        if kept
        else "we're already working on the same question"
    )
    sentences = {
        "take": f"{name} has taken your request {number} and will get back to you.",
        "release": f"{whom} can't go on with your request {number}. Somebody else will take it.",
        "assign": f"{whom} is now working on your request {number}.",
        "cover": f"{whom} is now working on your request {number}.",
        "hand_over": f"{whom} is now working on your request {number}.",
        "give_back": f"Your request {number} is back with the team. Somebody else will take it.",
        "late": f"We're late with {number}. We meant to reply by {due}. Call {profile.contact.phone} if it can't wait.",
        "nudge": f"{asker} still needs your answer about {number}:",
        "no_answer": f"We closed your request {number} because we didn't hear back from you.",
        "ask": f"{name} has a question about your request {number}:",
        "wait_partner": f"{name} is waiting to hear from a partner about your request {number}.",
        "done": f"{name} has marked your request {number} as done:",
        "close": f"{name} has closed your request {number}.",
        "merge": f"{name} has closed your request {number} because {same}.",
        "reopen": f"Your request {number} is open again.",
        "undo": f"That was a mistake. Your request {number} is still open.",
    }
    return sentences.get(event.verb, f"There is news about your request {number}.")
