"""Jobs: re-read who people are, and who is in the staff channel. Slack's events are only hints of both."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from copbot.delivery import service as delivery
from copbot.jobs import service as jobs
from copbot.jobs.slack_calls import all_of, ask_slack, pages
from copbot.jobs.work import Job, Work
from copbot.people import rules
from copbot.people import service as people
from copbot.people.rules import STAFF_REREAD
from copbot.people.slack_user import is_whole
from copbot.people.staff import service as staffing
from copbot.people.staff_channel import service as staff_channel
from copbot.people.values import StaffChange
from copbot.program.settings.service import choice, choose
from copbot.slack.errors import Refused, SlackError, Unsure
from copbot.slack.pages import NOT_WHOLE
from copbot.store import Session, Store

log = structlog.get_logger("people")

PEOPLE_REREAD = "people.reread"
LOOKED_AT_WITHIN = timedelta(days=1)
PAGE = 200
AT_ONCE = 50
"""People in one write transaction."""
WHOLE_PAGE = 999
"""The most that Slack gives at once."""
CURSOR_LASTS = timedelta(hours=1)
TELL_JOINED = "people.tell_joined"
_PLACE = "people_reread_place"
JOINED_AT_ONCE = 6
"""As many newcomers to the staff as one message names: its subject holds their ids."""
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{5,}")
_NOT_HERE = {"user_not_found", "user_not_visible", "users_not_found"}
_GONE = {"channel_not_found", "not_in_channel", "method_not_supported_for_channel_type"}


def people_reread(work: Work) -> dict[str, Any]:
    """Every person of the workspace, page by page; what a page says is kept although a later one fails.

    One that was cut off goes on where it stopped, with smaller pages: a page that fails may be too large.
    """
    place = _place(work)
    limit, total = PAGE if place.failures else WHOLE_PAGE, place.total
    told = pages(work, "users.list", "members", size=limit, cursor=place.cursor)
    try:
        for number, (members, cursor) in enumerate(told, start=1):
            place = _learn_page(work, place, members, cursor)
            work.progress(number, max(number + 1, -(-total // limit)) if cursor else number)
    except Refused as error:
        gone = error.code == "invalid_cursor"
        again = replace(place, cursor="", looked=0, changed=0) if gone else place
        _stopped(work, again, error, tell=not gone)
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
    how = {"home_team": work.gateway.team, "zone": work.profile.time_zone, "only_known": True}
    for at in range(0, max(len(members), 1), AT_ONCE):
        with work.store.writing() as session:
            changed += people.learn(session, members[at : at + AT_ONCE], now=now, **how)
            if at + AT_ONCE >= len(members):
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

    Anything that cannot be read leaves the old list standing, tells administrators and fails the job.
    """
    with work.store.reading() as session:
        begun = staff_channel.begin(session, work.clock.now())
        leads_place = people.leads_channel(session).id
    try:
        found = _look(work)
    except SlackError as error:
        with work.store.writing() as session:
            _tell_unread(session, work, "people.staff_unread", error)
        raise
    of_leads = _look_leads(work, leads_place)
    with work.store.writing() as session:
        if not staff_channel.is_newest(session, begun):
            return {"superseded": True, "problem": people.staff_channel(session).problem}
        result = _apply(session, work, found)
        if _record_leads(session, work, of_leads):
            result["leads"] = True
        if found.unsure is None:
            staff_channel.record(session, begun, now=work.clock.now())
            return result
        # Perhaps they may not read what is for staff: this reading does not say who can.
        _tell_unread(session, work, "people.staff_unread", found.unsure)
    raise found.unsure


@dataclass(frozen=True)
class _Found:
    """A channel as Slack shows it: its id, why it is unfit, and its members (None: not read).

    `unsure` is why Slack did not say who some of the members are: those stay what they are.
    """

    channel: str = ""
    problem: str = ""
    members: tuple[str, ...] | None = None
    unsure: SlackError | None = None


def _look(work: Work) -> _Found:
    channel, problem = _resolve(work)
    if problem:
        return _Found(channel, problem)
    try:
        found = _read(work, channel)
    except Refused as error:
        if error.code in _GONE:
            return _Found(channel, "not_found")
        raise
    return found if found.members is None else replace(found, unsure=_look_at(work, found.members))


def _read(work: Work, channel: str) -> _Found:
    """Raises `SlackError`, also for a channel of which Slack does not say who can read it."""
    info: Any = ask_slack(work, "conversations.info", channel=channel).get("channel")
    if not rules.channel_is_told(info):
        raise Unsure(NOT_WHOLE, "conversations.info")
    trouble = rules.channel_trouble(info)
    if info.get("is_archived") is True or info.get("is_member") is False:
        return _Found(channel, trouble or "not_member")
    members = all_of(work, "conversations.members", "members", size=PAGE, of=str, channel=channel)
    return _Found(channel, trouble, tuple(members))


def _look_leads(work: Work, channel: str) -> _Found:
    """The leads' private channel, read together with the staff channel; what cannot be read is unfit until it can be."""
    try:
        return _read(work, channel) if channel else _Found()
    except SlackError as error:
        return _Found(channel, "not_found" if isinstance(error, Refused) else "unread")


