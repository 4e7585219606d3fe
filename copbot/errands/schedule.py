"""What the clock asks for: each timed errand once in its slot, however many processes look at the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from copbot.errands import service, tables
from copbot.errands.work import Errand
from copbot.store import Session, Store

if TYPE_CHECKING:
    from copbot.errands.runner import Runner


def ask_for_due(
    store: Store,
    errands: Iterable[Errand],
    now: datetime,
    zone: Callable[[Session], str] = lambda _session: "UTC",
) -> int:
    """Ask for every timed errand whose slot has not been asked for; how many are new.

    Slots missed while nothing ran are not made up for: the errand of the current one does their work.
    """
    with store.reading() as session:
        time_zone = zone(session)
        keys = {key: errand.name for errand in errands if (key := errand.slot(now, time_zone))}
        missing = set(keys) - tables.known_keys(session, keys)
    if not missing:
        return 0
    with store.writing() as session:
        asked = [service.ask(session, keys[key], key=key, now=now) for key in sorted(missing)]
    return sum(ident is not None for ident in asked)


def tick(store: Store, runner: Runner) -> int:
    """The body of the one scheduled job: insert what is due and wake the runner."""
    asked = ask_for_due(store, runner.errands, runner.clock.now(), runner.time_zone)
    if asked:
        runner.wake()
    return asked
