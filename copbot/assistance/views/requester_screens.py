"""What the requester reads: the receipt that stays true, one message a move, and their request's page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from copbot.assistance import rules
from copbot.assistance.clocks.rules import is_soon_after
from copbot.assistance.lines import FOR_THEM, care_lines, closed_words, elsewhere
from copbot.assistance.views.staff_screens import (
    CONVERSATION,
    DETAILS,
    REMOVE_COLLEAGUE,
    REOPEN,
    added_details,
    colleagues_button,
    from_whom,
    glimpse,
    how_it_came,
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
    from copbot.assistance.views.facts import EventFacts, RequestFacts, RequestSummary, Somebody, ToldFacts
    from copbot.resources.search.rules import Found

OPEN_ANSWER, WITHDRAW, START = "request.open_answer", "request.withdraw", "request.start"
MORE, SOLVED = "request.more", "request.solved"


def receipt(
    facts: RequestFacts, profile: Profile, now: datetime, may_solve: Sequence[Found] = (), *, reader: int = 0
) -> Message:
    """The direct message that stands for the request as long as it lives. `may_solve`: what the library has on it.

    `reader`: the colleague who reads it; its requester, if it is none of them.
    """
    word = profile.requester_word(facts.state)  # type: ignore[arg-type]
    blocks: list[Block] = [
        section(f"*{facts.label}* · *{escape(word)}*\n{escape(_topics(facts, profile))}"),
        typed(facts.need),
        *_details(facts),
        *_additions(facts, profile, reader),
        *_side(facts, reader),
        *(elsewhere(facts.areas, profile, FOR_THEM) if facts.state in rules.OPEN else ()),
        context(_next(facts, profile, now)),
        *_closed_now(facts, profile, now),
        actions(_own_buttons(facts, now, reader)),
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


def _is_colleague(facts: RequestFacts, reader: int) -> bool:
    return any(each.id == reader for each in facts.colleagues)


def _side(facts: RequestFacts, reader: int) -> list[Block]:
    """Who else of the requester's agency is on it, and that others are not."""
    names = unformatted(" and ".join(each.name for each in facts.colleagues))
    sees = "see" if len(facts.colleagues) > 1 else "sees"
    lines = [f"{names} {sees} this too and can answer."] if names else []
    if _is_colleague(facts, reader):
        lines = [f"{unformatted(facts.requester.name)} asked this. You get the same messages and can answer."]
    if facts.entered_by is not None:
        who = _name(facts.entered_by, facts, reader)
        lines.append(f"{who} entered this ({how_it_came(facts)}).")
    if facts.confidential:
        others = ", your colleagues on it" if names else ""
        lines.append(f":lock: Confidential: only you{others}, whoever has it and leads can read it.")
    return [context(line) for line in lines]


def _additions(facts: RequestFacts, profile: Profile, reader: int) -> list[Block]:
    """What the requester's side wrote after the form."""
    blocks: list[Block] = []
    for each in facts.additions[-5:]:
        who = _name(each.by, facts, reader)
        did = {"answer": "answered", "reopen": "reopened it"}.get(each.verb, "added")
        blocks += [context(f"{who} {did}, {day_and_time(each.at, profile.time_zone)}:"), typed(each.why)]
    if facts.solved is not None and facts.solved.why:
        who = _name(facts.solved.by, facts, reader)
        blocks.append(context(f"{who} found the answer in the library: {unformatted(facts.solved.why)}"))
    return blocks


def _name(somebody: Somebody | None, facts: RequestFacts, reader: int) -> str:
    """“You” for whoever reads it."""
    if somebody is None or somebody.id == (reader or facts.requester.id):
        return "You"
    return unformatted(somebody.name)


def _closed_now(facts: RequestFacts, profile: Profile, now: datetime) -> list[Block]:
    """It is urgent, and nobody is in to read it."""
    if not profile.is_urgent(facts.by_when) or facts.first_reply_at or facts.state not in rules.OPEN:
        return []
    until = closed_until(profile, now)
    return [section(closed_words(until, profile.time_zone, profile))] if until is not None else []


