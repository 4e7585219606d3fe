"""What leads do with the About pages here: each change kept with who and when, none over another's unseen.

The file keeps what it says; a page changed here stands beside it (`pages.py`). A verb takes the page as `lock_page`
gives it, and `seen`: a mark of what its person had read or opened.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar, Unpack

from pydantic import BaseModel, ValidationError

from copbot.about import pages
from copbot.about.values import (
    STATEMENTS,
    AboutPage,
    Statement,
    form_mark,
    links_text,
    plain,
    statement_mark,
    words_mark,
)
from copbot.errors import Conflict, InvalidInput, NotFound, check_fields
from copbot.program.profile import Profile
from copbot.program.schema.source import Loc
from copbot.program.settings.editable import Texts, in_words
from copbot.program.settings.filed import EditBy, Filed, Locked, hold
from copbot.store import Session, new_uid

P = TypeVar("P", bound=BaseModel)
Page = Filed[AboutPage]
LockedPage = Locked[AboutPage]
_SIMPLE = ("title", "text", "source", "source_link", "reviewed_on")


def stored_page(session: Session, profile: Profile, ident: str) -> Page:
    """One page as leads see it, also a hidden one. Raises `NotFound`."""
    found = next((each for each in pages.everything(session, profile) if each.name == ident), None)
    if found is None:
        raise NotFound(pages.PAGES.gone)
    return found


def lock_page(session: Session, profile: Profile, ident: str, **how: Unpack[EditBy]) -> LockedPage:
    """The page for somebody who may change it. Raises `NotAllowed`, `NotFound`."""
    file = stored_page(session, profile, ident).file
    return hold(session, profile, pages.ROW + ident, pages.PAGES, file, **how)


def _save(held: LockedPage, why: str, **changes: Any) -> Page:
    """The page with these changes, held to its rules."""
    named = {name: value or None for name, value in changes.items()}
    return held.save(AboutPage.model_validate({**plain(held.found.value), **named}), why)


# -- the page's own words


def change(held: LockedPage, texts: Texts, seen: str) -> Page:
    """Save what was typed into the page's form. `seen`: the `form_mark` of what the form was opened with.

    A review is of words: where these change and its day is left as it was, it is taken off, unless it was today.
    Raises `InvalidInput` by field, `ChangedMeanwhile`.
    """
    before = held.found.value
    held.must_be_newest(seen == form_mark(before))
    after = _typed(before, texts)
    _must_have_been(after.reviewed_on, held.today)
    day, by = after.reviewed_on, before.reviewed_by
    if day != before.reviewed_on or (day == held.today and after != before):
        by = held.by if day else ""
    elif words_mark(after) != words_mark(before):
        day, by = None, ""
    return _save(held, "changed", **dict(after) | {"reviewed_on": day, "reviewed_by": by})


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
    return _typed_as(AboutPage, told)


def _lines(text: str) -> list[str]:
    """One entry a line; the marks in front of them are ours."""
    return [line for each in text.split("\n") if (line := re.sub(r"^\s*[•]\s*", "", each).strip())]


def _link_lines(text: str) -> list[dict[str, str]]:
    links = []
    for at, line in enumerate(_lines(text), 1):
        title, _, url = line.rpartition(" ")
        if not title.strip():
            how = "write what it is called, then its address, such as: Our film https://example.org"
            raise InvalidInput.at("links", f"Line {at}: {how}")
        links.append({"title": title.strip(), "url": url})
    return links


# -- one press


def review(held: LockedPage, seen: str) -> Page:
    """Somebody has read the page today and stands by it. `seen`: the `words_mark` of what they had read."""
    held.must_be_newest(seen == words_mark(held.found.value))
    return _save(held, "reviewed", reviewed_on=held.today, reviewed_by=held.by)


def hide(held: LockedPage, *, hidden: bool) -> Page:
    """Only leads and administrators see it from now on, or everybody does."""
    return _save(held, "hidden" if hidden else "shown", hidden=hidden)


# -- statements: facts, each with its source and its day, or it is refused at the field


def put_statement(held: LockedPage, key: str, texts: Texts, seen: str) -> Page:
    """Add a statement (`key` empty), or change one. `seen`: the `statement_mark` of the one that was opened.

    Raises `InvalidInput` by field, `ChangedMeanwhile`, `Conflict`.
    """
    page = held.found.value
    old = page.statement(key) if key else None
    if key:
        held.must_be_newest(old is not None and seen == statement_mark(old))
    elif len(page.statements) >= STATEMENTS:
        raise Conflict(f"There are {STATEMENTS} statements on this page already. Remove one first.")
    made = _statement(old.key if old else f"s{new_uid()[:12]}", texts, held.today)
    if any(each.text == made.text and each.key != made.key for each in page.statements):
        raise InvalidInput.at("text", "This is already on the page.")
    listed = tuple(made if each is old else each for each in page.statements)
    why = "statement changed" if old else "statement added"
    return _save(held, why, statements=listed if old else (*listed, made))


def _statement(key: str, texts: Texts, today: date) -> Statement:
    named = {name: texts.get(name, "").strip() for name in ("text", "source", "source_link", "reviewed_on")}
    blank = {
        "text": "Write the statement.",
        "source": "Name the source: nobody sees a statement without one.",
        "reviewed_on": "Choose the day: nobody sees a statement without one.",
    }
    check_fields({name: words for name, words in blank.items() if not named[name]})
    made = _typed_as(Statement, {"id": key, **named, "source_link": named["source_link"] or None})
    _must_have_been(made.reviewed_on, today)
    return made


def remove_statement(held: LockedPage, key: str, seen: str) -> Page:
    """Take a statement out. One that is out already stays out."""
    old = held.found.value.statement(key)
    if old is None:
        return held.found
    held.must_be_newest(seen == statement_mark(old))
    left = tuple(each for each in held.found.value.statements if each is not old)
    return _save(held, "statement removed", statements=left)


# -- what may be typed


def _must_have_been(day: date | None, today: date) -> None:
    """Nobody has read anything on a day that is still to come."""
    if day is not None and day > today:
        raise InvalidInput.at("reviewed_on", "This day is in the future.")


def _typed_as(model: type[P], told: Mapping[str, Any]) -> P:
    """The model, or the reasons by the field they were typed in."""
    try:
        return model.model_validate(told)
    except ValidationError as error:
        raise in_words(model, error, _place) from None


def _place(loc: Loc) -> Loc:
    if loc[0] != "columns" or len(loc) < 2:
        return loc
    return (f"{'heading' if 'heading' in loc else 'points'}_{loc[1]}", *loc[2:])
