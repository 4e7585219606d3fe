"""Home kept true while somebody looks at it: drawn again when something changed, published when it differs."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from copbot.clock import Clock
from copbot.errors import Busy
from copbot.home import tables
from copbot.home.parts import view_of
from copbot.home.rules import Due
from copbot.home.screens import closed
from copbot.program.profile import Profile
from copbot.program.settings.edits import effective
from copbot.slack.answers import View
from copbot.slack.entrances import Call, Wiring
from copbot.slack.errors import RateLimited, Refused, SlackError
from copbot.slack.person import Person
from copbot.store import Session, Store

log = structlog.get_logger("home")


@dataclass(frozen=True)
class RedrawTiming:
    """Machine seconds, but `open_for`. Slack tells nobody that a Home was left, so it is taken to be open a while.

    `settle`: the answer to a press in Home is on its way to Slack when the press is saved; it goes first.
    `sweep`: all open Homes are looked at this often, as time alone changes some, and `soon` after what everybody
    sees has changed; `apart`: the time between two of them. `noted_after`: the pauses before it is tried again to
    write down what somebody sees.
    """

    open_for: timedelta = timedelta(minutes=30)
    sweep: float = 30.0
    soon: float = 5.0
    apart: float = 0.02
    settle: float = 0.4
    pause: float = 1.0
    burst: int = 10
    gap: float = 0.6
    timeout: float = 2.5
    refused_pause: float = 600.0
    noted_after: tuple[float, ...] = (0.2, 1.0, 3.0)


@dataclass(frozen=True)
class DrawnHome:
    """A person's Home as it is now, and what Slack has of it. `is_staffs`, `was_staffs`: drawn for staff."""

    person_id: int
    view: View
    digest: str
    hash: str
    shown: str
    is_staffs: bool
    was_staffs: bool


Identify = Callable[[Session, str], Person | None]


