"""Job: members' digests that are due, composed for many at once: the library is read once, whoever is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from copbot.delivery import service as delivery
from copbot.digests import rules as slots
from copbot.digests.editions import composing, extras
from copbot.digests.editions import tables as editions
from copbot.digests.editions.rules import FURTHEST_BACK
from copbot.digests.editions.service import corrected, to_correct
from copbot.digests.subscriptions import rules, service, tables
from copbot.digests.subscriptions.rules import Wish
from copbot.digests.subscriptions.tables import PersonalRow, SubscriptionRow
from copbot.jobs.work import Job, Work
from copbot.program.profile import Profile
from copbot.program.settings.edits import effective
from copbot.store import Session, insert_all_once, new_uid

COMPOSE = "digests.personal"
BATCH = 100
"""Members of one transaction."""
MOST_CANDIDATES = 500
_WEEK = timedelta(days=7)
_CORRECTED = "digests_personal_corrected"
_CORRECTED_FOR = 2 * _WEEK
"""Older copies keep what they said: nobody acts on them, and each costs a call."""


def compose(work: Work) -> dict[str, Any]:
    """Everybody whose slot comes soon; who has nothing to read gets nothing."""
    now = work.clock.now()
    with work.store.writing() as session:
        profile = effective(session, work.profile)
        service.resume_pauses(session, now=now)
        service.follow_zones(session, now=now)
        gone = service.let_go(session)
        service.give_back(session)
    counts = {"due": 0, "composed": 0, "gone": gone}
    while True:
        with work.store.writing() as session:
            due, composed = batch(session, profile=profile, now=now)
        counts["due"] += due
        counts["composed"] += composed
        work.progress(counts["due"], counts["due"] + (due == BATCH))
        if due < BATCH:
            break
    return {**counts, "corrected": correct(work, now)}


def correct(work: Work, now: datetime) -> int:
    """A correction reaches members' copies too, at the pace of what is not urgent; how many are drawn again."""
    with work.store.reading() as session:
        changed, gone = found = to_correct(session, _CORRECTED, now)
    after = count = 0
    while changed or gone:
        with work.store.writing() as session:
            rows = tables.personal_since(session, now - _CORRECTED_FOR, after, BATCH)
            for row in rows:
                if extras.holds(row.extras, gone) or not changed.isdisjoint(item[0] for item in row.items):
                    count += delivery.refresh(session, f"personal:{row.uid}", now=now, unhurried=True)
        if len(rows) < BATCH:
            break
        after = rows[-1].id
    with work.store.writing() as session:
        corrected(session, _CORRECTED, found, now=now)
    return count


def batch(session: Session, *, profile: Profile, now: datetime) -> tuple[int, int]:
    """The next members: how many were due, and how many get a digest. A fixed number of queries, whatever their number."""
    due = tables.due(session, now + rules.AHEAD, BATCH)
    if not due:
        return 0, 0
    library = _Library(session, profile, min(row.read_until for row, _ in due), now)
    users = {user for _, user in due}
    of_user = tables.channels_of(session, users)
    first = min(now - _WEEK, *(row.read_until for row, _ in due))
    in_channels = tables.in_channels(session, first, now + timedelta(days=1))
    done = tables.periods_of(session, *(row.id for row, _ in due))
    made: list[dict[str, Any]] = []
    said: list[tuple[str, str, datetime]] = []
    for row, user in due:
        schedule, slot_at = service.schedule_of(row), row.next_at
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
    delivery.say_many(session, service.PERSONAL, said, now=now)
    return len(due), len(said)


class _Library:
    """What is new since the earliest of these members last read, and what helps to choose from it."""

    def __init__(self, session: Session, profile: Profile, since: datetime, now: datetime) -> None:
        since = max(since, now - FURTHEST_BACK)
        until = now - slots.SETTLING
        fresh = editions.candidates(session, since, until, MOST_CANDIDATES)
        events = editions.events(session, now, now + timedelta(days=30), MOST_CANDIDATES)
        both = (*fresh, *events)
        self.candidates = [(composing.candidate(row), frozenset(row.areas)) for row in both]
        self.beside = extras.sources(session, since, until)
        self.topics = {topic.id: topic.label for _, group in profile.topics_in_groups() for topic in group}
        self.regions = {area.id: area.region for area in profile.areas if area.region}
        self.statewide = next((area.id for area in profile.areas if area.kind == "statewide"), "statewide")

    def items_for(self, row: SubscriptionRow, had: set[int], slot_at: datetime) -> list[list[Any]]:
        reach = rules.reach(row.areas, self.regions, self.statewide) if row.areas else frozenset()
        wish = Wish(frozenset(row.topics), reach, row.read_until)
        today = slot_at.astimezone(ZoneInfo(row.zone)).date()
        found = rules.items_for(wish, self.candidates, had=had, today=today, topics=self.topics)
        return [[item.id, item.section, item.why] for item in found]


JOBS = (Job(COMPOSE, compose, every=timedelta(minutes=10)),)
