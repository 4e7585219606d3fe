"""Many rows at once: the same rows again change nothing, doubles are known, faults refuse their row only."""

from __future__ import annotations

from typing import Any

import pytest

from copbot.resources.index import tables as index
from copbot.resources.index.rules import Term
from copbot.resources.library import service
from copbot.resources.library.intake import put_many
from copbot.resources.library.values import Identity, IncomingResource, Outcome, ResourceFields
from copbot.store import Store
from tests.resources.given import NOW, PROFILE, STAFF, add, fields


def named(title: str, name: str, source: str = "list.csv", **more: Any) -> IncomingResource:
    return IncomingResource(fields(title, **more), Identity("csv", source, name))


def put(store: Store, *incoming: IncomingResource, publish: bool = True) -> list[Outcome]:
    with store.writing() as session:
        return put_many(session, incoming, by="import", now=NOW, profile=PROFILE, publish=publish)


def effects(outcomes: list[Outcome]) -> list[str]:
    return [each.effect for each in outcomes]


@pytest.mark.both_databases
def test_the_same_rows_again_change_nothing_and_a_changed_one_changes_its_own(store: Store) -> None:
    rows = [named(f"Title {number}", str(number)) for number in range(3)]
    first = put(store, *rows)
    assert effects(first) == ["created"] * 3
    assert effects(put(store, *rows)) == ["unchanged"] * 3
    again = put(store, named("Another title", "1"))
    assert (again[0].effect, again[0].id, again[0].uid) == ("updated", first[1].id, first[1].uid)
    with store.reading() as session:
        assert len(service.published(session).items) == 3
        assert [hit.id for hit in index.match(session, [Term((("another",),))], most=5)] == [first[1].id]


def test_a_row_that_cannot_be_taken_is_refused_with_its_field_and_the_others_are_taken(store: Store) -> None:
    done = put(store, named("Good", "1"), named("Bad", "2", url="javascript:alert(1)"), named("Fine", "3"))
    assert effects(done) == ["created", "refused", "created"]
    assert list(done[1].faults) == ["url"]


def test_one_of_another_source_is_known_by_address_and_near_title_and_keeps_its_words(store: Store) -> None:
    with store.writing() as session:
        made = add(session, "Naloxone basics", url="https://example.org/n", summary="Staff's own words")
    same = named("Naloxone Basics", "7", url="http://www.example.org/n/", summary="A feed's words")
    other = named("Something else altogether", "8", url="https://example.org/n")
    done = put(store, same, other)
    assert [(each.effect, each.id == made.id) for each in done] == [("known", True), ("created", False)]
    with store.reading() as session:
        found = service.find(session, made.uid)
    assert found is not None
    assert found.summary == "Staff's own words"


def test_twice_in_one_file_is_once_in_the_library(store: Store) -> None:
    done = put(store, named("One", "1"), named("One", "1"), named("One", "2"))
    assert effects(done) == ["created", "unchanged", "known"]
    assert len({each.id for each in done}) == 1


def test_a_row_is_found_by_its_uid_and_what_it_leaves_out_stays(store: Store) -> None:
    with store.writing() as session:
        made = add(session, "A page", summary="Long", topics=("naloxone",))
    [done] = put(store, IncomingResource(ResourceFields(title="A better title"), uid=made.uid))
    with store.reading() as session:
        found = service.find(session, made.uid)
    assert found is not None
    assert (done.effect, found.title, found.summary, found.topics) == (
        "updated",
        "A better title",
        "Long",
        ("naloxone",),
    )
    assert found.owner == STAFF.user


def test_drafts_stay_drafts_and_what_people_retired_stays_retired(store: Store) -> None:
    [draft] = put(store, named("A draft", "1"), publish=False)
    put(store, named("A draft, again", "1"))
    with store.writing() as session:
        found = service.find(session, draft.uid)
        assert found is not None
        assert found.state == "draft"
        service.retire(session, [draft.uid], by=STAFF.user, now=NOW, why="wrong")
    put(store, named("A draft, and again", "1"))
    with store.reading() as session:
        found = service.find(session, draft.uid)
    assert found is not None
    assert found.state == "retired"


def test_a_source_that_marks_a_published_row_private_takes_it_out(store: Store) -> None:
    [made] = put(store, named("Shelter", "1"))
    put(store, named("Shelter", "1", private=True))
    hidden = put(store, named("House", "2", private=True))
    with store.reading() as session:
        found = service.find(session, made.uid)
        assert found is not None
        assert (found.state, found.private) == ("retired", True)
        assert service.published(session).items == ()
        assert service.to_review(session).items == ()
        other = service.find(session, hidden[0].uid)
        assert other is not None
        assert other.state == "draft"


def test_an_import_that_is_undone_leaves_nothing(store: Store) -> None:
    done = put(store, named("One", "1"), named("Two", "2"))
    with store.writing() as session:
        assert service.remove(session, [each.uid for each in done]) == 2
    assert effects(put(store, named("One", "1"))) == ["created"]
