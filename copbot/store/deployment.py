"""Which workspace a database belongs to, and whether it has just come back from a backup."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from copbot.errors import Misconfigured
from copbot.store.engine import hold, insert_once
from copbot.store.mapping import Base, Moment
from copbot.store.retention import KeepForever

_ONLY = 1


class Deployment(Base):
    """The one row of its table."""

    __tablename__ = "deployment"
    __retention__ = KeepForever("one row")

    id: Mapped[int] = mapped_column(primary_key=True)
    team: Mapped[str] = mapped_column(String(32), default="", server_default="")
    place: Mapped[str] = mapped_column(String(255), default="", server_default="")
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)
    restored_at: Mapped[datetime | None] = mapped_column(Moment)
    # Keys the hashes of what was delivered, so that the hashes tell nothing to who has only them.
    secret: Mapped[str] = mapped_column(String(64), default="", server_default="")


def claim_database(session: Session, *, team: str, place: str, now: datetime) -> None:
    """Remember the workspace at the first start; raise `Misconfigured` when the database knows another.

    `place` tells real Slack from another server that speaks like it: "slack" or "sandbox".
    """
    row = _row(session)
    if not row.team:
        row.team, row.place, row.claimed_at = team, place, now
        return
    if (row.team, row.place) != (team, place):
        raise Misconfigured(
            f"This database belongs to workspace {row.team} ({row.place}), and the bot is connected to "
            f"{team} ({place}). Set DATABASE_URL to another database: workspaces never share one."
        )


def mark_restored(session: Session, now: datetime) -> None:
    """From here on every unsent message is looked up before it is sent: it may have gone out already."""
    _row(session).restored_at = now


def restored_at(session: Session) -> datetime | None:
    """When this database came back from a backup that delivery has not looked through yet."""
    row = session.get(Deployment, _ONLY)
    return None if row is None else row.restored_at


def clear_restored(session: Session) -> None:
    _row(session).restored_at = None


def secret(session: Session) -> bytes:
    """This database's own random key, made at the first start and the same for every process."""
    row = _row(session)
    if not row.secret:
        row.secret = secrets.token_hex(32)
    return bytes.fromhex(row.secret)


def _row(session: Session) -> Deployment:
    insert_once(session, Deployment, id=_ONLY)
    return hold(session, Deployment, _ONLY)
