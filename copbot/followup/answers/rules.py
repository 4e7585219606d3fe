"""An answer to share, and what may not stand in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

WAITING, APPROVED, PUBLISHED = "waiting", "approved", "published"


@dataclass(frozen=True)
class SharedAnswer:
    """`author` and `approver` are names; the second is empty while nobody has approved it."""

    state: str
    version: int
    question: str
    answer: str
    topics: tuple[str, ...]
    author: str
    approver: str


def names_in(text: str, person: str, agency: str) -> list[str]:
    """Parts of the person's name, written as a name is, their whole name and their agency, as they stand in the text."""
    parts = [each for each in person.split() if len(each) > 2]
    found = [each for each in parts if re.search(rf"(?<!\w){re.escape(each)}(?!\w)", text)]
    whole = [each for each in (person, agency) if each and each.casefold() in text.casefold()]
    return [*found, *(each for each in whole if not (found and each == person))]


def places_in(text: str, labels: Iterable[str]) -> list[str]:
    """A sentence for each place that is named: a small one may point to one person."""
    said = text.casefold()
    return [
        f"{each} is named. In a small place that may point to one person."
        for each in labels
        if each.casefold() in said
    ]
