"""A changed file of About pages: shown beside what stands here, and nothing is overwritten; and the way out and in."""

from __future__ import annotations

import pytest

from copbot.about import pages as about_pages
from copbot.about import service
from copbot.errors import NotFound
from copbot.program import export
from copbot.program.settings.edits import effective
from copbot.program.settings.filed import ChangedMeanwhile
from copbot.program.settings.service import choose
from copbot.store import Session, Store
from tests.about.kit import changed, imported, lock, now_is, stated
from tests.communities.kit import NOON, PROFILE
from tests.days import day
from tests.program.editing import MEI


def differing(session: Session) -> list[str]:
    return [each.name for each in about_pages.everything(session, PROFILE) if each.differs]


def test_a_changed_file_overwrites_nothing_that_was_changed_here(store: Store) -> None:
    changed(store, "stigma", text="Ours.")
    taken = imported(store, stigma="The file's.", about="Also the file's.")
    assert taken.left == ("stigma",)
    assert now_is(store, "stigma").value.text == "Ours."
    assert now_is(store, "about").value.text == "Also the file's."
    with store.reading() as session:
        assert differing(session) == ["stigma"]


@pytest.mark.parametrize(("take", "text"), [(True, "The file's."), (False, "Ours.")])
def test_each_way_out_settles_it(store: Store, take: bool, text: str) -> None:
    changed(store, "stigma", text="Ours.")
    imported(store, stigma="The file's.")
    seen = about_pages.PAGES.mark(now_is(store, "stigma"))
    with store.writing() as session:
        lock(session, "stigma", MEI).settle(seen, take=take)
    assert now_is(store, "stigma").value.text == text
    with store.reading() as session:
        assert differing(session) == []
    imported(store, stigma="The file's, again changed.")
    with store.reading() as session:
        assert differing(session) == ([] if take else ["stigma"])


def test_a_file_that_changed_once_more_is_not_taken_unseen(sqlite_store: Store) -> None:
    changed(sqlite_store, "stigma", text="Ours.")
    imported(sqlite_store, stigma="The file's.")
    seen = about_pages.PAGES.mark(now_is(sqlite_store, "stigma"))
    imported(sqlite_store, stigma="Something else.")
    with pytest.raises(ChangedMeanwhile), sqlite_store.writing() as session:
        lock(session, "stigma").settle(seen, take=True)
    assert now_is(sqlite_store, "stigma").value.text == "Ours."


def test_a_page_that_a_file_no_longer_has_stays_until_somebody_lets_it_go(sqlite_store: Store) -> None:
    changed(sqlite_store, "stigma", text="Ours.")
    with sqlite_store.writing() as session:
        listed = tuple(each for each in about_pages.every_page(session, PROFILE) if each.id != "stigma")
        about_pages.take(session, PROFILE, listed, by="import", now=NOON)
    found = now_is(sqlite_store, "stigma")
    assert (found.value.text, found.file, found.differs) == ("Ours.", None, True)
    with sqlite_store.writing() as session:
        seen = about_pages.PAGES.mark(found)
        lock(session, "stigma").settle(seen, take=True)
    with pytest.raises(NotFound):
        now_is(sqlite_store, "stigma")


def test_what_is_exported_carries_all_of_it_and_comes_in_again(store: Store, sqlite_store: Store) -> None:
    changed(store, "stigma", text="Ours.", links="Film https://example.org/film", reviewed_on=day(-21))
    stated(store)
    with store.writing() as session:
        service.hide(lock(session, "facts"), hidden=False)
        service.hide(lock(session, "about"), hidden=True)
    with store.reading() as session:
        written, pages = about_pages.as_yaml(session, PROFILE), about_pages.every_page(session, PROFILE)
    with sqlite_store.writing() as session:
        about_pages.take(session, PROFILE, about_pages.read("out.yaml", written), by="import", now=NOON)
    with sqlite_store.reading() as session:
        assert about_pages.every_page(session, PROFILE) == pages
        assert about_pages.as_yaml(session, PROFILE) == written
    with store.writing() as session:
        assert (
            about_pages.take(
                session, PROFILE, about_pages.read("out.yaml", written), by="import", now=NOON
            ).left
            == ()
        )


def test_the_profile_is_exported_without_the_pages(sqlite_store: Store) -> None:
    before = export.as_yaml(PROFILE)
    changed(sqlite_store, "stigma", text="Ours.")
    with sqlite_store.reading() as session:
        assert export.as_yaml(effective(session, PROFILE)) == before


def test_what_a_newer_version_wrote_does_not_break_the_pages(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        choose(
            session,
            "about.stigma",
            {"page": {"id": "stigma", "colour": "red"}, "file": None},
            by="U1",
            now=NOON,
        )
        choose(session, about_pages.CHOICE, {"pages": [{"id": "x"}]}, by="U1", now=NOON)
    with sqlite_store.reading() as session:
        assert about_pages.every_page(session, PROFILE) == about_pages.shipped("harm_reduction_wi")
