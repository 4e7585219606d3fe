"""What becomes of a message that a requester writes to the app: which request it belongs to, and what staff see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from copbot.assistance import rules as states
from copbot.assistance.clocks.rules import is_soon_after
from copbot.assistance.tables import EventRow, RequestRow, last_event
from copbot.assistance.workflow import service as workflow
from copbot.assistance.workflow.participants import is_colleague
from copbot.assistance.workflow.transitions import Press, apply_transition
from copbot.conversations import rules, tables
from copbot.conversations.copies import redraw, redraw_replies, say_copies
from copbot.conversations.rules import DELETED, HELD, OPEN, POINTER, REQUESTER, Written, subject
from copbot.conversations.tables import Entry
from copbot.delivery import service as delivery
from copbot.errors import NotFound
from copbot.jobs import service as jobs
from copbot.people import service as people
from copbot.program.profile import Profile
from copbot.screening.rules import found_in
from copbot.slack.person import Person
from copbot.slack.text import cut
from copbot.store import Session, find_row, hold, insert_once, new_uid

HELD_BACK, FILES, WHICH = "conversation.held", "conversation.files", "conversation.which"
"""Kinds of messages to an author: about their text, their files, and which request they mean."""
MOST_CHOICES = 10
TAKE = "conversations.take"
"""The job that reads a message again from Slack, after its author has pressed something about it."""


@dataclass(frozen=True)
class Belongs:
    """The request a message belongs to; else those its author must choose from, or the one to reopen with it.

    `staffs`: it stands under a message of ours to staff, of this kind.
    """

    request: int | None = None
    choices: tuple[int, ...] = ()
    reopens: int | None = None
    staffs: str = ""


@dataclass(frozen=True)
class TakenIn:
    """What came of a message. `request`: the one it went to. `asked`: its author is asked which one it is for."""

    request: int | None = None
    state: str = ""
    asked: bool = False
    staffs: str = ""
    is_first: bool = False


@dataclass(frozen=True)
class Chosen:
    """What the author said of a message: which request it is for, that its text, that its files are fine."""

    request: int | None = None
    text_is_fine: bool = False
    files_are_fine: bool = False


NOTHING_CHOSEN = Chosen()


def which(author: int, message: Written, reopens: int | None = None) -> str:
    """What the question is about which of somebody's requests their message is for, or whether to reopen this one."""
    return f"which:{author}:{message.channel}:{message.ts}{'' if reopens is None else f':{reopens}'}"


def belongs(session: Session, message: Written, author: Person, now: datetime) -> Belongs:
    """By the thread it stands in, else by what its author has open, else what ended last."""
    ident, kind = _of_thread(session, message)
    row = session.get(RequestRow, ident) if ident is not None else None
    row = row and _survivor(session, row, author)
    if row is not None and not _asked(session, row, author):
        if author.is_staff:
            return Belongs(staffs=kind)
        row = None  # they were on it once
    if row is None and (found := tables.open_ids(session, author.id)):
        return Belongs(found[0]) if len(found) == 1 else Belongs(choices=tuple(found))
    row = row or tables.last_ended(session, author.id)
    row = row and _survivor(session, row, author)
    if row is None or row.state != states.CLOSED:
        return Belongs(None if row is None else row.id)
    return Belongs(reopens=row.id if is_soon_after(row.closed_at, now) else None)


def _asked(session: Session, row: RequestRow, person: Person) -> bool:
    """Whether they are its requester, or a colleague who sees and hears the same."""
    return row.requester_id == person.id or is_colleague(session, row, person)


def _survivor(session: Session, row: RequestRow, author: Person) -> RequestRow:
    """What it was merged into, where that is the author's too: else somebody else would read what they write."""
    while row.merged_into is not None:
        into = session.get_one(RequestRow, row.merged_into)
        if not _asked(session, into, author):
            break
        row = into
    return row


def _of_thread(session: Session, message: Written) -> tuple[int | None, str]:
    """The request under whose message they write, and our message's kind; an earlier message of theirs has none."""
    if not message.thread:
        return None, ""
    if (ident := tables.request_at(session, message.channel, message.thread)) is not None:
        return ident, ""
    about = delivery.about(session, message.channel, message.thread)
    if about is None or not about.subject.ident.isdecimal():
        return None, ""
    number, of = about.subject.number, about.subject.kind
    event = session.get(EventRow, number) if of == "event" else None
    if event is not None or of == "request":
        return event.request_id if event else number, about.kind
    return tables.request_of_entry(session, number) if of == "said" else None, about.kind


def take(
    session: Session, message: Written, author: Person, *, profile: Profile, now: datetime, chosen: Chosen = NOTHING_CHOSEN
) -> TakenIn:  # fmt: skip
    """Bring our entry up to what Slack has now. In any order, and repeated, it ends with the same."""
    request_id = tables.request_at(session, message.channel, message.ts) or chosen.request
    if request_id is None:
        found = belongs(session, message, author, now)
        if found.request is None:
            return _ask_which(session, message, author, found, now)
        request_id = found.request
    request = hold(session, RequestRow, request_id)  # whoever else takes the same message waits here
    is_first = not tables.has_written(session, request.id, author.id)
    row = tables.at_place(session, message.channel, message.ts)
    if row is None:
        row = _add(session, request, message, author)
    elif not _is_news(row, message, chosen):
        return TakenIn(request.id, request.state)
    came = row.state
    _update(row, message, profile, chosen)
    session.flush()
    _tell(session, row, message, author, now)
    if row.state in (OPEN, POINTER) and came not in (OPEN, POINTER):
        waits = (
            request.state == states.WAITING_REQUESTER
        )  # while their answer is waited for, what they write is it
        asked = last_event(session, request.id, "ask") if waits else None
        if asked is not None and row.at > asked.at - rules.CLOCKS_DIFFER:
            apply_transition(session, Press("answer", request.id, author, now, profile))
    return TakenIn(request.id, request.state, is_first=is_first and row.state == OPEN)


