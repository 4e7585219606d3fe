"""Persons, agencies, staff, and the room's queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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

from copbot.store import Base, DeleteAfter, Json, KeepForever, Moment


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
    if found is None:
        return None
    # A session holds rows only as long as somebody else does; the form asks for this one again.
    session.info[PersonRow, user] = found[0]
    return found[0], found[1]


def persons_by_user(session: Session, users: Collection[str]) -> dict[str, PersonRow]:
    query = select(PersonRow).where(PersonRow.user.in_(users))
    return {row.user: row for row in session.scalars(query)}


def mark_seen(session: Session, users: Collection[str], now: datetime) -> None:
    """Slack has told us of these users now: in one statement, however many."""
    if users:
        changes = update(PersonRow.__table__).where(PersonRow.user.in_(users)).values(seen_at=now)
        session.execute(changes)


_ACTIVE_STAFF = (
    select(PersonRow, StaffRow)
    .join(StaffRow, StaffRow.person_id == PersonRow.id)
    .where(StaffRow.active)
    .order_by(PersonRow.name, PersonRow.id)
)
_LEADS = _ACTIVE_STAFF.where(StaffRow.is_lead)


def active_staff(session: Session, *, only_leads: bool = False) -> list[tuple[PersonRow, StaffRow]]:
    found = session.execute(_LEADS if only_leads else _ACTIVE_STAFF)
    return [(row[0], row[1]) for row in found]


_IS_NO_MEMBER = (
    PersonRow.is_guest
    | PersonRow.is_bot
    | PersonRow.is_deleted
    | PersonRow.is_stranger
    | PersonRow.is_foreign
)
_A_LEAD = _LEADS.where(~_IS_NO_MEMBER).with_only_columns(StaffRow.id).order_by(None).limit(1)


def has_lead(session: Session) -> bool:
    """Whether the program has a lead who is a full member; asked whenever the form opens."""
    return session.connection().execute(_A_LEAD).first() is not None


def workspace_admins(session: Session) -> list[PersonRow]:
    able = ~(PersonRow.is_deleted | PersonRow.is_bot | PersonRow.is_foreign | PersonRow.is_stranger)
    query = select(PersonRow).where(able, or_(PersonRow.is_admin, PersonRow.is_owner)).order_by(PersonRow.id)
    return list(session.scalars(query))


_Merged, _Standing = aliased(AgencyRow), aliased(AgencyRow)
_STANDING = (
    select(_Standing.id, _Standing.name)
    .join(_Merged, _Standing.id == func.coalesce(_Merged.merged_into, _Merged.id))
    .where(_Merged.id == bindparam("ident"))
)


def standing_agency(session: Session, ident: int) -> tuple[int, str] | None:
    """Id and name of the agency, or of the one it was merged into."""
    found = session.connection().execute(_STANDING, {"ident": ident}).one_or_none()
    return None if found is None else (found[0], found[1])


def agency_with_key(session: Session, key: str) -> AgencyRow | None:
    """The row of that name, be it a former one."""
    return session.scalars(select(AgencyRow).where(AgencyRow.name_key == key)).one_or_none()


def agency_by_key(session: Session, key: str) -> AgencyRow | None:
    """The agency of that name, also when it is one that it had before, or that was merged into it."""
    row = agency_with_key(session, key)
    return row if row is None or row.merged_into is None else session.get(AgencyRow, row.merged_into)


def agency_keys(session: Session, words: Sequence[str], most: int) -> list[tuple[int, str]]:
    """Id and normalised name of agencies whose name holds every one of the (normalised) words.

    An agency stands there once for each name it has.
    """
    ident = func.coalesce(AgencyRow.merged_into, AgencyRow.id)
    query = select(ident, AgencyRow.name_key).order_by(AgencyRow.name_key).limit(most)
    for word in words:
        query = query.where(AgencyRow.name_key.contains(word, autoescape=True))
    return [(row[0], row[1]) for row in session.execute(query)]


def agencies_by_id(session: Session, ids: Sequence[int]) -> list[AgencyRow]:
    """In the order of the ids."""
    found = {row.id: row for row in session.scalars(select(AgencyRow).where(AgencyRow.id.in_(ids)))}
    return [found[ident] for ident in ids]


def agencies_most_used(session: Session, most: int) -> list[AgencyRow]:
    used = func.count(PersonRow.id)
    query = select(AgencyRow).outerjoin(PersonRow, PersonRow.agency_id == AgencyRow.id)
    query = query.where(AgencyRow.merged_into.is_(None)).group_by(AgencyRow.id)
    return list(session.scalars(query.order_by(used.desc(), AgencyRow.name_key).limit(most)))


def agencies_after(session: Session, after: int, most: int) -> list[AgencyRow]:
    query = select(AgencyRow).where(AgencyRow.id > after, AgencyRow.merged_into.is_(None))
    return list(session.scalars(query.order_by(AgencyRow.id).limit(most)))


def newest_agency_keys(session: Session, most: int) -> list[tuple[int, str]]:
    query = select(AgencyRow.id, AgencyRow.name_key).where(AgencyRow.merged_into.is_(None))
    return [(row[0], row[1]) for row in session.execute(query.order_by(AgencyRow.id.desc()).limit(most))]


def people_in(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """How many people name each of these agencies as theirs."""
    query = select(PersonRow.agency_id, func.count()).where(PersonRow.agency_id.in_(ids))
    found = session.execute(query.group_by(PersonRow.agency_id))
    return {ident: number for ident, number in found if ident is not None}


def also_called(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """The names that lead to each of these agencies besides its own."""
    query = select(AgencyRow.merged_into, AgencyRow.name).where(AgencyRow.merged_into.in_(ids))
    found: dict[int, list[str]] = {}
    for ident, name in session.execute(query.order_by(AgencyRow.name_key)):
        if ident is not None:
            found.setdefault(ident, []).append(name)
    return found


def separate_agencies(session: Session, ids: Collection[int]) -> dict[int, AgencyRow]:
    """Those of the agencies that stand for themselves, not merged into another one."""
    query = select(AgencyRow).where(AgencyRow.id.in_(ids), AgencyRow.merged_into.is_(None))
    return {row.id: row for row in session.scalars(query)}


def _pointing_to_agencies() -> list[Any]:
    """The columns of every room's tables that name an agency."""
    own = AgencyRow.__table__.c.id
    return [
        key.parent
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column is own
    ]


