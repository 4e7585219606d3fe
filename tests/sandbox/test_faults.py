"""Faults on demand: each goes wrong the way Slack does, once, where it was asked for."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import RemoteDisconnected
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from copbot.sandbox import web_api
from copbot.sandbox.driver.workspace import Workspace
from copbot.sandbox.faults import KINDS, InjectedFault, kill
from tests.communities.kit import Slack
from tests.days import Sandbox
from tests.sandbox.peer import Bot, error_of, refused

LOST = (RemoteDisconnected, ConnectionError)


@pytest.fixture
def staff(ws: Workspace) -> str:
    return ws.channel("ta-staff").id


@pytest.fixture
def post(bot: Bot, staff: str) -> Callable[..., Any]:
    return lambda text="x", **more: bot.client.chat_postMessage(channel=staff, text=text, **more)


def texts(ws: Workspace) -> list[str]:
    return [m.text() for m in ws.channel("ta-staff").messages()]


def test_an_answer_lost_after_the_effect(ws: Workspace, post: Callable[..., Any]) -> None:
    ws.faults.add("chat.postMessage", kind="answer_lost")
    with pytest.raises(LOST):
        post("once")
    assert texts(ws) == ["once"]
    post("twice")
    assert texts(ws) == ["once", "twice"]


def test_a_reset_before_any_effect(ws: Workspace, post: Callable[..., Any]) -> None:
    ws.faults.add("chat.postMessage", kind="reset")
    with pytest.raises(LOST):
        post()
    assert texts(ws) == []


@pytest.mark.parametrize(("kind", "status"), [("http_500", 500), ("http_503", 503)])
@pytest.mark.parametrize("effect", [False, True])
def test_a_server_error_with_and_without_effect(
    ws: Workspace, post: Callable[..., Any], kind: str, status: int, effect: bool
) -> None:
    ws.faults.add("chat.postMessage", kind=kind, effect=effect)
    assert refused(post).response.status_code == status
    assert len(texts(ws)) == int(effect)


def test_rate_limited_says_when_to_come_back(ws: Workspace, post: Callable[..., Any]) -> None:
    ws.faults.add("chat.postMessage", kind="rate_limited", retry_after=7)
    answer = refused(post).response
    assert (answer.status_code, answer["error"], answer.headers["retry-after"]) == (429, "ratelimited", "7")
    assert texts(ws) == []


def test_a_refusal_of_choice(ws: Workspace, post: Callable[..., Any]) -> None:
    ws.faults.add("chat.postMessage", kind="refuse", error="fatal_error", effect=True)
    assert error_of(post) == "fatal_error"
    assert texts(ws) == ["x"]


def test_hanging_until_the_caller_gives_up(ws: Workspace, sandbox: Sandbox, staff: str) -> None:
    impatient = WebClient(sandbox.bot_token, base_url=sandbox.api_url, timeout=1, retry_handlers=[])
    ws.faults.add("chat.postMessage", kind="hang", seconds=1.5)
    with pytest.raises((TimeoutError, OSError)):
        impatient.chat_postMessage(channel=staff, text="x")
    assert texts(ws) == []


def test_slow_is_only_slow(ws: Workspace, post: Callable[..., Any]) -> None:
    ws.faults.add("chat.postMessage", kind="slow", seconds=0.1)
    assert post()["ok"]
    assert ws.calls("chat.postMessage")[0]["ms"] >= 100


def _shown(bot: Bot, staff: str) -> bool:
    return bool(bot.client.conversations_history(channel=staff)["messages"])


def test_a_message_that_history_shows_only_later(
    ws: Workspace, bot: Bot, staff: str, post: Callable[..., Any]
) -> None:
    ws.faults.add("chat.postMessage", kind="late_visible", seconds=0.3)
    ts = post("late")["ts"]
    assert not _shown(bot, staff)
    assert bot.client.chat_update(channel=staff, ts=ts, text="changed meanwhile")["ok"]
    deadline = time.monotonic() + 5
    while not _shown(bot, staff) and time.monotonic() < deadline:
        pass
    assert bot.client.conversations_history(channel=staff)["messages"][0]["text"] == "changed meanwhile"


def test_an_answer_lost_and_the_message_late(
    ws: Workspace, bot: Bot, staff: str, post: Callable[..., Any]
) -> None:
    ws.faults.add("chat.postMessage", kind="answer_lost", late=5)
    with pytest.raises(LOST):
        post()
    assert texts(ws) == ["x"]
    assert not _shown(bot, staff)


def test_a_fault_picks_its_calls(ws: Workspace, bot: Bot, staff: str, post: Callable[..., Any]) -> None:
    first = post("first")
    ws.faults.add("chat.postMessage", kind="http_500", match={"contains": "TA-2"})
    ws.faults.add("chat.postMessage", kind="http_503", match={"thread": first["ts"]})
    ws.faults.add("chat.postMessage", kind="rate_limited", match={"channel": "general"})
    assert post("TA-1")["ok"]
    assert refused(lambda: post("about TA-2")).response.status_code == 500
    assert refused(lambda: post("reply", thread_ts=first["ts"])).response.status_code == 503
    general = ws.channel("general").id
    assert error_of(lambda: bot.client.chat_postMessage(channel=general, text="x")) == "ratelimited"
    assert ws.faults.waiting() == []


def test_a_fault_matches_a_person_by_name(ws: Workspace, bot: Bot) -> None:
    ws.faults.add("chat.postMessage", kind="http_500", match={"channel": "kim"})
    assert bot.client.chat_postMessage(channel=ws.person("juno").id, text="x")["ok"]
    wrong = lambda: bot.client.chat_postMessage(channel=ws.person("kim").id, text="x")  # noqa: E731
    assert refused(wrong).response.status_code == 500


def test_times_and_every_method(ws: Workspace, bot: Bot, post: Callable[..., Any]) -> None:
    ws.faults.add(kind="http_500", times=3)
    failed = 0
    for call in (bot.client.auth_test, post, bot.client.users_list, bot.client.auth_test):
        try:
            call()
        except SlackApiError:
            failed += 1
    assert failed == 3


def test_faults_can_be_taken_back(ws: Workspace, post: Callable[..., Any]) -> None:
    ws.faults.add(kind="http_500", times=100)
    ws.faults.clear()
    assert post()["ok"]


def test_an_unknown_fault_is_said_aloud(ws: Workspace) -> None:
    with pytest.raises(ValueError, match="http_500"):
        ws.faults.add(kind="gremlins")
    assert {"answer_lost", "hang", "rate_limited", "kill_before", "kill_after", "late_visible"} <= set(KINDS)


def test_the_fault_stands_in_the_list_of_calls(ws: Workspace, post: Callable[..., Any]) -> None:
    ws.faults.add("chat.postMessage", kind="answer_lost")
    with pytest.raises(LOST):
        post()
    entry = ws.calls("chat.postMessage")[0]
    assert (entry["fault"], entry["status"], entry["answer"]["ok"]) == ("answer_lost", 0, True)


# -- killing the caller

CALLER = """
import sys
from slack_sdk import WebClient
WebClient(sys.argv[1], base_url=sys.argv[2], retry_handlers=[]).chat_postMessage(channel=sys.argv[3], text="last words")
print("still here")
"""


def _caller(sandbox: Sandbox, staff: str) -> subprocess.CompletedProcess[str]:
    args = [sys.executable, "-c", CALLER, sandbox.bot_token, sandbox.api_url, staff]
    return subprocess.run(args, capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.parametrize(("kind", "effect"), [("kill_before", []), ("kill_after", ["last words"])])
def test_the_caller_dies_before_or_after_the_effect(
    ws: Workspace, sandbox: Sandbox, staff: str, kind: str, effect: list[str]
) -> None:
    ws.faults.add("chat.postMessage", kind=kind)
    dead = _caller(sandbox, staff)
    assert (dead.returncode, dead.stdout) == (-signal.SIGKILL, "")
    assert texts(ws) == effect


@pytest.mark.parametrize("kind", ["kill_before", "kill_after"])
def test_a_caller_that_has_given_up_leaves_its_death_to_the_next_one(kind: str) -> None:
    world = Slack().world
    world.faults.add(InjectedFault(kind, "chat.postMessage"))
    body = b'{"channel": "C0NOWHERE", "text": "last words"}'
    nobody = web_api.Request("application/json", "Bearer xoxb", body, b"", ports=(1, 2))
    assert asyncio.run(web_api.answer(world, "chat.postMessage", nobody)) == web_api.BROKEN
    assert [fault.kind for fault in world.faults.waiting] == [kind]


def test_a_process_can_be_named(ws: Workspace, bot: Bot, post: Callable[..., Any]) -> None:
    victim = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    ws.faults.add("chat.postMessage", kind="kill_after", pid=victim.pid)
    with pytest.raises(LOST):
        post()
    assert victim.wait(10) == -signal.SIGKILL
    assert victim.stdin is not None
    victim.stdin.close()


def test_the_sandbox_never_kills_itself() -> None:
    for pid in (0, 1, os.getpid()):
        with pytest.raises(ValueError, match="another"):
            kill(pid)
    assert Path("/proc/self").exists()