def told(facts: ToldFacts, profile: Profile, reader: int = 0) -> Message:
    """What has just happened to their request, or to a colleague's, in plain words."""
    request, event = facts.request, facts.event
    text = _sentence(facts, profile, reader)
    blocks: list[Block] = [words(text)]
    asked = facts.asked
    if asked is not None and asked.why:
        blocks.append(typed(asked.why))
    if event.verb in ("done", "close", "reopen") and event.why:
        blocks.append(typed(event.why))
    value = pressed(request.uid, request.version)
    if event.verb in ("done", "close"):
        blocks += _reason(request, profile)
    if asked is not None:
        blocks += _way_to_answer(request, asked, value, reader)
    elif event.verb in ("done", "close", "merge", "no_answer"):
        blocks += _way_back(facts, value)
    if (kept := _kept_for_them(request, reader)) is not None:
        blocks.append(actions([see_other(kept)]))
    return message(text, blocks)


def _kept_for_them(request: RequestFacts, reader: int) -> OtherRequest | None:
    """The request of their own that goes on in the place of this one."""
    kept = request.kept if not _is_colleague(request, reader) else None
    return kept if kept is not None and kept.requester_id == request.requester.id else None


def _way_to_answer(request: RequestFacts, asked: EventFacts, value: str, reader: int) -> list[Block]:
    if request.question is not None and request.question.id == asked.id:
        way = context("Write your answer here, or press *Answer*.")
        return [way, actions([button("Answer", OPEN_ANSWER, value, style="primary")])]
    answers = [each for each in request.events if each.verb == "answer" and each.id > asked.id]
    if not answers:
        return [context("No answer is needed anymore.")]
    who = _name(answers[0].by, request, reader)
    return [context("You have answered this. Thank you." if who == "You" else f"{who} has answered this.")]


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
    blocks = staff_body(facts, profile) if staff else _own_body(facts, profile, reader)
    if not staff:
        said = facts.given or facts.close_words
        blocks += [context("What staff wrote to you:"), typed(said)] if said else []
        blocks += _reason(facts, profile)
        blocks.append(context(_next(facts, profile, now)))
    blocks.append(context(_history(facts, profile, reader)))
    written = button("Conversation", CONVERSATION, pressed(facts.uid, facts.version))
    own = _own_buttons(facts, now, reader)
    blocks += staff_button_rows(facts, now) if staff else [actions([*own, written])]
    if staff:
        blocks.append(actions([*staff_seldom(facts), written]))
    if staff and reader == facts.requester.id and facts.state in rules.OPEN:
        blocks.append(actions(_own_buttons(facts, now, reader)))
    return blocks


def _own_body(facts: RequestFacts, profile: Profile, reader: int) -> list[Block]:
    word = profile.requester_word(facts.state)  # type: ignore[arg-type]
    blocks: list[Block] = [
        section(f"*{facts.label}* · *{escape(word)}*\n{escape(_topics(facts, profile))}"),
        typed(facts.need),
        *_details(facts),
    ]
    blocks += [*_additions(facts, profile, reader), *_side(facts, reader)]
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


def own_line(each: RequestSummary, profile: Profile, now: datetime, reader: int) -> Block:
    """A request in a list of the requester's side: where it stands, what happens next, and which one it is."""
    word = escape(profile.requester_word(each.state))  # type: ignore[arg-type]
    topics = ", ".join(map(profile.topic_label, each.topics))
    text = f"*{each.label}* · *{word}*{from_whom(each, reader)}\n{_next(each, profile, now)}"
    details = button("Details", DETAILS, pressed(each.uid, each.version))
    return summary(text, topics, glimpse(each), accessory=details)


def care_message(profile: Profile, then: Message | None) -> Message:
    """For somebody who may need help now: whom to call, before anything else."""
    text = profile.notices.not_an_emergency
    return message(text, [words(text), *care_lines(profile), *(then.blocks if then else ())])


