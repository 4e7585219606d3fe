"""What can be done with digests to channels: where they go and when, what stands in an edition, and its fate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from copbot.communities import service as communities
from copbot.delivery import service as delivery
from copbot.digests import rules as slots
from copbot.digests.editions import rules, tables
from copbot.digests.editions.rules import Candidate
from copbot.digests.editions.tables import APPROVED, PROGRAM, SENT, SKIPPED, WAITING, DigestRow, EditionRow
from copbot.digests.editions.values import Digest, Edition, EditionItem
from copbot.digests.rules import Rhythm, Schedule, Slot
from copbot.errors import Conflict, InvalidInput, NotFound
from copbot.people import service as people
from copbot.program.choices import choice, choose
from copbot.program.profile import Profile
from copbot.resources.library import service as library
from copbot.resources.library.rules import PUBLISHED
from copbot.resources.library.tables import ResourceRow
from copbot.resources.library.values import Resource
from copbot.slack.person import Person
from copbot.store import Session, hold, journal

EDITION, REST = "digests.edition", "digests.rest"
AHEAD, SKIP_NOTE, NOWHERE = "digests.ahead", "digests.skipped", "digests.nowhere"
APPROVAL = "digest_approval"
MOST_CANDIDATES = 200


# -- where and when


def program_digest(session: Session, profile: Profile, now: datetime) -> Digest:
    """The program's digest, which is there from the first time somebody asks about it."""
    tables.make_digest(session, PROGRAM, now)
    return _digest(session, _row(session, PROGRAM), profile, now)


def find(session: Session, owner: str, profile: Profile, now: datetime) -> Digest | None:
    """A digest by its owner, without making it."""
    row = tables.digest_of(session, owner)
    return None if row is None else _digest(session, row, profile, now)


def send_here(session: Session, channel: str, *, person: Person, profile: Profile, now: datetime) -> Digest:
    """The program's digest goes to this channel from now on; it starts with the next slot."""
    _need_channel(channel)
    program_digest(session, profile, now)
    row = _held(session, PROGRAM)
    if not tables.channels_of(session, row.id):
        row.since, row.active = now, True
    tables.add_channel(session, row.id, channel, person.user, now)
    _note(session, person.user, now, f"channel:{channel}", "gets the digest")
    return _digest(session, row, profile, now)


def not_here(session: Session, channel: str, *, person: Person, profile: Profile, now: datetime) -> Digest:
    """The program's digest no longer goes to this channel. Raises `Conflict` when it did not."""
    row = _held(session, PROGRAM) if tables.digest_of(session, PROGRAM) else None
    if row is None or not tables.remove_channel(session, row.id, channel):
        raise Conflict("This channel doesn’t get the digest.")
    _note(session, person.user, now, f"channel:{channel}", "no longer gets the digest")
    return _digest(session, row, profile, now)


def reschedule(
    session: Session,
    owner: str,
    *,
    rhythm: str,
    weekday: int,
    at: str,
    active: bool,
    person: Person,
    profile: Profile,
    now: datetime,
) -> Digest:
    """Change a digest's day, hour or rhythm, or switch it off or on. An edition that is composed keeps its time."""
    if rhythm not in ("weekly", "monthly") or not 0 <= weekday <= 6:
        raise InvalidInput("Choose a day and how often it is sent.")
    try:
        wall = time.fromisoformat(at)
    except ValueError:
        raise InvalidInput("Choose a time of day.", {"at": "Choose a time of day."}) from None
    row = _held(session, owner)
    if active and not row.active:
        row.since = now
    row.rhythm, row.weekday, row.at, row.active, row.changed_by = (
        rhythm,
        weekday,
        f"{wall:%H:%M}",
        active,
        person.user,
    )
    _note(
        session,
        person.user,
        now,
        f"digest:{row.id}",
        f"{rhythm} {weekday} {row.at} {'on' if active else 'off'}",
    )
    return _digest(session, row, profile, now)


def follow_communities(session: Session, *, now: datetime) -> int:
    """Give each community that wants a digest its own, and switch off those of communities that do not; how many."""
    changed = 0
    for wanted in (True, False):
        for community in tables.communities(session, wanted):
            owner = f"community:{community.id}"
            row = tables.digest_of(session, owner)
            if row is None and wanted:
                tables.make_digest(session, owner, now)
                changed += 1
            elif row is not None and row.active and not wanted:
                row.active = False
                changed += 1
    return changed


