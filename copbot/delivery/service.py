"""What rooms may do with messages: say, change, take back, and see what did not arrive."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from copbot.delivery import tables
from copbot.delivery.bulk import tables as bulk
from copbot.delivery.rules import MessageState
from copbot.delivery.sending import tables as sending
from copbot.delivery.silences import tables as silences
from copbot.delivery.subject import Subject
from copbot.delivery.tables import BULK, MESSAGES, URGENT, MessageRow
from copbot.delivery.withdrawing import tables as withdrawing
from copbot.errors import Conflict
from copbot.store import Page, Session, channel_ids, hold, journal, note

PAGE = 10


@dataclass(frozen=True)
class Posted:
    """Where a message stands now. `thread_ts` is what a reply to it must name."""

    channel: str
    ts: str
    thread_ts: str


@dataclass(frozen=True)
class About:
    """What a message in Slack is about."""

    kind: str
    subject: Subject


@dataclass(frozen=True)
class Progress:
    """Of how many messages how many stand as they should, and the machine seconds that changing the rest takes."""

    done: int = 0
    of: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class DeadLetter:
    """A message Slack will not take, with Slack's own code for why."""

    id: int
    kind: str
    subject: Subject
    to: str
    code: str
    at: datetime


def say(
    session: Session,
    kind: str,
    subject: str,
    *,
    to: str,
    key: str,
    now: datetime,
    due_at: datetime | None = None,
    thread_of: int | None = None,
    urgent: bool = False,
    unasked: bool = False,
) -> int:
    """Ask for one message; saying it twice under one key is saying it once. Returns the row's id.

    `to` is a channel or a user id. `thread_of` is the row whose thread it goes into. `urgent`
    overtakes what is not; `unasked` obeys the person's quota, and falls away when it does not fit.
    """
    more = {"thread_of": thread_of, "unasked": unasked, "due_at": due_at or now}
    row = _row(session, (kind, to, key), subject, now, URGENT if urgent else BULK)
    return tables.insert_message(session, row | more)


def say_all(
    session: Session,
    said: Sequence[tuple[str, str, str, str]],
    *,
    now: datetime,
    due_at: datetime | None = None,
) -> None:
    """Ask for several urgent messages at once: kind, subject, whom to and key of each."""
    due = {"due_at": due_at or now}
    rows = [_row(session, (kind, to, key), subject, now, URGENT) | due for kind, subject, to, key in said]
    tables.insert_messages(session, rows)


def say_many(
    session: Session, kind: str, said: Sequence[tuple[str, str, datetime]], *, now: datetime
) -> None:
    """One message to each of many, (subject, to, due at), none urgent, once for each subject, in one statement."""
    rows = [
        _row(session, (kind, to, f"{kind}:{subject}"), subject, now, BULK) | {"due_at": due_at}
        for subject, to, due_at in said
    ]
    tables.insert_messages(session, rows)


def _row(
    session: Session, said: tuple[str, str, str], subject: str, now: datetime, rank: int
) -> dict[str, Any]:
    kind, to, key = said
    journal.about(session, subject)
    journal.about(session, f"user:{to}")
    row = {"key": key, "kind": kind, "subject": subject, "destination": to}
    return {**row, "rank": rank, "said_at": now, "due_at": now}


def refresh(
    session: Session,
    subject: str,
    *,
    kind: str | None = None,
    now: datetime,
    at: datetime | None = None,
    unhurried: bool = False,
) -> int:
    """The subject has changed: its messages are drawn again; with `at`, once, when that moment comes.

    Returns how many rows. Several changes before a send are one. A message that had nothing to
    show gets another chance, except one that fell to the quota. `unhurried`: from now on these messages
    keep to the pace of what is not urgent.
    """
    journal.about(session, subject)
    which = tables.about(subject, kind)
    if unhurried:
        bulk.make_bulk(session, which)
    return (
        tables.new_version(session, which, now)
        if at is None or at <= now
        else tables.later(session, which, at)
    )


def unsay(session: Session, subject: str, *, kind: str | None = None) -> int:
    """Take messages back: what stands is deleted, what waits is never sent."""
    journal.about(session, subject)
    return tables.retract(session, tables.about(subject, kind))


subjects_holding = tables.subjects_holding


def unsay_but(session: Session, subjects: Sequence[str], *, at: Collection[str], kind: str = "") -> int:
    """Take back everything about these subjects, threads included, or of one kind, that does not go to a place in `at`."""
    for each in subjects:
        journal.about(session, each)
    return tables.retract(session, withdrawing.about_any(subjects, kind, but_at=at))


def unsay_to(session: Session, subjects: Sequence[str], to: str, *, kinds: Collection[str]) -> int:
    """Take back what of these kinds about these subjects goes to one place."""
    for each in subjects:
        journal.about(session, each)
    return tables.retract(session, withdrawing.to_one(subjects, kinds, to))


def destinations(session: Session, kind: str, subject: str) -> frozenset[str]:
    """Where messages of this kind about the subject stand or are to go."""
    return frozenset(withdrawing.destinations_of(session, subject, kind))


def roots(session: Session, kind: str, subject: str) -> dict[str, int]:
    """Where messages of this kind about the subject stand or are to go, each with the row a thread under it hangs on."""
    return withdrawing.roots_of(session, subject, kind)


def rethread(session: Session, root: int, *, now: datetime) -> int:
    """Replies left behind in an older thread of this message are deleted there and posted under it; how many."""
    left = withdrawing.strays(session, root)
    for row in left:
        key = f"{row.key.partition('@')[0]}@{row.thread_ts}"
        more = {"thread_of": root, "unasked": row.unasked, "due_at": now}
        said = _row(session, (row.kind, row.destination, key), row.subject, now, row.rank)
        tables.retract(session, tables.only(row.id))
        tables.insert_message(session, said | more)
    return len(left)


