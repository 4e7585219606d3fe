"""Resources to the rows of an HSDS package, and the package's own description. Pure.

Ids of rows come from the service's own, so that a package which is read and written again has the same rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from copbot.imports.exports.rules import area_label
from copbot.imports.files.rules import language_code
from copbot.imports.hsds.rules import KEYS, KINDS, NATIONAL, TOPICS, numbers
from copbot.program.profile import Profile
from copbot.resources.index.rules import fold
from copbot.resources.library.values import Resource

FILES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "organization": ("organizations.csv", ("id", "name", "description")),
    "service": (
        "services.csv",
        ("id", "organization_id", "name", "description", "url", "status", "eligibility_description", "assured_date"),
    ),
    "location": ("locations.csv", ("id", "location_type", "name")),
    "service_at_location": ("service_at_location.csv", ("id", "service_id", "location_id")),
    "address": (
        "addresses.csv",
        ("id", "location_id", "address_1", "city", "state_province", "postal_code", "country", "address_type"),
    ),
    "phone": ("phones.csv", ("id", "service_id", "number", "type")),
    "schedule": ("schedules.csv", ("id", "service_id", "description")),
    "language": ("languages.csv", ("id", "service_id", "name", "code")),
    "service_area": ("service_areas.csv", ("id", "service_id", "name")),
    "taxonomy": ("taxonomies.csv", ("id", "name", "description")),
    "taxonomy_term": ("taxonomy_terms.csv", ("id", "code", "name", "description", "taxonomy", "taxonomy_id")),
    "attribute": ("attributes.csv", ("id", "link_id", "taxonomy_term_id", "link_type", "link_entity")),
}  # fmt: skip
"""The tables that we write: file and columns."""
Rows = dict[str, dict[str, dict[str, str]]]
"""Rows by table and id."""
_NAMESPACE = UUID("6b1d7f0a-5a0e-4c7e-9a54-0f7a3c1f9d11")
_US_ADDRESS = re.compile(
    r"(?P<address_1>.+), (?P<city>[^,;]+), (?P<state_province>[A-Z]{2})( (?P<postal_code>\d{5}(-\d{4})?))?"
)
_CODE = re.compile(r"[a-z]{2,3}")


def add_service(rows: Rows, resource: Resource, ident: str, profile: Profile) -> None:
    """Add a service and everything that belongs to it."""
    organization = resource.source or resource.title
    owner = _add(rows, "organization", fold(organization), name=organization, description=organization)
    rows["service"][ident] = {
        "id": ident,
        "organization_id": owner,
        "name": resource.title,
        "description": resource.summary,
        "url": resource.url,
        "status": "active",
        "eligibility_description": resource.eligibility,
        "assured_date": resource.reviewed_on.isoformat() if resource.reviewed_on else "",
    }
    if resource.address:
        place = _add(rows, "location", ident, location_type="physical", name=resource.title)
        _add(rows, "service_at_location", ident, service_id=ident, location_id=place)
        parts = _US_ADDRESS.fullmatch(resource.address)
        said = parts.groupdict("") if parts else {"address_1": resource.address}
        _add(rows, "address", ident, location_id=place, country="US", address_type="physical", **said)
    for number, phone in enumerate(numbers(resource.phones)):
        _add(rows, "phone", f"{ident}/{number}", service_id=ident, number=phone, type="voice")
    if resource.hours:
        _add(rows, "schedule", ident, service_id=ident, description=resource.hours)
    for number, language in enumerate(resource.languages):
        code = language_code(language)
        code = code if _CODE.fullmatch(code) else ""
        _add(rows, "language", f"{ident}/{number}", service_id=ident, name=language, code=code)
    areas = [area_label(area, profile) for area in resource.areas] or [NATIONAL]
    for number, area in enumerate(areas):
        _add(rows, "service_area", f"{ident}/{number}", service_id=ident, name=area)
    for topic in resource.topics:
        _add_term(rows, ident, TOPICS, topic, profile.topic_label(topic))
    if resource.service_kind:
        _add_term(rows, ident, KINDS, "", resource.service_kind)


def _add_term(rows: Rows, service: str, taxonomy: str, code: str, name: str) -> None:
    of = _add(rows, "taxonomy", taxonomy, name=taxonomy, description=taxonomy)
    term = _add(
        rows, "taxonomy_term", f"{taxonomy}/{code or name}",
        code=code, name=name, description=name, taxonomy=taxonomy, taxonomy_id=of,
    )  # fmt: skip
    _add(
        rows, "attribute", f"{service}/{term}",
        link_id=service, taxonomy_term_id=term, link_type=taxonomy, link_entity="service",
    )  # fmt: skip


def _add(rows: Rows, table: str, key: str, **cells: str) -> str:
    """A row under an id that its key gives it; the id."""
    ident = str(uuid5(_NAMESPACE, f"{table}/{key}"))
    rows[table].setdefault(ident, {"id": ident, **cells})
    return ident


def description() -> dict[str, Any]:
    """The package's datapackage.json."""
    return {
        "name": "human_services_data",
        "title": "Services of our resource library",
        "profile": "tabular-data-package",
        "version": "3.0.0",
        "resources": [_described(name, file, columns) for name, (file, columns) in FILES.items()],
    }


def _described(name: str, file: str, columns: tuple[str, ...]) -> dict[str, Any]:
    keys = [
        {"fields": f"{target}_id", "reference": {"resource": target, "fields": "id"}}
        for target in KEYS.get(name, ())
        if f"{target}_id" in columns
    ]
    types = {"assured_date": "date"}
    fields = [{"name": column, "type": types.get(column, "string")} for column in columns]
    schema = {"primaryKey": "id", "fields": fields, **({"foreignKeys": keys} if keys else {})}
    return {"name": name, "path": file, "profile": "tabular-data-resource", "schema": schema}
