"""Whom a clock tells what, once each: every telling is an event of its request, written in the same transaction."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from copbot.assistance import rules, tables
from copbot.assistance.clocks import rules as clocks
from copbot.assistance.tables import RequestRow
from copbot.assistance.upkeep import tables as queries
from copbot.assistance.workflow.transitions import (
    leads_or_channel,
    move_by_clock,
    redraw,
    tell_requester,
    tell_staff,
    write_event,
)
from copbot.delivery import service as delivery
from copbot.people import service as people
from copbot.people.staff import service as staffing
from copbot.program.calendar.hours import instant_of
from copbot.store import Session, hold

if TYPE_CHECKING:
    from copbot.program.profile import Profile
    from copbot.slack.person import Person

AT_ONCE = 10
"""Requests in one write transaction."""
LONGEST_CLOSURE = timedelta(days=14)
"""So far ahead a request can be due within a business hour."""
UNREPLIED = (*rules.UNOWNED, rules.ASSIGNED)


class Lateness(NamedTuple):
    """A clock that has run out: the event that says so, the clock's column, and the states in which it counts."""

    verb: str
    clock: str
    states: tuple[str, ...]


LATE = (
    Lateness("late", "first_reply_due", UNREPLIED),
    Lateness("triage_late", "triage_due", (rules.NEW,)),
    Lateness("delivery_late", "delivery_due", rules.RUNNING),
)
STILL_LATE = "still_late"
ALL, STAFF = "all", "staff"
"""Whose list it is: the leads', or the staff channel's, which holds nothing confidential."""


def tell_late(session: Session, of: Lateness, *, profile: Profile, now: datetime) -> int:
    """Holder and leads hear what has run out; the requester of a late first reply hears it, too, and once.

    `now` is the moment of the whole run: what it finds is one list for each reader. Returns how many; call again
    until it is none.
    """
    found = queries.ids_run_out(session, of.clock, verb=of.verb, states=of.states, now=now, most=AT_ONCE)
    news: list[RequestRow] = []
    for row in _locked(session, found):
        due = getattr(row, of.clock)
        if row.state not in of.states or (of.verb == "late" and row.first_reply_at is not None):
            continue  # somebody was faster
        is_news = now - due <= clocks.STALE
        told = of.verb == "late" and is_news and not people.person_of(session, row.requester_id).refused
        event_id = _write(session, row, of.verb, now, told=told)
        redraw(session, row, now)
        if told:
            tell_requester(session, row, event_id, now)
        news += [row] * is_news
    _list(session, news, profile, now)
    return len(found)


def ring_again(session: Session, *, profile: Profile, now: datetime) -> int:
    """Leads hear once more of what is urgent, late by a business hour, and still nobody's."""
    found = _urgent(session, STILL_LATE, rules.UNOWNED, (now - clocks.STALE, now), profile)
    rung: list[RequestRow] = []
    for row in _locked(session, found):
        told = tables.last_event(session, row.id, "late")
        if told and row.state in rules.UNOWNED and clocks.rings_again(profile.hours, told.at, now):
            _write(session, row, STILL_LATE, now)
            rung.append(row)
    _list(session, rung, profile, now)
    return len(rung)


def warn(session: Session, *, profile: Profile, now: datetime) -> int:
    """Whoever has an urgent request hears of it in the last business hour; of what nobody has, the leads."""
    found = _urgent(session, "warned", UNREPLIED, (now, now + LONGEST_CLOSURE), profile)
    if not found:
        return 0
    warned, away = 0, staffing.away_now(session, profile=profile, now=now)
    for row in _locked(session, found):
        if row.first_reply_at is not None or not clocks.warns(profile.hours, row.first_reply_due, now):
            continue
        event_id = _write(session, row, "warned", now)
        owner = _owner_here(session, row, away)
        for reader in [owner.user] if owner else leads_or_channel(session):
            about, key = f"event:{event_id}", f"request.due_soon:{event_id}:{reader}"
            delivery.say(session, "request.due_soon", about, to=reader, key=key, now=now, urgent=True)
        warned += 1
    return warned


def list_today(session: Session, owner_id: int, *, profile: Profile, now: datetime) -> int:
    """One list for somebody of what they have that falls due today; how many. Nothing on a day that is closed."""
    today = profile.today(now)
    owner = people.person_of(session, owner_id)
    if _closed_for_today(profile, now) or owner_id in staffing.away_now(session, profile=profile, now=now):
        return 0
    midnights = (datetime.combine(day, time()) for day in (today, today + timedelta(days=1)))
    begin, end = (instant_of(profile.time_zone, midnight) for midnight in midnights)
    found = queries.ids_due_on(session, owner_id, rules.RUNNING, begin, end)
    for row in _locked(session, found):
        _write(session, row, "due_today", now)
    if found:
        about = f"today:{owner_id}:{now.isoformat()}"
        delivery.say(session, "request.today", about, to=owner.user, key=f"request.{about}", now=now)
    return len(found)


