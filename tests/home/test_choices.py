"""What leads and administrators change in Home: with who and when, and nobody's text is lost to another's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from copbot.delivery import service as delivery
from copbot.people.words import HOTLINES_DUE
from copbot.program.settings.edits import change
from copbot.slack.person import Person
from tests.databases import SqliteFiles
from tests.dialogs.kit import Patient, Talk, talking
from tests.waiting import eventually


@pytest.fixture
def led(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Talk]:
    """Ada and Mei are leads."""
    with talking(sqlite_files.copy(tmp_path / "copbot.db")) as talk:
        lou = talk.person("lou")
        lou.opens_home()
        lou.clicks("Name leads", in_="home")
        lou.modal(text="Only staff can be leads")
        lou.fills(leads=["ada", "mei"])
        assert lou.submits().closed
        yield talk


def opens(person: Patient, group: str, name: str) -> Patient:
    """Somebody has one part's form in front of them."""
    person.shut()
    person.opens_home()
    person.sees_home("The program")
    person.clicks(group, in_="home")
    person.modal()
    person.clicks(f"{name}:0", in_="modal")
    eventually(lambda: person.modal().labels(), "the form")
    return person


def test_a_lead_changes_a_notice_and_everybody_reads_it_at_once(led: Talk) -> None:
    ada = opens(led.person("ada"), "Notices", "notice.not_an_emergency")
    ada.fills(not_an_emergency="Not for emergencies: call 911. Then us.")
    assert ada.submits().updated
    listed = ada.modal(text="Saved.")
    assert "Then us." in listed.text()
    assert "Changed by Ada Fenn" in listed.text()
    ada.shut()
    assert "Then us." in ada.sees_home("Then us.").text()
    assert "Then us." in led.person("noor").opens_home().text()


def test_a_faulty_value_is_said_at_its_field_and_the_text_stays(led: Talk) -> None:
    ada = opens(led.person("ada"), "Contact", "contact")
    ada.fills(email="not an address")
    sent = ada.submits()
    assert "email" in sent.errors
    assert ada.modal().values()["email"]["value"] == "not an address"
    ada.fills(email="help@example.org")
    assert ada.submits().updated
    assert "help@example.org" in ada.modal(text="Saved.").text()


def test_two_leads_at_once_the_second_keeps_their_text_and_reads_who_was_first(led: Talk) -> None:
    ada = opens(led.person("ada"), "Notices", "notice.funding")
    mei = opens(led.person("mei"), "Notices", "notice.funding")
    ada.fills(funding="Paid for by the county.")
    mei.fills(funding="Paid for by the state.")
    assert ada.submits().updated
    ada.modal(text="Saved.")
    assert mei.submits().updated
    form = mei.modal(text="Ada Fenn changed this")
    assert "Paid for by the county." in form.text()
    assert form.values()["funding"]["value"] == "Paid for by the state."
    assert mei.submits().updated
    assert "Paid for by the state." in mei.modal(text="Saved.").text()


def test_going_back_saves_nothing(led: Talk) -> None:
    ada = opens(led.person("ada"), "Contact", "contact")
    ada.fills(phone="608-555-0199")
    ada.clicks("Back without saving", in_="modal")
    eventually(lambda: not ada.modal().labels(), "the list")
    assert "608-555-0199" not in ada.modal().text()


def test_a_line_is_confirmed_changed_taken_out_put_back_and_added(led: Talk) -> None:
    ada = led.person("ada")
    ada.opens_home()
    ada.clicks("Care and crisis lines", in_="home")
    first = led.bot.profile.hotlines[0]
    ada.modal(text=first.number)

    ada.clicks("Confirm", in_="modal")
    assert "by Ada Fenn" in ada.modal(text="✓ Confirmed on").text()

    ada.clicks("Remove", in_="modal")
    removed = next(line for line in led.bot.profile.hotlines if not line.essential)
    ada.modal(text=f"{removed.name}\nRemoved by Ada Fenn")
    ada.clicks("Restore", in_="modal")
    eventually(lambda: "Removed by" not in ada.modal().text(), "the line to be back")

    ada.clicks(f"hotline.{first.id}:0", in_="modal")
    eventually(lambda: "Number" in ada.modal().labels(), "the line's form")
    ada.fills(number="608-555-0111")
    assert ada.submits().updated
    assert "608-555-0111" in ada.modal(text="Saved.").text()

    ada.clicks("Add a line", in_="modal")
    eventually(lambda: "Number" in ada.modal().labels(), "an empty form")
    ada.fills(name="Night line", number="608-555-0122", text="At night.", source="Our own page")
    assert ada.submits().updated
    assert "Saved." in ada.modal(text="Saved.").text()


