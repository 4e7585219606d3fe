"""Person-first words for what staff are about to send: suggested, never required, and the text is not kept. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from copbot.program.schema.vocabulary import PersonFirst
from copbot.signs import plain_signs

_NOT_THEIRS = re.compile(r"https?://\S+|\"[^\"]*\"|“[^”]*”")
"""Addresses and quotations: somebody else's words."""
_WHOLE = r"(?<![\w-]){}(?![\w-])"
MOST = 5


def suggestions(text: str, words: Iterable[PersonFirst]) -> tuple[str, ...]:
    """Sentences such as `Instead of “these words”, consider: those words`, at most five."""
    heard = _NOT_THEIRS.sub(" ", plain_signs(text)).casefold()
    found = []
    for each in words:
        said = heard
        for phrase in each.but_not:
            said = said.replace(phrase.casefold(), " ")
        avoid = [word for word in each.avoid if re.search(_WHOLE.format(re.escape(word.casefold())), said)]
        if avoid:
            found.append(f"Instead of “{avoid[0]}”, consider: {each.instead}")
    return tuple(found[:MOST])
