"""What can be done with people: know who presses, keep the list of staff, find an agency, remember a form."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from copbot.delivery import service as delivery
from copbot.delivery.readers import READERS
from copbot.errors import Conflict, InvalidInput, NotAllowed, NotFound
from copbot.jobs import service as jobs
from copbot.people import rules, tables
from copbot.people.slack_user import FLAGS, Flags, from_slack, is_whole
from copbot.people.tables import AgencyRow, PersonRow, StaffRow
from copbot.people.values import Agency, Remembered, Staff, StaffChange, StaffChannel
from copbot.program.settings.service import choice, choices, choose, chosen
from copbot.slack.entrances import LARGEST, NOT_THERE
from copbot.slack.person import Person
from copbot.store import Session, insert_once, journal, new_uid, note

RENAMED = "people.renamed"
"""The job after somebody's name has changed; its argument `person` is the row's id."""
_ENOUGH = 5
"""With fewer names than this that hold the typed words, names spelt nearly so are offered as well."""
has_lead = tables.has_lead


def identify(
    session: Session,
    user: str,
    seen: Mapping[str, Any] | None = None,
    home_team: str = "",
    *,
    named: Collection[str] = (),
    zone: str = "UTC",
    now: datetime | None = None,
) -> Person | None:
    """Who this Slack user is; None for one never seen. With `seen`, Slack's user object, it learns first.

    `named` are the administrators the environment names.
    """
    if seen is not None and seen.get("id") == user:
        learn(session, [seen], home_team=home_team, zone=zone, now=now)
    found = tables.person_and_staff(session, user)
    return None if found is None else _person(*found, named)


def person_of(session: Session, person_id: int, *, named: Collection[str] = ()) -> Person:
    """The person of a row's id, as they are now."""
    found = identify(session, session.get_one(PersonRow, person_id).user, named=named)
    assert found is not None
    return found


def stand_in(session: Session, zone: str) -> Person:
    """Nobody: who stands as the author of what came out of earlier records."""
    about = {"name": "Earlier records", "tz": zone, "is_bot": True, "is_deleted": True}
    insert_once(session, PersonRow, user="earlier_records", **about)
    found = identify(session, "earlier_records")
    assert found is not None
    return found


def learn(
    session: Session,
    seen: Sequence[Mapping[str, Any]],
    *,
    home_team: str,
    now: datetime | None,
    zone: str = "UTC",
    only_known: bool = False,
) -> int:
    """Take over what Slack says of these users; how many rows are new or changed.

    What it leaves unsaid changes nothing; somebody unknown of whom it says too little is not added. With `only_known`
    nobody is added but administrators: names of people who never came near are not ours to keep.
    """
    told = {str(each["id"]): each for each in seen if isinstance(each.get("id"), str)}
    known = tables.persons_by_user(session, told.keys())
    changed = 0
    for user, each in told.items():
        row = known.get(user)
        flags = from_slack(each, home_team, zone, None if row is None else flags_of(row))
        if flags is None:
            continue
        if row is not None:
            changed += _overwrite(session, row, flags, now)
        elif not only_known or rules.is_admin(flags, ()):
            changed += insert_once(session, PersonRow, seen_at=now, **asdict(flags)) is not None
    session.flush()
    if now is not None:
        whole = [user for user in known if is_whole(told[user], home_team)]
        tables.mark_seen(session, whole, now)
    return changed


def agencies_like(session: Session, words: str, limit: int = 25) -> tuple[Agency, ...]:
    """The agencies whose names come nearest to the words, best first; without words the most used."""
    key = rules.agency_key(words)
    if not key:
        return tuple(_agency(row) for row in tables.agencies_most_used(session, limit))
    found = tables.agency_keys(session, key.split()[:8], most=500)
    if len(found) < _ENOUGH:
        found = tables.agency_keys(session, (), most=5000)
    best = rules.closest(key, found, limit)
    return tuple(_agency(row) for row in tables.agencies_by_id(session, best))


