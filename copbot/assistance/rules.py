"""The states of a request: who may move it, from where, to where. Numbers, lateness, undo, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

Role = Literal["staff", "owner", "lead", "requester", "colleague", "clock"]

UNDO_WINDOW = timedelta(minutes=10)
TELL_AFTER = timedelta(minutes=1)
"""Done and Close reach the requester so much later: a slip can be undone unseen."""
REOPEN_WITHIN = timedelta(days=14)
QUIET_BEFORE_CLOSING = timedelta(days=14)

NEW, TRIAGED, ASSIGNED, IN_PROGRESS = "new", "triaged", "assigned", "in_progress"
WAITING_REQUESTER, WAITING_PARTNER = "waiting_requester", "waiting_partner"
DELIVERED, CLOSED = "delivered", "closed"

STATES = (NEW, TRIAGED, ASSIGNED, IN_PROGRESS, WAITING_REQUESTER, WAITING_PARTNER, DELIVERED, CLOSED)
OPEN = STATES[:6]
RUNNING = STATES[:4]
"""Open, and nobody else is waited for: the clocks run."""
UNOWNED = (NEW, TRIAGED)
WAITING = (WAITING_REQUESTER, WAITING_PARTNER)
_WORKED_ON = (ASSIGNED, IN_PROGRESS, *WAITING)
ENDED = (DELIVERED, CLOSED)

# Places to go that depend on the request.
SAME, CAME_FROM, REOPENED, BEGUN = "=", "<", "~", ">"


@dataclass(frozen=True)
class Rule:
    verb: str
    roles: frozenset[Role]
    states: tuple[str, ...]
    to: str


def _rule(verb: str, roles: tuple[Role, ...], states: tuple[str, ...], to: str) -> tuple[str, Rule]:
    return verb, Rule(verb, frozenset(roles), states, to)


MOVES: Mapping[str, Rule] = MappingProxyType(
    dict(
        (
            _rule("triage", ("staff",), (NEW,), TRIAGED),
            _rule("take", ("staff",), UNOWNED, ASSIGNED),
            _rule("route", ("clock",), (NEW,), ASSIGNED),
            _rule("assign", ("staff",), UNOWNED, ASSIGNED),
            _rule("give_back", ("owner", "lead"), _WORKED_ON, TRIAGED),
            _rule("release", ("clock",), _WORKED_ON, TRIAGED),
            _rule("cover", ("clock",), (ASSIGNED, IN_PROGRESS), SAME),
            _rule("hand_over", ("owner", "lead"), _WORKED_ON, SAME),
            _rule("first_reply", ("staff",), (ASSIGNED,), IN_PROGRESS),
            _rule("reply", ("staff",), (*OPEN, DELIVERED), BEGUN),
            _rule("ask", ("staff",), (TRIAGED, ASSIGNED, IN_PROGRESS), WAITING_REQUESTER),
            _rule("wait_partner", ("staff",), (TRIAGED, ASSIGNED, IN_PROGRESS), WAITING_PARTNER),
            _rule("answer", ("requester", "colleague"), (WAITING_REQUESTER,), CAME_FROM),
            _rule("partner_answered", ("staff",), (WAITING_PARTNER,), CAME_FROM),
            _rule("done", ("owner", "lead"), _WORKED_ON, DELIVERED),
            _rule("settle", ("clock",), (DELIVERED,), CLOSED),
            _rule("close", ("staff",), OPEN, CLOSED),
            _rule("merge", ("staff",), OPEN, CLOSED),
            _rule("withdraw", ("requester",), OPEN, CLOSED),
            _rule("solved", ("requester",), OPEN, CLOSED),
            _rule("no_answer", ("clock",), (WAITING_REQUESTER,), CLOSED),
            _rule("reopen", ("requester", "colleague", "staff"), ENDED, REOPENED),
        )
    )
)
"""The state table; `undo` stands beside it, because it leads wherever the undone move came from."""

_NEWS = "take assign give_back release hand_over ask wait_partner done close merge reopen withdraw solved"
NOTIFIES_REQUESTER = frozenset(_NEWS.split())
"""Moves the requester and their colleagues hear of, but for whoever made the move."""
UNDOABLE = {"done": UNDO_WINDOW, "close": UNDO_WINDOW, "merge": UNDO_WINDOW, "reply": TELL_AFTER}
"""Moves that can be undone, and how long."""
HANDED = frozenset({"route", "take", "assign", "hand_over", "cover", "give_back", "release"})
"""Moves that change who has it."""
HUMAN_REPLY = frozenset({"first_reply", "reply", "ask", "done", "close"})
"""Moves that carry a person's words to the requester, and so stop the clock of the first reply."""


