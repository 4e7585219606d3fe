"""The register's messages: load what a message is about, hand it to its screen."""

from __future__ import annotations

from datetime import datetime

from copbot.assistance import rules, tables
from copbot.assistance.colleagues import screens as colleague_screens
from copbot.assistance.reminders import facts as reminders
from copbot.assistance.reminders import screens as reminder_screens
from copbot.assistance.reminders.rules import OpenCounts
from copbot.assistance.tables import EventRow
from copbot.assistance.upkeep import facts as departures
from copbot.assistance.upkeep import screens as departure_screens
from copbot.assistance.views import facts, requester_screens, staff_screens
from copbot.assistance.views.facts import RequestFacts, ToldFacts
from copbot.assistance.workflow import screens as steps
from copbot.delivery.readers import ANYBODY, Audience, Kinds, Readers
from copbot.delivery.render import Look, Notices
from copbot.delivery.subject import Subject
from copbot.resources.search.matching import matching
from copbot.slack.answers import Message, Nothing
from copbot.store import Session

GONE = Nothing("the request is gone")


def _request(session: Session, subject: Subject, look: Look) -> RequestFacts | None:
    return facts.notice(session, subject.number, look.now)


def _event(session: Session, subject: Subject, look: Look) -> ToldFacts | None:
    return facts.told(session, subject.number, look.now)


def notice(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = _request(session, subject, look)
    return GONE if found is None else staff_screens.notice(found, look.profile, look.now)


def receipt(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = _request(session, subject, look)
    if found is None:
        return GONE
    about = {"topics": found.topics, "areas": found.areas, "need": found.need, "profile": look.profile}
    reader = found.reader_id(look.to)
    may_solve = (
        matching(session, **about) if found.state in rules.OPEN and reader == found.requester.id else ()
    )
    return requester_screens.receipt(found, look.profile, look.now, may_solve, reader=reader)


def told(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = _event(session, subject, look)
    if found is None:
        return GONE
    return requester_screens.told(found, look.profile, found.request.reader_id(look.to))


def unshared(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = _event(session, subject, look)
    return GONE if found is None else colleague_screens.unshared(found)


def yours(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = _event(session, subject, look)
    return GONE if found is None else staff_screens.yours(found, look.profile)


def unrouted(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = _event(session, subject, look)
    return GONE if found is None else staff_screens.unrouted(found, look.profile)


def added(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = _event(session, subject, look)
    return GONE if found is None else staff_screens.added(found, look.profile)


def released(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    name, found, others = departures.released(session, subject, look.now)
    return departure_screens.released(found, name, look.profile, others) if found or others else GONE


def region(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    """Its subject is no request's: this line alone is for everybody on staff."""
    areas = tables.areas_of(session, (subject.number,)).get(subject.number, ())
    return staff_screens.confidential_line(areas, look.profile)


def unreached(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = _request(session, subject, look)
    return GONE if found is None else staff_screens.unreached(found)


def removed(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = _event(session, subject, look)
    if found is None:
        return GONE
    return steps.removed(found.event.by.name if found.event.by else "Somebody", found.request.label)


def late(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = reminders.late(session, subject, look.now)
    return reminder_screens.late(found, look.profile) if found else GONE


def today(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found, at = reminders.today(session, subject, look.now), datetime.fromisoformat(subject.detail)
    return reminder_screens.today(found, at, look.profile) if found else GONE


def summary(_session: Session, subject: Subject, _look: Look) -> Message | Nothing:
    return reminder_screens.summary(OpenCounts.unpacked(subject.detail))


def due_soon(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = _event(session, subject, look)
    return GONE if found is None else reminder_screens.due_soon(found, look.profile)


def _label(_session: Session, subject: Subject) -> str:
    return rules.label(subject.number)


def _label_of_event(session: Session, subject: Subject) -> str:
    event = session.get(EventRow, subject.number)
    return "" if event is None else rules.label(event.request_id)


READERS: Kinds = {
    "request.notice": Readers(Audience.STAFF, _label),
    "request.receipt": ANYBODY,  # their own words, or a colleague's
    "request.confidential": Readers(Audience.STAFF, lambda _session, _subject: "A confidential request"),
    "request.told": ANYBODY,
    "request.removed": ANYBODY,
    "request.unshared": ANYBODY,
    "request.yours": Readers(Audience.STAFF, _label_of_event),
    "request.unrouted": Readers(Audience.STAFF, _label_of_event),
    "request.added": Readers(Audience.STAFF, _label_of_event),
    "request.released": Readers(Audience.STAFF, lambda _session, _subject: "Requests that nobody has"),
    "request.unreached": Readers(Audience.STAFF, _label),
    "request.late": Readers(Audience.STAFF, lambda _session, _subject: "Late requests"),
    "request.today": Readers(Audience.STAFF, lambda _session, _subject: "Requests due today"),
    "request.due_soon": Readers(Audience.STAFF, _label_of_event),
    "request.summary": Readers(Audience.STAFF, lambda _session, _subject: "Open requests"),
}

NOTICES: Notices = {
    "request.notice": notice,
    "request.receipt": receipt,
    "request.confidential": region,
    "request.told": told,
    "request.removed": removed,
    "request.unshared": unshared,
    "request.yours": yours,
    "request.unrouted": unrouted,
    "request.added": added,
    "request.released": released,
    "request.unreached": unreached,
    "request.late": late,
    "request.today": today,
    "request.due_soon": due_soon,
    "request.summary": summary,
}
