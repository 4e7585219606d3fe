"""What staff can do with alerts: write one, approve what somebody else wrote, correct it, end it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import NamedTuple

from copbot.alerts import rules, tables
from copbot.alerts.rules import APPROVED, WAITING, WITHDRAWN, Alert
from copbot.alerts.tables import AlertRow
from copbot.communities import service as communities
from copbot.delivery import service as delivery
from copbot.errors import Conflict, InvalidInput, NotAllowed
from copbot.jobs import service as jobs
from copbot.people import service as people
from copbot.people.rules import second_look
from copbot.program.profile import Profile
from copbot.slack.person import Person
from copbot.slack.text import visible
from copbot.store import Session, find_row, hold, need_row

CARD, ALERT, CORRECTION, SEND = "alerts.card", "alerts.alert", "alerts.correction", "alerts.send"
_PAGE, _MOST_LOOKS = 500, 30
EMPTY = "Please fill this in."


class DigestReaders(NamedTuple):
    """The channels that leads named; and members who chose a digest: number, user, topics, areas, by pages.

    A page: (session, after this number, at most so many).
    """

    channels: Callable[[Session], Sequence[str]]
    members: Callable[[Session, int, int], Sequence[tuple[int, str, Collection[str], Collection[str]]]]


def write(
    session: Session, readers: DigestReaders, texts: Mapping[str, str], *, topics: Sequence[str], areas: Sequence[str],
    uid: str, version: int, person: Person, profile: Profile, now: datetime,
) -> Alert:  # fmt: skip
    """A new alert, or with `uid` other words for one that waits; whoever wrote last is its writer. Staff get its card.

    `texts`: seen, source, todo, until (a day). Raises `InvalidInput` by field; `Conflict` when `version` is outdated.
    """
    ends = rules.expires_at(texts["until"], profile.time_zone, now)
    faults = {name: EMPTY for name, text in texts.items() if not visible(text)}
    faults |= {} if topics else {"topics": "Choose at least one topic."}
    faults |= {} if ends else {"until": f"Choose a day within the next {rules.MOST_DAYS} days."}
    if faults or ends is None:
        raise InvalidInput(next(iter(faults.values())), faults)
    channel = people.staff_channel(session).id
    if not channel:
        raise Conflict(
            "Nobody can approve this yet. An administrator needs to set the staff channel in Home first."
        )
    row = _waiting(session, uid, version) if uid else AlertRow(version=0)
    row.seen, row.source, row.todo = (texts[name].strip() for name in ("seen", "source", "todo"))
    row.topics, row.areas, row.expires_at, row.by, row.at = list(topics), list(areas), ends, person.user, now
    row.channels = _channels(session, row, readers)
    row.members = len(_members(session, row, readers, profile))
    session.add(row)
    session.flush()
    delivery.say(session, CARD, f"alert:{row.uid}", to=channel, key=f"{CARD}:{row.uid}", now=now, urgent=True)
    return _changed(session, row, now)


def approve(session: Session, uid: str, version: int, *, person: Person, now: datetime) -> Alert:
    """It goes out when the rule of the second look says so. Raises `NotAllowed`, and `Conflict` when it was changed."""
    row = _held(session, uid)
    if row.state == APPROVED and row.approved_by == person.user:
        return _value(row, now)  # a second tap
    row = _waiting(session, uid, version)
    if row.expires_at <= now:
        raise Conflict("The last day of this alert has passed. Write a new one.")
    staff = len(people.staff_list(session))
    row.goes_at = second_look(author=row.by, approver=person.user, staff=staff, now=now)
    row.state, row.approved_by = APPROVED, person.user
    return _send(session, row, person, now)


def correct(session: Session, uid: str, text: str, *, person: Person, now: datetime) -> Alert:
    """A new message to everybody who has the alert; then its copies are changed."""
    if not visible(text):
        raise InvalidInput.at("text", EMPTY)
    row = _held(session, uid)
    if not _value(row, now).is_out or row.expires_at <= now:
        raise Conflict("Only an alert that has gone out and hasn't ended can be corrected.")
    row.corrections, row.correction = row.corrections + 1, text.strip()
    row.corrected_by, row.corrected_at = person.user, now
    return _send(session, row, person, now)


def end(session: Session, uid: str, *, person: Person, now: datetime) -> Alert:
    """Any of staff can keep it from going out; once it is out, a lead can end it before its day."""
    row = _held(session, uid)
    if row.state == WITHDRAWN or row.expires_at <= now:
        raise Conflict("This alert has ended already.")
    if not _value(row, now).is_out:
        row.state = WITHDRAWN
        delivery.unsay(session, f"alert:{uid}", kind=ALERT)
    elif not person.is_lead:
        raise NotAllowed("Only a lead can end an alert that has gone out.")
    else:
        row.expires_at = now
        close_ended(session, now=now)
    return _changed(session, row, now)


def find(session: Session, uid: str, now: datetime) -> Alert:
    return _value(_row(session, uid), now)


def known(session: Session, uid: str, now: datetime) -> Alert | None:
    """None once its text is deleted."""
    row = find_row(session, AlertRow, uid=uid)
    return None if row is None else _value(row, now)


def current(session: Session, now: datetime, most: int = 5) -> tuple[Alert, ...]:
    """Those that wait for approval or count now, the newest first."""
    return tuple(_value(row, now) for row in tables.current(session, now, most))


def targets(session: Session, uid: str, number: int, readers: DigestReaders, profile: Profile) -> list[str]:
    """Channels and people for an alert, or, with a number, for that correction: whoever has the alert."""
    if number:
        return list(delivery.places(session, ALERT, f"alert:{uid}"))
    row = _row(session, uid)
    return [*_channels(session, row, readers), *_members(session, row, readers, profile)]


def say_to(session: Session, uid: str, number: int, places: Sequence[str], *, now: datetime) -> None:
    """One message for each place, once however often this is asked; none when it was withdrawn or has ended."""
    row = _held(session, uid)
    kind, subject = (CORRECTION, f"alert:{uid}:{number}") if number else (ALERT, f"alert:{uid}")
    due = now if number else row.goes_at
    if row.state == APPROVED and row.expires_at > now:
        said = [(kind, subject, to, f"{subject}:{to}") for to in places]
        delivery.say_all(session, said, now=now, due_at=due)


def update_copies(session: Session, uid: str, *, now: datetime) -> None:
    """Copies that stand are drawn again at the pace of what is not urgent; staff's card each minute while that lasts."""
    row, subject = _row(session, uid), f"alert:{uid}"
    if row.corrections or row.closed:
        delivery.refresh(session, subject, kind=ALERT, now=now, unhurried=True)
    for number in range(1, row.corrections + row.closed):
        delivery.refresh(session, f"{subject}:{number}", now=now, unhurried=True)
    minutes = int(delivery.progress(session, ALERT, subject).seconds / 60) + 2
    for minute in range(min(minutes, _MOST_LOOKS) + 1):
        at = max(row.goes_at or now, now) + timedelta(minutes=minute)
        delivery.refresh(session, subject, kind=CARD, now=now, at=at)


