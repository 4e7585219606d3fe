"""A spreadsheet's row to a resource's fields: dates in every shape, lists in one cell, places by name. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from copbot.imports.files.columns import ColumnMapping
from copbot.imports.readers.spreadsheets import Row, as_written
from copbot.imports.readers.values import Happening, Unreadable
from copbot.program.profile import Profile
from copbot.resources.index.rules import fold
from copbot.resources.library.rules import KINDS, link_key
from copbot.resources.library.values import Identity, IncomingResource, ResourceFields
from copbot.signs import plain_signs

SOURCE = "spreadsheet"
"""One name for all spreadsheets: a file that was renamed is still the same list."""
_YES = {
    "yes", "y", "true", "1", "x", "on", "private", "confidential", "internal", "internal only", "inactive",
}  # fmt: skip
_NOT_IN_USE = {
    "inactive", "closed", "suspended", "archived", "defunct", "no", "false", "0", "do not use", "internal",
}  # fmt: skip
_DO_NOT_USE = re.compile(
    r"\W*(do not (use|refer|publish|share)|internal (use )?only|confidential (address|location))\b|"
    r"\W*confidential\s*([\])}:*!]|[-–—]\s|$)",
    re.IGNORECASE,
)
_LISTS = ("phones", "languages")
_NATIONAL = ("national", "nationwide", "usa", "us", "united states")
"""Names that mean no area at all."""
_TEXTS = (
    "title", "summary", "url", "audience", "jurisdiction", "source", "service_kind", "hours",
    "eligibility",
)  # fmt: skip
_UID = re.compile(r"[0-9a-f]{32}")
_SHAPES = (
    "%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%Y/%m/%d", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y",
    "%m-%d-%Y",
)  # fmt: skip
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I %p", " %I:%M%p", " %I%p")


@dataclass(frozen=True)
class Reading:
    """What a row says. One of three: `incoming`; `withheld`, why it is not for the public; `fault`, what to mend.

    `notes` are sentences about what was left out of a row that is taken. `publish` is what the row itself says of
    its state: None when it says nothing; with `retire` it says that it is retired. An incoming row may carry `withheld` too: what is known already is retired.
    """

    line: int
    incoming: IncomingResource | None = None
    withheld: str = ""
    fault: str = ""
    notes: tuple[str, ...] = ()
    publish: bool | None = None
    retire: bool = False


class Fault(Unreadable):
    """A cell that cannot be understood."""


def read_row(row: Row, mapping: ColumnMapping, profile: Profile) -> Reading:
    """What a row of a spreadsheet says of one resource."""
    if row.fault:
        return Reading(row.line, fault=row.fault)
    cells = _shown(row, mapping)
    said = {field: as_written(cells[at].strip()) for field, at in mapping.fields.items()}
    uid = said.get("id", "")
    ours = bool(_UID.fullmatch(uid))
    if ours:  # as we write lists ourselves: a line each, or parted by semicolons and nothing else
        said |= {name: as_written(cells[mapping.fields[name]]) for name in _LISTS if name in mapping.fields}
    notes: list[str] = []
    try:
        fields = _fields(said, profile, notes, ours=ours)
    except Fault as fault:
        return Reading(row.line, fault=fault.words)
    withheld = _why_private(cells, mapping, said, ours=ours)
    if withheld:
        fields = replace(fields, private=True)
    incoming = IncomingResource(fields, _identity(said, fields), uid if ours else "")
    state = said.get("state", "").casefold()
    publish = state == "published" if state in ("published", "draft", "retired") else None
    return Reading(row.line, incoming, withheld, "", tuple(notes), publish, state == "retired")


def _shown(row: Row, mapping: ColumnMapping) -> list[str]:
    """The cells without those that a flag of the same row hides."""
    flags = [at for at in mapping.hides if row.cells[at].strip().casefold() in _YES]
    hidden = {at for flag in flags for at in mapping.hides[flag]}
    return ["" if at in hidden else cell for at, cell in enumerate(row.cells)]


def _why_private(cells: Sequence[str], mapping: ColumnMapping, said: dict[str, str], *, ours: bool) -> str:
    flags = [cells[at].strip() for at in mapping.flags] + [said.get("private", "")]
    if any(flag.casefold() in _YES for flag in flags):
        return "marked private"
    if mapping.status is not None and cells[mapping.status].strip().casefold() in _NOT_IN_USE:
        return "not in use"
    # Staff have read the titles of our own rows.
    return "marked “do not use”" if not ours and _DO_NOT_USE.match(said.get("title", "")) else ""


def _fields(said: dict[str, str], profile: Profile, notes: list[str], *, ours: bool) -> ResourceFields:
    found: dict[str, Any] = {name: said[name] for name in _TEXTS if name in said}
    if "topics" in said:
        found["topics"] = _topics(parts(said["topics"], r"[;|\n,]"), profile, notes)
    if "areas" in said:
        names = parts(said["areas"], r"[;|\n,]")
        found["areas"] = areas_of((name for name in names if fold(name) not in _NATIONAL), profile, notes)
    for name in _LISTS:
        if name in said:
            own = r"\n" if "\n" in said[name] else ";"
            found[name] = tuple(parts(said[name], own if ours else r"[;|\n]| or |,(?=\s*[A-Za-z(+\d])"))
    if said.get("language"):
        found["language"] = language_code(said["language"])
    if "address" in said or "city" in said:
        found["address"] = _address(said)
    found |= _dates(said, ZoneInfo(profile.time_zone))
    found["kind"] = _kind(said, found)
    return ResourceFields(**found)


def _dates(said: dict[str, str], zone: ZoneInfo) -> dict[str, Any]:
    found: dict[str, Any] = {name: day(said[name]) for name in ("reviewed_on", "review_by") if said.get(name)}
    if said.get("starts_at"):
        found["starts_at"], found["all_day"] = moment(said["starts_at"], zone)
    if said.get("ends_at"):
        found["ends_at"] = moment(said["ends_at"], zone)[0]
    return found


def _kind(said: dict[str, str], found: dict[str, Any]) -> str:
    """As the row says; else what its cells are: an event has a date, a service a place, hours or phones."""
    told = fold(said.get("kind", ""))
    named = next((kind for kind in KINDS if told in (kind, f"{kind}s")), "")
    if named:
        return named
    if told in ("webinar", "training") or found.get("starts_at"):
        return "event"
    if any(found.get(name) for name in ("service_kind", "hours", "phones", "address")):
        return "service"
    if re.search(r"\.(pdf|docx?|pptx?|xlsx?)($|[?#])", said.get("url", ""), re.IGNORECASE):
        return "document"
    return "link" if said.get("url") or not said.get("summary") else "answer"


def _topics(names: Iterable[str], profile: Profile, notes: list[str]) -> tuple[str, ...]:
    found = {name: profile.topic(name) or profile.find_topic(name) for name in names}
    if unknown := [name for name, topic in found.items() if topic is None]:
        notes.append(f"left out the topic “{unknown[0][:60]}”: this program has no such topic")
    return tuple(dict.fromkeys(topic.id for topic in found.values() if topic is not None))


def areas_of(names: Iterable[str], profile: Profile, notes: list[str]) -> tuple[str, ...]:
    """Areas by id or name; a note names the first that is none."""
    found = {name: area_named(name, profile) for name in names}
    if unknown := [name for name, area in found.items() if not area]:
        notes.append(f"left out the area “{unknown[0][:60]}”: this program has no one area of that name")
    return tuple(dict.fromkeys(filter(None, found.values())))


def area_named(name: str, profile: Profile) -> str:
    """The id of the one area of this name; “Dane” is Dane County, “Statewide” the whole state. Empty for none."""
    own = profile.area(name)
    if own is None and fold(name) in ("statewide", "state wide", "entire state", "all counties"):
        own = next((area for area in profile.areas if area.kind == "statewide"), None)
    found = (own,) if own else profile.find_areas(name) or profile.find_areas(f"{name} County")
    return found[0].id if len(found) == 1 else ""


def _address(said: dict[str, str]) -> str:
    street, city = said.get("address", ""), said.get("city", "")
    state = " ".join(filter(None, (said.get("state_code", ""), said.get("zip", ""))))
    more = [part for part in (city, state) if part.casefold() not in street.casefold()]
    return ", ".join(filter(None, (street, *more))) if street or city else ""


def _identity(said: dict[str, str], fields: ResourceFields) -> Identity:
    """The source's own number; else what makes the row this one: its title with its web or street address."""
    own = said.get("id", "")
    if key := said.get("key") or ("" if _UID.fullmatch(own) else own):
        return Identity("csv", SOURCE, f"key:{key}")
    place = link_key(fields.url or "") or fold(fields.address or "")
    text = "\0".join((fields.kind or "", fold(fields.title or ""), place)).encode("utf-8", "replace")
    return Identity("csv", SOURCE, hashlib.blake2b(text, digest_size=16).hexdigest())


