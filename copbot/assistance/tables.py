"""Requests, their topics, areas and events, and the room's queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Select,
    String,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from copbot.assistance import rules
from copbot.people.tables import AgencyRow, PersonRow
from copbot.store import Base, Json, KeepForever, Keeps, Moment, RequestWords, Session, new_uid


class RequestRow(Base):
    """One request. `id` + 1000 is the number people say; an id never returns, so neither does a number."""

    __tablename__ = "requests"
    __table_args__ = (
        Index("ix_requests_requester_id_id", "requester_id", "id"),
        Index("ix_requests_state_id", "state", "id"),
        Index("ix_requests_owner_id_state", "owner_id", "state"),
        {"sqlite_autoincrement": True},
    )
    __retention__ = KeepForever("counted in reports; its texts go with the privacy room")
    __request_words__ = RequestWords(
        ("need", "urgent_reason", "close_words", "referral", "given", "access_needs", "audience", "outcome"),
        lambda ident: RequestRow.id == ident,
    )
    # The notice and the receipt follow the request for as long as it moves.
    __keeps__ = Keeps("messages", lambda messages: messages.subject.in_(_open_subjects()))

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    requester_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    not_agency: Mapped[bool] = mapped_column(default=False, server_default=false())
    kind: Mapped[str] = mapped_column(String(32))
    need: Mapped[str] = mapped_column(Text)
    by_when: Mapped[str] = mapped_column(String(32), default="", server_default="")
    by_when_date: Mapped[date | None] = mapped_column(Date)
    urgent_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    # What the requester may add afterwards.
    access_needs: Mapped[str] = mapped_column(Text, default="", server_default="")
    audience: Mapped[str] = mapped_column(Text, default="", server_default="")
    outcome: Mapped[str] = mapped_column(Text, default="", server_default="")
    may_share: Mapped[bool] = mapped_column(default=False, server_default=false())

    state: Mapped[str] = mapped_column(String(32))
    # The state to return to when what is waited for arrives.
    came_from: Mapped[str] = mapped_column(String(32), default="", server_default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    asked_at: Mapped[datetime] = mapped_column(Moment)
    first_reply_due: Mapped[datetime] = mapped_column(Moment, index=True)
    first_reply_at: Mapped[datetime | None] = mapped_column(Moment)
    triage_due: Mapped[datetime | None] = mapped_column(Moment)
    delivery_due: Mapped[datetime | None] = mapped_column(Moment)
    # Since when the clocks stand still, because the requester or a partner is waited for.
    paused_at: Mapped[datetime | None] = mapped_column(Moment)
    assigned_at: Mapped[datetime | None] = mapped_column(Moment)
    delivered_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    close_reason: Mapped[str] = mapped_column(String(32), default="", server_default="")
    close_words: Mapped[str] = mapped_column(Text, default="", server_default="")
    referral: Mapped[str] = mapped_column(Text, default="", server_default="")
    given: Mapped[str] = mapped_column(Text, default="", server_default="")
    # How intensive the help was; empty while nobody has said.
    level: Mapped[str] = mapped_column(String(16), default="", server_default="")
    # The id of the request it was closed as a duplicate of.
    merged_into: Mapped[int | None] = mapped_column(index=True)

    # Where the notice stands; empty while the request is held for want of a channel.
    staff_channel: Mapped[str | None] = mapped_column(String(32))
    undo_until: Mapped[datetime | None] = mapped_column(Moment)
    undo_state: Mapped[dict[str, Any] | None] = mapped_column(Json)
    # Its requester, its owner and leads read it, and nobody else.
    confidential: Mapped[bool] = mapped_column(default=False, server_default=false())
    # How it came, when staff logged or entered it or it came from a file; empty for what was asked in Slack.
    source: Mapped[str] = mapped_column(String(16), default="", server_default="")
    # The person of staff who entered it for its requester; for themselves, when whoever asked is not in Slack.
    entered_by_id: Mapped[int | None]
    import_id: Mapped[int | None] = mapped_column(index=True)


def _open_subjects() -> Select[Any]:
    return select("request:" + cast(RequestRow.id, String)).where(RequestRow.state != rules.CLOSED)


class RequestTopicRow(Base):
    """A topic as it was named at the door."""

    __tablename__ = "request_topics"
    __retention__ = KeepForever("goes with its request")

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(64), index=True)


class RequestAreaRow(Base):
    __tablename__ = "request_areas"
    __retention__ = KeepForever("goes with its request")

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(String(64), index=True)


class ColleagueRow(Base):
    """A colleague of the requester's agency, who sees and hears of the request what its requester does."""

    __tablename__ = "request_colleagues"
    __retention__ = KeepForever("goes with its request")

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True, index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class EventRow(Base):
    """One move, or one addition: who, when, from, to, why. `version` is the request's after it."""

    __tablename__ = "request_events"
    __table_args__ = (Index("ix_request_events_request_id_id", "request_id", "id"),)
    __retention__ = KeepForever("goes with its request")
    # What the clock and routing write are words of ours.
    __request_words__ = RequestWords(
        ("why",), lambda ident: and_(EventRow.request_id == ident, EventRow.person_id.is_not(None))
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    # Nobody: the clock did it.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    verb: Mapped[str] = mapped_column(String(32))
    from_state: Mapped[str] = mapped_column(String(32))
    to_state: Mapped[str] = mapped_column(String(32))
    # Who it was handed or assigned to.
    whom_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    why: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int]
    told: Mapped[bool] = mapped_column(default=False, server_default=false())


