"""The index as it stands in the database: one full-text table of its own make on each, and the words it knows.

`resource_search` is made by a revision (FTS5 on SQLite, tsvector on PostgreSQL) and has no mapped class: its shape
differs, so the drift check leaves it out. Its columns are the same on both: rowid, title, body, marks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Integer, String, TextClause, bindparam, delete, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from copbot.resources.index.rules import Doc, Term, counted_words, for_fts5, for_postgresql
from copbot.store import Base, KeepForever, Session

KNOWN_WORDS = 20_000


class ResourceWordRow(Base):
    """A word of the published library and in how many resources it occurs: what typing mistakes are held against."""

    __tablename__ = "resource_words"
    __retention__ = KeepForever("the library's own words, counted; one that no resource holds is taken out")

    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    uses: Mapped[int] = mapped_column(Integer)


def put(session: Session, docs: Sequence[Doc]) -> None:
    """Index these resources, in the place of what was indexed of them before."""
    drop(session, [doc.id for doc in docs])
    if docs:
        rows = [vars(doc) | {"marks": " ".join(doc.marks)} for doc in docs]
        session.execute(_INSERT, rows)
        _count(session, counted_words(docs))


def drop(session: Session, ids: Collection[int]) -> None:
    """Take resources out of the index; those that are not in it are passed over."""
    if not ids:
        return
    standing = [Doc(row[0], row[1], row[2]) for row in session.execute(_STANDING, {"ids": sorted(ids)})]
    if standing:
        session.execute(_DELETE, {"ids": [doc.id for doc in standing]})
        _count(session, {word: -uses for word, uses in counted_words(standing).items()})


def count(session: Session) -> int:
    return int(session.scalar(text("SELECT count(*) FROM resource_search")) or 0)


def clear(session: Session) -> None:
    """Empty the index, before it is built anew."""
    session.execute(text("DELETE FROM resource_search"))
    session.execute(delete(ResourceWordRow))


def match(session: Session, terms: Sequence[Term], *, most: int, title_only: bool = False) -> list[Doc]:
    """Resources in which every term occurs, the newest first; at most `most`."""
    if session.get_bind().dialect.name == "sqlite":
        found = session.execute(_FTS5, {"match": for_fts5(terms, title_only=title_only), "most": most})
    else:
        found = session.execute(*_tsquery(for_postgresql(terms, title_only=title_only), most))
    return [Doc(ident, title, body, tuple(marks.split())) for ident, title, body, marks in found]


def _tsquery(asked: Sequence[tuple[str, str]], most: int) -> tuple[TextClause, dict[str, Any]]:
    """One condition for each column, so that its index is asked once; no operator of PostgreSQL's comes from a person."""
    where = " AND ".join(
        f"{column} @@ ("
        + " && ".join(
            f"websearch_to_tsquery('simple', :t{at})" for at, each in enumerate(asked) if each[0] == column
        )
        + ")"
        for column in sorted({column for column, _ in asked})
    )
    words = {f"t{at}": spelled for at, (_, spelled) in enumerate(asked)}
    return text(f"{_PICK} WHERE {where} {_NEWEST}"), {**words, "most": most}


def frequency(session: Session, words: Collection[str]) -> dict[str, int]:
    """In how many resources each of these words occurs; those that occur in none are left out."""
    query = select(ResourceWordRow.word, ResourceWordRow.uses).where(ResourceWordRow.word.in_(words))
    return dict(session.execute(query).all())


def words_like(session: Session, first: str, shortest: int, longest: int) -> list[str]:
    """The commonest known words that begin with this letter, within these lengths."""
    row = ResourceWordRow
    query = select(row.word).where(row.word.startswith(first, autoescape=True))
    found = session.scalars(query.order_by(row.uses.desc(), row.word).limit(KNOWN_WORDS))
    return [word for word in found if shortest <= len(word) <= longest]


def _count(session: Session, changes: Mapping[str, int]) -> None:
    if not changes:
        return
    ordered = sorted(changes.items())  # in one order everywhere: two who count at once never wait in a ring
    added = [{"word": word, "uses": uses} for word, uses in ordered if uses > 0]
    if added:
        session.execute(_ADD[session.get_bind().dialect.name], added)
    fewer = [{"known": word, "less": -uses} for word, uses in ordered if uses < 0]
    if fewer:
        session.connection().execute(_SUBTRACT, fewer)
        session.execute(delete(ResourceWordRow).where(ResourceWordRow.uses <= 0))


def _adding(insert: Any) -> Any:
    statement = insert(ResourceWordRow.__table__)
    more = {"uses": ResourceWordRow.__table__.c.uses + statement.excluded.uses}
    return statement.on_conflict_do_update(index_elements=["word"], set_=more)


_ADD = {"sqlite": _adding(sqlite.insert), "postgresql": _adding(postgresql.insert)}
_SUBTRACT = (
    update(ResourceWordRow.__table__)
    .where(ResourceWordRow.__table__.c.word == bindparam("known"))
    .values(uses=ResourceWordRow.__table__.c.uses - bindparam("less"))
)
_INSERT = text("INSERT INTO resource_search (rowid, title, body, marks) VALUES (:id, :title, :body, :marks)")
_PICK = "SELECT rowid, title, body, marks FROM resource_search"
_NEWEST = "ORDER BY rowid DESC LIMIT :most"
_IDS: Any = bindparam("ids", expanding=True)
_STANDING = text(f"{_PICK} WHERE rowid IN :ids").bindparams(_IDS)
_DELETE = text("DELETE FROM resource_search WHERE rowid IN :ids").bindparams(_IDS)
_FTS5 = text(f"{_PICK} WHERE resource_search MATCH :match {_NEWEST}")
