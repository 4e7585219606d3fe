"""An office in the process: people write to the app in a sandbox workspace, and its events reach the room by hand."""

from __future__ import annotations

import json
from collections.abc import Coroutine, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from copbot.assistance import jobs as assistance_jobs
from copbot.assistance import notices as assistance_notices
from copbot.assistance.tables import RequestRow
from copbot.clock import FixedClock
from copbot.conversations import plugs
from copbot.conversations.tables import ConversationEntryRow
from copbot.delivery import listeners as delivery_listeners
from copbot.delivery.gate import Gate
from copbot.delivery.readers import ANYBODY, Allowed, Audience, Mask, Verdict
from copbot.delivery.sender import Sender
from copbot.delivery.sending import tables as sending
from copbot.delivery.tables import MessageRow
from copbot.jobs.tables import JobRow
from copbot.jobs.work import Work
from copbot.people import service as people
from copbot.sandbox import posting
from copbot.sandbox.acting import as_slack_text
from copbot.sandbox.people import BOT_USER, TEAM
from copbot.sandbox.world import World
from copbot.slack.answers import Answer, Say, has_effect
from copbot.slack.entrances import Call, Entrance, Entrances
from copbot.slack.incoming import of_action, of_event
from copbot.slack.person import Person
from copbot.store import Session, Store
from tests.assistance.given import asked as asked_for
from tests.assistance.given import form, profile
from tests.communities.kit import APP, Slack
from tests.days import NOON
from tests.delivery.kit import QUICK

Json = dict[str, Any]
MESSAGES = ("message.im", "message.groups")
ROOMS = (plugs, delivery_listeners)


class _Quiet(World):
    """A world without a loop: what it would do later, the test does."""

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        work.close()


class _Undone(Exception):
    """The answer changed nothing, so the transaction goes."""


