"""The gate before every post and every update: text goes only where its readers may read it just then."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from copbot.delivery import tables
from copbot.delivery.readers import (
    ANYBODY,
    Allowed,
    Audience,
    ClosedTo,
    Kinds,
    Mask,
    MayRead,
    Never,
    Verdict,
    Wait,
)
from copbot.delivery.rules import NextCall
from copbot.delivery.sending.claims import ClaimedMessage
from copbot.delivery.sending.outcomes import Held
from copbot.delivery.tables import MessagePlace
from copbot.slack.answers import Message, Nothing
from copbot.slack.text import escape
from copbot.store import Session


@dataclass(frozen=True)
class MaskLine(Message):
    """A line without anybody's text, in the place of a message that is not to be read there."""


@dataclass(frozen=True)
class Redraw:
    """What a change of readers asks for: rows to draw anew, and rows that waited and may go now.

    Of `covered` only what stands goes: it becomes a line.
    """

    stale: tuple[MessagePlace, ...] = ()
    free: tuple[MessagePlace, ...] = ()
    covered: tuple[MessagePlace, ...] = ()


class Gate:
    """Asked in the sender's last session before a call. `read` reads the staff channel again, outside of any."""

    def __init__(
        self,
        kinds: Kinds,
        may_read: MayRead,
        read: Callable[[], None],
        closed: ClosedTo = lambda _session, _subject: None,
    ) -> None:
        self._kinds = kinds
        self._closed = closed
        self._may_read = may_read
        self._read = read
        self._guarded = [kind for kind, each in kinds.items() if each.audience is not Audience.ANYBODY]
        self._stirred = threading.Event()
        self._stirred.set()  # what changed while nothing ran

    def stir(self) -> None:
        """Who may read what has changed: what stands is looked over at the sender's next turn."""
        self._stirred.set()

    def read_first(self) -> None:
        """Read the staff channel again. Raises what passes of Slack's errors; a refusal leaves it unread."""
        self._read()

    def is_stale(self, session: Session, turn: ClaimedMessage, now: datetime) -> bool:
        """Whether the staff channel must be read before this message may go."""
        verdict = self._verdict(session, turn.kind, turn.destination, now)
        return isinstance(verdict, Mask | Wait) and verdict.stale

    def let_through(
        self, session: Session, turn: ClaimedMessage, drawn: Message, now: datetime
    ) -> Message | Nothing | Held:
        """The message itself, a line in its place, nothing, or `Held`: what may go to Slack right now.

        What is confidential goes to nobody but its readers: elsewhere it is not posted, and what stands is deleted.
        """
        readers = self._closed(session, turn.subject)
        if readers is not None and turn.destination not in readers:
            return Nothing("confidential")
        match self._verdict(session, turn.kind, turn.destination, now):
            case Allowed():
                return drawn
            case Never(reason) if turn.step is NextCall.POST:
                return Nothing(reason)
            case Mask() | Never() if turn.step is NextCall.UPDATE:
                return self._line(session, turn)
            case Mask(reason) | Never(reason) | Wait(reason):
                return Held(reason)

    def due(self, session: Session, now: datetime) -> Redraw | None:
        """After a change of readers: what to redraw and what to let go; None when that is nothing."""
        if not self._guarded:
            return None
        stale: list[MessagePlace] = []
        free: list[MessagePlace] = []
        covered: list[MessagePlace] = []
        for place in tables.places(session, self._guarded):
            verdict = self._verdict(session, place.kind, place.destination, now)
            if isinstance(verdict, Wait):
                continue
            if place.is_masked == isinstance(verdict, Allowed):
                stale.append(place)
            if place.is_held:
                (covered if isinstance(verdict, Mask) else free).append(place)
        found = Redraw(tuple(stale), tuple(free), tuple(covered))
        return None if found == Redraw() else found

    def redraw(self, session: Session, found: Redraw, now: datetime) -> None:
        for place in found.stale:
            tables.new_version(session, tables.standing_at(place), now)
        for place in found.free:
            tables.wake(session, tables.held_at(place), now)
        for place in found.covered:
            tables.wake(session, tables.held_at(place, stands=True), now)

    def is_stirred(self) -> bool:
        """Whether readers have changed since this was asked last."""
        if not self._stirred.is_set():
            return False
        self._stirred.clear()  # before looking: what changes from now on is looked at again
        return True

    def _verdict(self, session: Session, kind: str, destination: str, now: datetime) -> Verdict:
        found = self._kinds.get(kind)
        if found is None:
            return Wait("undeclared")  # a kind that nobody declared goes nowhere
        if found.audience is Audience.ANYBODY:
            return Allowed()
        return self._may_read(session, found.audience, destination, now)

    def _line(self, session: Session, turn: ClaimedMessage) -> MaskLine:
        title = self._kinds[turn.kind].title
        about = title(session, turn.subject) if title is not None else ""
        words = f"{about}: details are in Home" if about else "Details are in Home"
        section = {"type": "section", "text": {"type": "plain_text", "text": words}}
        return MaskLine(escape(words), (section,))


class _Everything(dict[str, object]):
    """Kinds of which each is for anybody."""

    def get(self, _kind: str, _default: object = None) -> object:
        return ANYBODY


def open_gate() -> Gate:
    """A gate that lets everything through: for a sender whose messages are nobody's secret."""
    return Gate(_Everything(), lambda *_: Allowed(), lambda: None)  # type: ignore[arg-type]
