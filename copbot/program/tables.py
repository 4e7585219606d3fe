"""What administrators choose, one row a choice, with who chose it and when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from copbot.store import Base, Json, Moment


class ChoiceRow(Base):
    __tablename__ = "choices"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    value: Mapped[Any] = mapped_column(Json)
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)


def find_choice(session: Session, name: str, *, held: bool = False) -> ChoiceRow | None:
    query = select(ChoiceRow).where(ChoiceRow.name == name)
    return session.scalars(query.with_for_update() if held else query).one_or_none()
