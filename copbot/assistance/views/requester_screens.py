"""What the requester reads: the receipt that stays true, one message a move, and their request's page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from copbot.assistance import rules
from copbot.assistance.clocks.rules import is_soon_after
from copbot.assistance.views.staff_screens import (
    CONVERSATION,
    DETAILS,
    FOR_THEM,
    REMOVE_COLLEAGUE,
    REOPEN,
    added_details,
    additions,
    body,
    button_rows,
    called,
    colleagues_button,
    elsewhere,
    glimpse,
    how_it_came,
    more,
    see_other,
    seldom,
)
from copbot.program.deadlines import closed_until
from copbot.program.profile import Profile
from copbot.resources.search.screens import near
from copbot.resources.words import details, title_link
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, Message, View
from copbot.slack.text import day_and_time, escape, unformatted

if TYPE_CHECKING:
    from copbot.assistance.rules import Somebody
    from copbot.assistance.tables import OtherRequest
    from copbot.assistance.views.facts import EventFacts, RequestFacts, RequestSummary, ToldFacts
    from copbot.resources.search.rules import Found

OPEN_ANSWER, WITHDRAW, START = "request.open_answer", "request.withdraw", "request.start"
MORE, SOLVED, ADD_COLLEAGUE = "request.more", "request.solved", "request.add_colleague"


def closed_words(until: datetime, tz: str, profile: Profile) -> str:
    """What somebody in a hurry must know before anybody is in."""
    return f"*We're closed until {day_and_time(until, tz)}.* If it can't wait, call {escape(profile.contact.phone)}."


def care_lines(profile: Profile) -> list[Block]:
    return [
        kit.section(f"*{escape(line.name)}*: {escape(line.number)}\n{escape(line.text)}")
        for line in profile.hotlines
    ]


def receipt(
    facts: RequestFacts, profile: Profile, now: datetime, may_solve: Sequence[Found] = (), *, reader: int = 0
) -> Message:
    """The direct message that stands for the request as long as it lives. `may_solve`: what the library has on it.

    `reader`: the colleague who reads it; its requester, if it is none of them.
    """
    blocks = _body(facts, profile, reader or facts.requester.id)
    blocks += elsewhere(facts.areas, profile, FOR_THEM) if facts.state in rules.OPEN else []
    blocks.append(kit.context(_next(facts, profile, now)))
    if profile.is_urgent(facts.by_when) and not facts.first_reply_at and facts.state in rules.OPEN:
        until = closed_until(profile, now)
        blocks += [kit.section(closed_words(until, profile.time_zone, profile))] if until is not None else []
    blocks.append(kit.actions(_own_buttons(facts, now, reader)))
    blocks += _may_solve(facts, may_solve, profile)
    return kit.message(f"{facts.label}: {_word(facts, profile)}", blocks)


def _word(each: RequestSummary, profile: Profile) -> str:
    return profile.requester_word(each.state)  # type: ignore[arg-type]


def _body(facts: RequestFacts, profile: Profile, reader: int) -> list[Block]:
    """What was asked and written since, and who else is on it."""
    about = f"{facts.topic_words(profile)} · {facts.area_words(profile)}"
    blocks: list[Block] = [
        kit.section(f"*{facts.label}* · *{escape(_word(facts, profile))}*\n{escape(about)}"),
        kit.typed(facts.need),
    ]
    rows = added_details(facts)
    blocks += [kit.particulars(rows)] if any(rows.values()) else []
    blocks += additions(facts, profile, reader)
    if facts.solved is not None and facts.solved.why:
        title = unformatted(facts.solved.why)
        blocks.append(
            kit.context(f"{called(facts.solved.by, reader)} found the answer in the library: {title}")
        )
    return blocks + _side(facts, reader)


def _may_solve(facts: RequestFacts, resources: Sequence[Found], profile: Profile) -> list[Block]:
    """Resources to look at meanwhile, each with why it is here and a button that ends the request."""
    if not resources:
        return []
    blocks: list[Block] = [kit.divider(), kit.section("*This may help while you wait:*")]
    for each in resources:
        found = each.resource
        about = ", ".join(profile.topic_label(topic) for topic in facts.topics if topic in found.topics)
        why = " · ".join(filter(None, (f"About {about}", near(each.why, profile))))
        value = f"{facts.pressed}:{found.uid}"
        blocks.append(kit.section(f"{title_link(found)}\n{unformatted(why)}"))
        blocks.append(
            kit.actions([details(found), kit.button("This solved it", f"{SOLVED}:{found.uid}", value)])
        )
    return blocks


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
        lines.append(f"{called(facts.entered_by, reader)} entered this ({how_it_came(facts)}).")
    if facts.confidential:
        others = ", your colleagues on it" if names else ""
        lines.append(f":lock: Confidential: only you{others}, whoever has it and leads can read it.")
    return [kit.context(line) for line in lines]


def told(facts: ToldFacts, profile: Profile, reader: int = 0) -> Message:
    """What has just happened to their request, or to a colleague's, in plain words."""
    request, event, asked = facts.request, facts.event, facts.asked
    reader, text = reader or request.requester.id, _sentence(facts, profile, reader)
    blocks: list[Block] = [kit.words(text)]
    blocks += [kit.typed(asked.why)] if asked is not None and asked.why else []
    if event.verb in ("done", "close", "reopen") and event.why:
        blocks.append(kit.typed(event.why))
    if event.verb in ("done", "close"):
        blocks += _reason(request, profile)
    if asked is not None:
        blocks += _way_to_answer(request, asked, reader)
    elif event.verb in ("done", "close", "merge", "no_answer"):
        blocks += _way_back(facts)
    if (kept := _kept_for_them(request, reader)) is not None:
        blocks.append(kit.actions([see_other(kept)]))
    return kit.message(text, blocks)


