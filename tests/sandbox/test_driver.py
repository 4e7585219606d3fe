"""The driver itself: waiting without sleeping, and saying plainly what did not come."""

from __future__ import annotations

import concurrent.futures
import threading
import time

import pytest

from copbot.sandbox.driver.wire import NotSeen
from copbot.sandbox.driver.workspace import Workspace
from tests.days import Sandbox
from tests.sandbox.peer import Bot, actions, button, modal, need_field, section
from tests.waiting import at_most


def test_seeing_waits_for_what_comes_later(ws: Workspace) -> None:
    with concurrent.futures.ThreadPoolExecutor() as pool:
        seeing = pool.submit(ws.person("mei").sees, "at last", in_="ta-staff")
        ws.wire.until("workspace", {}, lambda answer: answer, 1, str)
        ws.person("ravi").says("at last", in_="ta-staff")
        assert seeing.result().author == "Ravi Tallow"


def test_what_does_not_come_is_said_with_what_is_there(ws: Workspace) -> None:
    ws.person("ravi").says("something else", in_="ta-staff")
    with pytest.raises(NotSeen, match="something else"):
        ws.person("mei").sees("at last", in_="ta-staff", timeout=0.05)


def test_waiting_ends_with_its_deadline(ws: Workspace) -> None:
    started = time.monotonic()
    with pytest.raises(NotSeen):
        ws.person("mei").sees("never", in_="ta-staff", timeout=0.3)
    assert 0.3 <= time.monotonic() - started < at_most(3.0)


def test_without_a_place_every_place_is_looked_at(ws: Workspace) -> None:
    ws.person("kim").says("over here", in_="overdose-response")
    assert ws.person("juno").sees("over here").channel == ws.channel("overdose-response").id


def test_nobody_sees_into_a_channel_they_are_not_in(ws: Workspace) -> None:
    ws.person("ravi").says("staff only", in_="ta-staff")
    with pytest.raises(NotSeen, match="kim is not in ta-staff"):
        ws.person("kim").sees("staff only", in_="ta-staff", timeout=0)
    ws.person("kim").does_not_see("staff only")


def test_not_seeing_fails_when_it_is_there(ws: Workspace) -> None:
    ws.person("ravi").says("here it is", in_="ta-staff")
    with pytest.raises(AssertionError, match="here it is"):
        ws.person("mei").does_not_see("here it is", in_="ta-staff")


def test_told_means_since_the_last_doing(ws: Workspace, bot: Bot) -> None:
    bot.answers_command(lambda command: command["text"]).connect()
    kim = ws.person("kim")
    assert kim.types("/ask one").told() == "one"
    kim.types("/ask")
    with pytest.raises(NotSeen, match="was not told"):
        kim.told(timeout=0.05)


def test_an_error_is_over_with_the_next_doing(ws: Workspace, bot: Bot) -> None:
    kim = ws.person("kim")
    assert kim.types("/ask").error()
    bot.answers_command().connect()
    assert kim.types("/ask").error() == ""


def test_unknown_people_and_channels_are_said_aloud(ws: Workspace) -> None:
    with pytest.raises(ValueError, match="nobody is called nemo; there are ada"):
        ws.person("nemo").types("/ask")
    with pytest.raises(NotSeen, match="no channel nowhere"):
        ws.channel("nowhere").messages()
    with pytest.raises(NotSeen, match="no channel nowhere"):
        ws.person("kim").says("x", in_="nowhere")


def test_speaking_needs_membership(ws: Workspace) -> None:
    ws.person("juno").leaves("overdose-response")
    with pytest.raises(NotSeen, match="juno is not in overdose-response"):
        ws.person("juno").says("x", in_="overdose-response")


def test_the_verbs_chain_as_a_story_reads(ws: Workspace, bot: Bot) -> None:
    got = bot.opens(modal(need_field())).answers_form()
    bot.connect()
    form = ws.person("kim").types("/ask").modal()
    assert form.fills(Need="kits").submits().closed
    assert got[0]["view"]["state"]["values"]["need_block"]["need"]["value"] == "kits"


