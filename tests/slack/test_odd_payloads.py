"""What is not as Slack describes it: acked, logged, told to whoever sent it, and never a fault of ours."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from io import StringIO
from typing import Any

import pytest
from sqlalchemy import select

from copbot import app
from copbot.clock import FixedClock
from copbot.people import service as people
from copbot.people.tables import PersonRow
from copbot.sandbox.people import BOT_USER, TEAM
from copbot.slack import bolt, reopen
from copbot.slack.answers import Open, Say
from copbot.slack.entrances import NOT_THERE, Entrances, Wiring
from copbot.slack.frame import Frame, Parts
from copbot.slack.incoming import Incoming
from copbot.slack.replies import Replies
from copbot.store import Store
from tests.databases import SqliteFiles
from tests.dialogs.kit import logs_read
from tests.people.given import staffed
from tests.rows import for_each
from tests.slack.framed import NOON, PROFILE, Kept, Slack, slack_user


class Desk:
    """The whole table of entrances behind Bolt, and Ada, who may do everything."""

    def __init__(self, store: Store, replies: Any = None) -> None:
        self.store, self.slack, self.kept = store, Slack(), Kept()
        self.entrances = app.entrances()
        identify = partial(people.identify, home_team=TEAM["id"], now=NOON)
        parts = Parts(
            store, self.slack, FixedClock(NOON), PROFILE, self.entrances, identify, replies or self.kept,
            b"secret", Wiring(),
        )  # fmt: skip
        self.frame = Frame(parts)
        self.app = bolt.build(self.frame, self.slack)

    def hears(self, payload: Any) -> tuple[bool, dict[str, Any]]:
        return bolt.dispatch(self.app, payload, {})

    def users(self) -> set[str]:
        with self.store.reading() as session:
            return set(session.scalars(select(PersonRow.user)))


@pytest.fixture(scope="module")
def shared(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store(sqlite_files.copy(tmp_path_factory.mktemp("odd") / "copbot.db"))
    staffed(opened, "U0ADA", "U0SAM", leads=("U0ADA",))
    with opened.writing() as session:
        people.learn(session, [slack_user("U0ADA", is_admin=True)], home_team=TEAM["id"], now=NOON)
    yield opened
    opened.close()


@pytest.fixture
def desk(shared: Store) -> Desk:
    return Desk(shared)


@pytest.fixture
def log() -> Iterator[StringIO]:
    with logs_read() as out:
        yield out


# -- events


def event(**told: Any) -> dict[str, Any]:
    return {"type": "event_callback", "event_id": f"Ev{time.monotonic_ns()}", "event": told}


ODD_USERS: list[Any] = [
    5,
    True,
    ["U1"],
    ["id"],
    {},
    {"x": 1},
    {"id": 5},
    {"id": {"a": 1}},
    "x" * 500,
    "U\x00",
    "\ud800",
    1.5,
]


@for_each("user", ODD_USERS, ids=repr)
@for_each("kind", ["message", "user_change", "team_join", "member_joined_channel", "app_home_opened"])
def test_an_event_with_an_odd_user_is_acked_once_and_stores_nobody(desk: Desk, kind: str, user: Any) -> None:
    before = desk.users()
    told = event(type=kind, user=user, channel="D0KIM", channel_type="im", text="hello", tab="home")
    assert desk.hears(told)[0]
    assert desk.users() == before


def test_what_bolt_itself_cannot_read_is_in_the_log(desk: Desk, log: StringIO) -> None:
    for payload in (
        event(type="message", user=["id"]),
        event(type=5),
        {"type": "event_callback"},
        [],
        "x",
        None,
    ):
        assert desk.hears(payload)[0]
    assert log.getvalue().count('"unreadable"') == 6


@pytest.mark.parametrize(
    "told",
    [
        {"channel": "C0GEN", "channel_type": "channel", "text": "does anybody know a good van?"},
        {"channel": "C0GEN", "channel_type": "channel", "text": f"<@{BOT_USER}>", "bot_id": "B0OTHER"},
        {"channel": "D0NEW", "channel_type": "im", "text": "hello", "bot_id": "B0OTHER"},
        {"type": "app_home_opened", "tab": "messages"},
    ],
)
def test_nobody_who_has_not_come_near_is_looked_up_or_stored(desk: Desk, told: dict[str, Any]) -> None:
    desk.slack.known["U0NEW"] = slack_user("U0NEW")
    assert desk.hears(event(**{"type": "message", "user": "U0NEW", **told})) == (True, {})
    assert (desk.slack.asked, desk.kept.answers) == ([], [])
    assert "U0NEW" not in desk.users()


@pytest.mark.parametrize("text", [f"<@{BOT_USER}> hi", f"hi <@{BOT_USER}|center>!"])
def test_who_mentions_the_app_in_a_channel_is_answered(desk: Desk, text: str) -> None:
    told = event(type="message", user="U0ADA", channel="C0GEN", channel_type="channel", text=text)
    assert desk.hears(told)[0]
    [answer] = desk.kept.answers
    assert isinstance(answer, Say)
    assert "/ta" in answer.message.text


def test_only_they_see_the_answer(shared: Store) -> None:
    replies = Replies(Slack())
    desk = Desk(shared, replies)
    calls: list[tuple[str, dict[str, Any]]] = []
    replies._gateway.call = lambda method, **args: calls.append((method, args)) or {}  # type: ignore[method-assign, assignment, func-returns-value]
    desk.hears(
        event(type="message", user="U0ADA", channel="C0GEN", channel_type="channel", text=f"<@{BOT_USER}>")
    )
    replies.stop(5.0)
    [(method, args)] = calls
    assert (method, args["user"], args["channel"]) == ("chat.postEphemeral", "U0ADA", "C0GEN")


# -- forms, buttons, commands


FIELD = {"type": "input", "block_id": "need", "element": {}}


def submission(**view: Any) -> dict[str, Any]:
    told = {"id": "V1", "callback_id": "request.ask", "hash": "h", "blocks": [FIELD], **view}
    return {"type": "view_submission", "user": {"id": "U0ADA"}, "view": told, "trigger_id": "1.2"}


@pytest.mark.parametrize(
    "payload",
    [
        submission(state=["x"]),
        submission(state={"values": {"need": {"a": 5}}}),
        submission(state={"values": "x"}),
        submission(private_metadata=5, state={"values": {"need": ["x"]}}),
        {**submission(), "user": {"id": "x" * 99}},
        {**submission(), "user": "U0ADA"},
    ],
)
def test_a_submission_that_cannot_be_read_leaves_the_form_open_with_a_sentence_inv1(
    shared: Store, log: StringIO, payload: dict[str, Any]
) -> None:
    acked, body = Desk(shared, Replies(Slack())).hears(payload)
    assert acked
    assert body["response_action"] == "errors"
    assert "nothing was saved" in body["errors"]["need"]
    assert '"unreadable"' in log.getvalue()


def test_one_without_a_field_of_ours_is_answered_in_its_place(shared: Store) -> None:
    for blocks in ("x", [5, {"type": "input", "block_id": 7}], None):
        payload = submission(blocks=blocks, state=["x"])
        body = Desk(shared, Replies(Slack())).hears(payload)[1]
        assert body["response_action"] == "update", blocks
        assert "nothing was saved" in json.dumps(body)


@pytest.mark.parametrize("told", [{}, {"view": None}, {"view": {}}])
def test_a_submission_without_a_form_closes_none_in_silence(shared: Store, told: dict[str, Any]) -> None:
    payload = {"type": "view_submission", "user": {"id": "U0ADA"}, **told}
    acked, body = Desk(shared, Replies(Slack())).hears(payload)
    assert acked
    assert body["response_action"] == "update"


@pytest.mark.parametrize(
    "payload",
    [
        {
            "type": "block_actions",
            "user": {"id": 5},
            "actions": [{"action_id": "request.take", "block_id": "b"}],
        },
        {"command": "/ta", "text": "help", "user_id": "x" * 99},
    ],
)
def test_a_press_that_cannot_be_read_is_answered(desk: Desk, payload: dict[str, Any]) -> None:
    assert desk.hears(payload)[0]
    assert "nothing was saved" in str(desk.kept.answers)


GARBAGE: list[Any] = [
    "x",
    "²",
    "-1",
    "9" * 30,
    "99999999999",
    "a:b:c",
    "mine:²",
    f"{'a' * 32}:²",
    "|",
    "x" * 150,
]
ODD_META: list[Any] = [*GARBAGE[:6], None, [], {}, 10**30, True, -1, "nul\x00\ud800"]
META = (
    "request", "uid", "version", "agency", "seen", "person", "page", "name", "group", "community", "statement",
    "invitation", "part", "at",
)  # fmt: skip


def test_garbage_in_any_button_is_not_there_any_more_and_no_fault(desk: Desk, log: StringIO) -> None:
    rows = [row for row in desk.entrances.rows if row.kind in ("action", "options")]
    for row in rows:
        for number, value in enumerate(GARBAGE):
            press = Incoming(
                kind=row.kind, id=row.id, user="U0ADA", value=value, text=value, claim=(row.id, str(number))
            )
            desk.frame.take(press)
    assert len(rows) > 50
    assert '"listener_failed"' not in log.getvalue(), log.getvalue()[:3000]


def test_garbage_in_any_forms_metadata_is_no_fault(desk: Desk, log: StringIO) -> None:
    for row in (each for each in desk.entrances.rows if each.kind == "view"):
        for number, odd in enumerate(ODD_META):
            meta = json.dumps(dict.fromkeys(META, odd))
            desk.hears(submission(callback_id=row.id, hash=f"{row.id}{number}", private_metadata=meta))
    assert '"listener_failed"' not in log.getvalue(), log.getvalue()[:3000]


def test_somebody_who_never_was_staff_cannot_be_taken_off_the_staff(desk: Desk) -> None:
    for user in ("U0NOBODY", "<!channel>", ""):
        desk.frame.take(Incoming(kind="action", id="people.exclude", user="U0ADA", value=user, claim=(user,)))
        assert NOT_THERE in str(desk.kept.answers[-1])


# -- commands as they are overheard


@pytest.mark.parametrize(
    ("typed", "id_", "rest"),
    [
        ("list", "ta list", ""),
        ("list all", "ta list", ""),
        ("*list*", "ta list", ""),
        ("“list”.", "ta list", ""),
        ("Help!", "ta help", ""),
        ("help please", "ta help", ""),
        ("status “TA-1001”", "ta status", "TA-1001"),
        ("status *TA-1001*", "ta status", "TA-1001"),
        ("status TA–1001", "ta status", "TA–1001"),
        ("status ta-1001!", "ta status", "ta-1001"),
        ("`status TA-1001`", "ta status", "TA-1001"),
        ("ta-1001!", "ta status", "ta-1001"),
        ("*TA-1001*", "ta status", "TA-1001"),
        ("status of our clinic", "ta", "status of our clinic"),
        ("help me with “wound care”!", "ta", "help me with “wound care”!"),
        ("TA-1001 is late", "ta", "TA-1001 is late"),
    ],
)  # fmt: skip
def test_a_command_is_understood_as_it_was_overheard(typed: str, id_: str, rest: str) -> None:
    row, words = app.entrances().command("ta", typed)
    assert row is not None
    assert (row.id, words) == (id_, rest)


@pytest.mark.parametrize(("typed", "id_"), [("list all", "community list"), ("“status”", "community status")])
def test_so_is_another_word(typed: str, id_: str) -> None:
    row, words = app.entrances().command("community", typed)
    assert row is not None
    assert (row.id, words) == (id_, "")


# -- a form that opened too late


def test_every_verbs_form_opens_again_with_its_words(desk: Desk) -> None:
    verbs = [row for row in desk.entrances.rows if row.kind == "command" and row.effect == "read"]
    late = []
    for row in verbs:
        typed = Incoming(kind="command", id="", user="U0ADA", text="", trigger="1")
        word, _, verb = row.id.partition(" ")
        told = replace(typed, id=word, text=f"{verb} wound care".strip())
        desk.frame.take(told)
        answer = desk.kept.answers[-1]
        if not isinstance(answer, Open) or desk.entrances.command(word, told.text)[0] is not row:
            continue
        found, incoming = desk.frame._find(told)
        assert found is row
        key = desk.kept.late.keep(incoming.text)
        value = f"command|{incoming.id}|{key}"
        assert "wound" not in value
        desk.frame.take(Incoming(kind="action", id=reopen.ACTION, user="U0ADA", value=value))
        assert desk.kept.answers[-1] == answer, row.id
        late.append(row.id)
    assert {"ta", "community propose", "community invite"} <= set(late)


def test_words_that_are_no_longer_known_leave_an_empty_form() -> None:
    late = reopen.LateForms()
    assert late.words("gone") == ""
    assert late.keep("") == ""
    first = late.keep("one")
    for number in range(reopen.MOST_KEPT):
        late.keep(str(number))
    assert late.words(first) == ""


def test_the_table_still_refuses_two_rows_of_one_id() -> None:
    rows = app.entrances().rows
    with pytest.raises(ValueError, match="two entrances"):
        Entrances([*rows, rows[0]])