def test_a_line_confirmed_in_home_is_no_longer_asked_for_in_any_message(led: Talk) -> None:
    ada, mei = led.person("ada"), led.person("mei")
    with led.bot.store.writing() as session:
        for each in (ada, mei):
            key = f"people.hotlines_due:{each.handle}"
            now = led.bot.clock.now()
            delivery.say(session, "people.hotlines_due", HOTLINES_DUE, to=each.id, key=key, now=now)
    first = led.bot.profile.hotlines[0].number
    for each in (ada, mei):
        each.sees(f": {first} (not yet confirmed)", in_="dm")
    ada.opens_home()
    ada.clicks("Care and crisis lines", in_="home")
    ada.modal(text=first)
    ada.clicks("Confirm", in_="modal")
    for each in (ada, mei):
        eventually(
            lambda who=each: all(f": {first} (" not in one.text() for one in who.dm()), "the line gone"
        )


def test_where_the_file_differs_it_is_shown_and_each_way_out_holds(led: Talk) -> None:
    """The file said something else when this was loaded from it: as after somebody edited the file."""
    profile = led.bot.profile
    with led.bot.store.writing() as session:
        from copbot.program.settings.tables import held_choice

        for name, old in (
            ("contact", {"phone": "608-555-0001", "email": "old@example.org"}),
            ("notice.funding", {"funding": "Old."}),
        ):
            row = held_choice(session, name)
            assert row is not None
            row.filed, row.value = old, {**old}
        lead = Person(1, "UADA", "Ada", profile.time_zone, is_lead=True)
        change(
            session,
            profile,
            "contact",
            {"phone": "608-555-0002", "email": "ours@example.org"},
            seen=1,
            by=lead,
            now=led.bot.clock.now(),
        )
    ada = led.person("ada")
    ada.opens_home(again=True)
    ada.sees_home("file differs in 2 places")
    ada.clicks("See differences", in_="home")
    view = ada.modal(text="ours@example.org")
    assert profile.contact.email in view.text()
    ada.clicks("Keep ours", in_="modal", text="ours@example.org")
    eventually(lambda: "ours@example.org" not in ada.modal().text(), "the first to be settled")
    ada.clicks("Use the file's version", in_="modal")
    ada.modal(text="No differences")
    ada.shut()
    eventually(lambda: "file differs" not in ada.sees_home("The program").text(), "Home to be told")


def test_members_and_staff_who_are_no_leads_find_no_way_to_the_choices(led: Talk) -> None:
    for handle in ("kim", "ravi"):
        home = led.person(handle).opens_home()
        assert "The program" not in home.text()
        assert "Notices" not in home.buttons()


def test_leads_see_the_staff_group_but_only_administrators_change_it(led: Talk) -> None:
    ada = led.person("ada")
    ada.opens_home()
    ada.clicks("Staff", in_="home")
    listed = ada.modal(text="Leads")
    assert "Ada Fenn, Mei Brook" in listed.text()
    ada.clicks("leads:0", in_="modal")
    form = ada.modal(text="Only an administrator can choose leads.")
    assert "leads" not in form.values()


def test_what_nobody_has_changed_stands_once_and_without_a_remark_each(led: Talk) -> None:
    ada = led.person("ada")
    ada.opens_home(again=True)
    ada.clicks("Topics", in_="home")
    shown = ada.modal(text="Wound care").text()
    assert shown.count("Wound care") == 1
    assert shown.count("haven't been changed") == 1
    ada.shut()
