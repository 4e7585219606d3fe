"""RSS, Atom and JSON Feed as they are found in the world, to entries in plain text."""

from __future__ import annotations

import io
import json
import re
from calendar import timegm
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from copbot.fetch.pages import SUMMARY, TITLE, cut, text_of
from copbot.imports.readers.values import Entry, Feed, Unreadable

MOST = 500
"""Entries of one feed; more are not looked at."""
_LONGEST_URL, _LONGEST_GUID = 2_000, 500


def parse(body: bytes, *, url: str, content_type: str = "") -> Feed:
    """The feed in these bytes, newest entry first. Raises `Unreadable` with a sentence when it is none."""
    if not body.strip():
        raise Unreadable("This address is empty. Check that it is a feed's.")
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        title, entries = _of_json(body, url)
    else:
        title, entries = _of_xml(body, url, content_type)
    shown = [entry for entry in entries if entry.title or entry.summary]
    # Stable: entries without a date keep the feed's own order, behind those that have one.
    shown.sort(key=lambda entry: entry.published or datetime.min.replace(tzinfo=UTC), reverse=True)
    return Feed(cut(text_of(title), TITLE), tuple(shown[:MOST]))


def addresses_of_opml(body: bytes) -> tuple[tuple[str, str], ...]:
    """The feeds that an OPML list names, as (address, title), each address once. Raises `Unreadable`."""
    from selectolax.lexbor import LexborHTMLParser

    if b"<opml" not in body[:4096].lower():
        raise Unreadable("This is not a list of feeds. Export it as OPML.")
    found: dict[str, str] = {}
    for node in LexborHTMLParser(body.decode("utf-8", "replace")).css("outline[xmlurl]"):
        address = link(node.attributes.get("xmlurl") or "", "")
        if address:
            title = node.attributes.get("title") or node.attributes.get("text") or ""
            found.setdefault(address, cut(text_of(title), TITLE))
    return tuple(found.items())[:MOST]


def link(address: object, base: str) -> str:
    """A web address made absolute; empty for anything but http and https with a host."""
    try:
        whole = urljoin(base, str(address or "").strip())
        parts = urlsplit(whole)
    except ValueError:
        return ""
    fit = parts.scheme in ("http", "https") and bool(parts.hostname) and len(whole) <= _LONGEST_URL
    return whole if fit and not re.search(r"[\s\x00-\x1f\x7f<>\"]", whole) else ""


def _of_xml(body: bytes, url: str, content_type: str) -> tuple[str, list[Entry]]:
    import feedparser

    said = {"content-location": url, "content-type": content_type or "application/xml"}
    # Bytes in a stream: feedparser opens a string as a file or an address.
    told = feedparser.parse(
        io.BytesIO(body), response_headers=said, sanitize_html=False, resolve_relative_uris=False
    )
    if not told.get("version") and not told.entries:
        start = body[:2048].lower()
        if b"<html" in start or b"<!doctype html" in start:
            raise Unreadable("This is a web page, not a feed. Look on the page for its feed's address (RSS).")
        raise Unreadable("This is not a feed. RSS, Atom and JSON Feed can be read.")
    entries = [_of_entry(entry, url) for entry in told.entries[: 2 * MOST]]
    return str(told.feed.get("title") or ""), entries


def _of_entry(told: Any, base: str) -> Entry:
    address = link(told.get("link"), base)
    contents = [part.get("value") for part in told.get("content") or () if isinstance(part, dict)]
    summary = told.get("summary") or next(iter(contents), "")
    # Asked for by name: the library warns when it answers a question for one date with the other.
    moment = dict.get(told, "published_parsed") or dict.get(told, "updated_parsed")
    return _entry(told.get("id"), address, told.get("title"), summary, _moment(moment))


def _of_json(body: bytes, url: str) -> tuple[str, list[Entry]]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("This is not a feed: its JSON is broken.") from None
    items = told.get("items") if isinstance(told, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(told.get("version")):
        raise Unreadable("This is not a feed. RSS, Atom and JSON Feed can be read.")
    entries = [_of_item(item, url) for item in items[: 2 * MOST] if isinstance(item, dict)]
    return str(told.get("title") or ""), entries


def _of_item(item: dict[str, Any], base: str) -> Entry:
    summary = item.get("summary") or item.get("content_text") or item.get("content_html")
    published = _iso(item.get("date_published")) or _iso(item.get("date_modified"))
    address = link(item.get("url") or item.get("external_url"), base)
    return _entry(item.get("id"), address, item.get("title"), summary, published)


def _entry(guid: object, url: str, title: object, summary: object, published: datetime | None) -> Entry:
    text = text_of(str(summary or ""))
    name = cut(text_of(str(title or "")), TITLE) or cut(text, 80)
    ident = "".join(sign for sign in str(guid or "") if ord(sign) >= 32).strip()
    return Entry(ident[:_LONGEST_GUID], url, name, cut(text, SUMMARY), published)


def _moment(parsed: Iterable[int] | None) -> datetime | None:
    """feedparser's nine numbers, which are UTC."""
    try:
        return datetime.fromtimestamp(timegm(tuple(parsed)), UTC) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _iso(told: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(told).strip()) if told else None
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC) if found else None
    except (ValueError, OverflowError):
        return None
