"""What can be done with a request once it is asked: the verbs of the state table, each for one press."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Unpack

from copbot.assistance import rules, tables
from copbot.assistance.clocks.rules import clocks_of, reopened
from copbot.assistance.rules import subject
from copbot.assistance.tables import RequestRow
from copbot.assistance.texts import LONGEST_WORDS, close_troubles, text_trouble, tidy, triage_troubles
from copbot.assistance.workflow import tables as queries
from copbot.assistance.workflow.participants import roles, settle
from copbot.assistance.workflow.transitions import (
    Moved,
    Press,
    Pressed,
    apply_transition,
    facts_of,
    hearers,
    lock_request,
    missing,
    move_by_clock,
    moved,
    redraw,
    redraw_all,
    redraw_told,
    resolve_stale_press,
    set_columns,
    take_back_telling,
    tell_owner,
    tell_requester,
    write_event,
)
from copbot.contacts.rules import LEVELS, UNIVERSAL
from copbot.delivery import service as delivery
from copbot.errors import InvalidInput, NotAllowed, NotFound, check_fields
from copbot.jobs import service as jobs
from copbot.people import service as people
from copbot.resources.library import service as library
from copbot.resources.library.rules import PUBLISHED
from copbot.slack.person import Person
from copbot.slack.text import visible
from copbot.store import Session, hold
from copbot.store import words as stored_words

if TYPE_CHECKING:
    from copbot.program.profile import Profile


REMOVED = "[Client details removed]"
FORGET = "assistance.forget"
"""The job after a removal: SQLite's log still holds the old words."""
CHANGED = "assistance.changed"
"""The job after the words of a request were removed or its readers became others: what higher rooms show follows."""


def id_of(session: Session, uid: str) -> int:
    """The request a button means: buttons carry its uid."""
    found = tables.id_of_uid(session, uid)
    if found is None:
        raise missing()
    return found


def take(session: Session, **press: Unpack[Pressed]) -> Moved:
    whose = {"owner_id": press["person"].id, "assigned_at": press["now"]}
    return apply_transition(session, Press("take", **press), columns=whose)


def triage(session: Session, *, level: str, topics: tuple[str, ...], **press: Unpack[Pressed]) -> Moved:
    """Reviewed: how much help it needs, and its topics as they really are."""
    check_fields(triage_troubles(level, topics, press["profile"]))
    chosen = tuple(dict.fromkeys(topics))

    def choose(row: RequestRow) -> None:
        row.level = level
        tables.set_topics(session, row.id, chosen)

    return apply_transition(session, Press("triage", **press), choose)


def give_back(session: Session, *, why: str = "", **press: Unpack[Pressed]) -> Moved:
    """Back to where anybody can take it."""
    why = _optional(why, "why")
    nobody = {"owner_id": None, "assigned_at": None}
    return apply_transition(session, Press("give_back", **press, why=why), columns=nobody)


def hand_over(session: Session, *, to: int, why: str = "", **press: Unpack[Pressed]) -> Moved:
    """To somebody else of the staff; a request nobody has yet is assigned to them."""
    why = _optional(why, "why")
    row = lock_request(session, press["request_id"], press["person"])
    whom = people.person_of(session, to)
    verb = "assign" if row.state in rules.UNOWNED else "hand_over"
    # A second press of the same form must still find its first, so the receiver is judged only before the move.
    is_first = press.get("version") in (None, row.version)
    if verb == "hand_over" and is_first and row.owner_id == whom.id:
        raise InvalidInput.at("to", f"{whom.name} already has {rules.label(row.id)}.")
    if not whom.is_staff:
        raise InvalidInput.at("to", f"{whom.name} is not on staff. Please choose somebody who is.")

    def pass_on(row: RequestRow) -> None:
        row.owner_id, row.assigned_at = whom.id, press["now"]
        # It had no owner when the wait began; with one it cannot fall back among those that have none.
        row.came_from = rules.ASSIGNED if row.came_from in rules.UNOWNED else row.came_from

    return apply_transition(session, Press(verb, **press, why=why, whom=whom), pass_on)


def ask_requester(session: Session, *, question: str, **press: Unpack[Pressed]) -> Moved:
    """A question to whoever asked; the clock stands still until they answer."""
    question = _needed(question, "question", "Please type the question.")
    return apply_transition(session, Press("ask", **press, why=question))


def first_reply(session: Session, **press: Unpack[Pressed]) -> Moved:
    """Whoever has it has answered in another way than here."""
    return apply_transition(session, Press("first_reply", **press))


def wait_partner(session: Session, *, why: str, **press: Unpack[Pressed]) -> Moved:
    """Somebody outside is waited for; the clocks stand still until they answer."""
    why = _needed(why, "why", "Please say who you are waiting for.")
    return apply_transition(session, Press("wait_partner", **press, why=why))


def partner_answered(session: Session, **press: Unpack[Pressed]) -> Moved:
    return apply_transition(session, Press("partner_answered", **press))


