"""Feeds and calendars that are followed, over real sockets."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from copbot.errors import Conflict, InvalidInput
from copbot.imports.readers.values import Entry
from copbot.imports.sources import jobs, service
from copbot.imports.sources.rules import FIRST, MANY, Source, mark_of, next_look, plan
from copbot.jobs.work import Work
from copbot.resources.library import service as library
from copbot.slack.entrances import Wiring
from copbot.store import Store
from tests.fetch.site import Site, moved, page, site
from tests.imports.test_calendars import ics
from tests.imports.test_feeds import rss
from tests.resources.given import PROFILE

NOW = datetime(2030, 3, 4, 15, tzinfo=UTC)
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


class At:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time


def work(store: Store, clock: At, *, allow: bool = True) -> Work:
    wiring = Wiring(fetch_allow=LOOPBACK if allow else ())
    return Work(store, None, clock, PROFILE, {}, lambda n, of: None, wiring)  # type: ignore[arg-type]


def follow(store: Store, url: str, kind: Any = "feed", **more: Any) -> Source:
    with store.writing() as session:
        return service.follow(session, url, kind, by="USAM", now=NOW, **more)


def titles(store: Store) -> set[str]:
    with store.reading() as session:
        return {one.title for one in [*library.published(session).items, *library.to_review(session).items]}


def now_of(store: Store, uid: str) -> Source:
    with store.reading() as session:
        return service.listed(session).items[0]


def item(name: str, guid: str = "") -> str:
    told = f'<guid isPermaLink="false">{guid}</guid>' if guid else ""
    return f"<title>{name}</title><link>https://a.example/{name.replace(' ', '-')}</link>{told}"


def entry(name: str, guid: str = "", url: str | None = None) -> Entry:
    return Entry(guid, f"https://a.example/{name.replace(chr(32), chr(45))}" if url is None else url, name)


# --- what is new ----------------------------------------------------------------------------------


def test_a_first_reading_takes_the_newest_ten_and_the_rest_counts_as_seen() -> None:
    entries = [entry(f"page {n}", str(n)) for n in range(40)]
    first = plan(entries, (), first=True)
    assert [one.title for one in first.take] == [f"page {n}" for n in range(FIRST)]
    assert plan(entries, first.marks, first=False).take == ()


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (entry("Six steps", "1"), entry("Six steps for everybody", "1", "https://a.example/elsewhere")),
        (entry("Six steps", "1"), entry("Six steps!", "another", "https://a.example/Six-steps")),
        (entry("Six steps", ""), entry("Six steps", "")),
        (entry("Six steps", "", ""), entry("Six steps", "", "")),
    ],
)
def test_the_same_id_or_the_same_address_with_nearly_the_same_title_is_known(
    before: Entry, now: Entry
) -> None:
    assert plan([now], [mark_of(before)], first=False).take == ()


def test_one_address_for_all_entries_does_not_make_them_one() -> None:
    entries = [entry(name, "", "https://a.example/") for name in ("Naloxone", "Wound care", "Housing")]
    assert len(plan(entries, [mark_of(entries[0])], first=False).take) == 2


def test_entries_without_an_address_are_told_apart_by_their_ids_and_titles() -> None:
    entries = [
        entry("Call 1", "1", ""),
        entry("Call 2", "2", ""),
        entry("Call 3", "", ""),
        entry("Call 4", "", ""),
    ]
    assert len(plan(entries, [mark_of(entry("Call", "9", ""))], first=False).take) == 4


def test_many_new_entries_of_a_known_feed_are_held_until_somebody_decides() -> None:
    old, many = entry("old", "0"), [entry(f"page {n}", str(n)) for n in range(1, MANY + 5)]
    held = plan([*many, old], [mark_of(old)], first=False)
    assert (held.take, held.held, held.marks) == ((), MANY + 4, (mark_of(old),))
    assert len(plan([*many, old], held.marks, first=False, decision="take").take) == MANY + 4
    left = plan([*many, old], held.marks, first=False, decision="leave")
    assert plan([*many, old], left.marks, first=False).take == ()


def test_each_failure_doubles_the_wait_up_to_a_week_and_the_site_may_ask_for_longer() -> None:
    hour = timedelta(hours=1)
    assert [next_look("feed", NOW, n) - NOW for n in (0, 1, 3, 20)] == [hour, 2 * hour, 8 * hour, 168 * hour]
    assert next_look("feed", NOW, 0, "86400") == NOW + 24 * hour
    assert next_look("feed", NOW, 0, "Mon, 04 Mar 2030 20:00:00 GMT") == NOW + 5 * hour
    assert next_look("feed", NOW, 0, "soon") == NOW + hour


# --- over real sockets -----------------------------------------------------------------------------


def test_a_local_feed_is_refused_unless_it_is_allowed_and_the_second_look_asks_for_changes_only(
    store: Store,
) -> None:
    feed = page(rss(item("One", "1")), kind="application/rss+xml", headers={"ETag": '"7"'})
    with site({"/feed": feed}) as local:
        source = follow(store, f"{local.url}/feed", publish=True, topics=["naloxone"])
        clock = At()
        assert jobs.poll(work(store, clock, allow=False))["failed"] == 1
        assert local.connections == 0
        assert "public web" in now_of(store, source.uid).trouble
        clock.time += timedelta(hours=3)
        assert jobs.poll(work(store, clock))["created"] == 1
        assert titles(store) == {"One"}
        assert now_of(store, source.uid).trouble == ""
        local.pages["/feed"] = page(status="304 Not Modified")
        clock.time += timedelta(hours=2)
        jobs.poll(work(store, clock))
        assert 'If-None-Match: "7"' in local.asked[-1]
        assert jobs.poll(work(store, clock))["looked_at"] == 0


def shown(local: Site, store: Store, clock: At, *items: str) -> None:
    local.pages["/feed"] = page(rss(*items))
    clock.time += timedelta(hours=2)
    jobs.poll(work(store, clock))


def test_new_entries_are_taken_once_and_many_wait_for_a_decision(store: Store) -> None:
    with site({"/feed": page(rss(item("One", "1")))}) as local:
        source, clock = follow(store, f"{local.url}/feed"), At()
        jobs.poll(work(store, clock))
        shown(local, store, clock, item("Two", "2"), item("One", "1"))
        assert titles(store) == {"One", "Two"}
        many = [item(f"Page number {n}", f"n{n}") for n in range(MANY + 1)]
        shown(local, store, clock, *many)
        assert now_of(store, source.uid).held == MANY + 1
        assert titles(store) == {"One", "Two"}
        with store.writing() as session:
            service.decide(session, source.uid, "leave", by="USAM", now=clock.time)
        shown(local, store, clock, *many, item("Three", "3"))
        assert titles(store) == {"One", "Two"}
        shown(local, store, clock, *many, item("Four", "4"))
        assert titles(store) == {"One", "Two", "Four"}
        with store.writing() as session, pytest.raises(Conflict):
            service.decide(session, source.uid, "take", by="USAM", now=clock.time)


def test_a_feed_that_moved_for_good_is_read_at_its_new_address_and_stays_the_same_feed(store: Store) -> None:
    pages = {"/old": moved("/new", "301 Moved Permanently"), "/new": page(rss(item("One", "1")))}
    with site(pages) as local:
        source, clock = follow(store, f"{local.url}/old"), At()
        jobs.poll(work(store, clock))
        assert now_of(store, source.uid).url == f"{local.url}/new"
        with store.writing() as session, pytest.raises(InvalidInput):
            service.follow(session, f"{local.url}/old", "feed", by="USAM", now=NOW)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (page(b"<html><body>Hello</body></html>"), "web page, not a feed"),
        (page(status="404 Not Found"), "nothing at this address"),
        (page(status="503 Busy", headers={"Retry-After": "9000"}), "error (503)"),
        (moved("http://10.0.0.1/"), "not on the public web"),
    ],
)
def test_what_cannot_be_read_is_told_in_words_and_tried_again_later(
    store: Store, answer: bytes, words: str
) -> None:
    with site({"/feed": answer}) as local:
        source, clock = follow(store, f"{local.url}/feed"), At()
        assert jobs.poll(work(store, clock)) == {"looked_at": 1, "created": 0, "failed": 1}
        told = now_of(store, source.uid)
        assert words in told.trouble
        assert told.failures == 1
        clock.time += timedelta(hours=1)
        assert jobs.poll(work(store, clock))["looked_at"] == 0


def test_a_calendars_events_come_change_and_go(store: Store) -> None:
    call = "UID:1\nSUMMARY:Call\nDTSTART:20300310T150000Z"
    talk = "UID:2\nSUMMARY:Talk\nDTSTART:20300311T150000Z"
    with site({"/feed": page(ics(call, talk))}) as local:
        follow(store, f"{local.url}/feed", "calendar", publish=True)
        clock = At()
        jobs.poll(work(store, clock))
        assert titles(store) == {"Call", "Talk"}
        local.pages["/feed"] = page(ics(call.replace("Call", "Open call")))
        clock.time += timedelta(hours=7)
        jobs.poll(work(store, clock))
        assert titles(store) == {"Open call"}
