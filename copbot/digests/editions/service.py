"""What becomes of an edition: approved, edited, skipped, sent, written down, corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from copbot.communities import service as communities
from copbot.communities.news import service as news
from copbot.delivery import service as delivery
from copbot.digests import rules as slots
from copbot.digests.editions import extras, placing, rules, tables
from copbot.digests.editions.composing import (
    AHEAD,
    EDITION,
    SKIP_NOTE,
    day_subject,
    say_in_channels,
    tell_leads,
)
from copbot.digests.editions.placing import approval, digest_value
from copbot.digests.editions.rules import Digest, Edition, EditionItem
from copbot.digests.editions.tables import APPROVED, SENT, SKIPPED, DigestRow, EditionItemRow, EditionRow
from copbot.errors import Conflict, InvalidInput
from copbot.program.profile import Profile
from copbot.program.settings.service import choice, choose
from copbot.resources.library import service as library
from copbot.resources.library.rules import PUBLISHED
from copbot.slack.person import Person
from copbot.store import Session, hold, need_row

MOST_PAST = 10


def edition(session: Session, uid: str, profile: Profile, now: datetime) -> Edition:
    """Raises `NotFound`."""
    return _edition(session, _row(session, uid), profile, now)


def newest(
    session: Session, digest: Digest, profile: Profile, now: datetime, most: int = 5
) -> tuple[Edition, ...]:
    """A digest's last editions, the newest first."""
    rows = tables.newest_editions(session, digest.id, most)
    return tuple(_edition(session, row, profile, now) for row in rows)


def is_out(session: Session, uid: str, channel: str) -> bool:
    """Whether it stands in this channel already, so that it is only kept true."""
    return delivery.posted(session, EDITION, f"edition:{uid}:{channel}") is not None


def _posted(session: Session, row: EditionRow) -> list[str]:
    return [channel for channel in row.channels if is_out(session, row.uid, channel)]


def past(session: Session, profile: Profile, now: datetime, *, person: Person) -> tuple[Edition, ...]:
    """The last editions that were sent and that this person may read, the newest first."""
    seen = [each for each in placing.all_digests(session, profile, now) if _may_read(session, each, person)]
    rows = tables.sent_editions(session, [each.id for each in seen], MOST_PAST)
    return tuple(_edition(session, row, profile, now) for row in rows)


def may_read(session: Session, found: Edition, person: Person) -> bool:
    """Sent, and not of a private community that they are not in."""
    return found.state == SENT and _may_read(session, found.digest, person)


def _may_read(session: Session, digest: Digest, person: Person) -> bool:
    row = tables.community(session, digest.owner)
    return row is None or not row.private or communities.one(session, row.id, person.user).mine


def approve(session: Session, uid: str, *, person: Person, now: datetime) -> None:
    """A lead has seen it: it goes out at its slot."""
    row = _open(session, uid, person, now, frozen_too=False)
    row.state, row.by = APPROVED, person.user
    _changed(session, row, now, "approved")


def skip(session: Session, uid: str, why: str, *, person: Person, now: datetime) -> None:
    """This edition is not sent; the next one comes at its usual time."""
    why = " ".join(why.split())
    if not why:
        raise InvalidInput.at("why", "Say why it is skipped.")
    row = _open(session, uid, person, now)
    row.state, row.why, row.by = SKIPPED, why[:200], person.user
    _changed(session, row, now, "skipped")


def send_now(session: Session, uid: str, *, person: Person, now: datetime) -> None:
    """It goes out at once, instead of at its slot."""
    row = _open(session, uid, person, now)
    for channel in row.channels:
        delivery.unsay(session, f"edition:{row.uid}:{channel}")
    row.state, row.by, row.due_at = APPROVED, person.user, now
    say_in_channels(session, row, now, again=":now")
    _changed(session, row, now, "sent now")


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
    row = _open(session, uid, person, now)
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
    for at, each in enumerate(resources, len(rows) + 1):
        where = {"edition_id": row.id, "place": at, "section": rules.section_of(each.kind)}
        session.add(EditionItemRow(**where, resource_id=each.id, why="Chosen by staff."))
    row.note, row.by = note.strip(), person.user
    _changed(session, row, now, "edited")


