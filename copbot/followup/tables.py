"""Who was asked, answers that name nobody, what came of requests, what is shared, and who is suggested to whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
    and_,
    case,
    delete,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from copbot.assistance.rules import subject
from copbot.assistance.tables import RequestRow
from copbot.delivery.silences.tables import SilenceRow
from copbot.followup.rules import APPROVED, BATCH, WAITING
from copbot.people.tables import PersonRow
from copbot.store import Base, DeleteAfter, KeepForever, Moment, RequestWords, Session, new_uid

_PEERS_KEPT = timedelta(days=365)


class FeedbackAskedRow(Base):
    """A request whose requester was asked how it went, and whether they answered; what and when is not kept here."""

    __tablename__ = "feedback_asked"
    __retention__ = KeepForever("counted in reports; goes with its request")

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), unique=True)
    answered: Mapped[bool] = mapped_column(default=False, server_default=false())


class FeedbackRow(Base):
    """One answer, of nobody and about no request; its key is random and SQLite keeps no other order of rows.

    `shown`: it was in a batch of five of the whole program; the other two the same within its group and its kind.
    """

    __tablename__ = "feedback"
    __table_args__ = ({"sqlite_with_rowid": False},)
    __retention__ = KeepForever("counted in reports; its comments go with the privacy room")

    key: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_uid)
    quarter: Mapped[str] = mapped_column(String(7))
    topic_group: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(32))
    useful: Mapped[str] = mapped_column(String(6))
    timely: Mapped[str] = mapped_column(String(6))
    will_use: Mapped[str] = mapped_column(String(6))
    comment: Mapped[str] = mapped_column(Text, default="", server_default="")
    shown: Mapped[bool] = mapped_column(default=False, server_default=false())
    shown_in_group: Mapped[bool] = mapped_column(default=False, server_default=false())
    shown_in_kind: Mapped[bool] = mapped_column(default=False, server_default=false())


class OutcomeRow(Base):
    """What came of a request, asked once after 90 days; empty while nobody has answered."""

    __tablename__ = "request_outcomes"
    __retention__ = KeepForever("counted in reports; goes with its request")
    __request_words__ = RequestWords(("words",), lambda ident: OutcomeRow.request_id == ident)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), unique=True)
    outcome: Mapped[str] = mapped_column(String(10), default="", server_default="")
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    barrier: Mapped[str] = mapped_column(String(10), default="", server_default="")
    words: Mapped[str] = mapped_column(Text, default="", server_default="")


class SharedAnswerRow(Base):
    """`resource`: the draft's uid in the library, `version`: the draft's as `by` left it. Held until `goes_at`."""

    __tablename__ = "shared_answers"
    __retention__ = KeepForever("goes with its request")

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), unique=True)
    resource: Mapped[str] = mapped_column(String(32))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    by: Mapped[str] = mapped_column(String(32))
    approved_by: Mapped[str] = mapped_column(String(32), default="", server_default="")
    goes_at: Mapped[datetime | None] = mapped_column(Moment)


class PeerMatchRow(Base):
    """One suggestion; what each side says is empty, yes or no. Those introduced stand in staff's log for good."""

    __tablename__ = "peer_matches"
    __table_args__ = (UniqueConstraint("request_id", "peer_id"),)
    __retention__ = DeleteAfter(_PEERS_KEPT, lambda before: PeerMatchRow.asked_at < before)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    peer_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment, index=True)
    requester: Mapped[str] = mapped_column(String(3), default="", server_default="")
    peer: Mapped[str] = mapped_column(String(3), default="", server_default="")
    matched_at: Mapped[datetime | None] = mapped_column(Moment)


def to_ask(
    session: Session, asked: Any, since: datetime, before: datetime, *, after: int, most: int
) -> Sequence[Any]:
    """The next people after this id with a request delivered in this stretch that they were not asked about yet.

    Person, user and the oldest such request; none that staff wrote down or that came from a file. Nobody who has left
    or who helped themselves.
    """
    request, person = RequestRow, PersonRow
    other = or_(request.owner_id.is_(None), request.owner_id != request.requester_id)
    query = select(person.id, person.user, func.min(request.id)).join(
        person, person.id == request.requester_id
    )
    query = query.where(
        person.id > after, ~person.is_deleted, request.delivered_at >= since, request.delivered_at < before,
        request.source == "", request.import_id.is_(None), other, ~exists().where(asked.request_id == request.id),
    )  # fmt: skip
    return session.execute(query.group_by(person.id, person.user).order_by(person.id).limit(most)).all()


_CELLS: Mapping[str, tuple[Any, tuple[Any, ...]]] = {
    "all": (FeedbackRow.shown, ()),
    "group": (FeedbackRow.shown_in_group, (FeedbackRow.topic_group,)),
    "kind": (FeedbackRow.shown_in_kind, (FeedbackRow.kind,)),
}
"""What may be shown, and by which column it is split."""


def mix(session: Session) -> None:
    """Write what waits and who has answered anew, in no order of time.

    PostgreSQL keeps with each row which transaction wrote it, and rows in the order in which they were written: both
    would name the answer's request.
    """
    session.flush()
    _write_anew(session, FeedbackRow, ~FeedbackRow.shown)
    _write_anew(session, FeedbackAskedRow, FeedbackAskedRow.answered)


