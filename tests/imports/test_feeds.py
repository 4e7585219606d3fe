"""Feeds as they are found in the world."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.imports.readers.bounded import read_feed
from copbot.imports.readers.feeds import addresses_of_opml, link, parse
from copbot.imports.readers.values import Unreadable

URL = "https://example.org/news/feed.xml"


def rss(*items: str, title: str = "News") -> bytes:
    body = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{body}</channel></rss>'.encode()


def test_an_rss_feed_is_read_newest_first_with_absolute_links() -> None:
    feed = parse(
        rss(
            '<title>Older</title><link>/a</link><guid isPermaLink="false">tag:1</guid><pubDate>Mon, 02 Mar 2026 09:00:00 -0600</pubDate>',
            '<title>Newer &amp; better</title><link>https://example.org/b</link><guid isPermaLink="false">tag:2</guid>'
            "<pubDate>Tue, 03 Mar 2026 09:00:00 GMT</pubDate><description>&lt;p&gt;Six &lt;b&gt;steps&lt;/b&gt;</description>",
        ),
        url=URL,
    )
    assert feed.title == "News"
    assert [(e.guid, e.url, e.title, e.summary) for e in feed.entries] == [
        ("tag:2", "https://example.org/b", "Newer & better", "Six steps"),
        ("tag:1", "https://example.org/a", "Older", ""),
    ]
    assert feed.entries[1].published == datetime(2026, 3, 2, 15, tzinfo=UTC)


def test_atom_and_json_feeds_are_read_alike() -> None:
    atom = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><id>urn:1</id><title>One</title>
    <link href="one.html"/><updated>2026-03-02T09:00:00Z</updated><summary>Short</summary></entry></feed>"""
    told = {"version": "https://jsonfeed.org/version/1.1", "title": "A"}
    told["items"] = [  # type: ignore[assignment]
        {
            "id": "urn:1",
            "url": "one.html",
            "title": "One",
            "content_html": "<p>Short</p>",
            "date_published": "2026-03-02T09:00:00Z",
        }
    ]
    assert parse(atom, url=URL) == parse(json.dumps(told).encode(), url=URL)


def test_entries_without_ids_dates_or_titles_are_taken_as_far_as_they_say_anything() -> None:
    feed = parse(
        rss("<description>Only words here</description>", "<guid>x</guid>", "<title>T</title>"), url=URL
    )
    assert [(e.guid, e.title, e.published) for e in feed.entries] == [
        ("", "Only words here", None),
        ("", "T", None),
    ]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://", "//"]
)
def test_a_link_that_is_no_web_address_is_left_out(address: str) -> None:
    assert parse(rss(f"<title>T</title><link>{address}</link>"), url=URL).entries[0].url in ("", URL)
    assert link(address, "") == ""


@pytest.mark.parametrize(
    "moment", ["yesterday", "2026-13-45", "99999999-01-01", "Mon, 32 Foo 2026", "0000-00-00"]
)
def test_a_date_in_no_known_shape_is_no_date(moment: str) -> None:
    assert len(parse(rss(f"<title>T</title><pubDate>{moment}</pubDate>"), url=URL).entries) == 1


def test_markup_and_mentions_arrive_as_plain_words() -> None:
    feed = parse(rss("<title>&lt;@U123&gt; &lt;script&gt;x()&lt;/script&gt;*now*</title>"), url=URL)
    assert "script" not in feed.entries[0].title
    assert "x()" not in feed.entries[0].title


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"<!doctype html><html><body>Hello</body></html>", "web page, not a feed"),
        (b"hello", "not a feed"),
        (b'{"version": 3}', "not a feed"),
        (b"{", "JSON is broken"),
        (b"\x00\xff\xfe" * 50, "not a feed"),
    ],
)
def test_what_is_no_feed_is_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match="unreadable") as refused:
        parse(body, url=URL)
    assert words in refused.value.words


def test_entities_of_a_file_on_this_machine_stay_unread() -> None:
    body = b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + rss("<title>x&a;y</title>")[21:]
    assert "root" not in parse(body, url=URL).entries[0].title


def test_an_opml_list_names_each_feed_once() -> None:
    body = b"""<?xml version="1.0"?><opml version="2.0"><body><outline text="Health"><outline text="One &amp; two"
    xmlUrl="https://a.example/feed"/><outline xmlUrl="https://a.example/feed"/><outline xmlUrl="javascript:x"/>
    </outline></body></opml>"""
    assert addresses_of_opml(body) == (("https://a.example/feed", "One & two"),)
    with pytest.raises(Unreadable):
        addresses_of_opml(b"<html>")


def test_a_feed_read_in_a_process_of_its_own_is_the_same_and_a_refusal_has_the_same_words() -> None:
    body = rss("<title>One</title><link>/a</link>")
    assert read_feed(body, url=URL) == parse(body, url=URL)
    with pytest.raises(Unreadable) as refused:
        read_feed(b"hello", url=URL)
    assert "RSS, Atom and JSON Feed" in refused.value.words


@given(st.binary(max_size=400))
def test_any_bytes_are_a_feed_or_refused(body: bytes) -> None:
    try:
        parse(body, url=URL)
    except Unreadable:
        return


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_words_in_a_feed_stay_one_line_of_words(title: str, summary: str) -> None:
    told = {"version": "https://jsonfeed.org/version/1", "items": [{"title": title, "summary": summary}]}
    for entry in parse(json.dumps(told).encode(), url=URL).entries:
        assert not any(ord(sign) < 32 for sign in entry.title + entry.summary)
