"""Which requests somebody wants to see, from what they typed after `/ta list` or chose in the list."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from copbot.program.profile import Profile
from copbot.program.schema.areas import spoken

OPEN, LATE, WAITING, ENDED, ANY = "open", "late", "waiting", "ended", "any"
ME, NOBODY, ASKED = "me", "nobody", "asked"
PAGE = 10
"""Requests a page."""


@dataclass(frozen=True)
class Filters:
    """`whose`: empty for everybody's, ME, NOBODY, ASKED (by the reader), or a person's id in digits."""

    state: str = OPEN
    whose: str = ""
    topic: str = ""
    area: str = ""
    words: str = ""


_SAID = {
    "open": ("state", OPEN),
    "late": ("state", LATE),
    "overdue": ("state", LATE),
    "waiting": ("state", WAITING),
    "done": ("state", ENDED),
    "closed": ("state", ENDED),
    "mine": ("whose", ME),
    "my": ("whose", ME),
    "unassigned": ("whose", NOBODY),
    "asked": ("whose", ASKED),
}
_FILLERS = frozenset({"about", "all", "and", "for", "from", "in", "of", "on", "request", "requests", "the"})
NEARLY = 0.75
"""How alike a typed word and a filter's name are when one is taken for a slip of the other."""


def understand(typed: str, profile: Profile) -> Filters:
    """Filters that these words name, one of each kind; words that name nothing else are looked for."""
    names, said = _names(profile), spoken(typed)
    found: dict[str, str] = {}
    at = 0
    while at < len(said):
        end = next((end for end in range(len(said), at, -1) if " ".join(said[at:end]) in names), 0)
        kind, value = names[" ".join(said[at:end])] if end else ("", "")
        if kind in found or not (end or said[at] in _FILLERS):
            first, _, rest = typed.strip().partition(" ")
            named = dict([_SAID[first.lower()]]) if rest and first.lower() in _SAID else {}
            return Filters(words=rest.strip() if named else typed.strip(), **named)
        found |= {kind: value} if end else {}
        at = end or at + 1
    return Filters(**({"state": ANY} if found.get("whose") == ASKED else {}) | found)


def nearly(typed: str, profile: Profile) -> str:
    """A filter's name that was probably meant by a single word; empty for none."""
    names = [name for name in _names(profile) if " " not in name and name not in _SAID]
    near = get_close_matches(" ".join(spoken(typed)), [*_SAID, *names], 1, NEARLY)
    return near[0] if near else ""


def _names(profile: Profile) -> dict[str, tuple[str, str]]:
    """What can be typed, as `spoken`: the filter and its value. A name of two things is left out.

    Other words for a topic, such as “kits”, are in needs of every topic: they are looked for.
    """
    topics = [topic for _, group in profile.topics_in_groups() for topic in group]
    pairs = [
        (name, ("topic", topic.id)) for topic in topics for name in (topic.id.replace("_", " "), topic.label)
    ]
    cities = [(city, ("area", area.id)) for area in profile.areas for city in area.cities]
    several = {city for city, meant in cities for other, also in cities if city == other and meant != also}
    pairs += [each for each in cities if each[0] not in several]
    for area in profile.areas:
        pairs += [
            (name, ("area", area.id)) for name in (area.id, area.label, area.label.removesuffix(" County"))
        ]
    return {" ".join(spoken(name)): meant for name, meant in pairs} | _SAID