def agency_named(session: Session, name: str) -> Agency:
    """The agency of that name, added when there is none yet. Raises `InvalidInput`."""
    if trouble := rules.agency_trouble(name):
        raise InvalidInput.at("agency", trouble)
    shown, key = rules.agency_name(name), rules.agency_key(name)
    insert_once(session, AgencyRow, name=shown, name_key=key)
    row = tables.agency_by_key(session, key)
    assert row is not None  # it stood before, or it was just added
    return _agency(row)


def agency_found(session: Session, name: str) -> Agency | None:
    """The agency that is called so, whatever the spelling."""
    row = tables.agency_by_key(session, rules.agency_key(name))
    return None if row is None else _agency(row)


def agency_known(session: Session, agency_id: int) -> Agency | None:
    """The agency of this id; for one that was merged into another, that other one."""
    found = tables.standing_agency(session, agency_id) if agency_id <= LARGEST else None
    return None if found is None else Agency(*found)


def remember(
    session: Session, person_id: int, *, agency_id: int | None, not_agency: bool, areas: Sequence[str]
) -> None:
    """Keep what the form will fill in next time, where nothing is kept yet.

    Somebody who asks once for another agency has not moved there: they change their profile themselves.
    """
    row = session.get_one(PersonRow, person_id)
    if row.agency_id is None and not row.not_agency:
        row.agency_id, row.not_agency = agency_id, not_agency
    if not row.areas:
        tables.set_list(session, row, "areas", list(areas))


def remembered(session: Session, person_id: int) -> Remembered:
    row = session.get(PersonRow, person_id)
    if row is None:
        return Remembered()
    agency = agency_known(session, row.agency_id) if row.agency_id is not None else None
    return Remembered(agency, row.not_agency, tuple(row.areas))


def language_of(session: Session, person_id: int) -> str:
    """What somebody reads, empty for the program's own language."""
    row = session.get_one(PersonRow, person_id)
    session.info[PersonRow, row.user] = row  # it is asked for again
    return row.language


def staff_list(session: Session) -> tuple[Staff, ...]:
    return _staff(tables.active_staff(session))


def leads(session: Session) -> tuple[Staff, ...]:
    """Those of active staff who are leads, by name."""
    return _staff(tables.active_staff(session, only_leads=True))


def _staff(found: Sequence[tuple[PersonRow, StaffRow]]) -> tuple[Staff, ...]:
    able = ((row, staff) for row, staff in found if flags_of(row).full_member)
    return tuple(Staff(row.id, row.user, row.name, staff.is_lead) for row, staff in able)


def staff_member(session: Session, chosen: str, *, field: str = "to") -> int:
    """The person's id for what a form's staff chooser holds: an id of ours or, from Slack's own list, a user id.

    Raises `InvalidInput` at `field` for somebody who is not staff (any more).
    """
    found = next((each.id for each in staff_list(session) if chosen in (str(each.id), each.user)), None)
    if found is None:
        raise InvalidInput.at(field, "Please choose somebody from staff.")
    return found


def set_staff(
    session: Session, member_ids: Collection[str], now: datetime, *, admit: bool = True
) -> StaffChange:
    """Replace the list of staff by the staff channel's members, whose every page must have been read.

    Guests, bots, deactivated and foreign people are never staff; when nobody else is left the old list stands.
    """
    before = tables.all_staff(session)
    members = tables.flags_by_person(session, member_ids)
    current = [person for person, active in before.items() if active]
    plan = rules.plan_staff(current, members, choice(session, "staff_excluded", []), admit=admit)
    if plan.refused:
        return StaffChange(refused_reason=plan.refused)
    tables.join_staff(session, plan.joining, before, now)
    tables.change_staff(session, plan.leaving, {"active": False, "left_at": now})
    _mark_leads(session)
    joined = tuple(members[person].user for person in plan.joining)
    return StaffChange(joined, tables.users_of(session, plan.leaving), first=not before)


