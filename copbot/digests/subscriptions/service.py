"""What a member can do with their own digest: choose it, change it, pause, stop and start again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from copbot.delivery import service as delivery
from copbot.digests import rules as slots
from copbot.digests.editions import extras
from copbot.digests.editions.placing import is_stopped
from copbot.digests.editions.rules import STOPPED as HELD_BACK
from copbot.digests.editions.rules import EditionItem
from copbot.digests.rules import Schedule
from copbot.digests.subscriptions import rules, tables
from copbot.digests.subscriptions.rules import ACTIVE, PAUSED, STOPPED, PersonalDigest, Subscription
from copbot.digests.subscriptions.tables import PersonalRow, SubscriptionRow
from copbot.errors import Conflict, InvalidInput
from copbot.resources.library import service as library
from copbot.slack.person import Person
from copbot.store import Session, find_row, hold, hold_row, insert_once

PERSONAL = "digests.personal"
TOO_LATE = "too late"
_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)
NOT_CHOSEN = "You don't get a digest of your own yet."


def find(session: Session, person: Person, now: datetime) -> Subscription | None:
    row = find_row(session, SubscriptionRow, person_id=person.id)
    return None if row is None else _value(row, now)


def choose(session: Session, rhythm: str, *, person: Person, now: datetime) -> Subscription:
    """A digest of one's own from now on: Mondays at nine by one's own clock and all topics, unless chosen before."""
    if rhythm not in ("weekly", "monthly"):
        raise InvalidInput("Choose weekly or monthly.")
    row = _made(session, person, now)
    row.rhythm = rhythm
    return _activate(session, row, person, now)


def change(
    session: Session,
    schedule: Schedule,
    *,
    topics: Sequence[str],
    areas: Sequence[str],
    person: Person,
    now: datetime,
) -> Subscription:
    """All of it at once, as the form has it."""
    row = _made(session, person, now)
    row.rhythm, row.weekday, row.at = schedule.rhythm, schedule.weekday, f"{schedule.at:%H:%M}"
    row.topics, row.areas = list(topics), list(areas)
    return _activate(session, row, person, now)


def pause(session: Session, until: str, *, person: Person, now: datetime) -> Subscription:
    """Nothing until that day. Raises `InvalidInput` for a day that is not to come within a year."""
    row = _held(session, person)
    end = rules.paused_until(until, person.tz, now)
    if end is None:
        raise InvalidInput.at("until", "Choose a day after today, at most a year ahead.")
    row.state, row.paused_until = PAUSED, end
    session.flush()
    return _value(row, now)


def only_requests(session: Session, *, person: Person, now: datetime) -> None:
    """No digest, and nothing else that they did not ask for: what is about their own requests still comes."""
    row = find_row(session, SubscriptionRow, person_id=person.id)
    if row is not None and row.state != STOPPED:
        stop(session, person=person, now=now)
    delivery.silence(session, person.user)


def let_go(session: Session) -> int:
    """The subscriptions of people who left or whom no message reaches end, and so do their dead letters; how many."""
    letters = delivery.undeliverable(session, PERSONAL)
    for each in letters:
        delivery.unsay(session, each.subject, kind=PERSONAL)
    return tables.let_go(session, [each.to for each in letters])


def give_back(session: Session) -> int:
    """What a digest held that was too late to send comes with the next one; how many digests."""
    late = delivery.silent(session, PERSONAL, TOO_LATE)
    for subject in late:
        row = find_row(session, PersonalRow, uid=subject.partition(":")[2])
        if row is not None and row.extras.get("since"):
            since = datetime.fromisoformat(row.extras["since"])
            subscription = hold(session, SubscriptionRow, row.subscription_id)
            subscription.read_until = max(min(subscription.read_until, since), subscription.since)
        delivery.unsay(session, subject, kind=PERSONAL)
    return len(late)


def progress(session: Session, now: datetime) -> tuple[int, int]:
    """Of the digests that were due in the last day: how many are sent, and how many are to be."""
    return delivery.sent_of(session, PERSONAL, since=now - _DAY, until=now, reason=HELD_BACK)


def stop(session: Session, *, person: Person, now: datetime) -> Subscription:
    """No digest from now on; what was chosen is remembered."""
    row = _held(session, person)
    if row.state == STOPPED:
        raise Conflict("Your digest is stopped already.")
    row.state, row.paused_until = STOPPED, None
    session.flush()
    return _value(row, now)


def start(session: Session, *, person: Person, now: datetime) -> Subscription:
    """The digest again, with the old choices; it begins now and brings nothing older."""
    if find_row(session, SubscriptionRow, person_id=person.id) is None:
        return choose(session, "weekly", person=person, now=now)
    return _activate(session, _held(session, person), person, now)


def resume_pauses(session: Session, *, now: datetime) -> int:
    """Pauses whose day has come are over; how many."""
    rows = tables.pauses_over(session, now)
    for row in rows:
        row.state, row.paused_until, row.read_until = ACTIVE, None, now
        _reckon(session, row, now)
    return len(rows)


def follow_zones(session: Session, *, now: datetime, most: int = 200) -> int:
    """Members who live by another clock now get their digest by it; how many."""
    rows = tables.moved(session, most)
    for row, zone in rows:
        row.zone = zone
        _reckon(session, row, now)
    return len(rows)


def personal(session: Session, uid: str, now: datetime) -> PersonalDigest | None:
    """One digest with its resources as they are now; those that left the library are left out."""
    row = find_row(session, PersonalRow, uid=uid)
    if row is None:
        return None
    said = {int(ident): (str(section), str(why)) for ident, section, why in row.items}
    items = tuple(
        EditionItem(each, *said[each.id], dropped=False, gone=each.state != "published" or each.private)
        for each in library.by_ids(session, list(said))
    )
    chosen = _value(session.get_one(SubscriptionRow, row.subscription_id), now)
    beside = extras.loaded(session, row.extras)
    return PersonalDigest(row.uid, row.slot_at, chosen, items, beside, is_stopped(session))


def is_out(session: Session, uid: str) -> bool:
    """Whether it was posted already, so that it is only kept true."""
    return delivery.posted(session, PERSONAL, f"personal:{uid}") is not None


def followers(session: Session, after: int, most: int) -> list[tuple[int, str, list[str], list[str]]]:
    """Members who get a digest now: number, Slack user, topics and areas (empty: all); those after that number."""
    found = tables.followers(session, after, most)
    return [(row.id, user, row.topics, row.areas) for row, user in found]


def schedule_of(row: SubscriptionRow) -> Schedule:
    return slots.schedule_of(row.zone, row.rhythm, row.weekday, row.at)


def _made(session: Session, person: Person, now: datetime) -> SubscriptionRow:
    if find_row(session, SubscriptionRow, person_id=person.id) is None:
        values = {"person_id": person.id, "zone": person.tz, "state": STOPPED, "topics": [], "areas": []}
        insert_once(session, SubscriptionRow, **values, since=now, read_until=now, next_at=now)
    return _held(session, person)


def _held(session: Session, person: Person) -> SubscriptionRow:
    return hold_row(session, SubscriptionRow, NOT_CHOSEN, person_id=person.id)


def _activate(session: Session, row: SubscriptionRow, person: Person, now: datetime) -> Subscription:
    if row.state != ACTIVE:
        row.since = row.read_until = now
    row.state, row.paused_until, row.zone = ACTIVE, None, person.tz
    _reckon(session, row, now)
    return _value(row, now)


def _reckon(session: Session, row: SubscriptionRow, now: datetime) -> None:
    """When the next one is due: in a period that has none yet, and never for a time before it was chosen."""
    done = {period for _, period in tables.periods_of(session, row.id)}
    row.next_at = slots.next_slot(schedule_of(row), max(now, row.since), done).at
    session.flush()


def _value(row: SubscriptionRow, now: datetime) -> Subscription:
    """The next run is one to come, also while the last is on its way."""
    schedule, run = schedule_of(row), None
    if row.state == ACTIVE:
        run = row.next_at if row.next_at > now else slots.next_slot(schedule, now + _MINUTE).at
    return Subscription(schedule, tuple(row.topics), tuple(row.areas), row.state, row.paused_until, run)
