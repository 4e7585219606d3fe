"""`python -m tests.bench.search`: searching 1,000, 10,000 and 100,000 resources against the database's own rank and limit."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import text

from copbot.resources.index.rules import for_fts5, for_postgresql
from copbot.resources.library import service as library
from copbot.resources.library.intake import put_many
from copbot.resources.library.values import IncomingResource
from copbot.resources.search import rules, service
from copbot.store import Session, Store
from tests.bench.figures import ms, quantile, table
from tests.bench.reread import PAGE
from tests.databases import SqliteFiles, running_postgres
from tests.resources import judged
from tests.resources.given import NOW, PROFILE
from tests.resources.test_judged import filled, plain

HEADING = "## Searching the library"
WARM = 20
BATCH = 500
Timed = dict[str, list[float]]


@dataclass(frozen=True)
class Row:
    """One size on one database: milliseconds, resources taken in a second, megabytes of tables and index."""

    database: str
    size: int
    ours: list[float]
    floor: list[float]
    taken: float
    megabytes: float


def incoming(size: int) -> Iterator[IncomingResource]:
    """Resources made from the judged ones, each with words of its own and a few of everybody's."""
    chance, made = random.Random(7), judged.library()
    words = [f"{chance.choice('bcdfgklmnprstv')}{chance.choice('aeiou')}{number:x}" for number in range(8000)]
    for number in range(size):
        fields = made[number % len(made)].fields
        more = " ".join(chance.choices(words, k=25))
        yield IncomingResource(
            replace(fields, url=f"https://example.org/r/{number}", summary=f"{fields.summary} {more}")
        )


def fill(store: Store, size: int) -> float:
    """Take them in, five hundred at a time; resources a second."""
    rows, start = list(incoming(size)), time.perf_counter()
    for at in range(0, size, BATCH):
        with store.writing(budget=60) as session:
            put_many(session, rows[at : at + BATCH], by="bench", now=NOW, profile=PROFILE, publish=True)
    return size / (time.perf_counter() - start)


def own_rank(session: Session, typed: str) -> int:
    """The same match, ranked and cut by the database, and the rows of what it found."""
    query = rules.understand(typed, PROFILE)
    areas = [each for tier in query.tiers for each in tier]
    terms = [*query.terms, *([rules.area_term(areas)] if areas else [])]
    if session.get_bind().dialect.name == "sqlite":
        found = session.execute(text(_FTS5), {"q": for_fts5(terms)})
    else:
        asked = [words for _, words in for_postgresql(terms)]
        match = " && ".join(f"websearch_to_tsquery('simple', :t{at})" for at in range(len(asked)))
        found = session.execute(
            text(_TSVECTOR.format(match)), {f"t{at}": each for at, each in enumerate(asked)}
        )
    return len(library.by_ids(session, [row[0] for row in found]))


_FTS5 = "SELECT rowid FROM resource_search WHERE resource_search MATCH :q ORDER BY rank LIMIT 10"
_TSVECTOR = (
    "SELECT rowid FROM resource_search, (SELECT {} AS asked) AS given WHERE words @@ asked "
    "ORDER BY ts_rank(words, asked) DESC LIMIT 10"
)


def measured(name: str, store: Store, size: int, rounds: int) -> Row:
    taken = fill(store, size)
    with store.engine.connect() as connection:
        if not store.is_sqlite:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(
                text("SET statement_timeout = 0")
            )
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(text("RESET statement_timeout"))
        sizes = "SELECT pg_database_size(current_database())" if not store.is_sqlite else _SQLITE_SIZE
        megabytes = float(connection.execute(text(sizes)).scalar_one()) / 1e6
    times: Timed = {"ours": [], "floor": []}
    ways: dict[str, Callable[[Session, str], object]] = {
        "ours": lambda session, typed: service.search(session, typed, profile=PROFILE),
        "floor": own_rank,
    }
    searches = [each.typed for each in judged.SEARCHES]
    for number in range(rounds):
        for way in ("ours", "floor") if number % 2 else ("floor", "ours"):
            times[way] += _round(store, ways[way], searches, warm=not number)
    return Row(name, size, times["ours"], times["floor"], taken, megabytes)


