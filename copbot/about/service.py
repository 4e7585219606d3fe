"""What leads do with the About pages here: each change kept with who and when, none over another's unseen.

The file keeps what it says; a page changed here stands beside it (`pages.py`). A verb takes the page as `lock_page`
gives it, and `seen`: a mark of what its person had read or opened.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from copbot.about import pages
from copbot.about.pages import StoredPage
from copbot.about.values import (
    STATEMENTS,
    AboutPage,
    Statement,
    digest,
    form_mark,
    links_text,
    plain,
    statement_mark,
    words_mark,
)
from copbot.errors import Conflict, InvalidInput, NotFound
from copbot.program.profile import Profile
from copbot.program.schema.structure import words_of
from copbot.program.settings.edits import FROM_FILE, Called, Editor, allow, meanwhile, note, somebody
from copbot.program.settings.service import choose, hold_choice
from copbot.program.settings.tables import SettingPart
from copbot.store import Session, new_uid

Texts = Mapping[str, str]
P = TypeVar("P", bound=BaseModel)
_SIMPLE = ("title", "text", "source", "source_link", "reviewed_on")
_GONE = "That page no longer exists."


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


@dataclass(frozen=True)
class LockedPage:
    """A page that nobody but `by` changes until this transaction ends."""

    session: Session
    profile: Profile
    row: SettingPart
    stored: StoredPage
    by: Editor
    now: datetime
    called: Called

    @property
    def today(self) -> date:
        return self.profile.today(self.now)

    def must_be_newest(self, is_newest: bool) -> None:
        """Raises `ChangedMeanwhile` with who was first and when."""
        if is_newest:
            return
        # A page that somebody put back to what the file says follows the file again; it was they who changed it.
        if self.row.by != FROM_FILE and self.row.value["page"] == plain(self.stored.page):
            raise ChangedMeanwhile(
                meanwhile(self.row.by, self.row.at, self.profile, self.called), self.stored
            )
        words = "The program's file changed after you opened this. Your change is not saved yet."
        raise ChangedMeanwhile(f"{words} Look at the current text, then save again.", self.stored)

    def save(self, why: str, **changes: Any) -> StoredPage:
        """The page with these changes, held to its rules, and what the file said when it was first changed here."""
        named = {name: value or None for name, value in changes.items()}
        after = AboutPage.model_validate({**plain(self.stored.page), **named})
        if after == self.stored.page:
            return self.stored
        follows = self.stored.by == FROM_FILE
        return self.write(after, plain_or_none(self.stored.file) if follows else self.row.value["file"], why)

    def write(self, page: AboutPage | None, file: dict[str, Any] | None, why: str) -> StoredPage:
        value = {"page": plain_or_none(page), "file": file}
        choose(self.session, self.row.name, value, by=self.by.user, now=self.now)
        note(self.session, self.row.name, by=self.by, now=self.now, why=why)
        self.session.flush()
        return StoredPage(page or self.stored.page, self.stored.file, self.by.user, self.now)


def lock_page(
    session: Session, profile: Profile, ident: str, *, by: Editor, now: datetime, called: Called = somebody
) -> LockedPage:
    """The page for somebody who may change it. Raises `NotAllowed`, `NotFound`."""
    allow(by)
    file = stored_page(session, profile, ident).file
    told = plain_or_none(file)
    row = hold_choice(session, pages.ROW + ident, {"page": told, "file": told}, by=FROM_FILE, now=now)
    found = pages.kept_in(row, file)
    if found is None:
        raise NotFound(_GONE)
    return LockedPage(session, profile, row, found, by, now, called)


def plain_or_none(page: AboutPage | None) -> dict[str, Any] | None:
    return plain(page) if page else None


# -- the page's own words


def change(held: LockedPage, texts: Texts, seen: str) -> StoredPage:
    """Save what was typed into the page's form. `seen`: the `form_mark` of what the form was opened with.

    A review is of words: where these change and its day is left as it was, it is taken off, unless it was today.
    Raises `InvalidInput` by field, `ChangedMeanwhile`.
    """
    before = held.stored.page
    held.must_be_newest(seen == form_mark(before))
    after = _typed(before, texts)
    _must_have_been(after.reviewed_on, held.today)
    day, by = after.reviewed_on, before.reviewed_by
    if day != before.reviewed_on or (day == held.today and after != before):
        by = held.by.user if day else ""
    elif words_mark(after) != words_mark(before):
        day, by = None, ""
    return held.save("changed", **dict(after) | {"reviewed_on": day, "reviewed_by": by})


def texts_of(page: AboutPage) -> dict[str, str]:
    """The page as its form's fields hold it, by name; two fields a column."""
    texts = {name: str(getattr(page, name) or "") for name in _SIMPLE}
    texts |= {"points": "\n".join(page.points), "links": links_text(page.links)}
    for at, column in enumerate(page.columns):
        texts |= {f"heading_{at}": column.heading, f"points_{at}": "\n".join(column.points)}
    return texts


