"""The About pages in Slack: everybody reads them, leads change them, and nothing typed is lost to another's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from copbot.about import pages as about_pages
from copbot.about.values import AboutPage
from copbot.store.journal import JournalRow
from tests.days import day, month_day_year
from tests.dialogs.kit import Patient, Talk, sends_back
from tests.dialogs.test_hostile import HOSTILE, shown
from tests.waiting import PATIENCE, eventually

FACT = {
    "text": "In 2024 fewer people here died of an overdose than the year before.",
    "source": "State health department, yearly count",
    "source_link": "https://example.org/count",
    "reviewed_on": day(-21),
}


def page(talk: Talk, ident: str) -> AboutPage:
    """The page as it counts now."""
    with talk.bot.store.reading() as session:
        return next(each for each in about_pages.every_page(session, talk.bot.profile) if each.id == ident)


def reads(talk: Talk, handle: str, words: str, shows: str = "All pages") -> Patient:
    """Somebody has this page in front of them."""
    person = talk.person(handle)
    person.shut()
    person.types(f"/community about {words}", channel="general")
    person.modal(text=shows)
    return person


def edits(talk: Talk, handle: str, words: str) -> Patient:
    """Somebody has the page's form in front of them."""
    person = reads(talk, handle, words)
    person.clicks("Edit", in_="modal")
    eventually(lambda: "Title" in person.modal().labels(), "the form")
    return person


def states(talk: Talk, handle: str, words: str) -> Patient:
    """Somebody has an empty statement in front of them."""
    person = reads(talk, handle, words)
    person.clicks("Add a statement", in_="modal")
    eventually(lambda: "Statement" in person.modal().labels(), "the form")
    return person


def test_a_lead_edits_a_page_and_everybody_reads_it_at_once(any_talk: Talk) -> None:
    any_talk.names_leads("ada")
    ada = edits(any_talk, "ada", "stigma")
    ada.fills(title="Words matter", text="Say it kindly.", source="Our own words")
    assert ada.submits().updated
    told = ada.modal(text="Saved.").text()
    assert "Changed by Ada Fenn" in told
    kim = reads(any_talk, "kim", "words matter", "Say it kindly.")
    told = kim.modal().text()
    assert "Not yet reviewed by your program" in told
    assert "Changed by" not in told
    assert not {"Edit", "Hide", "I reviewed this today", "Add a statement"} & set(kim.modal().buttons())


def test_i_reviewed_this_today_says_so_with_the_name(any_talk: Talk) -> None:
    any_talk.names_leads("ada")
    ada = reads(any_talk, "ada", "principles")
    ada.clicks("I reviewed this today", in_="modal")
    ada.modal(text=f"Reviewed on {month_day_year()} by Ada Fenn")
    reads(any_talk, "kim", "principles", f"Reviewed on {month_day_year()} by Ada Fenn")


def test_a_statement_is_added_shown_to_everybody_changed_and_taken_out(any_talk: Talk) -> None:
    any_talk.names_leads("ada")
    kim = any_talk.person("kim")
    kim.types("/community about facts", channel="general")
    kim.told("There is no community with that name")
    ada = states(any_talk, "ada", "facts")
    ada.fills(**FACT)
    assert ada.submits().updated
    told = ada.modal(text="Saved.").text()
    assert "Hidden: only leads and administrators see this page." in told
    assert FACT["text"] in told
    ada.clicks("Show to everybody", in_="modal")
    ada.modal(text="Everybody sees it now")
    kim = reads(any_talk, "kim", "facts", FACT["text"])
    assert (
        f"Source: State health department, yearly count · read on {month_day_year(-21)}" in kim.modal().text()
    )
    assert "Change" not in kim.modal().buttons()

    ada.clicks("Change", in_="modal")
    eventually(lambda: "Statement" in ada.modal().labels(), "the statement's form")
    ada.fills(text="In 2025 still fewer did.")
    assert ada.submits().updated
    ada.modal(text="In 2025 still fewer did.")
    ada.clicks("Change", in_="modal")
    eventually(lambda: "Statement" in ada.modal().labels(), "the statement's form")
    ada.clicks("Remove", in_="modal")
    ada.modal(text="Removed.")
    assert page(any_talk, "facts").statements == ()


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("source", "   ", "Name the source"),
        ("source_link", "javascript:alert(1)", "This is not a link: write it with https:// in front"),
        ("source_link", "https://dhs.example@evil.example/", "This is not a link"),
        ("reviewed_on", day(1), "This day is in the future."),
        ("text", " ", "Write the statement."),
    ],
)
def test_what_is_wrong_with_a_statement_is_said_at_its_field(
    talk: Talk, field: str, typed: str, words: str
) -> None:
    talk.names_leads("ada")
    ada = states(talk, "ada", "fentanyl")
    ada.fills(**{**FACT, field: typed})
    errors = sends_back(ada.submits())
    assert set(errors) == {field}
    assert errors[field].startswith(words)
    assert ada.modal().values()["text"]["value"] == {**FACT, field: typed}["text"]
    ada.shut()
    assert page(talk, "fentanyl").statements == ()


