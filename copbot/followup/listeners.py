"""Entrances after Done: answers without a name, what came of it, and what leads see."""

from __future__ import annotations

from dataclasses import replace

from copbot.assistance.intake.listeners import open_form
from copbot.assistance.views import facts
from copbot.assistance.views.facts import RequestFacts
from copbot.assistance.workflow import screens as steps
from copbot.assistance.workflow.service import id_of
from copbot.errors import Conflict, NotAllowed
from copbot.followup import screens, service
from copbot.followup.rules import QUESTIONS
from copbot.slack.answers import Answer, Done, Open, Say, Update, View
from copbot.slack.blocks import say
from copbot.slack.entrances import Call, Entrance


def _request(call: Call) -> RequestFacts:
    """The one that the pressed button names, whatever stands behind its uid."""
    return facts.one(call.session, id_of(call.session, call.value.partition(":")[0]), call.person, call.now)


def open_rate(call: Call) -> Answer:
    found = _request(call)
    if service.has_answered(call.session, found.id):
        return Say(say(f"You have already answered about {found.label}. Thank you."))
    return Open(screens.rate_form(found.label, found.uid, call.profile))


def rate(call: Call) -> Answer:
    service.rate(
        call.session, request_id=id_of(call.session, str(call.meta.get("uid"))), person=call.person,
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
    found = _request(call)
    return Open(screens.barrier_form(found.label, found.uid, call.profile))


def say_barrier(call: Call) -> Answer:
    ident = id_of(call.session, str(call.meta.get("uid")))
    barrier, words = call.form.one("barrier"), call.form.one("words")
    service.say_barrier(
        call.session, request_id=ident, person=call.person, barrier=barrier, words=words, now=call.now
    )
    return Done()


def ask_again(call: Call) -> Answer:
    """Reopened where that is still possible; else a new request that begins with the old one's words."""
    found = _request(call)
    try:
        facts.check(call.session, found.id, "reopen", call.person, call.now)
    except (Conflict, NotAllowed):
        more = replace(call, value="", text=f"{found.need}\n\n(More on {found.label})")
        return open_form(more, confidential=found.confidential)
    return Open(steps.reopen_form(found.label, {"uid": found.uid, "version": found.version}, "Staff"))


def _details(call: Call) -> View:
    by_group, by_kind = (service.feedback_by(call.session, by) for by in ("group", "kind"))
    return screens.details(by_group, by_kind, service.comments(call.session), call.profile)


def see(call: Call) -> Answer:
    return Open(_details(call))


def remove_comment(call: Call) -> Answer:
    service.remove_comment(call.session, call.value)
    return Update(_details(call))


ENTRANCES = (
    Entrance("action", screens.OPEN_RATE, open_rate),
    Entrance("view", screens.RATED, rate, effect="write", free_text=("comment",), unnamed=True),
    Entrance("action", screens.SAY_OUTCOME, say_outcome, effect="write"),
    Entrance("action", screens.OPEN_BARRIER, open_barrier),
    Entrance("view", screens.BARRIER, say_barrier, effect="write", free_text=("words",)),
    Entrance("action", screens.AGAIN, ask_again),
    Entrance("action", screens.SEE, see, "lead"),
    Entrance("action", screens.REMOVE_COMMENT, remove_comment, "lead", "write"),
)
