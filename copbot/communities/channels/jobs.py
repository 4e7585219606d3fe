"""Jobs: compare the channels with what is wanted, carry it out, and notice what was done in Slack meanwhile."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from copbot.communities import rules, tables
from copbot.communities.channels import reading, service
from copbot.communities.channels.service import APPLY, PLAN, RECONCILE
from copbot.communities.channels.steps import ChannelPlace, perform, pin
from copbot.communities.rules import Action, ChannelPlan, Do, WantedChannel, plan_channels
from copbot.communities.tables import CommunityRow, RunRow
from copbot.delivery import service as delivery
from copbot.jobs import service as jobs
from copbot.jobs.slack_calls import all_of, wait
from copbot.jobs.work import Job, Work
from copbot.people import service as people
from copbot.slack.errors import Refused, SlackError
from copbot.store import hold

AT_ONCE = 100
"""Members taken over in one transaction: everybody who saves waits for it."""
WELCOMES_WITHIN = 120.0
"""Seconds without a new welcome after which their pins are left for the next time."""
TOLD_EVERY = 3.0
_STOPS = {"missing_scope", "invalid_auth", "not_authed", "token_revoked"}
_REFUSED = {"restricted_action", "not_authorized", "no_permission", "cannot_create_channel"}
_FOR_ADMINS = {"missing_scope", *_REFUSED}


def plan(work: Work) -> dict[str, Any]:
    """What `apply` would do, told to whoever asked."""
    with RunProgress(work) as run:
        found, _ = _compare(work)
        run.ends("done", _as_result(found))
    return {"actions": len(found.actions), "problems": len(found.problems)}


def apply(work: Work) -> dict[str, Any]:
    """Carry out what can be done and report the rest. Killed anywhere, the next run does what is still missing.

    With `community` among the arguments, only that one is seen to.
    """
    with RunProgress(work) as run:
        found, places = _compare(work, int(work.args.get("community") or 0) or None)
        run.starts(len(found.actions))
        refused = PlanExecutor(work, places, run).carry_out(found)
        made, problems = len(found.actions) - len(refused), _as_result(found)["problems"]
        result = {"refused": refused, "made": made, "problems": problems}
        run.ends("partly" if refused or problems else "done", result)
    return {"refused": len(refused), "problems": len(found.problems)}


def reconcile(work: Work) -> dict[str, Any]:
    """Names, archived and deleted channels, and who is in each: Slack's word counts, its events are only hints."""
    listed = reading.channels(work)
    changed = follow(work, listed)
    joined = left = 0
    able = {channel.id for channel in listed if not channel.archived}
    with work.store.reading() as session:
        open_ones = [(each.id, each.channel) for each in service.known(session) if each.channel in able]
    for number, (ident, channel) in enumerate(open_ones):
        try:
            users = list(all_of(work, "conversations.members", "members", of=str, channel=channel))
        except Refused:
            continue  # it has changed since it was listed: the next time says how
        more, fewer = _take_members(work, ident, {str(user) for user in users} - {work.gateway.bot_user})
        joined, left = joined + more, left + fewer
        work.progress(number + 1, len(open_ones))
    return {"changed": changed, "joined": joined, "left": left}


def _take_members(work: Work, ident: int, inside: set[str]) -> tuple[int, int]:
    """Who is in the channel, of whom every page was read: taken over in short transactions."""
    with work.store.reading() as session:
        before = tables.members_of(session, ident)
    new, gone = sorted(inside - before), sorted(before - inside)
    joined = left = 0
    for at in range(0, max(len(new), len(gone)), AT_ONCE):
        some = {"joined": new[at : at + AT_ONCE], "left": gone[at : at + AT_ONCE]}
        with work.store.writing() as session:
            more, fewer = service.take_members(session, ident, **some, now=work.clock.now())
        joined, left = joined + more, left + fewer
    return joined, left


def follow(work: Work, listed: Sequence[WantedChannel]) -> int:
    """Take over what was done in Slack. A channel that is back has its topic, bookmarks and welcome seen to."""
    with work.store.reading() as session:
        changes = rules.changes(service.known(session), listed)
    if not changes:
        return 0
    now, admins = work.clock.now(), work.wiring.admins if work.wiring else ()
    with work.store.writing() as session:
        count = service.take_over(session, changes, now=now, admins=admins)
        if any(change.what == "unarchived" for change in changes):
            jobs.enqueue(session, APPLY, key=f"{APPLY}:restore:{now.isoformat()}", now=now)
    return count


def _compare(work: Work, only: int | None = None) -> tuple[ChannelPlan, dict[int, ChannelPlace]]:
    """The plan, and where each community's steps are to be done; `only` one community's, or everybody's."""
    start = reading.app_links(work)
    links = reading.links(work, start)
    listed = reading.channels(work)
    follow(work, listed)
    with work.store.reading() as session:
        wanted = service.wanted(session, work.profile, links, start, only=only)
        staff = people.staff_channel(session).id
    actual = reading.actual(work, wanted, listed, only=only)
    plan = plan_channels(wanted, actual, ignore=(staff,), only=only)

    def bind(ident: int, channel: WantedChannel) -> None:
        with work.store.writing() as session:
            service.bind(session, ident, channel, now=work.clock.now())

    found, mine = rules.matched(wanted, actual.channels), [each for each in wanted if only in (None, each.id)]
    return plan, {each.id: ChannelPlace(each, found.get(each.id), bind) for each in mine}


