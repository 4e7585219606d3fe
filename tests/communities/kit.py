"""A workspace in the same process: the sandbox's own methods, called without a network, killed at will."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from copbot.clock import FixedClock
from copbot.communities import jobs, notices, tables
from copbot.communities.channels import jobs as channel_jobs
from copbot.communities.channels import service
from copbot.communities.rules import CommunityState as Standing
from copbot.communities.tables import CommunityRow, RunRow
from copbot.delivery.sender import Sender
from copbot.delivery.sending import tables as sending
from copbot.delivery.tables import MESSAGES, MessageRow, MethodRate, change
from copbot.jobs.tables import JobRow
from copbot.jobs.work import Work
from copbot.joining import jobs as joining_jobs
from copbot.joining import notices as joining_notices
from copbot.people import service as people
from copbot.program.profile import load as load_profile
from copbot.sandbox import web_api  # noqa: F401 - the methods enter themselves into the table
from copbot.sandbox.calls import METHODS, Args, Fail, need
from copbot.sandbox.clock import WorkspaceClock
from copbot.sandbox.connections import Connections
from copbot.sandbox.faults import Faults
from copbot.sandbox.manifest import read_manifest
from copbot.sandbox.methods.files import content_of, take_upload
from copbot.sandbox.people import BOT_ID, BOT_USER, TEAM, user_record
from copbot.sandbox.people import InventedPerson as Somebody
from copbot.sandbox.rates import Rates
from copbot.sandbox.refusals import RefusalLog
from copbot.sandbox.state import Channel, WorkspaceState, seed
from copbot.sandbox.storage import RecordFile
from copbot.sandbox.world import SlackTiming, World
from copbot.slack.entrances import Wiring
from copbot.slack.errors import RateLimited, Refused, Unsure
from copbot.slack.person import Person
from copbot.slack.scopes import needed
from copbot.store import Store
from copbot.store.shared_clock import machine_now
from tests.days import NOON
from tests.delivery.kit import MANIFEST, QUICK

PROFILE = load_profile()
APP = read_manifest({**MANIFEST, "oauth_config": {"scopes": {"bot": list(needed())}}})

_LOOKS = select(MessageRow.look_at).where(MessageRow.look_at.is_not(None))

NOTICES = {**notices.NOTICES, **joining_notices.NOTICES}


class Killed(BaseException):
    """The process dies here."""


class Slack:
    """The gateway's face of a sandbox world. `kill` (call number, after?) cuts one run off."""

    team, bot_user, bot_id, workspace_url = TEAM["id"], BOT_USER, BOT_ID, "https://commons.example.org/"

    def __init__(self) -> None:
        clock = WorkspaceClock()
        clock.offset += NOON.timestamp() - clock.now()
        state = WorkspaceState(RecordFile(None), clock)
        seed(state, "ta-center")
        refusals = RefusalLog(clock.now)
        rates = Rates(enforced=False)
        parts = (Connections(refusals), refusals, Faults(state), rates, SlackTiming())
        self.world = World(APP, state, clock, *parts, "xoxb", "xapp")
        self.calls: list[str] = []
        self.kill: tuple[int, bool] | None = None
        self.answers: list[tuple[str, Exception | None, bool, str]] = []

    def call(self, method: str, /, *, timeout: float | None = None, **args: Any) -> dict[str, Any]:
        self.calls.append(method)
        here = self.kill is not None and len(self.calls) == self.kill[0]
        if here and self.kill is not None and not self.kill[1]:
            raise Killed
        fault = next((each for each in self.answers if each[0] == method and each[3] in str(args)), None)
        if fault is not None:
            self.answers.remove(fault)
            if fault[1] is None:
                return {"ok": True}
            if not fault[2]:
                raise fault[1]
        body = self._perform(method, args)
        if here:
            raise Killed
        if fault is not None and fault[1] is not None:
            raise fault[1]
        return body

    def download(self, url: str, *, most: int) -> bytes:
        found = content_of(self.world, url.split("/")[-2].rpartition("-")[2], "Bearer xoxb")
        if found is None or len(found) > most:
            raise Refused("too_large" if found else "no_file", "files.download")
        return found

    def upload(self, url: str, content: bytes) -> None:
        self.calls.append("files.upload")
        if self.kill == (len(self.calls), False):
            raise Killed
        if not take_upload(self.world, url.rpartition("/")[2], content):
            raise Refused("http_404", "files.upload")
        if self.kill == (len(self.calls), True):
            raise Killed

    def fails(
        self, method: str, error: Exception, *, does_it: bool = False, times: int = 1, where: str = ""
    ) -> None:
        """The next calls of the method (that hold these words) fail."""
        self.answers += [(method, error, does_it, where)] * times

    def refuses(self, method: str, code: str, times: int = 1, where: str = "") -> None:
        self.fails(method, Refused(code, method), times=times, where=where)

    def lets(self, method: str) -> None:
        """What Slack allows in some workspaces only."""
        self.answers.append((method, None, False, ""))

    def loses(self, method: str) -> None:
        """It is done, and the answer is lost."""
        self.fails(method, Unsure("no_answer", method), does_it=True)

    def limits(self, method: str, times: int = 1) -> None:
        self.fails(method, RateLimited(0.01, method), times=times)

    def _perform(self, method: str, args: dict[str, Any]) -> dict[str, Any]:
        known = METHODS[method]
        try:
            if known.scopes:
                need(self.world, *known.scopes)
            return {"ok": True, **known.run(self.world, Args(args))}
        except Fail as fail:
            raise Refused(fail.error, method, str(fail.more.get("needed") or "")) from None

    # -- as an administrator sees it

    def channel(self, name: str) -> Channel | None:
        return next((each for each in self.world.state.channels.values() if each.name == name), None)

    def user(self, handle: str) -> str:
        return str(next(each["id"] for each in self.world.state.users.values() if each["name"] == handle))

    def adds(self, handle: str, *flags: str, team: str = TEAM["id"]) -> dict[str, Any]:
        """Somebody new is in the workspace; what Slack's event would say of them."""
        state = self.world.state
        told = user_record(
            state.new_id("U"), Somebody(handle, handle.title(), "", flags=flags, team=team), 0.0
        )
        state.save_user(told)
        return told

    def add_channel(self, name: str, **more: Any) -> Channel:
        values = {"kind": "channel", "creator": self.user("ines"), "members": [self.user("ines")], **more}
        made = Channel(id=self.world.state.new_id("C"), name=name, created=1_700_000_000, **values)
        self.world.state.save_channel(made)
        return made


