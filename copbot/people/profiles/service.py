"""What people say of themselves, what they agreed to, and finding people by it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal

from copbot.errors import NotAllowed, check_fields
from copbot.people import rules, tables
from copbot.people.service import agency_known
from copbot.people.tables import PersonRow
from copbot.people.values import PersonProfile
from copbot.program.profile import Profile
from copbot.slack.person import Person
from copbot.slack.text import clean
from copbot.store import Session, hold, journal

Consent = Literal["found", "shares"]
"""May be found by others as somebody to ask; may answers be shared, without their name, with everybody."""


def profile_of(session: Session, person_id: int) -> PersonProfile:
    row = session.get_one(PersonRow, person_id)
    agency = agency_known(session, row.agency_id) if row.agency_id is not None else None
    return PersonProfile(
        id=row.id,
        user=row.user,
        name=row.name,
        tz=row.tz,
        agency=agency,
        not_agency=row.not_agency,
        areas=tuple(row.areas),
        role=row.role,
        topics=tuple(row.topics),
        language=row.language,
        may_be_found=row.found_since is not None,
        may_share=row.shares_since is not None,
    )


def describe(
    session: Session,
    person: Person,
    *,
    profile: Profile,
    now: datetime,
    agency_id: int | None = None,
    not_agency: bool | None = None,
    areas: Sequence[str] | None = None,
    role: str | None = None,
    topics: Sequence[str] | None = None,
    language: str | None = None,
) -> PersonProfile:
    """A person changes what is given; None leaves it as it is. `not_agency=True` leaves the agency.

    Raises `InvalidInput` by field: agency, areas, role, topics, language.
    """
    faults = rules.profile_faults(profile, areas=areas, topics=topics, role=role, language=language)
    agency = agency_known(session, agency_id) if agency_id is not None else None
    if agency_id is not None and agency is None:
        faults["agency"] = "Please choose an agency from the list."
    check_fields(faults)
    row = hold(session, PersonRow, person.id)
    if agency is not None or not_agency:
        row.agency_id, row.not_agency = (None, True) if not_agency else (agency.id if agency else None, False)
    if areas is not None:
        tables.set_list(session, row, "areas", list(dict.fromkeys(areas)))
    if topics is not None:
        tables.set_list(session, row, "topics", list(dict.fromkeys(topics)))
    row.role = row.role if role is None else " ".join(clean(role).split())
    row.language = row.language if language is None else language
    session.flush()
    _note(session, person, now, "described")
    return profile_of(session, person.id)


def consent(session: Session, person: Person, what: Consent, *, given: bool, now: datetime) -> bool:
    """Give or take back; whether that changed anything. Taking back counts at once, for everything from then on."""
    if person.is_guest and given and what == "found":
        raise NotAllowed("Only full members of this workspace can be found by others.")
    row = hold(session, PersonRow, person.id)
    name = f"{what}_since"
    if (getattr(row, name) is not None) == given:
        return False
    setattr(row, name, now if given else None)
    session.flush()
    _note(session, person, now, f"{what} {'given' if given else 'taken back'}")
    return True


def audience(
    session: Session,
    *,
    profile: Profile,
    topics: Collection[str] = (),
    areas: Collection[str] = (),
    kinds: Collection[str] = (),
    agreed: Consent | None = None,
) -> tuple[int, ...]:
    """Persons' ids: any of the topics, and in any of the areas, and with an agency of any of the kinds.

    An empty dimension asks for nothing. A county reaches those of its region and of the whole state, a region
    its counties. Guests, strangers, bots, deactivated and foreign people are never in it.
    """
    reached = rules.areas_reached(profile, areas)
    if areas and not reached:
        return ()
    return tables.audience(session, topics=set(topics), areas=reached, kinds=set(kinds), agreed=agreed)


def _note(session: Session, person: Person, now: datetime, why: str) -> None:
    subject = f"person:{person.id}"
    journal.record(session, at=now, actor=person.user, entrance="person", subject=subject, why=why)
