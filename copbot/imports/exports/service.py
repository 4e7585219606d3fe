"""Exports of the library: what is private, or of a private source, is in none of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import TextIO
from zoneinfo import ZoneInfo

from copbot.delivery import service as delivery
from copbot.imports.exports.rules import HEADINGS, event_of, row_of
from copbot.program.profile import Profile
from copbot.resources.library import service as library
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


def write_csv(session: Session, out: TextIO, *, profile: Profile, everything: bool = False) -> int:
    """Write the library as the spreadsheet that the import reads back; how many resources it has.

    Every cell is in quotation marks: a program that parts cells at another sign must not find a formula in one.
    """
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADINGS)
    count = 0
    for count, resource in enumerate(resources(session, everything=everything), 1):  # noqa: B007 - counted
        writer.writerow(row_of(resource, profile))
    return count


def spreadsheet(session: Session, profile: Profile, *, everything: bool = False) -> tuple[bytes, int]:
    """The library as a spreadsheet, and how many resources are in it."""
    out = io.StringIO()
    count = write_csv(session, out, profile=profile, everything=everything)
    return out.getvalue().encode("utf-8-sig"), count  # Excel reads letters right only after this mark


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
        said = event_of(resource, zone) if resource.kind == "event" else {}
        if said:
            event = icalendar.Event()
            for name, value in said.items():
                event.add(name, value)
            whole.add_component(event)
    body: bytes = whole.to_ical()
    return body
