"""What administrators choose, one row a choice, with who chose it and when."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, String, bindparam, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from copbot.store import Base, Json, KeepForever, Moment, insert_once, new_uid


class ChoiceRow(Base):
    __tablename__ = "choices"
    __retention__ = KeepForever("what counts now, one row a choice")

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    value: Mapped[Any] = mapped_column(Json)
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    # What the profile's file said when this was taken from it. Absent: not a part of the profile.
    filed: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))


_VALUES = select(ChoiceRow.name, ChoiceRow.value).where(
    ChoiceRow.name.in_(bindparam("names", expanding=True))
)


def choices(session: Session, *names: str) -> dict[str, Any]:
    """What was chosen under these names; in no query when `stamp` has read them in this transaction.

    Those that nobody has chosen are not in it.
    """
    read: dict[str, Any] | None = session.info.get(_READ)
    if read is None or not set(names) <= set(WITH_STAMP):
        return dict(session.execute(_VALUES, {"names": names}).all())
    return {name: read[name] for name in names if name in read}


def add_choice(session: Session, name: str, value: Any, filed: Any = None, *, by: str, at: datetime) -> bool:
    """Make a choice that nobody has made yet; False: it was made before."""
    session.info.pop(_READ, None)
    return insert_once(session, ChoiceRow, name=name, value=value, by=by, at=at, filed=filed) is not None


def held_choice(session: Session, name: str) -> ChoiceRow | None:
    session.info.pop(_READ, None)  # whoever locks a choice may change it
    query = select(ChoiceRow).where(ChoiceRow.name == name).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


STAMP = "program_stamp"
"""The choice whose value is another one after every change of the profile's parts."""

WITH_STAMP = ("staff_channel", "staff_channel_problem", "routing")
"""Choices that most transactions ask for: read with the stamp."""

_READ = "choices.read"


def stamp(session: Session) -> str:
    """Empty until the profile has been seeded. Asked in every transaction."""
    read: dict[str, Any] = dict(session.connection().execute(_VALUES, {"names": (STAMP, *WITH_STAMP)}).all())
    session.info[_READ] = read
    return str(read.get(STAMP) or "")


def hold_parts(session: Session, now: datetime) -> None:
    """Until this transaction ends nobody else changes any part of the profile."""
    add_choice(session, STAMP, new_uid(), by="program", at=now)
    held_choice(session, STAMP)


def stamp_anew(session: Session, now: datetime) -> None:
    """After each change of a part, in the same transaction: no two states may carry one stamp."""
    session.flush()
    row = held_choice(session, STAMP)
    assert row is not None  # `hold_parts` comes first
    row.value, row.at = new_uid(), now
    session.flush()


class SettingPart(NamedTuple):
    """A choice as it is read: by its name, with what the profile's file said when it was taken from it."""

    name: str
    value: Any
    by: str
    at: datetime
    version: int
    filed: Any


_PARTS = select(
    ChoiceRow.name, ChoiceRow.value, ChoiceRow.by, ChoiceRow.at, ChoiceRow.version, ChoiceRow.filed
).order_by(ChoiceRow.id)


def parts_of_the_profile(session: Session, *also: str) -> dict[str, SettingPart]:
    """By name, in the order in which they were added; with these choices that are no part of it."""
    query = _PARTS.where(or_(ChoiceRow.filed.is_not(None), ChoiceRow.name.in_(also)))
    return {row.name: SettingPart(*row) for row in session.execute(query)}


def chosen_under(session: Session, start: str) -> dict[str, SettingPart]:
    """Every choice whose name begins so, by name, in the order in which they were made; one query."""
    query = _PARTS.where(ChoiceRow.name.startswith(start, autoescape=True))
    return {row.name: SettingPart(*row) for row in session.execute(query)}


def chosen(session: Session, name: str) -> SettingPart | None:
    """The choice with who made it, when, and its version; None when nobody has chosen."""
    row = session.execute(_PARTS.where(ChoiceRow.name == name)).one_or_none()
    return None if row is None else SettingPart(*row)
