"""Errands: re-read who people are, and who is in the staff channel. Slack's events are only hints of both."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from copbot.delivery import service as delivery
from copbot.errands import service as errands
from copbot.errands.work import Errand, Work
from copbot.people import agencies, rules, staffing
from copbot.people import service as people
from copbot.people.service import StaffChange
from copbot.people.staff_channel import service as staff_channel
from copbot.people.words import HOTLINES_DUE
from copbot.program.choices import choice, choose, chosen
from copbot.program.hotlines import DueHotline, hotlines_due
from copbot.slack.errors import RateLimited, Refused, SlackError
from copbot.slack.pages import go_on, page_of
from copbot.store import Session, Store

PEOPLE_REREAD, STAFF_REREAD = "people.reread", "people.staff_reread"
LOOKED_AT_WITHIN = timedelta(days=1)
LONGEST_PAUSE = 90.0
PAGE = 200
WHOLE_PAGE = 999
"""The most that Slack gives at once."""
CURSOR_LASTS = timedelta(hours=1)
TIME_TO_SET_UP = timedelta(days=14)
_PLACE = "people_reread_place"
JOINED_AT_ONCE = 6
"""As many newcomers to the staff as one message names: its subject holds their ids."""
PAGE_PAUSE = 0.2
"""Seconds between two pages while Slack asks for no longer pause."""
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{5,}")
_GONE = {"channel_not_found", "not_in_channel", "method_not_supported_for_channel_type"}


def people_reread(work: Work) -> dict[str, Any]:
    """Every person of the workspace, page by page; what a page says is kept although a later one fails.

    One that was cut off goes on where it stopped, with smaller pages: a page that fails may be too large.
    """
    place = _place(work)
    try:
        told = _listed(work, "users.list", "members", place.limit, cursor=place.cursor, total=place.total)
        for members, cursor in told:
            place = _learn_page(work, place, members, cursor)
    except Refused as error:
        gone = error.code == "invalid_cursor"
        _stopped(
            work, replace(place, cursor="", looked=0, changed=0) if gone else place, error, tell=not gone
        )
        raise
    except SlackError as error:
        _stopped(work, place, error, tell=place.failures >= 2)
        raise
    return {"looked_at": place.looked, "changed": place.changed}


@dataclass(frozen=True)
class _Place:
    """How far a re-read of everybody has come. `total` is how many there were the last time."""

    cursor: str = ""
    looked: int = 0
    changed: int = 0
    failures: int = 0
    began: str = ""
    total: int = 0

    @property
    def limit(self) -> int:
        return PAGE if self.failures else WHOLE_PAGE


def _place(work: Work) -> _Place:
    now = work.clock.now()
    with work.store.reading() as session:
        said = choice(session, _PLACE, {})
    kept = _Place(**{name: said[name] for name in _Place.__dataclass_fields__ if name in said})
    if kept.cursor and now - datetime.fromisoformat(kept.began) < CURSOR_LASTS:
        return kept
    return _Place(failures=kept.failures, began=now.isoformat(), total=kept.total)


def _learn_page(work: Work, place: _Place, members: Sequence[Any], cursor: str) -> _Place:
    """In short transactions, so that nobody who presses a button waits for a thousand people."""
    now, changed = work.clock.now(), 0
    looked = place.looked + len(members)
    done = replace(place, cursor=cursor, looked=looked, failures=0 if not cursor else place.failures)
    for at in range(0, max(len(members), 1), PAGE):
        with work.store.writing() as session:
            changed += people.learn(
                session,
                members[at : at + PAGE],
                home_team=work.gateway.team,
                now=now,
                zone=work.profile.time_zone,
                only_known=True,
            )
            if at + PAGE >= len(members):
                done = replace(done, changed=place.changed + changed, total=done.total if cursor else looked)
                choose(session, _PLACE, asdict(done), by="people re-read", now=now)
    return done


def _stopped(work: Work, place: _Place, error: SlackError, *, tell: bool) -> None:
    now = work.clock.now()
    with work.store.writing() as session:
        failed = replace(place, failures=place.failures + 1)
        choose(session, _PLACE, asdict(failed), by="people re-read", now=now)
        if tell:
            _tell_unread(session, work, "people.unread", error)


def staff_reread(work: Work) -> dict[str, Any]:
    """Staff are the members of the staff channel, provided that nobody else can read it.

    Anything that cannot be read leaves the old list standing, tells administrators and fails the errand.
    """
    with work.store.reading() as session:
        begun = staff_channel.begin(session, work.clock.now())
    try:
        found = _look(work)
    except SlackError as error:
        with work.store.writing() as session:
            _tell_unread(session, work, "people.staff_unread", error)
        raise
    with work.store.writing() as session:
        if not staff_channel.is_newest(session, begun):
            return {"superseded": True, "problem": people.staff_channel(session).problem}
        result = _apply(session, work, found)
        staff_channel.record(session, begun, now=work.clock.now())
        return result


@dataclass(frozen=True)
class _Found:
    """The staff channel as Slack shows it: its id, why it is unfit, and its members (None: not read)."""

    channel: str = ""
    problem: str = ""
    members: tuple[str, ...] | None = None


def _look(work: Work) -> _Found:
    channel, problem = _resolve(work)
    if problem:
        return _Found(channel, problem)
    try:
        info = _call(work, "conversations.info", channel=channel)[0].get("channel") or {}
        if info.get("is_archived") is True or info.get("is_member") is False:
            return _Found(channel, rules.channel_trouble(info) or "not_member")
        listed = pages(work, "conversations.members", "members", channel=channel)
        members = tuple(str(user) for page in listed for user in page)
    except Refused as error:
        if error.code in _GONE:
            return _Found(channel, "not_found")
        raise
    _look_at(work, members)
    return _Found(channel, rules.channel_trouble(info), members)


def _resolve(work: Work) -> tuple[str, str]:
    """The channel's id, or why there is none. A name is looked up once: a renamed channel stays the same."""
    asked = (work.wiring.staff_channel if work.wiring else "").strip().lstrip("#")
    with work.store.reading() as session:
        chosen = people.staff_channel(session).id
        name, ident = choice(session, "staff_channel_name", ["", ""])
    if not asked:
        return chosen, "" if chosen else "missing"
    if _CHANNEL_ID.fullmatch(asked):
        return (ident if name == asked else asked), ""  # Slack may have given it another id since
    if name != asked:
        ident = _by_name(work, asked)
        if not ident:
            return "", "not_found"
        with work.store.writing() as session:
            choose(session, "staff_channel_name", [asked, ident], by="environment", now=work.clock.now())
    return ident, ""