_SQLITE_SIZE = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"


def _round(
    store: Store, way: Callable[[Session, str], object], searches: Sequence[str], *, warm: bool
) -> list[float]:
    found = []
    with store.reading() as session:
        for typed in [*searches[: WARM if warm else 0], *searches]:
            start = time.perf_counter()
            way(session, typed)
            found.append((time.perf_counter() - start) * 1000)
    return found[-len(searches) :]


def section(rows: Sequence[Row], found: dict[str, tuple[tuple[float, float], tuple[float, float]]]) -> str:
    listed = [
        (
            f"{row.database}, {row.size:,}",
            ms(quantile(row.floor, 0.5)),
            ms(quantile(row.floor, 0.99)),
            ms(quantile(row.ours, 0.5)),
            ms(quantile(row.ours, 0.99)),
            f"**{quantile(row.ours, 0.99) / quantile(row.floor, 0.99):.1f}**",
            f"{row.taken:,.0f}",
            f"{row.megabytes:,.0f}",
        )
        for row in rows
    ]
    header = ("", "its own p50", "p99", "copbot p50", "p99", "p99 ratio", "taken in a second", "MB")
    quality = [
        (f"{name}", f"{theirs[0]:.2f}", f"{theirs[1]:.2f}", f"{ours[0]:.2f}", f"{ours[1]:.2f}")
        for name, (ours, theirs) in found.items()
    ]
    judged_header = ("", "plain nDCG@5", "success@1", "copbot nDCG@5", "success@1")
    return "\n\n".join(
        [
            HEADING,
            f"Milliseconds for one page of ten, over the {len(judged.SEARCHES)} judged searches (spelling mistakes and places "
            "included), against the same match ranked and cut by the database itself with the same ten rows loaded, "
            "in the same run. Goal: p99 ratio ≤ 2. Nothing is promised beyond 10,000. Our order costs the same however "
            f"many match: at most {rules.CANDIDATES} candidates are ranked; of more, those nearest to the place, or with the "
            "words in the title, and of these the newest.",
            "Written by `python -m tests.bench.search --keep`.",
            table(header, listed),
            f"Quality over {len(judged.library())} generated resources, against plain full-text search (all words, else any):",
            table(judged_header, quality),
        ]
    )


def qualities(store: Store) -> tuple[tuple[float, float], tuple[float, float]]:
    """nDCG@5 and success@1 of ours, and of plain full text."""
    with store.writing(budget=60) as session:
        places = filled(session)

        def ours(typed: str) -> list[int]:
            found = service.search(session, typed, profile=PROFILE, most=5)
            return [places[each.resource.id] for each in found.items]

        return judged.quality(ours), judged.quality(
            lambda typed: [places[each] for each in plain(session, typed)]
        )


@contextmanager
def _databases(folder: Path) -> Iterator[Callable[[str], str]]:
    files = SqliteFiles(folder)
    with running_postgres() as server, ExitStack() as copies:

        def fresh(name: str) -> str:
            if name == "SQLite":
                return files.copy(folder / f"search-{time.monotonic_ns()}.db")
            return copies.enter_context(server.copy())

        yield fresh


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", action="store_true", help="write it into docs/performance.md")
    chosen = parser.parse_args(arguments)
    rows, found = [], {}
    with tempfile.TemporaryDirectory() as folder, _databases(Path(folder)) as fresh:
        for name in ("SQLite", "PostgreSQL"):
            store = Store(fresh(name))
            found[name] = qualities(store)
            store.close()
            for size in chosen.sizes:
                print(name, size, flush=True)
                store = Store(fresh(name))
                rows.append(measured(name, store, size, chosen.rounds))
                store.close()
    words = section(rows, found)
    print(words)
    if chosen.keep:
        page = PAGE.read_text() if PAGE.exists() else "# Performance\n"
        _before, heading, after = page.partition(HEADING)
        old = heading + after.partition("\n## ")[0]
        PAGE.write_text(page.replace(old, "").rstrip() + f"\n\n{words}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
