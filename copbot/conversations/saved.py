"""Verbs of saved answers: save, change, delete, find, use."""

from __future__ import annotations

from datetime import datetime

from copbot.assistance.texts import text_trouble, tidy
from copbot.conversations import tables
from copbot.conversations.rules import LONGEST, LONGEST_NAME, MOST_SAVED, SavedAnswer
from copbot.conversations.tables import SavedAnswerRow
from copbot.errors import check_fields
from copbot.slack.person import Person
from copbot.store import Session, find_row, need_row


def find(session: Session, ident: int) -> SavedAnswer:
    return _answer(_row(session, ident))


def like(session: Session, typed: str, most: int) -> list[SavedAnswer]:
    """Answers that hold these words; those used most first."""
    return [_answer(row) for row in tables.saved_like(session, typed, most)]


def by_name(session: Session) -> list[SavedAnswer]:
    return [_answer(row) for row in tables.saved_by_name(session)]


def save(
    session: Session,
    *,
    name: str,
    text: str,
    by: Person,
    now: datetime,
    ident: int | None = None,
    name_field: str = "name",
) -> SavedAnswer:
    """A new answer, or with `ident` the changed one. Raises `InvalidInput` for a name that another one has."""
    name, text = " ".join(tidy(name).split()), tidy(text)
    found = {
        name_field: text_trouble(name, most=LONGEST_NAME, empty="Please give it a name."),
        "text": text_trouble(text, most=LONGEST, empty="Please type the answer."),
    }
    row = None if ident is None else _row(session, ident)
    other = find_row(session, SavedAnswerRow, folded_name=name.casefold())
    if other is not None and other is not row:
        found[name_field] = "There is an answer with this name. Please choose another one."
    if row is None and len(tables.saved_by_name(session)) >= MOST_SAVED:
        found[name_field] = f"There are {MOST_SAVED} saved answers, and more can't be kept. Delete one first."
    check_fields(found)
    if row is None:
        row = SavedAnswerRow(by=by.id, at=now)
        session.add(row)
    else:
        row.changed_at = now
    row.name, row.folded_name, row.text = name, name.casefold(), text
    session.flush()
    return _answer(row)


def remove(session: Session, ident: int) -> None:
    session.delete(_row(session, ident))


def used(session: Session, ident: int) -> None:
    """It was sent in a reply. One that was deleted meanwhile is nothing to count."""
    row = session.get(SavedAnswerRow, ident)
    if row is not None:
        row.uses += 1


def _row(session: Session, ident: int) -> SavedAnswerRow:
    return need_row(session, SavedAnswerRow, "This answer was deleted.", id=ident)


def _answer(row: SavedAnswerRow) -> SavedAnswer:
    return SavedAnswer(row.id, row.name, row.text)
