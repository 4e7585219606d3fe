"""A new request's owner, by the leads' rules: decided, written down and told in the transaction that saves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from copbot.assistance import rules
from copbot.assistance.texts import RequestForm
from copbot.assistance.views.lists import candidates
from copbot.people import service as people
from copbot.routing import service as routing
from copbot.routing.rules import Decision, RoutedRequest, decide
from copbot.slack.person import Person
from copbot.store import Session

if TYPE_CHECKING:
    from copbot.program.profile import Profile

Said = tuple[str, str, str, str]
"""A message: its kind, subject, whom to, key."""


@dataclass(frozen=True)
class Routed:
    """`leads` are the users to tell when nobody gets it."""

    decision: Decision
    leads: tuple[str, ...]

    @property
    def owner_id(self) -> int | None:
        return self.decision.to.id if self.decision.to else None


def decided(session: Session, form: RequestForm, person: Person, profile: Profile, now: datetime) -> Routed:
    """Two statements: the rules, locked, so that turns and limits hold; and everybody on staff."""
    exceptions = routing.lock_rules(session)
    staff = candidates(session, profile, now)
    asked = RoutedRequest(
        topics=form.topics,
        areas=form.areas,
        kind=form.kind,
        urgent=profile.is_urgent(form.by_when),
        language=people.language_of(session, person.id),
        confidential=form.confidential,
        requester_id=person.id,
    )
    leads = tuple(each.user for each in staff if each.is_lead and each.id != person.id)
    return Routed(decide(asked, exceptions, staff, profile), leads)


def beginning(routed: Routed | None, now: datetime) -> dict[str, Any]:
    """The columns of a request that say who has it."""
    if routed is None or routed.owner_id is None:
        return {"state": rules.NEW}
    return {"state": rules.ASSIGNED, "owner_id": routed.owner_id, "assigned_at": now, "version": 2}


def first_events(
    request_id: int, person: Person, routed: Routed | None, now: datetime, verb: str = "received"
) -> list[dict[str, Any]]:
    """That it came, and who got it or why nobody did."""
    came = {
        "request_id": request_id, "at": now, "person_id": person.id, "verb": verb, "from_state": "",
        "to_state": rules.NEW, "version": 1, "whom_id": None, "why": None,
    }  # fmt: skip
    if routed is None:
        return [came]
    more: dict[str, Any] = {"verb": "unrouted"}
    if routed.owner_id is not None:
        more = {"verb": "route", "to_state": rules.ASSIGNED, "version": 2, "whom_id": routed.owner_id}
    return [came, {**came, "person_id": None, "from_state": rules.NEW, "why": routed.decision.why, **more}]


def news(event_id: int, routed: Routed | None) -> Sequence[Said]:
    """To whoever got it; when nobody did, to the leads. Each reads why."""
    if routed is None:
        return ()
    to = routed.decision.to
    kind, readers = ("request.yours", [to.user]) if to else ("request.unrouted", routed.leads)
    return [(kind, f"event:{event_id}", user, f"{kind}:{event_id}:{user}") for user in readers]
