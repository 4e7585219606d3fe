"""The About pages for those who may change them: how each stands, its forms, and where the file differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from copbot.about.values import (
    COLUMN,
    LINKS,
    POINTS,
    STATEMENT,
    TEXT,
    URL,
    AboutPage,
    Statement,
    day_words,
    form_mark,
    is_old,
    statement_mark,
    unlike,
    words_mark,
)
from copbot.communities.screens.lists import ABOUT
from copbot.program.settings.editable import Field
from copbot.program.settings.filed import Called, Filed
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, View
from copbot.slack.differences import FileDifference, box, meanwhile, opening
from copbot.slack.text import counted, escape, when

LIST, EDIT, SAVE, REVIEW = "about.list", "about.edit", "about.save", "about.review"
HIDE, SHOW = "about.hide", "about.show"
STATEMENT_FORM, SAVE_STATEMENT, REMOVE = "about.statement", "about.save_statement", "about.remove"
DIFFERENCES = opening("about")

PAGE = 25
LABEL, LINE = 75, 200
"""Characters; a box counts some of them twice, so it takes as many again, and what is too long is said in words."""


@dataclass(frozen=True)
class ForLeads:
    """What stands on a page for those who may change it. `changed_at` is None while it is as the file says."""

    today: date
    zone: str
    changed_by: str = ""
    changed_at: datetime | None = None
    differs: bool = False
    note: str = ""


# -- on the page itself


def above(page: AboutPage, care: ForLeads) -> list[Block]:
    """What has just happened, and who sees the page."""
    unseen = "This page is empty, so only leads and administrators see it." if page.is_empty else ""
    if page.hidden:
        unseen = "Hidden: only leads and administrators see this page."
    return [*([kit.words(care.note)] if care.note else []), *([kit.context(unseen)] if unseen else [])]


_ELSEWHERE: Mapping[str, str] = {
    "eligibility": "Change these words in Home, under The program › Notices.",
    "funding": "Change these words in Home, under The program › Notices.",
    "hotlines": "Change the lines in Home, under The program › Care and crisis lines.",
    "areas": "The places come from the program's file.",
    "news": "The news is written automatically from the communities.",
}


def below(page: AboutPage, care: ForLeads) -> list[Block]:
    """How long ago it was reviewed when that was long, where the rest of it comes from, and what can be done."""
    told = ["⚠ Last reviewed over a year ago. Please review it again."] if is_old(page, care.today) else []
    told += [_ELSEWHERE[page.shows]] if page.shows else []
    if care.changed_at is not None:
        told.append(f"Changed by {escape(care.changed_by)}, {when(care.changed_at, care.zone)}.")
    if care.differs:
        told.append("The program's file differs from this page. Nothing was overwritten.")
    return [kit.divider(), *([kit.context(*told)] if told else []), _buttons(page, care)]


def _buttons(page: AboutPage, care: ForLeads) -> Block:
    mine = [kit.button("Edit", EDIT, page.id)]
    if page.has_own_words:
        mine.append(kit.button("I reviewed this today", REVIEW, f"{page.id}:{words_mark(page)}"))
    if not page.hidden:
        mine.append(kit.button("Hide", HIDE, page.id))
    elif not page.is_empty:
        mine.append(kit.button("Show to everybody", SHOW, page.id, style="primary"))
    if not page.shows:
        mine.append(kit.button("Add a statement", STATEMENT_FORM, f"{page.id}:"))
    if care.differs:
        mine.append(kit.button("See differences", DIFFERENCES))
    return kit.actions(mine)


# -- in Home


def to_see(due: int, differing: int) -> list[Block]:
    """What asks for attention; nothing when nothing does."""
    blocks: list[Block] = []
    if due:
        needs = counted(due, "About page needs", "About pages need")
        said = f"{needs} a review. Read each, then press “I reviewed this today”."
        blocks.append(kit.section(said, accessory=kit.button("Review pages", f"{LIST}:due", "0")))
    if differing:
        said = f"The program's file differs from {counted(differing, 'About page')} here. Nothing was overwritten."
        blocks.append(kit.section(said, accessory=kit.button("See differences", DIFFERENCES)))
    return blocks


# -- all pages


def list_view(
    pages: Sequence[Filed[AboutPage]], *, page: int, today: date, called: Called, note: str = ""
) -> View:
    """Every page with who sees it and who stands by it."""
    blocks: list[Block] = [kit.words(note)] if note else []
    if page == 0:
        blocks.append(kit.context("Open a page to edit, hide or review it."))
    differing = sum(each.differs for each in pages)
    if differing:
        said = f"The program's file differs in {counted(differing, 'page')}. Nothing was overwritten."
        blocks.append(kit.words(said, accessory=kit.button("See differences", DIFFERENCES)))
    for each in pages[page * PAGE : (page + 1) * PAGE]:
        opens = kit.button("Open", f"{ABOUT}:{each.name}", f"page:{each.name}")
        told = f"*{escape(each.label)}*\n{escape(_standing(each.value, today, called))}"
        blocks.append(kit.section(told, accessory=opens))
    turns = [kit.button("Back", f"{LIST}:back", str(page - 1))] if page else []
    if len(pages) > (page + 1) * PAGE:
        turns.append(kit.button("More", f"{LIST}:more", str(page + 1)))
    return kit.notice("About pages", [*blocks, *([kit.actions(turns)] if turns else [])])


def _standing(page: AboutPage, today: date, called: Called) -> str:
    seen = "Hidden" if page.hidden else "Empty, so hidden" if page.is_empty else "Visible to everybody"
    if not page.has_own_words:
        return seen if page.is_empty else f"{seen} · its words are changed elsewhere in Home"
    if page.reviewed_on is None:
        return f"{seen} · not yet reviewed"
    by = f" by {called(page.reviewed_by)}" if page.reviewed_by else ""
    warns, again = ("⚠ ", ": please review it again") if is_old(page, today) else ("", "")
    return f"{seen} · {warns}reviewed on {day_words(page.reviewed_on)}{by}{again}"


# -- the forms


def edit_form(
    page: AboutPage, texts: Mapping[str, str], *, note: str = "", instead: Sequence[str] = ()
) -> View:
    """The form for a page's words. `note` and `instead`: somebody saved it meanwhile, and what it says now."""
    blocks = [
        *meanwhile(note, instead),
        *(box(each, texts.get(each.name, "")) for each in _fields(page)),
        _day(_REVIEWED, texts, "The day somebody in the program read it", optional=True),
        kit.actions([kit.button("Back without saving", f"{ABOUT}:back", f"page:{page.id}")]),
    ]
    meta = {"page": page.id, "seen": form_mark(page)}
    return kit.form(SAVE, "Edit a page", blocks, submit="Save", meta=meta)


