"""A programme of another field: its own command, words, topics, areas and hours, and nothing of ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from copbot.app import manifest_of
from copbot.settings import load
from tests.databases import SqliteFiles
from tests.days import Sandbox
from tests.dialogs.kit import NO_AGENCY, Talk, logs_read
from tests.live import living, number_in
from tests.sizes import ROOT

PROFILE = ROOT / "copbot" / "program" / "profiles" / "adult_reading_mo.yaml"
OURS = ("naloxone", "harm reduction", "syringe", "overdose", "wisconsin", "/ta")


@pytest.fixture(scope="module")
def coaches(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """A bot that runs with the second example profile."""
    more = {"COPBOT_PROGRAM": str(PROFILE)}
    url = sqlite_files.copy(tmp_path_factory.mktemp("coaches") / "copbot.db")
    with logs_read() as log:
        sandbox = Sandbox(manifest_of(load(more, None)), enforce_rates=False)
        with sandbox, living(url, sandbox, more=more) as live:
            yield Talk(live.sandbox, live.ws, live.bot, live.settings, log)
            live.checked()


def test_the_command_is_the_programmes_own(coaches: Talk) -> None:
    kim = coaches.person("kim")
    told = kim.types("/coach help").told()
    assert "/coach list: see your requests" in told
    assert "573-555-0142" in told
    assert kim.types("/coach list").told().endswith("Type /coach to ask for help.")


def test_a_request_goes_its_way_in_the_programmes_words(coaches: Talk) -> None:
    kim, ravi = coaches.person("kim"), coaches.person("ravi")
    kim.types("/coach", channel="general")
    form = kim.modal(text="What do you need?")
    topic, area = form.options("topics")[0], form.options("areas")[0]
    assert "learners' names" in form.text()
    kim.fills({"agency": NO_AGENCY})
    kim.modal(text="I tutor on my own")
    kim.fills({"not_agency": "work", "topics": [topic], "areas": [area], "need": "Books for beginners."})
    assert kim.submits().updated
    receipt = kim.modal(text="TA-").text()
    number = number_in(receipt)
    assert f"/coach status {number}" in receipt
    kim.shut()
    kim.sees(f"{number} · We have it", in_="dm")
    ravi.sees(f"{number} · New", in_="ta-staff").says(topic, "Books for beginners.")
    ravi.presses("Take", number)
    kim.sees(f"{number} · A coach is on it", in_="dm")
    ravi.sees(f"{number} · With a coach", in_="ta-staff")
    assert f"{number} · A coach is on it" in kim.types(f"/coach status {number}").told()


def test_a_programme_without_care_lines_asks_nobody_whether_they_need_care(coaches: Talk) -> None:
    noor = coaches.person("noor")
    noor.types("/coach", channel="general")
    noor.modal(text="What do you need?")
    noor.fills({"agency": NO_AGENCY})
    assert noor.modal(text="Which is true?").options("not_agency") == ["I tutor on my own"]
    noor.shut()


def test_nothing_of_another_field_is_to_be_read(coaches: Talk) -> None:
    kim = coaches.person("kim")
    kim.types("/coach lessons in the evening", channel="general")
    shown = kim.modal(text="What do you need?").text() + kim.opens_home().text()
    kim.shut()
    shown += kim.types("/coach help").told()
    assert [word for word in OURS if word in shown.lower()] == []


def test_the_manifest_carries_the_programmes_name_and_command() -> None:
    told = manifest_of(load({"COPBOT_PROGRAM": str(PROFILE)}, None))
    assert told["display_information"]["name"] == "Reading Coach Desk"
    assert "/coach" in [each["command"] for each in told["features"]["slash_commands"]]
