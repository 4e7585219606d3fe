"""`python -m tests.bench.digests`: members' digests put together, and sent at Slack's pace."""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import tempfile
import time
import tracemalloc
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from copbot.digests import jobs
from copbot.digests.subscriptions import service
from copbot.digests.subscriptions.tables import SubscriptionRow
from copbot.people.tables import PersonRow
from copbot.resources.library.tables import ResourceRow
from copbot.store import Store
from tests.bench.figures import table
from tests.bench.reread import PAGE
from tests.databases import SqliteFiles
from tests.digests.kit import PROFILE, Reading

HEADING = "## Digests"
ITEMS = 40
SENT = 20


@dataclass(frozen=True)
class Row:
    """Milliseconds a member, of ours and of the floor, and the memory that one transaction took at most, in MB."""

    size: int
    ours: float
    floor: float
    longest: float
    megabytes: float


def filled(folder: Path, size: int) -> Reading:
    """So many members with a digest each, on two topics or all, and forty new resources."""
    reading = Reading(Store(SqliteFiles(folder).copy(folder / f"digests-{size}.db")))
    now, topics = (
        reading.clock.now(),
        [topic.id for _, group in PROFILE.topics_in_groups() for topic in group],
    )
    with reading.store.writing(budget=120) as session:
        for n in range(size):
            person = PersonRow(user=f"UBENCH{n}", name=f"Member {n}", tz=PROFILE.time_zone)
            session.add(person)
            session.flush()
            chosen = [topics[n % len(topics)], topics[(n * 7 + 1) % len(topics)]] if n % 2 else []
            session.add(
                SubscriptionRow(
                    person_id=person.id, zone=PROFILE.time_zone, topics=chosen, areas=[], state="active",
                    since=now, read_until=now, next_at=reading.slot(),
                )
            )  # fmt: skip
    reading.later(minutes=1)
    for n in range(ITEMS):
        reading.publishes(f"Resource {n}", topics=(topics[n % len(topics)],))
    reading.later(seconds=(reading.slot() - timedelta(minutes=10) - reading.clock.now()).total_seconds())
    return reading


def plain(reading: Reading) -> float:
    """The floor, in seconds: the database counts what is new to each member, one grouped query, nothing chosen or kept."""
    found = (
        select(SubscriptionRow.id, func.count(ResourceRow.id))
        .join(ResourceRow, ResourceRow.updated_at > SubscriptionRow.read_until)
        .where(SubscriptionRow.state == "active")
        .group_by(SubscriptionRow.id)
    )
    began = time.process_time()
    with reading.store.reading() as session:
        session.execute(found).all()
    return time.process_time() - began


def measured(folder: Path, size: int) -> Row:
    reading = filled(folder, size)
    floor = statistics.median(plain(reading) for _ in range(5))
    gc.collect()
    spans, peak, made = [], 0, 0
    while True:
        watched = len(spans) == 1  # one transaction's memory; watching it makes it slow, so it is not counted
        if watched:
            tracemalloc.start()
        began = time.process_time()
        with reading.store.writing(budget=60) as session:
            due, _ = jobs.batch(session, profile=PROFILE, now=reading.clock.now())
        spans.append(0.0 if watched else time.process_time() - began)
        if watched:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        made += due
        if due < jobs.BATCH:
            break
    assert made == size
    counted = size - (min(jobs.BATCH, max(size - jobs.BATCH, 0)) if len(spans) > 1 else 0)
    reading.store.close()
    return Row(size, sum(spans) / counted * 1000, floor / size * 1000, max(spans), peak / 1e6)


def sending(folder: Path) -> float:
    """Digests a minute through the real sender with its own pace, over a Slack that answers at once."""
    reading = filled(folder, 0)
    for n in range(SENT):
        told = reading.slack.adds(f"reader-{n}")
        told["tz"] = PROFILE.time_zone
        reading.knows(told["name"])
        with reading.store.writing() as session:
            service.choose(session, "weekly", person=reading.person(told["name"]), now=reading.clock.now())
    reading.later(days=1)
    reading.publishes("Newest")
    reading.later(seconds=(reading.slot() - timedelta(minutes=10) - reading.clock.now()).total_seconds())
    for _ in range(2):  # the first time moves on from the slot that nobody was awake for
        jobs.compose_personal(reading.work())
    reading.later(minutes=11)
    assert len(reading.messages(service.PERSONAL)) == SENT
    began = time.perf_counter()
    reading.sender.start()
    while any(row.ts is None for row in reading.messages(service.PERSONAL)):
        time.sleep(0.05)
    reading.sender.stop()
    return (SENT - 1) / (time.perf_counter() - began) * 60


def section(rows: list[Row], rate: float) -> str:
    header = (
        "members",
        "plain query, ms of CPU a member",
        "composed, ms of CPU a member",
        "longest transaction, s of CPU",
        "its memory, MB",
    )
    listed = [
        (
            f"{row.size:,}",
            f"{row.floor:.3f}",
            f"**{row.ours:.2f}**",
            f"{row.longest:.2f}",
            f"{row.megabytes:.1f}",
        )
        for row in rows
    ]
    return "\n\n".join(
        [
            HEADING,
            f"Members' own digests put together: half of them on two topics, half on all, {ITEMS} new resources, "
            f"{jobs.BATCH} members a transaction, SQLite. The floor is one grouped query in which the database counts what is "
            "new to each member. A composed digest is chosen by topic and place, without what the member's channels had, "
            "its rows and its message written. Memory is that of one transaction, whatever the number of members.",
            table(header, listed),
            f"Sent: {rate:.0f} a minute through the real sender, whose share for what is not urgent is 100 of the 200 posts a "
            "minute it begins with (Slack allows several hundred a minute in a workspace). So 300 digests take three "
            "minutes, 3,000 half an hour, and a request's notice waits for none of them.",
            "Written by `python -m tests.bench.digests --keep`.",
        ]
    )


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1_000, 10_000])
    parser.add_argument("--keep", action="store_true", help="write it into docs/performance.md")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        rows = [measured(Path(name), size) for size in chosen.sizes]
        words = section(rows, sending(Path(name)))
    print(words)
    if chosen.keep:
        page = PAGE.read_text()
        _before, heading, after = page.partition(HEADING)
        old = heading + after.partition("\n## ")[0]
        PAGE.write_text(page.replace(old, "").rstrip() + f"\n\n{words}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
