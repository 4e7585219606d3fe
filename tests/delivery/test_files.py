"""A message that is a file: sent once, found by its id when its outcome is unknown, never sent again (invariant 5)."""

from __future__ import annotations

from typing import Any

import pytest

from copbot.delivery import service
from copbot.delivery.render import Look
from copbot.delivery.sender import Sender
from copbot.delivery.tables import MessageRow
from copbot.slack.answers import FileMessage
from copbot.slack.errors import NeverConnected, RateLimited, SlackError, Unsure
from copbot.store import Session, Store
from tests.communities.kit import PROFILE, Commons, Killed
from tests.delivery.kit import NOON, QUICK
from tests.waiting import eventually

SHARE, UPLOAD, INFO = "files.completeUploadExternal", "files.getUploadURLExternal", "files.info"
LIST = "Title\nÉducation\n".encode()


def a_list(_session: Session, _subject: str, _look: Look) -> FileMessage:
    return FileMessage("Two & more", name="list.csv", content=LIST)


class House(Commons):
    """Somebody has asked for a file."""

    def _sender(self) -> Sender:
        return Sender(self.store, self.slack, {"list": a_list}, self.clock, PROFILE, timing=QUICK)

    def says(self) -> int:
        with self.store.writing() as session:
            return service.say(session, "list", "list:1", to=self.slack.user("kim"), key="list:1", now=NOON)

    def files(self) -> list[dict[str, Any]]:
        """What Kim's conversation with the app shows."""
        said = self.slack.world.state.dm(self.slack.user("kim")).messages.values()
        return [file for message in said for file in message.get("files", ())]

    def row(self, ident: int) -> MessageRow:  # type: ignore[override]
        with self.store.reading() as session:
            return session.get_one(MessageRow, ident)

    def settles(self) -> None:
        """Until nothing is to be sent or looked up any more."""
        eventually(self._is_settled, "the sender to come to rest")

    def _is_settled(self) -> bool:
        self.delivers()
        with self.store.reading() as session:
            rows = session.query(MessageRow).all()
        return all(row.look_at is None and row.state not in ("due", "sending", "unsure") for row in rows)


@pytest.fixture
def house(sqlite_store: Store) -> House:
    return House(sqlite_store)


def test_a_file_arrives_once_with_its_words_and_its_row_knows_where(house: House) -> None:
    ident = house.says()
    house.settles()
    [file] = house.files()
    assert (file["name"], file["title"], file["size"]) == ("list.csv", "list.csv", len(LIST))
    assert house.shown("kim", "Two & more")
    row = house.row(ident)
    assert (row.state, row.shown) == ("shown", 1)
    assert row.ts in house.slack.world.state.dm(house.slack.user("kim")).messages


CALLS = ["conversations.open", UPLOAD, "files.upload", SHARE, INFO]
"""What sending one file takes, in order."""


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("call", range(1, len(CALLS) + 1))
def test_killed_at_any_call_there_is_exactly_one_file_inv5(house: House, call: int, after: bool) -> None:
    ident = house.says()
    house.slack.kill = (call, after)
    with pytest.raises(Killed):
        house.delivers()
    assert house.slack.calls == CALLS[:call]
    house.restarts()
    house.settles()
    assert len(house.files()) == 1
    assert house.row(ident).state == "shown"
    house.restarts()
    house.settles()
    assert len(house.files()) == 1


FAILURES = [
    (Unsure("http_503"), False),
    (Unsure("no_answer"), True),
    (RateLimited(0.01), False),
    (NeverConnected("unreachable"), False),
]
"""What a call can meet, and whether it had its effect all the same."""


@pytest.mark.parametrize("method", [each for each in CALLS if each != "files.upload"])
@pytest.mark.parametrize(("error", "does_it"), FAILURES, ids=str)
def test_a_call_that_fails_leaves_one_file_inv5(
    house: House, method: str, error: SlackError, does_it: bool
) -> None:
    house.says()
    house.slack.fails(method, error, does_it=does_it)
    house.settles()
    assert len(house.files()) == 1


def test_an_answer_that_does_not_say_where_is_asked_for_again_and_nothing_is_sent_twice_inv5(
    house: House,
) -> None:
    ident = house.says()
    house.slack.lets(INFO)  # an answer without the file
    house.settles()
    assert len(house.files()) == 1
    assert house.row(ident).state == "shown"
    assert house.slack.calls.count(SHARE) == 1


def test_a_file_that_somebody_deletes_is_not_sent_again(house: House) -> None:
    ident = house.says()
    house.settles()
    row = house.row(ident)
    assert row.channel is not None
    assert row.ts is not None
    house.slack.call("chat.delete", channel=row.channel, ts=row.ts)
    with house.store.writing() as session:
        assert service.vanished(session, row.channel, row.ts, NOON)
    house.settles()
    assert house.files() == []
    assert (house.row(ident).state, house.row(ident).reason) == ("nothing", "sent once")


@pytest.mark.parametrize("code", ["file_type_not_allowed", "file_uploads_disabled", "missing_scope"])
def test_a_file_that_slack_refuses_is_seen_by_staff_and_can_be_tried_again(house: House, code: str) -> None:
    ident = house.says()
    house.slack.refuses(SHARE, code)
    house.settles()
    with house.store.reading() as session:
        [letter] = service.dead_letters(session).items
    assert (letter.kind, letter.code) == ("list", code)
    with house.store.writing() as session:
        service.retry_dead(session, ident, now=NOON)
    house.settles()
    assert len(house.files()) == 1


def test_a_file_that_slack_lost_before_it_was_shared_is_uploaded_anew(house: House) -> None:
    house.says()
    house.slack.kill = (4, False)
    with pytest.raises(Killed):
        house.delivers()
    house.restarts()
    house.slack.world.state.files.clear()
    house.settles()
    assert len(house.files()) == 1
    assert house.slack.calls.count(UPLOAD) == 2


def test_a_change_of_what_it_is_about_sends_no_second_file(house: House) -> None:
    house.says()
    house.settles()
    with house.store.writing() as session:
        service.refresh(session, "list:1", now=NOON)
    house.settles()
    assert len(house.files()) == 1
    assert house.slack.calls == CALLS