def _kept_for_them(request: RequestFacts, reader: int) -> OtherRequest | None:
    """The request of their own that goes on in the place of this one."""
    kept = request.kept if not _is_colleague(request, reader) else None
    return kept if kept is not None and kept.requester_id == request.requester.id else None


def _way_to_answer(request: RequestFacts, asked: EventFacts, reader: int) -> list[Block]:
    if request.question is not None and request.question.id == asked.id:
        way = kit.context("Write your answer here, or press *Answer*.")
        return [way, kit.actions([kit.button("Answer", OPEN_ANSWER, request.pressed, style="primary")])]
    answer = next((each for each in request.events if each.verb == "answer" and each.id > asked.id), None)
    if answer is None:
        return [kit.context("No answer is needed anymore.")]
    who = called(answer.by, reader)
    return [
        kit.context("You have answered this. Thank you." if who == "You" else f"{who} has answered this.")
    ]


def _way_back(facts: ToldFacts) -> list[Block]:
    request, event = facts.request, facts.event
    if any(each.verb in ("reopen", "undo") and each.id > event.id for each in request.events):
        return [kit.context(f"{request.label} was opened again after this.")]
    days = rules.REOPEN_WITHIN.days
    way = kit.context(f"Not what you needed? You can reopen it within {days} days.")
    return [way, kit.actions([kit.button("Reopen", REOPEN, request.pressed)])]


def page(facts: RequestFacts, profile: Profile, now: datetime, *, staff: bool, reader: int) -> list[Block]:
    """One request in full: for `/ta status`, a Details button, or Home. `reader` is who looks at it."""
    own, written = _own_buttons(facts, now, reader), kit.button("Conversation", CONVERSATION, facts.pressed)
    history = kit.context(_history(facts, profile, reader))
    if staff:
        is_own = reader == facts.requester.id and facts.state in rules.OPEN
        rows = [*button_rows(facts, now), kit.actions([*seldom(facts), written])]
        return [*body(facts, profile), history, *rows, *([kit.actions(own)] if is_own else [])]
    blocks = _body(facts, profile, reader)
    if facts.question is not None:
        blocks += [kit.section("*We asked you:*"), kit.typed(facts.question.why)]
    said = facts.given or facts.close_words
    blocks += [kit.context("What staff wrote to you:"), kit.typed(said)] if said else []
    blocks += [*_reason(facts, profile), kit.context(_next(facts, profile, now))]
    return [*blocks, history, kit.actions([*own, written])]


def page_view(facts: RequestFacts, profile: Profile, now: datetime, *, staff: bool, reader: int) -> View:
    # Staff have a button “Close” that closes the request: the one that only leaves must not read the same.
    leave = "Back" if staff else "Close"
    return kit.notice(facts.label, page(facts, profile, now, staff=staff, reader=reader), close=leave)


def own_line(each: RequestSummary, profile: Profile, now: datetime, reader: int) -> Block:
    """A request in a list of the requester's side: where it stands, what happens next, and which one it is."""
    whose = "" if each.requester.id == reader else f" · from {unformatted(each.requester.name)}"
    word, next_ = escape(_word(each, profile)), _next(each, profile, now)
    details = kit.button("Details", DETAILS, each.pressed)
    text = f"*{each.label}* · *{word}*{whose}\n{next_}"
    return kit.summary(text, each.topic_words(profile), glimpse(each), accessory=details)


