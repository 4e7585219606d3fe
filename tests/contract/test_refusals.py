"""What keeps `bot.py run` from starting is said in one clear line, with the exit code that scripts rely on."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from copbot.app import manifest_of
from copbot.settings import load
from copbot.store import Store
from copbot.store.deployment import claim_database
from copbot.store.migrate import upgrade
from tests.contract.processes import bot, free_port, settings_for
from tests.databases import Postgres
from tests.days import Sandbox


def refused(
    folder: Path, environment: dict[str, str], *words: str, code: int = 1, fresh: bool = False
) -> str:
    """The one line it ends with."""
    with bot(folder, environment, *words, fresh=fresh) as process:
        assert process.ends() == code, process.output()
        [line] = process.lines()
        assert "Traceback" not in process.output()
        return line


TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1-2-secretsecret", "SLACK_APP_TOKEN": "xapp-1-A-3-secretsecret"}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1-2-wrongwrong"}, ["SLACK_BOT_TOKEN", "invalid_auth"]),
        ({"SLACK_APP_TOKEN": "xapp-1-A-wrongwrong"}, ["SLACK_APP_TOKEN", "invalid_auth"]),
        ({"SLACK_BOT_TOKEN": ""}, ["SLACK_BOT_TOKEN is missing"]),
        ({"SLACK_APP_TOKEN": ""}, ["SLACK_APP_TOKEN is missing", "SLACK_SIGNING_SECRET"]),
        ({"SLACK_BOT_TOKEN": "xapp-1-A-swapped"}, ["SLACK_BOT_TOKEN must begin with xoxb-"]),
        ({"SLACK_BOT_TOKEN": "xoxb-1 2"}, ["SLACK_BOT_TOKEN", "space"]),
    ],
)
def test_a_wrong_or_missing_token_is_named(
    elsewhere: dict[str, str], folder: Path, changed: dict[str, str], words: list[str]
) -> None:
    line = refused(folder, settings_for(elsewhere, **changed))
    assert all(word in line for word in words), line


def test_a_missing_scope_is_named_with_what_to_do(folder: Path) -> None:
    manifest = manifest_of(load({}, None))
    manifest["oauth_config"]["scopes"]["bot"].remove("channels:join")
    with Sandbox(manifest, enforce_rates=False) as slack:
        line = refused(folder, settings_for(slack.environment()))
    assert "channels:join" in line
    assert "bot.py manifest" in line


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "rate_limited", "retry_after": 7}, "Start again in 7 seconds"),
        ({"kind": "http_503"}, "is having trouble (http_503)"),
        ({"kind": "refuse", "error": "internal_error"}, "is having trouble (internal_error)"),
    ],
)
def test_slacks_own_trouble_is_not_put_down_to_a_setting(
    folder: Path, method: str, fault: dict[str, Any], words: str
) -> None:
    with Sandbox(manifest_of(load({}, None)), enforce_rates=False) as slack:
        slack.workspace().faults.add(method, **fault, times=9)
        line = refused(folder, settings_for(slack.environment()))
    assert words in line
    assert "TOKEN" not in line


def test_a_page_that_is_not_slacks_is_named_as_such(folder: Path) -> None:
    with Sandbox(manifest_of(load({}, None)), enforce_rates=False) as slack:
        slack.workspace().faults.add("auth.test", "garbled", body="<html>Log in to the network</html>")
        line = refused(folder, settings_for(slack.environment()))
    assert "What answers at SLACK_API_URL is not Slack" in line
    assert "Log in" not in line


def test_an_unreachable_slack_is_said_at_once(folder: Path) -> None:
    address = f"http://127.0.0.1:{free_port()}/api/"
    line = refused(folder, settings_for(TOKENS, SLACK_API_URL=address))
    assert "Slack cannot be reached" in line
    assert "SLACK_API_URL" in line


def test_a_slack_that_never_answers_is_given_up(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/api/"
        line = refused(folder, settings_for(TOKENS, SLACK_API_URL=address))
    assert "Slack did not answer" in line


def test_a_faulty_profile_is_refused_with_file_line_and_what_would_be_right(
    elsewhere: dict[str, str], folder: Path
) -> None:
    profile = folder / "mine.yaml"
    profile.write_text("name: Mine\ntime_zone: Mars/Olympus\n")
    with bot(folder, settings_for(elsewhere, COPBOT_PROGRAM=str(profile))) as process:
        assert process.ends() == 1
        assert any("mine.yaml:2" in line and "time_zone" in line for line in process.lines()), (
            process.output()
        )
        assert "Traceback" not in process.output()


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("COPBOT_STAF", "COPBOT_STAFF_CHANNEL"),
        ("COPBOT_PORT", "COPBOT_HTTP_PORT"),
        ("COPBOT_ADMIN", "COPBOT_ADMINS"),
    ],
)
def test_an_unknown_setting_is_refused_with_the_nearest_right_name(
    folder: Path, name: str, near: str
) -> None:
    line = refused(folder, settings_for(TOKENS, **{name: "x"}), code=2)
    assert name in line
    assert near in line


@pytest.mark.parametrize("words", [["walk"], ["run", "--fast"], ["restore"]])
def test_wrong_arguments_end_with_two(folder: Path, words: list[str]) -> None:
    with bot(folder, settings_for(TOKENS), *words, fresh=words == ["walk"]) as process:
        assert process.ends() == 2
        assert "Traceback" not in process.output()


def test_a_taken_port_is_named(elsewhere: dict[str, str], folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        line = refused(folder, settings_for(elsewhere, COPBOT_HTTP_PORT=port))
    assert port in line
    assert "COPBOT_HTTP_PORT" in line


def test_a_second_run_on_one_sqlite_file_is_refused_and_the_first_goes_on(
    elsewhere: dict[str, str], folder: Path
) -> None:
    with bot(folder, settings_for(elsewhere), fresh=False) as first:
        first.says('"started"')
        line = refused(folder, settings_for(elsewhere))
        assert "already running" in line
        assert str(first.process.pid) in line
        assert first.asks_web("/healthz").status_code == 200


def test_a_database_of_another_workspace_is_refused(elsewhere: dict[str, str], folder: Path) -> None:
    url = f"sqlite:///{folder}/other.db"
    upgrade(url)
    store = Store(url)
    with store.writing() as session:
        claim_database(session, team="T0OTHER", place="slack", now=datetime(2026, 11, 23, tzinfo=UTC))
    store.close()
    line = refused(folder, settings_for(elsewhere, DATABASE_URL=url))
    assert "T0OTHER" in line
    assert "DATABASE_URL" in line


def test_a_postgresql_that_is_behind_is_refused_with_the_command(
    elsewhere: dict[str, str], folder: Path, postgres: Postgres
) -> None:
    with postgres.database() as url:
        environment = settings_for(elsewhere, DATABASE_URL=url)
        assert "bot.py migrate" in refused(folder, environment)
        with bot(folder, environment, "migrate", fresh=False) as process:
            assert process.ends() == 0, process.output()
        with bot(folder, environment, fresh=False) as process:
            process.says('"started"')


def test_a_database_that_does_not_answer_is_said_without_its_password(
    elsewhere: dict[str, str], folder: Path
) -> None:
    url = f"postgresql://copbot:hushhush@127.0.0.1:{free_port()}/copbot"
    line = refused(folder, settings_for(elsewhere, DATABASE_URL=url, PASSWORDS="hushhush"))
    assert "DATABASE_URL" in line or "database" in line.lower()


def test_a_clock_of_a_test_server_is_refused_with_slack_itself(folder: Path) -> None:
    line = refused(folder, settings_for(TOKENS, COPBOT_CLOCK_URL="http://127.0.0.1:1/clock"))
    assert "COPBOT_CLOCK_URL" in line
