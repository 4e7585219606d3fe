"""Places as people type them: a county with or without the word, a town, a nation, a region, the state. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from copbot.program.profile import Area, Profile
from copbot.program.schema.areas import spoken
from copbot.resources.index.rules import Phrase

CUES = frozenset({"in", "near", "around", "at", "for", "by", "from"})
COUNTY = ("county", "co", "parish")
NEAREST = 75.0
"""How alike, of 100, a place has to be to be offered for one that nobody knows."""


@dataclass(frozen=True)
class NamedPlace:
    """Words that name areas. `bare`: a county's name without the word, which may be an everyday word as well."""

    phrase: Phrase
    areas: tuple[str, ...]
    bare: bool = False


@dataclass(frozen=True)
class Named:
    """Areas found in a search, and the places of their words in it."""

    areas: tuple[str, ...] = ()
    start: int = 0
    end: int = 0


def named_in(words: Phrase, profile: Profile, everyday: frozenset[Phrase] = frozenset()) -> Named:
    """The place that these words name, the longest first. `everyday` are phrases that are topics before places.

    A county's bare name counts at either end of a search, after a word such as "near", or alone; an everyday word
    only after such a word ("near grant", but not "grant writing").
    """
    known, said = _known(profile.areas), _phrase(" ".join(words))
    for length in range(min(6, len(words)), 0, -1):
        for start in range(len(words) - length, -1, -1):
            place = known.get(said[start : start + length])
            if place is not None and _counts(place, words, start, everyday):
                return Named(place.areas, start, start + length)
    return Named()


def nearest(typed: str, profile: Profile, most: int = 3) -> tuple[str, ...]:
    """Area ids that a place nobody knows could be, the likeliest first."""
    known = {" ".join(phrase): place for phrase, place in _known(profile.areas).items()}
    plain = " ".join(_phrase(typed))
    found = process.extract(plain, list(known), scorer=fuzz.ratio, score_cutoff=NEAREST, limit=8)
    return tuple(dict.fromkeys(area for name, _, _ in found for area in known[name].areas))[:most]


def spellings(first: str, profile: Profile) -> list[str]:
    """One-word place names that begin with this letter: what a misspelt place is held against."""
    return [phrase[0] for phrase in _known(profile.areas) if len(phrase) == 1 and phrase[0].startswith(first)]


def _counts(place: NamedPlace, words: Phrase, start: int, everyday: frozenset[Phrase]) -> bool:
    if not place.bare or (start > 0 and words[start - 1] in CUES):
        return True
    return place.phrase not in everyday and (start == 0 or start + len(place.phrase) == len(words))


def _phrase(text: str) -> Phrase:
    """As many words as the search's own, in the one form of place names: St. Croix as Saint Croix."""
    return tuple(spoken(text))


@lru_cache(maxsize=8)
def _known(areas: tuple[Area, ...]) -> dict[Phrase, NamedPlace]:
    found: dict[Phrase, NamedPlace] = {}
    for area in areas:
        label = _phrase(area.label)
        _name(found, label, area.id)
        if area.kind == "county" and label and label[-1] in COUNTY:
            _name(found, (*label[:-1], "co"), area.id)
            _name(found, label[:-1], area.id, bare=True)
        if area.kind == "statewide":
            _name(found, ("statewide",), area.id)
            _name(found, label[-1:], area.id)
    for area in areas:
        for city in area.cities:
            town = _phrase(city)
            for phrase in dict.fromkeys((town, ("".join(town),))):  # also LaCrosse
                _name(found, phrase, area.id)
    return found


def _name(found: dict[Phrase, NamedPlace], phrase: Phrase, area: str, *, bare: bool = False) -> None:
    """A town that lies in several counties names them all; a county's bare name that is also a town's is a town's."""
    if phrase:
        before = found.get(phrase, NamedPlace(phrase, (), bare))
        areas = tuple(dict.fromkeys((*before.areas, area)))
        found[phrase] = NamedPlace(phrase, areas, before.bare and bare)
