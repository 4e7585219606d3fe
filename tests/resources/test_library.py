"""The library's verbs: who may publish, what a resource may say, and what the index holds afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from copbot.errors import Conflict, InvalidInput, NotFound
from copbot.resources.index import tables as index
from copbot.resources.index.rules import Term, words_of
from copbot.resources.library import reviewing, rules, service, tables
from copbot.store import Store
from tests.days import day
from tests.resources.given import MEMBER, NOW, PROFILE, STAFF, add, fields

pytestmark = pytest.mark.both_databases


def found(store: Store, words: str) -> list[str]:
    """Titles as the index keeps them, of resources in which all these words occur."""
    terms = [Term(((word,),)) for word in words_of(words)]
    with store.reading() as session:
        return [hit.title for hit in index.match(session, terms, most=10)]


def test_what_staff_add_is_published_and_found(store: Store) -> None:
    with store.writing() as session:
        made = add(session, "Naloxone: what it does", summary="How to give it, in two pages")
    assert (made.state, made.owner, made.created_by) == ("published", STAFF.user, STAFF.user)
    assert found(store, "naloxone pages") == ["naloxone what it does"]


def test_what_a_member_suggests_waits_for_staff_and_is_found_by_nobody_before(store: Store) -> None:
    with store.writing() as session:
        made = add(session, "A flyer", person=MEMBER)
        assert service.drafts(session) == 1
    assert (made.state, made.origin, found(store, "flyer")) == ("draft", "member", [])
    with store.writing() as session:
        assert service.publish(session, [made.uid], by=STAFF.user, now=NOW, profile=PROFILE) == 1
        after = service.find(session, made.uid)
    assert after is not None
    assert (after.state_by, after.owner, str(after.reviewed_on)) == (STAFF.user, STAFF.user, day())
    assert found(store, "flyer") == ["a flyer"]


def test_what_is_retired_or_changed_is_found_as_it_is_now(store: Store) -> None:
    with store.writing() as session:
        made = add(session, "Safer smoking")
        service.edit(session, made.uid, fields("Safer use"), seen=1, person=STAFF, profile=PROFILE, now=NOW)
    assert (found(store, "smoking"), found(store, "safer use")) == ([], ["safer use"])
    with store.writing() as session:
        service.retire(session, [made.uid], by=STAFF.user, now=NOW, why="out of print")
        assert index.frequency(session, ["safer", "smoking", "use"]) == {}
        after = service.find(session, made.uid)
    assert after is not None
    assert (after.state, after.state_why, found(store, "safer")) == ("retired", "out of print", [])


def test_two_who_edit_at_once_do_not_overwrite_each_other(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        made = add(session)
        service.edit(session, made.uid, fields("One"), seen=1, person=STAFF, profile=PROFILE, now=NOW)
        with pytest.raises(Conflict):
            service.edit(session, made.uid, fields("Two"), seen=1, person=STAFF, profile=PROFILE, now=NOW)


def test_a_double_is_retired_and_what_belonged_to_it_goes_to_the_other(store: Store) -> None:
    with store.writing() as session:
        one, two = add(session, "Naloxone basics"), add(session, "Naloxone Basics!")
        assert [each.uid for each in service.doubles(session, fields("naloxone basic"), but=one.uid)] == [
            two.uid
        ]
        stays = reviewing.mark_same(session, two.uid, one.uid, person=STAFF, profile=PROFILE, now=NOW)
        gone = service.find(session, two.uid)
        assert gone is not None
        assert (stays.uid, gone.state, gone.same_as) == (one.uid, "retired", one.id)
        with pytest.raises(Conflict):
            reviewing.mark_same(session, one.uid, two.uid, person=STAFF, profile=PROFILE, now=NOW)
    assert found(store, "naloxone") == ["naloxone basics"]


def test_what_its_source_marks_private_is_never_published(store: Store) -> None:
    with store.writing() as session:
        made = add(session, "Shelter", kind="service", private=True)
        assert service.publish(session, [made.uid], by=STAFF.user, now=NOW) == 0
        assert service.published(session).items == ()
        with pytest.raises(NotFound):
            service.readable(session, made.uid, MEMBER)
    assert (made.state, found(store, "shelter")) == ("draft", [])


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://kim:secret@example.org"}, "url"),
        ({"url": "https://exa mple.org"}, "url"),
        ({"url": "https://[::1"}, "url"),
        ({"url": "relative/page"}, "url"),
        ({"url": ""}, "url"),
        ({"title": " \n "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"kind": "song"}, "kind"),
        ({"kind": "event"}, "starts_at"),
        ({"kind": "event", "starts_at": NOW, "ends_at": NOW - timedelta(days=400)}, "ends_at"),
        ({"kind": "answer"}, "summary"),
        ({"topics": ("gardening",)}, "topics"),
        ({"areas": ("moon",)}, "areas"),
        ({"language": "English!"}, "language"),
    ],
)
def test_what_cannot_be_saved_says_at_which_field(more: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        rules.checked(fields(**{"title": "A page", "url": "https://example.org/a", **more}), PROFILE)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    "other",
    [
        "http://www.example.org/page/",
        "https://EXAMPLE.org:443/page#top",
        "https://example.org/page?utm_source=news&fbclid=1",
    ],
)
def test_the_same_address_is_known_in_other_spellings(other: str) -> None:
    assert rules.link_key(other) == rules.link_key("https://example.org/page") != ""
    assert rules.link_key("https://example.org/page?id=2") != rules.link_key("https://example.org/page?id=3")


def test_an_index_built_anew_is_the_same(store: Store) -> None:
    with store.writing() as session:
        for number in range(7):
            add(session, f"Number {number}", summary="wound care kit")
    with store.writing() as session:
        before = index.frequency(session, ["wound", "number", "kit"])
        after = service.reindex(session, most=5)
        while after is not None:
            after = service.reindex(session, after, most=5)
        assert (
            index.frequency(session, ["wound", "number", "kit"])
            == before
            == {"wound": 7, "number": 7, "kit": 7}
        )
        assert service.index_counts(session) == (7, 7)
    assert len(found(store, "wound kit")) == 7


def test_openings_are_counted_by_month_and_without_people(store: Store) -> None:
    with store.writing() as session:
        made = add(session)
        for _ in range(3):
            tables.count(session, made.id, NOW.date().replace(day=1), "opened")
        assert tables.counted(session, made.id, "opened", NOW.date().replace(day=1)) == 3
