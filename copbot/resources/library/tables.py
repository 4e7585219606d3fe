"""The library's rows and their queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    cast,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from copbot.resources.library.rules import DRAFT, PUBLISHED
from copbot.store import Base, Json, KeepForever, Moment, Session, insert_once, new_uid


class ResourceRow(Base):
    __tablename__ = "resources"
    __retention__ = KeepForever("until somebody deletes them")
    __table_args__ = (
        Index("ix_resources_state_id", "state", "id"),
        Index("ix_resources_kind_starts_at", "kind", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    kind: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="", server_default="")
    url: Mapped[str] = mapped_column(Text, default="", server_default="")
    topics: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    areas: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    audience: Mapped[str] = mapped_column(String(200), default="", server_default="")
    jurisdiction: Mapped[str] = mapped_column(String(200), default="", server_default="")
    source: Mapped[str] = mapped_column(String(200), default="", server_default="")
    reviewed_on: Mapped[date | None] = mapped_column(Date)
    review_by: Mapped[date | None] = mapped_column(Date, index=True)
    language: Mapped[str] = mapped_column(String(16), default="", server_default="")
    # A service; an event uses the address as its place.
    service_kind: Mapped[str] = mapped_column(String(75), default="", server_default="")
    address: Mapped[str] = mapped_column(Text, default="", server_default="")
    phones: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    hours: Mapped[str] = mapped_column(Text, default="", server_default="")
    eligibility: Mapped[str] = mapped_column(Text, default="", server_default="")
    languages: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    # An event.
    starts_at: Mapped[datetime | None] = mapped_column(Moment)
    ends_at: Mapped[datetime | None] = mapped_column(Moment)
    all_day: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Its source says that it is not for the public.
    private: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Who is asked whether it is still right; where the row came from.
    owner: Mapped[str] = mapped_column(String(32), default="", server_default="", index=True)
    origin: Mapped[str] = mapped_column(String(12), default="staff", server_default="staff")
    state: Mapped[str] = mapped_column(String(12), default=DRAFT, server_default=DRAFT)
    state_by: Mapped[str] = mapped_column(String(32), default="", server_default="")
    state_at: Mapped[datetime] = mapped_column(Moment)
    state_why: Mapped[str] = mapped_column(String(200), default="", server_default="")
    same_as: Mapped[int | None] = mapped_column(ForeignKey("resources.id", ondelete="SET NULL"), index=True)
    created_by: Mapped[str] = mapped_column(String(32), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment, index=True)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    # To find doubles by; and what earlier releases could keep for an importer.
    title_key: Mapped[str] = mapped_column(String(200), default="", server_default="", index=True)
    link_key: Mapped[str] = mapped_column(String(40), default="", server_default="", index=True)
    extra: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")


class ResourceSourceRow(Base):
    """Under which name a feed, a file or a directory knows a resource."""

    __tablename__ = "resource_sources"
    __retention__ = KeepForever("goes with its resource")
    __table_args__ = (UniqueConstraint("kind", "source", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(200))
    external_id: Mapped[str] = mapped_column(String(200))


class ResourceSaveRow(Base):
    """A resource that a person keeps for themselves."""

    __tablename__ = "resource_saves"
    __retention__ = KeepForever("goes with its person or its resource")
    __table_args__ = (UniqueConstraint("person_id", "resource_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"))
    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)


class ResourceCountRow(Base):
    """How often a resource was opened, found useful, out of date or shared in a month; never by whom."""

    __tablename__ = "resource_counts"
    __retention__ = KeepForever("numbers without a person, for reports")
    __table_args__ = (UniqueConstraint("resource_id", "month", "what"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id", ondelete="CASCADE"))
    month: Mapped[date] = mapped_column(Date)
    what: Mapped[str] = mapped_column(String(12))
    number: Mapped[int] = mapped_column(default=0, server_default="0")


class ResourceGapRow(Base):
    """A search that found nothing and that somebody told staff of: topic and area, never the words."""

    __tablename__ = "resource_gaps"
    __retention__ = KeepForever("numbers without a person, for reports")
    __table_args__ = (UniqueConstraint("month", "topic", "area"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(Date)
    topic: Mapped[str] = mapped_column(String(64), default="", server_default="")
    area: Mapped[str] = mapped_column(String(64), default="", server_default="")
    number: Mapped[int] = mapped_column(default=0, server_default="0")


_COLUMNS = frozenset(ResourceRow.__table__.c.keys())
_INSERT = insert(ResourceRow.__table__).returning(ResourceRow.__table__.c.id, sort_by_parameter_order=True)
Identity3 = tuple[str, str, str]


def by_uids(session: Session, uids: Collection[str]) -> dict[str, ResourceRow]:
    return {row.uid: row for row in _those(session, ResourceRow.uid, uids)}


def by_ids(session: Session, ids: Collection[int]) -> dict[int, ResourceRow]:
    return {row.id: row for row in _those(session, ResourceRow.id, ids)}


def by_links(session: Session, keys: Collection[str]) -> dict[str, list[ResourceRow]]:
    """Rows that are not retired, by normalized address; the oldest first."""
    found: dict[str, list[ResourceRow]] = {}
    for row in _those(session, ResourceRow.link_key, keys):
        if row.same_as is None:
            found.setdefault(row.link_key, []).append(row)
    return found


def by_identities(session: Session, names: Collection[Identity3]) -> dict[Identity3, int]:
    """Ids of the resources that these sources know."""
    row = ResourceSourceRow
    query = select(row.kind, row.source, row.external_id, row.resource_id)
    query = query.where(tuple_(row.kind, row.source, row.external_id).in_(names))
    return {(kind, source, name): ident for kind, source, name, ident in session.execute(query)}


def names_from(session: Session, ids: Collection[int], kind: str) -> dict[int, str]:
    """Under which name a kind of source knows these resources: the first name it gave."""
    row = ResourceSourceRow
    query = select(row.resource_id, row.external_id).where(row.resource_id.in_(ids), row.kind == kind)
    return dict(session.execute(query.order_by(row.id.desc())).all())


def insert_rows(session: Session, rows: Sequence[ResourceRow]) -> None:
    """Insert many new rows with one statement, and give each its id. They stay apart from the session."""
    if rows:
        columns = [{name: value for name, value in vars(row).items() if name in _COLUMNS} for row in rows]
        for row, ident in zip(rows, session.scalars(_INSERT, columns), strict=True):
            row.id = ident


def name_sources(session: Session, names: Sequence[tuple[int, Identity3]]) -> None:
    if names:
        rows = [
            {"resource_id": ident, "kind": kind, "source": source, "external_id": external}
            for ident, (kind, source, external) in names
        ]
        session.execute(insert(ResourceSourceRow), rows)


def page_in_state(session: Session, state: str, after: int, most: int) -> list[ResourceRow]:
    """Rows in a state, the oldest first; the private ones stay out."""
    here = _where(ResourceRow.state == state, ResourceRow.id > after, ~ResourceRow.private)
    return list(session.scalars(here.order_by(ResourceRow.id).limit(most)))


def count_in_state(session: Session, state: str) -> int:
    query = select(func.count()).where(ResourceRow.state == state, ~ResourceRow.private)
    return int(session.scalar(query) or 0)


def phones_with(session: Session, last: str, most: int = 50) -> list[list[str]]:
    """Phones of published services, each row's own, in which these last digits stand."""
    has = cast(ResourceRow.phones, Text).contains(last, autoescape=True)
    query = select(ResourceRow.phones).where(ResourceRow.state == PUBLISHED, has)
    return list(session.scalars(query.limit(most)))