@dataclass(frozen=True)
class Facts:
    """What a move depends on."""

    id: int
    state: str
    came_from: str = ""
    owner_name: str = ""
    owner_active: bool = False
    ended_at: datetime | None = None

    @property
    def label(self) -> str:
        return label(self.id)


@dataclass(frozen=True)
class Transition:
    """A move that may be made."""

    to: str


@dataclass(frozen=True)
class Refusal:
    """A move that may not: the sentence for whoever tried, and whether it is their role or the state."""

    words: str
    because: Literal["role", "state"]


def move(verb: str, facts: Facts, roles: frozenset[Role], now: datetime) -> Transition | Refusal:
    """Where a verb leads from here for somebody with these roles."""
    rule = MOVES[verb]
    refused = (
        _wrong_person(rule, roles) or _wrong_state(rule, facts, roles) or _not_theirs(rule, facts, roles)
    )
    if refused is None and verb == "reopen":
        refused = _too_late_to_reopen(facts, roles, now)
    if refused is None and verb in ("close", "merge"):
        refused = _has_an_owner(facts, roles)
    if refused is not None:
        return refused
    if rule.to == CAME_FROM:
        return Transition(facts.came_from or IN_PROGRESS)
    if rule.to == REOPENED:
        return Transition(IN_PROGRESS if facts.owner_active else TRIAGED)
    if rule.to == BEGUN:
        return Transition(IN_PROGRESS if facts.state in RUNNING else facts.state)
    return Transition(facts.state if rule.to == SAME else rule.to)


def remembered_state(verb: str, state: str, came_from: str, to: str) -> str:
    """The state a wait will return to; empty when nothing is waited for.

    A question is a first reply, so an assigned request returns from it as one in progress.
    """
    if to not in WAITING:
        return ""
    if state in WAITING:
        return came_from
    return IN_PROGRESS if verb == "ask" and state == ASSIGNED else state


def _wrong_person(rule: Rule, roles: frozenset[Role]) -> Refusal | None:
    """Told before the state: somebody who could never do this learns nothing about the request."""
    allowed: set[Role] = set(rule.roles)
    if allowed & {"owner", "lead"}:
        allowed.add("staff")
    if allowed & roles:
        return None
    who = "the person who asked" if allowed <= {"requester", "colleague"} else "staff"
    return Refusal(f"Only {who} can do this.", "role")


def _wrong_state(rule: Rule, facts: Facts, roles: frozenset[Role]) -> Refusal | None:
    if facts.state in rule.states:
        return None
    return Refusal(_why_not_now(rule.verb, facts, "owner" in roles), "state")


def _why_not_now(verb: str, facts: Facts, is_owner: bool) -> str:
    name, state = facts.label, facts.state
    if verb == "reopen":
        return f"{name} is already open."
    if verb == "reply":
        return f"{name} is closed. Reopen it first."
    if state in ENDED:
        return f"{name} is already {'done' if state == DELIVERED else 'closed'}."
    if verb in ("take", "assign", "triage"):
        who = "You already have" if is_owner else f"{facts.owner_name} already has"
        return f"{who} {name}." if facts.owner_name else f"{name} is already past that step."
    if state in UNOWNED:
        return f"Nobody has {name} yet. Take it first."
    if state == WAITING_REQUESTER:
        return f"{name} is waiting for the requester's answer."
    if state == WAITING_PARTNER:
        return f"{name} is waiting for a partner."
    return f"{name} has changed, so this is no longer possible. Open it again to see what you can do."


