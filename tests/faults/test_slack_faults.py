"""Slack fails in every way it knows while a request is on its way: there is exactly one notice afterwards (inv5)."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.faults.bot import holding
from tests.faults.kit import ACK, House, beside
from tests.live import workspace
from tests.waiting import eventually

Fault = dict[str, Any]

FAULTS: dict[str, Fault] = {
    "answer lost": {"kind": "answer_lost"},
    "answer lost, visible late": {"kind": "answer_lost", "late": 0.3},
    "reset before the effect": {"kind": "reset"},
    "500 before the effect": {"kind": "http_500"},
    "500 after the effect": {"kind": "http_500", "effect": True},
    "503 after the effect": {"kind": "http_503", "effect": True},
    "hangs, nothing done": {"kind": "hang", "seconds": 1.2},
    "hangs, done": {"kind": "hang", "seconds": 1.2, "effect": True},
    "slower than our patience": {"kind": "slow", "seconds": 1.2},
    "429 before the effect": {"kind": "rate_limited", "retry_after": 1},
    "429 twice": {"kind": "rate_limited", "retry_after": 1, "times": 2},
    "internal_error, done": {"kind": "refuse", "error": "internal_error", "effect": True},
    "fatal_error, nothing done": {"kind": "refuse", "error": "fatal_error"},
    "service_unavailable, three times": {"kind": "refuse", "error": "service_unavailable", "times": 3},
    "request_timeout, done": {"kind": "refuse", "error": "request_timeout", "effect": True},
    "visible late": {"kind": "late_visible", "seconds": 0.4},
}


def kinds(home: House, ident: int) -> list[str]:
    return sorted(row.kind for row in home.rows() if row.subject == f"request:{ident}" and row.ts)


def test_whatever_happens_to_a_post_it_stands_once_inv5(home: House) -> None:
    """Four requests at a time: each fault meets only the posts of its own request."""
    home.bot()
    cases = [(f"case {number:02}", name, fault) for number, (name, fault) in enumerate(FAULTS.items())]
    while cases:
        at_once, cases = cases[:4], cases[4:]
        asked = {}
        for (words, name, fault), handle in zip(at_once, ("kim", "juno", "noor", "kim"), strict=True):
            for where in ("ta-staff", handle):
                home.ws.faults.add("chat.postMessage", match={"channel": where, "contains": words}, **fault)
            asked[name] = home.asks(handle, need=words)
        home.checked()
        for name, ident in asked.items():
            assert kinds(home, ident) == ["request.notice", "request.receipt"], name
        assert home.ws.faults.waiting() == [], list(asked)


def test_whatever_happens_to_an_update_the_newest_state_stands_inv5(home: House) -> None:
    home.bot()
    for name in (
        "answer lost",
        "reset before the effect",
        "503 after the effect",
        "429 twice",
        "hangs, done",
    ):
        fault = FAULTS[name]
        ident = home.asks("kim", need=name)
        home.quiet()
        home.ws.faults.add("chat.update", match={"channel": "ta-staff"}, **fault)
        home.takes("ravi", ident)
        home.checked()
        assert home.events(ident) == ["received", "take"], name
        home.staff.shows(f"TA-{1000 + ident} · Taken")


def test_slack_fails_at_everything_for_a_while_and_then_has_it_all_once_inv5(home: House) -> None:
    home.bot()
    home.ws.faults.add("*", "http_503", times=6)  # all of them may meet one person, who tries again each time
    first = home.asks("kim")
    second = home.asks("juno")
    home.checked()
    for ident in (first, second):
        assert kinds(home, ident) == ["request.notice", "request.receipt"]


def test_slack_is_gone_after_a_submit_and_comes_back_inv5(
    sqlite_url: str, tmp_path: Any, request: pytest.FixtureRequest
) -> None:
    state = tmp_path / "slack.db"
    with workspace(timing=ACK, state_path=state) as slack:
        home = House(slack, sqlite_url, tmp_path)
        request.addfinalizer(home.end)
        home.bot()
        home.ws.faults.add("chat.postMessage", "http_500", times=2)
        ident = home.asks("kim")
        port = int(slack.url.rpartition(":")[2])
    with workspace(timing=ACK, state_path=state, port=port) as back:
        home.ws = back.workspace()
        home.ws.connected()
        home.checked()
        assert kinds(home, ident) == ["request.notice", "request.receipt"]
        assert home.asks("juno") == ident + 1


# --- one delivery, one effect --------------------------------------------------------------------


@pytest.mark.parametrize("copies", [1, 2])
def test_the_same_form_delivered_again_saves_one_request_inv3(any_home: House, copies: int) -> None:
    any_home.bot()
    person = any_home.fills("kim")
    any_home.ws.faults.duplicate_next("interactive", copies)
    assert person.submits().updated
    any_home.checked()
    assert len(any_home.requests()) == 1
    assert len(any_home.rows("request.notice")) == len(any_home.rows("request.receipt")) == 1


def test_the_same_press_delivered_again_moves_it_once_inv3(any_home: House) -> None:
    any_home.bot()
    ident = any_home.asks("kim")
    any_home.quiet()
    any_home.ws.faults.duplicate_next("interactive", 2)
    any_home.takes("ravi", ident)
    any_home.checked()
    assert any_home.events(ident) == ["received", "take"]
    assert len(any_home.rows("request.told")) == 1


def test_words_added_once_and_delivered_again_stand_once_inv3(any_home: House) -> None:
    """An addition has no key of its own: only the claim keeps it single."""
    any_home.bot()
    ident = any_home.asks("kim")
    any_home.quiet()
    kim = any_home.person("kim")
    kim.closes()
    kim.clicks("Add details", in_="dm", text=f"TA-{1000 + ident}")
    kim.modal(text="What would you like to add").fills(text="And a sharps box.")
    any_home.ws.faults.duplicate_next("interactive", 2)
    any_home.sends(kim)
    any_home.checked()
    assert any_home.events(ident) == ["received", "add_words"]


def test_the_same_command_delivered_again_opens_one_form(home: House) -> None:
    home.bot()
    home.ws.faults.duplicate_next("command", 1)
    person = home.person("kim").types("/ta", channel="general")
    person.modal()
    home.ws.waits_for_call("views.open", 2)
    assert person.depth() == 1


def test_the_same_event_three_times_has_one_effect_inv3(any_home: House) -> None:
    home = any_home
    home.bot()
    ident = home.asks("kim")
    home.quiet()
    [notice] = home.rows("request.notice")
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "channel": notice.channel,
        "channel_type": "group",
        "deleted_ts": notice.ts,
        "ts": notice.ts,
    }
    body = {"type": "event_callback", "event_id": "Ev0DOUBLE", "team_id": "T0SANDBOX1", "event": event}
    for attempt in range(3):
        assert home.ws.faults.raw(body, kind="events_api", attempt=attempt)["acked"]
        home.quiet()
    posts = [call for call in home.ws.calls("chat.postMessage") if call["args"]["channel"] == notice.channel]
    assert len(posts) == 2  # the first, and one anew because of the first delivery
    assert home.state(ident) == "new"


@pytest.mark.parametrize("again", ["delivered again", "pressed again"])
def test_the_socket_breaks_between_commit_and_ack_inv3(home: House, again: str) -> None:
    """The listener waits for the database; meanwhile its connection goes; then it saves and cannot say so."""
    home.bot()
    person = home.fills("kim")
    with holding(home.file) as let_go:

        def lose_the_socket() -> None:
            eventually(lambda: not home.ws.envelopes()[-1]["acked"], "the form to be on its way")
            if again == "pressed again":
                home.ws.faults.add("apps.connections.open", "http_500", times=99)
            home.ws.faults.socket_drop()
            let_go()
            eventually(home.requests, "the request to be saved")
            if again == "pressed again":
                eventually(person.error, "the person to see that it failed")
            home.ws.faults.clear()

        with beside(lose_the_socket):
            home.sends(person)
    home.checked()
    assert len(home.requests()) == 1
    person.modal(text="was already saved")


def test_a_connection_replaced_in_the_middle_of_work_loses_nothing(home: House) -> None:
    home.bot()
    people = [home.fills(handle) for handle in ("kim", "juno", "noor")]

    def turn_over(times: int = 3) -> None:
        for _ in range(times):
            home.ws.faults.refresh()
            home.ws.connected()

    with beside(turn_over):
        for person in people:
            home.sends(person)
    home.checked()
    assert len(home.requests()) == 3


def test_a_call_cut_off_in_its_middle_is_no_call(home: House) -> None:
    """What a killed process leaves on the wire has no effect in Slack, and so none here."""
    where = urlsplit(home.sandbox.api_url)
    head = (
        f"POST {where.path}chat.postMessage HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {home.sandbox.bot_token}\r\nContent-Length: 500\r\n\r\n"
    )
    with socket.create_connection((where.hostname, where.port)) as wire:
        wire.sendall(head.encode() + b'{"channel": "C')
        wire.shutdown(socket.SHUT_WR)
        assert wire.recv(100) == b""
    assert home.ws.calls("chat.postMessage") == []
    assert home.ws.refusals() == []
