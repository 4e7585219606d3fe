"""What the page is told: people, channels with what is unread, messages page by page, the inspector, the list of tries."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from copbot.sandbox.driver.views import SeenMessage
from copbot.sandbox.driver.wire import NotSeen
from copbot.sandbox.driver.workspace import Workspace
from tests.days import Sandbox
from tests.sandbox.peer import Bot, actions, button, manifest, modal, need_field, option, section

Json = dict[str, Any]
CHICAGO = ZoneInfo("America/Chicago")


def told(ws: Workspace, name: str, person: str = "kim", **more: Any) -> Json:
    return dict(ws.wire.must(name, person=person, **more))


def line_of(ws: Workspace, person: str, channel: str) -> Json:
    return next(dict(c) for c in told(ws, "glance", person)["channels"] if c["name"] == channel)


def page_of(ws: Workspace, person: str = "kim", channel: str = "general", **more: Any) -> Json:
    return told(ws, "messages", person, channel=channel, **more)


def words(page: Json) -> list[str]:
    return [m["text"] for m in page["messages"]]


def ten(ws: Workspace) -> list[SeenMessage]:
    return [ws.person("noor").says(f"m{n}", in_="general") for n in range(10)]


def act(ws: Workspace, person: str, verb: str, *, page: bool = True, **args: Any) -> Json:
    return dict(ws.wire.must("act", person=person, verb=verb, args=args, page=page))


def done(ws: Workspace) -> list[str]:
    return [one["id"] for one in told(ws, "glance")["tries"] if one["done"]]


# -- who and where


def test_everybody_is_told_with_their_roles(ws: Workspace) -> None:
    people = {p["handle"]: p for p in told(ws, "start")["people"]}
    assert people["ravi"]["roles"] == ["staff"]
    assert people["lou"]["roles"] == ["administrator"]
    assert people["gus"]["roles"] == ["guest"]
    assert people["zed"]["roles"] == ["another organisation"]
    assert people["dee"]["deleted"]
    assert (people["zed"]["guest"], people["kim"]["guest"]) == (True, False)


def test_commands_and_shortcuts_carry_their_hints(ws: Workspace) -> None:
    start = told(ws, "start")
    assert [(c["name"], c["description"]) for c in start["commands"]] == [("/ask", "Ask")]
    assert [s["kind"] for s in start["shortcuts"]] == ["global", "message"]


def test_a_glance_holds_only_ones_own_channels(ws: Workspace) -> None:
    assert "ta-staff" in [c["name"] for c in told(ws, "glance", "ravi")["channels"]]
    assert "ta-staff" not in [c["name"] for c in told(ws, "glance", "kim")["channels"]]
    assert told(ws, "glance")["dm"]["kind"] == "im"


def test_unread_counts_what_others_said_since_the_mark(ws: Workspace) -> None:
    last = ten(ws)[-1]
    ws.person("kim").says("own words", in_="general")
    assert line_of(ws, "kim", "general")["unread"] == 10
    told(ws, "mark", channel=last.channel, ts=last.ts)
    assert line_of(ws, "kim", "general")["unread"] == 0
    ws.person("noor").says("later", in_="general")
    assert line_of(ws, "kim", "general")["unread"] == 1
    assert line_of(ws, "juno", "general")["unread"] == 12


def test_a_mark_does_not_go_back(ws: Workspace) -> None:
    said = ten(ws)
    told(ws, "mark", channel=said[-1].channel, ts=said[-1].ts)
    told(ws, "mark", channel=said[0].channel, ts=said[0].ts)
    assert line_of(ws, "kim", "general")["unread"] == 0


def test_replies_count_only_in_ones_own_threads(ws: Workspace) -> None:
    first = ws.person("kim").says("a question", in_="general")
    ws.person("noor").says("an answer", in_="general", thread=first)
    assert line_of(ws, "kim", "general")["threads"] is True
    assert line_of(ws, "juno", "general")["threads"] is False
    latest = page_of(ws, thread=first.ts)["messages"][-1]
    told(ws, "mark", channel=first.channel, thread=first.ts, ts=latest["ts"])
    assert line_of(ws, "kim", "general")["threads"] is False


def test_a_change_is_counted_where_it_happens(ws: Workspace) -> None:
    before = {c["name"]: c["touched"] for c in told(ws, "glance")["channels"]}
    message = ws.person("noor").says("words", in_="general")
    ws.person("kim").reacts(message, "tada")
    after = {c["name"]: c["touched"] for c in told(ws, "glance")["channels"]}
    assert after["general"] > before["general"]
    assert after["ssp-operations"] == before["ssp-operations"]


# -- messages, page by page


def test_the_newest_page_comes_first_and_knows_where_it_ends(ws: Workspace) -> None:
    ten(ws)
    page = page_of(ws, limit=4)
    assert words(page) == ["m6", "m7", "m8", "m9"]
    assert (page["begins"], page["ends"]) == (False, True)


@pytest.mark.parametrize(
    ("place", "at", "expected", "begins", "ends"),
    [
        ("before", 6, ["m3", "m4", "m5"], False, False),
        ("before", 2, ["m0", "m1"], True, False),
        ("after", 2, ["m3", "m4", "m5"], False, False),
        ("after", 8, ["m9"], False, True),
        ("around", 5, ["m4", "m5"], False, False),
    ],
)
def test_pages_before_after_and_around_a_message(
    ws: Workspace, place: str, at: int, expected: list[str], begins: bool, ends: bool
) -> None:
    said = ten(ws)
    page = page_of(ws, limit=3, **{place: said[at].ts})
    assert words(page) == expected
    assert (page["begins"], page["ends"]) == (begins, ends)


def test_a_window_is_read_anew_with_what_came_below_it(ws: Workspace) -> None:
    said = ten(ws)
    assert words(page_of(ws, first=said[7].ts)) == ["m7", "m8", "m9"]
    assert words(page_of(ws, first=said[2].ts, last=said[4].ts)) == ["m2", "m3", "m4"]
    ws.person("noor").says("m10", in_="general")
    assert words(page_of(ws, first=said[8].ts)) == ["m8", "m9", "m10"]


def test_replies_stand_in_their_thread_only(ws: Workspace) -> None:
    first = ws.person("kim").says("a question", in_="general")
    ws.person("noor").says("an answer", in_="general", thread=first)
    assert words(page_of(ws)) == ["a question"]
    assert words(page_of(ws, thread=first.ts)) == ["a question", "an answer"]


def test_words_for_one_person_are_on_their_page_only(ws: Workspace, bot: Bot) -> None:
    general, kim = ws.channels()["general"]["id"], ws.users()["kim"]["id"]
    bot.client.conversations_join(channel=general)
    bot.client.chat_postEphemeral(channel=general, user=kim, text="for kim")
    ws.person("kim").types("/nothing", channel="general")
    mine = page_of(ws)["messages"]
    assert [m["text"] for m in mine if m.get("is_ephemeral")] == [
        "for kim",
        "/nothing is not a valid command.",
    ]
    assert [m for m in page_of(ws, "noor")["messages"] if m.get("is_ephemeral")] == []
    told(ws, "dismiss", seq=next(m["seq"] for m in mine if m["text"] == "for kim"))
    assert "for kim" not in words(page_of(ws))


def test_a_private_channels_messages_are_for_its_members(ws: Workspace) -> None:
    with pytest.raises(NotSeen, match="kim is not in ta-staff"):
        page_of(ws, channel="ta-staff")
    assert "ta-staff" not in [c["name"] for c in told(ws, "directory")["channels"]]
    assert "ta-staff" in [c["name"] for c in told(ws, "directory", "ravi")["channels"]]


# -- doing by ids


def notice(bot: Bot, ws: Workspace, *elements: Json) -> Json:
    """Posted by the app; returns where it stands."""
    general = ws.channels()["general"]["id"]
    posted = bot.client.chat_postMessage(channel=general, text="x", blocks=[section("x"), actions(*elements)])
    return {"channel": general, "ts": posted["ts"]}


def test_a_press_names_message_block_and_action(ws: Workspace, bot: Bot) -> None:
    got = bot.answers_action("take")
    bot.connect()
    first = notice(bot, ws, button("Take", "take", value="first"))
    notice(bot, ws, button("Take", "take", value="second"))
    act(ws, "kim", "presses", place=first, block_id="actions", action_id="take")
    assert [b["actions"][0]["value"] for b in got] == ["first"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"action_id": "other"}, "no longer there"),
        ({"place": {"channel": "general", "ts": "1.000000"}}, "that message is gone"),
        ({"place": {"view": "V1"}}, "that form is closed"),
    ],
)
def test_what_is_gone_cannot_be_pressed(ws: Workspace, bot: Bot, change: Json, why: str) -> None:
    place = notice(bot, ws, button("Take", "take"))
    with pytest.raises(NotSeen, match=why):
        act(ws, "kim", "presses", **{"place": place, "block_id": "actions", "action_id": "take", **change})


def test_another_persons_form_is_out_of_reach(ws: Workspace, bot: Bot) -> None:
    bot.opens(modal(need_field())).connect()
    view = ws.person("kim").types("/ask").modal().view["id"]
    field = {"place": {"view": view}, "block_id": "need_block", "action_id": "need", "value": "kits"}
    with pytest.raises(NotSeen, match="that form is closed"):
        act(ws, "noor", "sets", **field)
    act(ws, "kim", "sets", **field)
    values = told(ws, "glance")["modal"]["state"]["values"]
    assert values["need_block"]["need"]["value"] == "kits"


def test_an_option_that_is_not_offered_cannot_be_chosen(ws: Workspace, bot: Bot) -> None:
    menu = {"type": "static_select", "action_id": "menu", "options": [option("A", "a")]}
    place = notice(bot, ws, menu)
    with pytest.raises(NotSeen, match="no longer offered"):
        act(ws, "kim", "sets", place=place, block_id="actions", action_id="menu", value=option("B", "b"))


# -- the inspector and the clock


def test_traffic_is_newest_first_and_told_in_full_on_demand(ws: Workspace, bot: Bot) -> None:
    bot.answers_command(lambda command: "thanks").connect()
    ws.person("kim").types("/ask", channel="general")
    lines = told(ws, "traffic")["lines"]
    assert [line["name"] for line in lines if line["is"] == "envelope"] == ["command"]
    assert lines == sorted(lines, key=lambda line: -line["at"])
    newest = next(line for line in lines if line["is"] == "envelope")
    assert (newest["about"], newest["error"]) == ("/ask", "")
    assert told(ws, "trace", key=newest["key"])["whole"]["ack"]["text"] == "thanks"
    call = next(line for line in lines if line["is"] == "call")
    assert told(ws, "trace", key=call["key"])["whole"]["method"] == call["name"]


def test_only_so_many_lines_are_told_at_once(ws: Workspace, bot: Bot) -> None:
    for _ in range(5):
        bot.client.api_test()
    answer = told(ws, "traffic", limit=2)
    assert len(answer["lines"]) == 2
    assert answer["more"] >= 3


def test_a_refusal_is_told_with_when_where_and_why(ws: Workspace, bot: Bot) -> None:
    general = ws.channels()["general"]["id"]
    with pytest.raises(Exception, match="invalid_blocks"):
        bot.client.chat_postMessage(channel=general, text="x", blocks=[{"type": "hologram"}])
    found = told(ws, "refused")["refused"][0]
    assert (found["where"], found["error"]) == ("chat.postMessage", "invalid_blocks")
    assert abs(found["at"] - ws.clock.now()) < 60
    assert told(ws, "glance")["refused"] == 1


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        ((2026, 12, 1, 10, 0), (2026, 12, 7, 9, 0)),
        ((2026, 12, 7, 8, 59), (2026, 12, 7, 9, 0)),
        ((2026, 12, 7, 9, 0), (2026, 12, 14, 9, 0)),
        ((2026, 10, 30, 12, 0), (2026, 11, 2, 9, 0)),  # summer time ends between
    ],
)
def test_monday_is_the_next_one_and_nine_is_nine_on_the_wall(
    ws: Workspace, now: tuple[int, ...], monday: tuple[int, ...]
) -> None:
    ws.clock.set(datetime(*now, tzinfo=CHICAGO).timestamp())  # type: ignore[misc, arg-type]
    moves = {m["id"]: m["to"] for m in told(ws, "glance")["moves"]}
    assert datetime.fromtimestamp(moves["monday"], CHICAGO) == datetime(*monday, tzinfo=CHICAGO)  # type: ignore[misc, arg-type]
    assert moves["hour"] - ws.clock.now() == pytest.approx(3600, abs=5)


def test_what_was_read_and_tried_outlives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with Sandbox(manifest(), state_path=path, enforce_rates=False) as first:
        ws = first.workspace()
        said = ten(ws)[-1]
        told(ws, "mark", channel=said.channel, ts=said.ts)
        ws.wire.must("clock", advance=60, page=True)
    with Sandbox(manifest(), state_path=path, enforce_rates=False) as second:
        ws = second.workspace()
        assert line_of(ws, "kim", "general")["unread"] == 0
        assert done(ws) == ["clock"]