def _write_anew(session: Session, kind: Any, where: Any) -> None:
    table = kind.__table__
    (key,) = table.primary_key
    taken = session.execute(delete(table).where(where).returning(*table.columns)).mappings().all()
    session.execute(insert(table), sorted(map(dict, taken), key=lambda each: str(each[key.name])))


def show_full_batches(session: Session) -> None:
    """What waits is shown once there are five; in its group and its kind of help once there are five of these."""
    session.flush()
    for flag, split in _CELLS.values():
        waiting = (~flag, *([FeedbackRow.shown] if split else []))
        for *cell, count in session.execute(select(*split, func.count()).where(*waiting).group_by(*split)):
            if count >= BATCH:
                here = (*waiting, *(column == value for column, value in zip(split, cell, strict=True)))
                _change(session, here, {flag.key: True})


def answers(session: Session, by: str) -> Sequence[tuple[str, str, str, str, int]]:
    """Of "all", or by "group" or "kind": the cell, useful, timely, will use, and how many answered so."""
    flag, split = _CELLS[by]
    columns = (FeedbackRow.useful, FeedbackRow.timely, FeedbackRow.will_use)
    found = session.execute(select(*split, *columns, func.count()).where(flag).group_by(*split, *columns))
    return [tuple(row) if split else (by, *row) for row in found]


def comments(session: Session, most: int) -> Sequence[tuple[str, str, str]]:
    """Key, quarter and words of what may be shown, the newest quarter first, within it in no order of time."""
    query = select(FeedbackRow.key, FeedbackRow.quarter, FeedbackRow.comment)
    query = query.where(FeedbackRow.shown, FeedbackRow.comment != "")
    query = query.order_by(FeedbackRow.quarter.desc(), FeedbackRow.key)
    return [(key, when, said) for key, when, said in session.execute(query.limit(most))]


def remove_comment(session: Session, key: str) -> None:
    """The answers stay; only what may be shown can be named."""
    _change(session, (FeedbackRow.key == key, FeedbackRow.shown), {"comment": ""})


def _change(session: Session, where: Sequence[Any], values: Mapping[str, Any]) -> None:
    change = update(FeedbackRow).where(*where).values(values)
    session.execute(change.execution_options(synchronize_session=False))


def asked_and_answered(session: Session) -> tuple[int, int]:
    answered = func.count(case((FeedbackAskedRow.answered, 1)))
    asked, answers_ = session.execute(select(func.count(FeedbackAskedRow.id), answered)).one()
    return int(asked), int(answers_)


def outcomes(session: Session) -> Sequence[tuple[str, str, int]]:
    """Outcome (empty: not answered), barrier, and how many requests."""
    by = (OutcomeRow.outcome, OutcomeRow.barrier)
    return [(*row[:2], int(row[2])) for row in session.execute(select(*by, func.count()).group_by(*by))]


# -- answers shared with everybody

_MAY_BE_SHARED = and_(RequestRow.may_share, ~RequestRow.confidential, RequestRow.delivered_at.is_not(None))


def to_offer(session: Session, since: datetime, before: datetime) -> Sequence[tuple[int, int | None]]:
    """Requests delivered in this stretch that may be shared and have no draft, with their owners."""
    drafted = exists().where(SharedAnswerRow.request_id == RequestRow.id)
    query = select(RequestRow.id, RequestRow.owner_id).where(_MAY_BE_SHARED, ~drafted)
    found = session.execute(query.where(RequestRow.delivered_at >= since, RequestRow.delivered_at < before))
    return [(ident, owner) for ident, owner in found]


def to_settle(session: Session, now: datetime) -> Sequence[int]:
    """Requests whose answer is to be published now, or may not be shared any more."""
    is_due = and_(SharedAnswerRow.state == APPROVED, SharedAnswerRow.goes_at <= now)
    is_open = and_(RequestRow.may_share, ~RequestRow.confidential)
    query = select(RequestRow.id).join(SharedAnswerRow, SharedAnswerRow.request_id == RequestRow.id)
    return session.scalars(query.where(or_(is_due, ~is_open))).all()


def naming(session: Session, user: str) -> list[str]:
    """What cards are about: requests whose answer somebody wrote or approved."""
    theirs = or_(SharedAnswerRow.by == user, SharedAnswerRow.approved_by == user)
    return [subject(each) for each in session.scalars(select(SharedAnswerRow.request_id).where(theirs))]


# -- peers


def free_peers(
    session: Session, ids: Collection[int], request_id: int, since: datetime
) -> Sequence[tuple[int, str]]:
    """Of these people, by name: who was not suggested for this request, and has no other suggestion since then.

    Nobody who wants only what is about their own requests.
    """
    row = PeerMatchRow
    waits = or_(row.request_id == request_id, row.matched_at.is_(None) & (row.asked_at > since))
    query = select(PersonRow.id, PersonRow.name).where(
        PersonRow.id.in_(ids),
        ~exists().where(row.peer_id == PersonRow.id, waits),
        ~exists().where(SilenceRow.user == PersonRow.user),
    )
    return [(ident, name) for ident, name in session.execute(query.order_by(PersonRow.name, PersonRow.id))]


def matches_of(session: Session, request_id: int) -> Sequence[int]:
    return session.scalars(select(PeerMatchRow.id).where(PeerMatchRow.request_id == request_id)).all()
