"""Editions put together a day ahead from what is in the library, or skipped with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from copbot.communities import service as communities
from copbot.delivery import service as delivery
from copbot.digests import rules as slots
from copbot.digests.editions import extras, rules, tables
from copbot.digests.editions.placing import approval, digest_value, note
from copbot.digests.editions.rules import Digest
from copbot.digests.editions.tables import (
    APPROVED,
    PROGRAM,
    SKIPPED,
    WAITING,
    DigestRow,
    EditionItemRow,
    EditionRow,
)
from copbot.digests.rules import Slot
from copbot.people import service as people
from copbot.program.profile import Profile
from copbot.resources.library import service as library
from copbot.store import Session, hold, insert_once, new_uid

EDITION, REST = "digests.edition", "digests.rest"
AHEAD, SKIP_NOTE = "digests.ahead", "digests.skipped"
MOST_CANDIDATES = 200
NOTHING = rules.Composition(())


def compose_due(session: Session, digest_id: int, *, profile: Profile, now: datetime) -> tuple[str, ...]:
    """Compose what is due of one digest and name what was missed; the uids of new editions."""
    row = hold(session, DigestRow, digest_id)
    digest = digest_value(session, row, profile, now)
    if not digest.channels:
        return ()
    done = tables.periods(session, row.id)
    missed = slots.missed(digest.schedule, now, row.since, done)
    skipped = [_insert(session, digest, slot, now, SKIPPED, why=rules.TOO_LATE) for slot in missed]
    made = [each.uid for each in skipped if each is not None]
    if made:
        tell_leads(session, SKIP_NOTE, digest, missed[-1].at, now)
    slot_now = slots.to_compose(digest.schedule, now, row.since, done)
    if slot_now is not None and (uid := _compose(session, digest, slot_now, profile, now)):
        made.append(uid)
    return tuple(made)


def composed(
    session: Session, digest: Digest, slot: Slot, profile: Profile, now: datetime
) -> tuple[rules.Composition, dict[str, Any]]:
    """What an edition for this slot would hold, from what is in the library now, and what stands beside it."""
    row = session.get(DigestRow, digest.id)
    last = tables.last_with_items(session, digest.id) if row is not None else None
    since = max(last or (row.since if row else now) - rules.LOOKS_BACK, now - rules.FURTHEST_BACK)
    until = now - slots.SETTLING
    fresh = tables.candidates(session, since, until, MOST_CANDIDATES)
    ahead = rules.EVENTS_AHEAD[digest.schedule.rhythm]
    events = tables.events(session, max(slot.at, now), slot.at + ahead, MOST_CANDIDATES)
    found = [library.value_of(each) for each in (*fresh, *events)]
    had = tables.shown(session, digest.channels, [each.id for each in found])
    community = tables.community(session, digest.owner)
    composition = rules.compose(
        found,
        channels=digest.channels,
        shown={key: row.words for key, row in had.items()},
        topics={topic.id: topic.label for _, group in profile.topics_in_groups() for topic in group},
        only=community.topics if community else (),
        today=slot.at.astimezone(ZoneInfo(digest.schedule.zone)).date(),
    )
    channels = None if digest.owner == PROGRAM else digest.channels
    return composition, extras.stored(extras.sources(session, since, until), since, channels)


def _compose(session: Session, digest: Digest, slot: Slot, profile: Profile, now: datetime) -> str:
    """The uid of the new edition, empty when its period has one already."""
    found, beside = composed(session, digest, slot, profile, now)
    state, why = WAITING if approval(session) != "off" else APPROVED, ""
    if not found.items and not beside["news"]:
        state, why, beside = SKIPPED, f"{rules.NOTHING_NEW} in the library since the last digest", {}
        if found.held_back:
            why = f"{rules.NOTHING_NEW}: {len(found.held_back)} past the day by which to look at it again"
    row = _insert(session, digest, slot, now, state, why=why, found=found, beside=beside)
    if row is None:
        return ""
    if state != SKIPPED:
        say_in_channels(session, row, now)
    tell_leads(session, SKIP_NOTE if state == SKIPPED else AHEAD, digest, slot.at, now)
    return row.uid


def _insert(
    session: Session, digest: Digest, slot: Slot, now: datetime, state: str, *, why: str,
    found: rules.Composition = NOTHING, beside: Mapping[str, Any] = MappingProxyType({}),
) -> EditionRow | None:  # fmt: skip
    """A new edition with its items; None when its period has one already."""
    ident = insert_once(
        session, EditionRow, uid=new_uid(), digest_id=digest.id, period=slot.period, slot_at=slot.at, due_at=max(slot.at, now),
        state=state, why=why[:200], channels=list(digest.channels), composed_at=now - slots.SETTLING,
        held_back=[list(each) for each in found.held_back[:50]], extras=dict(beside),
        questions=sum(count for _, count, _ in beside.get("questions", ())),
    )  # fmt: skip
    if ident is None:
        return None
    session.add_all(
        EditionItemRow(
            edition_id=ident, resource_id=each.id, place=at, section=each.section, why=each.why[:200]
        )
        for at, each in enumerate(found.items)
    )
    row = session.get_one(EditionRow, ident)
    note(session, "", now, f"edition:{row.uid}", state)
    return row


def say_in_channels(session: Session, row: EditionRow, now: datetime, again: str = "") -> None:
    """One message for each channel, due at the edition's time, and one in its thread for what does not fit."""
    for channel in row.channels:
        subject, key = f"edition:{row.uid}:{channel}", f"{EDITION}:{row.id}:{channel}{again}"
        root = delivery.say(session, EDITION, subject, to=channel, key=key, now=now, due_at=row.due_at)
        key = f"{REST}:{row.id}:{channel}{again}"
        delivery.say(session, REST, subject, to=channel, key=key, now=now, due_at=row.due_at, thread_of=root)


def tell_leads(session: Session, kind: str, digest: Digest, slot_at: datetime, now: datetime) -> None:
    """Those who look after the digest read of all of theirs of that day in one message."""
    about = day_subject(kind, slot_at)
    for user in _carers(session, digest.owner):
        delivery.say(session, kind, about, to=user, key=f"{about}:{user}", now=now)
    delivery.refresh(session, about, now=now)


def day_subject(kind: str, slot_at: datetime) -> str:
    """What those messages are about that tell of all editions of a day (UTC)."""
    return f"{kind}:{slot_at.astimezone(UTC).date()}"


def of_day(session: Session, kind: str, user: str, day: date) -> list[str]:
    """The uids of that day's editions, of digests somebody looks after: those not sent and skipped by nobody, or the others."""
    start = datetime.combine(day, time(), UTC)
    found = tables.of_day(session, start, rules.OUR_REASONS, unsent=kind == SKIP_NOTE)
    return [uid for uid, owner in found if user in _carers(session, owner)]


def _carers(session: Session, owner: str) -> list[str]:
    """Those who look after a digest: the program's leads, or a community's."""
    found = tables.community(session, owner)
    users = communities.carers(session, found.id) if found else [lead.user for lead in people.leads(session)]
    return list(dict.fromkeys(users))
