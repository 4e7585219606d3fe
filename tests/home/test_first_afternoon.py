"""An administrator on the first afternoon: from an empty workspace to the first request, in the checklist's order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from copbot.communities.tables import CommunityRow
from copbot.resources.library.intake import put_many
from copbot.resources.library.values import IncomingResource, ResourceFields
from tests.databases import SqliteFiles
from tests.dialogs.kit import Patient, Talk, talking
from tests.waiting import PATIENCE, eventually

NOTHING_YET = "0 of 7 steps done"


@pytest.fixture
def empty(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Talk]:
    """Nobody has set anything up."""
    url = sqlite_files.copy(tmp_path / "copbot.db")
    with talking(url, more={"COPBOT_STAFF_CHANNEL": ""}) as talk:
        yield talk


def confirms_every_line(lou: Patient, lines: int) -> None:
    """The next one that waits is pressed until none is left."""
    for done in range(lines):
        eventually(lambda done=done: lou.modal().text().count("✓ Confirmed") == done, "the list")
        lou.clicks(_first_unconfirmed(lou), in_="modal")
    eventually(lambda: lou.modal().text().count("✓ Confirmed") == lines, "the last line")


def _first_unconfirmed(lou: Patient) -> str:
    """A button goes by its value, too: the one whose style says that it waits."""
    for block in lou.modal().view["blocks"]:
        for element in block.get("elements", ()):
            if element.get("style") == "primary":
                return str(element["value"])
    raise AssertionError("every line on this page is confirmed")


def test_from_an_empty_workspace_to_the_first_request(database_url: str) -> None:
    with talking(database_url, more={"COPBOT_STAFF_CHANNEL": ""}) as empty:
        sets_it_up(empty)
        number = empty.asks("kim")
        assert empty.notice(number)
        assert number in empty.person("kim").opens_home().text()


def first_resources(empty: Talk) -> None:
    """Ten resources, as a spreadsheet brings them."""
    rows = [
        IncomingResource(ResourceFields(kind="answer", title=f"Number {at}", summary="Yes."))
        for at in range(10)
    ]
    with empty.bot.store.writing() as session:
        now, profile = empty.bot.clock.now(), empty.bot.profile
        put_many(session, rows, by="import", now=now, profile=profile, publish=True)


def sets_it_up(empty: Talk) -> None:
    lou = empty.person("lou")
    home = lou.opens_home()
    assert NOTHING_YET in home.text()
    assert "There is no staff channel yet" in home.text()

    lou.chooses("Choose a private channel", "ta-staff", in_="home")
    home = lou.sees_home("4 people are staff")
    assert "1 of 7 steps done" in home.text()

    lou.clicks("Name leads", in_="home")
    lou.modal(text="Only staff can be leads")
    lou.fills(leads=["ada"])
    assert lou.submits().closed
    assert "Ada Fenn" in lou.sees_home("2 of 7 steps done").text()

    assert "America/Chicago" in lou.sees_home("Time zone").text()
    lou.clicks("Confirm", in_="home")
    home = lou.sees_home("3 of 7 steps done")
    assert "Confirm" not in home.buttons()

    lines = len(empty.bot.profile.hotlines)
    assert f"{lines} of {lines} lines still need to be confirmed" in home.text()
    lou.clicks("Check the lines", in_="home")
    lou.modal(text="Not yet confirmed by your program")
    confirms_every_line(lou, lines)
    lou.shut()

    assert "Propose the first one" in lou.sees_home("4 of 7 steps done").text()
    lou.clicks("Propose one", in_="home")
    lou.modal(text="What should it be called?")
    lou.fills(name="peers", purpose="For those who are new.")
    assert lou.submits().updated
    lou.shut()
    lou.sees_home("1 proposal waiting: staff press “Create channel”")
    empty.person("ravi").clicks("Create channel", in_="ta-staff", text="#peers")

    lou.sees_home("5 of 7 steps done")
    first_resources(empty)
    lou.sees_home("6 of 7 steps done")
    lou.clicks("Choose a channel", in_="home")
    lou.modal(text="Leave it empty if no channel is to get it")
    lou.fills(channel=empty.ws.channels()["general"]["id"])
    assert lou.submits().closed
    eventually(lambda: "Set-up" not in (lou.home() or home).text(), "the set-up to be over")
    assert "No messages waiting" in lou.sees_home("Slack works").text()


def test_an_unfit_channel_is_said_where_it_is_chosen(empty: Talk) -> None:
    lou = empty.person("lou")
    empty.ws.admin.add_channel("guests-too", private=True, members=("ravi", "gus", "bot"))
    lou.opens_home()
    lou.chooses("Choose a private channel", "guests-too", in_="home")
    assert "0 of 7 steps" in lou.sees_home("There is a guest in the staff channel").text()
    lou.chooses("Choose another channel", "ta-staff", in_="home")
    assert "1 of 7 steps" in lou.sees_home("4 people are staff").text()


def test_nobody_can_propose_a_community_that_nobody_would_read(empty: Talk) -> None:
    lou = empty.person("lou")
    home = lou.opens_home()
    assert "First choose the staff channel" in home.text()
    assert "Propose one" not in home.buttons()
    lou.types("/community propose peers", channel="general")
    lou.modal(text="What should it be called?")
    lou.fills(purpose="For those who are new.")
    assert "There is no staff yet" in lou.submits().errors["name"]
    assert "For those who are new." in str(lou.modal().values()["purpose"])


def test_a_list_of_communities_gets_its_channels_from_the_set_up(empty: Talk) -> None:
    for name in ("housing", "peers"):
        with empty.bot.store.writing() as session:
            session.add(CommunityRow(slug=name, name=name, made_at=empty.bot.clock.now()))
    lou = empty.person("lou")
    assert "2 communities, with no channels yet" in lou.opens_home().text()
    lou.clicks("Set up the channels", in_="home")
    lou.sees("All channels are set up")
    home = lou.sees_home("2 communities. People find the list in Home")
    assert "1 of 7 steps done" in home.text()
    lou.clicks("See the list", in_="home")
    lou.modal(text="#housing")


def test_only_staff_can_be_named_leads(empty: Talk) -> None:
    lou = empty.person("lou")
    empty.person("kim").opens_home()
    lou.opens_home()
    lou.chooses("Choose a private channel", "ta-staff", in_="home")
    lou.sees_home("4 people are staff")
    lou.clicks("Name leads", in_="home")
    lou.modal(text="Only staff can be leads")
    lou.fills(leads=["ada", "kim", "noor"])
    said = lou.submits().errors["leads"]
    assert (
        said
        == "Only staff can be leads. Not in the staff channel: Kim Alder, somebody who is not known here."
    )


def test_the_time_zone_can_be_changed_from_the_set_up_and_counts_as_confirmed(empty: Talk) -> None:
    lou = empty.person("lou")
    lou.opens_home()
    lou.clicks("choices.open:zone", in_="home")
    lou.modal(text="Such as America/Chicago")
    lou.fills(time_zone="Chicago")
    assert "time_zone" in lou.submits().errors
    lou.fills(time_zone="America/Denver")
    assert lou.submits().updated
    lou.modal(text="Saved.", timeout=PATIENCE)
    assert "1 of 7 steps" in lou.sees_home("America/Denver").text()


def test_what_the_environment_says_is_shown_and_cannot_be_changed(sqlite_url: str) -> None:
    with talking(sqlite_url) as talk:
        lou = talk.person("lou")
        home = lou.opens_home()
        assert "Set by COPBOT_STAFF_CHANNEL" in home.text()
        lou.clicks("Staff", in_="home")
        lou.modal(text="Set where the app runs")
        lou.clicks("View", in_="modal")
        assert "Set by COPBOT_STAFF_CHANNEL" in lou.modal(text="COPBOT_STAFF_CHANNEL").text()
