"""The register's messages: load what a message is about, hand it to its screen."""

from __future__ import annotations

from copbot.assistance import facts
from copbot.assistance.facts import RequestFacts, ToldFacts
from copbot.assistance.screens import requester, staff
from copbot.assistance.upkeep import facts as departures
from copbot.delivery.render import Look, Notices
from copbot.delivery.subject import Subject
from copbot.slack.answers import Message, Nothing
from copbot.store import Session

GONE = Nothing("the request is gone")


def _request(session: Session, subject: Subject, look: Look) -> RequestFacts | None:
    return facts.notice(session, subject.number, look.now)


def _event(session: Session, subject: Subject, look: Look) -> ToldFacts | None:
    return facts.told(session, subject.number, look.now)


def notice(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = _request(session, subject, look)
    return GONE if found is None else staff.notice(found, look.profile, look.now)


def receipt(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = _request(session, subject, look)
    return GONE if found is None else requester.receipt(found, look.profile, look.now)


def told(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = _event(session, subject, look)
    return GONE if found is None else requester.told(found, look.profile)


def yours(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = _event(session, subject, look)
    return GONE if found is None else staff.yours(found, look.profile)


def added(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = _event(session, subject, look)
    return GONE if found is None else staff.added(found, look.profile)


def released(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    name, found = departures.released(session, subject, look.now)
    return staff.released(found, name, look.profile) if found else GONE


def unreached(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = _request(session, subject, look)
    return GONE if found is None else staff.unreached(found)


NOTICES: Notices = {
    "request.notice": notice,
    "request.receipt": receipt,
    "request.told": told,
    "request.yours": yours,
    "request.added": added,
    "request.released": released,
    "request.unreached": unreached,
}
