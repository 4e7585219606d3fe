"""The frame around every listener: person, permission, claim, verb, commit; then the ack; then the rest.

It is the one place where everything that goes wrong in a listener becomes a sentence for the person and a
code for the log.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import structlog

from copbot.clock import Clock
from copbot.errors import Busy, CopbotError, InvalidInput, NotAllowed, StorageFailed, UnknownPerson
from copbot.program.profile import Profile
from copbot.program.settings.edits import effective
from copbot.slack import reopen, tables
from copbot.slack.answers import Answer, Done, Nothing, Options, Say, Update, Wrong, has_effect
from copbot.slack.blocks import notice, say, section
from copbot.slack.entrances import Call, Entrance, Entrances, Wiring, check
from copbot.slack.errors import SlackError
from copbot.slack.gateway import Gateway
from copbot.slack.incoming import Incoming, outline
from copbot.slack.person import Person
from copbot.slack.replies import Replies
from copbot.slack.text import escape
from copbot.store import Session, Store, journal

log = structlog.get_logger("frame")

WHO_BUDGET = 1.2
"""Seconds that Slack may take to tell who an unknown person is, before the ack."""

_NOT_HERE = {"user_not_found", "user_not_visible"}
_NOBODY = "I can't find you in this workspace, so I can't help you here."
_UNCHECKED = "I could not check with Slack who you are. Nothing was changed. Please try again in a minute."
_UNREADABLE = (
    "I could not read what Slack sent, so nothing was saved. Please try again. If it happens again, tell an "
    "administrator."
)


class Identify(Protocol):
    """The people room's plug: the person at this click, or None when never seen; `seen` teaches it."""

    def __call__(self, session: Session, user: str, seen: dict[str, Any] | None = None) -> Person | None: ...


class Screen(Protocol):
    """The screening room's plug. What it shows is logged nowhere."""

    def before(self, entrance: Entrance, call: Call, view: dict[str, Any]) -> Call | Answer:
        """The call to go on with, or an answer in the listener's place, which then saves nothing."""

    def after(self, call: Call, answer: Answer) -> Answer:
        """The listener's answer, with what the words in an opened form hold."""


class LetsAllPass:
    """Stands where no screen is plugged in."""

    def before(self, entrance: Entrance, call: Call, view: dict[str, Any]) -> Call | Answer:
        return call

    def after(self, call: Call, answer: Answer) -> Answer:
        return answer


NO_SCREEN = LetsAllPass()


@dataclass(frozen=True)
class Parts:
    """What the frame is built from."""

    store: Store
    gateway: Gateway
    clock: Clock
    profile: Profile
    entrances: Entrances
    identify: Identify
    replies: Replies
    secret: bytes
    wiring: Wiring
    screen: Screen = NO_SCREEN


class _Again(Exception):
    """This delivery already had its effect."""