def approval(session: Session) -> str:
    """Whether leads approve editions first: off, send (without an answer it goes out) or hold."""
    said = str(choice(session, APPROVAL, "off"))
    return said if said in rules.APPROVALS else "off"


def choose_approval(session: Session, value: str, *, person: Person, now: datetime) -> None:
    if value not in rules.APPROVALS:
        raise InvalidInput("Choose one of the three.")
    choose(session, APPROVAL, value, by=person.user, now=now)


def active_ids(session: Session) -> tuple[int, ...]:
    """The digests that are switched on."""
    return tuple(row.id for row in tables.active(session))


def all_digests(session: Session, profile: Profile, now: datetime) -> tuple[Digest, ...]:
    """Every digest that goes, or went, somewhere; the program's first."""
    return tuple(_digest(session, row, profile, now) for row in tables.all_digests(session))


def tell_nowhere(session: Session, *, profile: Profile, now: datetime) -> bool:
    """Once, when there is something to send and no channel was named, leads are told how to name one."""
    if any(digest.channels for digest in all_digests(session, profile, now)) or not library.has_any(session):
        return False
    for lead in people.leads(session):
        delivery.say(
            session, NOWHERE, "digests", to=lead.user, key=f"{NOWHERE}:{lead.user}", now=now, unasked=True
        )
    return True


# -- composing


def compose_due(session: Session, digest_id: int, *, profile: Profile, now: datetime) -> tuple[str, ...]:
    """Compose what is due of one digest and name what was missed; the uids of new editions."""
    row = hold(session, DigestRow, digest_id)
    digest = _digest(session, row, profile, now)
    done = tables.periods(session, row.id)
    made = []
    missed = slots.missed(digest.schedule, now, row.since, done) if digest.channels else ()
    for slot in missed:
        uid = _insert(session, digest, slot, (), now, state=SKIPPED, why=rules.TOO_LATE)
        made += [uid] if uid else []
    if missed and made:
        _tell_leads(session, SKIP_NOTE, made[-1], digest, now)
    slot_now = slots.to_compose(digest.schedule, now, row.since, done)
    if slot_now is not None and digest.channels:
        uid = _compose(session, digest, slot_now, profile, now)
        made += [uid] if uid else []
    return tuple(made)


def composed(
    session: Session, digest: Digest, slot: Slot, profile: Profile, now: datetime
) -> rules.Composition:
    """What an edition for this slot would hold, from what is in the library now."""
    row = hold(session, DigestRow, digest.id) if digest.id else None
    last = tables.last_with_items(session, digest.id) if row is not None else None
    since = max(last or (row.since if row else now) - rules.LOOKS_BACK, now - rules.FURTHEST_BACK)
    fresh = tables.candidates(session, since, now, MOST_CANDIDATES)
    ahead = rules.EVENTS_AHEAD[digest.schedule.rhythm]
    events = tables.events(session, max(slot.at, now), slot.at + ahead, MOST_CANDIDATES)
    found = [_candidate(each) for each in (*fresh, *events)]
    had = tables.shown(session, digest.channels, [each.id for each in found])
    return rules.compose(
        found,
        channels=digest.channels,
        shown={key: row.words for key, row in had.items()},
        topics={topic.id: topic.label for _, group in profile.topics_in_groups() for topic in group},
        only=_topics_of(session, digest),
        today=slot.at.astimezone(ZoneInfo(digest.schedule.zone)).date(),
    )


def _compose(session: Session, digest: Digest, slot: Slot, profile: Profile, now: datetime) -> str:
    found = composed(session, digest, slot, profile, now)
    if not found.items:
        why = f"{rules.NOTHING_NEW} in the library since the last digest"
        if found.held_back:
            why = f"{rules.NOTHING_NEW}: {len(found.held_back)} past the day by which to look at it again"
        uid = _insert(session, digest, slot, (), now, state=SKIPPED, why=why, held=found.held_back)
        if uid:
            _tell_leads(session, SKIP_NOTE, uid, digest, now)
        return uid
    state = WAITING if approval(session) != "off" else APPROVED
    uid = _insert(session, digest, slot, found.items, now, state=state, held=found.held_back)
    if uid:
        row = _edition_row(session, uid)
        _say(session, row, now)
        _tell_leads(session, AHEAD, uid, digest, now)
    return uid