def digest_of(view: View) -> str:
    told = json.dumps(view, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


class Refresher:
    """A thread that looks again after each change, and now and then, at the Homes that were opened lately."""

    def __init__(
        self,
        store: Store,
        gateway: Any,
        clock: Clock,
        profile: Profile,
        identify: Identify,
        *,
        wiring: Wiring,
        timing: RedrawTiming | None = None,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._profile = profile
        self._identify = identify
        self._wiring = wiring
        self._timing = timing or RedrawTiming()
        self._changed = threading.Event()
        self._guard = threading.Lock()
        self._due = Due()
        self._sweep_at = 0.0
        self._stopping = threading.Event()
        self._refused: dict[str, float] = {}
        self._thread = threading.Thread(target=self._run, name="home", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def heard(self, tables: frozenset[str], subjects: tuple[str, ...]) -> None:
        """Something was saved: the store calls this after every commit, with what it touched."""
        with self._guard:
            self._due.add(tables, subjects)
            due = bool(self._due)
        if due:
            self._changed.set()

    def stop(self, within: float = 2.0) -> bool:
        self._stopping.set()
        self._changed.set()
        if self._thread.is_alive():
            self._thread.join(within)
        return not self._thread.is_alive()

    def published(self, user: str, view: View, hash_: str) -> None:
        """Somebody opened their Home or pressed something in it, and this is what they see now.

        A busy database is asked again: a Home that nobody knows of is neither kept true nor cleared.
        """
        for pause in self._timing.noted_after:
            try:
                self._note(user, view, hash_)
            except Busy:
                if self._stopping.wait(pause):
                    break
            else:
                return
        self._note(user, view, hash_)

    def _note(self, user: str, view: View, hash_: str) -> None:
        with self._store.writing() as session:
            person = self._identify(session, user)
            if person is not None:
                now, shown = self._clock.now(), digest_of(view)
                tables.keep(
                    session, person.id, hash_=hash_, shown=shown, is_staffs=person.is_staff, opened=now
                )

    def round(self, due: Due | None = None) -> int:
        """Look at every Home that was opened lately, or at those that are due; how many were published anew.

        Each round looks at Homes that still show somebody what is staff's, whenever they opened them.
        """
        opened = self._clock.now() - self._timing.open_for
        with self._store.reading() as session:
            former = tables.users_no_longer_staff(session)
            users = tables.users_since(session, opened, due)
        published = 0
        moment = time.monotonic()
        waiting = {user for user in former if self._refused.get(user, moment) > moment}
        for user in dict.fromkeys([*former, *users]):
            if user in waiting:
                continue
            if self._stopping.is_set():
                break
            published += self._refresh(user)
            if due is None:
                self._stopping.wait(self._timing.apart)  # nobody waits for it, and others want to write
            if published > self._timing.burst:
                self._stopping.wait(self._timing.gap)
        return published

    def _run(self) -> None:
        while not self._stopping.is_set():
            if self._changed.wait(max(0.0, self._sweep_at - time.monotonic())):
                self._stopping.wait(self._timing.settle)
            self._changed.clear()
            if self._stopping.is_set():
                return
            try:
                self._look()
            except Busy:
                self._sweep_at = 0.0  # what was due is not known any more
            except Exception as error:  # noqa: BLE001 - a thread that dies would leave every Home as it was
                log.error("home_round_failed", error=type(error).__name__)
            self._stopping.wait(self._timing.pause)

    def _look(self) -> None:
        """The Homes that are due; all of them when it is time, also for what may have changed everybody's."""
        with self._guard:
            due, self._due = self._due, Due()
        if time.monotonic() >= self._sweep_at:
            self._sweep_at = time.monotonic() + self._timing.sweep
            self.round()
            return
        if due.everyone:
            self._sweep_at = min(self._sweep_at, time.monotonic() + self._timing.soon)
        if due:
            self.round(due)

    def _refresh(self, user: str) -> bool:
        """Publish if it differs from what is shown. When Slack has a newer state than we know: once more, then no more."""
        drawn = self._draw(user)
        if drawn is None or drawn.digest == drawn.shown:
            if drawn is not None and drawn.is_staffs != drawn.was_staffs:
                self._keep(drawn, drawn.hash)
            return False
        try:
            return self._publish(user, drawn, drawn.hash)
        except Refused as error:
            if error.code != "hash_conflict":
                self._refused[user] = time.monotonic() + self._timing.refused_pause
                log.warning("home_not_published", code=error.code)
                return False
        again = self._draw(user)
        if again is None:
            return False
        known = again.hash if again.hash != drawn.hash else ""
        try:
            return self._publish(user, again, known)
        except Refused as error:
            log.info("home_moved_on", code=error.code)
            return False

    def _publish(self, user: str, drawn: DrawnHome, known: str) -> bool:
        """Whether Slack took it. Raises `Refused` only."""
        hash_ = {"hash": known} if known else {}
        try:
            answer = self._gateway.call(
                "views.publish", user_id=user, view=drawn.view, timeout=self._timing.timeout, **hash_
            )
        except RateLimited as error:
            self.heard(frozenset({"persons"}), (f"user:{user}",))
            self._stopping.wait(error.retry_after)
            return False
        except Refused:
            raise
        except SlackError as error:
            log.warning("home_not_published", code=error.code)
            return False
        new = str((answer.get("view") or {}).get("hash") or "")
        self._keep(drawn, new)
        return True

    def _keep(self, drawn: DrawnHome, hash_: str) -> None:
        with self._store.writing() as session:
            tables.keep(session, drawn.person_id, hash_=hash_, shown=drawn.digest, is_staffs=drawn.is_staffs)

    def _draw(self, user: str) -> DrawnHome | None:
        """As it is now; None when this person may see nothing and has seen nothing of staff's."""
        with self._store.reading() as session:
            person, row = self._identify(session, user), tables.view_of(session, user)
            if person is None or row is None or (person.refused is not None and not row.is_staffs):
                return None
            view = self._view(session, person) if person.refused is None else closed(person.refused)
            shown = (view, digest_of(view), row.hash, row.shown, person.is_staff, row.is_staffs)
            return DrawnHome(person.id, *shown)

    def _view(self, session: Session, person: Person) -> View:
        profile, team = effective(session, self._profile), self._gateway.team
        return view_of(Call(session, person, self._clock.now(), profile, team=team, wiring=self._wiring))
