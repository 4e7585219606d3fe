"""Adding and deciding, and who hears of it: the library's verbs together with the messages that go with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from copbot.delivery import service as delivery
from copbot.errors import InvalidInput
from copbot.people import service as people
from copbot.program.profile import Profile
from copbot.resources.library import rules, service, upkeep
from copbot.resources.library.values import Resource, ResourceFields
from copbot.slack.person import Person
from copbot.store import Session

WAITING = "resources:waiting"
"""The subject of staff's message about suggestions."""


def add(
    session: Session, fields: ResourceFields, *, person: Person, profile: Profile, now: datetime
) -> Resource:
    """By hand. Staff are told of a suggestion, once a day for all. Raises `InvalidInput`, also for an address that is there."""
    known = [
        each
        for each in service.doubles(session, ResourceFields(url=fields.url))
        if each.state != rules.RETIRED
    ]
    if known:
        words = f"This address is in the library already: “{known[0].title}”."
        raise InvalidInput(words, {"url": words})
    made = service.add(session, fields, person=person, profile=profile, now=now)
    channel = people.notice_channel(session)
    if made.state == rules.DRAFT and channel is not None:
        key = f"resources.waiting:{profile.today(now)}"
        delivery.say(session, "resources.waiting", WAITING, to=channel, key=key, now=now)
    _changed(session, (made,), profile, now)
    return made


def publish(session: Session, uids: Sequence[str], *, by: Person, profile: Profile, now: datetime) -> int:
    """Into the library; whoever suggested one is told. How many."""
    before = [found for uid in uids if (found := service.find(session, uid)) is not None]
    count = service.publish(session, [each.uid for each in before], by=by.user, now=now, profile=profile)
    _tell_members(session, before, now)
    _changed(session, before, profile, now)
    return count


def retire(session: Session, uid: str, *, by: Person, why: str, profile: Profile, now: datetime) -> None:
    """Out of the library; whoever suggested a draft is told why."""
    found = service.find(session, uid)
    service.retire(session, [uid], by=by.user, now=now, why=why)
    if found is not None:
        _tell_members(session, (found,), now)
        _changed(session, (found,), profile, now)


def mark_same(
    session: Session, uid: str, stays: str, *, person: Person, profile: Profile, now: datetime
) -> Resource:
    before = service.find(session, uid)
    kept = service.mark_same(session, uid, stays, by=person.user, now=now)
    if before is not None:
        _tell_members(session, (before,), now)
        _changed(session, (before,), profile, now)
    return kept


def confirm(session: Session, uid: str, *, person: Person, profile: Profile, now: datetime) -> None:
    found = service.confirm(session, uid, person=person, profile=profile, now=now)
    _changed(session, (found,), profile, now)


def _tell_members(session: Session, before: Sequence[Resource], now: datetime) -> None:
    for each in before:
        if each.state == rules.DRAFT and each.origin == rules.MEMBER and each.created_by:
            subject = f"resource:{each.uid}"
            key = f"resources.decided:{each.uid}"
            delivery.say(session, "resources.decided", subject, to=each.created_by, key=key, now=now)


def _changed(session: Session, of: Sequence[Resource], profile: Profile, now: datetime) -> None:
    """Messages that speak of these are drawn again."""
    quarter = upkeep.quarter_of(profile.today(now))
    delivery.refresh(session, WAITING, now=now)
    for each in of:
        delivery.refresh(session, f"resource:{each.uid}", kind="resources.outdated", now=now)
        if each.owner:
            delivery.refresh(session, upkeep.subject_of(each.owner, quarter), now=now)
