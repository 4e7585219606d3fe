"""The staff channel's last reading: recorded, doubted; and the one rule of who may read what is for staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from copbot.delivery.readers import READERS, Allowed, Audience, Never, Verdict, Wait
from copbot.people import service as people
from copbot.people.staff_channel import rules
from copbot.people.staff_channel.rules import ChannelReading
from copbot.program.settings.service import choice, choose, hold_choice
from copbot.store import Session, note

_READING = "staff_channel_reading"
_BY = "staff re-read"


@dataclass(frozen=True)
class Begun:
    """A reading under way: when it began, how many doubts it answers, and which channel was the staff channel then."""

    at: datetime
    doubts: int
    channel: str


def may_read(
    session: Session, audience: Audience, destination: str, now: datetime, *, admins: Sequence[str] = ()
) -> Verdict:
    """Whether text for this audience may be read at this channel, or by this person, right now.

    `admins` are the administrators that the environment names.
    """
    known, reading = people.staff_channel(session), last_reading(session)
    leads = people.leads_channel(session)
    if leads.id and destination == leads.id != known.id:
        # Both are read together.
        return rules.channel_verdict(reading, known.id, leads.problem, known.id, now)
    if destination[:1] not in ("U", "W"):  # no person's id
        return rules.channel_verdict(reading, known.id, known.problem, destination, now)
    person = people.identify(session, destination)
    if audience is Audience.LEADS and destination in people.admins(session, admins):
        return Allowed()
    if person is None or not person.is_staff:
        return Never("not_staff")
    if not reading.is_fresh(known.id, now):
        return Wait("unread", stale=True)
    return Allowed()


def last_reading(session: Session) -> ChannelReading:
    return _reading(choice(session, _READING, {}))


def begin(session: Session, now: datetime) -> Begun:
    """Noted before Slack is asked: what is doubted after this moment needs another reading."""
    return Begun(now, last_reading(session).doubts, people.staff_channel(session).id)


def is_newest(session: Session, begun: Begun) -> bool:
    """Whether none is recorded that answers a later doubt; until the transaction ends nobody records another.

    Of two that answer the same, either may stand: each says when it began. What was read of one channel says
    nothing of another that was chosen meanwhile.
    """
    held = _reading(hold_choice(session, _READING, {}, by=_BY, now=begun.at))
    return begun.doubts >= held.answered and begun.channel == people.staff_channel(session).id


def record(session: Session, begun: Begun, *, now: datetime) -> None:
    """The reading is taken over: it counts for the channel that is the staff channel now."""
    doubts = _reading(hold_choice(session, _READING, {}, by=_BY, now=now)).doubts
    _write(session, ChannelReading(people.staff_channel(session).id, begun.at, doubts, begun.doubts), now)
    note(session, READERS)


def doubt(session: Session, *, now: datetime) -> None:
    """Something may have changed who reads the staff channel: nothing goes there until it is read again."""
    held = _reading(hold_choice(session, _READING, {}, by=_BY, now=now))
    _write(session, replace(held, doubts=held.doubts + 1), now)
    note(session, READERS)


def _reading(value: dict[str, Any]) -> ChannelReading:
    at = datetime.fromisoformat(value["at"]) if value.get("at") else None
    return ChannelReading(**{**value, "at": at})


def _write(session: Session, new: ChannelReading, now: datetime) -> None:
    value = {**asdict(new), "at": new.at.isoformat() if new.at else ""}
    choose(session, _READING, value, by=_BY, now=now)
