"""Agencies as staff keep them: kind, area, eligibility; one row where two turned out to be the same."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from copbot.errors import Conflict, InvalidInput, NotAllowed, NotFound, check_fields
from copbot.jobs import service as jobs
from copbot.people import rules
from copbot.people.agencies import tables
from copbot.people.tables import AgencyRow
from copbot.people.values import Agency, AgencyFacts
from copbot.program.profile import Profile
from copbot.program.settings.service import choice, choose
from copbot.slack.person import Person
from copbot.store import Page, Session, find_row, hold, insert_once, journal

PAGE = 10
COMPARE = "people.compare_agencies"
"""The job that looks for agencies that are one."""
MOST_COMPARED, MOST_PAIRS = 2000, 100
_PAIRS = "agency_pairs"


def agency_facts(session: Session, agency_id: int) -> AgencyFacts:
    """One agency; for an id that was merged away, the one that stands for it."""
    row = _row(session, agency_id)
    return _facts(row, tables.people_in(session, [row.id]), tables.also_called(session, [row.id]))


def agencies(session: Session, *, after: int | None = None) -> Page[AgencyFacts]:
    """All of them in the order they were added, ten a page."""
    rows = tables.agencies_after(session, after or 0, PAGE + 1)
    shown = rows[:PAGE]
    ids = [row.id for row in shown]
    people, also = tables.people_in(session, ids), tables.also_called(session, ids)
    return Page(tuple(_facts(row, people, also) for row in shown), ids[-1] if len(rows) > PAGE else None)


def probably_the_same(session: Session, most: int = 10) -> tuple[tuple[Agency, Agency], ...]:
    """Pairs spelt so alike that somebody should look: the newer first, the one that would stay second.

    As the last comparison found them: comparing all with all takes too long for somebody who waits.
    """
    pairs: list[list[int]] = choice(session, _PAIRS, {}).get("pairs", [])
    rows = tables.separate_agencies(session, {each for pair in pairs for each in pair})
    standing = [pair for pair in pairs if pair[0] in rows and pair[1] in rows][:most]
    value = {ident: Agency(ident, row.name) for ident, row in rows.items()}
    return tuple((value[newer], value[older]) for newer, older in standing)


def names_to_compare(session: Session) -> list[tuple[int, str]]:
    """Ids and normalized names; none when the last comparison was of the same."""
    names = tables.newest_agency_keys(session, most=MOST_COMPARED)
    return [] if choice(session, _PAIRS, {}).get("of") == _digest(names) else names


def keep_pairs(
    session: Session, names: Sequence[tuple[int, str]], pairs: Sequence[tuple[int, int]], *, now: datetime
) -> None:
    value = {"of": _digest(names), "pairs": [list(pair) for pair in pairs[:MOST_PAIRS]]}
    choose(session, _PAIRS, value, by="agencies compared", now=now)


def _digest(names: Sequence[tuple[int, str]]) -> str:
    return hashlib.sha256(repr(list(names)).encode()).hexdigest()


def describe_agency(
    session: Session,
    agency_id: int,
    *,
    profile: Profile,
    by: Person,
    now: datetime,
    name: str | None = None,
    kind: str | None = None,
    area: str | None = None,
    eligible: bool | None = None,
    seen: str | None = None,
) -> AgencyFacts:
    """Staff change what is given; None leaves it as it is. A former name keeps finding the agency.

    `seen`: the state that the form was opened with. Raises `InvalidInput` by field (name, kind, area) and `Conflict`.
    """
    _allow(by)
    check_fields(rules.agency_faults(profile, name=name, kind=kind, area=area))
    row = hold(session, AgencyRow, _row(session, agency_id).id)
    if seen is not None and seen != _facts(row, {}, {}).state:
        raise Conflict(
            "Somebody else changed this agency after you opened it. Your change is not saved yet: look at the "
            "current entry, then save again."
        )
    if name is not None and rules.agency_name(name) != row.name:
        _rename(session, row, rules.agency_name(name))
        jobs.enqueue(session, COMPARE, key=f"{COMPARE}:{row.id}:{now.isoformat()}", now=now)
    row.kind = row.kind if kind is None else kind
    row.area = row.area if area is None else area
    row.eligible = row.eligible if eligible is None else eligible
    session.flush()
    _note(session, row.id, by, now, "described")
    return agency_facts(session, row.id)


def merge(session: Session, agency_id: int, *, into: int, by: Person, now: datetime) -> AgencyFacts:
    """The first is the same as the second: everything that points to it points there, in this transaction.

    Its name keeps finding the one that stays. What only the first had (kind, area, eligibility) goes along.
    """
    _allow(by)
    goes, stays = _row(session, agency_id).id, _row(session, into).id
    if goes == stays:
        raise InvalidInput("These are already the same agency.", {"into": "Please choose another agency."})
    held = {ident: hold(session, AgencyRow, ident) for ident in sorted((goes, stays))}
    gone, kept = held[goes], held[stays]
    if gone.merged_into is not None or kept.merged_into is not None:  # while we waited for the rows
        return merge(session, agency_id, into=into, by=by, now=now)
    kept.kind = gone.kind if kept.kind == "other" else kept.kind
    kept.area = kept.area or gone.area
    kept.eligible = gone.eligible if kept.eligible is None else kept.eligible
    gone.merged_into = stays
    session.flush()
    tables.move_references(session, goes, stays)
    _note(session, stays, by, now, f"agency:{goes} merged into it")
    return agency_facts(session, stays)


def _rename(session: Session, row: AgencyRow, name: str) -> None:
    key = rules.agency_key(name)
    there = find_row(session, AgencyRow, name_key=key)
    if there is not None and row.id not in (there.id, there.merged_into):
        raise InvalidInput.at(
            "name", "There is already an agency with that name. If they are the same, merge them."
        )
    before = (row.name, row.name_key)
    if there is not None and there.id != row.id:  # one of its former names: the two change places
        there.name_key = ""
        session.flush()
        row.name, row.name_key = name, key
        session.flush()
        there.name, there.name_key = before
    elif key == row.name_key:
        row.name = name
    else:
        row.name, row.name_key = name, key
        session.flush()
        insert_once(session, AgencyRow, name=before[0], name_key=before[1], merged_into=row.id)
    session.flush()


def _row(session: Session, agency_id: int) -> AgencyRow:
    row = session.get(AgencyRow, agency_id)
    if row is not None and row.merged_into is not None:
        row = session.get(AgencyRow, row.merged_into)
    if row is None:
        raise NotFound("That agency no longer exists.")
    return row


def _facts(row: AgencyRow, people: dict[int, int], also: dict[int, list[str]]) -> AgencyFacts:
    count, names = people.get(row.id, 0), tuple(also.get(row.id, ()))
    return AgencyFacts(row.id, row.name, row.kind, row.area, row.eligible, count, names)


def _allow(by: Person) -> None:
    if not by.is_staff:
        raise NotAllowed("Only staff can change agencies.")


def _note(session: Session, agency_id: int, by: Person, now: datetime, why: str) -> None:
    subject = f"agency:{agency_id}"
    journal.record(session, at=now, actor=by.user, entrance="agency", subject=subject, why=why)
