"""This room's messages: load what they are about, hand it to the screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from copbot.delivery.readers import ANYBODY, Audience, Kinds, Readers
from copbot.delivery.render import Look, Notices, Render
from copbot.delivery.subject import Subject
from copbot.people import service as people
from copbot.resources.guide import screens as guide_screens
from copbot.resources.guide import service as guides
from copbot.resources.library import readers, reviewing, service, tables
from copbot.resources.library.screens import card, review
from copbot.resources.library.values import Resource
from copbot.resources.search import screens as search
from copbot.slack.answers import Message, Nothing
from copbot.store import Session

_GONE = Nothing("it is gone")


def shared(session: Session, subject: str, look: Look) -> Message | Nothing:
    _, uid, user = subject.split(":")
    found = service.find(session, uid)
    if found is None or found.state != "published":
        return _GONE
    return card.shared_message(found, people.name_of(session, user), look.profile)


def _drawn(screen: Callable[[Resource], Message]) -> Render:
    """A message about one resource."""

    def run(session: Session, subject: Subject, _look: Look) -> Message | Nothing:
        found = service.find(session, Subject(subject).ident)
        return _GONE if found is None else screen(found)

    return run


def useful(session: Session, subject: str, _look: Look) -> Message | Nothing:
    _, uid, month = subject.split(":")
    found = service.find(session, uid)
    if found is None:
        return _GONE
    since = date.fromisoformat(f"{month}-01")
    return card.found_useful(found, tables.counted(session, found.id, readers.USEFUL, since, until=since))


def waiting(session: Session, _subject: str, look: Look) -> Message | Nothing:
    return review.waiting(service.drafts(session), look.profile)


def still_right(session: Session, subject: str, look: Look) -> Message | Nothing:
    _, owner, quarter = subject.split(":")
    items, left = reviewing.unreviewed(session, owner, date.fromisoformat(quarter))
    is_over = reviewing.quarter_of(look.profile.today(look.now)).isoformat() != quarter
    if not look.posted and (is_over or not items):
        return Nothing("confirmed, or asked for the new quarter")
    return card.still_right(items, left, look.profile)


def gap(session: Session, subject: str, look: Look) -> Message | Nothing:
    _, month, topic, area = subject.split(":")
    number = tables.gap_count(session, date.fromisoformat(f"{month}-01"), topic, area)
    return search.gap_notice(topic, area, number, look.profile) if number else Nothing("nobody told")


def guide_file(session: Session, subject: str, look: Look) -> Message | Nothing:
    areas = Subject(subject).detail.split("+")
    if any(look.profile.area(each) is None for each in areas):
        return Nothing("no such place")
    found = guides.guide(session, areas, look.profile)
    return guide_screens.guide_file(found, look.profile, look.profile.today(look.now))


NOTICES: Notices = {
    "resources.shared": shared,
    "resources.outdated": _drawn(card.asks_owner),
    "resources.useful": useful,
    "resources.decided": _drawn(card.decided),
    "resources.waiting": waiting,
    "resources.still_right": still_right,
    "resources.gap": gap,
    guides.FILE: guide_file,
}

READERS: Kinds = {
    **dict.fromkeys(NOTICES, ANYBODY),
    "resources.waiting": Readers(Audience.LEADS, lambda _session, _subject: "Resources to review"),
}