def close_ended(session: Session, *, now: datetime) -> int:
    """Alerts whose last day is over say so where they stand; how many."""
    session.flush()
    rows = tables.to_close(session, now)
    for row in rows:
        row.closed = True
        session.flush()
        update_copies(session, row.uid, now=now)
    return len(rows)


def _send(session: Session, row: AlertRow, person: Person, now: datetime) -> Alert:
    key, args = f"{SEND}:{row.uid}:{row.corrections}", {"alert": row.uid, "correction": row.corrections}
    jobs.enqueue(session, SEND, key=key, by=person.user, args=args, now=now)
    return _changed(session, row, now)


def _changed(session: Session, row: AlertRow, now: datetime) -> Alert:
    row.version += 1
    session.flush()
    delivery.refresh(session, f"alert:{row.uid}", kind=CARD, now=now)
    return _value(row, now)


def _channels(session: Session, row: AlertRow, readers: DigestReaders) -> list[str]:
    return list(dict.fromkeys((*communities.channels_about(session, row.topics), *readers.channels(session))))


def _members(session: Session, row: AlertRow, readers: DigestReaders, profile: Profile) -> list[str]:
    """Members whose own digest is about these topics and areas: they have chosen to hear of them."""
    wide = {area.id for area in profile.areas if area.kind == "statewide"}
    areas = () if wide & set(row.areas) else row.areas
    found: list[str] = []
    after = 0
    while page := readers.members(session, after, _PAGE):
        after = page[-1][0]
        for _, user, their_topics, their_areas in page:
            if rules.concerns(row.topics, areas, their_topics, their_areas, profile.region_of):
                found.append(user)
    return found


def _row(session: Session, uid: str) -> AlertRow:
    return need_row(session, AlertRow, "That alert is no longer there.", uid=uid)


def _held(session: Session, uid: str) -> AlertRow:
    return hold(session, AlertRow, _row(session, uid).id)


def _waiting(session: Session, uid: str, version: int) -> AlertRow:
    row = _held(session, uid)
    if row.state != WAITING or row.version != version:
        raise Conflict("Somebody changed or decided this alert after you saw it. Look at its card again.")
    return row


def _value(row: AlertRow, now: datetime) -> Alert:
    known = {each.name: getattr(row, each.name) for each in fields(Alert) if each.name != "now"}
    return Alert(**known, now=now)