def mentioned(profile: Profile) -> Message:
    """To whoever mentions the app where others read along."""
    word = profile.commands.ta
    text = f"Only you can see this. Type {word} to ask for help, or {word} help to see what I can do."
    return message(text, [words(text)])


def _own_buttons(facts: RequestFacts, now: datetime, reader: int) -> list[dict[str, Any]]:
    value = pressed(facts.uid, facts.version)
    last = [leave_button(facts, reader)] if _is_colleague(facts, reader) else colleagues_button(facts)
    if facts.state in (rules.DELIVERED, rules.CLOSED):
        ended = facts.closed_at or facts.delivered_at
        soon = is_soon_after(ended, now)
        first = button("Reopen", REOPEN, value) if soon else button("Ask for help again", START)
        return [first, *last, more(facts)]
    sure = confirm(
        f"Withdraw {facts.label}?",
        f"Staff stop working on it. You can reopen it within {rules.REOPEN_WITHIN.days} days.",
        "Withdraw",
        "Keep it",
    )
    words = "Answer" if facts.question is not None else "Add details"
    style = "primary" if facts.question is not None else ""
    withdraw = (
        [] if _is_colleague(facts, reader) else [button("I no longer need it", WITHDRAW, value, confirm=sure)]
    )
    return [button(words, OPEN_ANSWER, value, style=style), *withdraw, *last, more(facts)]


def leave_button(facts: RequestFacts, reader: int) -> dict[str, Any]:
    about = "You no longer see it or get messages about it."
    sure = confirm(f"Leave {facts.label}?", about, "Leave", "Stay")
    return button("Leave", REMOVE_COLLEAGUE, f"{pressed(facts.uid, facts.version)}:{reader}", confirm=sure)


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
    return f"{owner} is working on it." if facts.owner else "Somebody else on staff will take it soon."


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
    blocks: list[Block] = []
    if facts.close_reason:
        blocks.append(context(f"Reason: {escape(profile.close_reason_label(facts.close_reason))}"))
    if facts.referral:
        blocks += [context("Who can help instead:"), typed(facts.referral)]
    return blocks


def _sentence(facts: ToldFacts, profile: Profile, reader: int) -> str:
    request, event = facts.request, facts.event
    name, number = (event.by.name if event.by else ""), request.label
    whose = f"{request.requester.name}'s" if _is_colleague(request, reader) else "your"
    yours = f"{whose} request {number}"
    cap = yours[:1].upper() + yours[1:]
    whom = event.whom.name if event.whom else "A colleague"
    asker = facts.asked.by.name if facts.asked and facts.asked.by else "Staff"
    due = day_and_time(request.first_reply_due, profile.time_zone)
    kept = _kept_for_them(request, reader)
    same = (
        f"it is the same as your {rules.label(kept.id)}"
        if kept
        else "we're already working on the same question"
    )
    sentences = {
        "take": f"{name} has taken {yours} and will get back to you.",
        "release": f"{whom} can't go on with {yours}. Somebody else will take it.",
        "assign": f"{whom} is now working on {yours}.",
        "cover": f"{whom} is now working on {yours}.",
        "route": f"{whom} is now working on {yours}.",
        "hand_over": f"{whom} is now working on {yours}.",
        "give_back": f"{cap} is back with the team. Somebody else will take it.",
        "late": f"We're late with {number}. We meant to reply by {due}. Call {profile.contact.phone} if it can't wait.",
        "nudge": f"{asker} still needs an answer about {number}:",
        "no_answer": f"We closed {yours} because we didn't hear back.",
        "ask": f"{name} has a question about {yours}:",
        "wait_partner": f"{name} is waiting to hear from a partner about {yours}.",
        "done": f"{name} has marked {yours} as done:",
        "close": f"{name} has closed {yours}.",
        "merge": f"{name} has closed {yours} because {same}.",
        "reopen": f"{cap} is open again.",
        "withdraw": f"{name} no longer needs {number} and has withdrawn it.",
        "solved": f"{name} found the answer to {number} in the library and closed it.",
        "undo": f"That was a mistake. {cap} is still open.",
    }
    return sentences.get(event.verb, f"There is news about {yours}.")
