"""Persons, agencies, staff, and the room's queries."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Date,
    ForeignKey,
    Index,
    String,
    bindparam,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from copbot.people.slack_user import Flags
from copbot.store import Base, DeleteAfter, Json, KeepForever, Moment, find_row


class PersonRow(Base):
    __tablename__ = "persons"
    __retention__ = KeepForever("until they are erased")

    id: Mapped[int] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    tz: Mapped[str] = mapped_column(String(64))
    team: Mapped[str] = mapped_column(String(32), default="", server_default="")
    is_admin: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_owner: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_guest: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_bot: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_deleted: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_stranger: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_foreign: Mapped[bool] = mapped_column(default=False, server_default=false())
    seen_at: Mapped[datetime | None] = mapped_column(Moment)
    # What the form remembers of last time.
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    not_agency: Mapped[bool] = mapped_column(default=False, server_default=false())
    areas: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    # What a person says of themselves. An empty language is the program's own.
    role: Mapped[str] = mapped_column(String(120), default="", server_default="")
    topics: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    language: Mapped[str] = mapped_column(String(16), default="", server_default="")
    # Consent: since when. Empty: not given, or taken back.
    found_since: Mapped[datetime | None] = mapped_column(Moment)
    shares_since: Mapped[datetime | None] = mapped_column(Moment)


class PersonTopicRow(Base):
    """A person's topics once more, one a row, for finding people by them."""

    __tablename__ = "person_topics"
    __table_args__ = (Index("ix_person_topics_topic_person_id", "topic", "person_id"),)
    __retention__ = KeepForever("goes with its person")

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(64), primary_key=True)


class PersonAreaRow(Base):
    """A person's areas once more, one a row, for finding people by them."""

    __tablename__ = "person_areas"
    __table_args__ = (Index("ix_person_areas_area_person_id", "area", "person_id"),)
    __retention__ = KeepForever("goes with its person")

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    area: Mapped[str] = mapped_column(String(64), primary_key=True)


class AgencyRow(Base):
    __tablename__ = "agencies"
    __retention__ = KeepForever("named by requests")

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(255), unique=True)
    kind: Mapped[str] = mapped_column(String(32), default="other", server_default="other")
    area: Mapped[str] = mapped_column(String(64), default="", server_default="")
    # Unknown until somebody of the staff has said so.
    eligible: Mapped[bool | None]
    # Set when it turned out to be another one: its name keeps leading there.
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"), index=True)


class StaffRow(Base):
    __tablename__ = "staff"
    __retention__ = KeepForever("who answered which request")

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), unique=True)
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    is_lead: Mapped[bool] = mapped_column(default=False, server_default=false())
    since: Mapped[datetime] = mapped_column(Moment)
    left_at: Mapped[datetime | None] = mapped_column(Moment)
    lead_by: Mapped[str] = mapped_column(String(64), default="", server_default="")
    lead_at: Mapped[datetime | None] = mapped_column(Moment)
    # What is routed to them. No capacity: as many as come.
    topics: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    areas: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    languages: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    capacity: Mapped[int | None]
    # The person who gets what is urgent while they are away, and what is new when they are full.
    backup_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class AwayRow(Base):
    """Days on which somebody of the staff is away, both ends included."""

    __tablename__ = "staff_away"
    __retention__ = DeleteAfter(timedelta(days=365), lambda before: AwayRow.last_day < before.date())

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date, index=True)
    note: Mapped[str] = mapped_column(String(200), default="", server_default="")
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)


# Asked at every click. Building the statement would cost as much as asking.
_BY_USER = (
    select(PersonRow, StaffRow)
    .outerjoin(StaffRow, StaffRow.person_id == PersonRow.id)
    .where(PersonRow.user == bindparam("user"))
)


def person_and_staff(session: Session, user: str) -> tuple[PersonRow, StaffRow | None] | None:
    found = session.execute(_BY_USER, {"user": user}).one_or_none()
    if found is not None:
        # A session holds rows only as long as somebody else does; the form asks for this one again.
        session.info[PersonRow, user] = found[0]
    return found


def persons_by_user(session: Session, users: Collection[str]) -> dict[str, PersonRow]:
    return {row.user: row for row in session.scalars(select(PersonRow).where(PersonRow.user.in_(users)))}


def mark_seen(session: Session, users: Collection[str], now: datetime) -> None:
    """Slack has told us of these users now: in one statement, however many."""
    if users:
        session.execute(update(PersonRow.__table__).where(PersonRow.user.in_(users)).values(seen_at=now))