def event_fields(
    one: Happening, zone: ZoneInfo, *, source: str, topics: Sequence[str] = (), areas: Sequence[str] = ()
) -> ResourceFields:
    """A calendar's occurrence as an event; whole days begin and end at midnight in `zone`."""
    starts, ends = (
        moment if moment is None or isinstance(moment, datetime) else datetime.combine(moment, time(), zone)
        for moment in (one.starts, one.ends)
    )
    return ResourceFields(
        kind="event", title=one.title, summary=one.summary, url=one.url, address=one.place, topics=tuple(topics),
        areas=tuple(areas), source=source, starts_at=starts, ends_at=ends,
        all_day=not isinstance(one.starts, datetime),
    )  # fmt: skip


def parts(cell: str, separator: str) -> list[str]:
    """A cell's list, without empty parts."""
    return [part.strip() for part in re.split(separator, cell) if part.strip()]


_LANGUAGES = {
    "english": "en", "spanish": "es", "hmong": "hmn", "somali": "so", "french": "fr", "arabic": "ar",
}  # fmt: skip


def language_code(told: str) -> str:
    return _LANGUAGES.get(told.casefold(), told.casefold())


def day(told: str) -> date:
    """A date in one of the shapes people write, month first where both could be. Raises `Fault`."""
    text = " ".join(plain_signs(told).split()).removesuffix("Z").partition("T")[0]
    for shape in _SHAPES:
        try:
            found = datetime.strptime(text.rpartition(" 0:00")[0] or text, shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return found
    raise Fault(f"“{told[:30]}” is not a date. Write it like 2026-03-31 or 3/31/2026.")


def moment(told: str, zone: ZoneInfo) -> tuple[datetime, bool]:
    """When something is, in UTC, and whether it is a whole day. Times without a zone are the program's."""
    text = " ".join(plain_signs(told).split())
    try:
        found = datetime.fromisoformat(text)
        if "T" in text or ":" in text:
            return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC), False
    except (ValueError, OverflowError):
        pass
    for shape, clock in product(_SHAPES, _TIMES):
        try:
            found = datetime.strptime(text, shape + clock).replace(tzinfo=zone)
        except ValueError:
            continue
        return found.astimezone(UTC), not clock
    raise Fault(f"“{told[:30]}” is not a date and time. Write it like 2026-03-31 14:00.")
