"""A page as its row keeps it: held while somebody changes it, checked, written with who and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from copbot.about import pages
from copbot.about.pages import StoredPage
from copbot.about.values import AboutPage, plain
from copbot.errors import Conflict, InvalidInput, NotFound
from copbot.program.profile import Profile
from copbot.program.schema.structure import words_of
from copbot.program.settings.edits import FROM_FILE, Called, Editor, allow, meanwhile, note
from copbot.program.settings.service import choose, chosen_under, hold_choice
from copbot.program.settings.tables import SettingPart
from copbot.store import Session

Texts = Mapping[str, str]
P = TypeVar("P", bound=BaseModel)
_GONE = "That page no longer exists."


@dataclass(frozen=True)
class LockedPage:
    """A page nobody else changes until this transaction ends."""

    row: SettingPart
    kept: StoredPage


class ChangedMeanwhile(Conflict):
    """Somebody saved the same thing after it was opened. `now`: the page as they left it."""

    def __init__(self, words: str, now: StoredPage) -> None:
        super().__init__(words)
        self.now = now


def stored_page(session: Session, profile: Profile, ident: str) -> StoredPage:
    """One page as leads see it, also a hidden one. Raises `NotFound`."""
    found = next((each for each in pages.everything(session, profile) if each.page.id == ident), None)
    if found is None:
        raise NotFound(_GONE)
    return found


def hold_page(session: Session, profile: Profile, ident: str, by: Editor, now: datetime) -> LockedPage:
    """The page for somebody who may change it; nobody else does until this transaction ends."""
    allow(by)
    name = pages.ROW + ident
    file = pages.filed_page(session, profile, ident)
    if file is None and name not in chosen_under(session, name):
        raise NotFound(_GONE)
    told = plain_or_none(file)
    row = hold_choice(session, name, {"page": told, "file": told}, by=FROM_FILE, now=now)
    found = pages.kept_in(row, file)
    if found is None:
        raise NotFound(_GONE)
    return LockedPage(row, found)


def must_be_newest(is_newest: bool, held: LockedPage, profile: Profile, called: Called) -> None:
    """Raises `ChangedMeanwhile` with who was first and when."""
    if is_newest:
        return
    row, here = held.row, held.kept
    # A page that somebody put back to what the file says follows the file again; it was they who changed it.
    if row.by != FROM_FILE and row.value["page"] == plain(here.page):
        raise ChangedMeanwhile(meanwhile(row.by, row.at, profile, called), here)
    words = "The program's file changed after you opened this. Your change is not saved yet."
    raise ChangedMeanwhile(f"{words} Look at the current text, then save again.", here)


def save(
    session: Session, held: LockedPage, after: AboutPage, *, by: Editor, now: datetime, why: str
) -> StoredPage:
    """Write the page, unless it says so already, with what the file said when it was first changed here."""
    if after == held.kept.page:
        return held.kept
    follows = held.kept.by == FROM_FILE
    was = plain_or_none(held.kept.file) if follows else held.row.value["file"]
    return write(session, held, after, was, by=by, now=now, why=why)


def write(
    session: Session,
    held: LockedPage,
    page: AboutPage | None,
    file: dict[str, Any] | None,
    *,
    by: Editor,
    now: datetime,
    why: str,
) -> StoredPage:
    value = {"page": plain_or_none(page), "file": file}
    choose(session, held.row.name, value, by=by.user, now=now)
    note(session, held.row.name, by=by, now=now, why=why)
    session.flush()
    return StoredPage(page or held.kept.page, held.kept.file, by.user, now)


def plain_or_none(page: AboutPage | None) -> dict[str, Any] | None:
    return plain(page) if page else None


def with_(page: AboutPage, **changes: Any) -> AboutPage:
    """A changed copy, held to the page's rules."""
    return AboutPage.model_validate(
        {**plain(page), **{name: value or None for name, value in changes.items()}}
    )


def wrong(field: str, words: str) -> InvalidInput:
    return InvalidInput(words, {field: words})


def must_have_been(day: date | None, today: date) -> None:
    """Nobody has read anything on a day that is still to come."""
    if day is not None and day > today:
        raise wrong("reviewed_on", "This day is in the future.")


def checked(model: type[P], told: Mapping[str, Any]) -> P:
    """The model, or the reasons by the field they were typed in."""
    try:
        return model.model_validate(told)
    except ValidationError as error:
        fields: dict[str, str] = {}
        for details in error.errors(include_url=False):
            fields.setdefault(_field(details["loc"]), _sentence(model, details))
        raise InvalidInput(next(iter(fields.values())), fields) from None


def _field(loc: tuple[str | int, ...]) -> str:
    if loc[0] != "columns" or len(loc) < 2:
        return str(loc[0])
    return f"heading_{loc[1]}" if "heading" in loc else f"points_{loc[1]}"


def _sentence(model: type[BaseModel], details: ErrorDetails) -> str:
    if not str(details["input"] or "").strip():
        return "Please fill this in."
    wrong, right = words_of(model, details)
    places = [step for step in details["loc"] if isinstance(step, int)]
    lines = places[1:] if details["loc"][0] == "columns" else places
    subject = f"Line {lines[0] + 1}" if lines else "This"
    return f"{subject} {wrong}: {right}."
