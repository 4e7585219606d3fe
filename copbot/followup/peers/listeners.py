"""Entrances of peers: staff's form, and both people's answers."""

from __future__ import annotations

from copbot.assistance.views import facts
from copbot.assistance.views.facts import RequestFacts
from copbot.assistance.workflow.service import id_of
from copbot.followup.peers import screens, service
from copbot.slack.answers import Answer, Done, Update
from copbot.slack.entrances import Call, Entrance, number


def _request(call: Call, uid: str) -> RequestFacts:
    return facts.one(call.session, id_of(call.session, uid), call.person, call.now)


def open_form(call: Call) -> Answer:
    found = _request(call, call.value.partition(":")[0])
    peers = service.candidates(call.session, found, call.profile, call.now)
    return call.show(screens.suggest_form(found, peers))


def suggest(call: Call) -> Answer:
    found, peer = _request(call, str(call.meta.get("uid") or "")), number(call.form.one("peer"))
    service.suggest(
        call.session, found=found, peer=peer, person=call.person, profile=call.profile, now=call.now
    )
    return Update(screens.suggested())


def answer(call: Call) -> Answer:
    uid, _, says = call.value.partition(":")
    service.answer(call.session, uid, says=says, person=call.person, profile=call.profile, now=call.now)
    return Done()


ENTRANCES = (
    Entrance("action", screens.OPEN, open_form, "staff"),
    Entrance("view", screens.SUGGESTED, suggest, "staff", "write"),
    Entrance("action", screens.ANSWER, answer, effect="write"),
)
