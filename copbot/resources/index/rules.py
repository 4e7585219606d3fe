"""Our tokenizer, and how a search is written for each database. Pure functions of text."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST_WORD = 40
LONGEST_BODY = 8000
"""Characters of a resource's text that are indexed: a page and a half."""
_ASCII = {code: None if chr(code) in "'`" else " " for code in range(128) if not chr(code).isalnum()}
"""The same for plain text, which most is, in a tenth of the time."""
_APOSTROPHES = str.maketrans("", "", "'’ʼ`´")

Phrase = tuple[str, ...]
"""Words in a row."""


@dataclass(frozen=True)
class Doc:
    """A published resource as the index keeps it: folded words. `marks` no text holds, such as `areawi0dane`."""

    id: int
    title: str
    body: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Term:
    """One thing searched for: any of these phrases in the text, or any of these marks."""

    phrases: tuple[Phrase, ...]
    marks: tuple[str, ...] = ()


def fold(text: str) -> str:
    """Words between single spaces: small letters and digits, no accents, no punctuation. The same for both databases."""
    if text.isascii():
        return " ".join(word[:LONGEST_WORD] for word in text.lower().translate(_ASCII).split())
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_APOSTROPHES)).casefold()
    kept = "".join(
        character if character.isalnum() else "" if unicodedata.category(character).startswith("M") else " "
        for character in unicodedata.normalize("NFKD", plain)
    )
    return " ".join(word[:LONGEST_WORD] for word in kept.split())


def words_of(text: str) -> Phrase:
    return tuple(fold(text).split())


def mark(kind: str, ident: str) -> str:
    """A token for what a resource is about or where it counts; only small letters and digits."""
    shown = ident.replace("-", "0").replace("_", "1")
    return f"{kind}{''.join(character for character in shown.casefold() if character.isalnum())}"


def forms(word: str) -> tuple[str, ...]:
    """An English word as written, and its singular or plural: `strips` and `strip` find each other."""
    if len(word) < 3 or not (word.isascii() and word.isalpha()):
        return (word,)
    return tuple(dict.fromkeys((word, _singular(word) or _plural(word))))


def _singular(word: str) -> str:
    """Empty when the word is no plural."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else ""


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"


def counted_words(docs: Iterable[Doc]) -> Counter[str]:
    """In how many of the documents each word occurs; words with digits are numbers, not to be misspelt."""
    found: Counter[str] = Counter()
    for doc in docs:
        found.update({word for word in f"{doc.title} {doc.body}".split() if word.isalpha() and len(word) > 2})
    return found


def for_fts5(terms: Sequence[Term], *, title_only: bool = False) -> str:
    """The terms as a MATCH expression. Each word stands in quotes: bare ones are operators and raise."""
    columns = "title" if title_only else "{title body}"
    parts = []
    for term in terms:
        spelled = " OR ".join(" + ".join(f'"{word}"' for word in phrase) for phrase in term.phrases)
        marks = "" if title_only and term.phrases else " OR ".join(f'"{each}"' for each in term.marks)
        either = (f"{columns} : ({spelled})" if spelled else "", f"marks : ({marks})" if marks else "")
        parts.append(f"({' OR '.join(filter(None, either))})")
    return " AND ".join(parts)


def for_postgresql(terms: Sequence[Term], *, title_only: bool = False) -> list[tuple[str, str]]:
    """For each term the column it is looked for in, and its words for `websearch_to_tsquery`."""
    found = []
    for term in terms:
        in_title = title_only and term.phrases
        either = [" ".join(phrase) for phrase in term.phrases] + ([] if in_title else list(term.marks))
        found.append(("title_words" if in_title else "words", " or ".join(f'"{each}"' for each in either)))
    return found
