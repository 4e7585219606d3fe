"""Person-first words for what staff are about to send: suggested, never required, and the text is not kept. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from copbot.program.schema.vocabulary import PersonFirst

_NOT_THEIRS = re.compile(r"https?://\S+|\"[^\"]*\"|“[^”]*”")
"""Addresses and quotations: somebody else's words."""
MOST = 5


def suggestions(text: str, words: Iterable[PersonFirst]) -> tuple[str, ...]:
    """Sentences such as `Instead of “these words”, consider: those words`, at most five."""
    heard = _NOT_THEIRS.sub(" ", text).casefold()
    found = []
    for each in words:
        said = heard
        for phrase in each.but_not:
            said = said.replace(phrase.casefold(), " ")
        avoid = next((word for word in each.avoid if _holds(said, word)), None)
        if avoid is not None:
            found.append(f"Instead of “{avoid}”, consider: {each.instead}")
    return tuple(found[:MOST])


def _holds(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word.casefold())}(?![\w-])", text) is not None
