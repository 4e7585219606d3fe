"""What readers do with resources: save, open, say useful or out of date, share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from copbot.communities import service as communities
from copbot.delivery import service as delivery
from copbot.errors import NotAllowed
from copbot.people import service as people
from copbot.program.profile import Profile
from copbot.resources.library import rules, service, tables
from copbot.resources.library.values import Resource, ResourceFields, Shown
from copbot.screening.rules import digits, street
from copbot.slack.person import Person
from copbot.store import Session, new_uid

OPENED, USEFUL, OUTDATED, SHARED = "opened", "useful", "outdated", "shared"
MOST_SAVED = 40


def shown(session: Session, uid: str, person: Person) -> Shown:
    """Raises `NotFound` for what is not theirs to read."""
    found = service.readable(session, uid, person)
    alike: Sequence[Resource] = ()
    if person.is_staff and found.state == rules.DRAFT:
        alike = service.doubles(session, ResourceFields(title=found.title, url=found.url), but=uid)
    is_saved = tables.is_saved(session, person.id, found.id)
    return Shown(found, is_saved, channels_of(session, person), tuple(alike))


def is_known_contact(session: Session, kind: str, written: str) -> bool:
    """Whether a published service has this phone, or stands at this address: then it is nobody's own."""
    if kind == "phone":
        number = digits(written)
        rows = tables.phones_with(session, number[-4:])
        return any(digits(each) == number for phones in rows for each in phones)
    if kind == "address":
        known = tables.addresses_from(session, written.split(maxsplit=1)[0])
        return any(street(each) == street(written) for each in known)
    return False


def toggle_saved(session: Session, uid: str, *, person: Person, now: datetime) -> Shown:
    """Save it, or no longer."""
    found = service.readable(session, uid, person)
    if not tables.save(session, person.id, found.id, now):
        tables.unsave(session, person.id, found.id)
    return shown(session, uid, person)


def saved(session: Session, person: Person) -> tuple[Resource, ...]:
    return tuple(service.value_of(row) for row in tables.saved(session, person.id, MOST_SAVED))


def opened(session: Session, uid: str, *, person: Person, profile: Profile, now: datetime) -> None:
    """One more time that its link was opened; nobody is told by whom."""
    found = service.readable(session, uid, person)
    tables.count(session, found.id, month_of(profile, now), OPENED)


def useful(session: Session, uid: str, *, person: Person, profile: Profile, now: datetime) -> None:
    """Its owner reads how many found it useful this month, in one message that is kept up to date."""
    found = service.readable(session, uid, person)
    month = month_of(profile, now)
    tables.count(session, found.id, month, USEFUL)
    subject = f"useful:{found.uid}:{month:%Y-%m}"
    _tell(session, "resources.useful", found, subject=subject, key=subject, now=now, unasked=True)


def outdated(session: Session, uid: str, *, person: Person, profile: Profile, now: datetime) -> None:
    """Its owner is asked to look at it: once until they have, whoever else says so."""
    found = service.readable(session, uid, person)
    tables.count(session, found.id, month_of(profile, now), OUTDATED)
    key = f"{found.uid}:{found.version}"
    _tell(session, "resources.outdated", found, subject=f"resource:{found.uid}", key=key, now=now)


def share(
    session: Session, uid: str, channel: str, *, person: Person, profile: Profile, now: datetime
) -> None:
    """Post it into a community's channel that the person is in. Raises `NotAllowed` for any other."""
    found = service.readable(session, uid, person)
    if channel not in channels_of(session, person) or found.state != rules.PUBLISHED:
        raise NotAllowed("You can share published resources into communities that you have joined.")
    tables.count(session, found.id, month_of(profile, now), SHARED)
    subject, key = f"share:{found.uid}:{person.user}", f"resources.shared:{new_uid()}"
    delivery.say(session, "resources.shared", subject, to=channel, key=key, now=now)


def tell_gap(session: Session, topic: str, area: str, *, profile: Profile, now: datetime) -> None:
    """Staff read what is missing, as topic and area, never as typed: one message a month for each, kept up to date."""
    month = month_of(profile, now)
    tables.count_gap(session, month, topic, area)
    channel = people.notice_channel(session)
    if channel is not None:
        subject = f"gap:{month:%Y-%m}:{topic}:{area}"
        delivery.say(session, "resources.gap", subject, to=channel, key=f"resources.{subject}", now=now)
        delivery.refresh(session, subject, now=now)


def channels_of(session: Session, person: Person) -> dict[str, str]:
    """The channels of the communities that the person is in: id and name."""
    own, _more = communities.own(session, person.user)
    return {each.channel: each.name for each in own if each.channel}


def _tell(
    session: Session,
    kind: str,
    found: Resource,
    *,
    subject: str,
    key: str,
    now: datetime,
    unasked: bool = False,
) -> None:
    """To who looks after it: its owner while they are staff, else the staff channel; to nobody without either."""
    is_staff = any(each.user == found.owner for each in people.staff_list(session))
    to = found.owner if is_staff else people.notice_channel(session)
    if to:
        delivery.say(session, kind, subject, to=to, key=f"{kind}:{key}", now=now, unasked=unasked)
        delivery.refresh(session, subject, kind=kind, now=now)


def month_of(profile: Profile, now: datetime) -> date:
    """The first day of the program's month."""
    return profile.today(now).replace(day=1)