def addresses_from(session: Session, house: str, most: int = 50) -> list[str]:
    """Addresses of published services and events that begin with this house number."""
    has = ResourceRow.address.startswith(house, autoescape=True)
    query = select(ResourceRow.address).where(ResourceRow.state == PUBLISHED, has)
    return list(session.scalars(query.limit(most)))


def nearly_titled(session: Session, key: str, most: int = 50) -> list[ResourceRow]:
    """Rows whose folded title begins like this one; who calls it looks closer."""
    like = or_(ResourceRow.title_key == key, ResourceRow.title_key.startswith(key[:8], autoescape=True))
    here = _where(like, ResourceRow.same_as.is_(None))
    return list(session.scalars(here.order_by(ResourceRow.id).limit(most)))


def point_to(session: Session, goes: int, stays: int) -> None:
    """What belonged to one resource belongs to the other: sources and saves."""
    change = update(ResourceSourceRow).where(ResourceSourceRow.resource_id == goes).values(resource_id=stays)
    session.execute(change)
    kept = select(ResourceSaveRow.person_id).where(ResourceSaveRow.resource_id == stays)
    mine = ResourceSaveRow.resource_id == goes
    new = update(ResourceSaveRow).where(mine, ResourceSaveRow.person_id.not_in(kept))
    session.execute(new.values(resource_id=stays))
    session.execute(delete(ResourceSaveRow).where(mine))
    session.execute(update(ResourceRow).where(ResourceRow.same_as == goes).values(same_as=stays))


