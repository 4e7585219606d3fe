"""Keeping house: every night each table loses what it does not keep."""

from __future__ import annotations

from typing import Any

from copbot.jobs.work import Job, Work
from copbot.store.purge import purge

PURGE = "store.purge"


def forget(work: Work) -> dict[str, Any]:
    """What every table declares in `__retention__`, in short transactions. Returns how many rows, by table."""
    return purge(work.store, work.clock.now(), step=lambda total: work.progress(total, total + 1))


JOBS = (Job(PURGE, forget, at="03:00", slow=True),)