def name_leads(
    session: Session, users: Sequence[str], *, by: Person, now: datetime, seen: int | None = None
) -> tuple[Staff, ...]:
    """An administrator names the leads; only staff become one. The leads as they now are.

    `seen` is the version of the choice that the administrator had in front of them.
    """
    if not by.is_admin:
        raise NotAllowed("Only an administrator can name the leads.")
    before = chosen(session, "leads")
    if seen is not None and before is not None and before.version != seen:
        words = "Somebody else named the leads after you opened this. Open it again to see who they are."
        raise Conflict(words)
    if choose(session, "leads", sorted(set(users)), by=by.user, now=now):
        _note(session, by, now, "choice:leads", "named")
        delivery.refresh(session, "leads", now=now)
    _mark_leads(session)
    named = leads(session)
    known = {by.user, *(before.value if before is not None else ())}
    for lead in named:
        if lead.user not in known:
            key = f"people.named_lead:{lead.user}:{now.isoformat()}"
            delivery.say(session, "people.named_lead", f"user:{lead.user}", to=lead.user, key=key, now=now)
    return named


def exclude(session: Session, user: str, *, by: Person, now: datetime) -> bool:
    """A lead takes somebody off the staff although they are in the channel; whether that changed anything.

    Raises `NotFound` for anybody who never was staff.
    """
    if not (by.is_lead or by.is_admin):
        raise NotAllowed("Only a lead can remove somebody from staff.")
    found = tables.person_and_staff(session, user)
    if found is None or found[1] is None:
        raise NotFound(NOT_THERE)
    excluded = choice(session, "staff_excluded", [])
    changed = choose(session, "staff_excluded", sorted({*excluded, user}), by=by.user, now=now)
    if found[1].active:
        found[1].active, found[1].left_at = False, now
        session.flush()
        note(session, READERS)
    return changed


def admins(session: Session, named: Sequence[str]) -> tuple[str, ...]:
    """Users to tell about the set-up: those the environment names, else the workspace's admins and owners."""
    return tuple(named) or tuple(tables.workspace_admins(session))


def staff_channel(session: Session) -> StaffChannel:
    return _channel(session, "staff_channel")


def notice_channel(session: Session) -> str | None:
    """Where notices go; None while requests are held."""
    channel = staff_channel(session)
    return channel.id if channel.id and not channel.problem else None


def leads_channel(session: Session) -> StaffChannel:
    """Where confidential requests go; without an id, or with a problem, they go to each lead by direct message."""
    return _channel(session, "leads_channel")


def _channel(session: Session, name: str) -> StaffChannel:
    chosen = choices(session, name, f"{name}_problem")
    ident = str(chosen.get(name, ""))
    return StaffChannel(ident, str(chosen.get(f"{name}_problem", "unchecked" if ident else "missing")))


def choose_leads_channel(session: Session, channel: str, *, by: Person, now: datetime) -> None:
    """A lead, who is in it, sets it, or an administrator. Nothing goes there until its members have been read."""
    if not (by.is_admin or by.is_lead):
        raise NotAllowed("Only a lead or an administrator can set the leads' channel.")
    _choose_channel(session, "leads_channel", channel, by, now)


def _choose_channel(session: Session, name: str, channel: str, by: Person, now: datetime) -> None:
    if choose(session, name, channel, by=by.user, now=now):
        choose(session, f"{name}_problem", "unchecked", by=by.user, now=now)
        _note(session, by, now, f"choice:{name}", "chosen")


def outsiders(session: Session, users: Collection[str]) -> str:
    """Why these members make a channel unfit for staff's notices, as a code; empty when they do not."""
    found = tables.flags_by_person(session, users).values()
    present = [flags for flags in found if not flags.is_deleted]
    if any(flags.is_foreign or flags.is_stranger for flags in present):
        return "shared"
    return "guests" if any(flags.is_guest for flags in present) else ""


