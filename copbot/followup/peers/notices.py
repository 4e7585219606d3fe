"""Messages about a suggestion, loaded for their screens."""

from __future__ import annotations

from copbot.assistance.views import facts
from copbot.assistance.views.facts import RequestFacts
from copbot.delivery.readers import ANYBODY, Audience, Kinds, Readers
from copbot.delivery.render import Look, Notices
from copbot.delivery.subject import Subject
from copbot.followup.peers import screens, service
from copbot.followup.peers.rules import PeerMatch
from copbot.slack.answers import Message, Nothing
from copbot.store import Session

_GONE = Nothing("it is gone")


def _both(session: Session, subject: Subject, look: Look) -> tuple[RequestFacts, PeerMatch] | None:
    found = service.find(session, subject.number, subject.detail, look.now)
    request = facts.notice(session, found.request_id, look.now) if found else None
    return None if found is None or request is None or request.confidential else (request, found)


def asked(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    both = _both(session, subject, look)
    return screens.asked(*both, subject.detail, look.profile) if both else _GONE


def introduced(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    both = _both(session, subject, look)
    return screens.introduced(*both, subject.detail, look.profile) if both else _GONE


def ended(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    both = _both(session, subject, look)
    return _GONE if both is None or both[1].is_matched else screens.ended(both[0])


NOTICES: Notices = {service.ASKED: asked, service.INTRODUCED: introduced, service.ENDED: ended}
READERS: Kinds = {
    **dict.fromkeys((service.ASKED, service.INTRODUCED), ANYBODY),
    service.ENDED: Readers(Audience.STAFF, lambda _session, _subject: "A suggestion of a peer"),
}
