"""Whatever goes wrong on the way, the message stands once afterwards (invariants 2 and 5)."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import replace

import pytest

from copbot.errors import Busy
from copbot.slack.gateway import Gateway
from copbot.store import Store
from tests.days import Sandbox
from tests.delivery.kit import MANIFEST, QUICK, House
from tests.waiting import at_most

pytestmark = pytest.mark.usefixtures("unpaced")
IMPATIENT = replace(QUICK, http_timeout=0.3)


@pytest.mark.parametrize("kind", ["answer_lost", "http_500", "http_503", "reset"])
def test_a_post_of_unknown_outcome_is_looked_up_and_stands_once_inv5(house: House, kind: str) -> None:
    house.ws.faults.add("chat.postMessage", kind)
    ident = house.say("request:1")
    house.step()
    assert house.row(ident).state == "unsure"
    house.work()
    assert house.seen() == ["about request:1"]
    assert house.row(ident).ts == house.messages()[0].ts
    assert house.calls("conversations.history") >= 1
    assert house.calls("chat.postMessage") == (1 if kind == "answer_lost" else 2)


@pytest.mark.parametrize("effect", [True, False])
@pytest.mark.parametrize("body", ["<html>Just a moment</html>", "", '{"ok": true}'])
def test_an_answer_that_does_not_say_where_it_stands_is_looked_up_inv5(
    sqlite_house: House, body: str, effect: bool
) -> None:
    house = sqlite_house
    house.ws.faults.add("chat.postMessage", "garbled", body=body, effect=effect)
    ident = house.say("request:1")
    house.step()
    assert house.row(ident).state == "unsure"
    house.work()
    assert house.seen() == ["about request:1"]
    assert house.calls("chat.postMessage") == (1 if effect else 2)


@pytest.mark.parametrize("effect", [True, False])
def test_a_slack_that_hangs_is_left_after_the_timeout_inv5(house: House, effect: bool) -> None:
    sender = house.another(timing=IMPATIENT)
    house.ws.faults.add("chat.postMessage", "hang", seconds=30.0, effect=effect)
    house.say("request:1")
    began = time.monotonic()
    assert sender.turn()
    assert time.monotonic() - began < at_most(2.5)
    house.work()
    assert house.seen() == ["about request:1"]


@pytest.mark.parametrize("error", ["internal_error", "fatal_error", "request_timeout", "service_unavailable"])
def test_slacks_own_errors_may_have_had_an_effect_inv5(sqlite_house: House, error: str) -> None:
    house = sqlite_house
    house.ws.faults.add("chat.postMessage", "refuse", error=error, effect=True)
    house.say("request:1")
    house.work()
    assert house.seen() == ["about request:1"]
    assert house.calls("chat.postMessage") == 1


def test_nothing_is_looked_up_before_its_time_inv5(sqlite_house: House) -> None:
    house = sqlite_house
    sender = house.another(timing=replace(QUICK, look_after=30.0))
    house.ws.faults.add("chat.postMessage", "answer_lost")
    ident = house.say("request:1")
    assert sender.turn()
    assert not sender.turn()
    row = house.row(ident)
    assert row.look_at is not None
    assert row.look_at - row.attempted == pytest.approx(30.0)
    assert house.calls("conversations.history") == 0


def test_a_copy_that_shows_up_late_costs_the_younger_one_inv5(house: House) -> None:
    house.sender = house.another(timing=replace(QUICK, recheck_after=1.2))
    house.ws.faults.add("chat.postMessage", "answer_lost", late=0.8)
    ident = house.say("request:1")
    house.work()
    assert house.calls("chat.postMessage") == 2
    assert house.calls("chat.delete") == 1
    [standing] = house.messages()
    deleted = house.ws.calls("chat.delete")[0]["args"]["ts"]
    assert standing.ts < deleted
    assert house.row(ident).ts == standing.ts


def test_the_copy_our_reply_hangs_on_stays_inv5(sqlite_house: House) -> None:
    house = sqlite_house
    house.sender = house.another(timing=replace(QUICK, recheck_after=1.2))
    house.ws.faults.add("chat.postMessage", "answer_lost", late=0.8)
    first = house.say("request:1", urgent=True)
    house.say("reply:1", thread_of=first, urgent=True)
    house.work()
    root, reply = house.messages()
    assert (root.text(), reply.text()) == ("about request:1", "about reply:1")
    assert reply.thread_ts == root.ts == house.row(first).ts


def test_a_lost_direct_message_is_looked_for_in_its_conversation_inv5(house: House) -> None:
    house.ws.faults.add("chat.postMessage", "answer_lost")
    ident = house.say("request:1", to="kim")
    house.work()
    assert house.dm("kim") == ["about request:1"]
    assert house.calls("conversations.open") == 1
    assert str(house.row(ident).channel).startswith("D")


def test_a_lost_reply_is_looked_for_in_its_thread_inv5(house: House) -> None:
    first = house.say("request:1")
    house.work()
    house.ws.faults.add("chat.postMessage", "answer_lost")
    house.say("reply:1", thread_of=first)
    house.work()
    assert house.seen() == ["about request:1", "about reply:1"]
    assert house.calls("conversations.replies") == 1
    assert house.calls("conversations.history") == 0


def test_taken_back_while_its_outcome_is_unknown_it_is_found_and_deleted(house: House) -> None:
    house.ws.faults.add("chat.postMessage", "answer_lost")
    ident = house.say("request:1")
    house.step()
    house.unsay("request:1")
    house.work()
    assert house.seen() == []
    assert house.row(ident).state == "gone"


def test_taken_back_it_is_looked_for_once_more_before_it_counts_as_gone(house: House) -> None:
    house.sender = house.another(timing=replace(QUICK, recheck_after=1.2))
    house.ws.faults.add("chat.postMessage", "answer_lost", late=0.8)
    ident = house.say("request:1")
    house.step()
    house.unsay("request:1")
    house.work()
    assert house.seen() == []
    assert house.row(ident).state == "gone"
    assert house.calls("chat.delete") == 1


@pytest.mark.parametrize("kind", ["answer_lost", "http_500", "reset"])
def test_an_update_of_unknown_outcome_is_just_repeated_inv5(house: House, kind: str) -> None:
    house.say("request:1")
    house.work()
    house.ws.faults.add("chat.update", kind, times=2)
    house.words.of["request:1"] = "changed"
    house.refresh("request:1")
    house.work()
    assert house.seen() == ["changed"]
    assert house.calls("chat.update") == 3
    assert house.calls("conversations.history") == 0


def test_a_deletion_of_unknown_outcome_is_just_repeated_inv5(house: House) -> None:
    ident = house.say("request:1")
    house.work()
    house.ws.faults.add("chat.delete", "answer_lost")
    house.unsay("request:1")
    house.work()
    assert house.seen() == []
    assert house.row(ident).state == "gone"


@pytest.mark.both_databases
def test_a_429_pauses_the_method_for_everybody_and_nothing_is_looked_up_inv5(house: House) -> None:
    standing = house.say("request:0")
    house.work()
    house.ws.faults.add("chat.postMessage", "rate_limited", retry_after=1)
    house.say("request:1", urgent=True)
    house.say("request:2", to="kim", urgent=True)
    other = house.another()
    began = time.monotonic()
    house.step()
    house.words.of["request:0"] = "changed"
    house.refresh("request:0")
    assert other.turn()  # another method goes on
    assert not other.turn()
    assert house.row(standing).shown == 2
    house.work()
    assert time.monotonic() - began >= 1.0
    assert house.seen() == ["changed", "about request:1"]
    assert house.calls("conversations.history") == 0
    assert house.sender.counts.rate_limited == 1


def test_an_unreachable_slack_is_asked_less_and_less_and_nothing_is_looked_up_inv5(store: Store) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    gateway = Gateway("xoxb-1000000000-2000000000-sandbox", base_url=f"http://127.0.0.1:{port}/api/")
    with Sandbox(MANIFEST, enforce_rates=False) as elsewhere:
        house = House(store, elsewhere.workspace(), gateway, replace(QUICK, backoff=0.2))
        ident = house.say("request:1")  # ids are the same in every new workspace
    assert house.sender.turn()
    assert not house.sender.turn()  # left alone for a while
    row = house.row(ident)
    assert (row.state, row.since, row.look_at) == ("due", None, None)
    with Sandbox(MANIFEST, port=port, enforce_rates=False) as back:
        house.ws = back.workspace()
        house.work()
        assert house.seen() == ["about request:1"]
        assert house.calls("conversations.history") == 0


def test_a_429_on_the_way_in_holds_up_only_that_channel(sqlite_house: House) -> None:
    house = sqlite_house
    house.ws.faults.add("conversations.join", "rate_limited", retry_after=1)
    house.say("request:1", to="general", urgent=True)
    house.step()
    house.say("request:2", urgent=True)
    house.step()
    assert house.seen() == ["about request:2"]
    assert house.seen("general") == []
    house.work()
    assert house.seen("general") == ["about request:1"]
    assert house.calls("conversations.history") == 0


def test_an_unknown_outcome_of_joining_is_no_unknown_post_inv5(sqlite_house: House) -> None:
    house = sqlite_house
    house.ws.faults.add("conversations.join", "answer_lost")
    house.say("request:1", to="general")
    house.work()
    assert house.seen("general") == ["about request:1"]
    assert house.calls("conversations.history") == 0


def test_a_private_channel_we_are_not_in_is_a_dead_letter(sqlite_house: House) -> None:
    house = sqlite_house
    closed = house.ws.admin.add_channel("closed-room", private=True, members=("kim",))
    ident = house.say("request:1", to=closed)
    house.work()
    assert (house.row(ident).state, house.row(ident).reason) == ("dead", "channel_not_found")


@pytest.mark.both_databases
def test_a_database_too_busy_to_draw_from_only_postpones_inv5(house: House) -> None:
    house.words.of["request:1"] = Busy("later")
    ident = house.say("request:1")
    house.step()
    row = house.row(ident)
    assert (row.state, row.since, row.reason) == ("due", None, "")
    assert row.wait_until > row.attempted
    house.words.of["request:1"] = "about request:1"
    house.work()
    assert house.seen() == ["about request:1"]
    assert house.calls("conversations.history") == 0


def test_an_outcome_is_written_down_as_soon_as_the_database_lets_us_inv5(sqlite_house: House) -> None:
    house = sqlite_house
    ident = house.say("request:1")
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with house.store.writing():
            held.set()
            let_go.wait(10)

    holder = threading.Thread(target=hold)

    def take_the_database(subject: str) -> None:
        holder.start()
        assert held.wait(10)

    house.words.during = take_the_database
    sending = threading.Thread(target=house.sender.turn)
    sending.start()
    house.ws.waits_for_call("chat.postMessage")
    sending.join(2.5)  # longer than a transaction waits for its turn
    assert sending.is_alive()
    let_go.set()
    sending.join(10)
    holder.join(10)
    assert house.row(ident).state == "shown"
    assert house.calls("chat.postMessage") == 1
