"""Messages of one kind taken together: how far they are, who could not be reached, and another chance."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select, update

from copbot.delivery.rules import METHODS, NOBODY_THERE, PACES, MessageState, NextCall, bulk_spacing
from copbot.delivery.tables import BULK, MessageRow, MethodRate, Where, change, wake
from copbot.store import Session

MOST = 200


def unreached(session: Session, kind: str) -> Sequence[MessageRow]:
    """Dead letters of a kind whose readers are gone."""
    dead = (
        MessageRow.kind == kind,
        MessageRow.state == MessageState.DEAD,
        MessageRow.reason.in_(NOBODY_THERE),
    )
    return session.scalars(select(MessageRow).where(*dead).order_by(MessageRow.id).limit(MOST)).all()


def wake_silent(session: Session, kinds: Collection[str], reason: str, now: datetime) -> int:
    """Messages that had nothing to show, for this reason, are due again."""
    which = and_(
        MessageRow.kind.in_(kinds), MessageRow.state == MessageState.NOTHING, MessageRow.reason == reason
    )
    return wake(session, which, now)


def silent(session: Session, kind: str, reason: str) -> Sequence[str]:
    """The subjects of those that had nothing to show, for this reason, and are still wanted."""
    which = (MessageRow.kind == kind, MessageRow.state == MessageState.NOTHING, MessageRow.reason == reason)
    return session.scalars(select(MessageRow.subject).where(*which, MessageRow.wanted).limit(MOST)).all()


def sent_of(session: Session, kind: str, since: datetime, until: datetime, reason: str) -> tuple[int, int]:
    """How many messages of a kind that were due in this stretch stand in Slack, and how many are to;
    one that had nothing to show counts only if it was for this reason."""
    shows = or_(MessageRow.state != MessageState.NOTHING, MessageRow.reason == reason)
    found = select(func.count(MessageRow.ts), func.count()).where(
        MessageRow.kind == kind, MessageRow.wanted, shows
    )
    sent, of = session.execute(found.where(MessageRow.due_at > since, MessageRow.due_at <= until)).one()
    return int(sent), int(of)


def make_bulk(session: Session, where: Where) -> int:
    """What stands in Slack is changed at the pace of what is not urgent; what does not yet is not held up."""
    return change(session, update(MessageRow).where(where, MessageRow.ts.is_not(None)).values(rank=BULK))


def destinations(session: Session, where: Where) -> Sequence[str]:
    stands = select(MessageRow.destination).where(where, MessageRow.wanted, MessageRow.ts.is_not(None))
    return session.scalars(stands.order_by(MessageRow.id)).all()


def progress(session: Session, where: Where) -> tuple[int, int, float]:
    """Messages as they should stand, all that are to stand, and seconds for changing the rest as what is not urgent."""
    shown = func.count().filter(MessageRow.state == MessageState.SHOWN)
    lost = MessageRow.state.in_((MessageState.DEAD, MessageState.NOTHING))
    done, of = session.execute(select(shown, func.count()).where(where, MessageRow.wanted, ~lost)).one()
    method = METHODS[NextCall.UPDATE]
    rate = session.scalar(select(MethodRate.rate).where(MethodRate.method == method)) or PACES[method].rate
    return int(done), int(of), (of - done) * bulk_spacing(rate)
