"""The states of a request: who may move it, from where, to where. Numbers, lateness, undo, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal, NamedTuple

from copbot.errors import Conflict, NotAllowed
from copbot.signs import plain_signs

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


class Rule(NamedTuple):
    roles: Set[Role]
    states: tuple[str, ...]
    to: str


MOVES: Mapping[str, Rule] = MappingProxyType(
    {
        "triage": Rule({"staff"}, (NEW,), TRIAGED),
        "take": Rule({"staff"}, UNOWNED, ASSIGNED),
        "route": Rule({"clock"}, UNOWNED, ASSIGNED),
        "assign": Rule({"staff"}, UNOWNED, ASSIGNED),
        "give_back": Rule({"owner", "lead"}, _WORKED_ON, TRIAGED),
        "release": Rule({"clock"}, _WORKED_ON, TRIAGED),
        "cover": Rule({"clock"}, (ASSIGNED, IN_PROGRESS), SAME),
        "hand_over": Rule({"owner", "lead"}, _WORKED_ON, SAME),
        "first_reply": Rule({"staff"}, (ASSIGNED,), IN_PROGRESS),
        "reply": Rule({"staff"}, (*OPEN, DELIVERED), BEGUN),
        "ask": Rule({"staff"}, (TRIAGED, ASSIGNED, IN_PROGRESS), WAITING_REQUESTER),
        "wait_partner": Rule({"staff"}, (TRIAGED, ASSIGNED, IN_PROGRESS), WAITING_PARTNER),
        "answer": Rule({"requester", "colleague"}, (WAITING_REQUESTER,), CAME_FROM),
        "partner_answered": Rule({"staff"}, (WAITING_PARTNER,), CAME_FROM),
        "done": Rule({"owner", "lead"}, _WORKED_ON, DELIVERED),
        "settle": Rule({"clock"}, (DELIVERED,), CLOSED),
        "close": Rule({"staff"}, OPEN, CLOSED),
        "merge": Rule({"staff"}, OPEN, CLOSED),
        "withdraw": Rule({"requester"}, OPEN, CLOSED),
        "solved": Rule({"requester"}, OPEN, CLOSED),
        "no_answer": Rule({"clock"}, (WAITING_REQUESTER,), CLOSED),
        "reopen": Rule({"requester", "colleague", "staff"}, ENDED, REOPENED),
    }
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
class Somebody:
    """`gone`: their account is deactivated, so nothing reaches them."""

    id: int
    user: str
    name: str
    tz: str
    gone: bool = False


class Facts(NamedTuple):
    id: int
    state: str
    came_from: str = ""
    owner_name: str = ""
    owner_active: bool = False
    ended_at: datetime | None = None

    @property
    def label(self) -> str:
        return label(self.id)


def move(verb: str, facts: Facts, roles: Set[Role], now: datetime) -> str:
    """The state a verb leads to from here for somebody with these roles. Raises `NotAllowed` or `Conflict`.

    The role is judged before the state: somebody who could never do this learns nothing about the request.
    """
    rule, state, owner = MOVES[verb], facts.state, facts.owner_name
    could_ever = rule.roles | {"staff"} if rule.roles & {"owner", "lead"} else rule.roles
    if not could_ever & roles:
        who = "the person who asked" if could_ever <= {"requester", "colleague"} else "staff"
        raise NotAllowed(f"Only {who} can do this.")
    if state not in rule.states:
        raise Conflict(_why_not_now(verb, facts, "owner" in roles))
    if not rule.roles & roles:
        raise NotAllowed(f"Only {owner or 'its owner'} or a lead can do this with {facts.label}.")
    if verb in ("close", "merge") and facts.owner_active and not roles & {"owner", "lead"}:
        raise NotAllowed(f"{facts.label} is with {owner}. Only they or a lead can close it.")
    is_too_late = facts.ended_at is not None and now - facts.ended_at > REOPEN_WITHIN
    if verb == "reopen" and is_too_late and "staff" not in roles:
        ended = f"{facts.label} ended more than {REOPEN_WITHIN.days} days ago."
        raise Conflict(f"{ended} Please send a new request and mention {facts.label}.")
    depends = {
        CAME_FROM: facts.came_from or IN_PROGRESS,
        REOPENED: IN_PROGRESS if facts.owner_active else TRIAGED,
        BEGUN: IN_PROGRESS if state in RUNNING else state,
        SAME: state,
    }
    return depends.get(rule.to, rule.to)


def remembered_state(verb: str, state: str, came_from: str, to: str) -> str:
    """The state a wait will return to; empty when nothing is waited for.

    A question is a first reply, so an assigned request returns from it as one in progress.
    """
    if to not in WAITING:
        return ""
    if state in WAITING:
        return came_from
    return IN_PROGRESS if verb == "ask" and state == ASSIGNED else state


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


def check_addition(facts: Facts, roles: Set[Role]) -> None:
    """Whether words can be added. Raises why not, as the other checks do."""
    if not roles & {"requester", "colleague"}:
        raise NotAllowed("Only the person who asked can do this.")
    if facts.state == CLOSED:
        raise Conflict(f"{facts.label} is closed. Reopen it to add to it.")


def check_sharing(facts: Facts, roles: Set[Role]) -> None:
    """Whether somebody may add a colleague."""
    if not roles & {"requester", "staff"}:
        raise NotAllowed("Only the person who asked or staff can add a colleague.")
    if facts.state == CLOSED:
        raise Conflict(f"{facts.label} is closed. Reopen it to add a colleague.")


def check_removal(facts: Facts, roles: Set[Role]) -> None:
    """Whether somebody may take client details out, in every state."""
    if not roles & {"requester", "colleague", "owner", "lead"}:
        owner = f", {facts.owner_name}" if facts.owner_name else ""
        raise NotAllowed(f"Only the person who asked{owner} or a lead can do this with {facts.label}.")


def check_confiding(facts: Facts, roles: Set[Role], *, has_leads: bool) -> None:
    """Whether somebody may mark it confidential, in every state."""
    if not roles & {"requester", "colleague", "lead"}:
        raise NotAllowed("Only the person who asked or a lead can do this.")
    if not has_leads:
        nobody = f"No lead is named yet, so nobody could read {facts.label}."
        raise Conflict(f"{nobody} Ask an administrator to name one.")


def check_undo(facts: Facts, *, until: datetime | None, theirs: bool, now: datetime) -> None:
    """Whether this undo may be. `theirs`: they made the move, or are a lead."""
    if until is None:
        raise Conflict(f"There is nothing to undo on {facts.label}.")
    if now > until:
        minutes = int(UNDO_WINDOW.total_seconds() // 60)
        raise Conflict(f"That was more than {minutes} minutes ago. You can reopen {facts.label} instead.")
    if not theirs:
        raise NotAllowed("Only the person who did it, or a lead, can undo this.")


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
    return delivery_due is not None and state in RUNNING and now > delivery_due


def needs_care(text: str, phrases: Sequence[str]) -> bool:
    """Whether somebody may need help now: one of these phrases stands in the text.

    A phrase is the beginnings of words, in order, with up to two other words between: “need kit” is in “needs one kit”.
    """
    between = r"\w*\s+(?:\w+\s+){0,2}"
    patterns = (rf"\b{between.join(map(re.escape, phrase.split()))}" for phrase in phrases)
    return any(re.search(pattern, plain_signs(text), re.IGNORECASE) for pattern in patterns)


def label(ident: int) -> str:
    """What people say: `TA-1042`."""
    return f"TA-{ident + 1000}"


def subject(ident: int) -> str:
    """What messages about the request are about."""
    return f"request:{ident}"


NUMBER = re.compile(r"\s*#?\s*(?:ta)?[\s#-]*([0-9]+)\s*\.?\s*", re.IGNORECASE)


def parse_number(typed: str) -> int | None:
    """The id meant by `TA-1042`, `ta 1042` or `1042`; None when no request can be called that."""
    found = NUMBER.fullmatch(plain_signs(typed))
    ident = int(found[1]) - 1000 if found and len(found[1]) < 10 else 0
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


class Deed(NamedTuple):
    """A move that was made, as somebody else is told of it."""

    verb: str
    at: datetime
    by_name: str = ""
    whom_name: str = ""
    is_mine: bool = False


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
