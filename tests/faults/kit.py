"""A workspace, a database and bots that die: what the proofs share, and what must be true after each of them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from copbot.app import notices, profile_of
from copbot.assistance.tables import EventRow, RequestRow
from copbot.delivery.render import Look
from copbot.delivery.rules import HELD
from copbot.delivery.subject import Subject
from copbot.delivery.tables import MessageRefresh, MessageRow
from copbot.errors import Busy
from copbot.jobs.tables import JobRow
from copbot.people.rules import STAFF_REREAD
from copbot.sandbox.driver.controls import Room
from copbot.sandbox.driver.person import DrivenPerson
from copbot.sandbox.driver.views import SeenMessage
from copbot.sandbox.driver.wire import NotSeen
from copbot.sandbox.driver.workspace import Workspace
from copbot.sandbox.world import SlackTiming
from copbot.settings import load
from copbot.slack.answers import Message as Drawn
from copbot.store import Store
from copbot.store.sqlite import sqlite_path
from tests.days import Sandbox
from tests.faults.bot import BotProcess
from tests.live import past_the_morning, unpaced, workspace
from tests.waiting import PATIENCE, eventually

CANARY = "kanarienvogel"
"""Stands in everything that is typed. It may be read in Slack and in the database, and nowhere else."""
FORM: dict[str, Any] = {
    "topics": ["naloxone"],
    "kind": "answer",
    "need": f"We run out of kits. {CANARY}",
    "areas": ["wi-dane"],
}
ACK = SlackTiming(trigger=15.0, redelivery=(0.2, 0.5, 1.0, 2.0, 4.0))
"""Slack's own patience for an ack; forms may open late on a busy machine, and events come again sooner."""

MOVED_ON = {
    ("views.update", "hash_conflict"),
    ("views.update", "not_found"),
    ("views.publish", "hash_conflict"),
}
"""Whoever types on while a form is redrawn, or sends it first, leaves nothing to redraw, and whoever presses something
in a Home while it is redrawn sees what came of that: no fault of the bot's. The hash is sent to hear of just this.
"""
GIVEN = ("block_id", "action_id", "verbatim", "emoji")


