"""A guide's services: those in the place, those for its region, then statewide and national ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from copbot.delivery import service as delivery
from copbot.program.profile import Profile
from copbot.resources.guide.rules import Guide, Part, grouped
from copbot.resources.index import tables as index
from copbot.resources.index.rules import Term, mark
from copbot.resources.library import service as library
from copbot.resources.search import rules
from copbot.store import Session

FILE, WIDE = "resources.guide_file", "Statewide and national"
MOST = 2000
"""Services in one guide: more would be no guide."""
FILED = 2
"""Areas in a file: the page of one place, or of a town in two counties."""


def guide(session: Session, areas: Sequence[str], profile: Profile) -> Guide:
    """Every published service for these areas, each in the nearest part it belongs to."""
    here, region, *wide = rules.tiers(tuple(areas), profile) if areas else ((), (), ("national",))
    title = " and ".join(map(profile.area_label, areas)) or profile.name
    wanted = [(title, here), (" and ".join(map(profile.area_label, region)), region)]
    wanted.append((WIDE, tuple(each for tier in wide for each in tier)))
    parts, known = [], set[int]()
    for name, tier in wanted:
        asked = [Term((), (mark("kind", "service"),)), rules.area_term(tier)]
        hits = index.match(session, asked, most=MOST) if tier else []
        ids = [hit.id for hit in hits if hit.id not in known]
        known.update(ids)
        if found := grouped(library.by_ids(session, ids), profile):
            parts.append(Part(name, found, name == WIDE))
    return Guide(tuple(areas), title, tuple(parts))


def send(session: Session, areas: Sequence[str], *, to: str, now: datetime) -> None:
    """The guide for these areas as a file to this person; within the same minute once."""
    about = f"{to}:{'+'.join(areas[:FILED])}"
    delivery.say(session, FILE, f"guide:{about}", to=to, key=f"{FILE}:{about}:{now:%Y%m%d%H%M}", now=now)
