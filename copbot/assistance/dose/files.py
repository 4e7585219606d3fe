"""Past requests and activities out of a spreadsheet: which columns there are, and each row saved or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from copbot.assistance.dose import service, tables
from copbot.assistance.dose.service import PastRequest
from copbot.assistance.texts import SOURCES, RequestForm
from copbot.contacts import service as contacts
from copbot.contacts.rules import LEVELS, ContactEntry, minutes_of, people_of, troubles
from copbot.contacts.tables import remove_imported
from copbot.errors import check_fields
from copbot.imports.files.rules import Fault, area_named, parts
from copbot.imports.files.rules import day as day_of
from copbot.imports.records import RecordKind, RecordRow
from copbot.people import service as people
from copbot.people.rules import agency_trouble
from copbot.program.profile import UNSURE, Profile
from copbot.screening.rules import found_in
from copbot.signs import plain_signs
from copbot.store import Session

MOST = 200
_LIST = r"[;|\n,]"
NO_WORDS = "Taken from earlier records."
_YES = frozenset({"yes", "y", "true", "1", "x"})
V = TypeVar("V")


class _Cells:
    """A row's cells read one after the other; what cannot be understood is gathered with what to do."""

    def __init__(self, row: RecordRow) -> None:
        self.row, self.profile = row, row.profile
        self.troubles: dict[str, str] = {}

    def text(self, name: str) -> str:
        """Free text, screened as everywhere: nothing of it is quoted."""
        said = self.row.cells.get(name, "")
        if said and found_in(said, self.profile):
            self.troubles[name] = (
                "This may be about a person you serve. Take names, numbers and addresses out."
            )
        return said

    def day(self, name: str) -> date | None:
        return self._read(name, day_of, None)

    def one(self, name: str, labels: Mapping[str, str]) -> str:
        """The id of a choice by its label or id; empty for an empty cell."""
        ids = {
            plain_signs(key).casefold(): ident for ident, label in labels.items() for key in (label, ident)
        }

        def known(said: str) -> str:
            ident = ids.get(plain_signs(said).casefold())
            if ident is None:
                some = ", ".join([*labels.values()][:12])
                raise Fault(f"“{said[:30]}” is not known. Write one of: {some}.")
            return ident

        return self._read(name, known, "")

    def topics(self) -> tuple[str, ...]:
        return self._read("topics", self._each(_topic), ())

    def areas(self) -> tuple[str, ...]:
        return self._read("areas", self._each(_area), ())

    def agency(self) -> str:
        said = self.row.cells.get("agency", "")
        trouble = agency_trouble(said) if said else None
        if trouble:
            self.troubles["agency"] = trouble
        return said

    def check(self, found: Mapping[str, str]) -> None:
        """Raise everything that is wrong with the row, if anything is."""
        check_fields({**found, **self.troubles})

    def _each(self, read: Callable[[str, Profile], str]) -> Callable[[str], tuple[str, ...]]:
        return lambda said: tuple(read(each, self.profile) for each in parts(said, _LIST))

    def _read(self, name: str, read: Callable[[str], V], empty: V) -> V:
        said = self.row.cells.get(name, "")
        try:
            return read(said) if said else empty
        except Fault as fault:
            self.troubles[name] = fault.words
            return empty


def _topic(said: str, profile: Profile) -> str:
    topic = profile.topic(said) or profile.find_topic(said)
    if topic is None:
        labels = [each.label for group in profile.topics for each in group.topics]
        raise Fault(f"“{said[:30]}” isn't one of our topics. Write one of: {', '.join(labels[:12])}, …")
    return topic.id


def _area(said: str, profile: Profile) -> str:
    found = area_named(said, profile)
    if not found:
        raise Fault(f"“{said[:30]}” isn't one of our areas. Write a county's name, a region, or Statewide.")
    return found


def _labels(choices: Sequence[Any]) -> dict[str, str]:
    return {each.id: each.label for each in choices}


_LEVELS = {ident: label for ident, (label, _) in LEVELS.items()}
_SOURCES = {**SOURCES, "slack": "Slack", "other": "Other"}


