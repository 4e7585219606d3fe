"""Who of the staff takes what: topics, areas, languages, how much, and the days they are away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from copbot.errors import Conflict, NotAllowed, NotFound, check_fields
from copbot.people import rules, tables
from copbot.people import service as people
from copbot.people.service import flags_of
from copbot.people.tables import AwayRow, PersonRow, StaffRow
from copbot.people.values import Away, StaffFacts
from copbot.program.calendar.hours import instant_of
from copbot.program.profile import Profile
from copbot.program.settings.service import choice
from copbot.slack.person import Person
from copbot.slack.text import clean
from copbot.store import Session, hold, journal


def everyone(session: Session, *, profile: Profile, now: datetime) -> tuple[StaffFacts, ...]:
    """Active staff by name; two queries however many they are."""
    today = profile.today(now)
    found = [(row, staff) for row, staff in tables.active_staff(session) if flags_of(row).full_member]
    away = tables.away_from(session, [staff.id for _, staff in found], today)
    return tuple(_facts(row, staff, away.get(staff.id, ()), today) for row, staff in found)


def staff_facts(session: Session, person_id: int, *, profile: Profile, now: datetime) -> StaffFacts:
    """One of the active staff; raises `NotFound` for anybody else."""
    row, staff = _active(session, person_id)
    today = profile.today(now)
    return _facts(row, staff, tables.away_from(session, [staff.id], today).get(staff.id, ()), today)


def away_now(session: Session, *, profile: Profile, now: datetime) -> frozenset[int]:
    """Persons of the active staff who are away today."""
    return tables.away_on(session, profile.today(now))


def away_since(session: Session, person_id: int, *, profile: Profile, now: datetime) -> datetime | None:
    """Since when one of the staff is away, and it was known; None while they are here."""
    staff, today = _active(session, person_id)[1], profile.today(now)
    days = tables.away_from(session, [staff.id], today).get(staff.id, ())
    zone = profile.hours.time_zone
    begun = (
        max(row.at, instant_of(zone, datetime.combine(row.first_day, time())))
        for row in days
        if row.first_day <= today
    )
    return min(begun, default=None)


def describe_staff(
    session: Session,
    person_id: int,
    *,
    profile: Profile,
    by: Person,
    now: datetime,
    seen: int,
    topics: Sequence[str],
    areas: Sequence[str],
    languages: Sequence[str] = (),
    capacity: int | None = None,
    backup: int | None = None,
) -> StaffFacts:
    """Staff say it of themselves, leads of everybody. Raises `InvalidInput` by field, `Conflict`, `NotAllowed`."""
    _allow(by, person_id)
    faults = rules.staff_faults(profile, topics=topics, areas=areas, languages=languages, capacity=capacity)
    check_fields(faults)
    staff = hold(session, StaffRow, _active(session, person_id)[1].id)
    if staff.version != seen:
        words = "Somebody else changed this after you opened it."
        raise Conflict(f"{words} Open it again to see the current entry.")
    staff.topics, staff.areas = list(dict.fromkeys(topics)), list(dict.fromkeys(areas))
    staff.languages, staff.capacity = list(dict.fromkeys(languages)), capacity
    staff.backup_id = None if backup == person_id else backup
    staff.version += 1
    session.flush()
    _note(session, person_id, by, now, "described")
    return staff_facts(session, person_id, profile=profile, now=now)


def go_away(
    session: Session,
    person_id: int,
    *,
    first: date,
    last: date,
    note: str = "",
    profile: Profile,
    by: Person,
    now: datetime,
) -> Away:
    """Enter days away. Raises `InvalidInput` by field (first, last, note)."""
    _allow(by, person_id)
    staff = hold(session, StaffRow, _active(session, person_id)[1].id)
    today = profile.today(now)
    stand = tables.away_from(session, [staff.id], today).get(staff.id, ())
    note, known = " ".join(clean(note).split()), [(row.first_day, row.last_day) for row in stand]
    check_fields(rules.away_faults(first, last, note, known, today))
    row = AwayRow(staff_id=staff.id, first_day=first, last_day=last, note=note, by=by.user, at=now)
    session.add(row)
    session.flush()
    _note(session, person_id, by, now, "away")
    return _away(row)


def come_back(session: Session, away_id: int, *, by: Person, now: datetime) -> bool:
    """Take days away back; whether they still stood."""
    row = session.get(AwayRow, away_id)
    if row is None:
        return False
    person_id = session.get_one(StaffRow, row.staff_id).person_id
    _allow(by, person_id)
    session.delete(row)
    session.flush()
    _note(session, person_id, by, now, "back")
    return True


def last_lead_left(session: Session) -> bool:
    """Leads were named, and none of them is one any more."""
    return bool(choice(session, "leads", [])) and not people.leads(session)


def _facts(row: PersonRow, staff: StaffRow, away: Sequence[AwayRow], today: date) -> StaffFacts:
    return StaffFacts(
        id=row.id,
        user=row.user,
        name=row.name,
        tz=row.tz,
        since=staff.since,
        is_lead=staff.is_lead,
        lead_by=staff.lead_by,
        lead_at=staff.lead_at,
        topics=tuple(staff.topics),
        areas=tuple(staff.areas),
        languages=tuple(staff.languages),
        capacity=staff.capacity,
        backup=staff.backup_id,
        away=tuple(_away(each) for each in away),
        away_now=any(each.first_day <= today for each in away),
        version=staff.version,
    )


def _away(row: AwayRow) -> Away:
    return Away(row.id, row.first_day, row.last_day, row.note)


def _active(session: Session, person_id: int) -> tuple[PersonRow, StaffRow]:
    found = tables.staff_of(session, person_id)
    if found is None or not found[1].active or not flags_of(found[0]).full_member:
        raise NotFound("They are no longer staff.")
    return found


def _allow(by: Person, person_id: int) -> None:
    if not (by.is_lead or (by.is_staff and by.id == person_id)):
        raise NotAllowed("Staff can change their own entry. Leads can change everybody's.")


def _note(session: Session, person_id: int, by: Person, now: datetime, why: str) -> None:
    journal.record(session, at=now, actor=by.user, entrance="staff", subject=f"person:{person_id}", why=why)
