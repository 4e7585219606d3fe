"""Persons, agencies, staff, and the room's queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, bindparam, false, func, or_, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from copbot.store import Base, Json, Moment


class PersonRow(Base):
    __tablename__ = "persons"

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
    # What a person says of themselves. An empty language is the programme's own.
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

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(64), primary_key=True)


class PersonAreaRow(Base):
    """A person's areas once more, one a row, for finding people by them."""

    __tablename__ = "person_areas"
    __table_args__ = (Index("ix_person_areas_area_person_id", "area", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    area: Mapped[str] = mapped_column(String(64), primary_key=True)


class AgencyRow(Base):
    __tablename__ = "agencies"

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
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class AwayRow(Base):
    """Days on which somebody of the staff is away, both ends included."""

    __tablename__ = "staff_away"

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


def held_person(session: Session, user: str) -> PersonRow:
    return session.scalars(select(PersonRow).where(PersonRow.user == user).with_for_update()).one()


def active_staff(session: Session) -> list[tuple[PersonRow, StaffRow]]:
    query = select(PersonRow, StaffRow).join(StaffRow, StaffRow.person_id == PersonRow.id)
    found = session.execute(query.where(StaffRow.active).order_by(PersonRow.name, PersonRow.id))
    return [(row[0], row[1]) for row in found]


def all_staff_rows(session: Session) -> dict[int, StaffRow]:
    """Every staff row by person, held: two re-reads at once must not both decide."""
    return {row.person_id: row for row in session.scalars(select(StaffRow).with_for_update())}


def workspace_admins(session: Session) -> list[PersonRow]:
    able = ~(PersonRow.is_deleted | PersonRow.is_bot | PersonRow.is_foreign | PersonRow.is_stranger)
    query = select(PersonRow).where(able, or_(PersonRow.is_admin, PersonRow.is_owner)).order_by(PersonRow.id)
    return list(session.scalars(query))


_AGENCY_NAME = select(AgencyRow.name).where(AgencyRow.id == bindparam("ident"))


def agency_name(session: Session, ident: int) -> str | None:
    return session.execute(_AGENCY_NAME, {"ident": ident}).scalar_one_or_none()


def agency_by_key(session: Session, key: str) -> AgencyRow | None:
    return session.scalars(select(AgencyRow).where(AgencyRow.name_key == key)).one_or_none()


def agency_keys(session: Session, words: Sequence[str], most: int) -> list[tuple[int, str]]:
    """Id and normalised name of agencies whose name holds every one of the (normalised) words."""
    query = select(AgencyRow.id, AgencyRow.name_key).order_by(AgencyRow.name_key).limit(most)
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
    query = query.group_by(AgencyRow.id).order_by(used.desc(), AgencyRow.name_key).limit(most)
    return list(session.scalars(query))