def _insert(
    session: Session,
    digest: Digest,
    slot: Slot,
    items: Sequence[rules.Item],
    now: datetime,
    *,
    state: str,
    why: str = "",
    held: Sequence[tuple[str, str]] = (),
) -> str:
    """A new edition with its items; its uid, empty when its period has one already."""
    ident = tables.make_edition(
        session,
        {
            "digest_id": digest.id,
            "period": slot.period,
            "slot_at": slot.at,
            "due_at": max(slot.at, now),
            "state": state,
            "why": why[:200],
            "note": "",
            "questions": 0,
            "held_back": [list(each) for each in held[:50]],
            "channels": list(digest.channels),
            "by": "",
            "composed_at": now,
            "version": 1,
        },
    )
    if ident is None:
        return ""
    tables.add_items(
        session,
        [
            {
                "edition_id": ident,
                "resource_id": item.id,
                "place": at,
                "section": item.section,
                "why": item.why[:200],
                "dropped": "",
            }
            for at, item in enumerate(items)
        ],
    )
    row = session.get_one(EditionRow, ident)
    _note(session, "", now, f"edition:{row.uid}", state)
    return row.uid


def _say(session: Session, row: EditionRow, now: datetime, again: str = "") -> None:
    """One message for each channel, due at the edition's time, and one in its thread for what does not fit."""
    for channel in row.channels:
        subject, key = f"edition:{row.uid}:{channel}", f"{EDITION}:{row.id}:{channel}{again}"
        root = delivery.say(session, EDITION, subject, to=channel, key=key, now=now, due_at=row.due_at)
        delivery.say(
            session,
            REST,
            subject,
            to=channel,
            key=f"{REST}:{row.id}:{channel}{again}",
            now=now,
            due_at=row.due_at,
            thread_of=root,
        )


# -- an edition's fate


def edition(session: Session, uid: str, profile: Profile, now: datetime) -> Edition:
    """Raises `NotFound`."""
    return _edition(session, _edition_row(session, uid), profile, now)


def newest(
    session: Session, digest: Digest, profile: Profile, now: datetime, most: int = 5
) -> tuple[Edition, ...]:
    """A digest's last editions, the newest first."""
    rows = tables.newest_editions(session, digest.id, most)
    return tuple(_edition(session, row, profile, now) for row in rows)


def was_posted(session: Session, found: Edition) -> bool:
    """Whether it stands in one of its channels already."""
    return any(
        delivery.posted(session, EDITION, f"edition:{found.uid}:{channel}") for channel in found.channels
    )


def approve(session: Session, uid: str, *, person: Person, now: datetime) -> None:
    """A lead has seen it: it goes out at its slot."""
    row = _open(session, uid, now, frozen_too=False)
    row.state, row.by = APPROVED, person.user
    _changed(session, row, now)
    _note(session, person.user, now, f"edition:{uid}", "approved")


def skip(session: Session, uid: str, why: str, *, person: Person, now: datetime) -> None:
    """This edition is not sent; the next one comes at its usual time."""
    why = " ".join(why.split())
    if not why:
        raise InvalidInput("Say why it is skipped.", {"why": "Say why it is skipped."})
    row = _open(session, uid, now)
    row.state, row.why, row.by = SKIPPED, why[:200], person.user
    _changed(session, row, now)
    _note(session, person.user, now, f"edition:{uid}", "skipped")


def send_now(session: Session, uid: str, *, person: Person, now: datetime) -> None:
    """It goes out at once, instead of at its slot."""
    row = _open(session, uid, now)
    for channel in row.channels:
        delivery.unsay(session, f"edition:{row.uid}:{channel}")
    row.state, row.by, row.due_at = APPROVED, person.user, now
    _say(session, row, now, again=":now")
    _changed(session, row, now)
    _note(session, person.user, now, f"edition:{uid}", "sent now")


