"""What administrators choose, one row a choice, with who chose it and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from copbot.store import Base, Json, Moment


class ChoiceRow(Base):
    __tablename__ = "choices"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    value: Mapped[Any] = mapped_column(Json)
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)


_VALUES = select(ChoiceRow.name, ChoiceRow.value).where(
    ChoiceRow.name.in_(bindparam("names", expanding=True))
)


def values_of(session: Session, names: Sequence[str]) -> dict[str, Any]:
    """What was chosen under these names, in one query."""
    return dict(session.execute(_VALUES, {"names": names}).all())


def held_choice(session: Session, name: str) -> ChoiceRow | None:
    return session.scalars(select(ChoiceRow).where(ChoiceRow.name == name).with_for_update()).one_or_none()
