"""What a page on the web says of itself: text and descriptions out of markup, without running any of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

TITLE, SUMMARY = 200, 600
"""The most characters that are taken."""

_SPACE = re.compile(r"\s+")
_INVISIBLE = "script, style, noscript, template, svg, iframe, object"


@dataclass(frozen=True)
class PageFacts:
    """A page's title and summary, each possibly empty and never longer than its limit."""

    title: str = ""
    summary: str = ""


_FOLLOWABLE = {
    "text/calendar": "calendar",
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "application/feed+json": "feed",
}
_FEED = re.compile(rb"<(rss|feed|rdf:RDF)[\s>]")


def followable(body: bytes, content_type: str = "") -> str:
    """Whether these bytes can be read again and again for what is new: "feed", "calendar", or empty for a page.

    Many sites send feeds as plain XML or text, so the first bytes decide where the type does not.
    """
    head = body[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"BEGIN:VCALENDAR"):
        return "calendar"
    is_json_feed = head.startswith(b"{") and b"https://jsonfeed.org/version/" in head
    if is_json_feed or (_FEED.search(head) and b"<html" not in head.lower()):
        return "feed"
    return _FOLLOWABLE.get(content_type, "")


def text_of(markup: str) -> str:
    """The words a reader would see, on one line: no scripts, no styles, no markup."""
    from selectolax.lexbor import LexborHTMLParser

    if "<" not in markup and "&" not in markup:
        return _one_line(markup)
    tree = LexborHTMLParser(f"<body>{markup}</body>")
    for node in tree.css(_INVISIBLE):
        node.decompose()
    return _one_line(tree.body.text(separator=" ")) if tree.body else ""


def facts_of(body: bytes, charset: str = "") -> PageFacts:
    """What the page says of itself: its own description for others first, then its title and first paragraph."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(_decoded(body, charset))
    said: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        name = node.attributes.get("property") or node.attributes.get("name") or ""
        said.setdefault(name.lower(), _one_line(node.attributes.get("content") or ""))
    title, heading = (_text(tree.css_first(name)) for name in ("title", "h1"))
    paragraph = next((text for node in tree.css("p") if len(text := _text(node)) > 60), "")
    return PageFacts(
        title=cut(said.get("og:title") or title or heading, TITLE),
        summary=cut(said.get("og:description") or said.get("description") or paragraph, SUMMARY),
    )


def cut(text: str, most: int) -> str:
    """The text, shortened at a word when it is longer than `most` characters."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    return (kept.rpartition(" ")[0] or kept).rstrip(" ,;:.-") + "…"


def _text(node: object) -> str:
    text = getattr(node, "text", None)
    return _one_line(text(separator=" ")) if text else ""


def _one_line(text: str) -> str:
    visible = "".join(" " if ord(sign) < 32 or ord(sign) == 127 else sign for sign in text)
    return _SPACE.sub(" ", visible).strip()


def _decoded(body: bytes, charset: str) -> str:
    """Text of bytes: what the server says, else what the page says, else UTF-8."""
    told = re.search(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,40})", body[:4096], re.IGNORECASE)
    names = (charset, told.group(1).decode() if told else "", "utf-8")
    for name in filter(None, names):
        try:
            return body.decode(name, errors="strict" if name != "utf-8" else "replace")
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return body.decode("utf-8", errors="replace")
