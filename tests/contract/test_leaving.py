"""Ctrl-C and SIGTERM: finish what has begun and leave within ten seconds with 0, whatever hangs (contract).

Both signals set the same mark: the first scene shows it with both, the others take turns. Where nothing hangs and
where a call hangs the bot runs in an interpreter of its own, whose end belongs to the scene; elsewhere it is forked.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from copbot.app import profile_of
from copbot.sandbox.driver.workspace import Workspace
from copbot.settings import load
from copbot.store import Store
from tests.contract.processes import Running, bot, free_port, settings_for
from tests.databases import Postgres
from tests.days import Sandbox
from tests.faults.bot import holding
from tests.faults.kit import ACK, House, beside
from tests.live import past_the_morning, unpaced, workspace
from tests.waiting import at_most, eventually

SUPERVISOR = 10.0
"""After this many seconds whoever sent the signal sends the one that nobody survives."""

BOTH = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])


class Home(House):
    """A house whose bot is `bot.py run`."""

    def __init__(self, ws: Workspace, process: Running, folder: Path) -> None:
        self.ws, self.process = ws, process
        self.store, self.bots, self.log = store_in(folder), [], folder / "0.out"
        self.quiet()


def store_in(folder: Path) -> Store:
    return Store(f"sqlite:///{folder}/data/copbot.db")


@contextmanager
def started(folder: Path, *, fresh: bool) -> Iterator[Home]:
    with (
        in_workspace(folder) as slack,
        bot(folder, settings_for(slack.environment()), fresh=fresh) as process,
    ):
        process.says('"started"')
        found = Home(slack.workspace(), process, folder)
        yield found
        found.store.close()


@contextmanager
def in_workspace(folder: Path) -> Iterator[Sandbox]:
    """A workspace, and in the folder a database of it in which the morning is over."""
    with workspace(timing=ACK) as slack:
        with closing(store_in(folder)) as store:
            past_the_morning(store, slack.workspace().clock.now(), profile_of(load({}, None)).time_zone)
            unpaced(store)
        yield slack


@pytest.fixture
def home(folder: Path) -> Iterator[Home]:
    with started(folder, fresh=False) as found:
        yield found


@pytest.fixture
def fresh_home(folder: Path) -> Iterator[Home]:
    """Its bot runs in an interpreter of its own."""
    with started(folder, fresh=True) as found:
        yield found


@BOTH
def test_with_nothing_to_do_it_leaves_at_once(fresh_home: Home, number: signal.Signals) -> None:
    home = fresh_home
    home.quiet()
    assert home.process.is_told(number) < at_most(5.0)
    said = home.process.output()
    assert '"stopped"' in said
    assert "Traceback" not in said


def test_while_a_call_to_slack_hangs_it_leaves_in_time_and_the_row_is_looked_up_later(
    fresh_home: Home,
) -> None:
    home = fresh_home
    home.quiet()
    home.ws.faults.add("chat.postMessage", "hang", seconds=30, effect=True, times=2)
    home.asks("kim")
    home.ws.waits_for_call("chat.postMessage", 2)
    assert home.process.is_told(signal.SIGTERM) < at_most(SUPERVISOR)
    assert {row.state for row in home.rows()} == {"sending"}


def test_while_an_job_hangs_it_leaves_in_time(home: Home) -> None:
    home.quiet()
    home.ws.faults.add("conversations.info", "hang", seconds=30)
    home.ws.admin.invite("noor", "ta-staff")
    eventually(lambda: home.ws.calls("conversations.info")[-1]["fault"] == "hang", "the job to hang")
    assert home.process.is_told(signal.SIGINT) < at_most(SUPERVISOR)


def test_while_an_answer_hangs_it_leaves_in_time(home: Home) -> None:
    home.quiet()
    home.ws.faults.add("views.open", "hang", seconds=30)
    home.person("kim").types("/ta", channel="general")
    home.ws.waits_for_call("views.open")
    assert home.process.is_told(signal.SIGTERM) < at_most(SUPERVISOR)


def test_while_a_listener_runs_it_is_finished_and_acknowledged(home: Home) -> None:
    person = home.fills("kim")
    home.person("juno").types("/ta help", channel="general").told()  # known from now on: no write for her
    home.quiet()
    sent = []
    with holding(home.file) as let_go:

        def send() -> None:
            sent.append(person.submits())

        with beside(send):
            eventually(
                lambda: any(not sent["acked"] for sent in home.ws.envelopes("view_submission")),
                "the form to be on its way",
            )
            home.person("juno").types(
                "/ta help", channel="general"
            ).told()  # what was sent before has arrived
            home.process.process.send_signal(signal.SIGTERM)
            let_go()
    assert home.process.ends(at_most(SUPERVISOR)) == 0
    assert sent[0].updated
    assert len(home.requests()) == 1


def test_while_a_listener_waits_for_a_frozen_database_it_leaves_in_time(
    folder: Path, postgres: Postgres, postgres_url: str
) -> None:
    """A server that is stopped, not gone, keeps every connection and answers none."""
    with (
        workspace(timing=ACK) as slack,
        bot(folder, settings_for(slack.environment(), DATABASE_URL=postgres_url), fresh=False) as process,
    ):
        process.says('"started"')
        with postgres.frozen():
            slack.workspace().person("kim").types("/ta help", channel="general")
            assert process.is_told(signal.SIGINT) < at_most(SUPERVISOR)


def test_while_the_database_is_locked_it_leaves_in_time(home: Home) -> None:
    home.quiet()
    with holding(home.file):
        home.person("kim").types("/ta help", channel="general")
        assert home.process.is_told(signal.SIGTERM) < at_most(SUPERVISOR)


def test_while_it_starts_and_slack_is_silent_it_leaves_at_once(folder: Path) -> None:
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1-2-secretsecret", "SLACK_APP_TOKEN": "xapp-1-A-3-secretsecret"}
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/api/"
        with bot(folder, settings_for(tokens, SLACK_API_URL=address)) as process, silent.accept()[0]:
            assert process.is_told(signal.SIGINT) < at_most(5.0)


def test_two_signals_are_no_more_than_one(home: Home) -> None:
    home.ws.faults.add("views.open", "hang", seconds=30)
    home.person("kim").types("/ta", channel="general")
    home.ws.waits_for_call("views.open")
    home.process.process.send_signal(signal.SIGTERM)
    home.ws.disconnected()  # it is leaving, and waits for the answer that hangs
    assert home.process.is_told(signal.SIGINT) < at_most(SUPERVISOR)


def test_the_sandbox_leaves_too(folder: Path) -> None:
    environment = settings_for({}, COPBOT_SANDBOX_PORT=str(free_port()))
    with bot(folder, environment, "sandbox", "--alone", fresh=False) as process:
        process.says("SLACK_API_URL")
        assert process.is_told(signal.SIGTERM) < at_most(5.0)


def test_what_was_left_undone_is_done_at_the_next_start(folder: Path) -> None:
    with in_workspace(folder) as slack:
        settings = settings_for(slack.environment())
        with bot(folder, settings, fresh=False) as process:
            process.says('"started"')
            home = Home(slack.workspace(), process, folder)
            home.ws.faults.add("chat.postMessage", "rate_limited", retry_after=2, times=2)
            home.asks("kim")
            process.is_told(signal.SIGTERM)
        with bot(folder, settings, fresh=False) as process:
            home.staff.shows("TA-1001")
            home.person("kim").sees("TA-1001", in_="dm")
            home.quiet()
            assert len([m for m in home.staff.messages() if "TA-1001" in m.text()]) == 1
        home.store.close()


def test_many_signals_at_once_are_no_more_than_one(folder: Path) -> None:
    with bot(folder, {"COPBOT_SANDBOX_PORT": "0"}, "sandbox", "--alone") as process:
        process.says("SLACK_API_URL")
        for _ in range(200):
            for number in (signal.SIGTERM, signal.SIGINT):
                process.process.send_signal(number)
        assert process.ends(at_most(SUPERVISOR)) == 0
