"""Which of what people type is for the app, and what they read at once who have nothing it could belong to."""

from __future__ import annotations

import pytest

from copbot.conversations.listeners import is_to_us
from copbot.sandbox import posting
from copbot.sandbox.people import BOT_USER
from copbot.slack.answers import Say
from copbot.store import Store
from tests.assistance.given import profile
from tests.conversations.kit import Office, words_of

BOT = "U0BOT"


@pytest.mark.parametrize("text", ["my friend is overdosing", "I need naloxone"])
def test_who_may_need_help_now_reads_whom_to_call(sqlite_store: Store, text: str) -> None:
    office = Office(sqlite_store)
    for files in (0, 1):
        office.says("kim", text, files=files)
        words = words_of(office.hears())
        assert profile().notices.not_an_emergency in words
        assert all(line.number in words for line in profile().hotlines)
        assert "Request assistance" in words


@pytest.mark.parametrize(
    ("event", "is_ours"),
    [
        ({"channel_type": "channel"}, False),
        ({"channel_type": "channel", "text": "<@U0SAM> hello"}, False),
        ({"channel_type": "channel", "text": f"<@{BOT}> hello"}, True),
        ({"channel_type": "channel", "text": f"<@{BOT}>", "bot_id": "B0"}, False),
        ({"channel_type": "im"}, True),
        ({"channel": "D0KIM"}, True),
        ({"channel_type": "im", "user": None}, False),
    ],
)
def test_what_is_said_in_a_channel_is_not_for_us_unless_it_names_us(
    event: dict[str, object], is_ours: bool
) -> None:
    assert is_to_us({"user": "U0KIM", **event}, BOT) is is_ours


def test_whoever_names_us_in_a_channel_reads_what_to_type_and_nothing_is_kept(sqlite_store: Store) -> None:
    office = Office(sqlite_store)
    office.asks()
    office.says("kim", "Hello.")
    [*_, body] = office.events()
    body["event"] |= {"channel_type": "channel", "text": f"Hello <@{BOT_USER}>"}
    assert "Only you can see this" in words_of(office.hears([body]))
    assert office.entries() == []


def test_staff_who_mention_the_app_in_a_requests_thread_read_one_answer(sqlite_store: Store) -> None:
    office = Office(sqlite_store)
    ident = office.asks()
    user = office.state.users[office.slack.user("ravi")]
    said = posting.user_message(office.world, user, f"<@{BOT_USER}> can you tell Kim?")
    posting.post(
        office.world,
        office.state.channels[office.staff_channel],
        said | {"thread_ts": str(office.notice(ident).ts)},
    )
    answers = [each for each in office.hears() if isinstance(each, Say)]
    assert len(answers) == 1
    assert "Only staff see what you write here." in words_of(answers)
