"""Exports of the library: what is private, or of a private source, is in none of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from copbot.delivery import service as delivery
from copbot.imports.exports.rules import HEADINGS, event_of, row_of
from copbot.imports.hsds.rows import FILES, Rows, add_service
from copbot.program.profile import Profile
from copbot.resources.library import service as library
from copbot.resources.library import tables as library_tables
from copbot.resources.library.rules import DRAFT, PUBLISHED, RETIRED
from copbot.resources.library.values import Resource
from copbot.store import Session

FILE = "imports.library_file"
_ALL = (PUBLISHED, DRAFT, RETIRED)


def resources(session: Session, *, everything: bool = False) -> Iterator[Resource]:
    """Published resources; with `everything`, for staff, drafts and retired ones behind them. Never private ones."""
    for state in _ALL if everything else (PUBLISHED,):
        after: int | None = 0
        while after is not None:
            page = library.in_state(session, state, after)
            yield from page.items
            after = page.next


def spreadsheet(session: Session, profile: Profile, *, everything: bool = False) -> tuple[bytes, int]:
    """The library as the spreadsheet that the import reads back, and how many resources are in it.

    Every cell is in quotation marks: a program that parts cells at another sign must not find a formula in one.
    """
    rows = [row_of(resource, profile) for resource in resources(session, everything=everything)]
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([HEADINGS, *rows])
    return out.getvalue().encode("utf-8-sig"), len(rows)  # Excel reads letters right only after this mark


def services(session: Session, *, profile: Profile) -> Rows:
    """Every published service as a package's rows, under the id that its directory gave it, else under our own."""
    found = [resource for resource in resources(session) if resource.kind == "service"]
    names = library_tables.names_from(session, [resource.id for resource in found], "hsds")
    rows: Rows = {name: {} for name in FILES}
    for resource in found:
        add_service(rows, resource, names.get(resource.id) or str(UUID(hex=resource.uid)), profile)
    return rows


def send_library(session: Session, *, to: str, now: datetime) -> None:
    """The spreadsheet as a file to this person; within the same minute once."""
    delivery.say(session, FILE, f"library:{to}", to=to, key=f"{FILE}:{to}:{now:%Y%m%d%H%M}", now=now)


def calendar(session: Session, *, profile: Profile) -> bytes:
    """Published events as an iCalendar file."""
    import icalendar

    zone = ZoneInfo(profile.time_zone)
    whole = icalendar.Calendar()
    whole.add("VERSION", "2.0")
    whole.add("PRODID", "-//Community of practice//Resources//EN")
    for resource in resources(session):
        if resource.kind == "event" and (said := event_of(resource, zone)):
            event = icalendar.Event()
            for name, value in said.items():
                event.add(name, value)
            whole.add_component(event)
    body: bytes = whole.to_ical()
    return body