_SOURCE_LINK = Field("source_link", "Link to the source", "Starts with https://", optional=True, most=URL)
_REVIEWED = "Reviewed on"


def _fields(page: AboutPage) -> list[Field]:
    found = [Field("title", "Title", most=2 * LABEL)]
    found.append(Field("text", "Text", lines=True, optional=True, most=TEXT))
    for at in range(len(page.columns)):
        name, label, hint = f"points_{at}", f"Points of column {at + 1}", "One per line"
        found.append(Field(f"heading_{at}", f"Heading of column {at + 1}", optional=True, most=2 * LABEL))
        found.append(Field(name, label, hint, lines=True, optional=True, most=COLUMN))
    film = "One per line: its title, then its address. Films go here too."
    source = "Where the facts come from, or whose words these are"
    return [
        *found,
        Field("points", "Points", "One per line", lines=True, optional=True, most=POINTS),
        Field("links", "Links", film, lines=True, optional=True, most=LINKS),
        Field("source", "Source", source, optional=True, most=2 * LINE),
        _SOURCE_LINK,
    ]


def otherwise(page: AboutPage, now: Mapping[str, str], typed: Mapping[str, str]) -> list[str]:
    """What a page says now in each field in which somebody has typed something else."""
    labels = {each.name: each.label for each in _fields(page)} | {"reviewed_on": _REVIEWED}
    differing = [name for name in labels if now.get(name, "").strip() != typed.get(name, "").strip()]
    return [f"{labels[name]}: {now.get(name) or '–'}" for name in differing]


_STATEMENT = (
    Field("text", "Statement", "One fact, in your own words", lines=True, most=STATEMENT),
    Field("source", "Source", "Who says so, such as the report's name and year", most=2 * LINE),
    _SOURCE_LINK,
)


def statement_form(
    page: AboutPage,
    statement: Statement | None,
    texts: Mapping[str, str],
    *,
    note: str = "",
    instead: Sequence[str] = (),
) -> View:
    """The form for one statement; `statement` is None for a new one."""
    ends, key, seen = [kit.button("Back without saving", f"{ABOUT}:back", f"page:{page.id}")], "", ""
    if statement is not None:
        key, seen = statement.key, statement_mark(statement)
        sure = kit.confirm("Remove this statement?", "It disappears for everybody.", "Remove", "Keep")
        ends.append(kit.button("Remove", REMOVE, f"{page.id}:{key}:{seen}", style="danger", confirm=sure))
    blocks = [
        *meanwhile(note, instead),
        *(box(each, texts.get(each.name, "")) for each in _STATEMENT),
        _day("Date", texts, "The day you read it in the source", optional=False),
        kit.actions(ends),
    ]
    meta = {"page": page.id, "key": key, "seen": seen}
    return kit.form(SAVE_STATEMENT, page.title, blocks, submit="Save", meta=meta)


def _day(label: str, texts: Mapping[str, str], hint: str, *, optional: bool) -> Block:
    picker: dict[str, Any] = {"type": "datepicker", "action_id": "reviewed_on"}
    with suppress(ValueError):  # no day was typed; a form that comes back may hold anything
        picker["initial_date"] = date.fromisoformat(texts.get("reviewed_on", "")).isoformat()
    return kit.field("reviewed_on", label, picker, hint=hint, optional=optional)


# -- where the file differs


def difference(page: AboutPage, file: AboutPage | None, mark: str) -> FileDifference:
    """A page that the file has otherwise, part by part; `file` is None where the file does not have it any more."""
    if file is None:
        gone = "The page was removed. Using the file's version removes it here."
        return FileDifference(page.id, page.title, "The page as it is.", gone, mark)
    parts = unlike(page, file)
    here = "\n".join(f"{label}: {said or '–'}" for label, said, _ in parts)
    there = "\n".join(f"{label}: {said or '–'}" for label, _, said in parts)
    return FileDifference(page.id, page.title, here, there, mark)
