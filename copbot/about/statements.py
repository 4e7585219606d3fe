"""Statements on the About pages: facts, each with its source and its day, or it is refused at the field."""

from __future__ import annotations

from datetime import date, datetime

from copbot.about.pages import StoredPage
from copbot.about.rows import (
    Texts,
    checked,
    hold_page,
    must_be_newest,
    must_have_been,
    save,
    with_,
    wrong,
)
from copbot.about.values import STATEMENTS, Statement, statement_mark
from copbot.errors import Conflict, InvalidInput
from copbot.program.profile import Profile
from copbot.program.settings.edits import Called, Editor, somebody
from copbot.store import Session, new_uid


def put_statement(
    session: Session,
    profile: Profile,
    ident: str,
    key: str,
    texts: Texts,
    *,
    seen: str,
    by: Editor,
    now: datetime,
    called: Called = somebody,
) -> StoredPage:
    """Add a statement (`key` empty), or change one. `seen`: the `statement_mark` of the one that was opened.

    Raises `InvalidInput` by field, `ChangedMeanwhile`, `Conflict`, `NotAllowed`.
    """
    held = hold_page(session, profile, ident, by, now)
    page = held.kept.page
    old = page.statement(key) if key else None
    if key:
        must_be_newest(old is not None and seen == statement_mark(old), held, profile, called)
    elif len(page.statements) >= STATEMENTS:
        raise Conflict(f"There are {STATEMENTS} statements on this page already. Remove one first.")
    made = _statement(old.key if old else f"s{new_uid()[:12]}", texts, profile.today(now))
    if any(each.text == made.text and each.key != made.key for each in page.statements):
        raise wrong("text", "This is already on the page.")
    if old is None:
        listed = (*page.statements, made)
    else:
        listed = tuple(made if each is old else each for each in page.statements)
    after = with_(page, statements=listed)
    return save(session, held, after, by=by, now=now, why="statement changed" if old else "statement added")


def _statement(key: str, texts: Texts, day: date) -> Statement:
    named = {name: texts.get(name, "").strip() for name in ("text", "source", "source_link", "reviewed_on")}
    blank = {
        "text": "Write the statement.",
        "source": "Name the source: nobody sees a statement without one.",
        "reviewed_on": "Choose the day: nobody sees a statement without one.",
    }
    missing = {name: words for name, words in blank.items() if not named[name]}
    if missing:
        raise InvalidInput(next(iter(missing.values())), missing)
    made = checked(Statement, {"id": key, **named, "source_link": named["source_link"] or None})
    must_have_been(made.reviewed_on, day)
    return made


def remove_statement(
    session: Session,
    profile: Profile,
    ident: str,
    key: str,
    *,
    seen: str,
    by: Editor,
    now: datetime,
    called: Called = somebody,
) -> StoredPage:
    """Take a statement out. One that is out already stays out."""
    held = hold_page(session, profile, ident, by, now)
    old = held.kept.page.statement(key)
    if old is None:
        return held.kept
    must_be_newest(seen == statement_mark(old), held, profile, called)
    listed = tuple(each for each in held.kept.page.statements if each is not old)
    after = with_(held.kept.page, statements=listed)
    return save(session, held, after, by=by, now=now, why="statement removed")