def test_a_message_tells_what_a_test_asks_of_it(ws: Workspace, bot: Bot) -> None:
    bot.client.chat_postMessage(
        channel=ws.channel("ta-staff").id,
        text="<@U1> see <!here>",
        blocks=[section("TA-1 needs kits"), actions(button(":wave: Take", "take"), button("Close", "close"))],
    )
    last = ws.channel("ta-staff").last()
    last.says("TA-1", "kits")
    assert last.buttons() == ["Take", "Close"]
    assert {"U1", "here"} <= last.pings()
    with pytest.raises(AssertionError, match="TA-2"):
        last.says("TA-2")


def test_a_thread_is_read_from_its_first_message(ws: Workspace) -> None:
    ravi = ws.person("ravi")
    first = ravi.says("first", in_="ta-staff")
    reply = ravi.says("reply", in_="ta-staff", thread=first)
    ravi.says("reply to the reply", in_="ta-staff", thread=reply)
    assert [m.text() for m in ws.channel("ta-staff").replies(first)] == ["reply", "reply to the reply"]


def test_waiting_for_several_messages(ws: Workspace) -> None:
    for n in range(3):
        ws.person("ravi").says(f"item {n}", in_="ta-staff")
    assert len(ws.channel("ta-staff").shows("item", count=3)) == 3
    with pytest.raises(NotSeen):
        ws.channel("ta-staff").shows("item", count=4, timeout=0.05)


def test_an_administrator_deletes_what_others_wrote(ws: Workspace) -> None:
    ws.admin.invite("lou", "ta-staff")
    said = ws.person("ravi").says("oops", in_="ta-staff")
    with pytest.raises(NotSeen, match="may not delete"):
        ws.person("mei").deletes(said)
    ws.person("lou").deletes(said)
    assert ws.channel("ta-staff").messages() == []


def test_joining_is_for_public_channels_and_own_people(ws: Workspace) -> None:
    ws.person("noor").joins("overdose-response")
    assert ws.person("noor").id in ws.channel("overdose-response").record()["members"]
    with pytest.raises(NotSeen):
        ws.person("noor").joins("ta-staff")
    with pytest.raises(NotSeen):
        ws.person("zed").joins("general")


def test_a_typed_word_without_a_slash_is_a_message(ws: Workspace) -> None:
    ws.person("kim").types("hello all", channel="general")
    assert ws.channel("general").last().text() == "hello all"


def test_flags_rename_and_new_people(ws: Workspace) -> None:
    ws.admin.flags("kim", is_restricted=True)
    ws.admin.rename_person("juno", "Juno V")
    ws.admin.add_person("nell", "Nell Ford", flags=["is_restricted"], foreign=True)
    people = ws.users()
    assert people["kim"]["is_restricted"]
    assert people["juno"]["profile"]["display_name"] == "Juno V"
    assert people["nell"]["team_id"] != people["kim"]["team_id"]
    with pytest.raises(ValueError, match="flags are"):
        ws.admin.flags("kim", is_tall=True)


def test_a_private_channel_can_be_opened_up_and_keeps_its_id(ws: Workspace) -> None:
    before = ws.channel("ta-staff").record()
    ws.admin.make_public("ta-staff")
    after = ws.channel("ta-staff").record()
    assert (before["kind"], after["kind"], after["id"]) == ("group", "channel", before["id"])


def test_a_blocks_only_message(ws: Workspace) -> None:
    said = ws.person("kim").says("", in_="general", blocks=[section("only blocks")])
    assert (said.raw["text"], said.text()) == ("", "only blocks")


def test_many_drivers_at_once(sandbox: Sandbox, ws: Workspace) -> None:
    barrier = threading.Barrier(10)

    def speak(n: int) -> None:
        barrier.wait()
        ws.person("kim").says(f"line {n}", in_="general")

    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        list(pool.map(speak, range(10)))
    assert sorted(m.text() for m in ws.channel("general").messages()) == [f"line {n}" for n in range(10)]
