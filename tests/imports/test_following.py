"""Feeds and calendars as staff meet them in Slack, and the question about a dead link."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from copbot.delivery.render import Look
from copbot.delivery.subject import Subject
from copbot.delivery.tables import MessageRow
from copbot.errors import Conflict, InvalidInput, NotAllowed
from copbot.fetch.pages import followable
from copbot.imports import plugs
from copbot.imports.links import jobs as link_jobs
from copbot.imports.links import service as links
from copbot.imports.sources import jobs, service, tables
from copbot.imports.sources.rules import Source
from copbot.jobs.tables import JobRow
from copbot.people import service as people
from copbot.resources.library import jobs as library_jobs
from copbot.resources.library import service as library
from copbot.slack.answers import Message
from copbot.slack.entrances import Call
from copbot.store import Store
from tests.fetch.site import page, site
from tests.imports.test_calendars import ics
from tests.imports.test_feeds import rss
from tests.imports.test_sources import At, follow, item, titles, work
from tests.resources.given import (
    MEMBER,
    PROFILE,
    STAFF,
    add,
    filled_in,
    knows_people,
    text_in,
    uses,
    values_in,
)
from tests.resources.given import NOW as TODAY


def staffed(store: Store) -> None:
    knows_people(store)
    with store.writing() as session:
        people.set_staff(session, [STAFF.user], TODAY)


def sources(store: Store) -> tuple[Source, ...]:
    with store.reading() as session:
        return service.listed(session).items


def said(store: Store, kind: str) -> list[MessageRow]:
    with store.reading() as session:
        return session.query(MessageRow).filter_by(kind=kind).all()


def shown(store: Store, row: MessageRow) -> str:
    with store.reading() as session:
        found = plugs.NOTICES[row.kind](session, Subject(row.subject), Look(PROFILE, TODAY, "u", posted=True))
    assert isinstance(found, Message)
    return json.dumps([found.text, *found.blocks], ensure_ascii=False)


class Forms:
    """Slack's side of an open form: what the job puts into it."""

    def __init__(self) -> None:
        self.views: list[dict[str, Any]] = []

    def call(self, method: str, **args: Any) -> dict[str, Any]:
        assert method == "views.update"
        self.views.append(args["view"])
        return {"ok": True}


def fetched(store: Store, url: str, *, is_staff: bool = True) -> dict[str, Any]:
    forms, here = Forms(), work(store, At())
    args = {"view": "V1", "url": url, "kind": "link", "staff": is_staff}
    library_jobs.fetch_page(type(here)(**{**vars(here), "gateway": forms, "args": args}))
    return forms.views[-1]


@pytest.mark.parametrize(
    ("body", "kind", "found"),
    [
        (rss(item("A", "1")), "text/html", "feed"),
        (
            b"\xef\xbb\xbf<?xml version='1.0'?>\n<feed xmlns='http://www.w3.org/2005/Atom'/>",
            "text/xml",
            "feed",
        ),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "application/json", "feed"),
        (ics("UID:1\nSUMMARY:x\nDTSTART:20300301"), "text/plain", "calendar"),
        (b"<html><body>read our <feed></body></html>", "text/html", ""),
        (b"<title>Page</title>", "text/html", ""),
    ],
)
def test_a_feed_is_known_by_its_first_bytes_whatever_the_site_calls_it(
    body: bytes, kind: str, found: str
) -> None:
    assert followable(body, kind) == found


def test_an_added_address_that_is_a_feed_is_offered_to_staff_to_follow(store: Store) -> None:
    with site(
        {"/feed": page(rss(item("A", "1")), kind="application/rss+xml"), "/p": page(b"<title>Six</title>")}
    ) as at:
        assert "Follow this feed" in json.dumps(fetched(store, f"{at.url}/feed"))
        assert "Follow this" not in json.dumps(fetched(store, f"{at.url}/feed", is_staff=False))
        filled = json.dumps(fetched(store, f"{at.url}/p"))
        assert "Six" in filled
        assert "Follow this" not in filled
        assert "did not show this page" in json.dumps(fetched(store, f"{at.url}/gone"))


def test_a_followed_feed_is_read_at_once_and_listed_with_how_it_is(store: Store) -> None:
    staffed(store)
    with site({"/feed": page(rss(item("Naloxone news", "1")))}) as at:
        url = f"{at.url}/feed"
        offer = uses(store, "action", "imports.follow", STAFF, value="feed", form=filled_in(url=url))
        assert url in text_in(offer)
        sent = filled_in(url=url, publish="publish", topics=("naloxone",))
        uses(store, "view", "imports.followed", STAFF, form=sent, meta={"kind": "feed"})
        with store.reading() as session:
            [job] = session.query(JobRow).filter_by(name=service.POLL).all()
            assert job.asked_by == STAFF.user  # what people asked for goes first
        jobs.poll(work(store, At()))
        assert titles(store) == {"Naloxone news"}
        listed = uses(store, "action", "imports.sources", STAFF)
        assert "Last read" in text_in(listed)
        assert "published right away" in text_in(listed)
        with pytest.raises(InvalidInput):
            uses(store, "view", "imports.followed", STAFF, form=sent, meta={"kind": "feed"})
    [uid] = values_in(listed, "imports.stop")
    after = uses(store, "action", "imports.stop", STAFF, value=uid, in_modal=True)
    assert "no longer followed" in text_in(after)
    assert sources(store) == ()
    assert titles(store) == {"Naloxone news"}


