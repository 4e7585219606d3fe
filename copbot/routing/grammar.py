"""Rules as leads write and read them: `topic naloxone in Dane -> Ravi or Ada, backup Mei`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copbot.errors import InvalidInput
from copbot.people.fields import LANGUAGES
from copbot.program.schema.areas import spoken
from copbot.program.schema.faults import nearest
from copbot.routing.rules import RoutingRule, conditions
from copbot.slack.text import size

if TYPE_CHECKING:
    from copbot.program.profile import Profile

EXAMPLE = "topic naloxone in Dane -> Ravi, backup Mei"
LONGEST = 1000
_ARROW = re.compile(r"→|⇒|[-=–—]+>")
_BACKUP = re.compile(r"[,;]?\s*\bbackup\b:?", re.IGNORECASE)
_BETWEEN = ("or", "and")
_KEYWORDS = {
    "topic": "topics", "topics": "topics", "in": "areas", "area": "areas", "kind": "kinds", "kinds": "kinds",
    "language": "languages", "languages": "languages",
}  # fmt: skip
_ALONE = ("urgent", "anything")
_WHAT = {"topics": "topic", "areas": "area", "kinds": "kind of help", "languages": "language"}
_SHORTENED = ("county", "parish", "borough", "region")
"""Words at the end of an area's name that people leave out."""

Tokens = tuple[str, ...]


@dataclass(frozen=True)
class StaffName:
    id: int
    user: str
    name: str


def written(rule: RoutingRule, profile: Profile, staff: Sequence[StaffName]) -> str:
    """A rule as text that `read` reads back. `staff` may hold people who have left."""
    known = _people(staff)
    named = {each.id: _written_name(each, known) for each in staff}
    backup = f", backup {named.get(rule.backup, '?')}" if rule.backup is not None else ""
    return f"{conditions(rule, profile)} → {' or '.join(named.get(each, '?') for each in rule.to)}{backup}"


def read(text: str, profile: Profile, staff: Sequence[StaffName]) -> RoutingRule:
    """The rule that a lead wrote. Raises `InvalidInput` with the sentence that says what cannot be read."""
    about, *rest = _ARROW.split(text)
    if len(rest) != 1:
        raise InvalidInput(f"Say who gets it after one arrow, like: {EXAMPLE}")
    found, urgent = _conditions(tuple(spoken(about)), _vocabulary(profile))
    to, *backups = _BACKUP.split(rest[0])
    if len(backups) > 1:
        raise InvalidInput("Name one backup, at the end.")
    people = _people(staff)
    backup = _named(backups[0], people) if backups else (None,)
    if len(backup) > 1:
        raise InvalidInput("Name only one backup.")
    rule = RoutingRule(**found, urgent=urgent, to=_named(to, people), backup=backup[0])
    if size(written(rule, profile, staff)) > LONGEST:
        raise InvalidInput("This rule is too long. Name fewer topics, areas or people.")
    return rule


def _conditions(tokens: Tokens, words: Mapping[str, Mapping[Tokens, str]]) -> tuple[dict[str, Tokens], bool]:
    found: dict[str, Tokens] = {}
    at, urgent = 0, False
    while at < len(tokens):
        word = tokens[at]
        if word in _ALONE:
            urgent, at = urgent or word == "urgent", at + 1
        elif word in _KEYWORDS:
            name = _KEYWORDS[word]
            some, at = _names(tokens, at + 1, words[name], _WHAT[name])
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), *some)))
        else:
            raise InvalidInput(f"“{word}” can't stand there. Begin with topic, in, kind, language or urgent.")
    if not tokens:
        raise InvalidInput(f"Say before the arrow what the rule is about, like: {EXAMPLE}")
    return found, urgent


