"""Communities as people use them: the list, getting in and out, proposing one, the channels put in order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from copbot.communities.tables import CommunityRow, communities_of
from tests.databases import SqliteFiles
from tests.dialogs.kit import Patient, Talk, talking
from tests.waiting import PATIENCE, eventually


@pytest.fixture
def refusing_talk(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Talk]:
    """Where something that Slack refuses is part of the story."""
    with talking(sqlite_files.copy(tmp_path / "copbot.db"), checked=False) as found:
        yield found


def listed(talk: Talk, name: str, **more: object) -> None:
    """A community in the list, with no channel yet."""
    with talk.bot.store.writing(budget=PATIENCE) as session:
        values = {"slug": name, "name": name, "purpose": f"All about {name}.", **more}
        session.add(CommunityRow(made_at=talk.bot.clock.now(), **values))


def ordered(talk: Talk, handle: str = "ada") -> Patient:
    """A lead has the channels put in order."""
    person = talk.person(handle)
    person.types("/community channels apply", channel="general")
    person.told("Setting up the channels")
    person.sees("All channels are set up")
    return person


def members(talk: Talk, name: str) -> list[str]:
    ids = {user["id"]: handle for handle, user in talk.ws.users().items()}
    return sorted(ids[user] for user in talk.ws.channels()[name]["members"])


def known_in(talk: Talk, handle: str) -> set[int]:
    """The communities that the bot knows somebody to be in."""
    with talk.bot.store.reading() as session:
        return communities_of(session, talk.person(handle).id)


def test_a_lead_says_what_the_program_has_been_up_to(own_talk: Talk) -> None:
    own_talk.names_leads("ada")
    ada = own_talk.person("ada")
    ada.types("/community news", channel="general")
    ada.modal(text="What has the program been up to?")
    ada.fills(text="We opened a second drop-in in Wausau.")
    ada.submits()
    ada.modal(text="Shared. It is on the About page now")
    ada.shut()
    kim = own_talk.person("kim")
    kim.types("/community about What we have been up to", channel="general")
    kim.modal(text="We opened a second drop-in in Wausau.")
    kim.shut()
    assert own_talk.faults() == []


def test_a_lead_plans_and_applies_and_members_join_and_leave(refusing_talk: Talk) -> None:
    refusing_talk.names_leads("ada")
    listed(refusing_talk, "wound-care", topics=["wound_care"])
    ada = refusing_talk.person("ada")
    ada.types("/community channels plan", channel="general")
    plan = ada.sees("create the channel")
    assert "bookmark" not in plan.text(), (
        "its address would open slack.com, which knows nothing of this workspace"
    )
    assert "#wound-care" in plan.text()
    ada.clicks("Set up the channels")
    ada.sees("All channels are set up")
    assert "Ask for help" in refusing_talk.room("wound-care").shows("Welcome to #wound-care")[0].text()

    kim = refusing_talk.person("kim")
    kim.types("/community join wound care", channel="general")
    kim.told("Adding you to #wound-care")
    eventually(lambda: known_in(refusing_talk, "kim"))
    assert "kim" in members(refusing_talk, "wound-care")
    kim.types("/community list", channel="general")
    assert "you're in" in kim.whisper("Communities").text()

    kim.types("/community leave", channel="wound-care")
    kim.told("Leaving #wound-care")
    assert "Leave channel" in kim.sees("one step is yours").text()
    kim.types("/community leave", channel="wound-care")
    kim.told("one step is yours")
    refusing_talk.ws.admin.remove("kim", "wound-care")
    kim.sees("You've left")
    assert {each["error"] for each in refusing_talk.ws.refusals()} == {"restricted_action"}


def test_the_overview_has_a_button_for_each_and_the_welcome_opens_the_form(own_talk: Talk) -> None:
    own_talk.names_leads("ada")
    listed(own_talk, "housing")
    ordered(own_talk)
    juno = own_talk.person("juno")
    juno.types("/community", channel="general")
    assert "#housing" in juno.modal(text="Communities of").text()
    juno.clicks("Join")
    eventually(lambda: "juno" in members(own_talk, "housing"))
    juno.shut()
    juno.clicks("Ask for help", in_="housing")
    assert "What do you need?" in juno.modal(text="What do you need?").text()


def test_a_proposal_becomes_a_channel_when_staff_say_so(own_talk: Talk) -> None:
    noor = own_talk.person("noor")
    noor.types("/community propose Peer Workers!", channel="general")
    noor.modal(text="What should it be called?")
    noor.fills({"purpose": "For those who work from lived experience.", "leads_it": ["yes"]})
    noor.submits()
    noor.modal(text="Staff now have your proposal")
    noor.shut()
    ravi = own_talk.person("ravi")
    ravi.clicks("Create channel", in_="ta-staff", text="#peer-workers")
    noor.sees("is ready")
    eventually(
        lambda: "peer-workers" in own_talk.ws.channels() and "noor" in members(own_talk, "peer-workers")
    )
    own_talk.room("peer-workers").shows("Welcome to #peer-workers")


def test_members_cannot_put_channels_in_order_inv7(talk: Talk) -> None:
    kim = talk.person("kim")
    kim.types("/community channels apply", channel="general")
    kim.told("Only a lead or an administrator can do this")
    kim.types("/community help", channel="general")
    shown = kim.whisper("/community join").text()
    assert "channels" not in shown
    assert "/community invite" not in shown


def test_a_channel_renamed_by_hand_keeps_its_new_name(own_talk: Talk) -> None:
    own_talk.names_leads("ada")
    listed(own_talk, "housing")
    ordered(own_talk)
    own_talk.ws.admin.rename("housing", "homes")
    own_talk.person("ada").sees("renamed in Slack")
    kim = own_talk.person("kim")
    kim.types("/community join homes", channel="general")
    eventually(lambda: "kim" in members(own_talk, "homes"))


def test_somebody_expected_joins_and_is_welcomed(own_talk: Talk) -> None:
    ravi = own_talk.person("ravi")
    ravi.types("/community invite rowan@example.org", channel="general")
    ravi.modal(text="Email address")
    ravi.fills({"agency": "Lakeside Exchange", "areas": ["wi-dane"], "topics": ["wound_care"]})
    ravi.submits()
    ravi.modal(text="Card created")
    ravi.shut()
    ravi.clicks("Copy invite text", in_="ta-staff", text="rowan@example.org")
    assert "Wisconsin" in ravi.modal(text="Invite text").text()
    ravi.shut()
    ravi.clicks("Invited", in_="ta-staff", text="rowan@example.org")
    ravi.sees("This card closes when they join", in_="ta-staff")
    own_talk.ws.admin.add_person("rowan", "Rowan Fell")
    ravi.sees("has joined and was welcomed", in_="ta-staff")
    rowan = own_talk.person("rowan")
    assert "Three first steps" in rowan.sees("Welcome, Rowan Fell!").text()
    rowan.clicks("Ask for help")
    rowan.modal(text="What do you need?")


def test_a_guest_of_one_channel_is_told_what_to_do_instead(refusing_talk: Talk) -> None:
    refusing_talk.names_leads("ada")
    listed(refusing_talk, "housing")
    ordered(refusing_talk)
    sol = refusing_talk.person("sol")
    sol.types("/community join housing", channel="ssp-operations")
    sol.told("only an administrator can add guests")
    assert refusing_talk.ws.refusals() == [], "Slack is not even asked"


def test_home_shows_what_one_is_in_with_the_way_out_the_list_and_about_us(refusing_talk: Talk) -> None:
    refusing_talk.names_leads("ada")
    listed(refusing_talk, "housing")
    ordered(refusing_talk)
    kim = refusing_talk.person("kim")
    assert "You haven't joined a community yet" in kim.opens_home().text()
    kim.clicks("All communities", in_="home")
    kim.modal(text="All about housing.")
    kim.clicks("Join")
    assert "adding you now" in kim.modal(text="Adding you to #housing").text()
    kim.shut()
    assert "All about housing." in kim.sees_home("All about housing.").text()

    kim.clicks("About us", in_="home")
    kim.clicks("Principles")
    kim.modal(text="All pages")
    kim.shut()
    kim.clicks("Show", in_="home")
    kim.modal(text="you're in")
    kim.clicks("Leave")
    assert "leaving now" in kim.modal(text="Leaving #").text()
    kim.sees("one step is yours")
    refusing_talk.ws.admin.remove("kim", "housing")
    kim.sees_home("You haven't joined a community yet")


def test_about_us_opens_by_command_and_from_the_pinned_welcome(own_talk: Talk) -> None:
    own_talk.names_leads("ada")
    listed(own_talk, "housing")
    ordered(own_talk)
    juno = own_talk.person("juno")
    juno.types("/community about principles", channel="general")
    juno.modal(text="Principles")
    juno.shut()
    juno.types("/community join housing", channel="general")
    eventually(lambda: known_in(own_talk, "juno"))
    juno.clicks("About us", in_="housing")
    assert "Principles" in juno.modal(text="Principles").buttons()
    juno.shut()
    juno.types("/community people naloxone", channel="general")
    juno.whisper("Nobody is listed for that topic")


def test_a_guest_is_offered_nothing_that_would_be_refused(talk: Talk) -> None:
    gus = talk.person("gus")
    gus.types("/community", channel="general")
    shown = gus.modal(text="Communities of").text()
    assert "Ask for help" in shown
    assert "ropose" not in shown
    gus.shut()
    gus.types("/community people", channel="general")
    assert "To be listed here" not in gus.told("People who agreed")


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("hlep", "Did you mean /community help?"),
        ("channels soon", "Type /community list to see them all."),
        ("join nowhere", "Type /community list to see them all."),
    ],
)
def test_a_name_that_is_none_is_answered_with_what_to_type(talk: Talk, typed: str, hint: str) -> None:
    kim = talk.person("kim")
    kim.types(f"/community {typed}", channel="general")
    assert kim.told() == f"There is no community with that name. {hint}"


def test_one_is_counted_as_one_and_a_plan_of_none_says_that_there_are_none(talk: Talk) -> None:
    talk.names_leads("ada")
    ada = talk.person("ada")
    ada.types("/community channels plan", channel="general")
    ada.sees("There are no communities yet.", in_="dm")
    listed(talk, "wound-care")
    ada.types("/community status", channel="general")
    assert "1 community in total." in ada.told("Your communities")
