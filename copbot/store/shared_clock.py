"""Machine time for leases and pacing, where several processes work on one database."""

from __future__ import annotations

import time

from sqlalchemy import text
from sqlalchemy.orm import Session


def machine_now(session: Session) -> float:
    """Seconds by the clock all processes of this database share."""
    if session.get_bind().dialect.name == "postgresql":
        return float(session.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())
    return time.time()
