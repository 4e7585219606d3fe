"""Jobs: editions are composed, settled and corrected, channels entered and read; members' own digests composed.

Members' digests are put together for many at once: the library is read once, whoever is due.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from copbot.delivery import service as delivery
from copbot.digests import rules as slots
from copbot.digests.editions import composing, extras, placing, service, tables
from copbot.digests.editions.rules import FURTHEST_BACK
from copbot.digests.subscriptions import rules
from copbot.digests.subscriptions import service as subscriptions
from copbot.digests.subscriptions import tables as personal
from copbot.digests.subscriptions.tables import PersonalRow, SubscriptionRow
from copbot.jobs.slack_calls import all_of
from copbot.jobs.work import Job, Work
from copbot.program.profile import Profile
from copbot.program.settings.edits import effective
from copbot.resources.library.service import value_of
from copbot.slack.errors import Refused, SlackError
from copbot.store import Session, insert_all_once, new_uid

BATCH = 100
"""Members of one transaction."""
MOST_CANDIDATES = 500
_EVERY, _WEEK = timedelta(minutes=10), timedelta(days=7)
_CORRECTED, _PERSONAL_CORRECTED = "digests_corrected", "digests_personal_corrected"
_CORRECTED_FOR = 2 * _WEEK
"""Older copies keep what they said: nobody acts on them, and each costs a call."""


def compose(work: Work) -> dict[str, Any]:
    """All digests, one transaction each."""
    now = work.clock.now()
    with work.store.writing() as session:
        profile = effective(session, work.profile)
        settled = service.settle(session, profile=profile, now=now)
        placing.follow_communities(session, now=now)
        digests = [each.id for each in tables.all_digests(session) if each.active]
    made = 0
    for number, ident in enumerate(digests):
        with work.store.writing() as session:
            made += len(composing.compose_due(session, ident, profile=profile, now=now))
        work.progress(number + 1, len(digests))
    with work.store.writing() as session:
        corrected = service.correct(session, _CORRECTED, now=now)
        placing.tell_nowhere(session, profile=profile, now=now)
        channels = tables.channels_to_read(session) if made else []
    read_members(work, *channels)
    return {**settled, "composed": made, "corrected": corrected}


def join(work: Work) -> dict[str, Any]:
    """Enter a channel that is to get the digest; where only its members can let the app in, the lead is told so."""
    channel, lead = str(work.args["channel"]), str(work.args["lead"])
    try:
        work.gateway.call("conversations.join", channel=channel)
    except Refused:
        try:
            info = work.gateway.call("conversations.info", channel=channel).get("channel") or {}
        except Refused:
            info = {}
        if not info.get("is_member"):
            with work.store.writing() as session:
                subject, now = f"channel:{channel}", work.clock.now()
                key = f"{placing.NOT_IN}:{channel}:{now.date()}"
                delivery.say(session, placing.NOT_IN, subject, to=lead, key=key, now=now)
            return {"joined": False}
    return {"joined": True, "members": read_members(work, channel)}


def read_members(work: Work, *channels: str) -> int:
    """Who is in these channels, so that a member's own digest leaves out what they got there; how many were read.

    A channel that cannot be read keeps what is known of it.
    """
    count = 0
    for channel in channels:
        try:
            users = list(all_of(work, "conversations.members", "members", of=str, channel=channel))
        except SlackError:
            continue
        with work.store.writing() as session:
            tables.set_members(session, channel, users)
        count += len(users)
    return count


# -- members' own digests


def compose_personal(work: Work) -> dict[str, Any]:
    """Everybody whose slot comes soon; who has nothing to read gets nothing."""
    now = work.clock.now()
    with work.store.writing() as session:
        profile = effective(session, work.profile)
        subscriptions.resume_pauses(session, now=now)
        subscriptions.follow_zones(session, now=now)
        gone = subscriptions.let_go(session)
        subscriptions.give_back(session)
    counts = {"due": 0, "composed": 0, "gone": gone}
    while True:
        with work.store.writing() as session:
            due, composed = batch(session, profile=profile, now=now)
        counts["due"] += due
        counts["composed"] += composed
        work.progress(counts["due"], counts["due"] + (due == BATCH))
        if due < BATCH:
            break
    return {**counts, "corrected": correct_personal(work, now)}


def correct_personal(work: Work, now: datetime) -> int:
    """A correction reaches members' copies too, at the pace of what is not urgent; how many are drawn again."""
    with work.store.reading() as session:
        changed, gone = found = service.to_correct(session, _PERSONAL_CORRECTED, now)
    after = count = 0
    while changed or gone:
        with work.store.writing() as session:
            rows = personal.personal_since(session, now - _CORRECTED_FOR, after, BATCH)
            for row in rows:
                if extras.holds(row.extras, gone) or not changed.isdisjoint(item[0] for item in row.items):
                    count += delivery.refresh(session, f"personal:{row.uid}", now=now, unhurried=True)
        if len(rows) < BATCH:
            break
        after = rows[-1].id
    with work.store.writing() as session:
        service.corrected(session, _PERSONAL_CORRECTED, found, now=now)
    return count


