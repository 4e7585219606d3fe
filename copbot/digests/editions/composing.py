"""Editions put together a day ahead from what is in the library, or skipped with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from copbot.communities import service as communities
from copbot.delivery import service as delivery
from copbot.digests import rules as slots
from copbot.digests.editions import extras, rules, tables
from copbot.digests.editions.placing import approval, digest_value, note, topics_of
from copbot.digests.editions.rules import Candidate
from copbot.digests.editions.tables import APPROVED, PROGRAM, SKIPPED, WAITING, DigestRow, EditionRow
from copbot.digests.editions.values import Digest
from copbot.digests.rules import Slot
from copbot.people import service as people
from copbot.program.profile import Profile
from copbot.resources.library.tables import ResourceRow
from copbot.resources.library.values import Resource
from copbot.store import Session, hold

EDITION, REST = "digests.edition", "digests.rest"
AHEAD, SKIP_NOTE = "digests.ahead", "digests.skipped"
MOST_CANDIDATES = 200


def compose_due(session: Session, digest_id: int, *, profile: Profile, now: datetime) -> tuple[str, ...]:
    """Compose what is due of one digest and name what was missed; the uids of new editions."""
    row = hold(session, DigestRow, digest_id)
    digest = digest_value(session, row, profile, now)
    done = tables.periods(session, row.id)
    made = []
    missed = slots.missed(digest.schedule, now, row.since, done) if digest.channels else ()
    for slot in missed:
        uid = _insert(session, digest, slot, rules.Composition(()), now, state=SKIPPED, why=rules.TOO_LATE)
        made += [uid] if uid else []
    if missed and made:
        tell_leads(session, SKIP_NOTE, made[-1], digest, now)
    slot_now = slots.to_compose(digest.schedule, now, row.since, done)
    if slot_now is not None and digest.channels:
        uid = _compose(session, digest, slot_now, profile, now)
        made += [uid] if uid else []
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
    found = [candidate(each) for each in (*fresh, *events)]
    had = tables.shown(session, digest.channels, [each.id for each in found])
    composition = rules.compose(
        found,
        channels=digest.channels,
        shown={key: row.words for key, row in had.items()},
        topics={topic.id: topic.label for _, group in profile.topics_in_groups() for topic in group},
        only=topics_of(session, digest),
        today=slot.at.astimezone(ZoneInfo(digest.schedule.zone)).date(),
    )
    channels = None if digest.owner == PROGRAM else digest.channels
    return composition, extras.stored(extras.sources(session, since, until), since, channels)


def _compose(session: Session, digest: Digest, slot: Slot, profile: Profile, now: datetime) -> str:
    found, beside = composed(session, digest, slot, profile, now)
    if not found.items and not beside["news"]:
        why = f"{rules.NOTHING_NEW} in the library since the last digest"
        if found.held_back:
            why = f"{rules.NOTHING_NEW}: {len(found.held_back)} past the day by which to look at it again"
        uid = _insert(session, digest, slot, found, now, state=SKIPPED, why=why)
        if uid:
            tell_leads(session, SKIP_NOTE, uid, digest, now)
        return uid
    state = WAITING if approval(session) != "off" else APPROVED
    uid = _insert(session, digest, slot, found, now, state=state, beside=beside)
    if uid:
        say_in_channels(session, tables.edition_by_uid(session, uid), now)
        tell_leads(session, AHEAD, uid, digest, now)
    return uid


def _insert(
    session: Session,
    digest: Digest,
    slot: Slot,
    found: rules.Composition,
    now: datetime,
    *,
    state: str,
    why: str = "",
    beside: Mapping[str, Any] = MappingProxyType({}),
) -> str:
    """A new edition with its items; its uid, empty when its period has one already."""
    values = {
        "digest_id": digest.id, "period": slot.period, "slot_at": slot.at, "due_at": max(slot.at, now),
        "state": state, "why": why[:200], "channels": list(digest.channels), "composed_at": now - slots.SETTLING,
        "held_back": [list(each) for each in found.held_back[:50]], "extras": dict(beside),
        "questions": sum(count for _, count, _ in beside.get("questions", ())),
    }  # fmt: skip
    ident = tables.make_edition(session, values)
    if ident is None:
        return ""
    rows = [
        {
            "edition_id": ident,
            "resource_id": each.id,
            "place": at,
            "section": each.section,
            "why": each.why[:200],
        }
        for at, each in enumerate(found.items)
    ]
    tables.add_items(session, rows)
    row = session.get_one(EditionRow, ident)
    note(session, "", now, f"edition:{row.uid}", state)
    return row.uid


def say_in_channels(session: Session, row: EditionRow | None, now: datetime, again: str = "") -> None:
    """One message for each channel, due at the edition's time, and one in its thread for what does not fit."""
    if row is None:
        return
    for channel in row.channels:
        subject, key = f"edition:{row.uid}:{channel}", f"{EDITION}:{row.id}:{channel}{again}"
        root = delivery.say(session, EDITION, subject, to=channel, key=key, now=now, due_at=row.due_at)
        key = f"{REST}:{row.id}:{channel}{again}"
        delivery.say(session, REST, subject, to=channel, key=key, now=now, due_at=row.due_at, thread_of=root)


def tell_leads(session: Session, kind: str, uid: str, digest: Digest, now: datetime) -> None:
    """Those who look after a digest: the program's leads, or a community's."""
    owner = tables.community(session, digest.owner)
    users = communities.carers(session, owner.id) if owner else [lead.user for lead in people.leads(session)]
    for user in dict.fromkeys(users):
        delivery.say(session, kind, f"edition:{uid}", to=user, key=f"{kind}:{uid}:{user}", now=now)


def candidate(row: ResourceRow) -> Candidate:
    return Candidate(
        id=row.id,
        title=row.title,
        kind=row.kind,
        topics=tuple(row.topics),
        review_by=row.review_by,
        starts_at=row.starts_at,
        changed_at=row.updated_at,
        words=words_of(row),
    )


def words_of(one: ResourceRow | Resource) -> str:
    return rules.words_of(one.title, one.summary, one.url, one.starts_at)
