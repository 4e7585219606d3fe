"""Where digests go and when: the program's to the channels that leads named, a community's to its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from copbot.delivery import service as delivery
from copbot.digests import rules as slots
from copbot.digests.editions import rules, tables
from copbot.digests.editions.rules import Digest
from copbot.digests.editions.tables import APPROVED, PROGRAM, WAITING, DigestChannelRow, DigestRow
from copbot.digests.rules import Schedule
from copbot.errors import Conflict, InvalidInput, NotAllowed
from copbot.jobs import service as jobs
from copbot.people import service as people
from copbot.program.profile import Profile
from copbot.program.settings.service import choice, choose
from copbot.resources.library import service as library
from copbot.slack.person import Person
from copbot.store import Session, find_row, hold, hold_row, insert_once, journal

NOWHERE = "digests.nowhere"
NOT_IN = "digests.not_in"
JOIN = "digests.join"
APPROVAL, STOPPED, NOWHERE_WANTED = "digest_approval", "digests_stopped", "digest_nowhere"


def find(session: Session, owner: str, profile: Profile, now: datetime) -> Digest | None:
    """A digest by its owner, without making it."""
    row = find_row(session, DigestRow, owner=owner)
    return None if row is None else digest_value(session, row, profile, now)


def send_here(session: Session, channel: str, *, person: Person, profile: Profile, now: datetime) -> Digest:
    """The program's digest goes to this channel from now on; it starts with the next slot."""
    if not channel.startswith(("C", "G")):
        raise InvalidInput("Type this in the channel that should get the digest.")
    insert_once(session, DigestRow, owner=PROGRAM, since=now)
    row = _held(session, PROGRAM)
    if not tables.channels_of(session, row.id):
        row.since, row.active = now, True
    insert_once(session, DigestChannelRow, digest_id=row.id, channel=channel, by=person.user, at=now)
    # The app can only post where it is; it goes in before the first edition, not at it.
    args = {"channel": channel, "lead": person.user}
    jobs.enqueue(session, JOIN, key=f"{JOIN}:{channel}:{now.isoformat()}", by=person.user, args=args, now=now)
    note(session, person.user, now, f"channel:{channel}", "gets the digest")
    return digest_value(session, row, profile, now)


def not_here(session: Session, channel: str, *, person: Person, profile: Profile, now: datetime) -> Digest:
    """The program's digest no longer goes to this channel. Raises `Conflict` when it did not."""
    row = find_row(session, DigestRow, owner=PROGRAM)
    if row is None or not tables.remove_channel(session, hold(session, DigestRow, row.id).id, channel):
        raise Conflict("This channel doesn't get the digest.")
    note(session, person.user, now, f"channel:{channel}", "no longer gets the digest")
    return digest_value(session, row, profile, now)


def reschedule(
    session: Session, owner: str, schedule: Schedule, *, active: bool, person: Person, profile: Profile, now: datetime
) -> Digest:  # fmt: skip
    """Change a digest's day, hour or rhythm, or switch it off or on. An edition that is composed keeps its time."""
    need_care(session, owner, person)
    row = _held(session, owner)
    if active and not row.active:
        row.since = now
    row.rhythm, row.weekday, row.at = schedule.rhythm, schedule.weekday, f"{schedule.at:%H:%M}"
    row.active, row.changed_by = active, person.user
    why = f"{row.rhythm} {row.weekday} {row.at} {'on' if active else 'off'}"
    note(session, person.user, now, f"digest:{row.id}", why)
    return digest_value(session, row, profile, now)


def follow_communities(session: Session, *, now: datetime) -> int:
    """Give each community that wants a digest its own, and switch off those of communities that do not; how many."""
    changed = 0
    for wanted in (True, False):
        for community in tables.communities(session, wanted):
            owner = f"community:{community.id}"
            row = find_row(session, DigestRow, owner=owner)
            if row is None and wanted:
                insert_once(session, DigestRow, owner=owner, since=now)
                changed += 1
            elif row is not None and row.active and not wanted:
                row.active = False
                changed += 1
    return changed


def approval(session: Session) -> str:
    """Whether leads approve editions first: off, send (without an answer it goes out) or hold."""
    said = str(choice(session, APPROVAL, "off"))
    return said if said in rules.APPROVALS else "off"


