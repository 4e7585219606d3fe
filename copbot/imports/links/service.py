"""Which links are due, what was found, and who is asked about those that are dead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from copbot.delivery import service as delivery
from copbot.fetch.rules import NotFetched, target
from copbot.imports.links import rules, tables
from copbot.imports.links.rules import LinkState, Result
from copbot.imports.links.tables import LinkCheckRow
from copbot.people import service as people
from copbot.resources.library import service as library
from copbot.store import Session, hold

DEAD_LINK = "imports.dead_link"
_ENLISTED_AT_ONCE = 1_000
_SPREAD = timedelta(days=30)


@dataclass(frozen=True)
class Link:
    resource_id: int
    host: str
    url: str


def enlist(session: Session, *, now: datetime) -> int:
    """Take resources that are new to link checks onto the list, spread over a month; how many."""
    rows = tables.unlisted(session, _ENLISTED_AT_ONCE)
    # Spread by id: a spreadsheet of 800 links is not asked for in one night, nor one host all at once.
    tables.enlist(
        session, [(ident, _host(url), now + _SPREAD * ((ident * 37 % 100) / 100)) for ident, url in rows]
    )
    return len(rows)


def _host(url: str) -> str:
    try:
        return target(url).host
    except NotFetched:
        return ""


def due(session: Session, *, now: datetime, most: int) -> tuple[Link, ...]:
    """The links to look at now, hosts in turn so that none is asked twice in a row where others wait."""
    by_host: dict[str, list[Link]] = {}
    for ident, host, url in tables.due(session, now, most):
        by_host.setdefault(host, []).append(Link(ident, host, url))
    longest = max(map(len, by_host.values()), default=0)
    return tuple(links[at] for at in range(longest) for links in by_host.values() if at < len(links))


def found(session: Session, resource_id: int, result: Result, *, now: datetime) -> None:
    """Note what looking at a link said."""
    row = hold(session, LinkCheckRow, resource_id)
    state, row.next_at = rules.after(LinkState(row.result, row.misses, row.missed_since), result, now)
    row.result, row.misses, row.missed_since, row.checked_at = (
        state.result,
        state.misses,
        state.missed_since,
        now,
    )
    if result == "ok":
        row.asked_at = None


def ask_owners(session: Session, *, now: datetime) -> int:
    """Tell each dead link's owner, or the leads where it has none, once; how many links."""
    rows = tables.dead(session, rules.MISSES, now - rules.DEAD_AFTER)
    resources = {one.id: one for one in library.by_ids(session, [row.resource_id for row in rows])}
    leads = [lead.user for lead in people.leads(session)]
    for row in rows:
        row.asked_at = now
        resource = resources.get(row.resource_id)
        if resource is None or resource.state != "published":
            continue
        for user in [resource.owner] if resource.owner else leads:
            key = f"{DEAD_LINK}:{resource.uid}:{user}:{now:%Y-%m-%d}"
            delivery.say(session, DEAD_LINK, f"resource:{resource.uid}", to=user, key=key, now=now)
    return len(rows)
