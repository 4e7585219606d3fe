"""Which form a file or an answer of the web has. Pure."""

from __future__ import annotations

from enum import StrEnum

HEAD = 4096
"""Bytes of a file that are looked at."""


class FileForm(StrEnum):
    """What `import` can read. The first two are the program's own YAML files; the last two are only read when named."""

    COMMUNITIES = "communities"
    PAGES = "pages"
    RESOURCES = "resources"
    HSDS = "hsds"
    CALENDAR = "calendar"
    FEED = "feed"
    FEEDS = "feeds"
    REQUESTS = "requests"
    ACTIVITIES = "activities"


class Format(StrEnum):
    """What `export` can write."""

    CSV = "csv"
    HSDS = "hsds"
    ICS = "ics"
    GUIDE = "guide"
    PROFILE = "profile"
    COMMUNITIES = "communities"
    PAGES = "pages"


PROGRAM_FORMS = (FileForm.COMMUNITIES, FileForm.PAGES)


def form_of(name: str, head: bytes) -> FileForm:
    """The form of a file with this name that begins with these bytes. What is nothing else is a spreadsheet."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    lowered = start.lower()
    if head.startswith(b"PK") and name.casefold().endswith(".zip"):
        return FileForm.HSDS
    if name.casefold().endswith((".yaml", ".yml")):
        return FileForm.PAGES if b"\npages:" in b"\n" + head else FileForm.COMMUNITIES
    if b"<opml" in lowered:
        return FileForm.FEEDS
    if lowered.startswith(b"begin:vcalendar"):
        return FileForm.CALENDAR
    if lowered.startswith((b"<?xml", b"<rss", b"<feed", b"<rdf")) or b"jsonfeed.org" in lowered:
        return FileForm.FEED
    return FileForm.RESOURCES


def is_address(told: str) -> bool:
    return told.casefold().startswith(("http://", "https://"))