_ACTIVE_STAFF = (
    select(PersonRow, StaffRow)
    .join(StaffRow, StaffRow.person_id == PersonRow.id)
    .where(StaffRow.active)
    .order_by(PersonRow.name, PersonRow.id)
)
_LEADS = _ACTIVE_STAFF.where(StaffRow.is_lead)


def active_staff(session: Session, *, only_leads: bool = False) -> list[tuple[PersonRow, StaffRow]]:
    return list(session.execute(_LEADS if only_leads else _ACTIVE_STAFF))


OUTSIDE = ("is_guest", "is_bot", "is_deleted", "is_stranger", "is_foreign")
"""Whatever keeps somebody from being a full member."""
_IS_OUTSIDE = or_(*(getattr(PersonRow, flag) for flag in OUTSIDE))
_A_LEAD = _LEADS.where(~_IS_OUTSIDE).with_only_columns(StaffRow.id).order_by(None).limit(1)


def has_lead(session: Session) -> bool:
    """Whether the program has a lead who is a full member; asked whenever the form opens."""
    return session.connection().execute(_A_LEAD).first() is not None


def workspace_admins(session: Session) -> list[str]:
    able = ~(PersonRow.is_deleted | PersonRow.is_bot | PersonRow.is_foreign | PersonRow.is_stranger)
    query = select(PersonRow.user).where(able, or_(PersonRow.is_admin, PersonRow.is_owner))
    return list(session.scalars(query.order_by(PersonRow.id)))


_Merged, _Standing = aliased(AgencyRow), aliased(AgencyRow)
_STANDING = (
    select(_Standing.id, _Standing.name)
    .join(_Merged, _Standing.id == func.coalesce(_Merged.merged_into, _Merged.id))
    .where(_Merged.id == bindparam("ident"))
)


def standing_agency(session: Session, ident: int) -> tuple[int, str] | None:
    """Id and name of the agency, or of the one it was merged into."""
    return session.connection().execute(_STANDING, {"ident": ident}).one_or_none()


def agency_by_key(session: Session, key: str) -> AgencyRow | None:
    """The agency of that name, also when it is one that it had before, or that was merged into it."""
    row = find_row(session, AgencyRow, name_key=key)
    return row if row is None or row.merged_into is None else session.get(AgencyRow, row.merged_into)


def agency_keys(session: Session, words: Sequence[str], most: int) -> list[tuple[int, str]]:
    """Id and normalised name of agencies whose name holds every one of the (normalised) words.

    An agency stands there once for each name it has.
    """
    ident = func.coalesce(AgencyRow.merged_into, AgencyRow.id)
    query = select(ident, AgencyRow.name_key).order_by(AgencyRow.name_key).limit(most)
    for word in words:
        query = query.where(AgencyRow.name_key.contains(word, autoescape=True))
    return list(session.execute(query))


def agencies_by_id(session: Session, ids: Sequence[int]) -> list[AgencyRow]:
    """In the order of the ids."""
    found = {row.id: row for row in session.scalars(select(AgencyRow).where(AgencyRow.id.in_(ids)))}
    return [found[ident] for ident in ids]


def agencies_most_used(session: Session, most: int) -> list[AgencyRow]:
    used = func.count(PersonRow.id)
    query = select(AgencyRow).outerjoin(PersonRow, PersonRow.agency_id == AgencyRow.id)
    query = query.where(AgencyRow.merged_into.is_(None)).group_by(AgencyRow.id)
    return list(session.scalars(query.order_by(used.desc(), AgencyRow.name_key).limit(most)))


_LISTS = {"areas": (PersonAreaRow.__table__, "area"), "topics": (PersonTopicRow.__table__, "topic")}


def set_list(session: Session, row: PersonRow, name: str, values: list[str]) -> None:
    """A person's `areas` or `topics`: in their row, and once more one a row."""
    if getattr(row, name) == values:
        return
    setattr(row, name, values)
    table, column = _LISTS[name]
    session.execute(delete(table).where(table.c.person_id == row.id))
    if values:
        rows = [{"person_id": row.id, column: value} for value in dict.fromkeys(values)]
        session.execute(insert(table), rows)


