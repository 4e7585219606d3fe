"""What leads do with the About pages here: each change kept with who and when, none over another's unseen.

The file keeps what it says; a page changed here stands beside it (`about.py`).
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from copbot.about.pages import StoredPage
from copbot.about.rows import (
    Texts,
    checked,
    hold_page,
    must_be_newest,
    must_have_been,
    plain_or_none,
    save,
    with_,
    write,
    wrong,
)
from copbot.about.values import AboutPage, digest, form_mark, links_text, plain, words_mark
from copbot.program.profile import Profile
from copbot.program.settings.edits import Called, Editor, somebody
from copbot.store import Session

_SIMPLE = ("title", "text", "source", "source_link", "reviewed_on")

# -- the page's own words


def change(
    session: Session,
    profile: Profile,
    ident: str,
    texts: Texts,
    *,
    seen: str,
    by: Editor,
    now: datetime,
    called: Called = somebody,
) -> StoredPage:
    """Save what was typed into the page's form. `seen`: the `form_mark` of what the form was opened with.

    A review is of words: where these change and its day is left as it was, it is taken off, unless it was today.
    Raises `InvalidInput` by field, `ChangedMeanwhile`, `NotAllowed`.
    """
    held = hold_page(session, profile, ident, by, now)
    before = held.kept.page
    must_be_newest(seen == form_mark(before), held, profile, called)
    after = _made(before, texts)
    day = profile.today(now)
    must_have_been(after.reviewed_on, day)
    return save(session, held, _reviewed(before, after, by, day), by=by, now=now, why="changed")


def _reviewed(before: AboutPage, after: AboutPage, by: Editor, day: date) -> AboutPage:
    if after.reviewed_on != before.reviewed_on or (after.reviewed_on == day and after != before):
        return with_(after, reviewed_by=by.user if after.reviewed_on else "")
    if words_mark(after) != words_mark(before):
        return with_(after, reviewed_on=None, reviewed_by="")
    return after


def texts_of(page: AboutPage) -> dict[str, str]:
    """The page as its form's fields hold it, by name; two fields a column."""
    texts = {name: str(getattr(page, name) or "") for name in _SIMPLE}
    texts |= {"points": "\n".join(page.points), "links": links_text(page.links)}
    for at, column in enumerate(page.columns):
        texts |= {f"heading_{at}": column.heading, f"points_{at}": "\n".join(column.points)}
    return texts


def _made(before: AboutPage, texts: Texts) -> AboutPage:
    columns: list[dict[str, Any]] = [
        {"heading": texts.get(f"heading_{at}", ""), "points": _lines(texts.get(f"points_{at}", ""))}
        for at in range(len(before.columns))
    ]
    told: dict[str, Any] = {
        **plain(before),
        **{name: texts.get(name, "").strip() or None for name in _SIMPLE},
        "title": texts.get("title", ""),
        "points": _lines(texts.get("points", "")),
        "columns": [each for each in columns if each["heading"].strip() or each["points"]],
        "links": _link_lines(texts.get("links", "")),
    }
    return checked(AboutPage, told)


def _lines(text: str) -> list[str]:
    """One entry a line; the marks in front of them are ours."""
    return [line for each in text.split("\n") if (line := re.sub(r"^\s*[•]\s*", "", each).strip())]


def _link_lines(text: str) -> list[dict[str, str]]:
    links = []
    for at, line in enumerate(_lines(text), 1):
        title, _, url = line.rpartition(" ")
        if not title.strip():
            words = (
                f"Line {at}: write what it is called, then its address, such as: Our film https://example.org"
            )
            raise wrong("links", words)
        links.append({"title": title.strip(), "url": url})
    return links


# -- one press


def review(
    session: Session,
    profile: Profile,
    ident: str,
    *,
    seen: str,
    by: Editor,
    now: datetime,
    called: Called = somebody,
) -> StoredPage:
    """Somebody has read the page today and stands by it. `seen`: the `words_mark` of what they had read."""
    held = hold_page(session, profile, ident, by, now)
    must_be_newest(seen == words_mark(held.kept.page), held, profile, called)
    after = with_(held.kept.page, reviewed_on=profile.today(now), reviewed_by=by.user)
    return save(session, held, after, by=by, now=now, why="reviewed")


def hide(
    session: Session, profile: Profile, ident: str, *, hidden: bool, by: Editor, now: datetime
) -> StoredPage:
    """Only leads and administrators see it from now on, or everybody does."""
    held = hold_page(session, profile, ident, by, now)
    after = with_(held.kept.page, hidden=hidden)
    return save(session, held, after, by=by, now=now, why="hidden" if hidden else "shown")


# -- where the file differs


def difference_mark(found: StoredPage) -> str:
    """Another one as soon as the page here or the file says something else."""
    return digest(plain_or_none(found.page), plain_or_none(found.file))


def take_from_file(
    session: Session,
    profile: Profile,
    ident: str,
    *,
    seen: str,
    by: Editor,
    now: datetime,
    called: Called = somebody,
) -> str:
    """What the file says counts from here on; a page it does not have goes. The page's title.

    `seen`: the `difference_mark` of what was looked at.
    """
    held = hold_page(session, profile, ident, by, now)
    must_be_newest(seen == difference_mark(held.kept), held, profile, called)
    file = held.kept.file
    write(session, held, file, plain_or_none(file), by=by, now=now, why="taken from the file")
    return (file or held.kept.page).title


def keep_here(
    session: Session,
    profile: Profile,
    ident: str,
    *,
    seen: str,
    by: Editor,
    now: datetime,
    called: Called = somebody,
) -> str:
    """What stands here stays, and the file's change is no longer shown. The page's title."""
    held = hold_page(session, profile, ident, by, now)
    must_be_newest(seen == difference_mark(held.kept), held, profile, called)
    write(session, held, held.kept.page, plain_or_none(held.kept.file), by=by, now=now, why="kept")
    return held.kept.page.title