def _not_theirs(rule: Rule, facts: Facts, roles: frozenset[Role]) -> Refusal | None:
    if rule.roles & roles:
        return None
    return Refusal(
        f"Only {facts.owner_name or 'its owner'} or a lead can do this with {facts.label}.", "role"
    )


def _has_an_owner(facts: Facts, roles: frozenset[Role]) -> Refusal | None:
    """Nobody closes a request behind the back of whoever has it."""
    if not facts.owner_active or roles & {"owner", "lead"}:
        return None
    return Refusal(
        f"{facts.owner_name} has {facts.label}. Only {facts.owner_name} or a lead can close it.", "role"
    )


def _too_late_to_reopen(facts: Facts, roles: frozenset[Role], now: datetime) -> Refusal | None:
    if "staff" in roles or facts.ended_at is None or now - facts.ended_at <= REOPEN_WITHIN:
        return None
    words = (
        f"{facts.label} ended more than {REOPEN_WITHIN.days} days ago. "
        f"Please send a new request and mention {facts.label}."
    )
    return Refusal(words, "state")


def addition_refusal(facts: Facts, roles: frozenset[Role]) -> Refusal | None:
    """Why no words can be added; None when they can."""
    if not roles & {"requester", "colleague"}:
        return Refusal("Only the person who asked can do this.", "role")
    if facts.state == CLOSED:
        return Refusal(f"{facts.label} is closed. Reopen it to add to it.", "state")
    return None


def sharing_refusal(facts: Facts, roles: frozenset[Role]) -> Refusal | None:
    """Why somebody may not add a colleague; None when they may."""
    if not roles & {"requester", "staff"}:
        return Refusal("Only the person who asked or staff can add a colleague.", "role")
    if facts.state == CLOSED:
        return Refusal(f"{facts.label} is closed. Reopen it to add a colleague.", "state")
    return None


def removal_refusal(facts: Facts, roles: frozenset[Role]) -> Refusal | None:
    """Why somebody may not take client details out; None when they may, in every state."""
    if roles & {"requester", "colleague", "owner", "lead"}:
        return None
    owner = f", {facts.owner_name}" if facts.owner_name else ""
    return Refusal(f"Only the person who asked{owner} or a lead can do this with {facts.label}.", "role")


def confide_refusal(facts: Facts, roles: frozenset[Role], *, has_leads: bool) -> Refusal | None:
    """Why somebody may not mark it confidential; None when they may, in every state."""
    if not roles & {"requester", "colleague", "lead"}:
        return Refusal("Only the person who asked or a lead can do this.", "role")
    words = f"No lead is named yet, so nobody could read {facts.label}. Ask an administrator to name one."
    return None if has_leads else Refusal(words, "state")


def undo_refusal(facts: Facts, *, until: datetime | None, theirs: bool, now: datetime) -> Refusal | None:
    """Why this undo may not be; None when it may. `theirs`: they made the move, or are a lead."""
    if until is None:
        return Refusal(f"There is nothing to undo on {facts.label}.", "state")
    if now > until:
        minutes = int(UNDO_WINDOW.total_seconds() // 60)
        return Refusal(
            f"That was more than {minutes} minutes ago. You can reopen {facts.label} instead.", "state"
        )
    if not theirs:
        return Refusal("Only the person who did it, or a lead, can undo this.", "role")
    return None


def roles_of(
    *, is_staff: bool, is_lead: bool, is_owner: bool, is_requester: bool, is_colleague: bool = False
) -> frozenset[Role]:
    """An owner who is no longer staff owns nothing any more."""
    found: dict[Role, bool] = {
        "staff": is_staff,
        "lead": is_staff and is_lead,
        "owner": is_staff and is_owner,
        "requester": is_requester,
        "colleague": is_colleague,
    }
    return frozenset(role for role, has in found.items() if has)


def is_late(state: str, first_reply_due: datetime, first_reply_at: datetime | None, now: datetime) -> bool:
    """Whether a person should have answered by now and none has."""
    return first_reply_at is None and state in RUNNING[:3] and now > first_reply_due


def is_overdue(state: str, delivery_due: datetime | None, now: datetime) -> bool:
    """Whether it should have been delivered by now."""
    return delivery_due is not None and state in RUNNING and now > delivery_due


def needs_care(text: str, phrases: Sequence[str]) -> bool:
    """Whether somebody may need help now: one of these phrases stands in the text.

    A phrase is the beginnings of words, in order, with up to two other words between: “need kit” is in “needs one kit”.
    """
    between = r"\w*\s+(?:\w+\s+){0,2}"
    patterns = (rf"\b{between.join(map(re.escape, phrase.split()))}" for phrase in phrases)
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)


