"""The room's entrances: answers after Done and what leads see of them, an answer to share, a suggestion of peers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from copbot.assistance.intake.listeners import open_form
from copbot.assistance.views import facts
from copbot.assistance.views.facts import RequestFacts
from copbot.assistance.views.staff_screens import PEER, SHARE
from copbot.assistance.workflow import screens as steps
from copbot.assistance.workflow.service import id_of
from copbot.errors import Conflict, NotAllowed
from copbot.followup import answers, peers, screens, service, tables
from copbot.followup.rules import QUESTIONS
from copbot.slack.answers import Answer, Block, Done, Open, Say, Update, View
from copbot.slack.blocks import say
from copbot.slack.entrances import Call, Entrance, number

MOST_COMMENTS = 20


def _pressed(call: Call) -> RequestFacts:
    """The request that a button names, whatever stands behind its uid."""
    return facts.one(call.session, id_of(call.session, call.value.partition(":")[0]), call.person, call.now)


def _of_form(call: Call) -> int:
    return id_of(call.session, str(call.meta.get("uid") or ""))


def open_rate(call: Call) -> Answer:
    found = _pressed(call)
    if service.has_answered(call.session, found.id):
        return Say(say(f"You have already answered about {found.label}. Thank you."))
    return Open(screens.rate_form(found.label, found.uid, call.profile))


def rate(call: Call) -> Answer:
    service.rate(
        call.session, request_id=_of_form(call), person=call.person,
        answers={name: call.form.one(name) for name in QUESTIONS}, comment=call.form.one("comment"),
        profile=call.profile, now=call.now,
    )  # fmt: skip
    return Update(screens.thanks())


def say_outcome(call: Call) -> Answer:
    uid, _, outcome = call.value.partition(":")
    ident = id_of(call.session, uid)
    service.say_outcome(call.session, request_id=ident, person=call.person, outcome=outcome, now=call.now)
    return Done()


def open_barrier(call: Call) -> Answer:
    found = _pressed(call)
    return Open(screens.barrier_form(found.label, found.uid, call.profile))


def say_barrier(call: Call) -> Answer:
    ident, said = _of_form(call), {name: call.form.one(name) for name in ("barrier", "words")}
    service.say_barrier(call.session, request_id=ident, person=call.person, **said, now=call.now)
    return Done()


def ask_again(call: Call) -> Answer:
    """Reopened where that is still possible; else a new request that begins with the old one's words."""
    found = _pressed(call)
    try:
        facts.check(call.session, found.id, "reopen", call.person, call.now)
    except (Conflict, NotAllowed):
        more = replace(call, value="", text=f"{found.need}\n\n(More on {found.label})")
        return open_form(more, confidential=found.confidential)
    return Open(steps.reopen_form(found.label, {"uid": found.uid, "version": found.version}, "Staff"))


# -- what leads see


def came_of_it(call: Call) -> Sequence[Block]:
    """In their Home."""
    return screens.overview(service.came_of_it(call.session))


def _details(call: Call) -> View:
    by_group, by_kind = (service.feedback_by(call.session, by) for by in ("group", "kind"))
    return screens.details(by_group, by_kind, tables.comments(call.session, MOST_COMMENTS), call.profile)


def see(call: Call) -> Answer:
    return Open(_details(call))


def remove_comment(call: Call) -> Answer:
    tables.remove_comment(call.session, call.value)
    return Update(_details(call))


# -- answers shared with everybody


def open_answer(call: Call) -> Answer:
    found = _pressed(call)
    answers.check(found)
    return call.show(screens.answer_form(found, answers.find(call.session, found.id), call.profile))


def write_answer(call: Call) -> Answer:
    ident = _of_form(call)
    found = answers.write(
        call.session, request_id=ident, question=call.form.one("question"), answer=call.form.one("answer"),
        topics=call.form.many("topics"), seen=number(call.meta.get("seen") or 0), person=call.person,
        profile=call.profile, now=call.now,
    )  # fmt: skip
    request = facts.one(call.session, ident, call.person, call.now)
    return Update(screens.answer_saved(request, found, call.profile))


def approve_answer(call: Call) -> Answer:
    uid, _, version = call.value.partition(":")
    answers.approve(
        call.session, request_id=id_of(call.session, uid), seen=number(version or 0), person=call.person,
        profile=call.profile, now=call.now,
    )  # fmt: skip
    return Done()


def leave_answer(call: Call) -> Answer:
    ident = id_of(call.session, call.value.partition(":")[0])
    answers.leave(call.session, request_id=ident, person=call.person, now=call.now)
    return Done()


# -- peers


def open_peers(call: Call) -> Answer:
    found = _pressed(call)
    listed = peers.candidates(call.session, found, call.profile, call.now)
    return call.show(screens.suggest_form(found, listed))


def suggest(call: Call) -> Answer:
    found = facts.one(call.session, _of_form(call), call.person, call.now)
    how: dict[str, Any] = {"person": call.person, "profile": call.profile, "now": call.now}
    peers.suggest(call.session, found=found, peer=number(call.form.one("peer")), **how)
    return Update(screens.suggested())


def answer_peer(call: Call) -> Answer:
    uid, _, says = call.value.partition(":")
    peers.answer(call.session, uid, says=says, person=call.person, profile=call.profile, now=call.now)
    return Done()


ENTRANCES = (
    Entrance("action", screens.OPEN_RATE, open_rate),
    Entrance("view", screens.RATED, rate, effect="write", free_text=("comment",), unnamed=True),
    Entrance("action", screens.SAY_OUTCOME, say_outcome, effect="write"),
    Entrance("action", screens.OPEN_BARRIER, open_barrier),
    Entrance("view", screens.BARRIER, say_barrier, effect="write", free_text=("words",)),
    Entrance("action", screens.AGAIN, ask_again),
    Entrance("action", screens.SEE, see, "lead"),
    Entrance("action", screens.REMOVE_COMMENT, remove_comment, "lead", "write"),
    Entrance("action", SHARE, open_answer, "staff"),
    Entrance("view", screens.WRITTEN, write_answer, "staff", "write", public_text=("question", "answer")),
    Entrance("action", screens.APPROVE, approve_answer, "staff", "write"),
    Entrance("action", screens.LEAVE, leave_answer, "staff", "write"),
    Entrance("action", PEER, open_peers, "staff"),
    Entrance("view", screens.SUGGESTED, suggest, "staff", "write"),
    Entrance("action", screens.ANSWER_PEER, answer_peer, effect="write"),
)
