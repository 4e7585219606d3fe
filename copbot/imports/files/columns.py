"""Which column of a spreadsheet is which field of a resource: guessed from its heading, corrected by people. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

FIELDS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "resource id", "uid"),
    "key": ("record id", "resource agency num", "external id", "key", "number", "agency id", "program id"),
    "kind": ("kind", "type", "resource type", "record type"),
    "title": ("title", "name", "resource name", "public name", "program name", "agency name", "headline"),
    "summary": ("summary", "description", "about", "details", "agency description", "program description", "notes"),
    "url": ("url", "link", "website", "web site", "web address", "website address", "address url", "web page"),
    "topics": ("topics", "topic", "tags", "subject", "subjects", "category", "categories", "keywords"),
    "areas": (
        "areas", "area", "county", "counties", "areas served", "area served", "service area", "coverage",
        "coverage area", "region", "counties served", "location",
    ),
    "audience": ("audience", "for whom", "who it is for", "target population"),
    "jurisdiction": ("jurisdiction", "applies in", "law of"),
    "source": ("source", "publisher", "from", "organization", "author"),
    "reviewed_on": (
        "reviewed on", "reviewed", "last reviewed", "last verified", "last verified on", "verified on",
        "date verified", "updated", "last updated",
    ),
    "review_by": ("review by", "next review", "expires", "review due", "valid until"),
    "language": ("language", "written in"),
    "service_kind": ("service kind", "kind of service", "service", "service type", "services"),
    "address": (
        "address", "street", "street address", "physical address", "physical address1", "physical address 1",
        "address 1", "place", "venue",
    ),
    "city": ("city", "town", "physical city"),
    "state_code": ("state", "province", "physical state province", "physical state"),
    "zip": ("zip", "zip code", "postal code", "postcode", "physical postal code"),
    "phones": (
        "phones", "phone", "phone number", "telephone", "phone 1", "phone1 number", "main phone", "hotline",
    ),
    "hours": ("hours", "hours of operation", "opening hours", "open", "schedule"),
    "eligibility": ("eligibility", "who can come", "requirements", "eligible"),
    "languages": ("languages", "languages offered", "languages spoken"),
    "starts_at": ("starts at", "starts", "start", "start date", "date", "when", "begins"),
    "ends_at": ("ends at", "ends", "end", "end date", "until"),
    "state": ("publication", "library state"),
    "private": ("private",),
}  # fmt: skip
"""Our fields, and the headings under which they are met."""

NAMES: Mapping[str, str] = {name: name.replace("_", " ").capitalize() for name in FIELDS} | {
    "id": "ID", "key": "The source's own number", "url": "Web address", "service_kind": "Kind of service",
    "state_code": "State", "zip": "ZIP code", "starts_at": "Starts", "ends_at": "Ends", "state": "Library state",
}  # fmt: skip
"""What people call them."""

_ALWAYS_PRIVATE = re.compile(
    r"(is )?(private|confidential|internal( use)?( only)?|inactive|do not (use|publish|refer|share)|"
    r"exclude from (directory|website|web|search)|hidden|not (for )?public|confidential (address|location)|"
    r"address (is )?confidential)"
)
_FIELD_PRIVATE = re.compile(r"(?P<field>.+?) (is )?(private|confidential)")
_ACTIVE = re.compile(r"((agency|program|record|service|resource|provider) )?(status|active)")


@dataclass(frozen=True)
class ColumnMapping:
    """Where each field stands. Numbers count columns from 0; `hides` maps a flag's column to the columns it hides."""

    fields: Mapping[str, int]
    flags: tuple[int, ...] = ()
    """Columns that make their whole row private."""
    status: int | None = None
    """The column that says whether the row is in use."""
    hides: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    """Headings of columns that are not taken."""


def plain(heading: str) -> str:
    """A heading in lower-case words: `PhysicalAddress1`, `physical_address_1` and `Physical address 1` are one."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", heading)
    return " ".join(re.sub(r"[^a-z0-9]+", " ", parted.casefold()).split())


def placed(names: Sequence[str], fields: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Where each field stands among these plain headings, under the first of its own that is there."""
    known = {
        field: next((each for each in map(plain, own) if each in names), "") for field, own in fields.items()
    }
    return {field: names.index(heading) for field, heading in known.items() if heading}


def guess(headings: Sequence[str], chosen: Mapping[str, str] | None = None) -> ColumnMapping:
    """The mapping for these headings. `chosen` (field to heading, empty for none) is what a person corrected."""
    names = [plain(heading) for heading in headings]
    fields = placed(names, FIELDS)
    for name, heading in (chosen or {}).items():
        fields.pop(name, None)
        if name in FIELDS and plain(heading) in names:
            fields[name] = names.index(plain(heading))
    flags = tuple(
        at for at, name in enumerate(names) if _ALWAYS_PRIVATE.fullmatch(name) and at not in fields.values()
    )
    status = next((at for at, name in enumerate(names) if _ACTIVE.fullmatch(name)), None)
    hides = {at: hidden for at, name in enumerate(names) if (hidden := _hidden_by(name, names))}
    used = {*fields.values(), *flags, *hides, *(() if status is None else (status,))}
    left = tuple(heading for at, heading in enumerate(headings) if at not in used and heading)
    return ColumnMapping(fields, flags, status, hides, left)


def _hidden_by(name: str, names: Sequence[str]) -> tuple[int, ...]:
    """`phone1 is private` hides `phone1 number`; `physical address is private` hides address, city and ZIP code."""
    found = _FIELD_PRIVATE.fullmatch(name)
    if found is None or _ALWAYS_PRIVATE.fullmatch(name):
        return ()
    what = found["field"]
    begins = [what, what.removesuffix(" address")] if what.endswith("address") else [what]
    others = ((at, other) for at, other in enumerate(names) if other != name)
    return tuple(at for at, other in others if other.startswith(tuple(begins)))
