"""A guide's services: those in the place, those for its region, then statewide and national ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from copbot.delivery import service as delivery
from copbot.program.profile import Profile
from copbot.resources.guide.rules import Guide, Part, grouped
from copbot.resources.index import tables as index
from copbot.resources.index.rules import Term, mark, words_of
from copbot.resources.library import service as library
from copbot.resources.search import places, rules
from copbot.store import Session

FILE = "resources.guide_file"
MOST = 2000
"""Services in one guide: more would be no guide."""
FILED = 2
"""Areas in a file: the page of one place, or of a town in two counties."""


def areas_named(typed: str, profile: Profile) -> tuple[str, ...]:
    """The areas that these words name; empty when they name none."""
    return places.named_in(words_of(typed), profile).areas


def could_be(typed: str, profile: Profile) -> tuple[str, ...]:
    """The nearest areas that a place nobody knows could be."""
    return places.nearest(typed, profile)


def guide(session: Session, areas: Sequence[str], profile: Profile) -> Guide:
    """Every published service for these areas, each in the nearest part it belongs to."""
    here, region, *wide = rules.tiers(tuple(areas), profile) if areas else ((), (), ("national",))
    title = " and ".join(profile.area_label(each) for each in areas) or profile.name
    wanted = [(title, here, False), (_region(region, profile), region, False)]
    wanted.append(("Statewide and national", tuple(each for tier in wide for each in tier), True))
    parts, known = [], set[int]()
    for name, tier, is_wide in wanted:
        ids = [each for each in _ids(session, tier) if each not in known]
        known.update(ids)
        found = grouped(library.by_ids(session, ids), profile)
        if found:
            parts.append(Part(name, found, is_wide))
    return Guide(tuple(areas), title, tuple(parts))


def send(session: Session, areas: Sequence[str], *, to: str, now: datetime) -> None:
    """The guide for these areas as a file to this person; within the same minute once."""
    named = "+".join(areas[:FILED])
    delivery.say(
        session, FILE, f"guide:{to}:{named}", to=to, key=f"{FILE}:{to}:{named}:{now:%Y%m%d%H%M}", now=now
    )


def _region(region: Sequence[str], profile: Profile) -> str:
    return " and ".join(profile.area_label(each) for each in region)


def _ids(session: Session, areas: Sequence[str]) -> list[int]:
    if not areas:
        return []
    asked = [Term((), (mark("kind", "service"),)), rules.area_term(areas)]
    return [hit.id for hit in index.match(session, asked, most=MOST)]
