"""Resources for a request: its topics, where it is, and the words of its need."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.program.profile import Profile
from copbot.resources.index import tables as index
from copbot.resources.index.rules import Hit, Term, mark
from copbot.resources.library import service as library
from copbot.resources.library.values import Resource
from copbot.resources.search import rules
from copbot.resources.search.rules import CANDIDATES, Query
from copbot.store import Session


def matching(
    session: Session,
    *,
    topics: Sequence[str],
    areas: Sequence[str],
    need: str,
    profile: Profile,
    most: int = 3,
) -> tuple[Resource, ...]:
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
    shared = {hit.id: _shared(hit, set(rules.telling(need))) for hit in hits}
    best = max(shared.values(), default=0)
    ranked = rules.rank(Query((term,), areas=tuple(areas), tiers=tiers), hits)
    order = sorted(
        (each for each in ranked if shared[each.id] or not best), key=lambda each: -shared[each.id]
    )
    return library.by_ids(session, [each.id for each in order[:most]])


def _shared(hit: Hit, words: set[str]) -> int:
    """Words of the need in the title count twice."""
    return 2 * len(words.intersection(hit.title.split())) + len(words.intersection(hit.body.split()))
