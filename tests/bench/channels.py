"""`python -m tests.bench.channels`: two hundred channels put in order, and the calls it takes against the fewest possible."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from copbot.store import Store
from tests.bench.reread import PAGE
from tests.communities.kit import Commons
from tests.databases import SqliteFiles

HEADING = "## Putting the channels in order"
WRITES = 8
"""A new channel's least: make it, topic, description, three bookmarks, its welcome, the pin; and one for its lead."""


@dataclass(frozen=True)
class Row:
    name: str
    fewest: int
    made: int
    seconds: float


def measured(number: int, folder: Path) -> list[Row]:
    commons = Commons(Store(SqliteFiles(folder).copy(folder / "bench.db")))
    commons.knows("ada", "lou")
    lead = commons.slack.user("ada")
    for each in range(number):
        commons.wants(f"community-{each}", topics=["naloxone"], lead=lead)
    rows: list[Row] = []

    def run(name: str, fewest: int, before: Callable[[], object] = lambda: None) -> None:
        before()
        commons.delivers()
        start, at = len(commons.slack.calls), time.perf_counter()
        commons.applies()
        seconds = time.perf_counter() - at
        commons.delivers()
        made = Counter(commons.slack.calls[start:])
        # The asker's own message is said and brought up to date beside the work.
        told = made["chat.update"] + 1
        rows.append(Row(name, fewest, sum(made.values()) - told, seconds))

    # Always: the app's address, one page of channels, one look at the lead, one page of the lead's channels.
    looks = 4
    run("all new", looks + number * (WRITES + 1))
    run("all as wanted", looks + number * 2)
    run("one topic changed by hand", looks + number * 2 + 1, lambda: spoiled(commons))
    commons.store.close()
    return rows


def spoiled(commons: Commons) -> None:
    channel = commons.slack.channel("community-0")
    assert channel is not None
    channel.topic = "Something else"


def section(rows: list[Row], number: int) -> str:
    listed = [f"| {row.name} | {row.fewest} | {row.made} | {row.seconds:.1f} |" for row in rows]
    return "\n".join(
        [
            HEADING,
            "",
            f"{number} communities with a lead, carried out in the strict sandbox without a network and without its",
            "rates: what counts here is calls, since Slack allows about 20 a minute of each kind that changes a channel",
            "(so 200 new channels take Slack ten minutes, and three times that for their bookmarks). The fewest possible",
            "for a new channel are nine: made, topic, description, three bookmarks, welcome, pin, lead. For one that stands,",
            "two: its bookmarks and its pins; name, topic and description come with the list of channels.",
            "",
            f"Written by `python -m tests.bench.channels --channels {number} --keep`.",
            "",
            "| | fewest | made | seconds |",
            "| --- | ---: | ---: | ---: |",
            *listed,
            "",
        ]
    )


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channels", type=int, default=200)
    parser.add_argument("--keep", action="store_true", help="write it into docs/performance.md")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        text = section(measured(chosen.channels, Path(folder)), chosen.channels)
    print(text)
    if chosen.keep:
        page = PAGE.read_text() if PAGE.exists() else "# Performance\n"
        _before, found, after = page.partition(HEADING)
        old = found + after.partition("\n## ")[0]
        PAGE.write_text(page.replace(old, "").rstrip() + f"\n\n{text}")


if __name__ == "__main__":
    main(sys.argv[1:])
