"""Past requests and activities out of a spreadsheet: which columns there are, and each row saved or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Protocol, TypeVar

from copbot.assistance.dose import past, tables
from copbot.assistance.dose.past import PastRequest
from copbot.assistance.texts import SOURCES, RequestForm
from copbot.contacts import service as contacts
from copbot.contacts.rules import LEVELS, ContactEntry, minutes_of, people_of
from copbot.errors import InvalidInput
from copbot.imports.files.rules import Fault, area_named, parts
from copbot.imports.files.rules import day as day_of
from copbot.imports.records import RecordKind, RecordRow
from copbot.people import service as people
from copbot.people.rules import agency_trouble
from copbot.program.profile import UNSURE, Profile
from copbot.screening.service import found_in
from copbot.store import Session

MOST = 200
_LIST = r"[;|\n,]"
NO_WORDS = "Taken from earlier records."
_YES = frozenset({"yes", "y", "true", "1", "x"})


class _Choice(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...


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

    def one(self, name: str, choices: Sequence[_Choice]) -> str:
        """The id of a choice by its label or id; empty for an empty cell."""
        names = {key.casefold(): each.id for each in choices for key in (each.label, each.id)}
        return self._read(name, lambda said: _known(said, names, [each.label for each in choices]), "")

    def topics(self) -> tuple[str, ...]:
        labels = [topic.label for group in self.profile.topics for topic in group.topics]
        return self._read(
            "topics",
            lambda said: tuple(_topic(each, self.profile, labels) for each in parts(said, _LIST)),
            (),
        )

    def areas(self) -> tuple[str, ...]:
        return self._read(
            "areas", lambda said: tuple(_area(each, self.profile) for each in parts(said, _LIST)), ()
        )

    def agency(self) -> str:
        said = self.row.cells.get("agency", "")
        trouble = agency_trouble(said) if said else None
        if trouble:
            self.troubles["agency"] = trouble
        return said

    def also(self, found: Mapping[str, str]) -> None:
        """Raise everything that is wrong with the row, if anything is."""
        troubles = {**found, **self.troubles}
        if troubles:
            raise InvalidInput(next(iter(troubles.values())), troubles)

    def _read(self, name: str, read: Callable[[str], V], empty: V) -> V:
        said = self.row.cells.get(name, "")
        try:
            return read(said) if said else empty
        except Fault as fault:
            self.troubles[name] = fault.words
            return empty


def _known(said: str, names: Mapping[str, str], labels: Sequence[str]) -> str:
    found = names.get(said.casefold())
    if found is None:
        raise Fault(f"“{said[:30]}” is not known. Write one of: {', '.join(labels[:12])}.")
    return found


def _topic(said: str, profile: Profile, labels: Sequence[str]) -> str:
    topic = profile.topic(said) or profile.find_topic(said)
    if topic is None:
        raise Fault(f"“{said[:30]}” isn't one of our topics. Write one of: {', '.join(labels[:12])}, …")
    return topic.id


def _area(said: str, profile: Profile) -> str:
    found = area_named(said, profile)
    if not found:
        raise Fault(f"“{said[:30]}” isn't one of our areas. Write a county's name, a region, or Statewide.")
    return found


class _Level:
    def __init__(self, ident: str) -> None:
        self.id, self.label = ident, LEVELS[ident][0]


class _Source(_Level):
    def __init__(self, ident: str, label: str) -> None:
        self.id, self.label = ident, label


_LEVELS = tuple(map(_Level, LEVELS))
_SOURCES = tuple(_Source(*each) for each in {**SOURCES, "slack": "Slack", "other": "Other"}.items())


def take_request(session: Session, row: RecordRow) -> bool:
    cells, profile = _Cells(row), row.profile
    agency = cells.agency()
    form = RequestForm(
        topics=cells.topics(),
        kind=cells.one("kind", profile.kinds) or UNSURE,
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
        cells.one("reason", profile.close_reasons) or "completed",
        cells.one("level", _LEVELS),
    )
    cells.also(past.troubles(request, profile, row.now))
    by = people.stand_in(session, profile.time_zone)
    which = {"key": row.key, "profile": profile, "now": row.now, "import_id": row.import_id}
    return past.record(session, request, person=by, **which) is not None  # type: ignore[arg-type]


def take_activity(session: Session, row: RecordRow) -> bool:
    cells, profile = _Cells(row), row.profile
    agency = cells.agency()
    entry = ContactEntry(
        day=cells.day("day"),
        minutes=minutes_of(row.cells.get("minutes", "")),
        category=cells.one("category", profile.contact_categories),
        format=cells.one("format", profile.contact_formats),
        people=people_of(row.cells.get("people", "")),
        fund_source=cells.one("fund_source", profile.fund_sources),
        formal=row.cells.get("formal", "").casefold() in _YES,
        objectives=cells.text("objectives"),
        note=cells.text("note"),
        topics=cells.topics(),
        areas=cells.areas(),
    )
    found = contacts.troubles(entry, profile, row.now)
    if entry.formal and not entry.objectives:
        found.pop("objectives", None)  # nobody wrote them down in the past
    cells.also(found)
    by = people.stand_in(session, profile.time_zone)
    agency_id = people.agency_named(session, agency).id if agency else None
    return contacts.keep_past(
        session, entry, agency_id, by=by, key=row.key, now=row.now, import_id=row.import_id
    )


def undo_requests(session: Session, import_id: int) -> tuple[int, int, bool]:
    found = tables.imported(session, import_id, touched=False, most=MOST)
    tables.remove(session, found)
    kept = len(tables.imported(session, import_id, touched=True, most=100_000))
    return len(found), kept, len(found) == MOST


def undo_activities(session: Session, import_id: int) -> tuple[int, int, bool]:
    removed = contacts.remove_imported(session, import_id, MOST)
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