def test_without_a_day_a_statement_is_not_taken(talk: Talk) -> None:
    talk.names_leads("ada")
    ada = states(talk, "ada", "fentanyl")
    ada.fills(**{name: said for name, said in FACT.items() if name != "reviewed_on"})
    assert set(sends_back(ada.submits())) == {"reviewed_on"}
    ada.shut()
    assert page(talk, "fentanyl").statements == ()


def test_two_leads_at_one_page_the_second_keeps_their_text_and_reads_who_was_first(any_talk: Talk) -> None:
    any_talk.names_leads("ada", "mei")
    ada, mei = edits(any_talk, "ada", "about"), edits(any_talk, "mei", "about")
    ada.fills(text="Ada's words.")
    mei.fills(text="Mei's words.")
    assert ada.submits().updated
    ada.modal(text="Saved.")
    assert mei.submits().updated
    form = mei.modal(text="Ada Fenn changed this")
    assert "Ada's words." in form.text()
    assert form.values()["text"]["value"] == "Mei's words."
    assert page(any_talk, "about").text == "Ada's words."
    assert mei.submits().updated
    mei.modal(text="Saved.")
    assert page(any_talk, "about").text == "Mei's words."


def test_two_leads_at_one_statement_the_second_keeps_their_text(own_talk: Talk) -> None:
    own_talk.names_leads("ada", "mei")
    ada = states(own_talk, "ada", "facts")
    ada.fills(**FACT)
    ada.submits()
    ada.modal(text="Saved.")
    mei = reads(own_talk, "mei", "facts", FACT["text"])
    for person in (ada, mei):
        person.clicks("Change", in_="modal")
        eventually(lambda person=person: "Statement" in person.modal().labels(), "the form")
    ada.clicks("Remove", in_="modal")
    ada.modal(text="Removed.")
    mei.fills(text="Mei's words.")
    assert mei.submits().updated
    form = mei.modal(text="Saving adds it again")
    assert "Ada Fenn changed this" in form.text()
    assert form.values()["text"]["value"] == "Mei's words."
    assert mei.submits().updated
    mei.modal(text="Saved.")
    assert [each.text for each in page(own_talk, "facts").statements] == ["Mei's words."]


def test_what_somebody_changed_meanwhile_is_not_reviewed_by_another(own_talk: Talk) -> None:
    own_talk.names_leads("ada", "mei")
    mei = reads(own_talk, "mei", "stigma")
    ada = edits(own_talk, "ada", "stigma")
    ada.fills(text="Other words.")
    ada.submits()
    ada.modal(text="Saved.")
    mei.clicks("I reviewed this today", in_="modal")
    assert "Other words." in mei.modal(text="Ada Fenn changed this").text()
    assert page(own_talk, "stigma").reviewed_on is None
    mei.clicks("I reviewed this today", in_="modal")
    mei.modal(text="by Mei Brook")


def test_the_video_gets_its_link_and_is_shown(own_talk: Talk) -> None:
    own_talk.names_leads("ada")
    ada = edits(own_talk, "ada", "video")
    ada.fills(links="Our film")
    assert "Line 1" in sends_back(ada.submits())["links"]
    ada.fills(links="Our film ftp://example.org/film")
    assert sends_back(ada.submits())["links"].startswith("Line 1 is not a link")
    ada.fills(links="Our film https://example.org/film?a=1&b=2")
    assert ada.submits().updated
    ada.modal(text="Our film")
    ada.clicks("Show to everybody", in_="modal")
    ada.modal(text="Everybody sees it now")
    reads(own_talk, "kim", "video", "Our film")


def test_going_back_saves_nothing_and_hiding_hides(own_talk: Talk) -> None:
    own_talk.names_leads("ada")
    ada = edits(own_talk, "ada", "stigma")
    ada.fills(text="Not this.")
    ada.clicks("Back without saving", in_="modal")
    ada.modal(text="All pages")
    assert page(own_talk, "stigma").text != "Not this."
    ada.clicks("Hide", in_="modal")
    ada.modal(text="Hidden: only leads")
    kim = own_talk.person("kim")
    kim.types("/community about", channel="general")
    assert "Ending stigma" not in kim.modal(text="Principles").buttons()
    ada.clicks("All pages", in_="modal")
    assert "Ending stigma" in ada.modal(text="Only leads and administrators see these").buttons()


def test_words_that_change_take_the_review_off_and_say_so(own_talk: Talk) -> None:
    own_talk.names_leads("ada")
    ada = reads(own_talk, "ada", "stigma")
    ada.clicks("I reviewed this today", in_="modal")
    ada.modal(text=f"Reviewed on {month_day_year()}")
    own_talk.goes_on(timedelta(days=1))
    ada = edits(own_talk, "ada", "stigma")
    ada.fills(text="Other words.")
    ada.submits()
    ada.modal(text="The words changed since the last review")
    assert page(own_talk, "stigma").reviewed_on is None