def answer(
    session: Session, *, request_id: int, person: Person, text: str, now: datetime, profile: Profile
) -> Moved:
    """The requester's answer. When nothing is asked any more it is kept as an addition: no words are lost."""
    text = _needed(text, "text", "Please type your answer.")
    row = lock_request(session, request_id, person)
    if row.state != rules.WAITING_REQUESTER:
        return add_words(session, request_id=request_id, person=person, text=text, now=now)
    done = apply_transition(session, Press("answer", request_id, person, now, profile, why=text))
    tell_owner(session, row, person, done.event_id, now)
    return replace(done, answered=True)


def has_answered(session: Session, request_id: int, text: str) -> bool:
    """Whether these words answered the last question, rather than being added."""
    last = tables.last_event(session, request_id, "answer")
    return last is not None and last.why == tidy(text)


def add_words(
    session: Session, *, request_id: int, person: Person, text: str, now: datetime, only: bool = True
) -> Moved:
    """The requester adds to what they asked. The version stays, so that nobody's press goes stale by it.

    `only`: the words are all that is added, so there must be some.
    """
    text = _needed(text, "text", "Please type what you want to add.") if only or visible(text) else ""
    row = lock_request(session, request_id, person)
    rules.check_addition(facts_of(row, None), roles(session, row, person))
    event_id = write_event(session, row, "add_words", person, now, why=text)
    redraw(session, row, now)
    tell_owner(session, row, person, event_id, now)
    return moved(row, event_id)


def done(
    session: Session, *, given: str, level: str = "", referral: str = "", **press: Unpack[Pressed]
) -> Moved:
    """Delivered, with what was given, how much help it needed, and a referral for whoever works outside the state."""
    given = _needed(given, "given", "Please say in a sentence what you gave them.")

    def deliver(row: RequestRow) -> None:
        row.delivered_at, row.given = press["now"], given
        row.level = row.level or (level if level in LEVELS else "")
        if press["profile"].is_elsewhere(tables.areas_of(session, (row.id,)).get(row.id, ())):
            row.referral = _needed(referral, "referral", "Please say who can help near them.")

    return apply_transition(session, Press("done", **press, why=given), deliver)


def close(session: Session, *, reason: str, words: str, referral: str, **press: Unpack[Pressed]) -> Moved:
    """Closed for a reason of the profile; a decline carries a sentence and a referral."""
    check_fields(close_troubles(reason, words, referral, press["profile"]))
    said, ended = tidy(words), {"closed_at": press["now"], "close_reason": reason}
    ended |= {"close_words": said, "referral": tidy(referral)}
    return apply_transition(session, Press("close", **press, why=said), columns=ended)


def merge(session: Session, *, into: int | None, **press: Unpack[Pressed]) -> Moved:
    """Closed because it is the same as the request `into`, which goes on."""
    other, now = _other(session, press["request_id"], into, press["person"]), press["now"]
    move = Press("merge", **press, why=rules.label(other.id))
    ended = {"closed_at": now, "close_reason": "duplicate", "merged_into": other.id}
    made = apply_transition(session, move, columns=ended)
    delivery.refresh(session, subject(other.id), kind="request.notice", now=now)
    return made


def _other(session: Session, request_id: int, into: int | None, person: Person) -> RequestRow:
    """The request that goes on. Both are locked, in the order of their ids."""
    if into is None:
        raise InvalidInput.at("into", "Type the other request's number, like TA-1042.")
    if into == request_id:
        raise InvalidInput.at("into", "That is this request. Type the other one's number.")
    rows: dict[int, RequestRow] = {}
    for ident in sorted((request_id, into)):
        try:
            rows[ident] = lock_request(session, ident, person)
        except NotFound:
            if ident == request_id:
                raise
            raise InvalidInput.at("into", f"No {rules.label(into)} found.") from None
    if rows[into].state == rules.CLOSED:
        words = f"{rules.label(into)} is closed. Type the number of one that is open."
        raise InvalidInput.at("into", words)
    return rows[into]


def withdraw(session: Session, **press: Unpack[Pressed]) -> Moved:
    ended = {"closed_at": press["now"], "close_reason": "withdrawn"}
    return apply_transition(session, Press("withdraw", **press), columns=ended)


def solved(session: Session, *, resource: str, **press: Unpack[Pressed]) -> Moved:
    """A resource of the library was the answer: closed as completed. `resource` is its uid; its title is kept."""
    found = library.find(session, resource)
    title = found.title if found is not None and found.state == PUBLISHED else ""
    ended = {"closed_at": press["now"], "close_reason": "completed", "level": UNIVERSAL}
    return apply_transition(session, Press("solved", **press, why=title), columns=ended)


def reopen(session: Session, *, why: str, **press: Unpack[Pressed]) -> Moved:
    """Open again, and why: with its owner if they are still on the staff, else for anybody to take."""
    why = _needed(why, "why", "Please say what is still open.")
    now, profile = press["now"], press["profile"]

    def open_again(row: RequestRow) -> None:
        if row.state == rules.TRIAGED:
            row.owner_id, row.assigned_at = None, None
        if row.delivered_at is None and row.close_reason == "completed":
            row.level = ""  # a resource had solved it
        is_answered, is_urgent = row.first_reply_at is not None, profile.is_urgent(row.by_when)
        clocks = reopened(clocks_of(row), profile, now, urgent=is_urgent, answered=is_answered)
        set_columns(row, vars(clocks))
        _unend(session, row, now)

    return apply_transition(session, Press("reopen", **press, why=why), open_again)