def number(ident: int) -> int:
    return ident + 1000


def label(ident: int) -> str:
    """What people say: `TA-1042`."""
    return f"TA-{number(ident)}"


_NUMBER = re.compile(r"\s*#?(?:ta)?[\s\-\u2010-\u2015#]*([0-9]{4,9})\s*\.?\s*", re.IGNORECASE)


def parse_number(typed: str) -> int | None:
    """The id meant by `TA-1042`, `ta 1042` or `1042`; None when no request can be called that."""
    found = _NUMBER.fullmatch(typed)
    ident = int(found.group(1)) - 1000 if found else 0
    return ident if 0 < ident < 2**31 - 1000 else None


_DID = {
    "received": "sent {}",
    "logged": "logged {}",
    "entered": "entered {}",
    "triage": "reviewed {}",
    "take": "took {}",
    "assign": "assigned {} to {whom}",
    "give_back": "gave {} back",
    "hand_over": "handed {} over to {whom}",
    "first_reply": "answered {}",
    "reply": "replied about {}",
    "ask": "asked a question about {}",
    "wait_partner": "set {} to wait for a partner",
    "answer": "answered the question about {}",
    "partner_answered": "resumed {}",
    "done": "marked {} done",
    "close": "closed {}",
    "merge": "closed {} as a duplicate",
    "withdraw": "withdrew {}",
    "solved": "found the answer to {} in the library",
    "reopen": "reopened {}",
    "undo": "undid the last step of {}",
    "add_words": "added to {}",
    "remove_details": "removed client details from {}",
    "confide": "marked {} confidential",
    "add_colleague": "added {whom} to {}",
    "remove_colleague": "removed {whom} from {}",
    "leave": "left {}",
}


REMINDERS = frozenset({"unrouted", "warned", "due_today", "triage_late", "delivery_late", "still_late"})
"""Events of the clock that only staff were told of; no history shows them."""

_HAPPENED = {
    "late": "the first reply to {} was late",
    "nudge": "a reminder of the open question about {} was sent",
    "route": "{} went to {whom}",
    "cover": "{} went to {whom}, who covers for a colleague",
    "release": "{} went back to unassigned because {whom} is no longer on staff",
    "settle": "{} was closed after 14 days without news",
    "no_answer": "{} was closed because no answer came",
    "requester_gone": "the Slack account of the person who asked for {} was deactivated",
    "requester_back": "the Slack account of the person who asked for {} is active again",
}
"""What nobody did."""


@dataclass(frozen=True)
class Deed:
    """A move that was made, as somebody else is told of it."""

    verb: str
    at: datetime
    by_name: str = ""
    whom_name: str = ""
    is_mine: bool = field(default=False)


def did(deed: Deed, ident: int, now: datetime) -> str:
    """One sentence on who did what when, for somebody who reads it at once: `Sam took TA-1001 a moment ago.`"""
    return f"{deed_words(deed, ident)} {ago(deed.at, now)}."


def deed_words(deed: Deed, ident: int) -> str:
    """Who did what: `Sam took TA-1001`."""
    whom = deed.whom_name or "somebody else"
    if not deed.by_name and not deed.is_mine:
        said = _HAPPENED.get(deed.verb, "{} was changed").format(label(ident), whom=whom)
        return said[0].upper() + said[1:]
    who = "You" if deed.is_mine else deed.by_name
    return f"{who} {_DID.get(deed.verb, 'changed {}').format(label(ident), whom=whom)}"


def ago(at: datetime, now: datetime) -> str:
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 2:
        return "a moment ago"
    if minutes < 120:
        return f"{minutes} minutes ago"
    hours = minutes // 60
    return f"{hours} hours ago" if hours < 48 else f"{hours // 24} days ago"
