"""Events: which ones the app hears, in what shape, and how often it is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from copbot.sandbox.driver.workspace import Workspace
from copbot.sandbox.people import BOT_ID, BOT_USER
from copbot.sandbox.world import SlackTiming
from tests.days import Sandbox
from tests.sandbox.peer import Bot, Json, RawSocket, hasty, manifest, section


@pytest.fixture
def ears(ws: Workspace, bot: Bot) -> Bot:
    return bot.hears_events().connect()


def heard(ws: Workspace, bot: Bot, kind: str, subtype: str | None = None) -> list[Json]:
    """The events of one kind, once nothing is under way any more."""
    ws.settled()
    events = [body["event"] for body in bot.seen]
    return [e for e in events if e["type"] == kind and e.get("subtype") == subtype]


def test_a_message_where_the_app_is_arrives_escaped(ws: Workspace, ears: Bot) -> None:
    said = ws.person("ravi").says("is <b> & #general fine, @mei?", in_="ta-staff")
    event = heard(ws, ears, "message")[0]
    mei, general = ws.person("mei").id, ws.channel("general").id
    assert event["text"] == f"is &lt;b&gt; &amp; <#{general}|general> fine, <@{mei}>?"
    assert (event["ts"], event["event_ts"]) == (said.ts, said.ts)
    assert (event["channel"], event["channel_type"]) == (ws.channel("ta-staff").id, "group")
    assert event["blocks"][0]["type"] == "rich_text"


def test_the_envelope_around_an_event(ws: Workspace, ears: Bot) -> None:
    ws.person("ravi").says("hello", in_="ta-staff")
    ws.settled()
    body = ears.seen[0]
    assert body["type"] == "event_callback"
    assert body["authorizations"][0]["user_id"] == BOT_USER
    assert body["event_id"].startswith("Ev")
    assert isinstance(body["event_time"], int)
    assert {"team_id", "api_app_id", "event_context", "is_ext_shared_channel"} <= body.keys()


def test_a_message_elsewhere_is_not_heard(ws: Workspace, ears: Bot) -> None:
    ws.person("kim").says("not for you", in_="general")
    assert heard(ws, ears, "message") == []


def test_a_direct_message_is_heard(ws: Workspace, ears: Bot) -> None:
    ws.person("kim").says("just us", in_="dm")
    assert heard(ws, ears, "message")[0]["channel_type"] == "im"


def test_a_mention_comes_as_message_and_as_mention(ws: Workspace, ears: Bot) -> None:
    ws.person("ravi").says("@tabot hello", in_="ta-staff")
    assert len(heard(ws, ears, "app_mention")) == 1
    assert len(heard(ws, ears, "message")) == 1


def test_own_posts_are_echoed(ws: Workspace, ears: Bot) -> None:
    ears.client.chat_postMessage(channel=ws.channel("ta-staff").id, text="mine")
    event = heard(ws, ears, "message")[0]
    assert (event["bot_id"], event["user"], event["text"]) == (BOT_ID, BOT_USER, "mine")


def test_metadata_stays_out_of_events(ws: Workspace, ears: Bot) -> None:
    posted = ears.client.chat_postMessage(
        channel=ws.channel("ta-staff").id,
        text="mine",
        metadata={"event_type": "note", "event_payload": {"uid": "1"}},
    )
    ears.client.chat_update(channel=posted["channel"], ts=posted["ts"], text="changed")
    changed = heard(ws, ears, "message", "message_changed")[0]
    assert "metadata" not in heard(ws, ears, "message")[0]
    assert "metadata" not in changed["message"]
    assert "metadata" not in changed["previous_message"]


def test_changes_and_deletions_carry_before_and_after(ws: Workspace, ears: Bot) -> None:
    ravi = ws.person("ravi")
    said = ravi.says("first", in_="ta-staff")
    ravi.edits(said, "second")
    ravi.deletes(said)
    changed = heard(ws, ears, "message", "message_changed")[0]
    gone = heard(ws, ears, "message", "message_deleted")[0]
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("first", "second")
    assert changed["message"]["edited"]["user"] == ravi.id
    assert (gone["deleted_ts"], gone["previous_message"]["text"]) == (said.ts, "second")
    assert float(changed["ts"]) > float(said.ts)


def test_the_deleted_start_of_a_thread_leaves_a_tombstone(ws: Workspace, ears: Bot) -> None:
    ravi = ws.person("ravi")
    said = ravi.says("first", in_="ta-staff")
    ravi.says("reply", in_="ta-staff", thread=said)
    ravi.deletes(said)
    changed = heard(ws, ears, "message", "message_changed")[0]
    assert changed["message"]["subtype"] == "tombstone"
    assert ws.channel("ta-staff").messages()[0].text() == "This message was deleted."


def test_a_link_is_unfurled_as_a_change(ws: Workspace, ears: Bot) -> None:
    ears.client.chat_postMessage(channel=ws.channel("ta-staff").id, text="see <https://example.org/a>")
    changed = heard(ws, ears, "message", "message_changed")[0]
    assert changed["message"]["attachments"][0]["from_url"] == "https://example.org/a"
    assert "edited" not in changed["message"]


def test_no_unfurl_when_both_kinds_are_off(ws: Workspace, ears: Bot) -> None:
    ears.client.chat_postMessage(
        channel=ws.channel("ta-staff").id,
        text="see https://example.org/a",
        unfurl_links=False,
        unfurl_media=False,
    )
    ears.client.chat_postMessage(
        channel=ws.channel("ta-staff").id,
        text="x",
        blocks=[section("https://example.org/b")],
        unfurl_links=False,
        unfurl_media=False,
    )
    assert heard(ws, ears, "message", "message_changed") == []


def test_joining_and_leaving_are_heard_where_the_app_is(ws: Workspace, ears: Bot) -> None:
    ws.admin.invite_bot("general")
    ws.person("noor").leaves("general")
    ws.person("noor").joins("general")
    ws.person("juno").joins("ssp-operations")
    general, noor = ws.channel("general").id, ws.person("noor").id
    joined = heard(ws, ears, "member_joined_channel")
    assert [(e["user"], e["channel"], e["channel_type"]) for e in joined] == [
        (BOT_USER, general, "C"),
        (noor, general, "C"),
    ]
    assert joined[0]["inviter"]
    assert [e["user"] for e in heard(ws, ears, "member_left_channel")] == [noor]
    assert len(heard(ws, ears, "message", "channel_join")) == 2


def test_removing_the_app_is_told_to_it(ws: Workspace, ears: Bot) -> None:
    ws.admin.remove("bot", "ta-staff")
    assert [e["channel"] for e in heard(ws, ears, "group_left")] == [ws.channel("ta-staff").id]


def test_the_life_of_public_channels_is_heard_everywhere(ws: Workspace, ears: Bot) -> None:
    ws.admin.add_channel("naloxone")
    ws.admin.rename("naloxone", "overdose-kits")
    ws.admin.archive("overdose-kits")
    ws.admin.unarchive("overdose-kits")
    ws.admin.delete_channel("overdose-kits")
    assert heard(ws, ears, "channel_created")[0]["channel"]["name"] == "naloxone"
    assert heard(ws, ears, "channel_rename")[0]["channel"]["name"] == "overdose-kits"
    for kind in ("channel_archive", "channel_unarchive", "channel_deleted"):
        assert len(heard(ws, ears, kind)) == 1


def test_a_private_channel_of_others_is_none_of_its_business(ws: Workspace, ears: Bot) -> None:
    ws.admin.add_channel("secret", private=True)
    ws.admin.rename("secret", "hidden")
    ws.admin.archive("hidden")
    assert ears.seen == []


def test_people_come_and_change(ws: Workspace, ears: Bot) -> None:
    ws.admin.add_person("nell", "Nell Ford")
    ws.admin.deactivate("nell")
    assert heard(ws, ears, "team_join")[0]["user"]["name"] == "nell"
    assert heard(ws, ears, "user_change")[0]["user"]["deleted"] is True


def test_reactions_and_pins(ws: Workspace, ears: Bot) -> None:
    said = ws.person("ravi").says("done", in_="ta-staff")
    ws.person("mei").reacts(said, "eyes")
    ws.person("mei").reacts(said, "eyes", remove=True)
    ears.client.pins_add(channel=said.channel, timestamp=said.ts)
    assert heard(ws, ears, "reaction_added")[0]["item"] == {
        "type": "message",
        "channel": said.channel,
        "ts": said.ts,
    }
    assert len(heard(ws, ears, "reaction_removed")) == 1
    assert len(heard(ws, ears, "pin_added")) == 1


def test_uninstalling_kills_the_tokens(ws: Workspace, ears: Bot) -> None:
    ws.admin.uninstall()
    assert len(heard(ws, ears, "app_uninstalled")) == 1
    assert len(heard(ws, ears, "tokens_revoked")) == 1


def test_what_the_manifest_does_not_name_is_not_sent() -> None:
    with Sandbox(manifest(events=["message.im"])) as sandbox:
        line, ws = RawSocket(sandbox), sandbox.workspace()
        ws.person("ravi").says("not subscribed", in_="ta-staff")
        ws.person("kim").says("subscribed", in_="dm")
        assert line.next()["payload"]["event"]["text"] == "subscribed"
        line.close()


# -- redelivery


@pytest.fixture
def line(sandbox: Sandbox) -> Iterator[RawSocket]:
    opened = RawSocket(sandbox)
    yield opened
    opened.close()


@hasty
def test_an_unanswered_event_comes_three_times_more(ws: Workspace, line: RawSocket) -> None:
    ws.person("ravi").says("listen", in_="ta-staff")
    got = [line.next() for _ in range(4)]
    assert [(e["retry_attempt"], e["retry_reason"]) for e in got] == [
        (0, ""),
        (1, "timeout"),
        (2, "timeout"),
        (3, "timeout"),
    ]
    assert len({e["payload"]["event_id"] for e in got}) == 1
    ws.settled()
    assert [r["error"] for r in ws.refusals()] == ["given_up"]


@hasty
def test_an_acknowledged_event_comes_no_more(ws: Workspace, line: RawSocket) -> None:
    ws.person("ravi").says("listen", in_="ta-staff")
    line.next()
    line.ack(line.next())
    ws.settled()
    assert ws.envelopes("event")[0]["attempts"] == 2
    assert ws.refusals() == []


@hasty
def test_a_listener_that_fails_gets_the_event_again(ws: Workspace, bot: Bot) -> None:
    tries: list[Json] = []

    def fails_once(body: Json) -> None:
        tries.append(body)
        if len(tries) == 1:
            raise ValueError("not yet")

    bot.app.event("message")(fails_once)
    bot.connect()
    ws.person("ravi").says("listen", in_="ta-staff")
    ws.settled()
    assert [body["event_id"] for body in tries] == [tries[0]["event_id"]] * 2


def test_an_event_waits_for_a_socket_that_was_down(sandbox: Sandbox, ws: Workspace) -> None:
    ws.person("ravi").says("anybody there?", in_="ta-staff")
    line = RawSocket(sandbox)
    envelope = line.next()
    line.ack(envelope)
    assert envelope["payload"]["event"]["text"] == "anybody there?"
    assert envelope["retry_attempt"] > 0
    ws.settled()
    line.close()


def test_the_pauses_are_at_once_a_minute_and_five() -> None:
    assert SlackTiming().redelivery == (0.0, 60.0, 300.0)


def test_a_broken_connection_moves_the_event_to_another(
    sandbox: Sandbox, ws: Workspace, line: RawSocket
) -> None:
    ws.person("ravi").says("listen", in_="ta-staff")
    first = line.next()
    ws.faults.socket_drop()
    second = RawSocket(sandbox)
    again = second.next()
    second.ack(again)
    assert again["payload"] == first["payload"]
    assert again["retry_attempt"] == 1
    ws.settled()
    second.close()


def test_a_duplicated_event_has_one_event_id(ws: Workspace, ears: Bot) -> None:
    ws.faults.duplicate_next("event", times=2)
    ws.person("ravi").says("thrice", in_="ta-staff")
    ws.wire.until(
        "inspect",
        {"what": "envelopes"},
        lambda answer: True if answer["envelopes"][-1]["acks"] == 3 else None,
        5,
        str,
    )
    assert [body["event_id"] for body in ears.seen] == [ears.seen[0]["event_id"]] * 3


def test_events_nobody_took_outlive_the_sandbox(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.db"
    with Sandbox(manifest(), state_path=path) as sandbox:
        sandbox.workspace().person("ravi").says("before the night", in_="ta-staff")
    with Sandbox(manifest(), state_path=path, timing=SlackTiming(redelivery=(0.1, 0.1, 0.1))) as sandbox:
        line = RawSocket(sandbox)
        envelope = line.next()
        line.ack(envelope)
        sandbox.workspace().settled()
        line.close()
    assert envelope["payload"]["event"]["text"] == "before the night"


def test_an_event_says_whether_its_channel_is_shared(ws: Workspace, ears: Bot) -> None:
    ws.admin.invite_bot("ssp-operations")
    ws.person("kim").says("among strangers", in_="ssp-operations")
    ws.person("ravi").says("among us", in_="ta-staff")
    ws.settled()
    shared = {b["event"].get("text"): b["is_ext_shared_channel"] for b in ears.seen}
    assert (shared["among strangers"], shared["among us"]) == (True, False)


def test_the_messages_tab_is_told_apart_from_home(ws: Workspace, ears: Bot) -> None:
    ws.person("kim").opens_messages()
    assert [event["tab"] for event in heard(ws, ears, "app_home_opened")] == ["messages"]


def test_a_link_somebody_posts_is_unfurled_too(ws: Workspace, ears: Bot) -> None:
    ws.person("ravi").says("see https://example.org/kits", in_="ta-staff")
    changed = heard(ws, ears, "message", "message_changed")[0]
    assert (
        changed["message"]["text"] == changed["previous_message"]["text"] == "see <https://example.org/kits>"
    )
    assert changed["message"]["attachments"][0]["from_url"] == "https://example.org/kits"