class House:
    """One workspace and one database. Bots come and go."""

    def __init__(self, sandbox: Sandbox, url: str, folder: Path) -> None:
        self.sandbox = sandbox
        self.ws: Workspace = sandbox.workspace()
        self.store = Store(url)
        self.log = folder / "bot.log"
        self.environment = {**sandbox.environment(), "DATABASE_URL": url, "COPBOT_HTTP_PORT": "0"}
        self.profile = profile_of(load({}, None))
        self.bots: list[BotProcess] = []
        past_the_morning(self.store, self.ws.clock.now(), self.profile.time_zone)
        unpaced(self.store)

    # -- bots

    def bot(self, **how: Any) -> BotProcess:
        self.bots.append(BotProcess(self.environment, self.log, **how))
        return self.bots[-1]

    def end(self) -> None:
        """How a bot leaves well is tested where it matters (tests/contract): here nobody waits for it."""
        for bot in self.bots:
            bot.kill()
        self.store.close()

    @property
    def file(self) -> Path:
        """The database, where it is a file."""
        found = sqlite_path(self.store.url)
        assert found is not None
        return found

    # -- people

    def person(self, handle: str) -> DrivenPerson:
        return self.ws.person(handle)

    @property
    def staff(self) -> Room:
        return self.ws.channel("ta-staff")

    def fills(self, handle: str, need: str = "") -> DrivenPerson:
        """Somebody has the form in front of them, filled and not sent."""
        person = self.person(handle)
        self.opens(person, lambda: person.types("/ta", channel="general"), "What do you need?")
        person.fills({**FORM, "need": f"{need} {CANARY}" if need else FORM["need"]})
        if "not_agency" not in person.modal().values():
            person.fills({"agency": {"type": "Lakeside", "pick": "I am not with an agency"}})
            person.modal(text="Which is true?")
        person.fills({"not_agency": "work"})
        return person

    def opens(self, person: DrivenPerson, act: Callable[[], object], text: str) -> None:
        """Do it until the form is there: a bot that is dying or being born, or that Slack fails, opens none."""
        while person.has_modal():
            person.closes()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            act()
            with suppress(NotSeen):  # neither the form nor a word: it is tried again
                if person.answered(text, timeout=5.0):
                    return
            self.ws.connected()
        person.modal(
            text=text, timeout=0.0
        )  # says what is in front instead, and what the person was told last

    def persists(self, act: Callable[[], object], is_done: Callable[[], bool]) -> None:
        """What a person does with a bot that dies under their hands: the same again until it has worked."""

        def again() -> bool:
            if not is_done():
                self.ws.connected()
                with suppress(NotSeen):  # what they wanted to press has gone meanwhile
                    act()
            return is_done()

        eventually(again, "it to work")

    def sends(self, person: DrivenPerson) -> None:
        """Press the form's button until the form is gone or another stands in its place."""

        def is_sent() -> bool:
            return not person.has_modal() or not person.modal().view.get("submit")

        self.persists(person.submits, is_sent)

    def takes(self, handle: str, ident: int) -> None:
        person, label = self.person(handle), f"TA-{1000 + ident}"
        self.persists(
            lambda: person.clicks("Take", in_="ta-staff", text=label, timeout=1.0),
            lambda: self.state(ident) != "new",
        )

    def finishes(self, handle: str, ident: int) -> DrivenPerson:
        """The form of Done, filled and not sent."""
        person, label = self.person(handle), f"TA-{1000 + ident}"
        self.opens(
            person, lambda: person.clicks("Done", in_="ta-staff", text=label), "What did you give them?"
        )
        return person.fills(given=f"A box of kits. {CANARY}")

    def replies(self, handle: str, ident: int) -> DrivenPerson:
        """The form of Reply, filled and not sent."""
        person, label = self.person(handle), f"TA-{1000 + ident}"
        self.opens(
            person, lambda: person.clicks("Reply", in_="ta-staff", text=f"{label} ·"), "gets this text"
        )
        return person.fills(text=f"Forty kits are on their way. {CANARY}")

    def asks(self, handle: str = "kim", need: str = "") -> int:
        """A request's id, when all is well."""
        result = self.fills(handle, need).submits()
        assert result.updated, result
        return request_in(self.person(handle).modal().text())

    # -- what is true

    def requests(self) -> list[int]:
        """Ids, oldest first; a database may leave gaps between them."""
        with self.store.reading() as session:
            return list(session.execute(select(RequestRow.id).order_by(RequestRow.id)).scalars())

    def new_request(self, before: list[int]) -> int:
        """The one request there is beside those that were there before."""
        [found] = set(self.requests()) - set(before)
        return found

    def state(self, ident: int) -> str:
        with self.store.reading() as session:
            return session.get_one(RequestRow, ident).state

    def events(self, ident: int) -> list[str]:
        with self.store.reading() as session:
            found = select(EventRow.verb).where(EventRow.request_id == ident).order_by(EventRow.id)
            return list(session.execute(found).scalars())

    def rows(self, kind: str = "") -> list[MessageRow]:
        with self.store.reading() as session:
            found = select(MessageRow).order_by(MessageRow.id)
            return list(session.execute(found.where(MessageRow.kind == kind) if kind else found).scalars())

    def quiet(self, within: float = PATIENCE) -> None:
        """Waits until nothing that is due is left to send, to look up or to run."""
        eventually(self._is_quiet, "the bot to have nothing left to do", within)

    def _is_quiet(self) -> bool:
        now = self.ws.clock.now()
        try:
            with self.store.reading() as session:
                rows = session.execute(select(MessageRow)).scalars().all()
                busy = JobRow.state.in_(("due", "running"))
                jobs = session.execute(select(func.count()).where(busy)).scalar_one()
        except Busy:
            return False
        # What is held for its reader goes when the reader may read again, not with time.
        waiting = [row for row in rows if row.state in ("due", "sending", "unsure") and row.reason != HELD]
        due = [row for row in waiting if row.due_at.timestamp() <= now]
        # On PostgreSQL a job of a process that was killed keeps its lease for a minute.
        at_work = bool(jobs) and self.store.is_sqlite
        return not due and not at_work and all(row.look_at is None for row in rows)

    def read_again(self) -> None:
        """Waits until the staff channel has been read once more than now."""
        before = self._reads()
        eventually(lambda: self._reads() > before, "the staff channel to be read again")
        self.quiet()

    def _reads(self) -> int:
        with self.store.reading() as session:
            read = select(func.count()).where(JobRow.name == STAFF_REREAD, JobRow.state == "done")
            return session.execute(read).scalar_one()

    def checked(self, *, refused: tuple[str, ...] = ()) -> None:
        """Slack and the rows say the same, once each; nothing private was written down; nothing was refused.

        `refused`: methods that could not but be refused in this test.
        """
        while True:
            self.quiet()
            rows = self.rows()
            try:
                self._agree(rows, self.standing())
            except AssertionError:
                # What falls due while it is being looked at, a minute after Done, is looked at once more.
                if _states(rows) == _states(self.rows()):
                    raise
            else:
                break
        unwanted = [
            each
            for each in self.ws.refusals()
            if each["where"] not in refused and (each["where"], each["error"]) not in MOVED_ON
        ]
        assert unwanted == [], json.dumps(unwanted)
        self.keeps_quiet()

    def _agree(self, rows: list[MessageRow], standing: dict[str, list[SeenMessage]]) -> None:
        for row in rows:
            copies = standing.pop(row.uid, [])
            if row.ts is None:
                assert copies == [], f"{row.kind} {row.subject} stands although its row knows nothing of it"
                continue
            assert len(copies) == 1, f"{row.kind} {row.subject} stands {len(copies)} times"
            assert (copies[0].channel, copies[0].ts) == (row.channel, row.ts)
            assert row.shown == row.version, f"{row.kind} {row.subject} is behind"
            self._reads_as_drawn(row, copies[0])
        assert standing == {}, f"nobody's messages: {standing}"

    def keeps_quiet(self) -> None:
        """Nothing that anybody typed stands in a log (invariant 8)."""
        said = self.log.read_text()
        assert CANARY not in said
        assert '"withheld"' not in said  # a line that lost what it had to say helps nobody

    def standing(self) -> dict[str, list[SeenMessage]]:
        """Every message of the bot's in Slack, by the uid in its metadata."""
        found: dict[str, list[SeenMessage]] = {}
        for channel in self.ws.wire.must("workspace")["channels"]:
            for message in Room(self.ws.wire, channel["id"]).messages():
                payload = (message.raw.get("metadata") or {}).get("event_payload") or {}
                if "uid" in payload:
                    found.setdefault(payload["uid"], []).append(message)
        return found

    def _reads_as_drawn(self, row: MessageRow, message: SeenMessage) -> None:
        """Drawn anew from the row, it is what stands there: its newest state."""
        with self.store.reading() as session:
            now = datetime.fromtimestamp(self.ws.clock.now(), UTC)
            if session.execute(select(MessageRefresh.id).where(MessageRefresh.message_id == row.id)).first():
                return  # it changes later, on purpose
            drawn = notices()[row.kind](session, Subject(row.subject), Look(self.profile, now, row.uid))
        assert isinstance(drawn, Drawn)
        assert message.raw["text"] == drawn.text, json.dumps([message.raw["text"], drawn.text])
        stands, should = _bare(message.blocks), _bare(drawn.blocks)
        assert stands == should, json.dumps([stands, should])


def _states(rows: list[MessageRow]) -> list[tuple[object, ...]]:
    return [(row.id, row.state, row.version, row.shown, row.channel, row.ts) for row in rows]


def _bare(found: Any) -> Any:
    """Without what Slack fills in."""
    if isinstance(found, dict):
        return {name: _bare(value) for name, value in found.items() if name not in GIVEN}
    return [_bare(value) for value in found] if isinstance(found, list | tuple) else found


def request_in(text: str) -> int:
    start = text.index("TA-") + 3
    return int(text[start : start + 4]) - 1000


@contextmanager
def beside(work: Callable[[], object]) -> Iterator[None]:
    """Do this in a thread while the block runs; what goes wrong in it fails the test."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again in the test's own thread
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join(60)
    assert not thread.is_alive(), "the people did not come to an end"
    if failed:
        raise failed[0]


@contextmanager
def house(url: str, folder: Path) -> Iterator[House]:
    with workspace(timing=ACK) as sandbox:
        home = House(sandbox, url, folder)
        try:
            yield home
        finally:
            home.end()
