"""What a search means, and the order of what was found, with the reason. Pure: the same on both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import fuzz, process

from copbot.program.profile import Profile
from copbot.program.schema.vocabulary import TopicGroup
from copbot.resources.index.rules import Doc, Phrase, Term, forms, mark, words_of
from copbot.resources.library.values import Resource
from copbot.resources.search.places import CUES, named_in

CANDIDATES = 200
"""So many are ranked; of more, those nearest to the place, with the words in the title, and newest."""
LIKE = 85.0
"""How alike, of 100, a known word is to one that nobody knows when it is taken instead."""
MOST_WORDS = 12
HERE, REGION, STATEWIDE, NATIONAL, ELSEWHERE = range(5)
_NEAR = {HERE: 60.0, REGION: 42.0, STATEWIDE: 30.0, NATIONAL: 18.0, ELSEWHERE: 0.0}
_WHERE = ("title", "text", "topic")
_STOP = frozenset([
    "a", "an", "the", "of", "in", "for", "to", "and", "or", "near", "around", "at", "on", "with", "by",
    "from", "i", "me", "my", "we", "our", "us", "is", "are", "how", "do", "does", "what", "where", "who",
    "when", "can", "could", "get", "find", "need", "want", "some", "any", "about", "please",
])  # fmt: skip
_OWN = (("near", "me"), ("near", "us"), ("near", "here"), ("around", "here"))


@dataclass(frozen=True)
class Query:
    """A search as understood. `words` are the typed ones that are searched for, by term; `areas` and `topic` are ids.

    `tiers` holds, from the nearest to the widest, the area ids that count as so near.
    """

    terms: tuple[Term, ...] = ()
    words: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    tiers: tuple[tuple[str, ...], ...] = ()
    topic: str = ""
    kind: str = ""
    needs_care: bool = False
    loose: tuple[int, ...] = ()
    """Terms that may be misspelt: single words that are in no list of ours."""


@dataclass(frozen=True)
class Ranked:
    """A resource in its place. `tier` says how near it is; `how` where the words were found: title, text or topic."""

    id: int
    score: float
    tier: int
    how: str
    area: str


@dataclass(frozen=True)
class Found:
    """A resource with why it stands where it does."""

    resource: Resource
    why: Ranked


@dataclass(frozen=True, kw_only=True)
class SearchNotes:
    """What has to be said about how the results came about.

    `instead` are the words that were searched for where the typed ones are not known; `without` those given up.
    `elsewhere`: nothing is near the place, so these are from other places. `more`: there are more than can be shown.
    """

    instead: str = ""
    without: tuple[str, ...] = ()
    elsewhere: bool = False
    more: bool = False


@dataclass(frozen=True, kw_only=True)
class Results(SearchNotes):
    """One page. `total` counts what can be paged through, at most 200. `is_empty`: the library holds nothing."""

    query: Query
    items: tuple[Found, ...] = ()
    start: int = 0
    total: int = 0
    is_empty: bool = False


@dataclass(frozen=True)
class Lexicon:
    """Phrases that mean the same, and the topic each names."""

    alike: Mapping[Phrase, tuple[Phrase, ...]]
    topics: Mapping[Phrase, str]

    def has(self, phrase: Phrase) -> bool:
        return phrase in self.alike or phrase in self.topics

    def parted(self, words: Phrase) -> list[Phrase]:
        """The words as phrases: each time the longest known one that they begin with, else the first word."""
        found: list[Phrase] = []
        while words:
            lengths = range(min(5, len(words)), 0, -1)
            length = next((length for length in lengths if self.has(words[:length])), 1)
            found.append(words[:length])
            words = words[length:]
        return found


def understand(
    typed: str, profile: Profile, *, own: Sequence[str] = (), area: str = "", kind: str = ""
) -> Query:
    """What the person looks for. `own` are their areas ("near me"); `area` and `kind` were chosen and win."""
    words = words_of(typed)[: MOST_WORDS * 2]
    lexicon = lexicon_of(profile)
    areas, words = _place(words, profile, lexicon, own)
    areas = (area,) if area else areas
    kept = tuple(word for word in words if word not in _STOP) or words
    phrases = lexicon.parted(kept[:MOST_WORDS])
    terms = tuple(term_of(phrase, lexicon) for phrase in phrases)
    spelled = tuple(" ".join(phrase) for phrase in phrases)
    loose = tuple(at for at, phrase in enumerate(phrases) if not lexicon.has(phrase))
    topic = next((lexicon.topics[phrase] for phrase in phrases if phrase in lexicon.topics), "")
    said = f" {' '.join(words_of(typed))} "
    needs_care = any(f" {' '.join(words_of(each))} " in said for each in profile.care_words)
    return Query(terms, spelled, areas, tiers(areas, profile), topic, kind, needs_care, loose)


def _place(
    words: Phrase, profile: Profile, lexicon: Lexicon, own: Sequence[str]
) -> tuple[tuple[str, ...], Phrase]:
    """The areas, and the words without the place."""
    for start in range(len(words) - 1):
        if words[start : start + 2] in _OWN:
            return tuple(own), words[:start] + words[start + 2 :]
    named = named_in(words, profile, frozenset(lexicon.topics))
    if not named.areas:
        return (), words
    start = named.start - (named.start > 0 and words[named.start - 1] in CUES)
    return named.areas, words[:start] + words[named.end :]


def term_of(phrase: Phrase, lexicon: Lexicon) -> Term:
    """The phrase in its forms, what means the same, and the topic it names."""
    found = [each for same in (phrase, *lexicon.alike.get(phrase, ())) for each in _forms(same)]
    topic = lexicon.topics.get(phrase)
    return Term(tuple(dict.fromkeys(found)), (mark("topic", topic),) if topic else ())


def _forms(phrase: Phrase) -> list[Phrase]:
    return [(*phrase[:-1], last) for last in forms(phrase[-1])]


def respelled(query: Query, at: int, likely: Sequence[str], profile: Profile) -> Query:
    """The query with known words in the place of a misspelt one; the first of them is shown."""
    lexicon = lexicon_of(profile)
    known = [term_of((word,), lexicon) for word in likely]
    phrases = tuple(dict.fromkeys(phrase for term in known for phrase in term.phrases))
    marks = tuple(dict.fromkeys(each for term in known for each in term.marks))
    terms, words = list(query.terms), list(query.words)
    terms[at], words[at] = Term(phrases, marks), likely[0]
    topic = query.topic or next((lexicon.topics[word,] for word in likely if (word,) in lexicon.topics), "")
    return replace(query, terms=tuple(terms), words=tuple(words), topic=topic)


def with_place(query: Query, at: int, areas: tuple[str, ...], profile: Profile) -> Query:
    """The query with a misspelt word taken for a place."""
    terms, words = query.terms[:at] + query.terms[at + 1 :], query.words[:at] + query.words[at + 1 :]
    return replace(query, terms=terms, words=words, areas=areas, tiers=tiers(areas, profile))


def likely(word: str, known: Sequence[str]) -> list[str]:
    """At most two known words that this one may be a slip for; the likeliest first."""
    if len(word) < 4 or not word.isalpha():
        return []
    found = process.extract(word, known, scorer=fuzz.ratio, score_cutoff=LIKE, limit=2)
    return [each for each, _, _ in found]


def listed_words(profile: Profile, first: str) -> list[str]:
    """Single words of our own lists that begin with this letter."""
    lexicon = lexicon_of(profile)
    phrases = {*lexicon.alike, *lexicon.topics}
    return sorted(phrase[0] for phrase in phrases if len(phrase) == 1 and phrase[0].startswith(first))


def tiers(areas: tuple[str, ...], profile: Profile) -> tuple[tuple[str, ...], ...]:
    """County, then its region, then the state, then the country. A region holds its counties."""
    if not areas:
        return ()
    regions = tuple(dict.fromkeys(found for each in areas if (found := profile.region_of(each)) is not None))
    inside = tuple(area.id for area in profile.areas if area.region in areas)
    state = tuple(area.id for area in profile.areas if area.kind == "statewide")
    whole = state if set(areas) & set(state) else ()
    here = (*areas, *inside, *(area.id for area in profile.areas if whole and area.kind == "region"))
    region = tuple(each for each in regions if each not in here)
    return (here, region, tuple(each for each in state if each not in here), ("national",))


def telling(text: str) -> list[str]:
    """The words of a text that say what it is about."""
    return [word for word in words_of(text) if word not in _STOP and len(word) > 2]


def area_term(areas: Sequence[str]) -> Term:
    return Term((), tuple(mark("area", each) for each in areas))


def filters(query: Query) -> tuple[Term, ...]:
    return (Term((), (mark("kind", query.kind),)),) if query.kind else ()


def weakest_first(query: Query, uses: Mapping[str, int], present: Sequence[bool]) -> list[int]:
    """Places of terms in the order in which they are given up: those nobody has, then the commonest."""

    rarest = [
        sum(min((uses.get(word, 0) for word in phrase), default=0) for phrase in term.phrases)
        for term in query.terms
    ]
    return sorted(range(len(query.terms)), key=lambda at: (present[at], -rarest[at]))


def rank(query: Query, hits: Sequence[Doc]) -> list[Ranked]:
    """The best first: near before far, words in the title before words in the text, and of equals the newest."""
    tiers = reversed(list(enumerate(query.tiers)))  # the nearest last: it counts
    near = {mark("area", each): (tier, each) for tier, areas in tiers for each in areas}
    topic = mark("topic", query.topic) if query.topic else ""
    wanted = [([f" {' '.join(each)} " for each in term.phrases], term.marks) for term in query.terms]
    found = [_ranked(query, hit, near, topic, wanted) for hit in hits]
    return sorted(found, key=lambda each: (-each.score, -each.id))


_Wanted = tuple[list[str], tuple[str, ...]]
"""A term as it is looked for in a candidate: phrases between spaces, and marks."""


def _points(wanted: _Wanted, title: str, body: str, marks: Sequence[str]) -> tuple[float, int, int]:
    """Points, where it was found (title, text or topic), and how many words of the title it is.

    The words as typed (the first phrase) are worth a little more than what means the same.
    """
    phrases, topics = wanted
    for points, where, text in ((50.0, 0, title), (24.0, 1, body)):
        for at, phrase in enumerate(phrases):
            if phrase in text:
                return points - min(at, 4), where, 0 if where else phrase.count(" ") - 1
    return (12.0 if any(each in marks for each in topics) else 0.0), 2, 0


def _ranked(
    query: Query, hit: Doc, near: Mapping[str, tuple[int, str]], topic: str, wanted: Sequence[_Wanted]
) -> Ranked:
    title, body, marks = f" {hit.title} ", f" {hit.body} ", hit.marks
    tier, area = ELSEWHERE, ""
    if near:
        tier, area = min((near[each] for each in marks if each in near), default=(ELSEWHERE, ""))
    score, how, matched = 0.0, len(_WHERE) - 1, 0
    for each in wanted:
        points, where, length = _points(each, title, body, marks)
        score, matched = score + points, matched + length
        how = min(how, where)
    score = score / max(1, len(wanted)) + 15.0 * min(1.0, matched / (title.count(" ") - 1))
    if query.words and title.startswith(f" {query.words[0]} "):
        score += 3.0
    if topic in marks:
        score += 8.0
    if query.areas:
        score += _NEAR[tier] + (4.0 if "kindservice" in marks else 0.0)
    return Ranked(hit.id, score, tier, _WHERE[how], area)


def lexicon_of(profile: Profile) -> Lexicon:
    return _lexicon(profile.synonyms, profile.topics)


@lru_cache(maxsize=8)
def _lexicon(synonyms: tuple[tuple[str, ...], ...], groups: tuple[TopicGroup, ...]) -> Lexicon:
    alike: dict[Phrase, tuple[Phrase, ...]] = {}
    for group in synonyms:
        phrases = [words_of(each) for each in group]
        for phrase in phrases:
            others = [each for each in phrases if each != phrase]
            for form in _forms(phrase):
                alike[form] = tuple(dict.fromkeys((*alike.get(form, ()), *others)))
    topics: dict[Phrase, str] = {}
    for topic in (topic for each in groups for topic in each.topics):
        for name in (topic.id, topic.label, *topic.also):
            for form in _forms(words_of(name)):
                topics.setdefault(form, topic.id)
    return Lexicon(alike, topics)
