"""The About pages: content as data, with source and the day it was reviewed."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from importlib import resources
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, StringConstraints, ValidationError, model_validator

from copbot.errors import NotFound
from copbot.program.choices import choice, choose
from copbot.program.faults import ProfileFault, refuse
from copbot.program.profile import Profile
from copbot.program.source import read_source
from copbot.program.structure import typed
from copbot.program.vocabulary import Part
from copbot.program.written import Id, Label, Line
from copbot.store import Session

CHOICE = "about_pages"
HEAD = "# The About pages. `bot.py import pages FILE` reads this file.\n"
Text = Annotated[str, StringConstraints(max_length=2000)]
Shows = Literal["", "areas", "news", "hotlines", "eligibility", "funding"]


class PageLink(Part):
    title: Label
    url: Line

    @model_validator(mode="after")
    def _leads_somewhere(self) -> PageLink:
        if not self.url.startswith(("https://", "http://")):
            refuse("is not a link", "write it with https:// in front")
        return self


class Statement(Part):
    """A fact. Without source and date nobody sees it."""

    text: Text
    source: Line
    reviewed_on: date


class Column(Part):
    heading: Label
    points: tuple[Line, ...]


class AboutPage(Part):
    """`shows` takes its words from the profile, or from what the programme does."""

    id: Id
    title: Label
    text: Text = ""
    points: tuple[Line, ...] = ()
    columns: Annotated[tuple[Column, ...], Field(max_length=2)] = ()
    links: tuple[PageLink, ...] = ()
    statements: tuple[Statement, ...] = ()
    shows: Shows = ""
    source: str = ""
    reviewed_on: date | None = None
    hidden: bool = False

    @property
    def is_empty(self) -> bool:
        told = (self.text, self.points, self.columns, self.links, self.statements, self.shows)
        return not any(told)


class PageFile(Part):
    pages: Annotated[tuple[AboutPage, ...], Field(max_length=100)]


def pages(session: Session, profile: Profile) -> tuple[AboutPage, ...]:
    """What people may see: no hidden page, none without content."""
    return tuple(page for page in every_page(session, profile) if not page.hidden and not page.is_empty)


def page(session: Session, profile: Profile, ident: str) -> AboutPage:
    """Raises `NotFound`."""
    found = next((each for each in pages(session, profile) if each.id == ident), None)
    if found is None:
        raise NotFound("That page is not there. The list shows those there are.")
    return found


def every_page(session: Session, profile: Profile) -> tuple[AboutPage, ...]:
    """Those that were imported; else those that come with the program for this profile, or for any."""
    chosen = choice(session, CHOICE)
    if chosen is not None:
        try:
            return PageFile.model_validate(chosen).pages
        except ValidationError:  # written by a version that knew other fields
            pass
    return shipped(profile.id)


@lru_cache(maxsize=8)
def shipped(profile_id: str) -> tuple[AboutPage, ...]:
    folder = resources.files("copbot.communities") / "pages"
    place = folder / f"{profile_id}.yaml"
    place = place if place.is_file() else folder / "any.yaml"
    return read(place.name, place.read_text("utf-8"))


def read(name: str, text: str) -> tuple[AboutPage, ...]:
    """The pages in this text. Raises `ProfileFault` with every fault and its line."""
    source = read_source(name, text)
    found = typed(PageFile, source) if source.data is not None else None
    seen: set[str] = set()
    for loc, entry in source.entries("pages"):
        ident = str(entry.get("id") or "")
        if ident and ident in seen:
            source.fault((*loc, "id"), f"“{ident}” stands twice", "give each page its own")
        seen.add(ident)
    if source.faults or found is None:
        raise ProfileFault(source.faults)
    return found.pages


def take(session: Session, listed: tuple[AboutPage, ...], *, by: str, now: datetime) -> bool:
    """From now on these are the pages; whether that changed anything."""
    return choose(session, CHOICE, {"pages": [_plain(each) for each in listed]}, by=by, now=now)


def as_yaml(session: Session, profile: Profile) -> str:
    told = {"pages": [_plain(each) for each in every_page(session, profile)]}
    return HEAD + yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=110)


def _plain(each: AboutPage) -> dict[str, Any]:
    return each.model_dump(mode="json", exclude_defaults=True)
