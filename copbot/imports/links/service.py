"""Which links are due, what was found, and who is asked about those that are dead."""

from __future__ import annotations

from dataclasses import astuple
from datetime import datetime, timedelta
from itertools import chain, zip_longest

from copbot.delivery import service as delivery
from copbot.fetch.rules import NotFetched, target
from copbot.imports.links import rules, tables
from copbot.imports.links.rules import LinkState, Result
from copbot.imports.links.tables import LinkCheckRow
from copbot.people import service as people
from copbot.program.profile import Profile
from copbot.resources.library import reviewing
from copbot.resources.library import service as library
from copbot.resources.library.values import Resource, ResourceFields
from copbot.slack.person import Person
from copbot.store import Session, hold

DEAD_LINK = "imports.dead_link"
_WHY = "Its link is broken"
_ENLISTED_AT_ONCE = 1_000
_SPREAD = timedelta(days=30)


def enlist(session: Session, *, now: datetime) -> int:
    """Take resources that are new to link checks onto the list, spread over a month; how many."""
    rows = tables.unlisted(session, _ENLISTED_AT_ONCE)
    # Spread by id: a spreadsheet of 800 links is not asked for in one night, nor one host all at once.
    when = [now + _SPREAD * ((ident * 37 % 100) / 100) for ident, _ in rows]
    tables.enlist(session, [(ident, _host(url), at) for (ident, url), at in zip(rows, when, strict=True)])
    return len(rows)


def _host(url: str) -> str:
    try:
        return target(url).host[:255]
    except NotFetched:
        return ""


def due(session: Session, *, now: datetime, most: int) -> list[tables.DueLink]:
    """The links to look at now, hosts in turn so that none is asked twice in a row where others wait."""
    by_host: dict[str, list[tables.DueLink]] = {}
    for link in tables.due(session, now, most):
        by_host.setdefault(link[1], []).append(link)
    return [link for link in chain.from_iterable(zip_longest(*by_host.values())) if link is not None]


def found(session: Session, resource_id: int, result: Result, *, now: datetime) -> None:
    """Note what looking at a link said."""
    row = hold(session, LinkCheckRow, resource_id)
    state, row.next_at = rules.after(LinkState(row.result, row.misses, row.missed_since), result, now)
    row.result, row.misses, row.missed_since = astuple(state)
    row.checked_at = now
    if result == "ok" and row.asked_at is not None:
        row.asked_at = None
        for resource in library.by_ids(session, [resource_id]):
            delivery.refresh(session, f"resource:{resource.uid}", kind=DEAD_LINK, now=now)


def missing_since(session: Session, resource_id: int) -> datetime | None:
    """Since when the link of a resource has been dead; None once somebody has decided."""
    row = tables.of(session, resource_id)
    return row.missed_since if row is not None and row.misses >= rules.MISSES else None


def still_right(session: Session, uid: str, *, person: Person, profile: Profile, now: datetime) -> None:
    """Somebody has looked, and the page is there: it is asked for again in a month."""
    reviewing.confirm(session, uid, person=person, profile=profile, now=now)
    _settle(session, uid, now=now, next_at=now + rules.MONTH)


def change_address(
    session: Session, uid: str, url: str, *, person: Person, profile: Profile, now: datetime
) -> None:
    """The page has another address, which is checked soon. Raises `InvalidInput`, `NotFound`."""
    found = library.readable(session, uid, person)
    new = ResourceFields(url=url)
    library.edit(session, uid, new, seen=found.version, person=person, profile=profile, now=now)
    _settle(session, uid, now=now, next_at=now, host=_host(url))


def retire(session: Session, uid: str, *, person: Person, profile: Profile, now: datetime) -> None:
    """The page is gone, and the resource with it."""
    reviewing.retire(session, uid, by=person, why=_WHY, profile=profile, now=now)
    _settle(session, uid, now=now, next_at=now + rules.MONTH)


def _settle(session: Session, uid: str, *, now: datetime, next_at: datetime, host: str = "") -> None:
    found = library.find(session, uid)
    row = tables.of(session, found.id) if found is not None else None
    if row is not None:
        row = hold(session, LinkCheckRow, row.resource_id)
        row.result, row.misses, row.missed_since, row.asked_at = "", 0, None, None
        row.next_at, row.host = next_at, host or row.host
    delivery.refresh(session, f"resource:{uid}", kind=DEAD_LINK, now=now)


def ask_owners(session: Session, *, now: datetime) -> int:
    """Ask each dead link's owner, or the leads where no staff member looks after it, once; how many links.

    One link of theirs in three days: more would not fit their quota of unasked messages, and be lost.
    """
    delivery.retry_quota(
        session, DEAD_LINK, now=now
    )  # something else took that day's place: it is asked once
    rows = tables.dead(session, rules.MISSES, now - rules.DEAD_AFTER)
    lately = tables.asked_since(session, now - rules.BETWEEN)
    resources = {
        one.id: one for one in library.by_ids(session, [*(row.resource_id for row in rows), *lately])
    }
    leads = tuple(lead.user for lead in people.leads(session))
    staff = {each.user for each in people.staff_list(session)}

    def readers(of: Resource) -> tuple[str, ...]:
        return (of.owner,) if of.owner in staff else leads

    asked = {readers(resources[ident]) for ident in lately if ident in resources}
    count = 0
    for row in rows:
        resource = resources.get(row.resource_id)
        if resource is not None and resource.state == "published":
            if readers(resource) in asked:
                continue
            asked.add(readers(resource))
            about = f"resource:{resource.uid}"
            for user in readers(resource):
                key = f"{DEAD_LINK}:{resource.uid}:{user}:{now:%Y-%m-%d}"
                delivery.say(session, DEAD_LINK, about, to=user, key=key, now=now, unasked=True)
            count += 1
        row.asked_at = now
    return count
