"""Services of an HSDS package to resources. Pure.

The package's tables are dicts of a column's name to its cell. What a service's own rows say counts first, then those
of the service at its location, then the location's, then the organization's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from copbot.fetch.pages import cut
from copbot.imports.files.rules import Fault, Reading, areas_of, day
from copbot.program.profile import Profile
from copbot.resources.index.rules import fold
from copbot.resources.library.rules import LONGEST_LINE, LONGEST_SUMMARY, LONGEST_TITLE, MOST_PHONES
from copbot.resources.library.values import Identity, IncomingResource, ResourceFields

Record = Mapping[str, str]
SOURCE = "hsds"
"""One name for all directories: their ids are unique in the world."""
NATIONAL = "National"
_QUOTES = '"“” '
TOPICS, KINDS = "Topics", "Kinds of service"
"""Names of the two taxonomies that we write."""
KEYS: Mapping[str, tuple[str, ...]] = {
    "program": ("organization",),
    "service": ("organization", "program"),
    "attribute": ("taxonomy_term",),
    "service_at_location": ("service", "location"),
    "location": ("organization",),
    "phone": ("contact", "location", "organization", "service", "service_at_location"),
    "contact": ("location", "organization", "service", "service_at_location"),
    "address": ("location",),
    "schedule": ("location", "service", "service_at_location"),
    "funding": ("organization", "service"),
    "service_area": ("service",),
    "required_document": ("service",),
    "language": ("location", "phone", "service"),
    "accessibility": ("location",),
    "taxonomy_term": ("taxonomy",),
    "cost_option": ("service",),
    "organization_identifier": ("organization",),
}
"""Each table, and the tables that it points into: by a column with their name and `_id`."""
_DAYS = {"MO": "Mon", "TU": "Tue", "WE": "Wed", "TH": "Thu", "FR": "Fri", "SA": "Sat", "SU": "Sun"}
_STATES = {"inactive": "not in use", "defunct": "not in use", "temporarily closed": "temporarily closed"}


@dataclass(frozen=True)
class ServiceRow:
    """A row of the services' table: its line, what it says, and why it is kept back or cannot be read."""

    line: int
    cells: Record
    withheld: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Tables:
    """A package's rows by table; the services apart, in their order."""

    services: Sequence[ServiceRow]
    others: Mapping[str, Sequence[Record]] = field(default_factory=dict)

    def of(self, name: str) -> Sequence[Record]:
        return self.others.get(name, ())


def broken_keys(tables: Tables) -> tuple[str, ...]:
    """A sentence for each key that points to a row which is not in the package."""
    ids = {name: {row.get("id", "") for row in rows} for name, rows in tables.others.items()}
    ids["service"] = {row.cells.get("id", "") for row in tables.services}
    found = []
    for name, keys in KEYS.items():
        rows = [row.cells for row in tables.services] if name == "service" else tables.of(name)
        for target in keys:
            column = f"{target}_id"
            lost = sum(bool(row.get(column)) and row[column] not in ids.get(target, set()) for row in rows)
            if lost:
                thing = target.replace("_", " ")
                what = "1 row points" if lost == 1 else f"{lost:,} rows point"
                found.append(f"{name}.{column}: {what} to no {thing} in this package.")
    return tuple(found)


def readings(tables: Tables, profile: Profile) -> Iterator[Reading]:
    """What each service says, in the file's order."""
    reader = _Reader(tables, profile)
    seen: set[str] = set()
    for row in tables.services:
        ident = row.cells.get("id", "")
        if row.fault or not ident or ident in seen:
            words = "This service has no id." if not ident else "Another service has the same id."
            yield Reading(row.line, fault=row.fault or words)
            continue
        seen.add(ident)
        yield reader.reading_of(row)


