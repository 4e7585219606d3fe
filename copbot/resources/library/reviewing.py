"""Adding, deciding and looking again, and who hears of it: the library's verbs with the messages that go with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from copbot.delivery import service as delivery
from copbot.errors import Conflict, InvalidInput
from copbot.people import service as people
from copbot.program.profile import Profile
from copbot.resources.library import rules, service, tables
from copbot.resources.library.values import Resource, ResourceFields
from copbot.slack.person import Person
from copbot.store import Session

WAITING = "resources:waiting"
"""The subject of staff's message about suggestions."""
SHOWN = 8
"""Services in one message: each takes two blocks, and a message holds fifty."""


def add(
    session: Session, fields: ResourceFields, *, person: Person, profile: Profile, now: datetime
) -> Resource:
    """By hand. Staff are told of a suggestion, once a day for all. Raises `InvalidInput`, also for an address that is there."""
    same = service.doubles(session, ResourceFields(url=fields.url))
    if known := [each for each in same if each.state != rules.RETIRED]:
        raise InvalidInput.at("url", f"This address is in the library already: “{known[0].title}”.")
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
    _moved(session, before, profile, now)
    return count


def retire(session: Session, uid: str, *, by: Person, why: str, profile: Profile, now: datetime) -> None:
    """Out of the library; whoever suggested a draft is told why."""
    found = service.find(session, uid)
    service.retire(session, [uid], by=by.user, now=now, why=why)
    if found is not None:
        _moved(session, (found,), profile, now)


def mark_same(
    session: Session, uid: str, stays: str, *, person: Person, profile: Profile, now: datetime
) -> Resource:
    """`uid` is the same as `stays`: it is retired, and its sources and who saved it go to the other one."""
    if uid == stays:
        raise Conflict("That is the resource itself. Choose another one.")
    row, other = service.locked(session, uid), service.locked(session, stays)
    if other.same_as is not None:
        raise Conflict("That one is itself the same as another. Choose the one that stays.")
    before = (service.value_of(row),)
    tables.point_to(session, row.id, other.id)
    row.same_as = other.id
    service.move(session, row, rules.RETIRED, by=person.user, why="same as another resource", now=now)
    service.index_rows(session, [row])
    _moved(session, before, profile, now)
    return service.value_of(other)


def confirm(session: Session, uid: str, *, person: Person, profile: Profile, now: datetime) -> None:
    """Its owner, or staff, have looked: it is still right as of today."""
    row = service.locked(session, uid)
    row.reviewed_on = profile.today(now)
    if row.review_by is not None and row.review_by < row.reviewed_on:
        row.review_by = None
    row.version += 1
    row.updated_at = now
    service.note(session, row, person.user, now, "still right")
    _changed(session, (service.value_of(row),), profile, now)


def quarter_of(day: date) -> date:
    """The first day of its quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def quarters_subject(owner: str, quarter: date) -> str:
    return f"owner:{owner}:{quarter.isoformat()}"


def owners_to_ask(session: Session, quarter: date) -> list[str]:
    """Staff who look after a published service that nobody has reviewed since the quarter began."""
    staff = {each.user for each in people.staff_list(session)}
    return sorted(staff & tables.owners_of_unreviewed(session, quarter))


def unreviewed(session: Session, owner: str, quarter: date) -> tuple[tuple[Resource, ...], int]:
    """The first of an owner's services to confirm, and how many more there are."""
    rows = tables.unreviewed(session, owner, quarter)
    return tuple(map(service.value_of, rows[:SHOWN])), max(0, len(rows) - SHOWN)


def _moved(session: Session, before: Sequence[Resource], profile: Profile, now: datetime) -> None:
    """Who suggested what was a draft until now is told what became of it."""
    for each in before:
        if each.state == rules.DRAFT and each.origin == rules.MEMBER and each.created_by:
            about, key = f"resource:{each.uid}", f"resources.decided:{each.uid}"
            delivery.say(session, "resources.decided", about, to=each.created_by, key=key, now=now)
    _changed(session, before, profile, now)


def _changed(session: Session, of: Sequence[Resource], profile: Profile, now: datetime) -> None:
    """Messages that speak of these are drawn again."""
    quarter = quarter_of(profile.today(now))
    delivery.refresh(session, WAITING, now=now)
    for each in of:
        delivery.refresh(session, f"resource:{each.uid}", kind="resources.outdated", now=now)
        if each.owner:
            delivery.refresh(session, quarters_subject(each.owner, quarter), now=now)
