"""A look-up concludes from whole, well-formed answers only, and has a bound, a pace and a lease (invariant 5)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from copbot.delivery import service
from copbot.delivery.lookup import find
from copbot.delivery.rules import MOST_LOOK_PAGES, MOST_LOOK_STEPS
from copbot.slack.gateway import Gateway
from tests.delivery.kit import NOON, QUICK, House

pytestmark = pytest.mark.usefixtures("unpaced")


def test_the_look_up_reads_every_page_inv5(sqlite_house: House) -> None:
    house = sqlite_house
    house.say("request:0", to="general")
    house.work()
    house.ws.faults.add("chat.postMessage", "answer_lost")
    house.say("request:1", to="general")
    house.step()
    kim = house.ws.person("kim")
    for n in range(205):
        kim.says(f"talk {n}", in_="general")
    house.work(within=30)
    assert house.calls("conversations.history") == 2
    assert [text for text in house.seen("general") if "about" in text] == [
        "about request:0",
        "about request:1",
    ]


def test_only_our_own_posts_count_as_found_inv5(sqlite_house: House) -> None:
    house = sqlite_house
    ident = house.say("request:1")
    house.work()
    row = house.row(ident)
    where: dict[str, Any] = {
        "channel": str(row.channel),
        "thread_ts": None,
        "uid": row.uid,
        "since": None,
        "timeout": 2.0,
    }
    where["between"] = lambda: None
    assert find(house.gateway, **where).copies == (row.ts,)
    house.gateway.bot_user, house.gateway.bot_id = "U0SOMEBODY", "B0SOMEBODY"
    assert find(house.gateway, **where).copies == ()


@pytest.mark.parametrize(
    "body",
    [
        '{"ok": true}',
        '{"ok": true, "messages": null}',
        '{"ok": true, "messages": {}}',
        '{"ok": true, "messages": [null]}',
        '{"ok": true, "messages": [{"type": "message"}]}',
        '{"ok": true, "messages": [], "has_more": true}',
        '{"ok": true, "messages": [], "has_more": true, "response_metadata": {"next_cursor": ""}}',
        '{"ok": true, "messages": [], "response_metadata": {"next_cursor": 7}}',
    ],
)
def test_only_a_whole_answer_says_that_a_message_is_absent_inv5(sqlite_house: House, body: str) -> None:
    house = sqlite_house
    house.ws.faults.add("chat.postMessage", "answer_lost")
    house.ws.faults.add("conversations.history", "garbled", body=body, times=2)
    house.say("request:1")
    house.work()
    assert house.seen() == ["about request:1"]
    assert house.calls("chat.postMessage") == 1
    assert house.calls("conversations.history") == 3


def test_a_conversation_that_slack_does_not_name_is_asked_for_again_inv5(sqlite_house: House) -> None:
    house = sqlite_house
    house.ws.faults.add("chat.postMessage", "answer_lost")
    house.ws.faults.add("conversations.open", "garbled", body='{"ok": true}')
    house.say("request:1", to="kim")
    house.work()
    assert house.dm("kim") == ["about request:1"]
    assert house.calls("chat.postMessage") == 1


class Endless:
    """A gateway whose lists never end, though every page has a cursor of its own."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self.bot_user, self.bot_id = gateway.bot_user, gateway.bot_id
        self.pages = 0

    def call(self, method: str, /, **args: Any) -> dict[str, Any]:
        if method != "conversations.history":
            return self._gateway.call(method, **args)
        self.pages += 1
        return {"ok": True, "messages": [], "response_metadata": {"next_cursor": f"page{self.pages}"}}


def test_a_history_without_end_is_left_and_stops_nobody_else_inv5(sqlite_house: House) -> None:
    house = sqlite_house
    endless = Endless(house.gateway)
    house.sender = house.another(gateway=endless)
    house.ws.faults.add("chat.postMessage", "answer_lost")
    ident = house.say("request:1")
    house.step()
    house.say("request:2")
    house.work()
    assert house.seen() == ["about request:1", "about request:2"]
    assert (house.row(ident).state, house.row(ident).reason) == ("dead", "unsure_endless")
    assert endless.pages <= MOST_LOOK_PAGES * (MOST_LOOK_STEPS + 1)


def test_a_look_up_keeps_its_pace_and_ends_with_its_lease_inv5(sqlite_house: House) -> None:
    house = sqlite_house
    endless = Endless(house.gateway)
    slow = replace(QUICK, lease=2.4, http_timeout=2.0, between_pages=0.1)
    house.sender = house.another(gateway=endless, timing=slow)
    house.ws.faults.add("chat.postMessage", "answer_lost")
    ident = house.say("request:1")
    house.step()
    house.step()
    assert 2 <= endless.pages <= 5
    row = house.row(ident)
    assert (row.state, row.look_at is not None and row.look_at > row.attempted) == ("unsure", True)


def test_a_look_up_that_may_not_look_leaves_a_dead_letter_rather_than_a_double_inv5(house: House) -> None:
    house.ws.faults.add("chat.postMessage", "answer_lost")
    house.ws.faults.add("conversations.history", "refuse", error="missing_scope")
    ident = house.say("request:1")
    house.work()
    assert (house.row(ident).state, house.row(ident).reason) == ("dead", "unsure_missing_scope")
    with house.store.writing() as session:
        service.retry_dead(session, ident, now=NOON)
    house.work()
    assert house.seen() == ["about request:1"]
    assert house.calls("chat.postMessage") == 1


@pytest.mark.parametrize("kind", ["http_500", "rate_limited", "answer_lost"])
def test_a_look_up_that_fails_is_repeated_inv5(sqlite_house: House, kind: str) -> None:
    house = sqlite_house
    house.ws.faults.add("chat.postMessage", "answer_lost")
    house.ws.faults.add("conversations.history", kind)
    house.say("request:1")
    house.work()
    assert house.seen() == ["about request:1"]
    assert house.calls("conversations.history") == 2