def edit(
    session: Session,
    uid: str,
    *,
    kept: Sequence[str],
    first: str,
    added: Sequence[str],
    note: str,
    seen: int,
    person: Person,
    now: datetime,
) -> None:
    """Drop items, put one first, add resources, write a note. `seen` is the version the lead read.

    Raises `Conflict` when somebody changed it meanwhile or it is frozen, `InvalidInput` for a note too long.
    """
    if len(note) > rules.LONGEST_NOTE:
        raise InvalidInput("The note is too long.", {"note": f"Up to {rules.LONGEST_NOTE:,} characters fit."})
    row = _open(session, uid, now)
    if row.version != seen:
        raise Conflict("Somebody else changed this edition while you were editing it. Open it again.")
    rows = tables.items(session, row.id)
    for item, resource in rows:
        item.dropped = "" if resource.uid in kept else person.user
    places = {resource.uid: item for item, resource in rows}
    if first in places:
        for item in places.values():
            item.place += 1
        places[first].place = 0
    new = [each for each in added if each not in places]
    resources = [found for each in new if (found := library.find(session, each)) and found.state == PUBLISHED]
    tables.add_items(
        session,
        [
            {
                "edition_id": row.id,
                "resource_id": each.id,
                "place": len(rows) + at,
                "section": _section_of(each),
                "why": "Chosen by staff.",
                "dropped": "",
            }
            for at, each in enumerate(resources, 1)
        ],
    )
    row.note, row.by = note.strip(), person.user
    _changed(session, row, now)
    _note(session, person.user, now, f"edition:{uid}", "edited")


def why(session: Session, resource_uid: str) -> str:
    """Why a resource stands in the newest edition that holds it; empty when none does."""
    return tables.newest_why(session, resource_uid)


def settle(session: Session, *, profile: Profile, now: datetime) -> dict[str, int]:
    """Write down what became of editions whose time has come; leads are told of those that were not sent."""
    counts = {"sent": 0, "skipped": 0}
    for each in tables.to_settle(session, now):
        row = hold(session, EditionRow, each.id)
        posted = [
            one for one in row.channels if delivery.posted(session, EDITION, f"edition:{row.uid}:{one}")
        ]
        late = slots.timing(row.due_at, now) == "late"
        if posted and (late or len(posted) == len(row.channels) or now > row.due_at + timedelta(hours=1)):
            _settle_sent(session, row, posted, now)
            counts["sent"] += 1
        elif rules.verdict(row.state, approval(session)) == "hold" or late:
            row.state, row.why = SKIPPED, rules.TOO_LATE if late else rules.NOT_APPROVED
            digest = _digest(session, session.get_one(DigestRow, row.digest_id), profile, now)
            _changed(session, row, now)
            _tell_leads(session, SKIP_NOTE, row.uid, digest, now)
            counts["skipped"] += 1
    return counts


def _settle_sent(session: Session, row: EditionRow, posted: Sequence[str], now: datetime) -> None:
    row.state = SENT
    items = [(item, resource) for item, resource in tables.items(session, row.id) if not item.dropped]
    rows = [
        {
            "channel": channel,
            "resource_id": resource.id,
            "edition_id": row.id,
            "words": _words(resource),
            "at": now,
        }
        for channel in posted
        for _, resource in items
    ]
    tables.note_shown(session, rows)
    delivery.refresh(session, f"edition:{row.uid}", now=now)


def correct(session: Session, since: datetime, *, now: datetime) -> int:
    """Draw editions anew that hold a resource which changed since then: a correction reaches what was posted."""
    drawn = set()
    for resource in tables.changed(session, since):
        for ident in tables.editions_with(session, resource):
            drawn.add(ident)
    for ident in sorted(drawn):
        row = session.get_one(EditionRow, ident)
        for channel in row.channels:
            delivery.refresh(session, f"edition:{row.uid}:{channel}", now=now)
        delivery.refresh(session, f"edition:{row.uid}", now=now)
    return len(drawn)


# -- within


def _row(session: Session, owner: str) -> DigestRow:
    row = tables.digest_of(session, owner)
    if row is None:
        raise NotFound("There is no such digest.")
    return row


def _held(session: Session, owner: str) -> DigestRow:
    return hold(session, DigestRow, _row(session, owner).id)


def _digest(session: Session, row: DigestRow, profile: Profile, now: datetime) -> Digest:
    schedule = Schedule(
        profile.time_zone, cast("Rhythm", row.rhythm), row.weekday, time.fromisoformat(row.at)
    )
    name, channels = "", tables.channels_of(session, row.id)
    if row.owner != PROGRAM:
        community = tables.community(session, int(row.owner.partition(":")[2]))
        name = community.name if community else ""
        channels = [community.channel] if community and community.channel and community.digest else []
    run = (
        slots.next_slot(schedule, now, tables.periods(session, row.id)).at
        if row.active and channels
        else None
    )
    waiting = [
        each for each in tables.newest_editions(session, row.id, 1) if each.state in (WAITING, APPROVED)
    ]
    states = [
        (each.state, each.why) for each in tables.newest_editions(session, row.id, rules.EMPTY_IN_A_ROW)
    ]
    return Digest(
        id=row.id,
        owner=row.owner,
        name=name,
        schedule=schedule,
        active=row.active,
        channels=tuple(channels),
        next_run=waiting[0].due_at if waiting and run else run,
        empty_in_a_row=rules.empty_in_a_row(states),
    )


