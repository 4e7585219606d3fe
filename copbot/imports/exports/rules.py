"""A resource as a row that the import of spreadsheets reads back, and as an event of a calendar. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from copbot.imports.files.rules import area_named
from copbot.imports.readers.spreadsheets import inert
from copbot.program.profile import Profile
from copbot.resources.library.values import Resource

HEADINGS = (
    "ID", "Publication", "Kind", "Title", "Summary", "Web address", "Topics", "Areas", "Audience",
    "Jurisdiction", "Source", "Reviewed on", "Review by", "Language", "Kind of service", "Address", "Phones",
    "Hours", "Eligibility", "Languages", "Starts", "Ends",
)  # fmt: skip
_PARTS = re.compile(r"[;|\n,]")


def row_of(resource: Resource, profile: Profile) -> list[str]:
    """The cells under `HEADINGS`."""
    zone = ZoneInfo(profile.time_zone)
    cells = (
        resource.uid,
        resource.state,
        resource.kind,
        resource.title,
        resource.summary,
        resource.url,
        "; ".join(_topic(each, profile) for each in resource.topics),
        "; ".join(area_label(each, profile) for each in resource.areas),
        resource.audience,
        resource.jurisdiction,
        resource.source,
        str(resource.reviewed_on or ""),
        str(resource.review_by or ""),
        resource.language,
        resource.service_kind,
        resource.address,
        _listed(resource.phones),
        resource.hours,
        resource.eligibility,
        _listed(resource.languages),
        _moment(resource.starts_at, zone, whole_day=resource.all_day),
        _moment(resource.ends_at, zone, whole_day=resource.all_day),
    )
    return [inert(cell) for cell in cells]


def _topic(ident: str, profile: Profile) -> str:
    """The topic's label where it names this topic alone, else its id."""
    label = profile.topic_label(ident)
    found = None if _PARTS.search(label) else profile.topic(label) or profile.find_topic(label)
    return label if found is not None and found.id == ident else ident


def area_label(ident: str, profile: Profile) -> str:
    """The area's name where a reader of it finds this one alone, else its id."""
    label = profile.area_label(ident)
    return label if not _PARTS.search(label) and area_named(label, profile) == ident else ident


def _listed(items: Sequence[str]) -> str:
    """Items on one line; on a line each where an item itself holds the sign that would part them."""
    if any(";" in item for item in items):
        return "".join(f"{item}\n" for item in items)
    return "; ".join(items)


def _moment(moment: datetime | None, zone: ZoneInfo, *, whole_day: bool) -> str:
    """The program's date and time; with its distance from UTC in the hour that comes twice a year."""
    if moment is None:
        return ""
    local = moment.astimezone(zone)
    if whole_day:
        return local.date().isoformat()
    twice = local.replace(fold=1 - local.fold).utcoffset() != local.utcoffset()
    return (local if twice else local.replace(tzinfo=None)).isoformat(
        " ", "minutes" if not local.second and not local.microsecond else "auto"
    )


def event_of(resource: Resource, zone: ZoneInfo) -> dict[str, Any]:
    """The properties of an event as iCalendar names them. A whole day's end is the day after its last."""
    if resource.starts_at is None:
        return {}
    said: dict[str, Any] = {
        "UID": f"{resource.uid}@resources",
        "DTSTAMP": resource.updated_at.astimezone(UTC),
        "SUMMARY": resource.title,
        "DESCRIPTION": resource.summary,
        "LOCATION": resource.address,
        "URL": resource.url,
        "DTSTART": resource.starts_at.astimezone(UTC),
        "DTEND": resource.ends_at.astimezone(UTC) if resource.ends_at else None,
    }
    if resource.all_day:
        first = resource.starts_at.astimezone(zone).date()
        last = resource.ends_at.astimezone(zone).date() if resource.ends_at else first
        said |= {"DTSTART": first, "DTEND": last + timedelta(days=1)}
    return {name: value for name, value in said.items() if value}
