"""What a resource may say, when two are the same, and which state may follow which. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from rapidfuzz import fuzz

from copbot.errors import check_fields
from copbot.program.profile import Profile
from copbot.resources.index.rules import LONGEST_BODY, Doc, fold, mark
from copbot.resources.library.values import ResourceFields
from copbot.slack.text import clean

KINDS = ("link", "document", "service", "event", "answer")
DRAFT, PUBLISHED, RETIRED = "draft", "published", "retired"
MEMBER = "member"
LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_URL, LONGEST_LINE = 200, 3000, 2000, 500
MOST_TOPICS, MOST_AREAS, MOST_PHONES = 10, 100, 10
NEAR_TITLE = 85.0
"""How alike, of 100, two titles are when one is taken for the other: the length of a word in a long title."""

_LINES = {"title": LONGEST_TITLE, "audience": 200, "jurisdiction": 200, "source": 200, "service_kind": 75}
_TEXTS = {"summary": LONGEST_SUMMARY} | dict.fromkeys(("address", "hours", "eligibility"), LONGEST_LINE)
_LISTS = {"topics": MOST_TOPICS, "areas": MOST_AREAS, "phones": MOST_PHONES, "languages": 20}
_NOT_IN_LINKS = re.compile(r"[\s<>|\"]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|igshid|msclkid")
_PORTS = {"http": 80, "https": 443}


def checked(
    fields: ResourceFields, profile: Profile, *, before: ResourceFields | None = None
) -> dict[str, Any]:
    """The columns to save. Raises `InvalidInput` with a sentence for each field that cannot be.

    `before` holds what is saved already: what `fields` leave out stays as it is.
    """
    faults: dict[str, str] = {}
    found = {name: value for name, value in vars(fields).items() if value is not None}
    for name, most in (_LINES | _TEXTS).items():
        if name in found:
            text = clean(str(found[name])).strip()
            found[name] = " ".join(text.split()) if name in _LINES else text
            if len(found[name]) > most:
                faults[name] = f"This is {len(found[name]):,} characters long. Up to {most:,} fit."
    _check_lists(found, profile, faults)
    _check_choices(found, faults)
    _check_whole({**(vars(before) if before else {}), **found}, faults)
    check_fields(faults)
    if "title" in found:
        found["title_key"] = fold(found["title"])[:LONGEST_TITLE]
    if "url" in found:
        found["link_key"] = link_key(found["url"])
    return found


def _check_lists(found: dict[str, Any], profile: Profile, faults: dict[str, str]) -> None:
    for name, most in _LISTS.items():
        if name in found:
            found[name] = list(dict.fromkeys(" ".join(clean(str(each)).split()) for each in found[name]))
            if len(found[name]) > most:
                faults[name] = f"There are {len(found[name])}. Up to {most} fit."
            if any(len(each) > 100 for each in found[name]):
                faults[name] = "One of these is longer than 100 characters."
    for name, known in (("topics", profile.topic), ("areas", profile.area)):
        unknown = [each for each in found.get(name, ()) if known(each) is None]
        if unknown:
            faults[name] = f"There is no {name[:-1]} “{unknown[0][:60]}” in this program."


def _check_choices(found: dict[str, Any], faults: dict[str, str]) -> None:
    if found.get("kind", KINDS[0]) not in KINDS:
        faults["kind"] = f"Choose one of these: {', '.join(KINDS)}."
    if "url" in found:
        found["url"] = clean(str(found["url"])).strip()
        if trouble := link_trouble(found["url"]):
            faults["url"] = trouble
    if "language" in found:
        found["language"] = str(found["language"]).strip().casefold()
        if found["language"] and not _LANGUAGE.fullmatch(found["language"]):
            faults["language"] = "Write the language as a short code, such as en or es."


def _check_whole(whole: Mapping[str, Any], faults: dict[str, str]) -> None:
    kind = whole.get("kind")
    if kind is None:
        faults.setdefault("kind", f"Choose one of these: {', '.join(KINDS)}.")
    if not whole.get("title"):
        faults.setdefault("title", "Give it a title.")
    if kind in ("link", "document") and not whole.get("url"):
        faults.setdefault("url", "A link or document needs a web address.")
    if kind == "answer" and not whole.get("summary"):
        faults.setdefault("summary", "Write the answer here.")
    starts, ends = whole.get("starts_at"), whole.get("ends_at")
    if kind == "event" and starts is None:
        faults.setdefault("starts_at", "Say when it starts.")
    if isinstance(starts, datetime) and isinstance(ends, datetime) and ends < starts:
        faults.setdefault("ends_at", "It ends before it starts.")


def link_trouble(url: str) -> str:
    """Why this is no address that may be shown; empty when it may, or when there is none."""
    if not url:
        return ""
    if len(url) > LONGEST_URL:
        return f"This address is {len(url):,} characters long. Up to {LONGEST_URL:,} fit."
    none = "This is not a web address. It looks like https://example.org/page."
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return none
    if parts.scheme.casefold() not in _PORTS:
        return "Use an address that starts with http:// or https://."
    if "." not in host or _NOT_IN_LINKS.search(url):
        return none
    return "Leave out the user name and password in this address." if "@" in parts.netloc else ""


@lru_cache(maxsize=2048)
def link_key(url: str) -> str:
    """Forty hex digits to look an address up by; empty for none.

    Two are compared without scheme, `www.`, default port, fragment, tracking or last slash.
    """
    if not url or link_trouble(url):
        return ""
    parts = urlsplit(url)
    host = (parts.hostname or "").casefold().removeprefix("www.").rstrip(".")
    port = "" if parts.port in (None, _PORTS[parts.scheme.casefold()]) else f":{parts.port}"
    asked = sorted(parse_qsl(parts.query, keep_blank_values=True))
    kept = [pair for pair in asked if not _TRACKING.fullmatch(pair[0].casefold())]
    query = f"?{urlencode(kept)}" if kept else ""
    plain = f"{host}{port}{parts.path.rstrip('/')}{query}"
    return hashlib.blake2b(plain.encode("utf-8", "replace"), digest_size=20).hexdigest()


def external_key(identity: str) -> str:
    """A source's own name for a row in at most 200 characters: a longer one by its digest."""
    plain = clean(identity).strip()
    if len(plain) <= 200:
        return plain
    return f"b2:{hashlib.blake2b(plain.encode(), digest_size=20).hexdigest()}"


def near(title: str, other: str) -> bool:
    """Whether two folded titles are nearly equal."""
    return fuzz.ratio(title, other) >= NEAR_TITLE


def doc(ident: int, columns: Mapping[str, Any]) -> Doc:
    """What the index keeps of a resource, from its columns."""
    names = ("summary", "service_kind", "source", "audience", "address", "eligibility", "jurisdiction")
    text = " ".join(columns[name] for name in names)
    areas = columns["areas"] or ["national"]
    marks = (
        mark("kind", columns["kind"]),
        mark("lang", columns["language"] or "en"),
        *(mark("topic", each) for each in columns["topics"]),
        *(mark("area", each) for each in areas),
    )
    return Doc(ident, fold(columns["title"]), fold(text)[:LONGEST_BODY], marks)
