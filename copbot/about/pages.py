"""The About pages: content as data, from a file, with what leads have changed here beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml
from pydantic import ValidationError

from copbot.about.values import AboutPage, PageFile, plain
from copbot.errors import NotFound
from copbot.program.profile import Profile
from copbot.program.schema.faults import ProfileFault
from copbot.program.schema.source import read_source
from copbot.program.schema.structure import typed
from copbot.program.settings.filed import Filed, FileKind
from copbot.program.settings.service import choose, chosen_under
from copbot.program.settings.tables import ChoiceRow, SettingPart
from copbot.store import Session

CHOICE = "about_pages"
"""The pages of the file that was imported last. Until then those that come with the program count."""
ROW = "about."
"""A page that leads changed here: `about.<id>`, with what it says and what the file said when they did."""
HEAD = "# The About pages. `bot.py import pages FILE` reads this file.\n"


@dataclass(frozen=True)
class TakenPages:
    """What became of an import. `left`: pages that were changed here and stay as they are here."""

    count: int
    changed: bool
    left: tuple[str, ...]


def page(session: Session, profile: Profile, ident: str) -> AboutPage:
    """What people may see: no hidden page, none without content. Raises `NotFound`."""
    every = every_page(session, profile)
    found = next((each for each in every if each.id == ident and each.is_seen), None)
    if found is None:
        raise NotFound("That page no longer exists. Open “About us” to see all pages.")
    return found


def every_page(session: Session, profile: Profile) -> tuple[AboutPage, ...]:
    return tuple(each.value for each in everything(session, profile))


def everything(session: Session, profile: Profile) -> tuple[Filed[AboutPage], ...]:
    """Every page, also hidden ones, in the file's order; then those that only stand here. One query."""
    rows = chosen_under(session, "about")
    listed = shipped(profile.id)
    with suppress(KeyError, ValidationError):  # none was imported, or by a version that knew other fields
        listed = PageFile.model_validate(rows[CHOICE].value).pages
    filed = {each.id: each for each in listed}
    found = {ident: Filed(ident, page.title, page, page, page) for ident, page in filed.items()}
    for name, row in rows.items():
        ident = name.removeprefix(ROW)
        if name.startswith(ROW) and (kept := kept_in(row, filed.get(ident))):
            found[ident] = kept
    return tuple(found.values())


def kept_in(row: ChoiceRow | SettingPart, file: AboutPage | None) -> Filed[AboutPage] | None:
    """The page as this row and the file have it; a row that only repeats its file follows the file."""
    ident, said, was = row.name.removeprefix(ROW), _page(row, "page"), _page(row, "file")
    if said is None or said == was:
        return Filed(ident, file.title, file, file, file) if file else None
    return Filed(ident, said.title, said, file, was, row.by, row.at)


def _page(row: ChoiceRow | SettingPart, name: str) -> AboutPage | None:
    told = row.value.get(name) if isinstance(row.value, dict) else None
    try:
        return AboutPage.model_validate(told) if told else None
    except ValidationError:  # written by a version that knew other fields
        return None


PAGES: FileKind[AboutPage] = FileKind(
    "That page no longer exists.",
    lambda _profile, row, file: kept_in(row, file),
    lambda page, was: ({"page": page and plain(page), "file": was and plain(was)}, None),
)


@lru_cache(maxsize=8)
def shipped(profile_id: str) -> tuple[AboutPage, ...]:
    """Those that come with the program for this profile, or for any."""
    folder = resources.files("copbot.about") / "texts"
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
            source.fault((*loc, "id"), f"“{ident}” is listed twice", "give each page its own")
        seen.add(ident)
    if source.faults or found is None:
        raise ProfileFault(source.faults)
    return found.pages


def take(
    session: Session, profile: Profile, listed: tuple[AboutPage, ...], *, by: str, now: datetime
) -> TakenPages:
    """From now on this is the file. What leads changed here stays as it is; the difference is shown to them."""
    value: dict[str, Any] = {"pages": [plain(each) for each in listed]}
    changed = choose(session, CHOICE, value, by=by, now=now)
    session.flush()
    left = tuple(each.name for each in everything(session, profile) if each.differs)
    return TakenPages(len(listed), changed, left)


def as_yaml(session: Session, profile: Profile) -> str:
    return written(every_page(session, profile))


def written(listed: Iterable[AboutPage]) -> str:
    """As `read` reads it again."""
    told = {"pages": [plain(each) for each in listed]}
    return HEAD + yaml.dump(told, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=110)


class _Writer(yaml.SafeDumper):
    """Line breaks that few know of are written out: read back in other quotes they would be blanks."""

    def represent_str(self, data: str) -> yaml.ScalarNode:
        style = '"' if _RARE_BREAK.search(data) else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_RARE_BREAK = re.compile("[\x85\u2028\u2029]")
_Writer.add_representer(str, _Writer.represent_str)