def _record_leads(session: Session, work: Work, found: _Found) -> bool:
    """Taken over for the channel that is chosen now, by who leads now: nobody else may be in it.

    Whether that changed what is wrong with it.
    """
    if not found.channel or people.leads_channel(session).id != found.channel:
        return False
    leads = {each.user for each in people.leads(session)}
    others = set(found.members or ()) - {work.gateway.bot_user} - leads
    problem = found.problem or ("others" if others else "")
    return choose(session, "leads_channel_problem", problem, by="staff re-read", now=work.clock.now())


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
            known = people.staff_channel(session)
            if known.problem == "not_found" and known.id not in ("", ident):
                delivery.channel_moved(session, known.id, ident)  # Slack gave it another id without a word
    return ident, ""


def _by_name(work: Work, name: str) -> str:
    kinds = "private_channel,public_channel"
    for channel in all_of(work, "conversations.list", "channels", types=kinds, exclude_archived=True):
        if name in (channel.get("name"), channel.get("name_normalized")):
            return str(channel["id"])
    return ""


def _look_at(work: Work, members: Sequence[str]) -> SlackError | None:
    """Learn of members who are new or not seen today: their flags decide who is staff.

    One whom Slack does not describe says nothing of the others, least of all of those who left: the rest counts.
    Returns the failure that may pass; that somebody is not known or not to be seen is no failure.
    """
    now, unsure = work.clock.now(), None
    others = set(members) - {work.gateway.bot_user}
    with work.store.reading() as session:
        unseen = people.not_seen_since(session, others, now - LOOKED_AT_WITHIN)
    for number, user in enumerate(unseen):
        try:
            told = ask_slack(work, "users.info", user=user).get("user")
        except SlackError as error:
            log.warning("member_unread", code=error.code)
            if error.code not in _NOT_HERE:
                unsure = error
            if not isinstance(error, Refused):
                break  # Slack is in trouble: the others are as unknown, and are asked for the next time
            continue
        if isinstance(told, dict) and told.get("id") == user and is_whole(told, work.gateway.team):
            with work.store.writing() as session:
                zone = work.profile.time_zone
                people.learn(session, [told], home_team=work.gateway.team, now=now, zone=zone)
        else:
            log.warning("member_unread", code=NOT_WHOLE)
            unsure = Unsure(NOT_WHOLE, "users.info")
        work.progress(number + 1, len(unseen))
    return unsure


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
    tell_no_lead(session, work)
    if not change.first:
        tell_joined(session, work, change.joined[:AT_ONCE], now)
        if len(change.joined) > AT_ONCE:
            args = {"users": change.joined[AT_ONCE:], "at": now.isoformat()}
            jobs.enqueue(session, TELL_JOINED, key=f"{TELL_JOINED}:{now.isoformat()}", args=args, now=now)
    return {"problem": problem, "joined": len(change.joined), "left": len(change.left)}


def _tell_problem(session: Session, work: Work, problem: str) -> None:
    """Administrators hear of a problem once; when it is over, that message says so."""
    now, before = work.clock.now(), str(choice(session, "staff_channel_told", ""))
    if problem == before:
        return
    told = admins_of(session, work) if problem else ()
    if problem and not told:
        return  # nobody to tell yet: the next re-read tries again
    choose(session, "staff_channel_told", problem, by="staff re-read", now=now)
    if before:
        delivery.refresh(session, f"staff_channel:{before}", now=now)
    for user in told:
        key = f"people.staff_channel:{problem}:{user}:{now.isoformat()}"
        delivery.say(session, "people.staff_channel", f"staff_channel:{problem}", to=user, key=key, now=now)


def tell_joined(session: Session, work: Work, joined: Sequence[str], since: datetime) -> None:
    """Leads hear, once, of everybody who became staff by entering the channel: one message for several.

    They can exclude them.
    """
    leads = [lead.user for lead in people.leads(session)]
    now = work.clock.now()
    for at in range(0, len(joined), JOINED_AT_ONCE):
        users = ",".join(joined[at : at + JOINED_AT_ONCE])
        for lead in leads or admins_of(session, work):
            key = f"people.staff_joined:{joined[at]}:{lead}:{since.isoformat()}"
            delivery.say(session, "people.staff_joined", f"user:{users}", to=lead, key=key, now=now)


def _tell_unread(session: Session, work: Work, kind: str, error: SlackError) -> None:
    """Once a day: a list could not be read, so the old one stands. Codes and scopes are Slack's own words."""
    now = work.clock.now()
    needed = getattr(error, "needed", "")
    subject = f"slack:{error.code}:{needed}" if needed else f"slack:{error.code}"
    for user in admins_of(session, work):
        delivery.say(session, kind, subject, to=user, key=f"{kind}:{now.date()}:{user}", now=now)


def tell_no_lead(session: Session, work: Work) -> bool:
    """Administrators hear of it every day until there is a lead again."""
    if not staffing.last_lead_left(session):
        return False
    now = work.clock.now()
    for user in admins_of(session, work):
        key = f"people.no_lead:{now.date()}:{user}"
        delivery.say(session, "people.no_lead", "leads", to=user, key=key, now=now)
    return True


def admins_of(session: Session, work: Work) -> tuple[str, ...]:
    return people.admins(session, work.wiring.admins if work.wiring else ())


JOBS = (
    Job(PEOPLE_REREAD, people_reread, at="04:00", slow=True, rereads=True),
    # Again once everybody is known: at a first start there was no administrator yet to tell of a problem.
    Job(STAFF_REREAD, staff_reread, every=timedelta(minutes=10), after=PEOPLE_REREAD, rereads=True),
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
            reads = jobs.status(session, name=STAFF_REREAD, limit=1)
        if reads and (reads[0].finished is not None or reads[0].error_code):
            return False
        time.sleep(0.02)
    return False
