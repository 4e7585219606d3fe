"""What Slack refuses for good, and what became of a message meanwhile: told, listed, tried again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from copbot.delivery import sections, service
from copbot.errors import Conflict
from copbot.store import Session
from tests.delivery.kit import NOON, House
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("unpaced")


def test_a_notice_deleted_by_somebody_is_posted_anew_when_it_changes(house: House) -> None:
    ident = house.say("request:1", to="general")
    house.work()
    house.ws.person("ines").deletes(house.messages("general")[0])
    house.words.of["request:1"] = "changed"
    house.refresh("request:1")
    house.work()
    assert house.seen("general") == ["changed"]
    assert house.row(ident).ts == house.messages("general")[0].ts


@pytest.mark.parametrize("code", ["edit_window_closed", "cant_update_message"])
def test_what_may_not_be_edited_any_more_is_told_in_its_thread(sqlite_house: House, code: str) -> None:
    house = sqlite_house
    house.say("request:1")
    house.work()
    house.ws.faults.add("chat.update", "refuse", error=code)
    for words in ("changed", "changed again"):
        house.words.of["request:1"] = words
        house.refresh("request:1")
        house.work()
    root, reply = house.messages()
    assert (root.text(), reply.text()) == ("about request:1", "changed again")
    assert reply.thread_ts == root.ts
    with house.store.reading() as session:
        where = service.posted(session, "note", "request:1")
    assert where is not None
    assert (where.ts, where.thread_ts) == (reply.ts, root.ts)


def test_a_reply_whose_thread_is_refused_goes_to_the_channel(sqlite_house: House) -> None:
    house = sqlite_house
    first = house.say("request:1")
    house.work()
    house.ws.faults.add("chat.postMessage", "refuse", error="restricted_action_thread_locked")
    house.say("reply:1", thread_of=first)
    house.work()
    assert house.messages()[-1].text() == "about reply:1"
    assert house.messages()[-1].thread_ts == ""


def test_a_public_channel_is_joined_when_that_is_all_that_is_missing(sqlite_house: House) -> None:
    house = sqlite_house
    house.say("request:1", to="overdose-response")
    house.work()
    assert house.seen("overdose-response") == ["about request:1"]
    assert house.calls("conversations.join") == 1


def test_dead_letters_are_listed_page_by_page_and_can_be_tried_again(house: House) -> None:
    house.ws.admin.archive("general")
    idents = [house.say(f"request:{n}", to="general", urgent=True) for n in range(12)]
    house.work()
    with house.store.reading() as session:
        first = service.dead_letters(session)
        second = service.dead_letters(session, first.next)
    assert [letter.id for letter in (*first.items, *second.items)] == idents
    assert (len(first.items), second.next) == (10, None)
    assert {letter.code for letter in first.items} == {"is_archived"}
    assert house.sender.measures()["messages_undelivered"] == 12
    assert (first.items[0].kind, first.items[0].subject) == ("note", "request:0")
    house.ws.admin.unarchive("general")
    with house.store.writing() as session:
        service.retry_dead(session, idents[3], now=NOON)
    with pytest.raises(Conflict), house.store.writing() as session:
        service.retry_dead(session, idents[3], now=NOON)
    house.work()
    assert [words for words in house.seen("general") if "about" in words] == ["about request:3"]


def test_letters_that_the_reader_may_not_see_hide_none_of_the_others_in_home(sqlite_house: House) -> None:
    house = sqlite_house
    house.ws.admin.archive("general")
    for n in range(13):
        house.say(f"request:{n}", to="general", urgent=True)
    house.work()

    def names(_session: Session, subjects: Iterable[str]) -> dict[str, str | None]:
        known = {f"request:{n}": None if n < 6 else f"TA-{n}" for n in range(13)}
        return {each: known[each] for each in subjects}

    with house.store.reading() as session:
        call: Any = SimpleNamespace(session=session)
        shown = str(sections.dead_letters(call, names=names))
    assert [n for n in range(13) if f"TA-{n})" in shown] == [6, 7, 8, 9, 10]
    assert "There are more." in shown


def test_dead_letters_are_found_by_what_they_are_about_however_many_others_there_are(
    sqlite_house: House,
) -> None:
    house = sqlite_house
    house.ws.admin.archive("general")
    for n in range(12):
        house.say(f"other:{n}", to="general", urgent=True)
    house.say("community:1", to="general", urgent=True)
    house.say("community:1", to="general", kind="unknown", key="another", urgent=True)
    house.work()
    with house.store.reading() as session:
        about = service.dead_letters_about(session, ["community:1", "community:2"])
        welcome = service.dead_letters_about(session, ["community:1"], kind="note")
    assert [(each.kind, each.code) for each in about] == [("note", "is_archived"), ("unknown", "no_renderer")]
    assert [each.kind for each in welcome] == ["note"]


@pytest.mark.parametrize("code", ["account_inactive", "invalid_auth", "token_revoked"])
def test_a_shut_out_app_stops_sending_says_so_and_loses_nothing(sqlite_house: House, code: str) -> None:
    house = sqlite_house
    house.ws.faults.add("chat.postMessage", "refuse", error=code)
    house.ws.faults.add("auth.test", "refuse", error=code, times=2)
    ident = house.say("request:1")
    house.step()
    assert house.sender.trouble == code
    assert house.row(ident).state == "due"
    assert not house.sender.turn()
    house.work()
    assert house.sender.trouble is None
    assert house.seen() == ["about request:1"]
    assert house.calls("chat.postMessage") == 2, "meanwhile the token is tried, and no message"
    assert house.calls("auth.test") == 4  # hello, the refusal's own, one that is refused, one that is well


def test_an_app_let_in_again_says_so_although_nothing_is_left_to_send(sqlite_house: House) -> None:
    house = sqlite_house
    house.ws.faults.add("chat.postMessage", "refuse", error="token_revoked")
    house.ws.faults.add("auth.test", "refuse", error="token_revoked")
    house.say("request:1")
    house.step()
    house.unsay("request:1")
    assert house.sender.trouble == "token_revoked"
    eventually(lambda: not house.sender.turn() and house.sender.trouble is None)


@pytest.mark.parametrize("step", ["post", "update", "delete", "look"])
def test_a_recipient_whose_account_is_gone_costs_only_their_own_message(
    sqlite_house: House, step: str
) -> None:
    house = sqlite_house
    method = {"post": "chat.postMessage", "look": "conversations.open"}.get(step, f"chat.{step}")
    if step == "look":
        house.ws.faults.add("chat.postMessage", "answer_lost")
    elif step != "post":
        house.say("request:1", to="kim")
        house.work()
    house.ws.faults.add(method, "refuse", error="account_inactive")
    asked = house.calls("auth.test")
    ident = house.say("request:1", to="kim")
    if step == "update":
        house.refresh("request:1")
    if step == "delete":
        house.unsay("request:1")
    house.say("request:2")
    house.work()
    assert house.row(ident).state == "dead"
    assert "account_inactive" in house.row(ident).reason
    assert house.seen() == ["about request:2"]
    assert house.sender.trouble is None
    assert house.calls("auth.test") == asked + 1


@pytest.mark.parametrize("fault", ["http_500", "rate_limited", "reset"])
def test_while_the_token_cannot_be_tried_nothing_is_concluded(sqlite_house: House, fault: str) -> None:
    house = sqlite_house
    house.ws.faults.add("chat.postMessage", "refuse", error="account_inactive")
    house.ws.faults.add("auth.test", fault)
    ident = house.say("request:1", to="kim")
    house.step()
    assert (house.row(ident).state, house.sender.trouble) == ("due", None)
    house.work()
    assert house.dm("kim") == ["about request:1"]


def test_after_a_restore_what_is_unsent_is_looked_up_first_inv5(house: House) -> None:
    house.clock.at = datetime.fromtimestamp(
        house.ws.clock.now(), UTC
    )  # the look-up goes by when the message was said
    sent, unsent = house.say("request:1", urgent=True), house.say("request:2", urgent=True)
    house.step()
    with house.store.writing() as session:  # the copy was made before the first was sent
        row = house.row(sent)
        row.state, row.ts, row.shown, row.since, row.sent_at = "due", None, 0, None, None
        session.merge(row)
    with house.store.writing() as session:
        assert service.restored(session, now=house.clock.at) == 2
    house.work()
    assert sorted(house.seen()) == ["about request:1", "about request:2"]
    assert house.row(unsent).state == "shown"
    assert house.calls("chat.postMessage") == 2