Where = ColumnElement[bool]
ASKED_HERE: Where = or_(RequestRow.source == "", RequestRow.entered_by_id.is_not(None))

Requester, Owner = aliased(PersonRow), aliased(PersonRow)


class RequestWithPeople(NamedTuple):
    """A request with the people and the agency it names, and its topics and areas in their order."""

    request: RequestRow
    requester: PersonRow
    owner: PersonRow | None
    agency: str
    topics: tuple[str, ...]
    areas: tuple[str, ...]


class EventWithPeople(NamedTuple):
    event: EventRow
    by: PersonRow | None
    whom: PersonRow | None


_BY_FORM = select(RequestRow).where(RequestRow.form_key == bindparam("form_key"))


def by_form(session: Session, form_key: str) -> RequestRow | None:
    return session.scalars(_BY_FORM, {"form_key": form_key}).one_or_none()


def id_of_uid(session: Session, uid: str) -> int | None:
    return session.scalars(select(RequestRow.id).where(RequestRow.uid == uid)).one_or_none()


# Built once: building a statement costs more than running it.
_ADD_TOPICS, _ADD_AREAS = insert(RequestTopicRow.__table__), insert(RequestAreaRow.__table__)
_ADD_EVENT = insert(EventRow.__table__).returning(EventRow.__table__.c.id)


def add_choices(session: Session, request_id: int, topics: Sequence[str], areas: Sequence[str]) -> None:
    connection = session.connection()
    connection.execute(_ADD_TOPICS, _rows(request_id, "topic", topics))
    connection.execute(_ADD_AREAS, _rows(request_id, "area", areas))


def _rows(request_id: int, name: str, values: Sequence[str]) -> list[dict[str, Any]]:
    return [{"request_id": request_id, "place": place, name: value} for place, value in enumerate(values)]


def set_topics(session: Session, request_id: int, topics: Sequence[str]) -> None:
    session.execute(delete(RequestTopicRow).where(RequestTopicRow.request_id == request_id))
    session.connection().execute(_ADD_TOPICS, _rows(request_id, "topic", topics))


class OtherRequest(NamedTuple):
    id: int
    uid: str
    version: int
    requester_id: int


def same_as(session: Session, one: RequestRow) -> list[OtherRequest]:
    """The request it was closed as a duplicate of, and those closed as duplicates of it.

    What is confidential is named by what is confidential alone.
    """
    row = RequestRow
    either = or_(row.id == one.merged_into, row.merged_into == one.id)
    query = select(row.id, row.uid, row.version, row.requester_id).where(either)
    query = query.where(or_(~row.confidential, true() if one.confidential else false())).order_by(row.id)
    return [OtherRequest(*found) for found in session.execute(query)]


def add_event(session: Session, **values: Any) -> int:
    return int(session.connection().execute(_ADD_EVENT, values).scalar_one())


