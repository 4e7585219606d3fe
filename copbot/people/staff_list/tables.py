"""Queries over everybody on the list of staff at once: a few statements, however many people they are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import bindparam, insert, select, true, update

from copbot.people.tables import OUTSIDE, PersonRow, StaffRow
from copbot.store import Moment, Session


def all_staff(session: Session) -> dict[int, bool]:
    """Everybody who is or was staff, by person, and whether they are now; held, so that no two re-reads decide."""
    query = select(StaffRow.person_id, StaffRow.active).with_for_update()
    return {row[0]: row[1] for row in session.execute(query)}


def join_staff(session: Session, persons: Collection[int], before: Collection[int], now: datetime) -> None:
    """These are staff from now on; `before` once were. A few statements, however many they are."""
    again = {"active": True, "since": now, "left_at": None}
    for some in _parts([person for person in persons if person in before]):
        session.execute(update(StaffRow.__table__).where(StaffRow.person_id.in_(some)).values(again))
    columns = ("person_id", "active", "since")
    for some in _parts([person for person in persons if person not in before]):
        new = select(PersonRow.id, true(), bindparam("since", now, Moment)).where(PersonRow.id.in_(some))
        session.execute(insert(StaffRow.__table__).from_select(columns, new))


def leave_staff(session: Session, persons: Collection[int], now: datetime) -> None:
    gone = {"active": False, "left_at": now}
    for some in _parts(list(persons)):
        session.execute(update(StaffRow.__table__).where(StaffRow.person_id.in_(some)).values(gone))


def mark_leads(session: Session, users: Collection[str], by: str, at: datetime | None) -> None:
    """Of the active staff these are the leads, and nobody else."""
    named = select(PersonRow.id).where(PersonRow.user.in_(users))
    table = update(StaffRow.__table__).where(StaffRow.active)
    no_more = table.where(StaffRow.is_lead, StaffRow.person_id.not_in(named))
    session.execute(no_more.values(is_lead=False, lead_by="", lead_at=None))
    new = table.where(~StaffRow.is_lead, StaffRow.person_id.in_(named))
    session.execute(new.values(is_lead=True, lead_by=by, lead_at=at))
    session.expire_all()  # rows in memory say otherwise


def flags_by_person(session: Session, users: Collection[str]) -> list[tuple[int, str, dict[str, Any]]]:
    """Id, Slack user and what keeps somebody from being a full member, of each of the users that is known."""
    columns = [getattr(PersonRow, name) for name in OUTSIDE]
    found: list[tuple[int, str, dict[str, Any]]] = []
    for some in _parts(list(users)):
        query = select(PersonRow.id, PersonRow.user, *columns).where(PersonRow.user.in_(some))
        found += [
            (row[0], row[1], dict(zip(OUTSIDE, row[2:], strict=True))) for row in session.execute(query)
        ]
    return found


def users_of(session: Session, persons: Collection[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in _parts(list(persons)):
        query = select(PersonRow.id, PersonRow.user).where(PersonRow.id.in_(some))
        found |= {row[0]: row[1] for row in session.execute(query)}
    return found


_Item = TypeVar("_Item")


def _parts(items: Sequence[_Item], most: int = 1000) -> Iterator[Sequence[_Item]]:
    """A database takes only so many parameters in one statement."""
    return (items[at : at + most] for at in range(0, len(items), most))
