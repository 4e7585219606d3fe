"""Search quality: the judged searches against what the database's own full-text search finds."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from copbot.resources.index.rules import words_of
from copbot.resources.library.intake import put_many
from copbot.resources.library.values import IncomingResource
from copbot.resources.search import service
from copbot.store import Session, Store
from tests.resources import judged
from tests.resources.given import NOW, PROFILE

pytestmark = pytest.mark.both_databases

OURS, FIRST = 0.85, 0.9
"""nDCG@5 and success@1 that search must reach on the judged set."""


def filled(session: Session) -> dict[int, int]:
    """The generated library; places by id."""
    incoming = [IncomingResource(each.fields) for each in judged.library()]
    done = put_many(session, incoming, by="test", now=NOW, profile=PROFILE, publish=True)
    assert {each.effect for each in done} == {"created"}
    return {each.id: place for place, each in enumerate(done)}


def plain(session: Session, typed: str) -> list[int]:
    """What the database's own search makes of the words: all of them, else any of them, in its own order."""
    words = [f'"{word}"' for word in words_of(typed)]
    for joint in (" AND ", " OR "):
        if session.get_bind().dialect.name == "sqlite":
            query = "SELECT rowid FROM resource_search WHERE resource_search MATCH :q ORDER BY rank LIMIT 5"
            found = session.execute(text(query), {"q": f"{{title body}} : ({joint.join(words)})"})
        else:
            query = (
                "SELECT rowid FROM resource_search, websearch_to_tsquery('simple', :q) AS asked "
                "WHERE words @@ asked ORDER BY ts_rank(words, asked) DESC LIMIT 5"
            )
            found = session.execute(text(query), {"q": joint.replace(" AND ", " ").join(words)})
        ids = [row[0] for row in found]
        if ids:
            return ids
    return []


def test_search_finds_the_right_ones_first_and_more_often_than_plain_full_text(store: Store) -> None:
    with store.writing() as session:
        places = filled(session)
        ours = judged.quality(
            lambda typed: [
                places[each.resource.id]
                for each in service.search(session, typed, profile=PROFILE, most=5).items
            ]
        )
        theirs = judged.quality(lambda typed: [places[each] for each in plain(session, typed)])
    print(f"nDCG@5, success@1: ours {ours[0]:.3f} {ours[1]:.3f}, plain {theirs[0]:.3f} {theirs[1]:.3f}")
    assert ours[0] >= max(OURS, theirs[0] + 0.1)
    assert ours[1] >= max(FIRST, theirs[1] + 0.1)


@pytest.mark.parametrize("typed", ["narcan", "nalxone", "NALOXONE!!", 'naloxone -"'])
def test_the_naloxone_row_comes_first_however_it_is_typed(store: Store, typed: str) -> None:
    with store.writing() as session:
        filled(session)
        first = service.search(session, typed, profile=PROFILE).items[0].resource
    assert "aloxone" in first.title or "Narcan" in first.title


def test_there_are_enough_of_both() -> None:
    assert len(judged.library()) == 300
    assert len(judged.SEARCHES) >= 60
