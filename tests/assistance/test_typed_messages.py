"""What people type to the app in its direct message: nothing is read, and everybody is shown what to press."""

from __future__ import annotations

from typing import Any

import pytest

from copbot.assistance import message_listeners
from copbot.assistance.views.requester_screens import OPEN_ANSWER
from copbot.assistance.workflow import service
from copbot.slack.answers import Say
from copbot.slack.entrances import Call
from copbot.store import Store
from tests.assistance.given import Cast, cast, press, profile
from tests.people.given import NOW


def said(store: Store, people: Cast, typed: str, **event: Any) -> str:
    """What Kim is told who writes this."""
    with store.reading() as session:
        call = Call(
            session=session,
            person=people.kim,
            now=NOW,
            profile=profile(),
            text=typed,
            channel="D0KIM",
            event={"channel_type": "im", **event},
        )
        answer = message_listeners.written_to(call)
    assert isinstance(answer, Say)
    return str(answer.message)


def test_who_was_asked_something_is_shown_the_question_and_its_button(sqlite_store: Store) -> None:
    people = cast(sqlite_store)
    press(sqlite_store, service.take, people, "sam", 1)
    press(sqlite_store, service.ask_requester, people, "sam", 2, question="How many kits?")
    for event in ({}, {"subtype": "file_share", "files": [{"id": "F0"}]}):
        words = said(sqlite_store, people, "forty" if not event else "", **event)
        assert "How many kits?" in words
        assert f"TA-{people.request + 1000}" in words
        assert OPEN_ANSWER in words


def test_who_was_asked_nothing_is_told_what_to_type(sqlite_store: Store) -> None:
    words = said(sqlite_store, cast(sqlite_store), "hello?")
    assert "/ta to ask for help" in words
    assert OPEN_ANSWER not in words


@pytest.mark.parametrize("text", ["my friend is overdosing", "I need naloxone"])
def test_who_may_need_help_now_reads_whom_to_call(sqlite_store: Store, text: str) -> None:
    people = cast(sqlite_store)
    caption = said(sqlite_store, people, "", subtype="file_share", text=text)
    for words in (said(sqlite_store, people, text), caption):
        assert profile().notices.not_an_emergency in words
        assert all(line.number in words for line in profile().hotlines)


BOT = "U0BOT"


@pytest.mark.parametrize(
    ("event", "is_to_us"),
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
    event: dict[str, object], is_to_us: bool
) -> None:
    assert message_listeners.is_to_us({"user": "U0KIM", **event}, BOT) is is_to_us


def test_whoever_names_us_in_a_channel_reads_what_to_type(sqlite_store: Store) -> None:
    people = cast(sqlite_store)
    with sqlite_store.reading() as session:
        event = {"channel_type": "channel"}
        call = Call(session=session, person=people.kim, now=NOW, profile=profile(), event=event)
        answer = message_listeners.written_to(call)
    assert isinstance(answer, Say)
    assert "Only you can see this" in answer.message.text