def _by_name(work: Work, name: str) -> str:
    kinds = "private_channel,public_channel"
    for channels in pages(work, "conversations.list", "channels", types=kinds, exclude_archived=True):
        for channel in channels:
            if name in (channel.get("name"), channel.get("name_normalized")):
                return str(channel["id"])
    return ""


def _look_at(work: Work, members: Sequence[str]) -> None:
    """Learn of members who are new or not seen today: their flags decide who is staff."""
    now = work.clock.now()
    others = set(members) - {work.gateway.bot_user}
    with work.store.reading() as session:
        unseen = people.not_seen_since(session, others, now - LOOKED_AT_WITHIN)
    for number, user in enumerate(unseen):
        told = _call(work, "users.info", user=user)[0].get("user") or {}
        with work.store.writing() as session:
            people.learn(session, [told], home_team=work.gateway.team, now=now, zone=work.profile.time_zone)
        work.progress(number + 1, len(unseen))


def _apply(session: Session, work: Work, found: _Found) -> dict[str, Any]:
    """Take over what was found, in one transaction with telling of it."""
    now = work.clock.now()
    problem, change = found.problem, StaffChange()
    if found.members is not None:
        problem = problem or people.outsiders(session, found.members)
        change = people.set_staff(session, found.members, now, admit=not problem)
        problem = problem or change.refused_reason
    asked = work.wiring.staff_channel if work.wiring else ""
    if problem == "not_found" and not _CHANNEL_ID.fullmatch(asked):
        # Perhaps another channel has the name by now.
        choose(session, "staff_channel_name", ["", ""], by="staff re-read", now=now)
    people.set_staff_channel(session, found.channel, problem, now=now)
    _tell_problem(session, work, problem)
    if not problem:
        delivery.channel_back(session, found.channel, now=now)
    _tell_no_lead(session, work)
    if not change.first:
        _tell_joined(session, work, change.joined)
    return {"problem": problem, "joined": len(change.joined), "left": len(change.left)}


def _tell_problem(session: Session, work: Work, problem: str) -> None:
    """Administrators hear of a problem once; when it is over, that message says so."""
    now, before = work.clock.now(), str(choice(session, "staff_channel_told", ""))
    if problem == before:
        return
    told = _admins(session, work) if problem else ()
    if problem and not told:
        return  # nobody to tell yet: the next re-read tries again
    choose(session, "staff_channel_told", problem, by="staff re-read", now=now)
    if before:
        delivery.refresh(session, f"staff_channel:{before}", now=now)
    for user in told:
        key = f"people.staff_channel:{problem}:{user}:{now.isoformat()}"
        delivery.say(session, "people.staff_channel", f"staff_channel:{problem}", to=user, key=key, now=now)


def _tell_joined(session: Session, work: Work, joined: Sequence[str]) -> None:
    """Leads hear of everybody who became staff by entering the channel, and can exclude them: a message for several."""
    leads = [lead.user for lead in people.leads(session)]
    now = work.clock.now()
    for at in range(0, len(joined), JOINED_AT_ONCE):
        users = ",".join(joined[at : at + JOINED_AT_ONCE])
        for lead in leads or _admins(session, work):
            key = f"people.staff_joined:{joined[at]}:{lead}:{now.isoformat()}"
            delivery.say(session, "people.staff_joined", f"user:{users}", to=lead, key=key, now=now)