def posted(session: Session, kind: str, subject: str) -> Posted | None:
    """Where the subject's newest message of this kind stands; None: not (yet, or any more)."""
    row = tables.standing(session, subject, kind)
    return None if row is None else _posted(row)


def all_posted(session: Session, kind: str, subject: str) -> tuple[Posted, ...]:
    """Where each of the subject's messages of this kind stands, by the order in which they were said."""
    return tuple(map(_posted, withdrawing.standing(session, subject, kind)))


def _posted(row: MessageRow) -> Posted:
    return Posted(str(row.channel), str(row.ts), row.thread_ts or str(row.ts))


def places(session: Session, kind: str, subject: str) -> tuple[str, ...]:
    """The channels and people with whom messages of this kind about the subject stand, in the order they were said."""
    return tuple(bulk.destinations(session, tables.about(subject, kind)))


def progress(session: Session, kind: str, subject: str) -> Progress:
    return Progress(*bulk.progress(session, tables.about(subject, kind)))


def about(session: Session, channel: str, ts: str) -> About | None:
    """What our message at this place is about; None: it is not one of ours."""
    row = tables.at_place(session, channel, ts)
    return About(row.kind, Subject(row.subject)) if row else None


def _letter(row: MessageRow) -> DeadLetter:
    at = row.settled_at or row.due_at
    return DeadLetter(row.id, row.kind, Subject(row.subject), row.destination, row.reason, at)


def dead_letters(session: Session, after: int | None = None) -> Page[DeadLetter]:
    """What could not be delivered, oldest first, ten at a time."""
    rows = tables.dead_rows(session, after or 0, PAGE + 1)
    shown = tuple(map(_letter, rows[:PAGE]))
    return Page(shown, shown[-1].id if len(rows) > PAGE else None)


def count_dead(session: Session) -> int:
    """How many messages could not be delivered and wait for somebody to try again."""
    return tables.count_dead(session)


def dead_letters_about(
    session: Session, subjects: Collection[str], *, kind: str | None = None
) -> tuple[DeadLetter, ...]:
    """What could not be delivered about these subjects, of one kind of message or of any, oldest first; all of it."""
    return tuple(_letter(row) for row in tables.dead_about(session, subjects, kind))


def undeliverable(session: Session, kind: str) -> tuple[DeadLetter, ...]:
    """Dead letters of a kind whose readers are gone, 200 at a time; what failed for another reason stays one."""
    return tuple(map(_letter, bulk.unreached(session, kind)))


def again(session: Session, kinds: Collection[str], reason: str, *, now: datetime) -> int:
    """Messages that had nothing to show for this reason get another chance. Returns how many."""
    return bulk.wake_silent(session, kinds, reason, now)


def sent_of(
    session: Session, kind: str, *, since: datetime, until: datetime, reason: str = ""
) -> tuple[int, int]:
    """Of the messages of a kind due in this stretch: how many stand in Slack, and how many are to.

    One that had nothing to show is not to stand there, unless it was for this reason.
    """
    return bulk.sent_of(session, kind, since, until, reason)


def silent(session: Session, kind: str, reason: str) -> tuple[str, ...]:
    """What messages of a kind are about that had nothing to show for this reason, 200 at a time."""
    return tuple(bulk.silent(session, kind, reason))


def silence(session: Session, user: str) -> None:
    """Nothing unasked reaches this person from now on."""
    silences.silence(session, user)


def unsilence(session: Session, user: str) -> None:
    silences.unsilence(session, user)


def is_silenced(session: Session, user: str) -> bool:
    return silences.is_silenced(session, user)


def retry_dead(session: Session, ident: int, *, now: datetime) -> None:
    """Try a dead letter again. What may have arrived after all is looked up first."""
    if hold(session, MessageRow, ident).state != MessageState.DEAD:
        raise Conflict("That message is already being sent again.")
    tables.wake(session, tables.only(ident), now)


def retry_quota(session: Session, kind: str, *, now: datetime) -> int:
    """What of this kind fell to somebody's quota and is still wanted is tried again. Returns how many."""
    return tables.wake(session, tables.over_quota(kind), now)


def channel_back(session: Session, channel: str, *, now: datetime) -> int:
    """The app can post in this channel (again): what was refused there meanwhile is tried again. Returns how many."""
    return tables.wake(session, tables.unreached(channel), now)


def vanished(session: Session, channel: str, ts: str, now: datetime) -> bool:
    """Somebody deleted our message, or it is out of sight: post it anew. False: it was not ours.

    Deletions of our own come by here as well; the row then no longer wants to be seen.
    """
    row = tables.at_place(session, channel, ts, lock=True)
    if row is None:
        return False
    note(session, MESSAGES)
    row.lost(now)
    return True


def conversation_with(session: Session, user: str) -> str | None:
    """The direct message with this person, once a message of ours stood there."""
    return sending.known_channel(session, user)


def standing_replies(session: Session, channel: str, ts: str, before: datetime) -> frozenset[str]:
    """The ts of our replies that stand in this thread since before this moment."""
    return frozenset(withdrawing.replies(session, channel, ts, before))


def channel_moved(session: Session, old: str, new: str) -> None:
    """Slack gave a channel another id: what is due there goes to the new one, and what stands there is followed."""
    tables.add_destination(session, new)
    channel_ids.rename(session, old, new)


def restored(session: Session, *, now: datetime) -> int:
    """After a restore from a copy: whatever is not marked as sent is looked up before it is posted."""
    return tables.mark_unverified(session, now)


def oldest_due(session: Session, *, now: datetime) -> datetime | None:
    """Since when the message that has waited longest is due; None: nothing waits."""
    return tables.oldest_due(session, now)