def undo(session: Session, *, reply: bool = False, **press: Unpack[Pressed]) -> Moved:
    """Take back a Done or Close of the last ten minutes, or the move of a reply; in the first minute nobody hears of it."""
    person, now, version = press["person"], press["now"], press.get("version")
    row = lock_request(session, press["request_id"], person)
    if not person.is_staff:
        raise NotAllowed("Only staff can do this.")
    if version is not None and version != row.version:
        return resolve_stale_press(session, row, Press("undo", **press))
    before = row.undo_state or {}
    theirs = before.get("by") == person.id or person.is_lead
    until = row.undo_until if (before.get("verb") == "reply") == reply else None
    rules.check_undo(facts_of(row, None), until=until, theirs=theirs, now=now)
    untold = take_back_telling(session, row, now) or reply
    came = row.state
    row.state, row.came_from = before["state"], before["came_from"]
    row.owner_id = before.get("owner", row.owner_id)
    row.first_reply_at = row.first_reply_at if before["replied"] else None
    kept = {"assigned_at": before["assigned_at"]} if "assigned_at" in before else {}
    for name, at in {**before.get("clocks", {}), **kept}.items():
        setattr(row, name, at and datetime.fromisoformat(at))
    row.version += 1
    row.undo_until, row.undo_state = None, None
    _unend(session, row, now)
    told = not untold and bool(hearers(session, row, person))
    event_id = write_event(session, row, "undo", person, now, came=came, told=told)
    session.flush()
    redraw(session, row, now)
    if told:
        tell_requester(session, row, event_id, now, by=person)
        redraw_told(session, row, came, now)
    return moved(row, event_id)


def remove_details(session: Session, *, request_id: int, person: Person, now: datetime) -> Moved:
    """Overwrite every word about the request, here and in Slack. Who and when is written down, what never.

    Whoever wrote something is told how to delete what they typed in Slack themselves.
    """
    row = lock_request(session, request_id, person)
    owner = people.person_of(session, row.owner_id) if row.owner_id else None
    rules.check_removal(facts_of(row, owner), roles(session, row, person))
    authors = {row.requester_id, *queries.authors_of(session, row.id)} - {person.id}
    stored_words.overwrite(session, row.id, REMOVED)
    event_id = write_event(session, row, "remove_details", person, now)
    redraw_all(session, row.id, now)
    for author in sorted(authors):
        user, key = people.person_of(session, author).user, f"request.removed:{event_id}:{author}"
        delivery.say(session, "request.removed", f"event:{event_id}", to=user, key=key, now=now, urgent=True)
    jobs.enqueue(session, FORGET, key=f"{FORGET}:{event_id}", now=now)
    jobs.enqueue(session, CHANGED, key=f"{CHANGED}:{event_id}", args={"request": row.id}, now=now)
    return moved(row, event_id)


def confide(session: Session, *, request_id: int, person: Person, now: datetime) -> Moved:
    """From now on only its requester, its owner and leads read it; our copies elsewhere are deleted."""
    row = lock_request(session, request_id, person)
    has_leads = people.has_lead(session)
    rules.check_confiding(facts_of(row, None), roles(session, row, person), has_leads=has_leads)
    if row.confidential:
        return moved(row, 0, already=True)
    row.confidential = True
    event_id = write_event(session, row, "confide", person, now)
    session.flush()
    settle(session, row, now)
    redraw_all(session, row.id, now)
    jobs.enqueue(session, CHANGED, key=f"{CHANGED}:{event_id}", args={"request": row.id}, now=now)
    return moved(row, event_id)


def close_quiet(session: Session, *, now: datetime, profile: Profile, most: int = 50) -> int:
    """Close as completed what has been done, and quiet, for fourteen days. How many; call again until none."""
    found = queries.ids_quiet_since(session, rules.DELIVERED, now - rules.QUIET_BEFORE_CLOSING, most)
    ended = {"closed_at": now, "close_reason": "completed"}
    for ident in found:
        row = hold(session, RequestRow, ident)
        move_by_clock(session, row, "settle", profile=profile, now=now, columns=ended)
    return len(found)


def _unend(session: Session, row: RequestRow, now: datetime) -> None:
    if row.merged_into is not None:
        delivery.refresh(session, subject(row.merged_into), kind="request.notice", now=now)
        row.merged_into = None
    row.delivered_at, row.closed_at = None, None
    row.close_reason, row.close_words, row.referral, row.given = "", "", "", ""


def _needed(text: str, name: str, empty: str) -> str:
    check_fields({name: text_trouble(text, most=LONGEST_WORDS, empty=empty)})
    return tidy(text)


def _optional(text: str, name: str) -> str:
    return _needed(text, name, "") if tidy(text) else ""