class _Unsaved(Exception):
    """The answer changed nothing, so the transaction goes."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


class Frame:
    """`take` one delivery; what it returns is the body of the ack."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._profile = parts.profile  # as last read; for words when nothing can be read
        self._commands = {typed.lstrip("/"): word for word, typed in parts.profile.commands}

    def take(self, incoming: Incoming) -> dict[str, Any]:
        """Run the entrance for this delivery. Raises only for events, which Slack then delivers again."""
        if self._is_own(incoming):
            return {}
        if incoming.kind == "event" and (heard := self._parts.entrances.hearing("event", incoming.id)):
            return self._take_event(heard, incoming)
        entrance, incoming = self._find(incoming)
        if entrance is None:
            log.info("unmatched", kind=incoming.kind)
            return self._parts.replies.settle(_refusal(incoming, CopbotError(self._no_such())), incoming)
        answer = self._answer(entrance, incoming)
        return self._parts.replies.settle(answer, incoming)

    def _take_event(self, heard: Sequence[Entrance], incoming: Incoming) -> dict[str, Any]:
        """Run every listener that hears this event, each in a transaction with a claim of its own; acked once.

        When one fails, the others are heard all the same. Slack then delivers the event again, and what had its
        effect already has no second one.
        """
        failure: Exception | None = None
        bot_user = self._parts.gateway.bot_user
        # Whoever speaks past us has not come near: nobody is looked up or stored for it.
        for entrance in (each for each in heard if each.concerns(incoming.event, bot_user)):
            try:
                told = replace(incoming, claim=(*incoming.claim, entrance.listener))
                self._parts.replies.settle(self._answer(entrance, told), told)
            except Busy:
                raise  # the next would wait as long, and Slack does not
            except Exception as error:  # noqa: BLE001 - it is logged with its code, and raised below
                failure = error
        if failure is not None:
            raise failure
        return {}

    def unreadable(self, body: Any) -> dict[str, Any]:
        """The ack of a payload that is not as Slack describes it: its sender reads that nothing was saved."""
        found = outline(body)
        return self._parts.replies.settle(_refusal(found, CopbotError(_UNREADABLE)), found)

    def _find(self, incoming: Incoming) -> tuple[Entrance | None, Incoming]:
        if incoming.kind == "command":
            word = self._commands.get(incoming.id, incoming.id)
            row, rest = self._parts.entrances.command(word, incoming.text)
            # By its own id the button that opens a late form again finds the same verb.
            return row, replace(incoming, id=row.id if row is not None else word, text=rest)
        if incoming.kind == "action" and incoming.id == reopen.ACTION:
            kind, ident, value = reopen.target(incoming.value)
            named = self._parts.entrances.find(kind, ident)
            # A command may write: its words are kept here, so that whoever presses typed them a moment ago.
            if named is None or (named.effect != "read" and kind != "command"):
                return None, incoming
            if kind == "action":
                return named, replace(incoming, value=value)
            return named, replace(incoming, value="", text=self._parts.replies.late.words(value))
        return self._parts.entrances.find(incoming.kind, incoming.id), incoming

    def _is_own(self, incoming: Incoming) -> bool:
        if incoming.kind != "event" or incoming.event.get("type") != "message":
            return False
        told = incoming.event.get("message") if incoming.id == "message_changed" else incoming.event
        mine = {self._parts.gateway.bot_user, self._parts.gateway.bot_id} - {""}
        if not isinstance(told, dict) or incoming.id == "message_deleted":
            return False
        if told.get("subtype") == "tombstone":  # deleted as well: what is left of a thread's start
            return False
        return str(told.get("user")) in mine or str(told.get("bot_id")) in mine

    def _answer(self, entrance: Entrance, incoming: Incoming) -> Answer:
        try:
            return self._run(entrance, incoming)
        except NotAllowed as error:
            if incoming.kind == "event":
                return Nothing("not allowed")
            return _refusal(incoming, error)
        except StorageFailed as error:
            log.error("not_saved", code=error.code, entrance=entrance.id, kind=entrance.kind)
            if incoming.kind == "event":
                raise
            return _refusal(incoming, CopbotError(self._unsaved_words(error, incoming)))
        except Busy as error:
            log.warning("database_busy", entrance=entrance.id, kind=entrance.kind)
            if incoming.kind == "event":
                raise
            return _refusal(incoming, error)
        except CopbotError as error:
            return _refusal(incoming, error)
        except Exception:
            code = secrets.token_hex(3).upper()
            log.exception("listener_failed", code=code, entrance=entrance.id, kind=entrance.kind)
            if incoming.kind == "event":
                raise
            return _refusal(incoming, CopbotError(self._fault_words(code)))

    def _run(self, entrance: Entrance, incoming: Incoming) -> Answer:
        try:
            return self._transact(entrance, incoming)
        except UnknownPerson as unknown:
            try:
                self._learn(unknown.user)
            except NotAllowed:
                if unknown.user != incoming.user:  # the refusal's words are for whoever acts
                    raise unknown from None
                raise
            return self._transact(entrance, incoming)

    def _transact(self, entrance: Entrance, incoming: Incoming) -> Answer:
        if entrance.effect == "read":
            with self._parts.store.reading() as session:
                answer = self._listen(entrance, self._call(session, entrance, incoming), incoming)
            self._record_views(entrance, incoming, journal.viewed_in(session))
            return answer
        try:
            with self._parts.store.writing(interactive=True) as session:
                return self._write(session, entrance, incoming)
        except _Unsaved as kept:
            return kept.answer
        except _Again:
            log.info("repeated_delivery", entrance=entrance.id, kind=entrance.kind)
            return self._repeat(entrance, incoming)

    def _record_views(self, entrance: Entrance, incoming: Incoming, subjects: Sequence[str]) -> None:
        """Who looks at what is confidential stands in the journal before they see it."""
        if not subjects:
            return
        with self._parts.store.writing(interactive=True) as session:
            for subject in subjects:
                name, now = f"{entrance.kind}:{entrance.id}"[:120], self._parts.clock.now()
                journal.record(
                    session, at=now, actor=incoming.user, entrance=name, subject=subject, why="viewed"
                )

    def _write(self, session: Session, entrance: Entrance, incoming: Incoming) -> Answer:
        call = self._call(session, entrance, incoming)
        if not tables.claim(session, self._hash(incoming.kind, *incoming.claim), call.now):
            raise _Again
        answer = self._listen(entrance, call, incoming)
        if not has_effect(answer):
            raise _Unsaved(answer)
        subject = journal.subject_of(session) or _where(incoming)
        journal.about(session, f"user:{incoming.user}")  # whoever acts may see the effect in their own Home
        actor = call.person.user or "slack"
        if entrance.unnamed:
            actor = subject = ""
        entrance_name = f"{entrance.kind}:{entrance.id}"[:120]
        journal.record(session, at=call.now, actor=actor, entrance=entrance_name, subject=subject[:120])
        return answer

    def _listen(
        self, entrance: Entrance, call: Call, incoming: Incoming, run: Callable[[Call], Answer] | None = None
    ) -> Answer:
        """The listener's answer, or that of the screen for what people wrote, which then is not saved."""
        screened = self._parts.screen.before(entrance, call, incoming.view)
        if not isinstance(screened, Call):
            return screened
        return self._parts.screen.after(screened, (run or entrance.run)(screened))

    def _repeat(self, entrance: Entrance, incoming: Incoming) -> Answer:
        if entrance.again is None:
            return Done()
        with self._parts.store.reading() as session:
            return self._listen(entrance, self._call(session, entrance, incoming), incoming, entrance.again)

    def _call(self, session: Session, entrance: Entrance, incoming: Incoming) -> Call:
        person = self._person(session, entrance, incoming)
        check(person, entrance.who)
        self._profile = profile = effective(session, self._parts.profile)
        return Call(
            session=session,
            person=person,
            now=self._parts.clock.now(),
            profile=profile,
            text=incoming.text,
            value=incoming.value,
            form=incoming.form,
            meta=incoming.meta,
            view_id=incoming.view_id,
            in_modal=incoming.view.get("type") == "modal",
            form_key=self._hash("form", incoming.root_view) if incoming.root_view else "",
            is_ephemeral=incoming.is_ephemeral,
            channel=incoming.channel,
            ts=incoming.ts,
            author=incoming.author,
            message_url=self._address(incoming.message_path),
            event=incoming.event,
            team=self._parts.gateway.team,
            bot_user=self._parts.gateway.bot_user,
            wiring=self._parts.wiring,
            entrances=self._parts.entrances.rows,
        )

    def _address(self, path: str) -> str:
        return f"{self._parts.gateway.workspace_url}{path}" if path else ""

    def _person(self, session: Session, entrance: Entrance, incoming: Incoming) -> Person:
        if entrance.who == "slack":
            return Person(id=0, user="", name="", tz=self._parts.profile.time_zone)
        if not incoming.user and incoming.kind == "event":
            raise NotAllowed(_NOBODY)  # an odd payload: it names nobody whom this could be for
        person = self._parts.identify(session, incoming.user)
        if person is None:
            raise UnknownPerson(incoming.user)
        return person

    def _learn(self, user: str) -> None:
        try:
            seen = self._parts.gateway.call("users.info", user=user, timeout=WHO_BUDGET).get("user")
        except SlackError as error:
            log.warning("person_unknown", code=error.code)
            raise NotAllowed(_NOBODY if error.code in _NOT_HERE else _UNCHECKED) from None
        if not isinstance(seen, dict) or seen.get("id") != user:
            log.warning("person_unknown", code="incomplete")
            raise NotAllowed(_UNCHECKED)
        with self._parts.store.writing(interactive=True) as session:
            if self._parts.identify(session, user, seen=seen) is None:
                log.warning("person_unknown", code="incomplete")
                raise NotAllowed(_UNCHECKED)

    def _hash(self, *parts: str) -> str:
        told = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        return hmac.new(self._parts.secret, told, hashlib.sha256).hexdigest()

    def _no_such(self) -> str:
        """A button of another release, a command the app's settings have and this release does not."""
        typed = dict(self._profile.commands).get("ta", "/ta")
        return f"I can't do that here. Type {typed} help to see what I can do."

    def _unsaved_words(self, error: StorageFailed, incoming: Incoming) -> str:
        kept = "Your text is kept here." if incoming.kind == "view" else "Nothing was changed."
        contact = self._profile.contact
        return f"{error.words} {kept} Please try again later, or call {contact.phone}."

    def _fault_words(self, code: str) -> str:
        contact = self._profile.contact
        return (
            "Something went wrong on our side, so nothing was saved. Please try again in a moment, "
            f"call {contact.phone} or write to {contact.email}. (Code {code}.)"
        )


def _where(incoming: Incoming) -> str:
    """What an event that moved no row of ours is about: a channel, or somebody."""
    if incoming.kind != "event":
        return ""
    return (
        f"channel:{incoming.channel}"
        if incoming.channel
        else f"user:{incoming.user}"
        if incoming.user
        else ""
    )


def _refusal(incoming: Incoming, error: CopbotError) -> Answer:
    """The sentence where the person can read it, with everything they typed still in front of them."""
    if incoming.kind in ("event", "closed"):
        return Nothing("refused")
    if incoming.kind == "options":
        return Options()
    if incoming.kind != "view":
        return Say(say(error.words), saved=False)
    inputs = [block for block in incoming.view.get("blocks") or () if block.get("type") == "input"]
    known = {str(block.get("block_id")) for block in inputs}
    fields = error.fields if isinstance(error, InvalidInput) else {}
    fields = {name: words for name, words in fields.items() if name in known}
    if not fields and inputs:
        fields = {str(inputs[-1].get("block_id")): error.words}
    if fields:
        return Wrong(fields)
    return Update(notice("Please note", [section(escape(error.words))]), saved=False)