def batch(session: Session, *, profile: Profile, now: datetime) -> tuple[int, int]:
    """The next members: how many were due, and how many get a digest. A fixed number of queries, whatever their number."""
    due = personal.due(session, now + rules.AHEAD, BATCH)
    if not due:
        return 0, 0
    library = _Library(session, profile, min(row.read_until for row, _ in due), now)
    users = {user for _, user in due}
    of_user = personal.channels_of(session, users)
    first = min(now - _WEEK, *(row.read_until for row, _ in due))
    in_channels = personal.in_channels(session, first, now + timedelta(days=1))
    done = personal.periods_of(session, *(row.id for row, _ in due))
    made: list[dict[str, Any]] = []
    said: list[tuple[str, str, datetime]] = []
    for row, user in due:
        schedule, slot_at = subscriptions.schedule_of(row), row.next_at
        period = slots.period_at(schedule, slot_at)
        if (row.id, period) not in done and slots.timing(slot_at, now) != "late":
            channels, since = of_user.get(user, set()), min(now - _WEEK, row.read_until)
            got = (each for channel in channels for each in in_channels.get(channel, {}).items())
            had = {resource for resource, at in got if at >= since}
            items = library.items_for(row, had, slot_at)
            beside = extras.stored(library.beside, row.read_until, channels)
            beside["since"] = row.read_until.isoformat()
            uid = new_uid()
            put = {"uid": uid, "subscription_id": row.id, "period": period, "slot_at": slot_at}
            made.append({**put, "items": items, "extras": beside})
            row.read_until = max(row.read_until, now - slots.SETTLING)
            if items or beside["news"]:
                said.append((f"personal:{uid}", user, slot_at))
        row.next_at = slots.next_slot(schedule, max(slot_at, now) + timedelta(minutes=1), {period}).at
    insert_all_once(session, PersonalRow, made)
    delivery.say_many(session, subscriptions.PERSONAL, said, now=now)
    return len(due), len(said)


class _Library:
    """What is new since the earliest of these members last read, and what helps to choose from it."""

    def __init__(self, session: Session, profile: Profile, since: datetime, now: datetime) -> None:
        since = max(since, now - FURTHEST_BACK)
        until = now - slots.SETTLING
        fresh = tables.candidates(session, since, until, MOST_CANDIDATES)
        events = tables.events(session, now, now + timedelta(days=30), MOST_CANDIDATES)
        self.candidates = [value_of(row) for row in (*fresh, *events)]
        self.beside = extras.sources(session, since, until)
        self.topics = {topic.id: topic.label for _, group in profile.topics_in_groups() for topic in group}
        self.regions = {area.id: area.region for area in profile.areas if area.region}
        self.statewide = next((area.id for area in profile.areas if area.kind == "statewide"), "statewide")

    def items_for(self, row: SubscriptionRow, had: set[int], slot_at: datetime) -> list[list[Any]]:
        areas = rules.reach(row.areas, self.regions, self.statewide) if row.areas else frozenset()
        today = slot_at.astimezone(ZoneInfo(row.zone)).date()
        found = rules.items_for(
            self.candidates,
            wanted=frozenset(row.topics),
            areas=areas,
            since=row.read_until,
            had=had,
            today=today,
            topics=self.topics,
        )
        return [[item.id, item.section, item.why] for item in found]


JOBS = (
    Job(placing.JOIN, join),
    Job("digests.compose", compose, every=_EVERY),
    Job("digests.personal", compose_personal, every=_EVERY),
)
