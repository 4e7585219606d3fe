"""What a member can do with their own digest: choose it, change it, pause, stop and start again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import cast

from copbot.delivery import service as delivery
from copbot.digests import rules as slots
from copbot.digests.editions import extras
from copbot.digests.editions.placing import is_stopped
from copbot.digests.editions.rules import STOPPED as HELD_BACK
from copbot.digests.editions.values import EditionItem
from copbot.digests.rules import Rhythm, Schedule
from copbot.digests.subscriptions import rules, tables
from copbot.digests.subscriptions.rules import ACTIVE, PAUSED, STOPPED
from copbot.digests.subscriptions.tables import PersonalRow, SubscriptionRow
from copbot.digests.subscriptions.values import PersonalDigest, Subscription
from copbot.errors import Conflict, InvalidInput, NotFound
from copbot.resources.library import service as library
from copbot.slack.person import Person
from copbot.store import Session, hold

PERSONAL = "digests.personal"
TOO_LATE = "too late"
_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)
NOT_CHOSEN = "You don’t get a digest of your own yet."


def find(session: Session, person: Person, now: datetime) -> Subscription | None:
    row = tables.of_person(session, person.id)
    return None if row is None else _value(row, now)


def choose(session: Session, rhythm: str, *, person: Person, now: datetime) -> Subscription:
    """A digest of one's own from now on: Mondays at nine by one's own clock and all topics, unless chosen before."""
    if rhythm not in ("weekly", "monthly"):
        raise InvalidInput("Choose weekly or monthly.")
    row = _made(session, person, now)
    row.rhythm = rhythm
    _activate(session, row, person, now)
    return _value(row, now)


def change(
    session: Session,
    *,
    rhythm: str,
    weekday: int,
    at: str,
    topics: Sequence[str],
    areas: Sequence[str],
    person: Person,
    now: datetime,
) -> Subscription:
    """All of it at once, as the form has it."""
    try:
        wall = time.fromisoformat(at)
    except ValueError:
        raise InvalidInput("Choose a time of day.", {"at": "Choose a time of day."}) from None
    if rhythm not in ("weekly", "monthly") or not 0 <= weekday <= 6:
        raise InvalidInput("Choose how often and on which day.")
    row = _made(session, person, now)
    row.rhythm, row.weekday, row.at = rhythm, weekday, f"{wall:%H:%M}"
    row.topics, row.areas = list(topics), list(areas)
    _activate(session, row, person, now)
    return _value(row, now)


def pause(session: Session, until: str, *, person: Person, now: datetime) -> Subscription:
    """Nothing until that day. Raises `InvalidInput` for a day that is not to come within a year."""
    row = _held(session, person)
    end = rules.paused_until(until, person.tz, now)
    if end is None:
        words = "Choose a day after today, at most a year ahead."
        raise InvalidInput(words, {"until": words})
    row.state, row.paused_until = PAUSED, end
    session.flush()
    return _value(row, now)


def only_requests(session: Session, *, person: Person, now: datetime) -> None:
    """No digest, and nothing else that they did not ask for: what is about their own requests still comes."""
    row = tables.of_person(session, person.id)
    if row is not None and row.state != STOPPED:
        stop(session, person=person, now=now)
    delivery.silence(session, person.user)


def everything(session: Session, *, person: Person) -> None:
    """What the program sends reaches them again. The digest stays stopped until they start it."""
    delivery.unsilence(session, person.user)


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
        row = tables.personal(session, subject.partition(":")[2])
        since = (
            datetime.fromisoformat(str(row.extras.get("since", "")))
            if row and row.extras.get("since")
            else None
        )
        if row is not None and since is not None:
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
    if tables.of_person(session, person.id) is None:
        return choose(session, "weekly", person=person, now=now)
    row = _held(session, person)
    _activate(session, row, person, now)
    return _value(row, now)


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
    row = tables.personal(session, uid)
    if row is None:
        return None
    subscription = session.get_one(SubscriptionRow, row.subscription_id)
    beside = extras.loaded(session, row.extras)
    return PersonalDigest(
        row.uid, row.slot_at, _value(subscription, now), _items(session, row), beside, is_stopped(session)
    )


def is_out(session: Session, uid: str) -> bool:
    """Whether it was posted already, so that it is only kept true."""
    return delivery.posted(session, PERSONAL, f"personal:{uid}") is not None


def followers(
    session: Session, after: int, most: int
) -> tuple[tuple[int, str, frozenset[str], frozenset[str]], ...]:
    """Members who get a digest now: number, Slack user, topics and areas (empty: all); those after that number."""
    found = tables.followers(session, after, most)
    return tuple((row.id, user, frozenset(row.topics), frozenset(row.areas)) for row, user in found)


def counts(session: Session) -> dict[str, int]:
    """How many members get one, have paused, have stopped."""
    return tables.counts(session)


def schedule_of(row: SubscriptionRow) -> Schedule:
    return Schedule(row.zone, cast("Rhythm", row.rhythm), row.weekday, time.fromisoformat(row.at))


def _items(session: Session, row: PersonalRow) -> tuple[EditionItem, ...]:
    said = {int(ident): (str(section), str(why)) for ident, section, why in row.items}
    found = library.by_ids(session, list(said))
    return tuple(
        EditionItem(each, *said[each.id], dropped=False, gone=each.state != "published" or each.private)
        for each in found
    )


def _made(session: Session, person: Person, now: datetime) -> SubscriptionRow:
    values = {"person_id": person.id, "zone": person.tz, "since": now, "read_until": now, "next_at": now}
    lists: dict[str, list[str]] = {"topics": [], "areas": []}
    defaults = {"rhythm": "weekly", "weekday": 0, "at": "09:00", "state": STOPPED}
    if tables.of_person(session, person.id) is None:
        tables.make(session, {**values, **lists, **defaults})
    return _held(session, person)


def _held(session: Session, person: Person) -> SubscriptionRow:
    row = tables.of_person(session, person.id)
    if row is None:
        raise NotFound(NOT_CHOSEN)
    return hold(session, SubscriptionRow, row.id)


def _activate(session: Session, row: SubscriptionRow, person: Person, now: datetime) -> None:
    if row.state != ACTIVE:
        row.since = row.read_until = now
    row.state, row.paused_until, row.zone = ACTIVE, None, person.tz
    _reckon(session, row, now)


def _reckon(session: Session, row: SubscriptionRow, now: datetime) -> None:
    """When the next one is due: in a period that has none yet, and never for a time before it was chosen."""
    done = tables.periods(session, row.id)
    row.next_at = slots.next_slot(schedule_of(row), max(now, row.since), done).at
    session.flush()


def _value(row: SubscriptionRow, now: datetime) -> Subscription:
    """The next run is one to come, also while the last is on its way."""
    schedule, run = schedule_of(row), None
    if row.state == ACTIVE:
        run = row.next_at if row.next_at > now else slots.next_slot(schedule, now + _MINUTE).at
    return Subscription(schedule, tuple(row.topics), tuple(row.areas), row.state, row.paused_until, run)
