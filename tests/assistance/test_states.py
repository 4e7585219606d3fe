"""The state table, written out a second time from the programme's own description and compared cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from copbot.assistance import rules
from copbot.assistance.rules import Facts
from copbot.errors import Conflict, CopbotError, NotAllowed
from tests.people.given import NOW
from tests.rows import for_each

WAITING = "waiting_requester waiting_partner"
OPEN = f"new triaged assigned in_progress {WAITING}"

# verb, who, from, to ("same", "back": where it came from, "again": in progress or triaged, "begun": in progress,
# unless somebody is waited for or it is done)
DESCRIBED = [
    ("triage", "staff", "new", "triaged"),
    ("take", "staff", "new triaged", "assigned"),
    ("route", "clock", "new triaged", "assigned"),
    ("assign", "staff", "new triaged", "assigned"),
    ("give_back", "owner lead", f"assigned in_progress {WAITING}", "triaged"),
    ("cover", "clock", "assigned in_progress", "same"),
    ("hand_over", "owner lead", f"assigned in_progress {WAITING}", "same"),
    ("first_reply", "staff", "assigned", "in_progress"),
    ("reply", "staff", f"{OPEN} delivered", "begun"),
    ("ask", "staff", "triaged assigned in_progress", "waiting_requester"),
    ("wait_partner", "staff", "triaged assigned in_progress", "waiting_partner"),
    ("answer", "requester colleague", "waiting_requester", "back"),
    ("partner_answered", "staff", "waiting_partner", "back"),
    ("done", "owner lead", f"assigned in_progress {WAITING}", "delivered"),
    ("release", "clock", f"assigned in_progress {WAITING}", "triaged"),
    ("settle", "clock", "delivered", "closed"),
    ("close", "staff", OPEN, "closed"),
    ("merge", "staff", OPEN, "closed"),
    ("withdraw", "requester", OPEN, "closed"),
    ("solved", "requester", OPEN, "closed"),
    ("no_answer", "clock", "waiting_requester", "closed"),
    ("reopen", "requester colleague staff", "delivered closed", "again"),
]
STATES = f"{OPEN} delivered closed".split()
ROLES = {
    "nobody": frozenset(),
    "requester": frozenset({"requester"}),
    "colleague": frozenset({"colleague"}),
    "staff": frozenset({"staff"}),
    "owner": frozenset({"staff", "owner"}),
    "lead": frozenset({"staff", "lead"}),
    "clock": frozenset({"clock"}),
}
CELLS = [(*line, state, role) for line in DESCRIBED for state in STATES for role in ROLES]


def facts(state: str, **more: object) -> Facts:
    owner = "" if state in ("new", "triaged") else "Sam"
    return Facts(**{"id": 1, "state": state, "came_from": "triaged", "owner_name": owner, **more})


def described(who: str, states: str, to: str, state: str, role: str) -> str | None:
    """Where the description leads; None when it does not allow the move."""
    if state not in states.split() or not set(who.split()) & ROLES[role]:
        return None
    begun = "in_progress" if state in ("new", "triaged", "assigned") else state
    return {"same": state, "back": "triaged", "again": "triaged", "begun": begun}.get(to, to)


def answer_of(rule: Callable[..., Any], *args: object, **more: object) -> Any:
    """What a rule returns, or the refusal it raises."""
    try:
        return rule(*args, **more)
    except CopbotError as refusal:
        return refusal


def test_the_table_has_every_described_verb_and_state_and_no_other() -> None:
    assert set(rules.MOVES) == {line[0] for line in DESCRIBED}
    assert list(rules.STATES) == STATES


@for_each(("verb", "who", "states", "to", "state", "role"), CELLS)
def test_every_verb_in_every_state_for_every_role(
    verb: str, who: str, states: str, to: str, state: str, role: str
) -> None:
    answer = answer_of(rules.move, verb, facts(state), ROLES[role], NOW)
    wanted = described(who, states, to, state, role)
    if wanted is not None:
        assert answer == wanted
        return
    is_their_role = not _could_ever(who, role) or state in states.split()
    assert isinstance(answer, NotAllowed if is_their_role else Conflict)
    assert answer.words.endswith(".")


def _could_ever(who: str, role: str) -> bool:
    allowed = set(who.split())
    return bool((allowed | ({"staff"} if allowed & {"owner", "lead"} else set())) & ROLES[role])


@for_each(
    ("verb", "state", "role", "words"),
    [
        ("take", "assigned", "staff", "Sam already has TA-1001."),
        ("take", "assigned", "owner", "You already have TA-1001."),
        ("take", "closed", "staff", "TA-1001 is already closed."),
        ("take", "new", "requester", "Only staff can do this."),
        ("done", "in_progress", "staff", "Only Sam or a lead can do this with TA-1001."),
        ("done", "new", "staff", "Nobody has TA-1001 yet. Take it first."),
        ("done", "delivered", "owner", "TA-1001 is already done."),
        ("ask", "new", "staff", "Nobody has TA-1001 yet. Take it first."),
        ("ask", "waiting_requester", "staff", "TA-1001 is waiting for the requester's answer."),
        ("ask", "waiting_partner", "staff", "TA-1001 is waiting for a partner."),
        ("reply", "closed", "staff", "TA-1001 is closed. Reopen it first."),
        ("reopen", "assigned", "staff", "TA-1001 is already open."),
        ("withdraw", "new", "staff", "Only the person who asked can do this."),
        (
            "answer",
            "in_progress",
            "requester",
            "TA-1001 has changed, so this is no longer possible. Open it again to see what you can do.",
        ),
    ],
)
def test_a_refusal_says_why_in_a_sentence(verb: str, state: str, role: str, words: str) -> None:
    answer = answer_of(rules.move, verb, facts(state), ROLES[role], NOW)
    assert isinstance(answer, CopbotError)
    assert answer.words == words


def test_a_wait_returns_to_where_it_came_from() -> None:
    for came_from in ("triaged", "assigned", "in_progress"):
        there = facts("waiting_requester", came_from=came_from)
        assert rules.move("answer", there, ROLES["requester"], NOW) == came_from


@for_each(
    ("verb", "state", "came_from", "to", "remembered"),
    [
        ("ask", "triaged", "", "waiting_requester", "triaged"),
        ("ask", "assigned", "", "waiting_requester", "in_progress"),  # a question is a first reply
        ("wait_partner", "assigned", "", "waiting_partner", "assigned"),
        ("ask", "in_progress", "", "waiting_requester", "in_progress"),
        ("hand_over", "waiting_partner", "assigned", "waiting_partner", "assigned"),
        ("answer", "waiting_requester", "triaged", "triaged", ""),
        ("close", "waiting_requester", "triaged", "closed", ""),
    ],
)
def test_what_a_wait_remembers(verb: str, state: str, came_from: str, to: str, remembered: str) -> None:
    assert rules.remembered_state(verb, state, came_from, to) == remembered


def test_reopening_goes_back_to_an_owner_who_is_still_there() -> None:
    there, gone = (facts("closed", owner_active=is_active) for is_active in (True, False))
    assert rules.move("reopen", there, ROLES["staff"], NOW) == "in_progress"
    assert rules.move("reopen", gone, ROLES["staff"], NOW) == "triaged"


@for_each(("days", "role", "may"), [(14, "requester", True), (15, "requester", False), (400, "staff", True)])
def test_a_requester_may_reopen_for_fourteen_days_staff_always(days: int, role: str, may: bool) -> None:
    ended = facts("closed", ended_at=NOW - timedelta(days=days))
    answer = answer_of(rules.move, "reopen", ended, ROLES[role], NOW)
    assert isinstance(answer, str) is may
    if not may:
        assert "send a new request and mention TA-1001" in answer.words


@for_each(("role", "may"), [("staff", False), ("owner", True), ("lead", True)])
def test_what_somebody_has_is_closed_by_them_or_a_lead(role: str, may: bool) -> None:
    answer = answer_of(rules.move, "close", facts("assigned", owner_active=True), ROLES[role], NOW)
    assert isinstance(answer, str) is may
    if not may:
        assert isinstance(answer, NotAllowed)
        assert "TA-1001 is with Sam." in answer.words


def test_what_nobody_on_staff_has_any_of_staff_closes() -> None:
    for state in ("new", "triaged", "assigned"):
        assert rules.move("close", facts(state, owner_active=False), ROLES["staff"], NOW) == "closed"


@for_each(
    ("text", "cares"),
    [
        ("I think my friend is overdosing", True),
        ("we need some naloxone now", True),
        ("need narcan", True),
        ("Which naloxone do you need?", False),
        ("Forty kits.", False),
    ],
)
def test_who_may_need_help_now_is_shown_whom_to_call(text: str, cares: bool) -> None:
    assert rules.needs_care(text, ("overdos", "need naloxone", "need narcan")) is cares


def test_roles_come_only_to_those_who_are_still_staff() -> None:
    everything = {"is_lead": True, "is_owner": True, "is_requester": True}
    assert rules.roles_of(is_staff=False, **everything) == {"requester"}
    assert rules.roles_of(is_staff=True, **everything) == {"staff", "lead", "owner", "requester"}
    assert rules.roles_of(is_staff=True, is_lead=False, is_owner=False, is_requester=False) == {"staff"}


@for_each(
    ("minutes", "theirs", "words"),
    [
        (10, True, None),
        (11, True, "That was more than 10 minutes ago. You can reopen TA-1001 instead."),
        (1, False, "Only the person who did it, or a lead, can undo this."),
    ],
)
def test_undo_is_for_ten_minutes_and_for_who_did_it(minutes: int, theirs: bool, words: str | None) -> None:
    until = NOW + rules.UNDO_WINDOW
    now = NOW + timedelta(minutes=minutes)
    refusal = answer_of(rules.check_undo, facts("closed"), until=until, theirs=theirs, now=now)
    assert (refusal.words if refusal else None) == words


def test_nothing_to_undo_is_said() -> None:
    refusal = answer_of(rules.check_undo, facts("new"), until=None, theirs=True, now=NOW)
    assert refusal is not None
    assert refusal.words == "There is nothing to undo on TA-1001."


@for_each(
    ("state", "replied", "hours", "late"),
    [
        ("new", False, 1, True),
        ("triaged", False, 1, True),
        ("assigned", False, 1, True),
        ("assigned", True, 1, False),
        ("new", False, 0, False),
        ("new", False, -1, False),
        ("waiting_partner", False, 1, False),  # the clock stands still
        ("closed", False, 1, False),
    ],
)
def test_late_means_that_nobody_answered_in_time(state: str, replied: bool, hours: int, late: bool) -> None:
    due = NOW - timedelta(hours=hours)
    assert rules.is_late(state, due, NOW if replied else None, NOW) is late
