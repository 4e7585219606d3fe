"""About pages changed here: what is refused, what is kept, who was first, and what a changed file does not touch."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlalchemy import select

from copbot.about import pages as the_pages
from copbot.about import service
from copbot.about.listeners import ENTRANCES, about
from copbot.about.values import AboutPage, form_mark, is_link, is_old, review_is_due, statement_mark
from copbot.errors import Conflict, InvalidInput, NotAllowed, NotFound
from copbot.program.settings.filed import FROM_FILE, ChangedMeanwhile
from copbot.store import Store
from copbot.store.journal import JournalRow
from tests.about.kit import FACT, changed, imported, lock, now_is, stated
from tests.communities.kit import NOON
from tests.days import DAY, WISCONSIN, day
from tests.program.editing import ADA, KIM, LOU, MEI, Somebody

CHANGED = "Ada Fenn changed this"


# -- pure rules


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://example.org", True),
        ("http://example.org/a?b=1&c=%20#d", True),
        ("HTTPS://EXAMPLE.ORG/", True),
        ("https://example.org/ä", True),
        ("example.org", False),
        ("ftp://example.org", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https:///path", False),
        ("https://a b", False),
        ("https://a|b", False),
        ("https://a>b", False),
        ("https://good.example@evil.example", False),
        ("https://:x@evil.example", False),
        ("https://[", False),
        ("slack://user", False),
        ("<https://example.org>", False),
    ],
)
def test_a_link_is_http_and_shows_where_it_leads(url: str, good: bool) -> None:
    assert is_link(url) is good


@pytest.mark.parametrize(
    ("reviewed", "today", "old"),
    [
        (None, date(2026, 1, 1), False),
        (date(2025, 11, 23), date(2026, 11, 22), False),
        (date(2025, 11, 23), date(2026, 11, 23), True),
        (date(2024, 2, 29), date(2025, 2, 28), False),
        (date(2024, 2, 29), date(2025, 3, 1), True),
        (date(2020, 1, 1), date(2026, 1, 1), True),
    ],
)
def test_a_review_is_old_after_a_year(reviewed: date | None, today: date, old: bool) -> None:
    assert is_old(AboutPage(id="a", title="A", text="x", reviewed_on=reviewed), today) is old


@pytest.mark.parametrize(
    ("page", "due"),
    [
        (AboutPage(id="a", title="A", text="x"), True),
        (AboutPage(id="a", title="A", text="x", reviewed_on=date(2026, 11, 1)), False),
        (AboutPage(id="a", title="A", text="x", reviewed_on=date(2025, 11, 1)), True),
        (AboutPage(id="a", title="A", text="x", hidden=True), False),
        (AboutPage(id="a", title="A"), False),
        (AboutPage(id="a", title="A", shows="news"), False),
        (AboutPage(id="a", title="A", text="x", shows="areas"), True),
    ],
)
def test_a_review_is_asked_for_of_what_people_see_and_the_programme_has_written(
    page: AboutPage, due: bool
) -> None:
    assert review_is_due(page, date(2026, 11, 23)) is due


# -- a page's words


def test_what_is_saved_is_kept_with_who_and_when(store: Store) -> None:
    made = changed(
        store, "stigma", title="Words", points="• one\n\n two \n", source_link="https://example.org"
    )
    found = now_is(store, "stigma")
    assert (found.value, found.by, found.at) == (made.value, ADA.user, NOON)
    assert (found.value.title, found.value.points) == ("Words", ("one", "two"))
    with store.reading() as session:
        [row] = session.scalars(select(JournalRow).where(JournalRow.subject == "choice:about.stigma"))
    assert (row.actor, row.why) == (ADA.user, "changed")


def test_saving_what_stands_there_changes_nothing(store: Store) -> None:
    for page in the_pages.shipped("harm_reduction_wi"):
        changed(store, page.id)
        found = now_is(store, page.id)
        assert (found.value, found.file, found.by, found.at) == (page, page, FROM_FILE, None)
        assert not found.differs


@pytest.mark.parametrize(
    ("texts", "field", "words"),
    [
        ({"title": " "}, "title", "Please fill this in."),
        ({"title": "t" * 76}, "title", "This is too long"),
        ({"text": "x" * 2001}, "text", "This is 1 character too long: at most 2,000 fit"),
        ({"text": "😀" * 1001}, "text", "This is 2 characters too long"),
        ({"points": "ok\n" + "x" * 201}, "points", "Line 2 is too long"),
        ({"points": "\n".join(["x" * 199] * 15)}, "points", "This is 29 characters too long"),
        ({"links": "One https://example.org\nTwo example.org"}, "links", "Line 2 is not a link"),
        ({"links": "https://example.org"}, "links", "Line 1: write what it is called"),
        ({"source": "x" * 201}, "source", "This is too long"),
        (
            {"source_link": "example.org"},
            "source_link",
            "This is not a link: write it with https:// in front",
        ),
        ({"reviewed_on": day(1)}, "reviewed_on", "This day is in the future."),
        ({"reviewed_on": "soon"}, "reviewed_on", "This is not a date"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    store: Store, texts: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        changed(store, "stigma", **texts)
    assert set(error.value.fields) == {field}
    assert error.value.fields[field].startswith(words)
    assert now_is(store, "stigma").at is None


@pytest.mark.parametrize(
    ("texts", "field", "words"),
    [
        ({"heading_0": ""}, "heading_0", "Please fill this in."),
        ({"points_1": "ok\nok\n" + "x" * 201}, "points_1", "Line 3 is too long"),
        ({"points_0": "\n".join(["&" * 100] * 4)}, "points_0", "This is 45 characters too long"),
    ],
)
def test_columns_have_fields_of_their_own(
    sqlite_store: Store, texts: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        changed(sqlite_store, "principles", **texts)
    assert set(error.value.fields) == {field}
    assert error.value.fields[field].startswith(words)


def test_a_column_that_is_emptied_goes(sqlite_store: Store) -> None:
    changed(sqlite_store, "principles", heading_0="", points_0="")
    [left] = now_is(sqlite_store, "principles").value.columns
    assert left.heading == "Five, as used in Missouri"


def test_the_second_of_two_is_told_who_was_first_and_changes_nothing(store: Store) -> None:
    seen = form_mark(now_is(store, "stigma").value)
    changed(store, "stigma", text="Ada's.")
    with pytest.raises(ChangedMeanwhile) as error:
        changed(store, "stigma", MEI, seen, text="Mei's.")
    local = NOON.astimezone(WISCONSIN)
    time = f"{local:%I:%M %p}".lstrip("0")
    assert error.value.words.startswith(f"{CHANGED} on {local:%a, %b} {local.day} at {time}")
    assert error.value.now.value.text == "Ada's."
    assert now_is(store, "stigma").value.text == "Ada's."


@pytest.mark.both_databases
def test_of_two_at_the_same_moment_one_is_saved_and_the_other_told(store: Store) -> None:
    """Each waits for the other before it begins; the database decides who is first."""
    seen, gate, told = form_mark(now_is(store, "stigma").value), threading.Barrier(2), []

    def save(who: Somebody) -> None:
        gate.wait(10)
        try:
            changed(store, "stigma", who, seen, text=f"{who.user}'s.")
        except ChangedMeanwhile:
            told.append(who.user)

    threads = [threading.Thread(target=save, args=(who,)) for who in (ADA, MEI)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    [second] = told
    first = {ADA.user, MEI.user} - {second}
    assert {now_is(store, "stigma").by} == first
    assert now_is(store, "stigma").value.text == f"{first.pop()}'s."


def test_a_statement_added_meanwhile_stays_when_the_page_is_saved(store: Store) -> None:
    seen = form_mark(now_is(store, "facts").value)
    stated(store)
    changed(store, "facts", MEI, seen, title="Numbers")
    page = now_is(store, "facts").value
    assert (page.title, [each.text for each in page.statements]) == ("Numbers", ["So it is."])


def test_a_file_that_was_changed_meanwhile_is_told_as_such(sqlite_store: Store) -> None:
    seen = form_mark(now_is(sqlite_store, "stigma").value)
    imported(sqlite_store, stigma="The file's.")
    with pytest.raises(ChangedMeanwhile) as error:
        changed(sqlite_store, "stigma", ADA, seen, text="Ada's.")
    assert error.value.words.startswith("The program's file changed")


# -- reviews


def test_a_review_names_who_and_goes_when_the_words_change_on_a_later_day(store: Store) -> None:
    changed(store, "stigma", reviewed_on=day(-22))
    assert now_is(store, "stigma").value.reviewed_by == ADA.user
    changed(store, "stigma", MEI, text="Other words.")
    page = now_is(store, "stigma").value
    assert (page.reviewed_on, page.reviewed_by) == (None, "")


def test_whoever_changes_the_words_on_the_day_of_the_review_stands_by_them(sqlite_store: Store) -> None:
    changed(sqlite_store, "stigma", reviewed_on=day())
    changed(sqlite_store, "stigma", MEI, text="Other words.")
    page = now_is(sqlite_store, "stigma").value
    assert (page.reviewed_on, page.reviewed_by) == (DAY, MEI.user)


# -- statements


@pytest.mark.parametrize(
    ("texts", "fields"),
    [
        ({"source": ""}, {"source"}),
        ({"reviewed_on": ""}, {"reviewed_on"}),
        ({"source": " ", "reviewed_on": "", "text": "\n"}, {"source", "reviewed_on", "text"}),
        ({"source_link": "javascript:x"}, {"source_link"}),
        ({"reviewed_on": day(1)}, {"reviewed_on"}),
        ({"reviewed_on": "yesterday"}, {"reviewed_on"}),
        ({"text": "x" * 1001}, {"text"}),
    ],
)
def test_a_statement_without_source_or_day_is_refused_with_words_at_the_field(
    store: Store, texts: dict[str, str], fields: set[str]
) -> None:
    with pytest.raises(InvalidInput) as error:
        stated(store, **texts)
    assert set(error.value.fields) == fields
    assert all(words.endswith(".") for words in error.value.fields.values())
    assert now_is(store, "facts").value.statements == ()


def test_a_printed_source_needs_no_address(sqlite_store: Store) -> None:
    assert stated(sqlite_store, source_link="").value.statements[0].source_link == ""


def test_the_same_statement_does_not_stand_twice_and_there_is_an_end(sqlite_store: Store) -> None:
    stated(sqlite_store)
    with pytest.raises(InvalidInput) as error:
        stated(sqlite_store, MEI)
    assert set(error.value.fields) == {"text"}
    for number in range(14):
        stated(sqlite_store, text=f"Fact {number}.")
    with pytest.raises(Conflict) as full:
        stated(sqlite_store, text="One more.")
    assert full.value.words == "There are 15 statements on this page already. Remove one first."


def test_a_statement_keeps_its_place_and_name_when_it_changes(store: Store) -> None:
    first = stated(store).value.statements[0]
    stated(store, text="Another.")
    stated(store, key=first.key, seen=statement_mark(first), text="So it was.")
    assert [each.text for each in now_is(store, "facts").value.statements] == ["So it was.", "Another."]
    with pytest.raises(ChangedMeanwhile):
        stated(store, MEI, first.key, statement_mark(first), text="Mei's.")


def test_a_statement_is_taken_out_once(store: Store) -> None:
    first = stated(store).value.statements[0]
    for _ in range(2):
        with store.writing() as session:
            service.remove_statement(lock(session, "facts"), first.key, statement_mark(first))
    assert now_is(store, "facts").value.statements == ()


# -- who may


VERBS = {
    "change": lambda session, by: service.change(lock(session, "stigma", by), {}, ""),
    "review": lambda session, by: service.review(lock(session, "stigma", by), ""),
    "hide": lambda session, by: service.hide(lock(session, "stigma", by), hidden=True),
    "state": lambda session, by: service.put_statement(lock(session, "facts", by), "", FACT, ""),
    "remove": lambda session, by: service.remove_statement(lock(session, "facts", by), "x", ""),
    "take": lambda session, by: lock(session, "stigma", by).settle("", take=True),
    "keep": lambda session, by: lock(session, "stigma", by).settle("", take=False),
}


@pytest.mark.parametrize("verb", VERBS)
def test_only_leads_and_administrators_change_pages_inv7(sqlite_store: Store, verb: str) -> None:
    with pytest.raises(NotAllowed), sqlite_store.writing() as session:
        VERBS[verb](session, KIM)
    with sqlite_store.writing() as session:
        service.hide(lock(session, "stigma", LOU), hidden=True)
    assert now_is(sqlite_store, "stigma").value.hidden


def test_every_entrance_to_changing_pages_is_for_leads_and_administrators_inv7() -> None:
    changing = [row for row in ENTRANCES if row.run is not about]
    assert {row.who for row in changing} == {"lead_or_admin"}


@pytest.mark.parametrize("ident", ["nothing", "", "about_pages", "V" * 300])
def test_a_page_that_is_not_there_cannot_be_changed(store: Store, ident: str) -> None:
    with pytest.raises(NotFound), store.writing() as session:
        service.hide(lock(session, ident), hidden=True)
