"""Requests that came another way and are over: written down afterwards, closed, and told to nobody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from copbot.assistance import rules, tables
from copbot.assistance.clocks.rules import started
from copbot.assistance.dose import tables as queries
from copbot.assistance.tables import RequestRow
from copbot.assistance.texts import SOURCES, RequestForm, form_troubles, tidied
from copbot.contacts.rules import LEVELS, day_trouble
from copbot.errors import InvalidInput
from copbot.people import service as people
from copbot.slack.person import Person
from copbot.store import Session, insert_once, new_uid

if TYPE_CHECKING:
    from copbot.program.profile import Profile

UNDO_WINDOW = timedelta(minutes=10)


@dataclass(frozen=True)
class PastRequest:
    """A request that is over. `closed` None: on the day it came."""

    form: RequestForm
    day: date | None
    source: str
    closed: date | None = None
    reason: str = "completed"
    level: str = ""


def record(
    session: Session,
    past: PastRequest,
    *,
    person: Person,
    key: str,
    profile: Profile,
    now: datetime,
    import_id: int | None = None,
) -> int | None:
    """Save it closed; its id, None when this `key` had saved it before. Raises `InvalidInput` with a sentence per field.

    Its clocks begin on the day it came. Whoever writes it down stands as who asked.
    """
    form = tidied(past.form)
    found = troubles(replace(past, form=form), profile, now)
    if found:
        raise InvalidInput(next(iter(found.values())), found)
    assert past.day is not None  # nothing is saved without one
    agency = people.agency_named(session, form.agency_name).id if form.agency_name else form.agency_id
    at, ended = (_noon(day, profile, now) for day in (past.day, past.closed or past.day))
    is_given = past.reason == "completed"
    made = insert_once(
        session,
        RequestRow,
        uid=new_uid(),
        form_key=key,
        requester_id=person.id,
        owner_id=None if import_id is not None else person.id,
        agency_id=agency,
        not_agency=form.not_agency,
        kind=form.kind,
        need=form.need,
        state=rules.CLOSED,
        asked_at=at,
        **vars(started(profile, at, urgent=False)),
        first_reply_at=None if import_id is not None else at,
        delivered_at=ended if is_given else None,
        closed_at=ended,
        close_reason=past.reason,
        level=past.level,
        source=past.source,
        import_id=import_id,
    )
    if made is not None:
        tables.add_choices(session, made, form.topics, form.areas)
        tables.add_event(
            session, request_id=made, at=now, person_id=person.id, verb="logged",
            from_state="", to_state=rules.CLOSED, version=1,
        )  # fmt: skip
    return made


def troubles(past: PastRequest, profile: Profile, now: datetime) -> dict[str, str]:
    """Field → sentence, for everything that cannot be taken."""
    here = profile.today(now)
    reason = profile.close_reason(past.reason)
    closed = day_trouble(past.closed, here) if past.closed else ""
    if past.closed and past.day and past.closed < past.day:
        closed = "It was closed before it came in. Please check both days."
    found = {
        "day": day_trouble(past.day, here),
        **form_troubles(past.form, profile, now),
        "source": ""
        if past.source in SOURCES or past.source in ("slack", "other")
        else "Write how it came in, like email or phone call.",
        "closed": closed,
        "reason": "" if reason else "Write one of the program's close reasons.",
        "level": "" if not past.level or past.level in LEVELS else "Write universal, targeted or intensive.",
    }
    return {name: words for name, words in found.items() if words}


def undo(session: Session, row: RequestRow, contact_key: str, now: datetime) -> bool:
    """Take a logged request out again with its one contact, within ten minutes; whether that was done.

    Not when the contact was logged later, or somebody has done something with the request since.
    """
    is_new = bool(row.source) and row.version == 1 and row.form_key == contact_key
    last = tables.last_event(session, row.id, "logged")
    if not is_new or last is None or now - last.at > UNDO_WINDOW or not queries.only_contact(session, row.id):
        return False
    queries.remove(session, [row.id])
    session.expire_all()
    return True


def _noon(day: date, profile: Profile, now: datetime) -> datetime:
    """Nobody says at what time of a past day it was."""
    return min(now, datetime.combine(day, time(12), ZoneInfo(profile.time_zone)).astimezone(now.tzinfo))
