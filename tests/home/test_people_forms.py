"""What people, staff and leads say of themselves and of agencies, from Home."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from copbot.jobs import service as jobs
from copbot.people import values as profiles_values
from copbot.people.agencies import service as agencies
from copbot.people.profiles import service as profiles
from tests.databases import SqliteFiles
from tests.dialogs.kit import NO_AGENCY, Patient, Talk, joins, talking
from tests.waiting import eventually


@pytest.fixture(scope="module")
def talk(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """Ada is a lead, and there are two agencies that may be one."""
    with talking(sqlite_files.copy(tmp_path_factory.mktemp("home") / "copbot.db")) as found:
        lou = found.person("lou")
        lou.opens_home()
        lou.clicks("Name leads", in_="home")
        lou.modal(text="Only staff can be leads")
        lou.fills(leads=["ada"])
        assert lou.submits().closed
        found.asks("kim", agency="Lakeside Exchange")
        found.asks("juno", agency="Lakeside Exchnage")
        with found.bot.store.writing() as session:
            jobs.enqueue(session, agencies.COMPARE, key="given", now=found.bot.clock.now())
        eventually(lambda: _alike(found), "the agencies to be compared")
        yield found


def _alike(talk: Talk) -> bool:
    with talk.bot.store.reading() as session:
        return bool(agencies.probably_the_same(session))


def opens(talk: Talk, handle: str, button: str, text: str) -> Patient:
    """Somebody has opened a form from their Home."""
    person = talk.person(handle)
    person.shut()
    person.opens_home()
    person.clicks(button, in_="home")
    person.modal(text=text)
    return person


def stored(talk: Talk, handle: str) -> profiles_values.PersonProfile:
    person = talk.bot._identify
    with talk.bot.store.reading() as session:
        found = person(session, talk.person(handle).id)
        assert found is not None
        return profiles.profile_of(session, found.id)


# -- one's own profile


def test_a_profile_is_said_once_shown_in_home_and_taken_back(talk: Talk) -> None:
    noor = opens(talk, "noor", "people.open_profile", "What you agree to")
    assert "Add your agency, your areas, what you do and your topics" in noor.home().text()  # type: ignore[union-attr]
    assert "America/Chicago" in noor.modal().text()
    noor.fills(
        role="Outreach worker", areas=["wi-dane"], topics=["naloxone"], language="es", consent=["found"]
    )
    joins(noor, "Lakeside Exchange")
    assert noor.submits().closed
    home = noor.sees_home("Outreach worker · Lakeside Exchange")
    for words in ("Dane", "Naloxone", "Spanish", "Others can find you"):
        assert words in home.text(), words
    assert "to make the form shorter" not in home.text()

    noor = opens(talk, "noor", "people.open_profile", "What you agree to")
    noor.fills(consent=[], role="", areas=[], topics=[])
    noor.fills({"agency": NO_AGENCY})
    assert noor.submits().closed
    assert "Others can find you" not in noor.sees_home("Not with an agency").text()
    found = stored(talk, "noor")
    assert (found.may_be_found, found.role, found.areas, found.not_agency) == (False, "", (), True)


def test_a_new_agency_can_be_added_from_the_profile(talk: Talk) -> None:
    ines = opens(talk, "ines", "people.open_profile", "What you agree to")
    ines.fills({"agency": {"type": "Hilltop Clinic", "pick": "Add “Hilltop Clinic”"}})
    assert ines.submits().closed
    ines.sees_home("Hilltop Clinic")
    assert "Hilltop Clinic" in talk.agencies()


def test_a_guest_is_not_asked_whether_others_may_find_them(talk: Talk) -> None:
    gus = opens(talk, "gus", "people.open_profile", "What you agree to")
    assert "Others may find me" not in gus.modal().text()
    gus.fills(consent=["shares"])
    assert gus.submits().closed
    eventually(lambda: stored(talk, "gus").may_share, "the consent")
    assert not stored(talk, "gus").may_be_found


# -- staff's own work


def test_staff_say_what_they_take_and_it_stands_in_home(talk: Talk) -> None:
    ravi = opens(talk, "ravi", "people.open_staff", "Open requests at once")
    ravi.fills(topics=["naloxone"], areas=["wi-dane"], languages=["es"], capacity="many")
    assert "number" in ravi.submits().errors["capacity"]
    ravi.fills(capacity="5")
    assert ravi.submits().closed
    home = ravi.sees_home("at most 5 open at once")
    assert "Languages: Spanish" in home.text()


def test_two_people_changing_ones_work_at_once_the_second_is_told(talk: Talk) -> None:
    """A lead and the person themselves."""
    mei = opens(talk, "mei", "people.open_staff", "Open requests at once")
    ada = opens(talk, "ada", "Staff settings", "Mei Brook")
    value = talk.person("mei").modal().metadata
    ident = value.partition('"person":')[2].partition(",")[0]
    mei.fills(capacity="3")
    ada.shut()
    ada = opens(talk, "ada", "Staff settings", "Mei Brook")
    ada.clicks(ident, in_="modal", text="Mei Brook")
    ada.modal(text="The topics and areas Mei Brook knows best")
    ada.fills(capacity="4")
    assert ada.submits().closed
    assert "Somebody else changed this" in str(mei.submits().errors)
    assert mei.modal().values()["capacity"]["value"] == "3"


def test_days_away_are_entered_shown_and_taken_back(talk: Talk) -> None:
    tomas = opens(talk, "tomas", "Days away", "No days away")
    tomas.fills(first="2030-07-01", last="2030-06-01")
    assert "before the first" in tomas.submits().errors["last"]
    tomas.fills(last="2030-07-14", note="Out of the office")
    assert tomas.submits().updated
    shown = tomas.modal(text="Jul 1, 2030 to Sun Jul 14, 2030 (Out of the office)")
    assert "Saved." in shown.text()
    tomas.sees_home("Away: Mon Jul 1, 2030")
    tomas.clicks("Remove", in_="modal")
    tomas.modal(text="No days away")
    eventually(lambda: "Away:" not in tomas.sees_home("Your work here").text(), "the days to be gone")


def test_leads_see_who_has_how_much_and_who_is_away(talk: Talk) -> None:
    number = talk.asks("kim")
    talk.person("tomas").presses("Take", number)
    home = talk.person("ada").opens_home()
    home = talk.person("ada").sees_home("Tomas Quill: 1")
    assert "Workload" in home.text()
    assert "Workload" not in talk.person("ravi").opens_home().text()


# -- agencies


def test_an_agency_is_described_and_two_that_are_one_are_merged(talk: Talk) -> None:
    ravi = opens(talk, "ravi", "Agencies", "Possible duplicates")
    ravi.chooses("Type to search", {"type": "Lakeside Ex", "pick": "Lakeside Exchange"}, in_="modal")
    ravi.modal(text="Merge with another agency")
    ravi.fills(kind="ssp", area="wi-dane", eligible="yes")
    assert ravi.submits().updated
    listed = ravi.modal(text="Lakeside Exchange: saved.")
    assert "eligible" in listed.text()

    ravi.clicks("Compare", in_="modal")
    form = ravi.modal(text="This can't be undone")
    assert "Lakeside Exchange" in str(form.values()["people.agency"])
    assert ravi.submits().updated
    listed = ravi.modal(text="the two are one now")
    assert "Possible duplicates" not in listed.text()
    assert "Lakeside Exchnage" not in [line for line in listed.text().splitlines() if "same" not in line]


def test_who_saves_an_agency_second_sees_what_the_other_saved_and_keeps_what_they_typed(talk: Talk) -> None:
    def at_the_form(handle: str) -> Patient:
        person = opens(talk, handle, "Agencies", "Find an agency")
        person.chooses("Type to search", {"type": "Twice", "pick": "Twice Clinic"}, in_="modal")
        person.modal(text="Merge with another agency")
        return person

    talk.asks("gus", agency="Twice Clinic")
    ravi, mei = at_the_form("ravi"), at_the_form("mei")
    mei.fills(area="wi-dane", eligible="yes")
    assert mei.submits().updated
    mei.modal(text="Twice Clinic: saved.")

    ravi.fills(name="Twice Health Clinic", eligible="no")
    assert ravi.submits().updated
    again = ravi.modal(text="Somebody else changed this agency")
    assert "Dane" in again.text()
    assert again.values()["name"]["value"] == "Twice Health Clinic"
    with talk.bot.store.reading() as session:
        facts = next(each for each in agencies.agencies(session).items if each.name == "Twice Clinic")
    assert (facts.area, facts.eligible) == ("wi-dane", True), "nothing of the second is saved yet"
    ravi.fills(area="wi-dane")
    assert ravi.submits().updated
    ravi.modal(text="Twice Health Clinic: saved.")


def test_members_find_no_way_to_other_peoples_work_or_to_agencies(talk: Talk) -> None:
    home = talk.person("kim").opens_home()
    assert "Agencies" not in home.buttons()
    assert "Staff settings" not in home.buttons()
    assert "Staff settings" not in talk.person("ravi").opens_home().buttons()
