"""The register's messages: load what a message is about, hand it to its screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from copbot.assistance import rules, tables
from copbot.assistance.tables import EventRow
from copbot.assistance.upkeep import screens as upkeep
from copbot.assistance.upkeep.reminders import ALL, LATE, STAFF, STILL_LATE
from copbot.assistance.upkeep.tables import requests_of_events, told_at
from copbot.assistance.views import facts, requester_screens, staff_screens
from copbot.assistance.views.facts import RequestFacts, RequestSummary, ToldFacts
from copbot.assistance.views.lists import readable
from copbot.assistance.workflow import screens as steps
from copbot.delivery.readers import ANYBODY, Audience, Kinds, Readers
from copbot.delivery.render import Look, Notices, Render
from copbot.delivery.subject import Subject
from copbot.people import service as people
from copbot.resources.search.rules import Found
from copbot.resources.search.service import matching
from copbot.slack.answers import Message, Nothing
from copbot.store import Session

GONE = Nothing("the request is gone")


def _of_request(draw: Callable[[RequestFacts, Look], Message]) -> Render:
    def render(session: Session, subject: Subject, look: Look) -> Message | Nothing:
        found = facts.notice(session, subject.number, look.now)
        return GONE if found is None else draw(found, look)

    return render


def _of_event(draw: Callable[[ToldFacts, Look], Message]) -> Render:
    def render(session: Session, subject: Subject, look: Look) -> Message | Nothing:
        found = facts.told(session, subject.number, look.now)
        return GONE if found is None else draw(found, look)

    return render


def receipt(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = facts.notice(session, subject.number, look.now)
    if found is None:
        return GONE
    reader, may_solve = found.reader_id(look.to), tuple[Found, ...]()
    if found.state in rules.OPEN and reader == found.requester.id:
        topics, areas, need = found.topics, found.areas, found.need
        may_solve = matching(session, topics=topics, areas=areas, need=need, profile=look.profile)
    return requester_screens.receipt(found, look.profile, look.now, may_solve, reader=reader)


def released(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    """The subject names who left, and when. Of what is confidential only the number is said."""
    ids = requests_of_events(session, "release", subject.number, datetime.fromisoformat(subject.detail))
    found, name = readable(session, ids, look.now), people.person_of(session, subject.number).name
    others = len(set(ids)) - len(found)
    return upkeep.released(found, name, look.profile, others) if ids else GONE


def region(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    """Its subject is no request's: this line alone is for everybody on staff."""
    areas = tables.areas_of(session, (subject.number,)).get(subject.number, ())
    return staff_screens.confidential_line(areas, look.profile)


def _late(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    whom = None if subject.ident in (ALL, STAFF) else subject.number
    found = _told_at(session, (STILL_LATE, *(each.verb for each in LATE)), subject, whom, look.now)
    return upkeep.late(found, look.profile) if found else GONE


def _today(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = _told_at(session, ("due_today",), subject, subject.number, look.now).get("due_today")
    return upkeep.today(found, datetime.fromisoformat(subject.detail), look.profile) if found else GONE


def _told_at(
    session: Session, verbs: tuple[str, ...], subject: Subject, whom: int | None, now: datetime
) -> dict[str, tuple[RequestSummary, ...]]:
    """What had run out at the subject's moment, by event: all of it, or what one person had."""
    told = told_at(session, verbs, datetime.fromisoformat(subject.detail), whom)
    reader, is_lead = whom or 0, subject.ident == ALL
    theirs = partial(readable, session, now=now, reader=reader, is_lead=is_lead)
    lists = {verb: theirs(told[verb]) for verb in verbs if verb in told}
    return {verb: found for verb, found in lists.items() if found}


def _label_of_event(session: Session, subject: Subject) -> str:
    event = session.get(EventRow, subject.number)
    return "" if event is None else rules.label(event.request_id)


def _named(words: str) -> Readers:
    return Readers(Audience.STAFF, lambda _session, _subject: words)


_OF_REQUEST = Readers(Audience.STAFF, lambda _session, subject: rules.label(subject.number))
_OF_EVENT = Readers(Audience.STAFF, _label_of_event)
_KINDS: dict[str, tuple[Readers, Render]] = {
    "notice": (_OF_REQUEST, _of_request(lambda of, look: staff_screens.notice(of, look.profile, look.now))),
    "receipt": (ANYBODY, receipt),  # their own words, or a colleague's
    "confidential": (_named("A confidential request"), region),
    "told": (
        ANYBODY,
        _of_event(lambda of, look: requester_screens.told(of, look.profile, of.request.reader_id(look.to))),
    ),
    "removed": (
        ANYBODY,
        _of_event(
            lambda of, _: steps.removed(of.event.by.name if of.event.by else "Somebody", of.request.label)
        ),
    ),
    "unshared": (ANYBODY, _of_event(lambda of, _: requester_screens.unshared(of))),
    "yours": (_OF_EVENT, _of_event(lambda of, look: staff_screens.yours(of, look.profile))),
    "unrouted": (_OF_EVENT, _of_event(lambda of, look: staff_screens.unrouted(of, look.profile))),
    "added": (_OF_EVENT, _of_event(lambda of, look: staff_screens.added(of, look.profile))),
    "released": (_named("Requests that nobody has"), released),
    "unreached": (_OF_REQUEST, _of_request(lambda of, _: staff_screens.unreached(of))),
    "late": (_named("Late requests"), _late),
    "today": (_named("Requests due today"), _today),
    "due_soon": (_OF_EVENT, _of_event(lambda of, look: upkeep.due_soon(of, look.profile))),
    "summary": (
        _named("Open requests"),
        lambda _session, of, _look: upkeep.summary(*map(int, of.detail.split("."))),
    ),
}
"""Who may read each kind of message, and how it is drawn."""
READERS: Kinds = {f"request.{kind}": readers for kind, (readers, _) in _KINDS.items()}
NOTICES: Notices = {f"request.{kind}": render for kind, (_, render) in _KINDS.items()}
