"""One About page as a value: what may stand on it, within what Slack shows, and what differs between two of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from copbot.program.schema.faults import refuse
from copbot.program.schema.fields import Id, Label, Line
from copbot.program.schema.vocabulary import ProfilePart
from copbot.program.settings.filed import digest
from copbot.slack.text import escape, size

TEXT, STATEMENT, POINTS, COLUMN, LINKS, URL = 2000, 1000, 3000, 2000, 3000, 300
"""UTF-16 units, as Slack counts. Points and links have to fit into one section and one box, a column into a field."""
STATEMENTS = 15
"""Each takes two blocks; a page of so many still fits into a view, whatever characters it is written in."""

_LINK = re.compile(r"https?://[^\s|<>\"\x00-\x1f]+", re.IGNORECASE)


def is_link(value: str) -> bool:
    """An address that a browser opens and that shows where it leads: no other kinds, no name in front of the host."""
    try:
        parts = urlsplit(value)
        return bool(_LINK.fullmatch(value) and parts.hostname and parts.username is None)
    except ValueError:
        return False


def _url(value: str) -> str:
    if not is_link(value):
        refuse("is not a link", "write it with https:// in front, such as https://example.org")
    return value


def _at_most(most: int, text_of: Callable[[Any], str] = str) -> AfterValidator:
    def check(value: Any) -> Any:
        over = size(text_of(value)) - most
        if over > 0:
            units = "character" if over == 1 else "characters"
            refuse(f"is {over:,} {units} too long", f"at most {most:,} fit; shorten it")
        return value

    return AfterValidator(check)


def points_text(points: tuple[str, ...]) -> str:
    return "\n".join(f"• {point}" for point in points)


def column_text(column: Column) -> str:
    """Mrkdwn: a heading and its numbered points."""
    lines = [f"{at}. {escape(each)}" for at, each in enumerate(column.points, 1)]
    return "\n".join([f"*{escape(column.heading)}*", *lines])


def links_text(links: tuple[PageLink, ...]) -> str:
    """One a line, as it is typed: what it is called, then its address."""
    return "\n".join(f"{link.title} {link.url}" for link in links)


Url = Annotated[str, AfterValidator(_url), _at_most(URL)]
Shows = Literal["", "areas", "news", "hotlines", "eligibility", "funding"]


class PageLink(ProfilePart):
    title: Label
    url: Url


class Statement(ProfilePart):
    """A fact. There is none without source and date. `id` keeps its place when its words change."""

    id: Id = ""
    text: Annotated[str, Field(min_length=1), _at_most(STATEMENT)]
    source: Line
    source_link: Url = ""
    reviewed_on: date

    @property
    def key(self) -> str:
        return self.id or f"s{digest(self.text)}"


class Column(ProfilePart):
    heading: Label
    points: tuple[Line, ...]


class AboutPage(ProfilePart):
    """`shows` takes its words from the profile, or from what the program does."""

    id: Id
    title: Label
    text: Annotated[str, _at_most(TEXT)] = ""
    points: Annotated[tuple[Line, ...], _at_most(POINTS, points_text)] = ()
    columns: Annotated[tuple[Annotated[Column, _at_most(COLUMN, column_text)], ...], Field(max_length=2)] = ()
    links: Annotated[tuple[PageLink, ...], Field(max_length=20), _at_most(LINKS, links_text)] = ()
    statements: Annotated[tuple[Statement, ...], Field(max_length=STATEMENTS)] = ()
    shows: Shows = ""
    source: Line = ""
    source_link: Url = ""
    reviewed_on: date | None = None
    reviewed_by: Line = ""
    hidden: bool = False

    @property
    def has_own_words(self) -> bool:
        """Something that somebody of the program can review; what `shows` brings has its own place."""
        return any((self.text, self.points, self.columns, self.links, self.statements))

    @property
    def is_empty(self) -> bool:
        return not (self.has_own_words or self.shows)

    @property
    def is_seen(self) -> bool:
        return not (self.hidden or self.is_empty)

    def statement(self, key: str) -> Statement | None:
        return next((each for each in self.statements if each.key == key), None)


class PageFile(ProfilePart):
    pages: Annotated[tuple[AboutPage, ...], Field(max_length=100)]


def day_words(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def plain(page: AboutPage) -> dict[str, Any]:
    """As a file writes it and a row keeps it."""
    return page.model_dump(mode="json", exclude_defaults=True)


def form_mark(page: AboutPage) -> str:
    """Another one as soon as anything changes that the page's form holds."""
    return digest(page.model_dump(mode="json", exclude={"statements", "hidden"}))


def words_mark(page: AboutPage) -> str:
    """Another one as soon as anything changes that people read on it, and that a review is of."""
    return digest(page.model_dump(mode="json", exclude={"hidden", "reviewed_on", "reviewed_by"}))


def statement_mark(each: Statement) -> str:
    return digest(each.model_dump(mode="json"))


def review_is_due(page: AboutPage, today: date) -> bool:
    """Words of the program's own that nobody of it has reviewed, or not for a year."""
    return page.is_seen and page.has_own_words and (page.reviewed_on is None or is_old(page, today))


def is_old(page: AboutPage, today: date) -> bool:
    """Reviewed a year ago or longer; what was reviewed on 29 February, from 1 March of the next year."""
    day = page.reviewed_on
    return day is not None and (today.year - 1, today.month, today.day) >= (day.year, day.month, day.day)


PARTS: tuple[tuple[str, str], ...] = (
    ("title", "Title"),
    ("text", "Text"),
    ("points", "Points"),
    ("columns", "Columns"),
    ("links", "Links"),
    ("statements", "Statements"),
    ("source", "Source"),
    ("source_link", "Source's address"),
    ("reviewed_on", "Reviewed on"),
    ("hidden", "Hidden"),
)


def unlike(one: AboutPage, other: AboutPage) -> tuple[tuple[str, str, str], ...]:
    """Every part in which two pages differ: its label, and what each says, for people to read."""
    pairs = ((label, _read(getattr(one, name)), _read(getattr(other, name))) for name, label in PARTS)
    return tuple((label, here, there) for label, here, there in pairs if here != there)


def _read(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple():
            return "\n".join(map(_read, value))
        case PageLink():
            return f"{value.title} {value.url}"
        case Column():
            return "\n".join([value.heading, *value.points])
        case Statement():
            source = " ".join(filter(None, (value.source, value.source_link)))
            return f"{value.text} (Source: {source}, {value.reviewed_on})"
    return str(value or "")
