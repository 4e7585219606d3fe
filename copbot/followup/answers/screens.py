"""An answer to share: the offer to whoever had the request, the form, and staff's card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copbot.assistance.views.staff_screens import SHARE
from copbot.followup.answers.rules import PUBLISHED, WAITING, SharedAnswer, places_in
from copbot.people import fields
from copbot.program.language import suggestions
from copbot.program.profile import Profile
from copbot.resources.library.rules import LONGEST_SUMMARY
from copbot.slack.answers import Block, Message, View
from copbot.slack.blocks import (
    actions,
    button,
    confirm,
    context,
    field,
    form,
    header,
    message,
    particulars,
    text_input,
    typed,
    words,
)
from copbot.slack.text import escape

if TYPE_CHECKING:
    from copbot.assistance.views.facts import RequestFacts

LONGEST_QUESTION = 150
OPEN, WRITTEN, APPROVE, LEAVE = (
    SHARE, "followup.written", "followup.approve_answer", "followup.leave_answer",
)  # fmt: skip


def offer(facts: RequestFacts, drafted: SharedAnswer | None) -> Message:
    text = f"{facts.requester.name} agreed that the answer to {facts.label} may be shared without names."
    if drafted is not None:
        return message(text, [words(text), context("A draft is in the staff channel.")])
    asks = button("Draft a shared answer", OPEN, facts.uid, style="primary")
    return message(
        text, [words(f"{text} Write it for others, and somebody else approves it."), actions([asks])]
    )


def answer_form(facts: RequestFacts, found: SharedAnswer | None, profile: Profile) -> View:
    """Beside what was asked and given, so that nothing but what others need is written down."""
    question = text_input("question", first=found.question if found else "", most=LONGEST_QUESTION)
    answer = text_input("answer", first=found.answer if found else "", long=True, most=LONGEST_SUMMARY)
    blocks: list[Block] = [context("They asked:"), typed(facts.need)]
    blocks += [context("We wrote:"), typed(facts.given)] if facts.given else []
    blocks += [
        context(f"{escape(profile.notices.client_data)} Leave out who asked, their agency and their place."),
        field("question", "Question, as others would ask it", question),
        field("answer", "Answer", answer),
        fields.topics(profile, found.topics if found else facts.topics, label="Topics") | {"optional": False},
    ]
    meta = {"uid": facts.uid, "seen": found.version if found else 0}
    return form(WRITTEN, "Share an answer", blocks, submit="Save", meta=meta)


def saved(facts: RequestFacts, found: SharedAnswer, profile: Profile) -> View:
    line = "Saved. Its card is in the staff channel. It goes into the library when somebody else approves it."
    return form("notice", "Saved", [words(line), *_hints(facts, found, profile)], close="Close")


def card(facts: RequestFacts, found: SharedAnswer, profile: Profile) -> Message:
    """In the staff channel: how it stands, what everybody would read, and what can be done with it."""
    status = (
        f"{found.author} drafted an answer to share. It goes into the library when somebody else approves it."
    )
    if found.state != WAITING:
        by = f"approved by {found.approver}"
        if found.author == found.approver:
            by = "approved by themselves, with a ten-minute hold: there are fewer than three staff"
        where = " It is in the library, and goes into the next digest." if found.state == PUBLISHED else ""
        status = f"Written by {found.author}, {by}.{where}"
    topics = ", ".join(map(profile.topic_label, found.topics))
    blocks = [header(found.question), words(status), typed(found.answer), particulars({"Topics": topics})]
    if found.state == WAITING:
        blocks += _hints(facts, found, profile)
    value = f"{facts.uid}:{found.version}"
    sure = confirm(
        "Share this answer?", "Everybody can read it, and it goes into the next digest.", "Approve"
    )
    first = [button("Approve", APPROVE, value, style="primary", confirm=sure), button("Change", OPEN, value)]
    if found.state != PUBLISHED:
        blocks.append(
            actions([*(first if found.state == WAITING else []), button("Don’t share", LEAVE, value)])
        )
    return message(f"Shared answer: {found.question}", blocks)


def _hints(facts: RequestFacts, found: SharedAnswer, profile: Profile) -> list[Block]:
    """What staff may want to put differently, while they still can."""
    text = f"{found.question}\n{found.answer}"
    said = [*places_in(text, map(profile.area_label, facts.areas)), *suggestions(text, profile.person_first)]
    return [context(*map(escape, said))] if said else []
