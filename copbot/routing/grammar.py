"""Rules as leads write and read them: `topic Grants in Northern region -> Ravi or Ada, backup Mei`. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from copbot.errors import InvalidInput
from copbot.people.fields import LANGUAGES
from copbot.program.schema.areas import spoken
from copbot.program.schema.faults import nearest
from copbot.routing.rules import RoutingRule, conditions
from copbot.slack.text import size

if TYPE_CHECKING:
    from copbot.program.profile import Profile

LONGEST = 1000
_ARROW = re.compile(r"→|⇒|[-=–—]+>")
_BACKUP = re.compile(r"[,;]?\s*\bbackup\b:?", re.IGNORECASE)
_BETWEEN = ("or", "and")
_WHAT = {"topics": "topic", "areas": "area", "kinds": "kind", "languages": "language"}
_KEYWORDS = {"in": "areas", **{word: name for name, one in _WHAT.items() for word in (name, one)}}
_ALONE = ("urgent", "anything")
_STOP = (*_KEYWORDS, *_ALONE)
_SHORTENED = ("county", "parish", "borough", "region")
"""Words at the end of an area's name that people leave out."""

Tokens = tuple[str, ...]
Known = Mapping[Tokens, set[Any]]
"""What each name, as its words, stands for; several where it is not clear."""


class StaffName(NamedTuple):
    id: int
    user: str
    name: str


def example(profile: Profile) -> str:
    place = next((each for each in profile.areas if each.region), profile.areas[0])
    return f"topic {profile.topics[0].topics[0].label} in {place.label} -> Ravi, backup Mei"


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
        raise InvalidInput(f"Say who gets it after one arrow, like: {example(profile)}")
    if not spoken(about):
        raise InvalidInput(f"Say before the arrow what the rule is about, like: {example(profile)}")
    found = _conditions(tuple(spoken(about)), _vocabulary(profile))
    to, *backups = (_named(each, staff) for each in _BACKUP.split(rest[0]))
    if len(backups) > 1 or any(len(each) > 1 for each in backups):
        raise InvalidInput("Name one backup, at the end.")
    rule = RoutingRule(**found, to=to, backup=backups[0][0] if backups else None)
    if size(written(rule, profile, staff)) > LONGEST:
        raise InvalidInput("This rule is too long. Name fewer topics, areas or people.")
    return rule


def _conditions(tokens: Tokens, vocabulary: Mapping[str, Known]) -> dict[str, Any]:
    found: dict[str, Any] = {"urgent": "urgent" in tokens}
    at = 0
    while at < len(tokens):
        word = tokens[at]
        at += 1
        if word in _KEYWORDS:
            name = _KEYWORDS[word]
            known = vocabulary[name]
            some, at = _names(tokens, at, known, partial(_unknown, known=known, what=_WHAT[name]))
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), *some)))
        elif word not in _ALONE:
            raise InvalidInput(
                f"“{word}” doesn't belong there. Begin with topic, in, kind, language or urgent."
            )
    return found


def _names(
    tokens: Tokens, at: int, known: Known, unknown: Callable[[str], str], stop: Sequence[str] = _STOP
) -> tuple[tuple[Any, ...], int]:
    """What the names stand for from here to the next keyword, the longest name first; and where that is."""
    found: list[Any] = []
    while not found or (at < len(tokens) and tokens[at] not in stop):
        at += bool(found) and tokens[at] in _BETWEEN
        length = next((n for n in range(len(tokens) - at, 0, -1) if tokens[at : at + n] in known), 0)
        if not length:
            ends = (n for n in range(at, len(tokens)) if tokens[n] in (*stop, *_BETWEEN))
            raise InvalidInput(unknown(" ".join(tokens[at : next(ends, None)])))
        some = known[tokens[at : at + length]]
        if len(some) > 1:
            said = " ".join(tokens[at : at + length])
            raise InvalidInput(f"{len(some)} people on staff are called “{said}”. Write the whole name.")
        found += some
        at += length
    return tuple(dict.fromkeys(found)), at


def _unknown(said: str, known: Known, what: str) -> str:
    if not said:
        return f"Write which {what} you mean."
    near = nearest(said, (" ".join(each) for each in known))
    guess = f"Did you mean “{near}”?" if near else "Write it as it is in the request form."
    return f"No {what} is called “{said}”. {guess}"


def _vocabulary(profile: Profile) -> dict[str, Known]:
    """A label counts more than another word for something else."""
    topics = [topic for _, some in profile.topics_in_groups() for topic in some]
    also = [(word, each.id) for each in topics for word in each.also]
    short = [(_short(each.label), each.id) for each in profile.areas]
    return {
        "topics": _by_words([*also, *_labels(topics)]),
        "areas": _by_words([*short, *_labels(profile.areas)]),
        "kinds": _by_words(_labels(profile.kinds)),
        "languages": _by_words((name, code) for code, name in LANGUAGES.items() if code),
    }


def _labels(some: Iterable[Any]) -> list[tuple[str, str]]:
    each = list(some)
    return [*((one.id, one.id) for one in each), *((one.label, one.id) for one in each)]


def _by_words(named: Iterable[tuple[str, str]]) -> Known:
    return {tuple(spoken(name)): {ident} for name, ident in named if spoken(name)}


def _short(label: str) -> str:
    head, _, last = label.rpartition(" ")
    return head if last.lower() in _SHORTENED else label


def _people(staff: Sequence[StaffName]) -> Known:
    """Everybody by whole name, first name and Slack id."""
    found: dict[Tokens, set[Any]] = {}
    for each in staff:
        name = tuple(spoken(each.name))
        for words in {name, name[:1], tuple(spoken(each.user))} - {()}:
            found.setdefault(words, set()).add(each.id)
    return found


def _named(text: str, staff: Sequence[StaffName]) -> tuple[int, ...]:
    return _names(tuple(spoken(text)), 0, _people(staff), _stranger, ())[0]


def _stranger(said: str) -> str:
    return f"“{said}” is not on staff." if said else "Name somebody after the arrow and after each “or”."


def _written_name(each: StaffName, people: Known) -> str:
    """The name, or the Slack id of somebody whose name would not be read back."""
    is_clear = people.get(tuple(spoken(each.name))) == {each.id}
    is_plain = not (_BACKUP.search(each.name) or _ARROW.search(each.name))
    return each.name if is_clear and is_plain else each.user
