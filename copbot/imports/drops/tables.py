"""Files that were dropped, each until it is decided and a month longer. The file itself stays in Slack."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from copbot.imports.drops.rules import DropState
from copbot.store import Base, DeleteAfter, Json, Moment, new_uid

KEPT = timedelta(days=30)


class DropRow(Base):
    """`file` is Slack's id. `seen` is what reading it found (headings, mapping, counts, refused lines), `chosen` the
    columns that somebody corrected (field to heading), `import_id` the run that Undo takes back."""

    __tablename__ = "import_drops"
    __retention__ = DeleteAfter(KEPT, lambda before: DropRow.at < before)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    file: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    state: Mapped[DropState] = mapped_column(String(12))
    trouble: Mapped[str] = mapped_column(String(300), default="", server_default="")
    publish: Mapped[bool] = mapped_column(default=False)
    chosen: Mapped[dict[str, str]] = mapped_column(Json, default=dict, server_default="{}")
    seen: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    import_id: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    of: Mapped[int] = mapped_column(default=0, server_default="0")