def add_events(session: Session, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Ids of the events, in their order; one statement, whose rows both databases number as they come."""
    return sorted(session.connection().execute(_ADD_EVENT, rows).scalars())


def _choices_of(row: Any, value: Any) -> Any:
    ids: BindParameter[int] = bindparam("ids", expanding=True)
    return select(row.request_id, value).where(row.request_id.in_(ids)).order_by(row.request_id, row.place)


_TOPICS_OF = _choices_of(RequestTopicRow, RequestTopicRow.topic)
_AREAS_OF = _choices_of(RequestAreaRow, RequestAreaRow.area)


def topics_of(session: Session, ids: Collection[int]) -> dict[int, list[str]]:
    return _grouped(session.execute(_TOPICS_OF, {"ids": ids}))


def areas_of(session: Session, ids: Collection[int]) -> dict[int, list[str]]:
    return _grouped(session.execute(_AREAS_OF, {"ids": ids}))


def _grouped(pairs: Iterable[Any]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for ident, value in pairs:
        found.setdefault(ident, []).append(value)
    return found


def _joined(place: Any, value: Any, request_id: Any) -> Any:
    """A request's topics or areas as one text, each with its place before it: no database sorts them alike."""
    pair = cast(place, String) + ":" + value
    return select(func.aggregate_strings(pair, ",")).where(request_id == RequestRow.id).scalar_subquery()


AROUND = (
    select(
        RequestRow,
        Requester,
        Owner,
        AgencyRow.name,
        _joined(RequestTopicRow.place, RequestTopicRow.topic, RequestTopicRow.request_id),
        _joined(RequestAreaRow.place, RequestAreaRow.area, RequestAreaRow.request_id),
    )
    .join(Requester, Requester.id == RequestRow.requester_id)
    .outerjoin(Owner, Owner.id == RequestRow.owner_id)
    .outerjoin(AgencyRow, AgencyRow.id == RequestRow.agency_id)
)
_AROUND_ONE = AROUND.where(RequestRow.id == bindparam("request"))


def around(session: Session, request_id: int) -> RequestWithPeople | None:
    found = session.execute(_AROUND_ONE, {"request": request_id}).one_or_none()
    return None if found is None else with_people(found)


def with_people(row: Any) -> RequestWithPeople:
    """A row of `AROUND`."""
    request, requester, owner, agency, topics, areas = row[:6]
    return RequestWithPeople(request, requester, owner, agency or "", _split(topics), _split(areas))


def _split(joined: str | None) -> tuple[str, ...]:
    pairs = (each.partition(":") for each in (joined or "").split(",") if each)
    return tuple(value for _, _, value in sorted(pairs, key=lambda pair: int(pair[0])))


def _is_shared_with(person_id: int) -> Where:
    return RequestRow.id.in_(select(ColleagueRow.request_id).where(ColleagueRow.person_id == person_id))


def is_requesters(person_id: int) -> Where:
    """What they asked here or a colleague shares with them; what they logged as staff is nobody's question to them."""
    return and_(ASKED_HERE, or_(RequestRow.requester_id == person_id, _is_shared_with(person_id)))


def is_readable_by(person_id: int, *, is_lead: bool) -> Where:
    """What is not confidential, and of the rest what is theirs; for a lead everything."""
    own = (RequestRow.owner_id == person_id, RequestRow.requester_id == person_id)
    theirs = or_(*own, _is_shared_with(person_id))
    return true() if is_lead else or_(~RequestRow.confidential, theirs)


def is_in(states: Sequence[str]) -> Where:
    return RequestRow.state.in_(states)


def is_late(now: datetime) -> Where:
    """Whose first reply or help was due before now; what waits for somebody is not late."""
    unanswered = and_(RequestRow.first_reply_at.is_(None), RequestRow.first_reply_due < now)
    # Without the first condition a request that has no time yet would be neither late nor not late.
    overdue = and_(RequestRow.delivery_due.is_not(None), RequestRow.delivery_due < now)
    return or_(and_(is_in((*rules.UNOWNED, rules.ASSIGNED)), unanswered), and_(is_in(rules.RUNNING), overdue))


_COLLEAGUES = (
    select(PersonRow)
    .join(ColleagueRow, ColleagueRow.person_id == PersonRow.id)
    .where(ColleagueRow.request_id == bindparam("request"))
    .order_by(ColleagueRow.at, PersonRow.id)
)


def colleagues_of(session: Session, request_id: int) -> list[PersonRow]:
    """In the order in which they were added."""
    return list(session.scalars(_COLLEAGUES, {"request": request_id}))


_By, _Whom = aliased(PersonRow), aliased(PersonRow)
_EVENTS = (
    select(EventRow, _By, _Whom)
    .outerjoin(_By, _By.id == EventRow.person_id)
    .outerjoin(_Whom, _Whom.id == EventRow.whom_id)
    .order_by(EventRow.id)
)
_OF_REQUEST = EventRow.request_id == bindparam("request")
_EVENTS_OF = _EVENTS.where(_OF_REQUEST)
_EVENT = _EVENTS.where(EventRow.id == bindparam("event"))
_MOVE_AT = _EVENTS.where(_OF_REQUEST, EventRow.version == bindparam("to_version"))


def events_of(session: Session, request_id: int) -> list[EventWithPeople]:
    return [EventWithPeople(*row) for row in session.execute(_EVENTS_OF, {"request": request_id})]


def event_around(session: Session, event_id: int) -> EventWithPeople | None:
    found = session.execute(_EVENT, {"event": event_id}).one_or_none()
    return None if found is None else EventWithPeople(*found)


def move_at(session: Session, request_id: int, version: int) -> EventWithPeople | None:
    found = session.execute(_MOVE_AT, {"request": request_id, "to_version": version}).first()
    return None if found is None else EventWithPeople(*found)


def ids_naming(session: Session, person_id: int, after: int, most: int) -> list[int]:
    """Requests whose messages name this person, in the order of their ids."""
    in_event = select(EventRow.request_id).where(
        or_(EventRow.person_id == person_id, EventRow.whom_id == person_id)
    )
    theirs = or_(
        RequestRow.requester_id == person_id, RequestRow.owner_id == person_id, RequestRow.id.in_(in_event)
    )
    query = select(RequestRow.id).where(theirs, RequestRow.id > after)
    return list(session.scalars(query.order_by(RequestRow.id).limit(most)))


def last_event(session: Session, request_id: int, verb: str) -> EventRow | None:
    where = (EventRow.request_id == request_id, EventRow.verb == verb)
    return session.scalars(select(EventRow).where(*where).order_by(EventRow.id.desc()).limit(1)).first()