class _Reader:
    """A package's rows, found by what they belong to."""

    def __init__(self, tables: Tables, profile: Profile) -> None:
        self.profile = profile
        self.organizations = {row.get("id", ""): row for row in tables.of("organization")}
        self.locations = {row.get("id", "") for row in tables.of("location")}
        self.terms = {row.get("id", ""): row for row in tables.of("taxonomy_term")}
        self.taxonomies = {row.get("id", ""): row.get("name", "") for row in tables.of("taxonomy")}
        self.at = _grouped(tables.of("service_at_location"), ("service_id",))
        self.addresses = _grouped(tables.of("address"), ("location_id",))
        self.attributes = _grouped(tables.of("attribute"), ("link_id",))
        belongs = ("service_id", "service_at_location_id", "location_id", "organization_id")
        self.by_owner = {
            name: _grouped(tables.of(name), belongs)
            for name in ("phone", "schedule", "language", "service_area", "required_document")
        }

    def reading_of(self, row: ServiceRow) -> Reading:
        cells, notes = row.cells, list[str]()
        try:
            fields = self._fields(cells, notes)
        except Fault as fault:
            return Reading(row.line, fault=fault.words)
        withheld = row.withheld or _STATES.get(cells.get("status", "").casefold(), "")
        ident = cells["id"]
        fields = replace(fields, private=True) if withheld else fields
        incoming = IncomingResource(fields, Identity("hsds", SOURCE, ident), _own_uid(ident))
        return Reading(row.line, incoming, withheld, notes=tuple(notes))

    def _fields(self, cells: Record, notes: list[str]) -> ResourceFields:
        organization = self.organizations.get(cells.get("organization_id", ""), {}).get("name", "")
        title = cells.get("name", "")
        places = [at.get("location_id", "") for at in self.at.get(("service_id", cells["id"]), ())]
        # A location that was marked private is not among ours, and its addresses are not told.
        ours = [("location_id", place) for place in places if place in self.locations]
        addresses = [_address(row) for place in ours for row in self.addresses.get(place, ())]
        topics, kind = self._terms(cells["id"])
        return ResourceFields(
            kind="service",
            title=cut(title, LONGEST_TITLE),
            summary=cut(_joined("\n", cells.get("description"), _named("Cost", cells.get("fees_description"))), LONGEST_SUMMARY),
            url=cells.get("url", ""),
            source=cut(organization if organization != title else "", LONGEST_TITLE),
            reviewed_on=day(cells["assured_date"]) if cells.get("assured_date") else None,
            eligibility=cut(self._eligibility(cells), LONGEST_LINE),
            address=cut("; ".join(dict.fromkeys(filter(None, addresses))), LONGEST_LINE),
            phones=tuple(_unique(_phone(row) for row in self._rows("phone", cells))[:MOST_PHONES]),
            hours=cut("; ".join(_unique(_hours(row) for row in self._rows("schedule", cells))), LONGEST_LINE),
            languages=tuple(_unique(row.get("name") or row.get("code", "") for row in self._rows("language", cells))[:20]),
            areas=self._areas(cells, addresses, notes),
            topics=topics,
            service_kind=cut(kind, 75),
        )  # fmt: skip

    def _rows(self, name: str, cells: Record) -> list[Record]:
        """A service's rows of a table, from the nearest that has any."""
        grouped, at = self.by_owner[name], self.at.get(("service_id", cells["id"]), ())
        found = list(grouped.get(("service_id", cells["id"]), ()))
        for place in at:
            found += grouped.get(("service_at_location_id", place.get("id", "")), ())
        for place in at:
            if place.get("location_id", "") in self.locations:
                found += grouped.get(("location_id", place["location_id"]), ())
        return found or list(grouped.get(("organization_id", cells.get("organization_id", "")), ()))

    def _eligibility(self, cells: Record) -> str:
        least, most = cells.get("minimum_age", ""), cells.get("maximum_age", "")
        age = f"Ages {least} to {most}" if least and most else f"Ages {least} and over" if least else ""
        age = age or (f"Ages up to {most}" if most else "")
        papers = "; ".join(_unique(row.get("document", "") for row in self._rows("required_document", cells)))
        words, more = cells.get("eligibility_description", ""), _joined(". ", age, _named("Bring", papers))
        return _joined(". ", words.rstrip(". "), more) if more else words

    def _areas(self, cells: Record, addresses: Iterable[str], notes: list[str]) -> tuple[str, ...]:
        """The areas it serves; where it names none that is known, the one in which it has its address."""
        names = _unique(row.get("name", "") for row in self._rows("service_area", cells))
        if any(fold(name) == fold(NATIONAL) for name in names):
            return ()
        return areas_of(names, self.profile, notes) or areas_of(addresses, self.profile, [])

    def _terms(self, ident: str) -> tuple[tuple[str, ...], str]:
        """Topics, and the kind of service: the first term that names no topic."""
        topics, kind = list[str](), ""
        for attribute in self.attributes.get(("link_id", ident), ()):
            term = self.terms.get(attribute.get("taxonomy_term_id", ""))
            if term is None:
                continue
            name = term.get("name", "")
            told = self.taxonomies.get(term.get("taxonomy_id", "")) or term.get("taxonomy", "")
            topic = self.profile.topic(term.get("code", "")) or self.profile.find_topic(name)
            if told != KINDS and topic is not None:
                topics.append(topic.id)
            elif told != TOPICS:
                kind = kind or name
        return tuple(dict.fromkeys(topics)), kind


def _grouped(rows: Iterable[Record], columns: Sequence[str]) -> dict[tuple[str, str], list[Record]]:
    """Rows by the first of these columns that they fill."""
    found: dict[tuple[str, str], list[Record]] = {}
    for row in rows:
        if name := next((name for name in columns if row.get(name)), ""):
            found.setdefault((name, row[name]), []).append(row)
    return found


def _own_uid(ident: str) -> str:
    """The resource of ours that an exported id names; empty for what is no id of that form."""
    try:
        return UUID(ident).hex
    except ValueError:
        return ""


def _address(row: Record) -> str:
    if row.get("address_type", "").casefold() == "postal":
        return ""
    state = _joined(" ", row.get("state_province"), row.get("postal_code"))
    return _joined(", ", row.get("address_1"), row.get("address_2"), row.get("city"), state)


def numbers(phones: Iterable[str]) -> list[str]:
    """Telephone numbers as a package is read: without the quotation marks that some directories put around them."""
    return _unique(each.strip(_QUOTES) for each in phones)


def _phone(row: Record) -> str:
    number = row.get("number", "").strip(_QUOTES)
    if not number:
        return ""
    whole = _joined(" ext. ", number, row.get("extension"))
    told = row.get("description", "")
    return f"{whole} ({told})" if told and len(whole) + len(told) < 97 else cut(whole, 100)


def _hours(row: Record) -> str:
    """A schedule's own words; else its days and times."""
    if row.get("description"):
        return row["description"]
    parts = [part.strip() for part in row.get("byday", "").split(",")]
    days = ", ".join(_DAYS.get(part[-2:].upper(), part) for part in parts)
    times = _joined("–", row.get("opens_at", "")[:5], row.get("closes_at", "")[:5])
    return _joined(" ", days, times)


def _unique(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(item.strip() for item in items if item.strip()))


def _named(name: str, told: str | None) -> str:
    return f"{name}: {told}" if told else ""


def _joined(by: str, *parts: str | None) -> str:
    return by.join(part for part in parts if part)