def _typed(before: AboutPage, texts: Texts) -> AboutPage:
    columns = [
        {"heading": texts.get(f"heading_{at}", ""), "points": _lines(texts.get(f"points_{at}", ""))}
        for at in range(len(before.columns))
    ]
    told: dict[str, Any] = {
        **plain(before),
        **{name: texts.get(name, "").strip() or None for name in _SIMPLE},
        "title": texts.get("title", ""),
        "points": _lines(texts.get("points", "")),
        "columns": [each for each in columns if str(each["heading"]).strip() or each["points"]],
        "links": _link_lines(texts.get("links", "")),
    }
    return _checked(AboutPage, told)


def _lines(text: str) -> list[str]:
    """One entry a line; the marks in front of them are ours."""
    return [line for each in text.split("\n") if (line := re.sub(r"^\s*[•]\s*", "", each).strip())]


def _link_lines(text: str) -> list[dict[str, str]]:
    links = []
    for at, line in enumerate(_lines(text), 1):
        title, _, url = line.rpartition(" ")
        if not title.strip():
            how = "write what it is called, then its address, such as: Our film https://example.org"
            raise _wrong("links", f"Line {at}: {how}")
        links.append({"title": title.strip(), "url": url})
    return links


# -- one press


def review(held: LockedPage, seen: str) -> StoredPage:
    """Somebody has read the page today and stands by it. `seen`: the `words_mark` of what they had read."""
    held.must_be_newest(seen == words_mark(held.stored.page))
    return held.save("reviewed", reviewed_on=held.today, reviewed_by=held.by.user)


def hide(held: LockedPage, *, hidden: bool) -> StoredPage:
    """Only leads and administrators see it from now on, or everybody does."""
    return held.save("hidden" if hidden else "shown", hidden=hidden)


# -- statements: facts, each with its source and its day, or it is refused at the field


def put_statement(held: LockedPage, key: str, texts: Texts, seen: str) -> StoredPage:
    """Add a statement (`key` empty), or change one. `seen`: the `statement_mark` of the one that was opened.

    Raises `InvalidInput` by field, `ChangedMeanwhile`, `Conflict`.
    """
    page = held.stored.page
    old = page.statement(key) if key else None
    if key:
        held.must_be_newest(old is not None and seen == statement_mark(old))
    elif len(page.statements) >= STATEMENTS:
        raise Conflict(f"There are {STATEMENTS} statements on this page already. Remove one first.")
    made = _statement(old.key if old else f"s{new_uid()[:12]}", texts, held.today)
    if any(each.text == made.text and each.key != made.key for each in page.statements):
        raise _wrong("text", "This is already on the page.")
    listed = tuple(made if each is old else each for each in page.statements)
    why = "statement changed" if old else "statement added"
    return held.save(why, statements=listed if old else (*listed, made))


def _statement(key: str, texts: Texts, today: date) -> Statement:
    named = {name: texts.get(name, "").strip() for name in ("text", "source", "source_link", "reviewed_on")}
    blank = {
        "text": "Write the statement.",
        "source": "Name the source: nobody sees a statement without one.",
        "reviewed_on": "Choose the day: nobody sees a statement without one.",
    }
    missing = {name: words for name, words in blank.items() if not named[name]}
    if missing:
        raise InvalidInput(next(iter(missing.values())), missing)
    made = _checked(Statement, {"id": key, **named, "source_link": named["source_link"] or None})
    _must_have_been(made.reviewed_on, today)
    return made


def remove_statement(held: LockedPage, key: str, seen: str) -> StoredPage:
    """Take a statement out. One that is out already stays out."""
    old = held.stored.page.statement(key)
    if old is None:
        return held.stored
    held.must_be_newest(seen == statement_mark(old))
    left = tuple(each for each in held.stored.page.statements if each is not old)
    return held.save("statement removed", statements=left)


# -- where the file differs


def difference_mark(found: StoredPage) -> str:
    """Another one as soon as the page here or the file says something else."""
    return digest(plain_or_none(found.page), plain_or_none(found.file))


def take_from_file(held: LockedPage, seen: str) -> str:
    """What the file says counts from here on; a page it does not have goes. The page's title."""
    held.must_be_newest(seen == difference_mark(held.stored))
    file = held.stored.file
    held.write(file, plain_or_none(file), "taken from the file")
    return (file or held.stored.page).title


def keep_here(held: LockedPage, seen: str) -> str:
    """What stands here stays, and the file's change is no longer shown. The page's title."""
    held.must_be_newest(seen == difference_mark(held.stored))
    held.write(held.stored.page, plain_or_none(held.stored.file), "kept")
    return held.stored.page.title


# -- what may be typed


def _wrong(field: str, words: str) -> InvalidInput:
    return InvalidInput(words, {field: words})


def _must_have_been(day: date | None, today: date) -> None:
    """Nobody has read anything on a day that is still to come."""
    if day is not None and day > today:
        raise _wrong("reviewed_on", "This day is in the future.")


def _checked(model: type[P], told: Mapping[str, Any]) -> P:
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