def choose_approval(session: Session, value: str, *, person: Person, now: datetime) -> None:
    if value not in rules.APPROVALS:
        raise InvalidInput("Choose one of the three.")
    choose(session, APPROVAL, value, by=person.user, now=now)


def is_stopped(session: Session) -> bool:
    """Whether a lead has stopped the sending of digests, to channels and to members."""
    return bool(choice(session, STOPPED, False))


def stop_sending(session: Session, *, person: Person, now: datetime) -> None:
    """What is not sent yet waits, for at most a day, until somebody lets it go on."""
    choose(session, STOPPED, True, by=person.user, now=now)
    note(session, person.user, now, "digests", "sending stopped")


def send_on(session: Session, kinds: Sequence[str], *, person: Person, now: datetime) -> int:
    """Sending goes on; how many messages had waited. What is over for more than a day stays unsent."""
    choose(session, STOPPED, False, by=person.user, now=now)
    note(session, person.user, now, "digests", "sending goes on")
    return delivery.again(session, kinds, rules.STOPPED, now=now)


def may_care(session: Session, owner: str, person: Person) -> bool:
    """Staff's leads may press for every digest, a community's lead for its own."""
    row = tables.community(session, owner)
    return person.is_lead or (row is not None and row.lead == person.user)


def need_care(session: Session, owner: str, person: Person) -> None:
    """Raises `NotAllowed` for anybody else."""
    if not may_care(session, owner, person):
        raise NotAllowed("Only a lead, or the lead of this community, can do this.")


def nowhere_wanted(session: Session) -> bool:
    """Whether somebody said that no channel is to get the program's digest."""
    return bool(choice(session, NOWHERE_WANTED, False))


def want_nowhere(session: Session, *, person: Person, now: datetime) -> None:
    choose(session, NOWHERE_WANTED, True, by=person.user, now=now)


def all_digests(session: Session, profile: Profile, now: datetime) -> tuple[Digest, ...]:
    """Every digest that goes, or went, somewhere; the program's first."""
    return tuple(digest_value(session, row, profile, now) for row in tables.all_digests(session))


def named_channels(session: Session) -> tuple[str, ...]:
    """The channels to which leads send the program's digest."""
    row = find_row(session, DigestRow, owner=PROGRAM)
    return () if row is None else tuple(tables.channels_of(session, row.id))


def tell_nowhere(session: Session, *, profile: Profile, now: datetime) -> bool:
    """Once, when there is something to send and no channel was named, leads are told how to name one."""
    if nowhere_wanted(session) or not library.has_any(session):
        return False
    if any(digest.channels for digest in all_digests(session, profile, now)):
        return False
    for lead in people.leads(session):
        key = f"{NOWHERE}:{lead.user}"
        delivery.say(session, NOWHERE, "digests", to=lead.user, key=key, now=now, unasked=True)
    return True


def _held(session: Session, owner: str) -> DigestRow:
    return hold_row(session, DigestRow, "This digest is no longer there.", owner=owner)


def digest_value(session: Session, row: DigestRow, profile: Profile, now: datetime) -> Digest:
    schedule = slots.schedule_of(profile.time_zone, row.rhythm, row.weekday, row.at)
    name, channels = "", tables.channels_of(session, row.id)
    if row.owner != PROGRAM:
        community = tables.community(session, row.owner)
        name = community.name if community else ""
        channels = [community.channel] if community and community.channel and community.digest else []
    newest, run = tables.newest_editions(session, row.id, rules.EMPTY_IN_A_ROW), None
    if row.active and channels:
        run = slots.next_slot(schedule, now, tables.periods(session, row.id)).at
        run = newest[0].due_at if newest and newest[0].state in (WAITING, APPROVED) else run
    empty = rules.empty_in_a_row([(each.state, each.why) for each in newest])
    return Digest(row.id, row.owner, name, schedule, row.active, tuple(channels), run, empty)


def note(session: Session, by: str, now: datetime, subject: str, why: str) -> None:
    session.flush()
    journal.record(session, at=now, actor=by or "digests", entrance="digests", subject=subject, why=why)
