"""The room's messages, loaded for their screens: questions after Done, shared answers, suggestions of peers."""

from __future__ import annotations

from collections.abc import Callable

from copbot.assistance.views import facts
from copbot.assistance.views.facts import RequestFacts
from copbot.delivery.readers import ANYBODY, Audience, Kinds, Readers
from copbot.delivery.render import Look, Notices, Render
from copbot.delivery.subject import Subject
from copbot.followup import answers, peers, rules, screens, service
from copbot.followup.rules import PeerMatch
from copbot.program.profile import Profile
from copbot.slack.answers import Message, Nothing
from copbot.store import Session

_GONE = Nothing("it is gone")
PeerScreen = Callable[[RequestFacts, PeerMatch, str, Profile], Message | Nothing]


def feedback(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = facts.notice(session, subject.number, look.now)
    if found is None:
        return _GONE
    answered = service.has_answered(session, found.id)
    if answered or rules.is_delivered_before_today(found.delivered_at, look.profile.hours, look.now):
        return screens.feedback(found, look.profile, answered=answered)
    return Nothing(service.NOT_YET)


def outcome(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = facts.notice(session, subject.number, look.now)
    if found is None:
        return _GONE
    said, barrier = service.outcome_of(session, found.id)
    if not said and found.delivered_at is None:
        return Nothing("it is open again")
    return screens.outcome(found, look.profile, said=said, barrier=barrier)


def offer(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = facts.notice(session, subject.number, look.now)
    if found is None or found.confidential or not found.may_share or found.delivered_at is None:
        return Nothing("it is not to be shared")
    return screens.offer(found, answers.find(session, found.id))


def answer_card(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found, answer = facts.notice(session, subject.number, look.now), answers.find(session, subject.number)
    return screens.answer_card(found, answer, look.profile) if found and answer else _GONE


def _of_peers(screen: PeerScreen) -> Render:
    """Nobody is told more of a request that has become confidential."""

    def render(session: Session, subject: Subject, look: Look) -> Message | Nothing:
        found = peers.find(session, subject.number, subject.detail, look.now)
        request = facts.notice(session, found.request_id, look.now) if found else None
        if found is None or request is None or request.confidential:
            return _GONE
        return screen(request, found, subject.detail, look.profile)

    return render


NOTICES: Notices = {
    service.FEEDBACK: feedback,
    service.OUTCOME: outcome,
    answers.OFFER: offer,
    answers.CARD: answer_card,
    peers.ASKED: _of_peers(screens.peer_asked),
    peers.INTRODUCED: _of_peers(screens.peers_introduced),
    peers.ENDED: _of_peers(screens.suggestion_ended),
}
READERS: Kinds = {
    **dict.fromkeys((service.FEEDBACK, service.OUTCOME, peers.ASKED, peers.INTRODUCED), ANYBODY),
    **dict.fromkeys((answers.OFFER, answers.CARD), Readers(Audience.STAFF, lambda *_: "A shared answer")),
    peers.ENDED: Readers(Audience.STAFF, lambda *_: "A suggestion of a peer"),
}