def _topics_of(session: Session, digest: Digest) -> tuple[str, ...]:
    if digest.owner == PROGRAM:
        return ()
    community = tables.community(session, int(digest.owner.partition(":")[2]))
    return tuple(community.topics) if community else ()


def _edition_row(session: Session, uid: str) -> EditionRow:
    row = tables.edition_by_uid(session, uid)
    if row is None:
        raise NotFound("This edition is no longer there.")
    return row


def _open(session: Session, uid: str, now: datetime, *, frozen_too: bool = True) -> EditionRow:
    """An edition that can still be changed. Raises `Conflict`."""
    row = hold(session, EditionRow, _edition_row(session, uid).id)
    if row.state == SENT or (row.state == APPROVED and now >= row.due_at):
        raise Conflict("This edition has been sent.")
    if row.state == SKIPPED:
        raise Conflict("This edition was skipped.")
    if not frozen_too and row.state == APPROVED:
        raise Conflict("Somebody has approved this edition already.")
    return row


def _changed(session: Session, row: EditionRow, now: datetime) -> None:
    row.version += 1
    session.flush()
    delivery.refresh(session, f"edition:{row.uid}", now=now)
    for channel in row.channels:
        delivery.refresh(session, f"edition:{row.uid}:{channel}", now=now)


def _edition(session: Session, row: EditionRow, profile: Profile, now: datetime) -> Edition:
    digest = _digest(session, session.get_one(DigestRow, row.digest_id), profile, now)
    items = tuple(
        EditionItem(
            resource=library.value_of(resource),
            section=item.section,
            why=item.why,
            dropped=bool(item.dropped),
            gone=resource.state != PUBLISHED or resource.private,
        )
        for item, resource in tables.items(session, row.id)
    )
    return Edition(
        id=row.id, uid=row.uid, digest=digest, period=row.period, slot_at=row.slot_at, due_at=row.due_at,
        state=row.state, why=row.why, note=row.note, by=row.by, channels=tuple(row.channels),
        held_back=tuple((str(title), str(why)) for title, why in row.held_back), items=items, version=row.version,
    )  # fmt: skip


def for_channel(session: Session, found: Edition, channel: str) -> Edition:
    """The edition as one channel gets it: without what another edition brought it meanwhile."""
    ids = [item.resource.id for item in found.items]
    had = tables.shown(session, [channel], ids)
    items = tuple(
        item
        for item in found.items
        if (row := had.get((channel, item.resource.id))) is None
        or row.edition_id == found.id
        or row.words != words_of(item.resource)
    )
    return replace(found, items=items)


def words_of(resource: Resource) -> str:
    return rules.words_of(resource.title, resource.summary, resource.url, resource.starts_at)


def _words(row: ResourceRow) -> str:
    return rules.words_of(row.title, row.summary, row.url, row.starts_at)


def _candidate(row: ResourceRow) -> Candidate:
    return Candidate(
        id=row.id,
        title=row.title,
        kind=row.kind,
        topics=tuple(row.topics),
        review_by=row.review_by,
        starts_at=row.starts_at,
        changed_at=row.updated_at,
        words=_words(row),
    )


def _section_of(resource: Resource) -> str:
    return "events" if resource.kind == "event" else "answers" if resource.kind == "answer" else "new"


def _need_channel(channel: str) -> None:
    if not channel.startswith(("C", "G")):
        raise InvalidInput("Type this in the channel that should get the digest.")


def _tell_leads(session: Session, kind: str, uid: str, digest: Digest, now: datetime) -> None:
    """Those who look after a digest: the program's leads, or a community's."""
    users = [lead.user for lead in people.leads(session)]
    if digest.owner != PROGRAM:
        users = list(communities.carers(session, int(digest.owner.partition(":")[2]))) or users
    for user in dict.fromkeys(users):
        delivery.say(session, kind, f"edition:{uid}", to=user, key=f"{kind}:{uid}:{user}", now=now)


def _note(session: Session, by: str, now: datetime, subject: str, why: str) -> None:
    session.flush()
    journal.record(session, at=now, actor=by or "digests", entrance="digests", subject=subject, why=why)