def _tell_unread(session: Session, work: Work, kind: str, error: SlackError) -> None:
    """Once a day: a list could not be read, so the old one stands. Codes and scopes are Slack's own words."""
    now = work.clock.now()
    needed = getattr(error, "needed", "")
    subject = f"slack:{error.code}:{needed}" if needed else f"slack:{error.code}"
    for user in _admins(session, work):
        delivery.say(session, kind, subject, to=user, key=f"{kind}:{now.date()}:{user}", now=now)


def watch(work: Work) -> dict[str, Any]:
    """Daily: what somebody must hear of although nothing happened that day."""
    with work.store.writing() as session:
        strays = agencies.gather_strays(session)
        return {"strays": strays, "no_lead": _tell_no_lead(session, work), "due": _tell_due(session, work)}


def _tell_no_lead(session: Session, work: Work) -> bool:
    """Administrators hear of it every day until there is a lead again."""
    if not staffing.last_lead_left(session):
        return False
    now = work.clock.now()
    for user in _admins(session, work):
        key = f"people.no_lead:{now.date()}:{user}"
        delivery.say(session, "people.no_lead", "leads", to=user, key=key, now=now)
    return True


def _tell_due(session: Session, work: Work) -> int:
    """Leads are asked once a month to call the lines that nobody has confirmed for half a year."""
    now = work.clock.now()
    due = [line for line in hotlines_due(session, work.profile, now) if _is_overdue(session, line, now)]
    for user in (staffing.leads(session) or _admins(session, work)) if due else ():
        key = f"people.hotlines_due:{now:%Y-%m}:{user}"
        delivery.say(session, "people.hotlines_due", HOTLINES_DUE, to=user, key=key, now=now, unasked=True)
    return len(due)


def _is_overdue(session: Session, line: DueHotline, now: datetime) -> bool:
    """A new line is asked for in the set-up first."""
    if line.last_verified is not None:
        return True
    row = chosen(session, line.name)
    return row is not None and now - row.at >= TIME_TO_SET_UP


def _admins(session: Session, work: Work) -> tuple[str, ...]:
    return people.admins(session, work.wiring.admins if work.wiring else ())


def pages(work: Work, method: str, name: str, **args: Any) -> Iterator[list[Any]]:
    """Each page of a list of Slack's. Raises `SlackError` at the page that cannot be had."""
    for items, _cursor in _listed(work, method, name, PAGE, **args):
        yield items


def _listed(
    work: Work, method: str, name: str, limit: int, *, cursor: str = "", total: int = 0, **args: Any
) -> Iterator[tuple[list[Any], str]]:
    """Each page with the cursor of the next, from `cursor` on. `total` is how many there may be."""
    number, pause = 0, 0.0
    while True:
        more = {"cursor": cursor} if cursor else {}
        answer, asked_to_wait = _call(work, method, limit=limit, **args, **more)
        items, cursor = page_of(answer, name, method, of=str if method == "conversations.members" else dict)
        yield items, cursor
        number += 1
        work.progress(number, max(number + bool(cursor), -(-total // limit)) if cursor else number)
        if not cursor:
            return
        go_on(number, method)
        # Once Slack has said how long to wait, the pages that follow come no faster.
        pause = max(pause, asked_to_wait)
        if pause:
            _pause(work, pause)
        else:
            time.sleep(PAGE_PAUSE)


def _call(work: Work, method: str, **args: Any) -> tuple[dict[str, Any], float]:
    """The answer of a call that waits when Slack asks it to, and how long it was asked to wait."""
    asked = 0.0
    while True:
        try:
            return work.gateway.call(method, **args), asked
        except RateLimited as error:
            if error.retry_after > LONGEST_PAUSE:
                raise
            asked = error.retry_after
            _pause(work, asked)


def _pause(work: Work, seconds: float) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        work.progress(0, 1)  # ends here when the process is stopping
        time.sleep(min(left, 0.5))


ERRANDS = (
    Errand(PEOPLE_REREAD, people_reread, at="04:00", slow=True, rereads=True),
    Errand(STAFF_REREAD, staff_reread, every=timedelta(minutes=10), rereads=True),
    Errand("people.watch", watch, at="08:00"),
)


def wait_for_staff_channel(store: Store, within: float) -> bool:
    """Before anybody is let in: until a staff channel is known to be fit, or has been looked for in vain.

    Without it the first request after a first start would be held, although all is well.
    """
    until = time.monotonic() + within
    while time.monotonic() < until:
        with store.reading() as session:
            if people.notice_channel(session) is not None:
                return True
            reads = errands.status(session, name=STAFF_REREAD, limit=1)
        if reads and (reads[0].finished is not None or reads[0].error_code):
            return False
        time.sleep(0.02)
    return False
