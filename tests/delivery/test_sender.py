"""The sender against a strict Slack: what is said arrives once, stays true, and goes when it is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from copbot.delivery import service
from copbot.program.profile import load
from copbot.program.settings import edits
from copbot.slack.answers import Nothing
from tests.delivery.kit import NOON, House
from tests.program.editing import ADA
from tests.waiting import eventually

pytestmark = pytest.mark.usefixtures("unpaced")


def test_a_said_message_arrives_once(house: House) -> None:
    ident = house.say("request:1")
    house.work()
    assert house.seen() == ["about request:1"]
    row = house.row(ident)
    assert (row.state, row.shown, row.channel) == ("shown", 1, house.place("ta-staff"))
    assert house.messages()[0].ts == row.ts


def test_a_message_to_a_person_lands_in_their_conversation_and_is_changed_there(house: House) -> None:
    ident = house.say("request:1", to="kim")
    house.work()
    row = house.row(ident)
    assert row.channel is not None
    assert row.channel.startswith("D")
    house.words.of["request:1"] = "changed"
    house.refresh("request:1")
    house.work()
    assert house.dm("kim") == ["changed"]


def test_the_post_carries_its_uid_and_unfurls_nothing(sqlite_house: House) -> None:
    house = sqlite_house
    ident = house.say("request:1")
    house.work()
    args = house.ws.calls("chat.postMessage")[0]["args"]
    assert house.row(ident).uid in str(args["metadata"])
    assert "request:1" not in str(args["metadata"])
    assert (args["unfurl_links"], args["unfurl_media"]) == (False, False)
    assert house.words.looks[0].uid == house.row(ident).uid
    assert house.words.looks[0].now == NOON


def test_many_changes_before_a_send_are_one_post(house: House) -> None:
    house.say("request:1")
    for n in range(5):
        house.words.of["request:1"] = f"state {n}"
        house.refresh("request:1")
    house.work()
    assert house.seen() == ["state 4"]
    assert house.calls("chat.postMessage") == 1
    assert house.calls("chat.update") == 0


@pytest.mark.both_databases
def test_a_change_while_the_call_is_under_way_is_shown_too(house: House) -> None:
    def change(subject: str) -> None:
        house.words.during = lambda _: None
        house.words.of[subject] = "after"
        house.refresh(subject)

    house.words.of["request:1"] = "before"
    house.say("request:1")
    house.words.during = change
    house.work()
    assert house.seen() == ["after"]


def test_what_is_taken_back_before_it_was_sent_is_never_sent(house: House) -> None:
    ident = house.say("request:1")
    house.unsay("request:1")
    house.work()
    assert house.seen() == []
    assert house.row(ident).state == "gone"
    assert house.calls("chat.postMessage") == 0


def test_what_stands_is_deleted_when_it_is_taken_back(house: House) -> None:
    ident = house.say("request:1")
    house.work()
    house.unsay("request:1")
    house.work()
    assert house.seen() == []
    assert house.row(ident).state == "gone"


def test_taking_back_while_it_is_being_posted_leaves_nothing(house: House) -> None:
    house.say("request:1")
    house.words.during = house.unsay
    house.work()
    assert house.seen() == []
    assert house.calls("chat.delete") == 1


def test_what_we_delete_may_already_be_gone(sqlite_house: House) -> None:
    house = sqlite_house
    ident = house.say("request:1", to="general")
    house.work()
    house.ws.person("ines").deletes(house.messages("general")[0])
    house.unsay("request:1")
    house.work()
    assert house.row(ident).state == "gone"


def test_nothing_to_show_says_why_and_a_change_tries_again(house: House) -> None:
    house.words.of["digest:1"] = Nothing("no new resources")
    ident = house.say("digest:1")
    house.work()
    assert (house.row(ident).state, house.row(ident).reason) == ("nothing", "no new resources")
    house.words.of["digest:1"] = "two resources"
    house.refresh("digest:1")
    house.work()
    assert house.seen() == ["two resources"]


def test_nothing_left_to_show_takes_a_standing_message_away_and_a_change_brings_it_back(house: House) -> None:
    ident = house.say("request:1")
    house.work()
    house.words.of["request:1"] = Nothing("erased")
    house.refresh("request:1")
    house.work()
    assert house.seen() == []
    assert (house.row(ident).state, house.row(ident).reason) == ("nothing", "erased")
    house.words.of["request:1"] = "here again"
    house.refresh("request:1")
    house.work()
    assert house.seen() == ["here again"]


def test_a_message_waits_for_its_time(house: House) -> None:
    house.say("event:1", due_at=NOON + timedelta(hours=1))
    assert not house.sender.turn()
    house.clock.at = NOON + timedelta(hours=1)
    house.work()
    assert house.seen() == ["about event:1"]


def test_a_change_at_a_coming_moment_happens_then_and_once(house: House) -> None:
    house.say("request:1")
    house.work()
    house.refresh("request:1", at=NOON + timedelta(hours=4))
    house.refresh("request:1", at=NOON + timedelta(hours=4))
    house.words.of["request:1"] = "overdue"
    house.work()
    assert house.seen() == ["about request:1"]
    house.clock.at = NOON + timedelta(hours=5)
    house.work()
    assert house.seen() == ["overdue"]
    assert house.calls("chat.update") == 1


@pytest.mark.both_databases
def test_messages_of_one_destination_arrive_in_order(house: House) -> None:
    for n in range(6):
        house.say(f"request:{n}", urgent=True)
    house.say("request:early", due_at=NOON - timedelta(minutes=1), urgent=True)
    house.work()
    assert house.seen() == ["about request:early", *(f"about request:{n}" for n in range(6))]


def test_urgent_goes_before_what_is_not(house: House) -> None:
    house.say("digest:1", urgent=False)
    house.say("request:1", urgent=True)
    house.work()
    assert house.seen() == ["about request:1", "about digest:1"]


def test_a_reply_waits_for_its_thread_and_goes_into_it(house: House) -> None:
    first = house.say("request:1", due_at=NOON + timedelta(minutes=5))
    house.say("reply:1", thread_of=first)
    assert not house.sender.turn()
    house.clock.at = NOON + timedelta(minutes=5)
    house.work()
    root, reply = house.messages()
    assert (root.text(), reply.text()) == ("about request:1", "about reply:1")
    assert reply.thread_ts == root.ts


def test_a_reply_to_a_reply_goes_into_the_same_thread(sqlite_house: House) -> None:
    house = sqlite_house
    first = house.say("request:1")
    second = house.say("reply:1", thread_of=first)
    house.say("reply:2", thread_of=second)
    house.work()
    root, *replies = house.messages()
    assert [reply.thread_ts for reply in replies] == [root.ts, root.ts]


def test_a_reply_whose_thread_will_never_stand_goes_to_the_channel(house: House) -> None:
    house.words.of["request:1"] = Nothing("erased")
    first = house.say("request:1")
    house.say("reply:1", thread_of=first)
    house.work()
    assert house.seen() == ["about reply:1"]
    assert house.messages()[0].thread_ts == ""


def test_unasked_messages_obey_the_quota_of_the_person(house: House) -> None:
    sent = []
    for day in range(8):
        house.clock.at = NOON + timedelta(days=day)
        sent += [house.say(f"digest:{day}.{n}", to="kim", unasked=True, urgent=True) for n in range(2)]
        house.work()
    assert house.dm("kim") == [f"about digest:{day}.0" for day in (0, 1, 2, 7)]
    fell = house.row(sent[1])
    assert (fell.state, fell.reason) == ("nothing", "quota")
    house.refresh("digest:0.1")
    house.work()
    assert house.row(sent[1]).state == "nothing"


@pytest.mark.parametrize(("zone", "arrive"), [("America/Chicago", 1), ("Pacific/Kiritimati", 2)])
def test_a_day_of_the_quota_is_one_where_the_programme_is_now(
    sqlite_house: House, zone: str, arrive: int
) -> None:
    """Nine in the morning and six in the evening of UTC are one day in Chicago and two in Kiritimati."""
    house, profile = sqlite_house, load()
    with house.store.writing() as session:
        edits.seed(session, profile, NOON)
        edits.change(session, profile, "time_zone", {"time_zone": zone}, seen=0, by=ADA, now=NOON)
    sender = house.another(profile=profile)
    for hour in (9, 18):
        house.clock.at = NOON.replace(hour=hour)
        house.say(f"digest:{hour}", to="kim", unasked=True, urgent=True)
        eventually(lambda: not sender.turn() and house._at_rest())
    assert len(house.dm("kim")) == arrive


def test_own_requests_are_apart_from_the_quota(sqlite_house: House) -> None:
    house = sqlite_house
    house.say("digest:1", to="kim", unasked=True)
    for n in range(3):
        house.say(f"request:{n}", to="kim")
    house.say("digest:2", to="juno", unasked=True)
    house.work()
    assert len(house.dm("kim")) == 4
    assert len(house.dm("juno")) == 1


def test_a_renderer_that_fails_stops_only_its_own_message(house: House) -> None:
    house.words.of["request:1"] = ValueError("private words")
    bad = house.say("request:1")
    house.say("request:2")
    unknown = house.say("request:3", kind="not.plugged")
    house.work()
    assert house.seen() == ["about request:2"]
    assert (house.row(bad).state, house.row(bad).reason) == ("dead", "render")
    assert house.row(unknown).reason == "no_renderer"
    house.words.of["request:1"] = "mended"
    house.refresh("request:1")
    house.work()
    assert house.seen() == ["about request:2", "mended"]


@pytest.mark.both_databases
def test_threads_are_woken_by_a_commit_and_stop_in_time(house: House) -> None:
    sender = house.another(timing=house.timing)
    house.store.on_commit(sender.wake)
    sender.start()
    try:
        for n in range(5):
            house.say(f"request:{n}", urgent=True)
        eventually(lambda: len(house.seen()) == 5)
    finally:
        assert sender.stop(within=10)
    assert sender.counts.posted == 5
    assert sender.measures()["messages_posted"] == 5
    house.say("request:late")
    assert "about request:late" not in house.seen()


def test_the_oldest_due_message_is_known(house: House) -> None:
    house.say("request:1")
    house.clock.at = NOON + timedelta(minutes=3)
    assert house.sender.measures()["messages_oldest_due_seconds"] == 180
    house.work()
    assert house.sender.measures()["messages_oldest_due_seconds"] == 0
    with house.store.reading() as session:
        assert service.oldest_due(session, now=house.clock.at) is None
