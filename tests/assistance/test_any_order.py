"""Whatever people press, in whatever order: what must hold of a request always does."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from copbot.assistance import rules
from copbot.assistance.tables import EventRow, RequestRow
from copbot.assistance.views import facts
from copbot.assistance.workflow import service
from copbot.conversations import replies
from copbot.conversations.tables import ConversationEntryRow
from copbot.delivery.tables import MessageRow
from copbot.errors import CopbotError
from copbot.slack.person import Person
from copbot.store import Session, Store, new_uid
from tests.assistance.given import Cast, asked, cast, later, profile

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "take",
                "give_back",
                "hand_over",
                "triage",
                "first_reply",
                "wait_partner",
                "partner_answered",
                "merge",
                "ask",
                "answer",
                "add_words",
                "done",
                "close",
                "withdraw",
                "solved",
                "reopen",
                "undo",
                "reply",
                "undo_reply",
                "quiet",
            ]
        ),
        st.sampled_from(["kim", "sam", "pat", "lee", "olly"]),
        st.sampled_from([0, 1, 20, 60 * 24 * 14]),  # minutes that pass before the press
        st.booleans(),  # whether the presser saw the newest version
    ),
    max_size=14,
)


class Forgotten(Exception):
    """Ends an example with everything in it."""


def press(
    session: Session, people: Cast, request_id: int, verb: str, who: Person, version: int, now: Any
) -> None:
    which = {"request_id": request_id, "person": who, "now": now}
    timed = {**which, "profile": profile()}
    versioned = {**timed, "version": version}
    if verb == "ask":
        service.ask_requester(session, question="How many?", **versioned)
    elif verb == "answer":
        service.answer(session, text="Forty", **timed)
    elif verb == "add_words":
        service.add_words(session, text="And gloves", **which)
    elif verb == "done":
        service.done(session, given="Kits", **versioned)
    elif verb == "triage":
        service.triage(session, level="targeted", topics=("naloxone",), **versioned)
    elif verb == "wait_partner":
        service.wait_partner(session, why="County legal", **versioned)
    elif verb == "merge":
        service.merge(session, into=people.request, **versioned)
    elif verb == "hand_over":
        service.hand_over(session, to=people.pat.id, **versioned)
    elif verb == "close":
        service.close(session, reason="duplicate", words="", referral="", **versioned)
    elif verb == "reply":
        replies.send(session, text="Soon", form_key=new_uid(), **timed)
    elif verb == "undo_reply":
        last = session.query(ConversationEntryRow).order_by(ConversationEntryRow.id.desc()).first()
        replies.undo(session, last.uid if last else "", person=who, now=now, profile=profile())
    elif verb == "quiet":
        service.close_quiet(session, now=now, profile=profile())
    elif verb == "solved":
        service.solved(session, resource="", **versioned)
    elif verb == "reopen":
        service.reopen(session, why="Still short", **versioned)
    else:
        getattr(service, verb)(session, **versioned)


def check(session: Session, request_id: int, before: int) -> None:
    """What holds after every press, refused or not."""
    row = session.get_one(RequestRow, request_id)
    query = session.query(EventRow).filter_by(request_id=request_id).order_by(EventRow.id)
    events = query.all()
    assert row.version - before in (0, 1)
    assert [each.from_state for each in events[1:]] == [each.to_state for each in events[:-1]]
    assert events[-1].to_state == row.state
    assert events[-1].version == row.version
    assert (row.state in rules.STATES) is True
    assert bool(row.came_from) == row.state.startswith("waiting")
    if row.state in rules.UNOWNED:
        assert row.owner_id is None
    if row.state in (rules.ASSIGNED, rules.IN_PROGRESS, rules.DELIVERED):
        assert row.owner_id is not None
    if row.owner_id is not None and row.state in rules.OPEN:
        assert row.came_from not in rules.UNOWNED
    assert (row.merged_into is not None) == (events[-1].verb == "merge")
    assert bool(row.paused_at) == row.state.startswith("waiting")
    assert (row.closed_at is not None) == (row.state == rules.CLOSED)
    assert bool(row.close_reason) == (row.state == rules.CLOSED)
    if row.state in rules.OPEN:
        assert (row.delivered_at, row.given) == (None, "")
        assert (row.undo_state or {"verb": "reply"})["verb"] == "reply"
        assert (row.undo_until is None) == (row.undo_state is None)
    is_out = [each.state != "deleted" for each in session.query(ConversationEntryRow)]
    sent = session.query(MessageRow).filter_by(kind="conversation.reply", wanted=True).count()
    assert sent == sum(is_out)
    assert [event.whom_id for event in events if event.verb in ("assign", "hand_over")].count(None) == 0


def test_no_order_of_presses_leaves_a_request_in_disorder(sqlite_store: Store) -> None:
    people = cast(sqlite_store)

    @given(STEPS)
    def walk(steps: list[Any]) -> None:
        _walk(sqlite_store, people, steps)

    walk()


def _walk(store: Store, people: Cast, steps: list[Any]) -> None:
    """One example, forgotten when it ends, so that the next one finds the database as it was."""
    try:
        with store.writing() as session:
            request_id = asked(session, people.kim, "walk").id
            now = later()
            for verb, who, minutes, seen in steps:
                now = later(minutes=(now - later()).total_seconds() / 60 + minutes)
                version = session.get_one(RequestRow, request_id).version
                with session.begin_nested() as part:
                    try:
                        press(
                            session, people, request_id, verb, getattr(people, who), version - (not seen), now
                        )
                    except CopbotError:
                        part.rollback()
                session.expire_all()
                check(session, request_id, version)
                assert facts.notice(session, request_id, now) is not None
            raise Forgotten
    except Forgotten:
        return
