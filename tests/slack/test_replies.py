"""What becomes of an answer: what the ack carries, what follows it, and the next way where one is shut."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from copbot.sandbox.views import check_view
from copbot.slack.answers import (
    Answer,
    Done,
    Home,
    Message,
    Nothing,
    Open,
    Options,
    Push,
    Quote,
    Say,
    Update,
    Wrong,
)
from copbot.slack.blocks import context, field, form, message, say, text_input
from copbot.slack.errors import NeverConnected, RateLimited, Refused, SlackError, Unsure
from copbot.slack.gateway import Gateway
from copbot.slack.incoming import Incoming
from copbot.slack.replies import ACK_BYTES, Replies

VIEW = form("f", "A form", [context("words")])
LARGE = form("f", "A form", [context("é" * 2000) for _ in range(9)])
URL = "https://hooks.example.org/1"
SAID = Say(say("Heard."))


class Slack(Gateway):
    """Keeps what is called and refuses what it is told to; nothing leaves."""

    def __init__(self) -> None:
        super().__init__("xoxb-none", base_url="http://127.0.0.1:9/")
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refuses: dict[str, SlackError] = {}
        self.answers: dict[str, dict[str, Any]] = {}

    def call(self, method: str, /, *, timeout: float | None = None, **args: Any) -> dict[str, Any]:
        self.calls.append((method, args))
        if method in self.refuses:
            raise self.refuses[method]
        return self.answers.get(method, {"view": {"hash": "h1"}})

    def reply(self, response_url: str, *, timeout: float, **body: Any) -> None:
        self.call("response_url", url=response_url, **body)

    @property
    def methods(self) -> list[str]:
        return [method for method, _ in self.calls]


class Desk:
    def __init__(self) -> None:
        self.slack = Slack()
        self.replies = Replies(self.slack)

    def settles(self, answer: Answer, incoming: Incoming) -> dict[str, Any]:
        """The ack; whatever follows it has happened when this returns."""
        ack = self.replies.settle(answer, incoming)
        self.replies.stop(10)
        self.replies = Replies(self.slack)
        assert len(json.dumps(ack)) <= ACK_BYTES
        return ack


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.replies.stop(10)


def came(kind: str, **more: Any) -> Incoming:
    return Incoming(kind=kind, id="x", user="U1", **more)


MODAL = {"id": "V1", "type": "modal", "hash": "h0"}
FORM = came("view", view=MODAL)


@pytest.mark.parametrize(
    ("answer", "action", "part"),
    [
        (Wrong({"a": "Mend this."}), "errors", {"errors": {"a": "Mend this."}}),
        (Push(VIEW), "push", {"view": VIEW}),
        (Open(VIEW), "push", {"view": VIEW}),
        (Update(VIEW), "update", {"view": VIEW}),
    ],
)
def test_a_forms_answer_rides_on_the_ack(
    desk: Desk, answer: Answer, action: str, part: dict[str, Any]
) -> None:
    assert desk.settles(answer, FORM) == {"response_action": action, **part}
    assert desk.slack.calls == []


def test_words_take_the_forms_place(desk: Desk) -> None:
    ack = desk.settles(SAID, FORM)
    assert ack["response_action"] == "update"
    assert "Heard." in str(ack["view"])
    assert check_view(ack["view"], kind="modal") is None


@pytest.mark.parametrize("answer", [Done(), Nothing("quiet")])
def test_a_form_that_is_done_closes(desk: Desk, answer: Answer) -> None:
    assert desk.settles(answer, FORM) == {}
    assert desk.slack.calls == []


def test_a_view_too_large_for_an_ack_follows_it_and_the_form_stays_meanwhile_inv1(desk: Desk) -> None:
    """The two may reach Slack in any order, and the second may be lost: what was typed is in the form all the same."""
    fields = [context("words"), field("first", "One", text_input("a")), field("last", "Two", text_input("b"))]
    filled = came("view", view={"id": "V1", "type": "modal", "hash": "h0", **form("f", "A form", fields)})
    ack = desk.settles(Update(LARGE), filled)
    assert ack["response_action"] == "errors"
    assert list(ack["errors"]) == ["last"]
    assert desk.slack.calls == [("views.update", {"view": LARGE, "view_id": "V1"})]


def test_a_view_too_large_for_an_ack_follows_a_stand_in_where_nothing_was_typed_inv12(desk: Desk) -> None:
    ack = desk.settles(Update(LARGE), FORM)
    assert ack["response_action"] == "update"
    assert ack["view"]["callback_id"] == "f"
    assert check_view(ack["view"], kind="modal") is None
    assert desk.slack.calls == [("views.update", {"view": LARGE, "view_id": "V1"})]


def test_a_home_is_published_and_told_of(desk: Desk) -> None:
    told: list[tuple[str, str]] = []
    for kind in ("view", "action"):
        desk.replies.on_publish(lambda user, _view, hash_: told.append((user, hash_)))
        assert desk.settles(Home(VIEW), came(kind)) == {}
    assert desk.slack.methods == ["views.publish"] * 2
    assert told == [("U1", "h1")] * 2


def test_a_home_may_come_with_a_sentence(desk: Desk) -> None:
    desk.settles(Home(VIEW, also=SAID), came("action", response_url=URL))
    assert desk.slack.methods == ["views.publish", "response_url"]


@pytest.mark.parametrize(
    ("options", "ack"),
    [
        (Options(), {"options": []}),
        (Options(({"value": "1"},)), {"options": [{"value": "1"}]}),
        (Options(groups=({"label": "a"},)), {"option_groups": [{"label": "a"}]}),
    ],
)
def test_options_are_the_ack(desk: Desk, options: Options, ack: dict[str, Any]) -> None:
    assert desk.settles(options, came("options")) == ack


def test_no_more_options_leave_than_slack_takes_inv12(desk: Desk) -> None:
    many = tuple({"value": str(number)} for number in range(101))
    assert len(desk.settles(Options(many), came("options"))["options"]) == 100
    assert len(desk.settles(Options(groups=many), came("options"))["option_groups"]) == 100


def test_a_commands_words_ride_on_the_ack_for_this_person_only(desk: Desk) -> None:
    ack = desk.settles(SAID, came("command", response_url=URL))
    assert (ack["response_type"], ack["text"]) == ("ephemeral", "Heard.")
    assert desk.slack.calls == []


def test_a_commands_words_that_are_too_many_follow_the_ack_inv12(desk: Desk) -> None:
    large = Say(message("Much", [context("é" * 2000) for _ in range(9)]))
    assert desk.settles(large, came("command", response_url=URL)) == {}
    [(method, body)] = desk.slack.calls
    assert (method, body["url"], body["response_type"], body["replace_original"]) == (
        "response_url", URL, "ephemeral", False,
    )  # fmt: skip


def test_a_message_without_blocks_has_none(desk: Desk) -> None:
    assert "blocks" not in desk.settles(Say(Message("Heard.")), came("command"))


EVERY_WAY = {"response_url": URL, "channel": "C1", "trigger": "T1"}


@pytest.mark.parametrize(
    ("shut", "taken"),
    [
        ((), ["response_url"]),
        (("response_url",), ["response_url", "chat.postEphemeral"]),
        (("response_url", "chat.postEphemeral"), ["response_url", "chat.postEphemeral", "views.open"]),
        (("response_url", "chat.postEphemeral", "views.open"), ["response_url", "chat.postEphemeral", "views.open"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "error", [Refused("not_in_channel"), Unsure("no_answer"), NeverConnected("unreachable")]
)
def test_a_sentence_takes_the_first_way_that_is_open(
    desk: Desk, shut: tuple[str, ...], taken: list[str], error: SlackError
) -> None:
    desk.slack.refuses = dict.fromkeys(shut, error)
    assert desk.settles(SAID, came("action", **EVERY_WAY)) == {}
    assert desk.slack.methods == taken


def test_asked_to_slow_down_no_other_way_is_tried(desk: Desk) -> None:
    desk.slack.refuses = {"response_url": RateLimited(1.0)}
    desk.settles(SAID, came("action", **EVERY_WAY))
    assert desk.slack.methods == ["response_url"]


@pytest.mark.parametrize(
    ("view", "method"), [({}, "views.open"), (MODAL, "views.push"), ({"type": "home"}, "views.open")]
)
def test_a_form_opens_on_top_of_the_one_that_is_open(desk: Desk, view: dict[str, Any], method: str) -> None:
    for answer in (Open(VIEW), SAID):
        desk.slack.calls.clear()
        desk.settles(answer, came("action", trigger="T1", view=view))
        assert [(name, args["trigger_id"]) for name, args in desk.slack.calls] == [(method, "T1")]


@pytest.mark.parametrize("code", ["expired_trigger_id", "invalid_trigger_id"])
def test_a_form_that_came_too_late_is_offered_with_what_was_typed(desk: Desk, code: str) -> None:
    desk.slack.refuses = {"views.open": Refused(code)}
    desk.settles(Open(VIEW, words="wound <care>"), came("command", **EVERY_WAY))
    _, (method, body) = desk.slack.calls
    assert method == "response_url"
    assert "wound <care>" in str(body["blocks"])
    assert "command|x|" in str(body["blocks"])


def test_the_offer_of_a_button_carries_its_value_and_a_commands_none(desk: Desk) -> None:
    desk.slack.refuses = {"views.open": Refused("expired_trigger_id")}
    for kind, value in (("action", "action|x|42"), ("shortcut", "shortcut|x|")):
        desk.slack.calls.clear()
        desk.settles(Open(VIEW), came(kind, value="42", **EVERY_WAY))
        assert f"'{value}'" in str(desk.slack.calls[-1][1]["blocks"])


@pytest.mark.parametrize("error", [Refused("expired_trigger_id"), Unsure("http_503")])
@pytest.mark.parametrize("answer", [Open(VIEW, saved=True), Push(VIEW, saved=True)])
def test_what_a_press_saved_is_said_when_the_view_that_says_it_comes_too_late(
    desk: Desk, answer: Answer, error: SlackError
) -> None:
    desk.slack.refuses = {"views.open": error}
    desk.settles(answer, came("action", **EVERY_WAY))
    opening, (method, body) = desk.slack.calls
    assert (opening[0], method) == ("views.open", "response_url")
    assert (body["text"], body["blocks"]) == ("A form", VIEW["blocks"])


def test_a_form_that_is_open_already_is_not_offered(desk: Desk) -> None:
    desk.slack.refuses = {"views.open": Refused("exchanged_trigger_id")}
    desk.settles(Open(VIEW), came("command", **EVERY_WAY))
    assert desk.slack.methods == ["views.open"]


@pytest.mark.parametrize(
    "error", [Unsure("no_answer"), Unsure("http_503"), RateLimited(3.0), NeverConnected("unreachable")]
)
@pytest.mark.parametrize(("answer", "view"), [(Open(VIEW, words="wound <care>"), {}), (Push(VIEW), MODAL)])
def test_a_form_that_may_not_have_opened_is_offered_and_not_left_in_silence(
    desk: Desk, error: SlackError, answer: Answer, view: dict[str, Any]
) -> None:
    opening = "views.push" if view else "views.open"
    desk.slack.refuses = {opening: error}
    desk.settles(answer, came("action" if view else "command", view=view, **EVERY_WAY))
    assert desk.slack.methods == [opening, "response_url"]
    told = str(desk.slack.calls[-1][1]["blocks"])
    assert "may not have opened" in told
    assert "Open the form" in told
    assert ("wound <care>" in told) == (not view)


def test_a_form_that_slack_refuses_is_said_to_be_refused_with_what_was_typed(desk: Desk) -> None:
    desk.slack.refuses = {"views.open": Refused("view_too_large")}
    desk.settles(Open(VIEW, words="wound <care>"), came("command", **EVERY_WAY))
    told = str(desk.slack.calls[-1][1]["blocks"])
    assert "view_too_large" in told
    assert "wound <care>" in told
    assert "Open the form" not in told


def test_a_view_changes_only_if_nobody_changed_it_meanwhile(desk: Desk) -> None:
    desk.settles(Update(VIEW), came("action", view=MODAL))
    desk.settles(Update(VIEW), came("action", view={"id": "V2"}))
    assert [args for _, args in desk.slack.calls] == [
        {"view": VIEW, "view_id": "V1", "hash": "h0"},
        {"view": VIEW, "view_id": "V2"},
    ]


@pytest.mark.parametrize("code", ["hash_conflict", "not_found", "internal"])
def test_a_view_that_moved_on_or_breaks_holds_up_nothing(desk: Desk, code: str) -> None:
    desk.slack.refuses = {"views.update": Refused(code)}
    assert desk.settles(Update(VIEW), came("action", view=MODAL)) == {}
    assert desk.settles(SAID, came("action", response_url=URL)) == {}
    assert desk.slack.methods == ["views.update", "response_url"]


QUOTE = Quote("C1", "1.0", "2.0", "text")
QUOTING = form("f", "A form", [field("text", "Text", text_input("text", long=True, most=10))])


@pytest.mark.parametrize(
    ("messages", "first"),
    [
        (
            [{"ts": "1.0", "user": "U1", "text": "No"}, {"ts": "2.0", "user": "U1", "text": "A &amp; b"}],
            "A & b",
        ),
        ([{"ts": "2.0", "user": "U1", "text": "x" * 12}], "x" * 9 + "…"),
        ([{"ts": "2.0", "user": "U2", "text": "Another's"}], None),
        (["odd", None], None),
        ([], None),
    ],
)
def test_a_form_opens_with_the_persons_own_message_in_it(
    desk: Desk, messages: list[Any], first: str | None
) -> None:
    desk.slack.answers = {"conversations.replies": {"messages": messages}}
    desk.settles(Open(QUOTING, quote=QUOTE), came("action", trigger="T1"))
    (_, asked), (method, opened) = desk.slack.calls
    assert (asked["ts"], asked["oldest"], asked["latest"], asked["inclusive"]) == ("1.0", "2.0", "2.0", True)
    assert method == "views.open"
    assert opened["view"]["blocks"][0]["element"].get("initial_value") == first


def test_a_form_opens_without_a_message_that_slack_does_not_give(desk: Desk) -> None:
    desk.slack.refuses = {"conversations.replies": Unsure("no_answer")}
    desk.settles(Open(QUOTING, quote=QUOTE), came("action", trigger="T1"))
    assert desk.slack.calls[-1] == ("views.open", {"trigger_id": "T1", "view": QUOTING})


def test_whoever_wrote_in_a_thread_is_answered_in_it(desk: Desk) -> None:
    desk.settles(SAID, came("event", channel="C1", event={"thread_ts": "1.0"}))
    ((_, said),) = desk.slack.calls
    assert said["thread_ts"] == "1.0"