def _ask_which(session: Session, message: Written, author: Person, found: Belongs, now: datetime) -> TakenIn:
    """Asked once for each message, and not for one that was deleted before it came."""
    if not found.choices and found.reopens is None:
        return TakenIn(staffs=found.staffs)
    plain, about = which(author.id, message), which(author.id, message, found.reopens)
    delivery.say(session, WHICH, about, to=author.user, key=f"{WHICH}:{plain}", now=now, urgent=True)
    for each in (plain, about) if message.is_deleted else ():
        delivery.unsay(session, each)
    return TakenIn(asked=True)


def _add(session: Session, request: RequestRow, message: Written, author: Person) -> Entry:
    """Whoever writes more in a minute than staff's thread should ring for has the rest added to an earlier copy."""
    minute = message.at.replace(second=0, microsecond=0)
    before = tables.written_between(session, author.id, minute, minute + timedelta(minutes=1))
    over = [each for each in before[rules.MOST_A_MINUTE :] if each.request_id == request.id]
    insert_once(
        session, Entry, uid=new_uid(), side=REQUESTER, request_id=request.id, person_id=author.id, state="",
        channel=message.channel, ts=message.ts, at=message.at,
        shown_in=next((each.id for each in over if each.shown_in is None), None),
    )  # fmt: skip
    row = tables.at_place(session, message.channel, message.ts)
    assert row is not None
    return row


def _is_news(row: Entry, message: Written, chosen: Chosen) -> bool:
    """An edit that is newer than what we have, a deletion, or a word of the author's.

    What is deleted stays so; what was removed can only be deleted: an edit of it may be older, and not heard before.
    """
    if row.state == DELETED:
        return False
    if row.text == workflow.REMOVED:
        return message.is_deleted
    is_edit = message.version > row.source_version
    return is_edit or message.is_deleted or chosen.text_is_fine or chosen.files_are_fine


def _update(row: Entry, message: Written, profile: Profile, chosen: Chosen) -> None:
    if message.is_deleted:
        row.state, row.text, row.files = DELETED, "", 0
        return
    row.files = message.files if chosen.files_are_fine else min(row.files, message.files)
    if row.state and message.version <= row.source_version and not chosen.text_is_fine:
        return
    found = {each.kind for each in found_in(message.text, profile)}
    row.state = rules.state_of(found, confirmed=chosen.text_is_fine or row.state == POINTER)
    row.text = cut(message.text, rules.LONGEST_KEPT) if row.state == OPEN else ""
    row.source_version = max(row.source_version, message.version)


def _tell(session: Session, row: Entry, message: Written, author: Person, now: datetime) -> None:
    """Staff's copies and what the author is asked stand as the entry is."""
    say_copies(session, row, now)
    kinds = [HELD_BACK] if row.state == HELD else []
    for kind in [*kinds, FILES] if message.files and not row.files else kinds:
        key = f"{kind}:{row.id}"
        delivery.say(session, kind, subject(row.id), to=author.user, key=key, now=now, urgent=True)
    redraw(session, row, now)
    if message.version or message.is_deleted:
        redraw_replies(session, row, now)
    for about in (which(author.id, message), which(author.id, message, row.request_id)):
        delivery.refresh(session, about, now=now)


# What the author presses


def choose(
    session: Session, uid: str, channel: str, ts: str, *, person: Person, profile: Profile, now: datetime
) -> None:
    """Their message is for this request, which is reopened when it is closed; the text is read again from Slack."""
    row = session.get_one(RequestRow, workflow.id_of(session, uid))
    if not _asked(session, row, person):
        raise NotFound("No such request found. Your requests are in Home.")
    row = hold(session, RequestRow, _survivor(session, row, person).id)
    if row.state == states.CLOSED:
        why = "They wrote again after it was closed."
        workflow.reopen(session, request_id=row.id, why=why, person=person, now=now, profile=profile)
    _read_again(session, {"channel": channel, "ts": ts, "request": row.id}, person, now)


def confirm(session: Session, uid: str, *, person: Person, now: datetime, what: str) -> None:
    """The author says that their `text` or `files` hold nothing about people they serve; Slack is read again."""
    row = _own(session, uid, person)
    _read_again(session, {"channel": row.channel, "ts": row.ts, what: True}, person, now)


def keep_files(session: Session, uid: str, *, person: Person) -> None:
    """The author does not want staff to hear of the files."""
    delivery.unsay(session, subject(_own(session, uid, person).id), kind=FILES)


def _own(session: Session, uid: str, person: Person) -> Entry:
    row = find_row(session, Entry, uid=uid)
    if row is None or row.person_id != person.id:
        raise NotFound("That message is not here anymore.")
    return row


def _read_again(session: Session, args: Mapping[str, object], person: Person, now: datetime) -> None:
    key = f"{TAKE}:{args['channel']}:{args['ts']}:{'-'.join(sorted(args))}:{now.isoformat()}"
    jobs.enqueue(session, TAKE, key=key, by=person.user, args={**args, "person": person.id}, now=now)


def author_of(session: Session, message: Written) -> Person | None:
    """Who wrote it, if they may use the app; if not, of a message that staff have and that is deleted now."""
    found = people.identify(session, message.user)
    if found is None or found.refused is None:
        return found
    taken_back = message.is_deleted and tables.request_at(session, message.channel, message.ts) is not None
    return found if taken_back else None
