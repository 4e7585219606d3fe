"""Entrances of shared answers: staff's form, a second person's approval, and leaving it."""

from __future__ import annotations

from copbot.assistance.views import facts
from copbot.assistance.workflow.service import id_of
from copbot.followup.answers import screens, service
from copbot.slack.answers import Answer, Done, Update
from copbot.slack.entrances import Call, Entrance, number


def _named(call: Call) -> tuple[int, int]:
    """Request and version, as a button of the card carries them."""
    uid, _, version = call.value.partition(":")
    return id_of(call.session, uid), number(version or 0)


def open_form(call: Call) -> Answer:
    found = facts.one(call.session, _named(call)[0], call.person, call.now)
    service.check(found)
    return call.show(screens.answer_form(found, service.find(call.session, found.id), call.profile))


def write(call: Call) -> Answer:
    ident = id_of(call.session, str(call.meta.get("uid") or ""))
    found = service.write(
        call.session, request_id=ident, question=call.form.one("question"), answer=call.form.one("answer"),
        topics=call.form.many("topics"), seen=number(call.meta.get("seen") or 0), person=call.person,
        profile=call.profile, now=call.now,
    )  # fmt: skip
    return Update(screens.saved(facts.one(call.session, ident, call.person, call.now), found, call.profile))


def approve(call: Call) -> Answer:
    ident, seen = _named(call)
    service.approve(
        call.session, request_id=ident, seen=seen, person=call.person, profile=call.profile, now=call.now
    )
    return Done()


def leave(call: Call) -> Answer:
    service.leave(call.session, request_id=_named(call)[0], person=call.person, now=call.now)
    return Done()


ENTRANCES = (
    Entrance("action", screens.OPEN, open_form, "staff"),
    Entrance("view", screens.WRITTEN, write, "staff", "write", public_text=("question", "answer")),
    Entrance("action", screens.APPROVE, approve, "staff", "write"),
    Entrance("action", screens.LEAVE, leave, "staff", "write"),
)
