"""Each verb pressed in each state by each role, on the real database: the state table, and nothing beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from copbot.assistance.tables import RequestRow
from copbot.assistance.workflow import service
from copbot.assistance.workflow.transitions import Moved
from copbot.errors import Conflict, CopbotError, NotAllowed, NotFound
from copbot.slack.person import Person
from copbot.store import Session, Store
from tests.assistance.given import Cast, asked, cast, messages, profile, verbs
from tests.assistance.test_states import DESCRIBED, STATES
from tests.people.given import NOW

Verb = Callable[..., Moved]

# Which of a verb's words the service adds to the press, and the state table's name of it.
PRESSES: dict[str, tuple[Verb, dict[str, Any]]] = {
    "take": (service.take, {}),
    "give_back": (service.give_back, {}),
    "hand_over": (service.hand_over, {"to": "pat"}),
    "triage": (service.triage, {"level": "targeted", "topics": ("naloxone",)}),
    "first_reply": (service.first_reply, {}),
    "wait_partner": (service.wait_partner, {"why": "County legal"}),
    "partner_answered": (service.partner_answered, {}),
    "merge": (service.merge, {"into": "other"}),
    "ask": (service.ask_requester, {"question": "How many?"}),
    "done": (service.done, {"given": "A box of kits."}),
    "close": (
        service.close,
        {"reason": "duplicate", "words": "", "referral": ""},
    ),
    "withdraw": (service.withdraw, {}),
    "solved": (service.solved, {"resource": ""}),
    "reopen": (service.reopen, {"why": "Still short."}),
}
WHO = {
    "kim": {"requester"},
    "sam": {"staff", "owner"},
    "pat": {"staff"},
    "lee": {"staff", "lead"},
    "gil": set(),
    "olly": set(),
}
TABLE = {verb: (set(who.split()), states.split(), to) for verb, who, states, to in DESCRIBED}


class Undone(Exception):
    """Ends a transaction that was only a trial."""


def put(session: Session, people: Cast, state: str) -> int:
    """Kim's request as it stands in this state, with Sam as the owner where there is one; its version."""
    row = session.get_one(RequestRow, people.request)
    row.state, row.version = state, 7
    row.came_from = "in_progress" if state.startswith("waiting") else ""
    row.owner_id = None if state in ("new", "triaged") else people.sam.id
    row.delivered_at = NOW if state in ("delivered", "closed") else None
    row.closed_at = NOW if state == "closed" else None
    session.flush()
    return row.version


def described(verb: str, state: str, who: str) -> tuple[str, str] | None:
    """(verb in the table, state afterwards), or None when the table does not allow it."""
    if verb == "hand_over" and state in ("new", "triaged"):
        verb = "assign"  # a request nobody has is assigned
    roles, states, to = TABLE[verb]
    if verb in ("close", "merge") and state not in ("new", "triaged"):
        roles = {"owner", "lead"}  # nobody closes behind the back of whoever has it
    if state not in states or not roles & WHO[who]:
        return None
    return verb, {"same": state, "again": "in_progress", "back": "in_progress"}.get(to, to)


def trial(store: Store, people: Cast, verb: str, state: str, who: str) -> str | CopbotError:
    """The state after the press, or the refusal; nothing of it stays."""
    run, more = PRESSES[verb]
    if "to" in more:
        more = {"to": people.lee.id if who == "pat" and state in ("new", "triaged") else people.pat.id}
    if "into" in more:
        with store.writing() as session:
            more = {"into": asked(session, people.kim, "other").id}
    person: Person = getattr(people, who)
    outcome: list[str | CopbotError] = []
    with pytest.raises(Undone), store.writing() as session:
        version = put(session, people, state)
        try:
            which = {"request_id": people.request, "person": person, "now": NOW, "profile": profile()}
            made = run(session, version=version, **which, **more)
        except CopbotError as error:
            outcome.append(error)
        else:
            session.expire_all()
            row = session.get_one(RequestRow, people.request)
            assert (row.state, row.version) == (made.state, made.version) == (made.state, version + 1)
            outcome.append(row.state)
        raise Undone
    return outcome[0]


@pytest.mark.parametrize("verb", PRESSES)
def test_a_press_does_what_the_table_says_and_nothing_else_inv7(store: Store, verb: str) -> None:
    people = cast(store)
    for state in STATES:
        for who in WHO:
            found = trial(store, people, verb, state, who)
            wanted = described(verb, state, who)
            where = f"{verb} in {state} by {who}"
            if wanted is not None:
                assert found == wanted[1], where
            elif who in ("gil", "olly"):
                assert isinstance(found, NotFound), where
            else:
                assert isinstance(found, NotAllowed | Conflict), where
                assert found.words.endswith("."), where
    assert verbs(store, people.request) == ["received"]


def test_a_refused_press_leaves_no_message_behind(store: Store) -> None:
    people = cast(store)
    for who in ("kim", "gil", "olly"):
        with pytest.raises(CopbotError), store.writing() as session:
            service.take(
                session,
                request_id=people.request,
                person=getattr(people, who),
                version=1,
                now=NOW,
                profile=profile(),
            )
    assert messages(store, "request.told") == []
    assert [row.version for row in messages(store, "request.notice")] == [1]


def test_a_missing_request_and_one_of_others_read_the_same(store: Store) -> None:
    people = cast(store)
    words = set()
    for request_id in (people.request, 999):
        with pytest.raises(NotFound) as refused, store.writing() as session:
            service.withdraw(
                session, request_id=request_id, person=people.olly, version=1, now=NOW, profile=profile()
            )
        words.add(refused.value.words)
    assert len(words) == 1