def audience(
    session: Session,
    *,
    topics: Collection[str],
    areas: Collection[str],
    kinds: Collection[str],
    agreed: str | None,
) -> tuple[int, ...]:
    """Active full members with any of the topics, any of the areas, an agency of any of the kinds."""
    query = select(PersonRow.id).where(~_IS_OUTSIDE)
    if topics:
        chosen = select(PersonTopicRow.person_id).where(PersonTopicRow.topic.in_(topics))
        query = query.where(PersonRow.id.in_(chosen))
    if areas:
        there = select(PersonAreaRow.person_id).where(PersonAreaRow.area.in_(areas))
        query = query.where(PersonRow.id.in_(there))
    if kinds:
        query = query.join(AgencyRow, AgencyRow.id == PersonRow.agency_id).where(AgencyRow.kind.in_(kinds))
    if agreed:
        query = query.where(getattr(PersonRow, f"{agreed}_since").is_not(None))
    return tuple(session.scalars(query.order_by(PersonRow.id)))


def all_staff(session: Session) -> dict[int, bool]:
    """Everybody who is or was staff, by person, and whether they are now; held, so that no two re-reads decide."""
    query = select(StaffRow.person_id, StaffRow.active).with_for_update()
    return {row[0]: row[1] for row in session.execute(query)}


def join_staff(session: Session, persons: Collection[int], before: Collection[int], now: datetime) -> None:
    """These are staff from now on; `before` once were."""
    again = {"active": True, "since": now, "left_at": None}
    change_staff(session, [person for person in persons if person in before], again)
    columns = ("person_id", "active", "since")
    for some in _parts([person for person in persons if person not in before]):
        new = select(PersonRow.id, true(), bindparam("since", now, Moment)).where(PersonRow.id.in_(some))
        session.execute(insert(StaffRow.__table__).from_select(columns, new))


def change_staff(session: Session, persons: Collection[int], values: dict[str, Any]) -> None:
    for some in _parts(persons):
        session.execute(update(StaffRow.__table__).where(StaffRow.person_id.in_(some)).values(values))


def mark_leads(session: Session, users: Collection[str], by: str, at: datetime | None) -> None:
    """Of the active staff these are the leads, and nobody else."""
    named = select(PersonRow.id).where(PersonRow.user.in_(users))
    table = update(StaffRow.__table__).where(StaffRow.active)
    no_more = table.where(StaffRow.is_lead, StaffRow.person_id.not_in(named))
    session.execute(no_more.values(is_lead=False, lead_by="", lead_at=None))
    new = table.where(~StaffRow.is_lead, StaffRow.person_id.in_(named))
    session.execute(new.values(is_lead=True, lead_by=by, lead_at=at))
    session.expire_all()  # rows in memory say otherwise


def flags_by_person(session: Session, users: Collection[str]) -> dict[int, Flags]:
    """What decides whether these users are full members, of each that is known."""
    query = select(PersonRow.id, PersonRow.user, *(getattr(PersonRow, name) for name in OUTSIDE))
    found: dict[int, Flags] = {}
    for some in _parts(users):
        for person, user, *flags in session.execute(query.where(PersonRow.user.in_(some))):
            found[person] = Flags(user, name="", tz="", **dict(zip(OUTSIDE, flags, strict=True)))
    return found


def users_of(session: Session, persons: Collection[int]) -> tuple[str, ...]:
    query = select(PersonRow.user)
    parts = (session.scalars(query.where(PersonRow.id.in_(some))) for some in _parts(persons))
    return tuple(user for users in parts for user in users)


def _parts(items: Collection[Any], most: int = 1000) -> Iterator[Sequence[Any]]:
    """A database takes only so many parameters in one statement."""
    listed = list(items)
    return (listed[at : at + most] for at in range(0, len(listed), most))


def staff_of(session: Session, person: int) -> tuple[PersonRow, StaffRow] | None:
    query = select(PersonRow, StaffRow).join(StaffRow, StaffRow.person_id == PersonRow.id)
    return session.execute(query.where(PersonRow.id == person)).one_or_none()


def away_from(session: Session, staff: Sequence[int], day: date) -> dict[int, list[AwayRow]]:
    """By staff row: days away that are not over on this day, the next first."""
    query = select(AwayRow).where(AwayRow.staff_id.in_(staff), AwayRow.last_day >= day)
    found: dict[int, list[AwayRow]] = {}
    for row in session.scalars(query.order_by(AwayRow.first_day, AwayRow.id)):
        found.setdefault(row.staff_id, []).append(row)
    return found


def away_on(session: Session, day: date) -> frozenset[int]:
    query = select(StaffRow.person_id).join(AwayRow, AwayRow.staff_id == StaffRow.id)
    query = query.where(StaffRow.active, AwayRow.first_day <= day, AwayRow.last_day >= day)
    return frozenset(session.scalars(query))