def take_request(session: Session, row: RecordRow) -> bool:
    cells, profile = _Cells(row), row.profile
    agency = cells.agency()
    form = RequestForm(
        topics=cells.topics(),
        kind=cells.one("kind", _labels(profile.kinds)) or UNSURE,
        need=cells.text("need") or NO_WORDS,
        areas=cells.areas(),
        agency_name=agency,
        not_agency=not agency,
    )
    request = PastRequest(
        form,
        cells.day("day"),
        cells.one("source", _SOURCES) or "other",
        cells.day("closed"),
        cells.one("reason", _labels(profile.close_reasons)) or "completed",
        cells.one("level", _LEVELS),
    )
    cells.check(service.troubles(request, profile, row.now))
    by = people.stand_in(session, profile.time_zone)
    which = {"key": row.key, "profile": profile, "now": row.now, "import_id": row.import_id}
    return service.record(session, request, person=by, **which) is not None  # type: ignore[arg-type]


def take_activity(session: Session, row: RecordRow) -> bool:
    cells, profile = _Cells(row), row.profile
    agency = cells.agency()
    entry = ContactEntry(
        day=cells.day("day"),
        minutes=minutes_of(row.cells.get("minutes", "")),
        category=cells.one("category", _labels(profile.contact_categories)),
        format=cells.one("format", _labels(profile.contact_formats)),
        people=people_of(row.cells.get("people", "")),
        fund_source=cells.one("fund_source", _labels(profile.fund_sources)),
        formal=row.cells.get("formal", "").casefold() in _YES,
        objectives=cells.text("objectives"),
        note=cells.text("note"),
        topics=cells.topics(),
        areas=cells.areas(),
    )
    found = troubles(entry, profile, profile.today(row.now))
    if entry.formal and not entry.objectives:
        found.pop("objectives", None)  # nobody wrote them down in the past
    cells.check(found)
    by = people.stand_in(session, profile.time_zone)
    agency_id = people.agency_named(session, agency).id if agency else None
    entry = replace(entry, agency_id=agency_id)
    made = contacts.save(session, entry, by=by, key=row.key, now=row.now, import_id=row.import_id)
    return made is not None


def undo_requests(session: Session, import_id: int) -> tuple[int, int, bool]:
    found = tables.imported(session, import_id, touched=False, most=MOST)
    tables.remove(session, found)
    kept = len(tables.imported(session, import_id, touched=True, most=100_000))
    return len(found), kept, len(found) == MOST


def undo_activities(session: Session, import_id: int) -> tuple[int, int, bool]:
    removed = remove_imported(session, import_id, MOST)
    return removed, 0, removed == MOST


_DAY = ("Date", "Day", "Received", "Date received", "Request date", "Activity date")
_SHARED: Mapping[str, tuple[str, ...]] = {
    "number": ("Number", "ID", "Record ID", "Request ID"),
    "topics": ("Topics", "Topic", "Subject", "Subjects"),
    "areas": ("Areas", "Area", "County", "Counties", "Region", "Location"),
    "agency": ("Agency", "Organization", "Organisation", "Requesting agency"),
}
KINDS: Mapping[str, RecordKind] = {
    "requests": RecordKind(
        {
            "day": _DAY,
            **_SHARED,
            "need": ("Need", "Request", "Description", "Summary", "What was asked"),
            "kind": ("Kind of help", "Kind", "Type", "Type of TA"),
            "source": ("Source", "How it came", "Received by"),
            "closed": ("Closed", "Date closed", "Completed on", "Date completed"),
            "reason": ("Close reason", "Reason", "Outcome"),
            "level": ("Level", "TA level"),
        },
        ("day", "topics", "areas"),
        take_request,
        undo_requests,
    ),
    "activities": RecordKind(
        {
            "day": _DAY,
            **_SHARED,
            "category": ("Category", "Activity", "Type", "Kind"),
            "minutes": ("Minutes", "Time spent", "Time", "Duration", "Length"),
            "format": ("Format", "How"),
            "people": ("People reached", "People", "Attendees", "Participants"),
            "fund_source": ("Fund source", "Funding", "Award"),
            "formal": ("Formal session", "Formal"),
            "objectives": ("Objectives", "Learning objectives"),
            "note": ("Note", "Notes", "Description", "Title", "Summary"),
        },
        ("day", "category", "minutes"),
        take_activity,
        undo_activities,
    ),
}
"""What `bot.py import --kind` takes besides resources."""
