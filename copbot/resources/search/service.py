"""Searching: candidates from the index in a few bounded queries, then order and reason from the rules."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.people.profiles import service as profiles
from copbot.program.profile import Profile
from copbot.resources.index import tables as index
from copbot.resources.index.rules import Doc, Term, mark
from copbot.resources.library import service as library
from copbot.resources.search import places, rules
from copbot.resources.search.rules import CANDIDATES, Found, Query, Ranked, Results, SearchNotes
from copbot.slack.person import Person
from copbot.store import Session

PAGE = 10


def search(
    session: Session,
    typed: str,
    *,
    profile: Profile,
    person: Person | None = None,
    area: str = "",
    kind: str = "",
    start: int = 0,
    most: int = PAGE,
) -> Results:
    """Published resources for these words; with no words, those of the area or kind, the newest first."""
    asks_near = person is not None and "near" in typed.lower()
    own = profiles.profile_of(session, person.id).areas if person and asks_near else ()
    query = rules.understand(typed, profile, own=own, area=area, kind=kind)
    ranked, query, told = ranking(session, query, profile)
    page = ranked[start : start + most]
    rows = {each.id: each for each in library.by_ids(session, [each.id for each in page])}
    return Results(
        query=query,
        items=tuple(Found(rows[each.id], each) for each in page if each.id in rows),
        start=start,
        total=min(len(ranked), CANDIDATES),
        is_empty=not ranked and not library.has_any(session),
        **vars(told),
    )


def matching(
    session: Session,
    *,
    topics: Sequence[str],
    areas: Sequence[str],
    need: str,
    profile: Profile,
    most: int = 3,
) -> tuple[Found, ...]:
    """Published resources on these topics that count for these areas; those that share most words with the need first.

    The need is read and not kept. Nothing of another county, nothing that shares no word while others do.
    """
    if not topics:
        return ()
    tiers = rules.tiers(tuple(areas), profile)
    term = Term((), tuple(mark("topic", each) for each in topics))
    wanted = [each for tier in tiers for each in tier]
    asked = [term, rules.area_term(wanted)] if wanted else [term]
    hits = index.match(session, asked, most=CANDIDATES)
    words = set(rules.telling(need))
    shared = {hit.id: _shared(hit, words) for hit in hits}
    best = max(shared.values(), default=0)
    ranked = rules.rank(Query((term,), areas=tuple(areas), tiers=tiers), hits)
    order = sorted(
        (each for each in ranked if shared[each.id] or not best), key=lambda each: -shared[each.id]
    )
    why = {each.id: each for each in order[:most]}
    return tuple(Found(found, why[found.id]) for found in library.by_ids(session, list(why)))


def _shared(hit: Doc, words: set[str]) -> int:
    """Words of the need in the title count twice."""
    return 2 * len(words.intersection(hit.title.split())) + len(words.intersection(hit.body.split()))


def ranking(session: Session, query: Query, profile: Profile) -> tuple[list[Ranked], Query, SearchNotes]:
    """Every candidate in its order; the query as it was searched for in the end, and what to say about it."""
    hits, instead, without, elsewhere = _candidates(session, query, query.terms), "", tuple[str, ...](), False
    if not hits:
        query, instead = _respelled(session, query, profile)
        hits = _candidates(session, query, query.terms) if instead else []
        if not hits:
            hits, without = _with_fewer(session, query)
        if not hits and query.areas:
            hits = _anywhere(session, query, query.terms)
            elsewhere = bool(hits)
    more = len(hits) > CANDIDATES
    told = SearchNotes(instead=instead, without=without, elsewhere=elsewhere, more=more)
    return rules.rank(query, hits[:CANDIDATES]), query, told


def _candidates(session: Session, query: Query, terms: Sequence[Term]) -> list[Doc]:
    """Those that hold every term and count for the place: at most 200, and one more when there are more.

    Of more than 200: from the nearest tier to the widest, or, without a place, words in the title first.
    """
    areas = [each for tier in query.tiers for each in tier]
    if not areas:
        return _anywhere(session, query, terms)
    asked = (*terms, *rules.filters(query))
    hits = index.match(session, [*asked, rules.area_term(areas)], most=CANDIDATES + 1)
    if len(hits) <= CANDIDATES:
        return hits
    found: dict[int, Doc] = {}
    for tier in filter(None, query.tiers):
        if left := CANDIDATES - len(found):
            near = index.match(session, [*asked, rules.area_term(tier)], most=left)
            found |= {hit.id: hit for hit in near if hit.id not in found}
    return list((found | {hit.id: hit for hit in hits}).values())[: CANDIDATES + 1]


def _anywhere(session: Session, query: Query, terms: Sequence[Term]) -> list[Doc]:
    asked = (*terms, *rules.filters(query))
    if not asked:
        return []
    titled = index.match(session, asked, most=CANDIDATES + 1, title_only=True) if terms else []
    if len(titled) > CANDIDATES:
        return titled
    hits = index.match(session, asked, most=CANDIDATES + 1)
    return list({hit.id: hit for hit in (*titled, *hits)}.values())[: CANDIDATES + 1]


def _respelled(session: Session, query: Query, profile: Profile) -> tuple[Query, str]:
    """The query with known words and places for those that nothing holds; and its words, when any differ."""
    changed = query
    for at in reversed(query.loose):
        if index.match(session, [query.terms[at]], most=1):
            continue
        word = query.words[at]
        here = index.words_like(session, word[0], len(word) - 3, len(word) + 3)
        towns = places.spellings(word[0], profile) if not query.areas else []
        known = dict.fromkeys([*here, *rules.listed_words(profile, word[0]), *towns])
        close = rules.likely(word, list(known))
        named = places.named_in((close[0],), profile) if close and close[0] in towns else places.Named()
        if named.areas and not changed.areas:
            changed = rules.with_place(changed, at, named.areas, profile)
        elif close:
            changed = rules.respelled(changed, at, close, profile)
    if changed is query:
        return query, ""
    where = [profile.area_label(each) for each in changed.areas if each not in query.areas][:1]
    return changed, " ".join([*changed.words, *where])


def _with_fewer(session: Session, query: Query) -> tuple[list[Doc], tuple[str, ...]]:
    """Give up one word after the other, the rarest kept longest, until something is found; what was given up."""
    if len(query.terms) < 2:
        return [], ()
    present = [bool(index.match(session, [term], most=1)) for term in query.terms]
    words = {word for term in query.terms for phrase in term.phrases for word in phrase}
    order = rules.weakest_first(query, index.frequency(session, words), present)
    for given_up in range(1, len(order)):
        kept = sorted(order[given_up:])
        if hits := _candidates(session, query, [query.terms[at] for at in kept]):
            return hits, tuple(query.words[at] for at in sorted(order[:given_up]))
    return [], ()
