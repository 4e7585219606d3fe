"""A request's owner, by the leads' rules: a new one's in the transaction that saves it, else by the clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from copbot.assistance import rules
from copbot.assistance.intake import tables as queries
from copbot.assistance.tables import RequestRow, areas_of, topics_of
from copbot.assistance.texts import RequestForm
from copbot.assistance.views.lists import candidates
from copbot.assistance.workflow.participants import settle
from copbot.assistance.workflow.transitions import move_by_clock, redraw, write_event
from copbot.delivery import service as delivery
from copbot.people import service as people
from copbot.routing import service as routing
from copbot.routing.rules import Decision, RoutedRequest, decide
from copbot.slack.person import Person
from copbot.store import Session, hold

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
    about = {"topics": form.topics, "areas": form.areas, "requester_id": person.id}
    return _decide(session, form, about, (), profile=profile, now=now)


def _decide(
    session: Session, asked: RequestForm | RequestRow, about: Mapping[str, Any], had: Collection[int],
    *, profile: Profile, now: datetime,
) -> Routed:  # fmt: skip
    """`had`: persons it does not go to, because they have had it."""
    request = RoutedRequest(
        **about,
        kind=asked.kind,
        urgent=profile.is_urgent(asked.by_when),
        language=people.language_of(session, about["requester_id"]),
        confidential=asked.confidential,
    )
    exceptions = routing.lock_rules(session)
    staff = candidates(session, profile, now)
    leads = tuple(each.user for each in staff if each.is_lead and each.id != request.requester_id)
    others = [each for each in staff if each.id not in had]
    found = decide(request, exceptions, others, profile)
    if found.to is None and len(others) < len(staff):
        found = Decision(None, "nobody else can take it now")
    return Routed(found, leads)


def route_next(session: Session, *, now: datetime, profile: Profile) -> int:
    """With routing on, a request that was given back, reopened or left goes to somebody who has not had it yet.

    When there is nobody, leads are told once. Returns 1, or 0 when no request waits for this.
    """
    for ident in queries.ids_that_came_back(session) if routing.is_on(session) else ():
        row = hold(session, RequestRow, ident)
        if row.owner_id is not None or row.state != rules.TRIAGED or row.staff_channel is None:
            continue
        topics, areas = (tuple(of(session, (ident,)).get(ident, ())) for of in (topics_of, areas_of))
        about = {"topics": topics, "areas": areas, "requester_id": row.requester_id}
        routed = _decide(session, row, about, queries.had_by(session, ident), profile=profile, now=now)
        to, why = routed.decision
        if to is None:
            event = write_event(session, row, "unrouted", None, now, came=row.state, why=why)
            redraw(session, row, now)
        else:
            whom, of = people.person_of(session, to.id), {"owner_id": to.id, "assigned_at": now}
            event = move_by_clock(
                session, row, "route", profile=profile, now=now, whom=whom, told=True, columns=of, why=why
            )
            settle(session, row, now)
        delivery.say_all(session, news(event, routed), now=now)
        return 1
    return 0


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
