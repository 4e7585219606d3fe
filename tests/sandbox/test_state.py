"""The clock, and what outlives a restart or a kill of the sandbox."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from operator import itemgetter
from pathlib import Path

import httpx
import pytest
import yaml
from slack_sdk import WebClient

from copbot.sandbox.driver.workspace import Workspace
from copbot.sandbox.people import PEOPLE
from copbot.sandbox.storage import RecordFile
from copbot.sandbox.world import SlackTiming
from tests.days import Sandbox
from tests.sandbox.peer import Bot, Json, RawSocket, home, manifest, modal, need_field, section, trigger

# -- the clock


def test_the_clock_is_read_over_http(sandbox: Sandbox, ws: Workspace) -> None:
    ws.clock.set(datetime(2027, 3, 1, 9, tzinfo=UTC))
    now = httpx.get(sandbox.clock_url).json()["now"]
    assert abs(now - datetime(2027, 3, 1, 9, tzinfo=UTC).timestamp()) < 5


def test_messages_carry_workspace_time(ws: Workspace) -> None:
    ws.clock.set(1_900_000_000.0)
    said = ws.person("ravi").says("hello from later", in_="ta-staff")
    assert 1_900_000_000 <= float(said.ts) < 1_900_000_060


def test_advancing(ws: Workspace) -> None:
    before = ws.clock.now()
    ws.clock.advance(timedelta(days=2))
    assert 2 * 86_400 <= ws.clock.now() - before < 2 * 86_400 + 60


def test_timestamps_still_grow_when_the_clock_goes_back(ws: Workspace, bot: Bot) -> None:
    staff = ws.channel("ta-staff").id
    ws.clock.set(1_900_000_000.0)
    stamps = [str(bot.client.chat_postMessage(channel=staff, text="x")["ts"])]
    ws.clock.set(1_800_000_000.0)
    stamps += [str(bot.client.chat_postMessage(channel=staff, text="x")["ts"]) for _ in range(3)]
    assert stamps == sorted(set(stamps), key=float)
    assert ws.clock.now() < 1_800_000_060


def test_acks_and_triggers_do_not_follow_the_workspaces_clock(ws: Workspace, bot: Bot) -> None:
    key = trigger(ws, bot)
    ws.clock.advance(timedelta(days=1))
    assert bot.client.views_open(trigger_id=key, view=modal(need_field()))["ok"]


# -- restart


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "sandbox.db"


def test_what_was_said_is_there_after_a_restart(path: Path) -> None:
    with Sandbox(manifest(), state_path=path) as sandbox:
        ws, client = sandbox.workspace(), WebClient(sandbox.bot_token, base_url=sandbox.api_url)
        staff, kim = ws.channel("ta-staff").id, ws.person("kim").id
        first = client.chat_postMessage(channel=staff, text="first", blocks=[section("first")])
        client.chat_postMessage(channel=staff, text="reply", thread_ts=first["ts"])
        direct = client.chat_postMessage(channel=kim, text="hello")
        client.pins_add(channel=staff, timestamp=first["ts"])
        client.views_publish(user_id=kim, view=home(section("welcome")))
        ws.admin.deactivate("juno")
        ws.admin.add_channel("new-one")
        before = ws.wire.must("workspace")
    with Sandbox(manifest(), state_path=path) as sandbox:
        ws, client = sandbox.workspace(), WebClient(sandbox.bot_token, base_url=sandbox.api_url)
        after = ws.wire.must("workspace")
        client.chat_update(channel=staff, ts=first["ts"], text="changed")
        client.chat_update(channel=direct["channel"], ts=direct["ts"], text="hello again")
        for kind in ("users", "channels"):
            assert sorted(after[kind], key=itemgetter("id")) == sorted(before[kind], key=itemgetter("id"))
        assert [m.text() for m in ws.channel("ta-staff").messages()] == ["changed", "reply"]
        assert [m.text() for m in ws.person("kim").dm()] == ["hello again"]
        assert "welcome" in ws.person("kim").sees_home("welcome").text()
        assert client.pins_list(channel=staff)["items"][0]["message"]["text"] == "changed"
        made = client.conversations_create(name="later")["channel"]["id"]
        assert made not in {channel["id"] for channel in before["channels"]}


def test_an_open_form_survives(path: Path) -> None:
    with Sandbox(manifest(), state_path=path) as sandbox:
        bot, ws = Bot(sandbox), sandbox.workspace()
        bot.opens(modal(need_field())).connect()
        kim = ws.person("kim").types("/ask")
        kim.modal().fills(Need="kits")
        bot.close()
    with Sandbox(manifest(), state_path=path) as sandbox:
        bot, ws = Bot(sandbox), sandbox.workspace()
        got = bot.answers_form()
        bot.connect()
        ws.person("kim").submits()
        assert got[0]["view"]["state"]["values"]["need_block"]["need"]["value"] == "kits"
        bot.close()


def test_the_tokens_and_the_clock_stay(path: Path) -> None:
    with Sandbox(manifest(), state_path=path) as sandbox:
        tokens = (sandbox.bot_token, sandbox.app_token)
        sandbox.workspace().clock.set(1_900_000_000.0)
    with Sandbox(manifest(), state_path=path) as sandbox:
        assert (sandbox.bot_token, sandbox.app_token) == tokens
        assert sandbox.workspace().clock.now() >= 1_900_000_000


def test_the_staff_channel_is_known_by_its_id(path: Path) -> None:
    with Sandbox(manifest(), state_path=path) as sandbox:
        known = sandbox.environment()["COPBOT_STAFF_CHANNEL"]
        sandbox.workspace().admin.rename("ta-staff", "staff-room")
    with Sandbox(manifest(), state_path=path) as sandbox:
        assert sandbox.environment()["COPBOT_STAFF_CHANNEL"] == known
        assert sandbox.workspace().channel("staff-room").id == known


def test_pauses_and_latency_may_be_given_by_name() -> None:
    with Sandbox(manifest(), timing=SlackTiming(ack=0.1), redelivery=(0.05,), latency=0.05) as sandbox:
        line, ws = RawSocket(sandbox), sandbox.workspace()
        ws.person("ravi").says("listen", in_="ta-staff")
        assert [line.next()["retry_attempt"] for _ in range(2)] == [0, 1]
        ws.settled()
        assert ws.calls("apps.connections.open")[0]["ms"] >= 50
        line.close()


def test_a_start_that_fails_says_why(tmp_path: Path) -> None:
    broken = tmp_path / "sandbox.db"
    broken.write_text("this is no database, and it is longer than a header of one would have to be")
    with pytest.raises(RuntimeError, match="did not start"):
        Sandbox(manifest(), state_path=broken).start()


def test_without_a_file_every_start_is_new(tmp_path: Path) -> None:
    with Sandbox(manifest()) as sandbox:
        sandbox.workspace().person("kim").says("gone tomorrow", in_="general")
    with Sandbox(manifest()) as sandbox:
        assert sandbox.workspace().channel("general").messages() == []
    assert list(tmp_path.iterdir()) == []


def test_records_are_replaced_and_removed(path: Path) -> None:
    file = RecordFile(path)
    file.write({("user", "U1"): {"n": 1}, ("user", "U2"): {"n": 2}, ("channel", "C1"): {"n": 3}})
    file.write({("user", "U1"): {"n": 4}, ("user", "U2"): None})
    file.close()
    again = RecordFile(path)
    assert list(again.read("user")) == [("U1", {"n": 4})]
    assert list(again.read("channel")) == [("C1", {"n": 3})]
    again.close()


# -- a process of its own


class Running:
    """`python -m copbot.sandbox` with the environment it printed."""

    def __init__(self, tmp_path: Path, *more: str) -> None:
        described = tmp_path / "manifest.yaml"
        described.write_text(yaml.safe_dump(manifest()))
        args = [sys.executable, "-m", "copbot.sandbox", "--manifest", str(described)]
        args += ["--state", str(tmp_path / "sandbox.db"), *more]
        self.process = subprocess.Popen(
            args, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
        )
        assert self.process.stdout is not None
        lines = [self.process.stdout.readline().strip() for _ in range(5)]
        self.environment: Json = dict(line.split("=", 1) for line in lines)
        self.ws = Workspace(self.environment["SLACK_API_URL"].removesuffix("/api/"))
        self.client = WebClient(
            self.environment["SLACK_BOT_TOKEN"], base_url=self.environment["SLACK_API_URL"], retry_handlers=[]
        )

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.ws.close()
        self.process.send_signal(how)
        code = self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    started = Running(tmp_path, "--no-rates")
    yield started
    if started.process.poll() is None:
        started.end()


def test_it_prints_the_environment_a_bot_needs(running: Running) -> None:
    assert set(running.environment) == {
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SLACK_API_URL",
        "COPBOT_CLOCK_URL",
        "COPBOT_STAFF_CHANNEL",
    }
    assert running.client.auth_test()["ok"]
    assert running.ws.channel("ta-staff").id == running.environment["COPBOT_STAFF_CHANNEL"]
    assert running.end() == 0


def test_what_was_answered_survives_a_kill(running: Running, tmp_path: Path) -> None:
    staff, answered = running.environment["COPBOT_STAFF_CHANNEL"], []

    def posts() -> None:
        try:
            while True:
                answered.append(running.client.chat_postMessage(channel=staff, text="x")["ts"])
        except (OSError, HTTPException):
            return

    def posting() -> threading.Thread:
        thread = threading.Thread(target=posts)
        thread.start()
        return thread

    thread = posting()
    running.ws.waits_for_call("chat.postMessage", count=100)
    running.end(signal.SIGKILL)
    thread.join(20)
    again = Running(tmp_path)
    kept = {m.ts for m in again.ws.channel("ta-staff").messages()}
    again.end()
    assert len(answered) >= 99
    assert set(answered) <= kept


def test_a_taken_port_gives_way_to_the_next() -> None:
    with Sandbox(manifest()) as first:
        port = int(first.url.rsplit(":", 1)[1])
        with Sandbox(manifest(), port=port) as second:
            assert int(second.url.rsplit(":", 1)[1]) > port


# -- the people


def test_the_workspace_holds_every_kind_of_person(ws: Workspace) -> None:
    flags = {flag for person in PEOPLE for flag in person.flags}
    assert {"is_admin", "is_owner", "is_restricted", "is_ultra_restricted", "deleted", "is_bot"} <= flags
    assert 12 <= len(PEOPLE) <= 16
    assert all(person.handle.islower() and len(person.handle) <= 8 for person in PEOPLE)
    assert ws.users().keys() >= {person.handle for person in PEOPLE}


def test_a_single_channel_guest_is_in_one_channel(ws: Workspace) -> None:
    sol, gus = ws.person("sol").id, ws.person("gus").id
    rooms = ws.channels().values()
    assert sum(sol in room["members"] for room in rooms) == 1
    assert sum(gus in room["members"] for room in rooms) == 2


def test_the_staff_channel_is_private_without_guests(ws: Workspace, sandbox: Sandbox) -> None:
    room = ws.channels()["ta-staff"]
    people = {user["id"]: user for user in ws.users().values()}
    assert room["kind"] == "group"
    assert sandbox.environment()["COPBOT_STAFF_CHANNEL"] == room["id"]
    assert not any(people[member]["is_restricted"] for member in room["members"])