class Commons:
    """A database and a workspace; a sender that works whenever there is something for it or a job waits."""

    def __init__(self, store: Store, slack: Slack | None = None) -> None:
        self.store = store
        self.slack = slack or Slack()
        self.clock = FixedClock(NOON)
        self.sender = self._sender()
        self.progress: list[tuple[int, int]] = []
        self.is_sandbox = False
        self._stirred = True
        store.on_commit(self._stir, about=MESSAGES)

    def _stir(self) -> None:
        """What wakes the sender of a running bot: some message is to be sent, changed or taken back."""
        self._stirred = True

    def _sender(self) -> Sender:
        return Sender(self.store, self.slack, NOTICES, self.clock, PROFILE, timing=QUICK)

    def knows(self, *handles: str) -> None:
        """These people have rows."""
        seen = [self.slack.world.state.users[self.slack.user(handle)] for handle in handles]
        with self.store.writing() as session:
            people.learn(session, seen, home_team=TEAM["id"], now=NOON)

    def wants(self, name: str, **more: Any) -> int:
        """A community in the list; its id."""
        values = {"slug": name, "name": name, "purpose": f"All about {name}.", "made_at": NOON, **more}
        with self.store.writing() as session:
            row = CommunityRow(**values)
            session.add(row)
            session.flush()
            return row.id

    def row(self, ident: int) -> CommunityRow:
        with self.store.reading() as session:
            return session.get_one(CommunityRow, ident)

    def person(self, handle: str) -> Person:
        """As the database knows them right now."""
        with self.store.reading() as session:
            found = people.identify(session, self.slack.user(handle))
        assert found is not None
        return found

    def staff(self, *handles: str, leads: Sequence[str] = ()) -> None:
        """These are the staff, and these of them its leads."""
        with self.store.writing() as session:
            people.set_staff(session, [self.slack.user(handle) for handle in handles], NOON)
            boss = people.identify(session, self.slack.user("lou"))
            assert boss is not None
            people.name_leads(session, [self.slack.user(each) for each in leads], by=boss, now=NOON)

    def asked(self, name: str) -> list[dict[str, Any]]:
        """What jobs of this name were asked for with, oldest first."""
        with self.store.reading() as session:
            return [each.args for each in session.query(JobRow).filter_by(name=name).order_by(JobRow.id)]

    def rows(self) -> list[CommunityRow]:
        with self.store.reading() as session:
            return tables.every_community(session)

    def asks_run(self, kind: str, by: str = "ada") -> int:
        with self.store.writing() as session:
            person = people.identify(session, self.slack.user(by))
            assert person is not None
            return service.ask_run(session, kind, person=person, now=self.clock.now())

    def work(self, args: Mapping[str, Any] | None = None) -> Work:
        wiring = Wiring("", (self.slack.user("lou"),), is_sandbox=self.is_sandbox)
        return Work(self.store, self.slack, self.clock, PROFILE, args or {}, self._progress, wiring)

    def _progress(self, done: int, of: int) -> None:
        self.progress.append((done, of))
        is_waiting = (done, of) == (0, 1)
        if is_waiting or self._stirred:
            self.delivers()

    def does(self, name: str, **args: Any) -> dict[str, Any]:
        """Run a job as the runner would."""
        job = next(each for each in (*jobs.JOBS, *joining_jobs.JOBS) if each.name == name)
        return job.run(self.work(args)) or {}

    def plans(self) -> RunRow:
        return self._runs("plan")

    def applies(self, by: str = "ada") -> RunRow:
        return self._runs("apply", by)

    def _runs(self, kind: str, by: str = "ada") -> RunRow:
        run = self.asks_run(kind, by)
        (channel_jobs.plan if kind == "plan" else channel_jobs.apply)(self.work({"run": run}))
        with self.store.reading() as session:
            return session.get_one(RunRow, run)

    def restarts(self) -> None:
        """After a kill: what stood as being sent was cut off."""
        self.slack.kill = None
        with self.store.writing() as session:
            sending.release_all(session)
        self.sender = self._sender()

    def delivers(self) -> None:
        """Everything that is due, without the pause that lies between two messages in a real workspace."""
        while self.sender.turn() or (self._unhurried() and self.sender.turn()) or self._looks_soon():
            pass
        self._stirred = False

    def _looks_soon(self) -> bool:
        """Waits until what was cut off is looked up, which it is a moment after it was tried."""
        with self.store.reading() as session:
            left = min((at - machine_now(session) for at in session.scalars(_LOOKS)), default=0.0)
        if not 0 < left <= QUICK.look_after:
            return False
        time.sleep(left)
        return True

    def _unhurried(self) -> bool:
        with self.store.writing() as session:
            return change(session, update(MethodRate).where(MethodRate.free_at > 0).values(free_at=0.0)) > 0

    def messages(self, kind: str) -> list[MessageRow]:
        with self.store.reading() as session:
            found = session.query(MessageRow).filter(MessageRow.kind == kind, MessageRow.wanted)
            return list(found.order_by(MessageRow.id))

    def later(self, **by: float) -> None:
        """Programme time moves, in the workspace too."""
        self.clock.at += timedelta(**by)
        self.slack.world.clock.offset += timedelta(**by).total_seconds()

    def told(self, handle: str, words: str = "") -> list[str]:
        """The messages this person has from the app, as their fallback texts; those that hold the words."""
        self.delivers()
        said = self.slack.world.state.dm(self.slack.user(handle)).messages.values()
        return [m["text"] for m in said if words in m["text"]]

    def shown(self, handle: str, words: str = "") -> list[str]:
        """The same with everything that stands in them."""
        self.delivers()
        said = self.slack.world.state.dm(self.slack.user(handle)).messages.values()
        return [text for text in (json.dumps(m, ensure_ascii=False) for m in said) if words in text]

    def state(self, ident: int) -> Standing:
        return Standing(self.row(ident).state)

    def furniture(self) -> dict[str, Any]:
        """Every channel as it stands, without ids and times: two workspaces with the same are alike."""
        state = self.slack.world.state
        return {
            each.name: {
                "kind": each.kind,
                "topic": each.topic,
                "purpose": each.purpose,
                "archived": each.archived,
                "bookmarks": sorted((mark["title"], mark["link"]) for mark in each.bookmarks),
                "members": sorted(state.users[user]["name"] for user in each.members),
                "pinned": sorted(_first_words(each.messages[ts]) for ts in each.pins if ts in each.messages),
                "said": sorted(_first_words(m) for m in each.messages.values() if m.get("bot_id")),
            }
            for each in state.channels.values()
            if each.kind != "im"
        }


def _first_words(message: Mapping[str, Any]) -> str:
    return str(message.get("text") or "")[:60]