def test_after_a_year_leads_are_asked_to_read_a_page_again_and_nobody_else(own_talk: Talk) -> None:
    own_talk.names_leads("ada")
    ada = reads(own_talk, "ada", "stigma")
    ada.clicks("I reviewed this today", in_="modal")
    assert "a year ago" not in ada.modal(text=f"Reviewed on {month_day_year()}").text()
    own_talk.goes_on(timedelta(days=366))
    reads(own_talk, "ada", "stigma", "Last reviewed over a year ago. Please review it again.")
    kim = reads(own_talk, "kim", "stigma", f"Reviewed on {month_day_year()}")
    assert "review it again" not in kim.modal().text()


def test_home_leads_to_the_pages_and_says_how_many_wait(own_talk: Talk) -> None:
    own_talk.names_leads("ada")
    ada = own_talk.person("ada")
    ada.opens_home()
    assert "About pages need a review" in ada.sees_home("The program").text()
    ada.clicks("About pages", in_="home")
    listed = ada.modal(text="Open a page to edit").text()
    assert "Facts and figures\nHidden" in listed
    assert "Principles\nVisible to everybody · not yet reviewed" in listed
    ada.clicks("community.about:principles", in_="modal")
    ada.modal(text="All pages")
    ada.clicks("I reviewed this today", in_="modal")
    ada.modal(text="Thank you")
    ada.shut()
    assert "About pages" not in own_talk.person("kim").opens_home().text()


def test_a_changed_file_shows_its_difference_and_overwrites_nothing(any_talk: Talk) -> None:
    any_talk.names_leads("ada")
    for words in ("stigma", "principles"):
        ada = edits(any_talk, "ada", words)
        ada.fills(text=f"Ours of {words}.")
        ada.submits()
        ada.modal(text="Saved.")
    ada.shut()
    with any_talk.bot.store.writing(budget=PATIENCE) as session:
        profile, now = any_talk.bot.profile, any_talk.bot.clock.now()
        listed = about_pages.shipped(profile.id)
        listed = tuple(each.model_copy(update={"text": "The file's."}) for each in listed)
        taken = about_pages.take(session, profile, listed, by="import", now=now)
    assert set(taken.left) == {"stigma", "principles"}
    assert page(any_talk, "stigma").text == "Ours of stigma."
    assert page(any_talk, "law_here").text == "The file's."

    ada.opens_home(again=True)
    ada.sees_home("differs from 2 About pages here")
    ada.clicks("See differences", in_="home")
    view = ada.modal(text="Ours of principles.").text()
    assert "The file's." in view
    ada.clicks("Keep ours", in_="modal")
    ada.modal(text="Principles: decided")
    ada.clicks("Use the file's version", in_="modal")
    ada.modal(text="No differences")
    assert page(any_talk, "principles").text == "Ours of principles."
    assert page(any_talk, "stigma").text == "The file's."


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_on_a_page_is_read_as_typed_inv6(talk: Talk, name: str) -> None:
    talk.names_leads("ada")
    text = HOSTILE[name]
    ada = edits(talk, "ada", "harm_reduction")
    one_line = " ".join(shown(text).split())[:75]
    ada.fills(title=one_line, text=text, points=text[:190], source=one_line)
    assert ada.submits().updated
    ada.modal(text="Saved.")
    kim = reads(talk, "kim", "harm_reduction", one_line)
    assert shown(text) in kim.modal().text()
    ada = states(talk, "ada", "harm_reduction")
    ada.fills(**{**FACT, "text": text[:900], "source": one_line})
    assert ada.submits().updated
    kim = reads(talk, "kim", "harm_reduction", shown(text[:900])[:500])
    assert talk.pings() == set()
    talk.checked()


def test_who_is_no_lead_any_more_at_the_click_changes_nothing_inv7(own_talk: Talk) -> None:
    own_talk.names_leads("ada")
    ada = edits(own_talk, "ada", "stigma")
    ada.fills(text="Not allowed any more.")
    own_talk.names_leads("mei")
    before = page(own_talk, "stigma")
    assert "Only a lead or an administrator" in str(sends_back(ada.submits()))
    assert page(own_talk, "stigma") == before


def test_each_change_is_in_the_journal_with_who(own_talk: Talk) -> None:
    own_talk.names_leads("ada")
    ada = reads(own_talk, "ada", "stigma")
    ada.clicks("I reviewed this today", in_="modal")
    ada.modal(text="Thank you")
    ada.clicks("Hide", in_="modal")
    ada.modal(text="Hidden: only leads")
    with own_talk.bot.store.reading() as session:
        rows = session.scalars(select(JournalRow).where(JournalRow.subject == "choice:about.stigma")).all()
        told = [(row.actor, row.why) for row in rows if row.why]
        pressed = {row.entrance for row in rows if not row.why}
    assert told == [(ada.id, "reviewed"), (ada.id, "hidden")]
    assert all(each.startswith("action:about.") for each in pressed), (
        "the frame's own lines name the page, too"
    )