def settle(session: Session, *, profile: Profile, now: datetime) -> dict[str, int]:
    """Write down what became of editions whose time has come; leads are told of those that were not sent."""
    counts, stopped = {"sent": 0, "skipped": 0}, placing.is_stopped(session)
    for each in tables.to_settle(session, now):
        row = hold(session, EditionRow, each.id)
        posted = _posted(session, row)
        late = slots.timing(row.due_at, now) == "late"
        over = late or (now > row.due_at + timedelta(hours=1) and not stopped)
        if posted and (over or len(posted) == len(row.channels)):
            _settle_sent(session, row, posted, now)
            counts["sent"] += 1
        elif rules.is_held(row.state, approval(session)) or late:
            late_why = rules.STOPPED if stopped else rules.TOO_LATE
            row.state, row.why = SKIPPED, late_why if late else rules.NOT_APPROVED
            digest = digest_value(session, session.get_one(DigestRow, row.digest_id), profile, now)
            _changed(session, row, now)
            session.flush()
            tell_leads(session, SKIP_NOTE, digest, row.slot_at, now)
            counts["skipped"] += 1
    return counts


def _settle_sent(session: Session, row: EditionRow, posted: Sequence[str], now: datetime) -> None:
    row.state = SENT
    rows = [
        {
            "channel": channel,
            "resource_id": each.id,
            "edition_id": row.id,
            "words": rules.words_of(library.value_of(each)),
            "at": now,
        }
        for item, each in tables.items(session, row.id)
        for channel in posted
        if not item.dropped
    ]
    tables.note_shown(session, rows)
    delivery.refresh(session, f"edition:{row.uid}", now=now)
    delivery.refresh(session, day_subject(AHEAD, row.slot_at), now=now)


def to_correct(session: Session, mark: str, now: datetime) -> tuple[set[int], frozenset[str]]:
    """Resources that changed and news that was withdrawn since the choice `mark` was last moved on."""
    since = datetime.fromisoformat(str(choice(session, mark, now.isoformat())))
    return set(tables.changed(session, since)), news.withdrawn(session, since)


def corrected(session: Session, mark: str, found: tuple[set[int], frozenset[str]], *, now: datetime) -> None:
    """Move the mark on. Where nothing was found it stays, and nothing is written."""
    if any(found) or not choice(session, mark, ""):
        choose(session, mark, now.isoformat(), by="digests", now=now)


def correct(session: Session, mark: str, *, now: datetime) -> int:
    """Draw editions anew that hold what changed or was withdrawn: a correction reaches what was posted."""
    changed, gone = found = to_correct(session, mark, now)
    drawn = tables.editions_with(session, changed)
    if gone:
        beside = tables.beside(session, now - news.SHOWN_FOR)
        drawn |= {ident for ident, kept in beside if extras.holds(kept, gone)}
    corrected(session, mark, found, now=now)
    for ident in sorted(drawn):
        _redraw(session, session.get_one(EditionRow, ident), now)
    return len(drawn)


def _row(session: Session, uid: str) -> EditionRow:
    return need_row(session, EditionRow, "This edition is no longer there.", uid=uid)


def _open(
    session: Session, uid: str, person: Person, now: datetime, *, frozen_too: bool = True
) -> EditionRow:
    """An edition that can still be changed, by this person. Raises `Conflict`, `NotAllowed`."""
    row = hold(session, EditionRow, _row(session, uid).id)
    placing.need_care(session, session.get_one(DigestRow, row.digest_id).owner, person)
    if row.state == SENT or (row.state == APPROVED and now >= row.due_at):
        raise Conflict("This edition has been sent.")
    if row.state == SKIPPED:
        raise Conflict("This edition was skipped.")
    if not frozen_too and row.state == APPROVED:
        raise Conflict("Somebody has approved this edition already.")
    return row


def _changed(session: Session, row: EditionRow, now: datetime, why: str = "") -> None:
    row.version += 1
    session.flush()
    _redraw(session, row, now)
    if why:
        placing.note(session, row.by, now, f"edition:{row.uid}", why)


def _redraw(session: Session, row: EditionRow, now: datetime) -> None:
    delivery.refresh(session, f"edition:{row.uid}", now=now)
    delivery.refresh(session, day_subject(AHEAD, row.slot_at), now=now)
    for channel in row.channels:
        delivery.refresh(session, f"edition:{row.uid}:{channel}", now=now)


def _edition(session: Session, row: EditionRow, profile: Profile, now: datetime) -> Edition:
    digest = digest_value(session, session.get_one(DigestRow, row.digest_id), profile, now)
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
        extras=extras.loaded(session, row.extras), posted=len(_posted(session, row)) if row.due_at <= now else 0,
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
        or row.words != rules.words_of(item.resource)
    )
    return replace(found, items=items)