def summarize(session: Session, *, profile: Profile, now: datetime) -> str:
    """How much is open, late and unassigned, to the staff channel, once a day; why it is not said, empty when it is."""
    today = profile.today(now)
    channel = people.notice_channel(session)
    if _closed_for_today(profile, now):
        return "closed today"
    if channel is None:
        return "no staff channel"
    counts = queries.open_counts(session, now)
    if not counts[0]:
        return "no open requests"
    # The message says what was so that morning, whenever it is drawn.
    about = f"summary:{today.isoformat()}:{'.'.join(map(str, counts))}"
    key = f"request.summary:{today.isoformat()}"
    delivery.say(session, "request.summary", about, to=channel, key=key, now=now)
    return ""


def _closed_for_today(profile: Profile, now: datetime) -> bool:
    """No business hour is left today. A bot that starts in the evening does not send what was for the morning."""
    return all(opening.closes <= now for opening in profile.hours.openings_on(profile.today(now)))


def follow_question(
    session: Session, question: queries.OpenQuestion, *, profile: Profile, now: datetime
) -> str:
    """Remind the requester of an open question, or close the request; which of both, empty for neither."""
    row = hold(session, RequestRow, question.request_id)
    asked, nudged = (tables.last_event(session, row.id, verb) for verb in ("ask", "nudge"))
    nudged_at = nudged.at if asked and nudged and nudged.id > asked.id else None
    as_read = asked is not None and (asked.at, nudged_at) == (question.asked_at, question.nudged_at)
    step = next_step(question, profile=profile, now=now)
    if row.state != rules.WAITING_REQUESTER or not as_read or step is None:
        return ""  # somebody was faster
    if step == "nudge":
        tell_requester(session, row, _write(session, row, "nudge", now, told=True), now)
        return step
    ended = {"closed_at": now, "close_reason": "no_response"}
    event_id = move_by_clock(session, row, step, profile=profile, now=now, told=True, columns=ended)
    owner = people.person_of(session, row.owner_id) if row.owner_id else None
    if owner is not None and owner.is_staff:
        tell_staff(session, "request.added", owner, event_id, now)
    return step


def next_step(question: queries.OpenQuestion, *, profile: Profile, now: datetime) -> str | None:
    """What is due about a question: a reminder, the end of the request, or nothing yet."""
    return clocks.after_question(profile.hours, question.asked_at, question.nudged_at, now)


def _urgent(
    session: Session, verb: str, states: Sequence[str], due: tuple[datetime, datetime], profile: Profile
) -> list[int]:
    by_when = [each.id for each in profile.by_when if each.urgent]
    return queries.unanswered(session, verb, states, by_when, due)


def _locked(session: Session, ids: Iterable[int]) -> Iterable[RequestRow]:
    return (hold(session, RequestRow, ident) for ident in ids)


def _write(session: Session, row: RequestRow, verb: str, now: datetime, *, told: bool = False) -> int:
    whom = people.person_of(session, row.owner_id) if row.owner_id else None
    return write_event(session, row, verb, None, now, whom=whom, told=told)


def _owner_here(session: Session, row: RequestRow, away: Container[int]) -> Person | None:
    """Whoever has the request, if they are on staff and not one of those away today."""
    owner = people.person_of(session, row.owner_id) if row.owner_id else None
    return owner if owner is not None and owner.is_staff and owner.id not in away else None


def _list(session: Session, rows: Sequence[RequestRow], profile: Profile, now: datetime) -> None:
    """The list of this moment: all of it for leads, and for whoever has some of these their own."""
    if not rows:
        return
    everybody, away = leads_or_channel(session), staffing.away_now(session, profile=profile, now=now)
    whose = ALL if people.has_lead(session) else STAFF
    readers = {user: f"late:{whose}:{now.isoformat()}" for user in everybody}
    for owner in filter(None, (_owner_here(session, row, away) for row in rows)):
        readers.setdefault(owner.user, f"late:{owner.id}:{now.isoformat()}")
    for user, about in readers.items():
        delivery.refresh(session, about, kind="request.late", now=now)
        key = f"request.{about}:{user}"
        delivery.say(session, "request.late", about, to=user, key=key, now=now, urgent=True)
