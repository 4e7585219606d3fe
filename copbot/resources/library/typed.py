"""A filled-in form as a resource's fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime

from copbot.resources.library.values import ResourceFields
from copbot.slack.entrances import Form
from copbot.slack.text import clean

_LINK = re.compile(r"https?://[^\s<>|\"]+")
_TEXTS = (
    "kind", "title", "summary", "url", "audience", "source", "service_kind", "address", "hours",
    "eligibility", "owner",
)  # fmt: skip
FETCHED = "#page"
"""After the names of fields that hold what a page says of itself."""
PUBLIC_TEXT = (
    "title*", "summary*", "audience", "source", "service_kind", "address", "phones", "hours", "eligibility",
)  # fmt: skip
OTHER_TEXT = ("url", "languages")
_OFTEN = ("topics", "areas")
_COMMAS = ("phones", "languages")


def fields_from(form: Form) -> ResourceFields:
    """What the form says; fields that it does not have are left out."""
    found: dict[str, object] = {name: form.one(name) for name in _TEXTS if name in form.values}
    found |= {name: form.one(f"{name}{FETCHED}") for name in _TEXTS if f"{name}{FETCHED}" in form.values}
    found |= {name: form.many(name) for name in _OFTEN if name in form.values}
    found |= {name: _split(form.one(name)) for name in _COMMAS if name in form.values}
    found |= {name: _moment(form.one(name)) for name in ("starts_at", "ends_at") if form.one(name)}
    if form.one("review_by"):
        found["review_by"] = date.fromisoformat(form.one("review_by"))
    return ResourceFields(**found)  # type: ignore[arg-type]


def at_blocks(faults: Mapping[str, str], form: Form) -> dict[str, str]:
    """Sentences by the names that the fields have in this form."""
    shown = {name.removesuffix(FETCHED): name for name in sorted(form.values)}
    return {shown.get(name, name): said for name, said in faults.items()}


def cleared(form: Form) -> tuple[str, ...]:
    """Dates that the form has and that were emptied."""
    return tuple(name for name in ("review_by", "ends_at") if name in form.values and not form.one(name))


def from_message(text: str) -> ResourceFields:
    """A message as the beginning of a resource: its first link, its first line, its words."""
    found = _LINK.search(text)
    link = found.group(0).rstrip(".,;:!?)") if found else ""
    first = next(
        (line for line in (text.replace(link, "") if link else text).splitlines() if line.strip()), ""
    )
    title = " ".join(clean(first).split())[:200]
    kind = "link" if link else "answer"
    return ResourceFields(kind=kind, url=link, title=title, summary=clean(text)[:3000])


def _split(typed: str) -> tuple[str, ...]:
    return tuple(part for part in (" ".join(each.split()) for each in re.split(r"[,;\n]", typed)) if part)


def _moment(typed: str) -> datetime | None:
    return datetime.fromtimestamp(int(typed), UTC) if typed.isdecimal() and len(typed) < 12 else None
