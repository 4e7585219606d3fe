"""Slack's payloads, read once into one shape, whatever they lack."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from copbot.slack import incoming
from copbot.slack.entrances import Form
from tests.rows import for_each

READERS = [
    incoming.of_command,
    incoming.of_shortcut,
    incoming.of_action,
    incoming.of_view,
    incoming.of_options,
    incoming.of_event,
]


def view(values: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "view_submission",
        "user": {"id": "U1"},
        "view": {"id": "V1", "hash": "h", "callback_id": "request.ask", "state": {"values": values}, **more},
    }


def read(element: dict[str, Any]) -> Form:
    return incoming.of_view(view({"name": {"a": element}})).form


OPTION = {"text": {"type": "plain_text", "text": "Dane"}, "value": "wi-dane"}


@for_each(
    ("element", "one", "many"),
    [
        ({"type": "plain_text_input", "value": "words"}, "words", ()),
        ({"type": "plain_text_input", "value": None}, "", ()),
        ({"type": "static_select", "selected_option": OPTION}, "wi-dane", ()),
        ({"type": "static_select", "selected_option": None}, "", ()),
        ({"type": "multi_static_select", "selected_options": [OPTION, OPTION]}, "", ("wi-dane", "wi-dane")),
        ({"type": "checkboxes", "selected_options": []}, "", ()),
        ({"type": "radio_buttons", "selected_option": OPTION}, "wi-dane", ()),
        ({"type": "users_select", "selected_user": "U9"}, "U9", ()),
        ({"type": "multi_users_select", "selected_users": ["U8", "U9"]}, "", ("U8", "U9")),
        ({"type": "conversations_select", "selected_conversation": "C9"}, "C9", ()),
        ({"type": "channels_select", "selected_channel": "C9"}, "C9", ()),
        ({"type": "datepicker", "selected_date": "2026-12-01"}, "2026-12-01", ()),
        ({"type": "datepicker", "selected_date": None}, "", ()),
        ({"type": "timepicker", "selected_time": "12:30"}, "12:30", ()),
        ({"type": "datetimepicker", "selected_date_time": 1795456800}, "1795456800", ()),
        ({"type": "plain_text_input", "value": "nul\x00 gone"}, "nul gone", ()),
    ],
)
def test_every_kind_of_field_has_its_value(element: dict[str, Any], one: str, many: tuple[str, ...]) -> None:
    form = read(element)
    assert (form.one("name"), form.many("name")) == (one, many)


def test_the_words_of_a_chosen_option_are_known() -> None:
    assert read({"type": "external_select", "selected_option": OPTION}).label("name") == "Dane"
    assert read({"type": "plain_text_input", "value": "x"}).label("name") == ""


def test_a_field_that_was_not_on_the_form_is_told_from_an_empty_one() -> None:
    form = incoming.of_view(view({"need": {"a": {"type": "plain_text_input", "value": None}}})).form
    assert "need" in form.values
    assert "date" not in form.values


def test_the_same_form_sent_again_has_the_same_claim_and_other_words_another_inv3() -> None:
    said = [{"need": {"a": {"type": "plain_text_input", "value": words}}} for words in ("one", "one", "two")]
    first, again, other = (incoming.of_view(view(values)).claim for values in said)
    assert first == again != other


def test_closing_a_form_is_not_sending_it() -> None:
    body = {**view({}), "type": "view_closed"}
    read_ = incoming.of_view(body)
    assert (read_.kind, read_.claim) == ("closed", ("closed", "V1"))


def pressed(**more: Any) -> incoming.Incoming:
    action = {"action_id": "request.take", "value": "u:1", "action_ts": "9.9"} | more.pop("action", {})
    return incoming.of_action({"user": {"id": "U1"}, "trigger_id": "T1", "actions": [action], **more})


def sent(**more: Any) -> incoming.Incoming:
    return incoming.of_view(
        {"user": {"id": "U1"}, "view": {"id": "V1", "hash": "h1", "callback_id": "f", **more}}
    )


DELIVERIES = [
    incoming.of_command({"command": "/ta", "trigger_id": "T1", "text": "x"}),
    incoming.of_command({"command": "/ta", "trigger_id": "T2", "text": "x"}),
    incoming.of_shortcut({"callback_id": "ta", "trigger_id": "T1"}),
    incoming.of_shortcut({"callback_id": "ta", "trigger_id": "T2"}),
    pressed(),
    pressed(user={"id": "U2"}),
    pressed(action={"action_id": "request.give_back"}),
    pressed(action={"action_ts": "9.91"}),
    pressed(action={"action_ts": None}),
    pressed(action={"action_ts": None}, trigger_id="T2"),
    sent(),
    sent(id="V2"),
    sent(hash="h2"),
    sent(state={"values": {"need": {"a": {"type": "plain_text_input", "value": "x"}}}}),
    incoming.of_event({"event": {"type": "team_join"}, "event_id": "Ev1"}),
    incoming.of_event({"event": {"type": "team_join"}, "event_id": "Ev2"}),
]


def test_deliveries_that_are_not_one_have_claims_of_their_own_inv3() -> None:
    claims = [each.claim for each in DELIVERIES]
    assert len(set(claims)) == len(claims)
    assert pressed().claim == pressed(response_url="https://other").claim
    assert sent().claim == sent(private_metadata="{}", root_view_id="V0").claim


def test_views_that_follow_each_other_have_one_root() -> None:
    assert [sent().root_view, sent(root_view_id="V0").root_view] == ["V1", "V0"]


def test_a_message_that_stands_in_a_channel_is_not_for_one_person_only() -> None:
    assert not pressed(container={"type": "message"}).is_ephemeral
    assert not pressed().is_ephemeral


def test_only_a_messages_subtype_is_a_kind_of_its_own() -> None:
    event = {"type": "channel_archive", "subtype": "message_deleted"}
    assert incoming.of_event({"event": event, "event_id": "Ev1"}).id == "channel_archive"


def test_meta_that_is_no_json_is_no_meta() -> None:
    assert incoming.of_view(view({}, private_metadata="{")).meta == {}
    assert incoming.of_view(view({}, private_metadata="[1]")).meta == {}
    assert incoming.of_view(view({}, private_metadata='{"request":7}')).meta == {"request": 7}


def test_an_action_in_an_ephemeral_message_says_so() -> None:
    container = {"type": "message", "message_ts": "1.2", "channel_id": "C1", "is_ephemeral": True}
    action = {"action_id": "request.take", "value": "u:1", "action_ts": "9.9"}
    found = incoming.of_action({"user": {"id": "U1"}, "container": container, "actions": [action]})
    assert (found.channel, found.ts, found.is_ephemeral, found.value) == ("C1", "1.2", True, "u:1")
    assert found.claim == ("action", "9.9", "request.take", "U1")


@for_each(
    ("event", "kind", "user", "channel"),
    [
        ({"type": "team_join", "user": {"id": "U1"}}, "team_join", "U1", ""),
        ({"type": "message", "user": "U1", "channel": "D1", "text": "hi"}, "message", "U1", "D1"),
        ({"type": "message", "subtype": "message_deleted", "channel": "C1"}, "message_deleted", "", "C1"),
        ({"type": "group_rename", "channel": {"id": "C1", "name": "x"}}, "group_rename", "", "C1"),
    ],
)
def test_events_are_known_by_type_and_subtype(
    event: dict[str, Any], kind: str, user: str, channel: str
) -> None:
    found = incoming.of_event({"event": event, "event_id": "Ev1"})
    assert (found.id, found.user, found.channel, found.claim) == (kind, user, channel, ("event", "Ev1"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@for_each("reader", READERS)
def test_an_empty_body_is_read_without_a_fault(reader: Any) -> None:
    assert reader({}).kind in {"command", "shortcut", "action", "view", "options", "event"}


@given(st.dictionaries(st.sampled_from(["text", "command", "trigger_id"]), st.text(max_size=20)))
def test_any_words_of_a_command_are_read(body: dict[str, str]) -> None:
    found = incoming.of_command(body)
    assert found.kind == "command"
    assert not found.id.startswith("/")


def test_a_field_of_which_nothing_is_said_is_empty_and_the_others_are_read() -> None:
    form = incoming.of_view(
        view({"need": None, "kind": {"a": {"type": "static_select", "selected_option": OPTION}}})
    ).form
    assert (form.one("need"), form.one("kind")) == ("", "wi-dane")