def move_strays(session: Session) -> int:
    """Whatever points to a merged agency points to the one it was merged into: one statement a column."""
    moved, merged = 0, AgencyRow.__table__.alias("merged")
    for column in _pointing_to_agencies():
        gone = select(merged.c.id).where(merged.c.merged_into.is_not(None))
        stays = select(merged.c.merged_into).where(merged.c.id == column).scalar_subquery()
        done: Any = session.execute(
            update(column.table).where(column.in_(gone)).values({column.name: stays}),
            execution_options={"synchronize_session": False},
        )
        moved += int(done.rowcount)
    session.expire_all()
    return moved


def move_references(session: Session, goes: int, stays: int) -> int:
    """Whatever points to the one agency points to the other, in every room's tables; how many rows."""
    moved = 0
    for column in _pointing_to_agencies():
        done: Any = session.execute(
            update(column.table).where(column == goes).values({column.name: stays}),
            execution_options={"synchronize_session": False},
        )
        moved += int(done.rowcount)
    session.expire_all()  # rows in memory still point to the one that went
    return moved


def set_areas(session: Session, row: PersonRow, areas: list[str]) -> None:
    if row.areas != areas:
        row.areas = areas
        _list(session, PersonAreaRow, "area", row.id, areas)


def set_topics(session: Session, row: PersonRow, topics: list[str]) -> None:
    if row.topics != topics:
        row.topics = topics
        _list(session, PersonTopicRow, "topic", row.id, topics)


def _list(session: Session, kind: type[Base], name: str, person: int, values: Sequence[str]) -> None:
    table = kind.__table__
    session.execute(delete(table).where(table.c.person_id == person))
    if values:
        session.execute(
            insert(table), [{"person_id": person, name: value} for value in dict.fromkeys(values)]
        )


def audience(
    session: Session,
    *,
    topics: Collection[str],
    areas: Collection[str],
    kinds: Collection[str],
    agreed: str | None,
) -> tuple[int, ...]:
    """Active full members with any of the topics, any of the areas, an agency of any of the kinds."""
    query = select(PersonRow.id).where(*(~getattr(PersonRow, flag) for flag in OUTSIDE))
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


OUTSIDE = ("is_guest", "is_bot", "is_deleted", "is_stranger", "is_foreign")


def staff_of(session: Session, person: int) -> tuple[PersonRow, StaffRow] | None:
    query = select(PersonRow, StaffRow).join(StaffRow, StaffRow.person_id == PersonRow.id)
    found = session.execute(query.where(PersonRow.id == person)).one_or_none()
    return None if found is None else (found[0], found[1])


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