def is_full_member(session: Session, user: str) -> bool | None:
    """Whether Slack says that they may be staff; None for somebody never seen."""
    row = tables.persons_by_user(session, [user]).get(user)
    return None if row is None else flags_of(row).full_member


def not_seen_since(session: Session, users: Collection[str], moment: datetime) -> tuple[str, ...]:
    """Those of the users whom the database does not know, or has not looked at since."""
    known = tables.persons_by_user(session, users)
    fresh = {user for user, row in known.items() if row.seen_at is not None and row.seen_at >= moment}
    return tuple(sorted(set(users) - fresh))


def set_staff_channel(session: Session, channel: str, problem: str, *, now: datetime) -> bool:
    """What a re-read found: the channel's id and why requests are held; whether the reason changed."""
    if channel:
        choose(session, "staff_channel", channel, by="staff re-read", now=now)
    return choose(session, "staff_channel_problem", problem, by="staff re-read", now=now)


def choose_staff_channel(
    session: Session, channel: str, *, by: Person, now: datetime, fixed: str = ""
) -> None:
    """An administrator sets the staff channel. Requests are held until its privacy has been read.

    `fixed` is what the environment says: it beats any choice, so none is taken.
    """
    if not by.is_admin:
        raise NotAllowed("Only an administrator can set the staff channel.")
    if fixed:
        raise Conflict("The staff channel is set by COPBOT_STAFF_CHANNEL, where the app runs.")
    _choose_channel(session, "staff_channel", channel, by, now)


def names_of(session: Session, users: Collection[str]) -> dict[str, str]:
    """What Slack users are called, those who are known; one query."""
    return {user: row.name for user, row in tables.persons_by_user(session, users).items()}


def name_of(session: Session, user: str) -> str:
    """What somebody is called, for a sentence; for what no person did, what did it."""
    return NOBODY.get(user) or names_of(session, [user]).get(user, "somebody else")


NOBODY = {"profile": "the program's file", "environment": "the environment", "staff re-read": "the app"}


def _note(session: Session, by: Person, now: datetime, subject: str, why: str) -> None:
    journal.record(session, at=now, actor=by.user, entrance="choice", subject=subject, why=why)


def _person(row: PersonRow, staff: StaffRow | None, named: Collection[str]) -> Person:
    flags = flags_of(row)
    is_staff = staff is not None and staff.active and flags.full_member
    return Person(
        id=row.id,
        user=row.user,
        name=row.name,
        tz=row.tz,
        is_admin=rules.is_admin(flags, named),
        is_staff=is_staff,
        is_lead=is_staff and staff is not None and staff.is_lead,
        is_guest=row.is_guest,
        refused=rules.refused_words(flags),
    )


def flags_of(row: PersonRow) -> Flags:
    """What Slack says of the person, as the database last heard it."""
    return Flags(**{name: getattr(row, name) for name in FLAGS})


def _overwrite(session: Session, row: PersonRow, flags: Flags, now: datetime | None) -> bool:
    different = [name for name in FLAGS if getattr(row, name) != getattr(flags, name)]
    for name in different:
        setattr(row, name, getattr(flags, name))
    if "name" in different and now is not None:
        # It may be a name that hurts: whatever we have posted is drawn again with the new one.
        key = f"{RENAMED}:{row.id}:{new_uid()}"
        jobs.enqueue(session, RENAMED, key=key, args={"person": row.id}, now=now)
    return bool(different)


def _mark_leads(session: Session) -> None:
    """Who is named and on the staff is a lead; who named them and when is kept with them."""
    session.flush()
    named = chosen(session, "leads")
    users, by, at = (set(named.value), named.by, named.at) if named else (set[str](), "", None)
    tables.mark_leads(session, users, by, at)


def _agency(row: AgencyRow) -> Agency:
    return Agency(row.id, row.name)