def remove(session: Session, ids: Collection[int]) -> None:
    session.execute(delete(ResourceRow).where(ResourceRow.id.in_(ids)))


def save(session: Session, person: int, resource: int, now: datetime) -> bool:
    return insert_once(session, ResourceSaveRow, person_id=person, resource_id=resource, at=now) is not None


def unsave(session: Session, person: int, resource: int) -> None:
    session.execute(delete(ResourceSaveRow).filter_by(person_id=person, resource_id=resource))


def is_saved(session: Session, person: int, resource: int) -> bool:
    saved = select(ResourceSaveRow.id).filter_by(person_id=person, resource_id=resource)
    return session.scalar(saved) is not None


def saved(session: Session, person: int, most: int) -> list[ResourceRow]:
    """What the person saved, the newest first; what is not published any more stays out."""
    mine = (ResourceSaveRow.resource_id == ResourceRow.id, ResourceSaveRow.person_id == person)
    query = _where(ResourceRow.state == PUBLISHED, *mine).order_by(ResourceSaveRow.id.desc())
    return list(session.scalars(query.limit(most)))


def count(session: Session, resource: int, month: date, what: str) -> None:
    """One more of `what` in this month."""
    _one_more(session, ResourceCountRow, resource_id=resource, month=month, what=what)


def _one_more(session: Session, row: type[ResourceCountRow | ResourceGapRow], **key: Any) -> None:
    insert_once(session, row, **key, number=0)
    session.execute(update(row).filter_by(**key).values(number=row.number + 1))


def counted(session: Session, resource: int, what: str, since: date, *, until: date | None = None) -> int:
    """How many of `what` from one month to another, both included and named by their first days."""
    row = ResourceCountRow
    query = select(func.sum(row.number)).filter_by(resource_id=resource, what=what).where(row.month >= since)
    return int(session.scalar(query if until is None else query.where(row.month <= until)) or 0)


def count_gap(session: Session, month: date, topic: str, area: str) -> None:
    """One more search that found nothing in this month."""
    _one_more(session, ResourceGapRow, month=month, topic=topic, area=area)


def gap_count(session: Session, month: date, topic: str, area: str) -> int:
    query = select(ResourceGapRow.number).filter_by(month=month, topic=topic, area=area)
    return session.scalar(query) or 0


def unreviewed(session: Session, owner: str, since: date) -> list[ResourceRow]:
    """An owner's published services that nobody has reviewed since this day."""
    here = _where(ResourceRow.owner == owner, *_unreviewed(since))
    return list(session.scalars(here.order_by(ResourceRow.title_key, ResourceRow.id)))


def owners_of_unreviewed(session: Session, since: date) -> set[str]:
    here = select(ResourceRow.owner).where(ResourceRow.owner != "", *_unreviewed(since))
    return set(session.scalars(here.distinct()))


def _unreviewed(since: date) -> tuple[Any, ...]:
    known = or_(ResourceRow.reviewed_on.is_(None), ResourceRow.reviewed_on < since)
    return (ResourceRow.kind == "service", ResourceRow.state == PUBLISHED, ~ResourceRow.private, known)


def past_events(session: Session, before: datetime, most: int) -> list[str]:
    """Published events that ended, or began without an end, before this moment."""
    row = ResourceRow
    over = func.coalesce(row.ends_at, row.starts_at) < before
    query = select(row.uid).where(row.kind == "event", row.state == PUBLISHED, over)
    return list(session.scalars(query.order_by(row.id).limit(most)))


def _those(session: Session, column: Any, values: Collection[Any]) -> Iterable[ResourceRow]:
    """Rows with one of these values, the oldest first."""
    return session.scalars(_where(column.in_(values)).order_by(ResourceRow.id)) if values else ()


def _where(*conditions: Any) -> Any:
    return select(ResourceRow).where(*conditions)


def coming_from(
    session: Session, source: tuple[str, str], but: Collection[str], now: datetime
) -> tuple[str, ...]:
    """The uids of events to come that a source (kind, name) brought under any name but these."""
    kind, name = source
    found = session.execute(
        select(ResourceRow.uid, ResourceSourceRow.external_id)
        .join(ResourceSourceRow, ResourceSourceRow.resource_id == ResourceRow.id)
        .where(ResourceSourceRow.kind == kind, ResourceSourceRow.source == name)
        .where(ResourceRow.starts_at > now, ResourceRow.state.in_((DRAFT, PUBLISHED)))
    )
    return tuple(uid for uid, external_id in found if external_id not in but)