class Office:
    """Kim and Noor ask; Ravi, Mei and Tomas are staff, Tomas leads. Events wait in `events` until they are heard."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.slack = Slack()
        self.world = self.slack.world
        self.world.__class__ = _Quiet
        self.world.app = replace(APP, events=frozenset(MESSAGES))
        self.state = self.world.state
        self.clock = FixedClock(NOON)
        self.problem = ""
        """Why others than staff can read the staff channel."""
        self.entrances = Entrances(row for room in ROOMS for row in room.ENTRANCES)
        self.sender = self._sender()
        self.channel: str | None = self.staff_channel
        """The channel that new requests are announced in; None: staff have none yet."""
        self._numbers = iter(range(1, 10_000))
        self._learn()

    def _learn(self) -> None:
        staff = [self.slack.user(each) for each in ("ravi", "mei", "tomas")]
        with self.store.writing() as session:
            people.learn(session, list(self.state.users.values()), home_team=TEAM["id"], now=NOON)
            people.set_staff(session, staff, NOON)
            boss = people.identify(session, self.slack.user("lou"))
            assert boss is not None
            people.name_leads(session, [self.slack.user("tomas")], by=boss, now=NOON)
            people.set_staff_channel(session, self.staff_channel, "", now=NOON)

    def _sender(self) -> Sender:
        readers = dict.fromkeys(assistance_notices.READERS, ANYBODY) | plugs.READERS
        self.gate = Gate(readers, self._may_read, lambda: None, plugs.closed_to)
        notices = {**assistance_notices.NOTICES, **plugs.NOTICES}
        return Sender(self.store, self.slack, notices, self.clock, profile(), timing=QUICK, gate=self.gate)

    def _may_read(self, _session: Session, _audience: Audience, to: str, _now: datetime) -> Verdict:
        return Mask(self.problem) if self.problem and to == self.staff_channel else Allowed()

    # -- who and what

    @property
    def staff_channel(self) -> str:
        found = self.slack.channel("ta-staff")
        assert found is not None
        return found.id

    def person(self, handle: str) -> Person:
        with self.store.reading() as session:
            found = people.identify(session, self.slack.user(handle))
        assert found is not None
        return found

    def dm(self, handle: str) -> str:
        return self.state.dm(self.slack.user(handle)).id

    def asks(self, handle: str = "kim", **more: Any) -> int:
        """A request's id; its messages stand."""
        person = self.person(handle)
        with self.store.writing() as session:
            key, now = f"form-{next(self._numbers)}", self.clock.now()
            made = asked_for(session, person, key, form(**more), self.channel, now=now).id
        self.delivers()
        return made

    def does(self, verb: Any, handle: str, ident: int, **more: Any) -> Any:
        """One press of a verb of the state table."""
        who = {"person": self.person(handle), "now": self.clock.now(), "profile": profile()}
        with self.store.writing() as session:
            made = verb(session, request_id=ident, **who, **more)
        self.delivers()
        return made

    def request(self, ident: int) -> RequestRow:
        with self.store.reading() as session:
            return session.get_one(RequestRow, ident)

    def entries(self) -> list[ConversationEntryRow]:
        with self.store.reading() as session:
            return session.query(ConversationEntryRow).order_by(ConversationEntryRow.id).all()

    # -- what people do in Slack; the events of it wait

    def says(self, handle: str, text: str, *, thread: str = "", files: int = 0) -> str:
        """Somebody writes to the app; the message's ts."""
        user = self.state.users[self.slack.user(handle)]
        message = posting.user_message(self.world, user, as_slack_text(self.world, text))
        message |= {"thread_ts": thread} if thread else {}
        if files:
            message |= {
                "subtype": "file_share",
                "files": [{"id": f"F{n}", "name": "a.pdf"} for n in range(files)],
            }
        return str(posting.post(self.world, self.state.dm(user["id"]), message)["ts"])

    def edits(self, handle: str, ts: str, text: str) -> None:
        channel = self.state.dm(self.slack.user(handle))
        posting.edit(self.world, channel, channel.messages[ts], {"text": text, "blocks": None}, channel.user)

    def unfurls(self, handle: str, ts: str) -> None:
        channel = self.state.dm(self.slack.user(handle))
        shown = {"attachments": [{"id": 1, "title": "A page"}]}
        posting.edit(self.world, channel, channel.messages[ts], shown, BOT_USER, marked=False)

    def deletes(self, handle: str, ts: str) -> None:
        channel = self.state.dm(self.slack.user(handle))
        posting.delete(self.world, channel, channel.messages[ts])

    def events(self) -> list[Json]:
        """Events that nobody has been told of yet, oldest first; they are taken away."""
        found = [record["body"] for record in self.state.events.values()]
        self.state.events.clear()
        return found

    def hears(self, events: Iterable[Json] | None = None) -> list[Answer]:
        """Slack tells the app of everything that waits; then everything that is due is sent."""
        answers = [each for body in (self.events() if events is None else events) for each in self.hear(body)]
        self.delivers()
        return answers

    def hear(self, body: Json) -> list[Answer]:
        told = of_event(body)
        heard = self.entrances.hearing("event", told.id)
        concerned = [each for each in heard if each.concerns(told.event, BOT_USER)]
        own = (told.event.get("message") or told.event).get("user") == BOT_USER
        if own and told.id != "message_deleted":
            return []
        return [self._run(each, told) for each in concerned]

    def presses(self, handle: str, label: str, *, holding: str = "") -> Answer:
        """The newest button with this label, in a message of theirs from the app that holds these words."""
        channel = self.state.dm(self.slack.user(handle))
        for ts in sorted(channel.messages, reverse=True):
            for block in channel.messages[ts].get("blocks") or ():
                for element in block.get("elements") or ():
                    words = json.dumps(channel.messages[ts], ensure_ascii=False)
                    if (element.get("text") or {}) and label in str(element["text"]) and holding in words:
                        return self._press(handle, channel.id, ts, element)
        raise AssertionError(f"{handle} has no button {label}")

    def _press(self, handle: str, channel: str, ts: str, element: Json) -> Answer:
        action = {"action_id": element["action_id"], "value": element.get("value", ""), "action_ts": ts}
        user = self.slack.user(handle)
        body = {"user": {"id": user}, "actions": [action], "channel": {"id": channel}, "message": {"ts": ts}}
        told = of_action(body)
        entrance = self.entrances.find("action", told.id)
        assert entrance is not None, told.id
        answer = self._run(entrance, told)
        self.works()
        return answer

    def _run(self, entrance: Entrance, told: Any) -> Answer:
        answer: list[Answer] = []
        try:
            with self.store.writing() as session:
                found = people.identify(session, told.user) if told.user and entrance.who != "slack" else None
                person = found or Person(0, "", "", "UTC")
                call = Call(
                    session, person, self.clock.now(), profile(),
                    text=told.text, value=told.value, channel=told.channel, ts=told.ts, event=told.event,
                    bot_user=BOT_USER,
                )  # fmt: skip
                answer.append(entrance.run(call))
                if not has_effect(answer[0]):
                    raise _Undone
        except _Undone:
            pass
        return answer[0]

    # -- what the app does by itself

    def works(self) -> None:
        """Every job that somebody or something asked for, then everything that is due is sent."""
        while (found := self._next_job()) is not None:
            self.runs(*found)
        self.delivers()

    def _next_job(self) -> tuple[str, Json] | None:
        with self.store.writing() as session:
            row = session.query(JobRow).filter_by(state="due").order_by(JobRow.id).first()
            if row is None:
                return None
            row.state = "done"
            return row.name, dict(row.args)

    def runs(self, name: str, args: Json | None = None) -> Json:
        """A job, and those that its good end asks for."""
        every = (*plugs.JOBS, *assistance_jobs.JOBS)
        job = next((each for each in every if each.name == name), None)
        if job is None:
            return {}
        result = (
            job.run(Work(self.store, self.slack, self.clock, profile(), args or {}, lambda *_: None)) or {}
        )
        for each in every:
            if each.after == name:
                self.runs(each.name, args)
        return result

    def delivers(self) -> None:
        while self.sender.turn():
            pass

    def becomes(self, problem: str) -> None:
        self.problem = problem
        self.gate.stir()
        self.delivers()

    def restarts(self) -> None:
        with self.store.writing() as session:
            sending.release_all(session)
        self.sender = self._sender()

    def later(self, **by: float) -> None:
        self.clock.at += timedelta(**by)
        self.world.clock.offset += timedelta(**by).total_seconds()

    # -- what stands

    def notice(self, ident: int) -> MessageRow:
        return self.rows("request.notice", f"request:{ident}")[-1]

    def rows(self, kind: str, subject: str = "") -> list[MessageRow]:
        with self.store.reading() as session:
            found = session.query(MessageRow).filter(MessageRow.kind == kind, MessageRow.wanted)
            found = found.filter(MessageRow.subject == subject) if subject else found
            return list(found.order_by(MessageRow.id))

    def thread(self, ident: int) -> list[str]:
        """What the app says in staff's thread about a request, each as all that stands in it."""
        channel = self.state.channels[self.staff_channel]
        root = self.notice(ident).ts
        replies = [m for m in channel.messages.values() if m.get("thread_ts") == root and m["ts"] != root]
        return [_all_of(m) for m in sorted(replies, key=lambda m: str(m["ts"]))]

    def has(self, handle: str, words: str = "") -> list[str]:
        """The app's messages to somebody that hold these words."""
        said = self.state.dm(self.slack.user(handle)).messages.values()
        texts = (_all_of(m) for m in said if m.get("user") == BOT_USER)
        return [text for text in texts if words in text]

    def loose(self) -> list[str]:
        """What the app says in the staff channel outside of a thread, but for the notices."""
        channel = self.state.channels[self.staff_channel]
        mine = [m for m in channel.messages.values() if m.get("user") == BOT_USER and "thread_ts" not in m]
        return [str(m["text"]) for m in mine if not str(m["text"]).startswith("TA-")]


def _all_of(message: Json) -> str:
    return json.dumps({"text": message.get("text"), "blocks": message.get("blocks")}, ensure_ascii=False)


def words_of(answers: Iterable[Answer]) -> str:
    """What the person reads at once."""
    return " ".join(str(each.message) for each in answers if isinstance(each, Say))