def care_message(profile: Profile, then: Message | None) -> Message:
    """For somebody who may need help now: whom to call, before anything else."""
    text = profile.notices.not_an_emergency
    return kit.say(text, *care_lines(profile), *(then.blocks if then else ()))


def mentioned(profile: Profile) -> Message:
    """To whoever mentions the app where others read along."""
    word = profile.commands.ta
    text = f"Only you can see this. Type {word} to ask for help, or {word} help to see what I can do."
    return kit.say(text)


def _own_buttons(facts: RequestFacts, now: datetime, reader: int) -> list[dict[str, Any]]:
    value, is_colleague = facts.pressed, _is_colleague(facts, reader)
    last = [_leave_button(facts, reader)] if is_colleague else colleagues_button(facts)
    if facts.state in rules.ENDED:
        is_soon = is_soon_after(facts.closed_at or facts.delivered_at, now)
        first = kit.button("Reopen", REOPEN, value) if is_soon else kit.button("Ask for help again", START)
        return [first, *last, more(facts)]
    first = kit.button("Add details", OPEN_ANSWER, value)
    if facts.question is not None:
        first = kit.button("Answer", OPEN_ANSWER, value, style="primary")
    about = f"Staff stop working on it. You can reopen it within {rules.REOPEN_WITHIN.days} days."
    sure = kit.confirm(f"Withdraw {facts.label}?", about, "Withdraw", "Keep it")
    withdraw = kit.button("I no longer need it", WITHDRAW, value, confirm=sure)
    return [first, *([] if is_colleague else [withdraw]), *last, more(facts)]


def _leave_button(facts: RequestFacts, reader: int) -> dict[str, Any]:
    about = "You no longer see it or get messages about it."
    sure = kit.confirm(f"Leave {facts.label}?", about, "Leave", "Stay")
    return kit.button("Leave", REMOVE_COLLEAGUE, f"{facts.pressed}:{reader}", confirm=sure)


def colleagues_form(facts: RequestFacts, agency: str, *, may_grow: bool, note: str = "") -> View:
    """Who is on it, each with a way off; and whom to add, as long as somebody else of the agency is known."""
    blocks: list[Block] = [kit.words(note)] if note else []
    blocks += [kit.words(each.name, accessory=_remove_button(facts, each)) for each in facts.colleagues]
    title, meta = f"Colleagues on {facts.label}"[:24], {"uid": facts.uid, "version": facts.version}
    if not agency:
        nobody = "This request isn't for an agency, so nobody can be added."
        return kit.notice(title, [*blocks, kit.words(nobody)])
    if not may_grow:
        nobody = f"Nobody else is listed with {agency} yet. A colleague can choose {agency} in Home, under About you."
        return kit.notice(title, [*blocks, kit.words(f"{nobody} Then add them here.")])
    hear = "They get the same messages as the person who asked, and can answer and add details."
    chooser: dict[str, Any] = {"type": "users_select", "action_id": "colleague"}
    blocks += [kit.context(hear), kit.field("colleague", f"Colleague at {agency}", chooser)]
    return kit.form(ADD_COLLEAGUE, title, blocks, submit="Add", close="Close", meta=meta)


def _remove_button(facts: RequestFacts, each: Somebody) -> dict[str, Any]:
    about = "They no longer see it or get messages about it. What they got is deleted."
    sure = kit.confirm(f"Remove {each.name}?", about, "Remove", "Keep")
    return kit.button("Remove", REMOVE_COLLEAGUE, f"{facts.pressed}:{each.id}", confirm=sure)


def left_view(number: str) -> View:
    return kit.notice(number, [kit.words(left_words(number))])


def left_words(number: str) -> str:
    return f"You left {number}. You won't get messages about it anymore."


def unshared(facts: ToldFacts) -> Message:
    name = facts.event.by.name if facts.event.by else "Staff"
    text = f"{name} removed you from {facts.request.label}. You won't get messages about it anymore."
    return kit.say(text)


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
    moves, zone = [each for each in facts.events if each.verb not in rules.REMINDERS], profile.time_zone
    deeds = [each.deed(reader) for each in moves[-6:]]
    return "\n".join(
        escape(f"{day_and_time(each.at, zone)}: {rules.deed_words(each, facts.id)}") for each in deeds
    )


def _reason(facts: RequestFacts, profile: Profile) -> list[Block]:
    blocks: list[Block] = []
    if facts.close_reason:
        blocks.append(kit.context(f"Reason: {escape(profile.close_reason_label(facts.close_reason))}"))
    if facts.referral:
        blocks += [kit.context("Who can help instead:"), kit.typed(facts.referral)]
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
    same = "we're already working on the same question"
    same = f"it is the same as your {rules.label(kept.id)}" if kept else same
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