def _names(tokens: Tokens, at: int, known: Mapping[Tokens, str], what: str) -> tuple[Tokens, int]:
    """The names that stand from here to the next keyword, and where that is."""
    found: list[str] = []
    while at < len(tokens) and (not found or tokens[at] not in (*_KEYWORDS, *_ALONE)):
        at += bool(found) and tokens[at] in _BETWEEN
        length = next((n for n in range(len(tokens) - at, 0, -1) if tokens[at : at + n] in known), 0)
        if not length:
            raise InvalidInput(_unknown(tokens[at:], known, what))
        found.append(known[tokens[at : at + length]])
        at += length
    if not found:
        raise InvalidInput(f"Write which {what}, like: {EXAMPLE}")
    return tuple(found), at


def _unknown(tokens: Tokens, known: Mapping[Tokens, str], what: str) -> str:
    end = next((n for n, each in enumerate(tokens) if n and each in (*_KEYWORDS, *_ALONE, *_BETWEEN)), None)
    said = " ".join(tokens[:end])
    near = nearest(said, (" ".join(each) for each in known))
    guess = f" Did you mean “{near}”?" if near else " Write it as it is in the request form."
    return f"No {what} is called “{said}”.{guess}" if said else f"Write which {what} after “or”."


def _vocabulary(profile: Profile) -> dict[str, dict[Tokens, str]]:
    """Of topics, areas, kinds and languages: every name by its words. A label counts more than another word for it."""
    topics = [topic for _, some in profile.topics_in_groups() for topic in some]
    areas = [(each.label, each.id) for each in profile.areas]
    short = [(_short(label), ident) for label, ident in areas]
    return {
        "topics": _by_words(
            [*((word, each.id) for each in topics for word in each.also), *((each.id, each.id) for each in topics)],
            [(each.label, each.id) for each in topics],
        ),
        "areas": _by_words(short, [(each.id, each.id) for each in profile.areas], areas),
        "kinds": _by_words(
            [(each.id, each.id) for each in profile.kinds], [(each.label, each.id) for each in profile.kinds]
        ),
        "languages": _by_words([(name, code) for code, name in LANGUAGES.items() if code]),
    }  # fmt: skip


def _by_words(*named: Iterable[tuple[str, str]]) -> dict[Tokens, str]:
    return {tuple(spoken(name)): ident for some in named for name, ident in some if spoken(name)}


def _short(label: str) -> str:
    head, _, last = label.rpartition(" ")
    return head if last.lower() in _SHORTENED else label


def _people(staff: Sequence[StaffName]) -> dict[Tokens, set[int]]:
    """By words: Slack id, whole name, and first name of everybody; several where they are called alike."""
    found: dict[Tokens, set[int]] = {}
    for each in staff:
        name = tuple(spoken(each.name))
        for words in {name, name[:1], tuple(spoken(each.user))} - {()}:
            found.setdefault(words, set()).add(each.id)
    return found


def _named(text: str, people: Mapping[Tokens, set[int]]) -> tuple[int, ...]:
    """Persons, in the order in which they are named."""
    tokens, found = tuple(spoken(text)), list[int]()
    if not tokens:
        raise InvalidInput(f"Say who gets it after the arrow, like: {EXAMPLE}")
    at = 0
    while at < len(tokens):
        at += bool(found) and tokens[at] in _BETWEEN
        length = next((n for n in range(len(tokens) - at, 0, -1) if tokens[at : at + n] in people), 0)
        if not length:
            said = " ".join(tokens[at : _until_between(tokens, at)])
            raise InvalidInput(f"“{said}” is not on staff." if said else "Name somebody after “or”.")
        known = people[tokens[at : at + length]]
        if len(known) > 1:
            said = " ".join(tokens[at : at + length])
            raise InvalidInput(f"{len(known)} people on staff are called “{said}”. Write the whole name.")
        found += known
        at += length
    return tuple(dict.fromkeys(found))


def _until_between(tokens: Tokens, at: int) -> int:
    return next((n for n in range(at + 1, len(tokens)) if tokens[n] in _BETWEEN), len(tokens))


def _written_name(each: StaffName, people: Mapping[Tokens, set[int]]) -> str:
    """The name, or the Slack id of somebody whose name would not be read back."""
    is_clear = people.get(tuple(spoken(each.name))) == {each.id}
    is_plain = not (_BACKUP.search(each.name) or _ARROW.search(each.name))
    return each.name if is_clear and is_plain else each.user