class PlanExecutor:
    """Carries the steps out, community by community; what Slack refuses is noted and the rest goes on."""

    def __init__(self, work: Work, places: dict[int, ChannelPlace], run: RunProgress) -> None:
        self._work, self._places, self._run = work, places, run
        self._refused: dict[int, tuple[str, str]] = {}

    def carry_out(self, plan: ChannelPlan) -> list[list[Any]]:
        """`[community, step, code]` of each community that is not as wanted yet."""
        self._in_the_way = {problem.community: problem.code for problem in plan.problems}
        pins: list[Action] = []
        for number, action in enumerate(plan.actions):
            if action.community not in self._refused:
                if action.do is Do.PIN:
                    pins.append(action)
                else:
                    self._try(action)
            self._run.tells(number + 1)
        self._pin(pins)
        self._note()
        return [[ident, step, code] for ident, (step, code) in sorted(self._refused.items())]

    def _try(self, action: Action, welcome: str = "") -> None:
        """`welcome`: where it stands that is to be pinned."""
        place = self._places[action.community]
        try:
            if action.do is Do.PIN:
                pin(self._work, place.id, welcome)
            elif action.do is Do.WELCOME:
                with self._work.store.writing() as session:
                    service.say_welcome(session, action.community, now=self._work.clock.now())
            else:
                perform(self._work, action, place)
        except Refused as error:
            self._refused[action.community] = (action.do, error.code)
            if _is_shut_out(self._work, error.code):  # whatever comes next would be refused as well
                self._note()
                raise

    def _pin(self, pins: list[Action]) -> None:
        """Each welcome is pinned as soon as it stands; those that do not come are left for another time."""
        waiting = {action.community: action for action in pins if action.community not in self._refused}
        until = time.monotonic() + WELCOMES_WITHIN
        while waiting and time.monotonic() < until:
            standing = self._standing(waiting)
            for ident, ts in standing.items():
                self._try(waiting.pop(ident), ts)
                until = time.monotonic() + WELCOMES_WITHIN
            if waiting and not standing:
                wait(self._work, 0.1)
        for ident in waiting:
            self._refused[ident] = (Do.PIN, "welcome_waits")

    def _standing(self, waiting: dict[int, Action]) -> dict[int, str]:
        with self._work.store.reading() as session:
            rows = [session.get_one(CommunityRow, ident) for ident in waiting]
            found = {row.id: service.welcome_at(session, row) for row in rows}
            about = set(map(service.subject, waiting))
            letters = delivery.dead_letters_about(session, about, kind=service.WELCOME)
            dead = {each.subject for each in letters}
        for ident in [ident for ident in waiting if service.subject(ident) in dead and not found[ident]]:
            waiting.pop(ident)
            self._refused[ident] = (Do.WELCOME, "welcome_refused")
        return {ident: ts for ident, ts in found.items() if ts and ident in waiting}

    def _note(self) -> None:
        refused = {ident: code for ident, (_, code) in self._refused.items()}
        codes = {**dict.fromkeys(self._places, ""), **self._in_the_way, **refused}
        with self._work.store.writing() as session:
            service.note_troubles(session, codes, now=self._work.clock.now())


def _is_shut_out(work: Work, code: str) -> bool:
    """Whether Slack refuses the app itself. An inactive account may be somebody else's: Slack says whose."""
    if code != "account_inactive":
        return code in _STOPS
    try:
        work.gateway.call("auth.test")
    except Refused:
        return True
    return False


class RunProgress:
    """Keeps the asker's message true: how far it is, how it ended, and why it did not go on."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._id = int(work.args.get("run") or 0)
        self._only = int(work.args.get("community") or 0)
        self._of = 0
        self._told = 0.0

    def __enter__(self) -> RunProgress:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, SlackError):
            self.ends("stopped", {"code": error.code})

    def starts(self, of: int) -> None:
        self._of = of
        self._write("running", {}, 0)

    def tells(self, done: int) -> None:
        self._work.progress(done, self._of + 1)
        if time.monotonic() - self._told >= TOLD_EVERY:
            self._write("running", {}, done)

    def ends(self, state: str, result: dict[str, Any]) -> None:
        self._write(state, result, self._of)
        codes = {str(result.get("code") or ""), *(row[2] for row in result.get("refused", ()))}
        if trouble := sorted(codes & _FOR_ADMINS):
            self._tell_admins(trouble)

    def _write(self, state: str, result: dict[str, Any], done: int) -> None:
        self._told = time.monotonic()
        if not self._id:
            return
        with self._work.store.writing() as session:
            row = hold(session, RunRow, self._id)
            about = {"community": self._only} if self._only else {}
            row.state, row.result, row.done, row.of = state, {**result, **about}, done, self._of
            delivery.refresh(session, f"run:{self._id}", now=self._work.clock.now())

    def _tell_admins(self, codes: list[str]) -> None:
        """What only an administrator can put right reaches one, once a day."""
        now = self._work.clock.now()
        with self._work.store.writing() as session:
            for user in people.admins(session, self._work.wiring.admins if self._work.wiring else ()):
                for code in codes:
                    key = f"community.trouble:{code}:{user}:{now.date()}"
                    delivery.say(session, "community.trouble", f"slack:{code}", to=user, key=key, now=now)


def _as_result(found: ChannelPlan) -> dict[str, Any]:
    return {
        "actions": [[each.do, each.community, each.detail] for each in found.actions],
        "problems": [[each.code, each.community, each.detail] for each in found.problems],
        "unknown": list(found.unknown),
    }


JOBS = (
    Job(PLAN, plan, slow=True),
    Job(APPLY, apply, slow=True),
    Job(RECONCILE, reconcile, every=timedelta(hours=1), slow=True, rereads=True),
)