def test_an_address_that_is_none_is_refused_at_its_field(store: Store) -> None:
    for url in ("javascript:alert(1)", "ftp://a.example/feed", "", "https://u:p@a.example/"):
        with pytest.raises(InvalidInput) as refused:
            uses(store, "view", "imports.followed", STAFF, form=filled_in(url=url), meta={"kind": "feed"})
        assert "url" in refused.value.fields


def test_only_staff_follow_list_and_decide(store: Store) -> None:
    for entrance in plugs.ENTRANCES:
        if entrance.kind != "event":
            with pytest.raises(NotAllowed):
                uses(store, entrance.kind, entrance.id, MEMBER)


def test_many_new_entries_are_asked_about_once_and_come_in_when_somebody_says_so(store: Store) -> None:
    staffed(store)
    clock = At()
    with site({"/feed": page(rss(item("Old", "0")))}) as at:
        follow(store, f"{at.url}/feed", publish=True)
        jobs.poll(work(store, clock))
        at.pages["/feed"] = page(rss(*[item(f"New {n}", f"n{n}") for n in range(30)], item("Old", "0")))
        for _ in range(3):
            clock.time += timedelta(hours=2)
            jobs.poll(work(store, clock))
        [row] = said(store, service.HELD)
        assert (row.destination, titles(store)) == (STAFF.user, {"Old"})
        assert "30 new entries at once" in shown(store, row)
        [source] = sources(store)
        assert "Add 30" in text_in(uses(store, "action", "imports.sources", STAFF))
        uses(store, "action", "imports.take_held", STAFF, value=source.uid)
        with pytest.raises(Conflict):
            uses(store, "action", "imports.leave_held", STAFF, value=source.uid)
        assert "added or left out" in shown(store, row)
        clock.time = max(clock.time, TODAY) + timedelta(minutes=1)
        jobs.poll(work(store, clock))
    with store.reading() as session:
        assert len(library.published(session, most=100).items) == 31


def test_a_source_that_cannot_be_read_says_why_in_words(store: Store) -> None:
    with site({"/feed": page(b"<html>hello</html>")}) as at:
        follow(store, f"{at.url}/feed")
        jobs.poll(work(store, At()))
        shown_list = text_in(uses(store, "action", "imports.sources", STAFF))
    assert "Couldn't be read (1 try)." in shown_list
    with store.reading() as session:
        assert tables.counted(session) == (1, 0, 1)


def test_home_says_nothing_of_feeds_before_one_is_followed(store: Store) -> None:
    from copbot.imports import sections

    def section() -> str:
        with store.reading() as session:
            call = Call(session, person=STAFF, now=TODAY, profile=PROFILE)
            return json.dumps(list(sections.sources(call)))

    assert section() == "[]"
    follow(store, "https://a.example/feed")
    assert "1 followed" in section()


# --- dead links ---------------------------------------------------------------------------------------


def dead(store: Store, url: str) -> tuple[str, MessageRow]:
    """A resource whose link is dead, and the message to its owner."""
    staffed(store)
    with store.writing() as session:
        uid = add(session, "Gone page", url=url).uid
    clock = At()
    clock.time = TODAY
    for _ in range(60):
        link_jobs.check(work(store, clock))
        link_jobs.ask(work(store, clock))
        clock.time += timedelta(days=1)
    [row] = said(store, links.DEAD_LINK)
    return uid, row


def test_the_owner_of_a_dead_link_says_that_it_is_right(store: Store) -> None:
    with site({}) as at:
        uid, row = dead(store, f"{at.url}/gone")
    asked = shown(store, row)
    assert row.destination == STAFF.user
    assert all(words in asked for words in ("Gone page", "/gone", "Change address", "Still right", "Retire"))
    uses(store, "action", "imports.link_right", STAFF, value=uid)
    assert "taken care of" in shown(store, row)


def test_the_owner_of_a_dead_link_gives_its_new_address(store: Store) -> None:
    with site({"/here": page(b"x")}) as at:
        uid, row = dead(store, f"{at.url}/gone")
        form = uses(store, "action", "imports.link_change", STAFF, value=uid)
        assert "/gone" in text_in(form)
        with pytest.raises(InvalidInput):
            sent = filled_in(url="javascript:alert(1)")
            uses(store, "view", "imports.link_changed", STAFF, form=sent, meta={"resource": uid})
        sent = filled_in(url=f"{at.url}/here")
        uses(store, "view", "imports.link_changed", STAFF, form=sent, meta={"resource": uid})
        with store.reading() as session:
            found = library.find(session, uid)
        assert found is not None
        assert found.url.endswith("/here")
    assert "taken care of" in shown(store, row)


def test_the_owner_of_a_dead_link_retires_it(store: Store) -> None:
    with site({}) as at:
        uid, row = dead(store, f"{at.url}/gone")
    uses(store, "action", "imports.link_retire", STAFF, value=uid)
    with store.reading() as session:
        found = library.find(session, uid)
        assert found is not None
        assert (found.state, found.state_why) == ("retired", "Its link is broken")
    assert "no longer in the library" in shown(store, row)
