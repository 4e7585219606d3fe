"""What presses goes to the backup of whoever is away; a lead moves all that somebody has. One request at a time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from copbot.assistance import rules, tables
from copbot.assistance.covering import tables as queries
from copbot.assistance.covering.values import Move
from copbot.assistance.tables import RequestRow
from copbot.assistance.views.lists import candidates
from copbot.assistance.workflow.confidential import settle
from copbot.assistance.workflow.service import hand_over
from copbot.assistance.workflow.transitions import move_by_clock, tell_staff
from copbot.errors import Conflict, InvalidInput
from copbot.jobs import service as jobs
from copbot.people import service as people
from copbot.routing import service as routing
from copbot.routing.rules import cover_for
from copbot.slack.person import Person
from copbot.store import Session, hold

if TYPE_CHECKING:
    from copbot.program.profile import Profile

MOVE_ALL = "assistance.move_all"
_WORKED_ON = (rules.ASSIGNED, rules.IN_PROGRESS)


def cover_next(session: Session, *, profile: Profile, now: datetime) -> int:
    """With routing on, one urgent or late request of somebody away goes to their backup: 1, or 0 when there is none."""
    if not routing.is_on(session):
        return 0
    staff = {each.id: each for each in candidates(session, profile, now)}
    away = [each.id for each in staff.values() if each.away_until and each.backup]
    urgent = [each.id for each in profile.by_when if each.urgent]
    for ident in queries.pressing(session, away, _WORKED_ON, urgent, tables.is_late(now)) if away else ():
        row = hold(session, RequestRow, ident)
        owner = staff.get(row.owner_id or 0)
        backup = cover_for(owner, staff, confidential=row.confidential) if owner else None
        if owner is None or backup is None or backup.id == row.requester_id or not owner.away_until:
            continue
        whom, why = people.person_of(session, backup.id), f"as backup: {owner.name} {owner.obstacle}"
        of = {"owner_id": backup.id, "assigned_at": now}
        told = row.requester_id != owner.id
        event = move_by_clock(
            session, row, "cover", profile=profile, now=now, whom=whom, told=told, changes=of, why=why
        )
        if event:
            settle(session, row, now)
            tell_staff(session, "request.yours", whom, event, now)
            return 1
    return 0


def move_all(session: Session, *, owner_id: int, to: int, by: Person, key: str, now: datetime) -> Move:
    """A lead has all that somebody has handed over. Raises `InvalidInput` at `to`."""
    if to == owner_id:
        words = "They have these already. Choose somebody else."
        raise InvalidInput(words, {"to": words})
    owner, whom = people.person_of(session, owner_id), people.person_of(session, to)
    rows = [session.get_one(RequestRow, ident) for ident in queries.owned(session, owner_id, rules.OPEN)]
    kept = 0 if whom.is_lead else sum(row.confidential for row in rows)
    args = {"owner": owner_id, "to": to, "by": by.id}
    jobs.enqueue(session, MOVE_ALL, key=f"{MOVE_ALL}:{key}", by=by.user, args=args, now=now)
    return Move(owner.name, whom.name, len(rows) - kept, kept)


def move_next(
    session: Session, *, owner_id: int, to: int, by_id: int, after: int, profile: Profile, now: datetime
) -> int:
    """The next of somebody's open requests after this id is handed over; its id, 0 when there are no more."""
    by, whom = people.person_of(session, by_id), people.person_of(session, to)
    found = queries.owned(session, owner_id, rules.OPEN, after)
    if not (found and by.is_lead and whom.is_staff):
        return 0
    if whom.is_lead or not hold(session, RequestRow, found[0]).confidential:
        try:
            hand_over(session, to=to, request_id=found[0], person=by, now=now, profile=profile)
        except (Conflict, InvalidInput):
            return found[0]  # somebody was faster
    return found[0]


def has_open(session: Session, owner_id: int) -> int:
    return len(queries.owned(session, owner_id, rules.OPEN))
