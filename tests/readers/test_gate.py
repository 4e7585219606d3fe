"""The gate: no text for staff goes where others can read it, whatever the kind of message and whatever the way."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from copbot import app
from copbot.delivery import service as delivery
from copbot.delivery.readers import Allowed, Audience, Mask, Wait
from copbot.people.staff_channel.service import may_read
from copbot.program.settings.service import choose
from copbot.slack.answers import Message, Nothing
from copbot.slack.errors import Refused, Unsure
from copbot.store import Store
from tests.readers.kit import CANARY, EXPOSED, LONG_AGO, LOST, Office

GUARDED = sorted(kind for kind, each in app.readers().items() if each.audience is not Audience.ANYBODY)
WAYS = ("new", "update", "repost", "waiting")


def worded(*_: Any) -> Message | Nothing:
    words = {"type": "section", "text": {"type": "plain_text", "text": f"{CANARY}, in a block"}}
    return Message(CANARY, (words,))


def office(store: Store) -> Office:
    """All kinds of messages, each saying what somebody typed."""
    return Office(store, dict.fromkeys(app.readers(), worded))


def subject_of(kind: str) -> str:
    return {"request.notice": "request:4"}.get(kind, "event:4")


def test_every_kind_of_message_says_whom_its_text_is_for() -> None:
    assert app.readers().keys() == app.notices().keys()


def test_what_staff_read_of_requests_is_for_staff() -> None:
    assert {"request.notice", "request.yours", "request.added", "joining.card"} <= set(GUARDED)
    assert all(app.readers()[kind].title is not None for kind in GUARDED)


def test_a_kind_that_nobody_declared_goes_nowhere(sqlite_store: Store) -> None:
    place = Office(sqlite_store, {"new.kind": worded})
    place.says("new.kind", "request:4", place.staff.id)
    place.delivers()
    assert place.shown() == []


@pytest.mark.parametrize(
    ("what", "way"),
    [
        pytest.param(what, way, marks=[pytest.mark.prove] if (first + second) % 3 else [])
        for first, what in enumerate((*EXPOSED, *LOST))
        for second, way in enumerate(WAYS)
    ],
)
def test_nothing_reaches_a_channel_that_has_become_unfit_in_silence(
    sqlite_store: Store, what: str, way: str
) -> None:
    """For every kind at once: it is held or masked while that lasts, and stands once, whole, when it is over.

    In `make test` each `what` meets one way or two, and each way two of them; all of it in `make prove`.
    """
    breaks, mends = {**EXPOSED, **LOST}[what]
    place = office(sqlite_store)
    if way == "waiting":
        place.later()
        place.slack.fails("conversations.info", Unsure("http_500", "conversations.info"), times=500)
    rows = [place.says(kind, subject_of(kind), place.staff.id) for kind in GUARDED] if way != "new" else []
    place.delivers()
    assert place.texts() == (0 if way in ("new", "waiting") else len(GUARDED))
    place.slack.answers.clear()
    breaks(place)
    place.later()
    if way == "new":
        rows = [place.says(kind, subject_of(kind), place.staff.id) for kind in GUARDED]
    if way == "update":
        for kind in GUARDED:
            place.does(delivery.refresh, subject=subject_of(kind), kind=kind)
    if way == "repost":
        for ident in rows:
            row = place.row(ident)
            del place.staff.messages[str(row.ts)]
            place.does(delivery.vanished, channel=str(row.channel), ts=str(row.ts))
    place.delivers()
    assert place.slack.leaks == []
    assert len(place.shown()) == (len(GUARDED) if way == "update" else 0)
    if what in EXPOSED:
        assert place.texts() == 0
    mends(place)
    place.later()
    place.reads()
    place.delivers()
    assert place.problem() == ""
    assert place.slack.leaks == []
    assert len(place.shown()) == place.texts() == len(GUARDED)
    assert {place.row(ident).state for ident in rows} == {"shown"}


@pytest.mark.parametrize("what", EXPOSED)
def test_what_stands_becomes_a_line_by_itself_and_comes_back(sqlite_store: Store, what: str) -> None:
    breaks, mends = EXPOSED[what]
    place = office(sqlite_store)
    place.says("request.notice", "request:4", place.staff.id)
    place.delivers()
    assert place.texts() == 1
    breaks(place)
    place.reads()
    place.delivers()
    [line] = place.shown()
    assert "TA-1004: details are in Home" in line
    assert CANARY not in line
    calls = len(place.slack.asked)
    place.later(timedelta(seconds=20))
    place.delivers()
    assert len(place.slack.asked) == calls  # once
    mends(place)
    place.reads()
    place.delivers()
    assert (place.texts(), len(place.shown())) == (1, 1)
    assert place.slack.leaks == []


def test_a_line_that_cannot_be_edited_is_deleted_and_posted_anew_when_all_is_well(
    sqlite_store: Store,
) -> None:
    place = office(sqlite_store)
    place.says("request.notice", "request:4", place.staff.id)
    place.delivers()
    place.slack.refuses("chat.update", "edit_window_closed")
    EXPOSED["public"][0](place)
    place.reads()
    place.delivers()
    assert place.shown() == []
    EXPOSED["public"][1](place)
    place.reads()
    place.delivers()
    assert (place.texts(), len(place.shown())) == (1, 1)


def test_a_reading_is_good_for_a_minute_and_then_one_is_made_for_all_that_wait(sqlite_store: Store) -> None:
    place = office(sqlite_store)
    read = place.slack.count("conversations.info")
    for number in range(3):
        place.says("request.notice", f"request:{number}", place.staff.id)
    place.delivers()
    assert (place.texts(), place.slack.count("conversations.info")) == (3, read)
    place.later(LONG_AGO)
    for number in range(3, 9):
        place.says("request.notice", f"request:{number}", place.staff.id)
    place.delivers()
    assert (place.texts(), place.slack.count("conversations.info")) == (9, read + 1)
    assert place.slack.count("conversations.members") == read + 1


@pytest.mark.parametrize("error", [Refused("missing_scope", ""), Unsure("http_500", "conversations.info")])
def test_what_cannot_be_read_is_not_written_to(sqlite_store: Store, error: Exception) -> None:
    place = office(sqlite_store)
    place.later()
    place.slack.fails("conversations.info", error, times=500)
    ident = place.says("request.notice", "request:4", place.staff.id)
    receipt = place.says("request.receipt", "request:4", place.slack.user("kim"))
    place.delivers()
    assert place.shown() == []
    assert place.row(ident).state == "due"
    assert place.row(receipt).state == "shown"  # what is not for staff does not wait
    place.slack.answers.clear()
    place.reads()
    place.delivers()
    assert place.texts() == 1


def test_a_clock_that_was_set_back_makes_no_reading_fresh(sqlite_store: Store) -> None:
    place = office(sqlite_store)
    EXPOSED["public"][0](place)
    place.clock.at -= timedelta(hours=1)
    place.says("request.notice", "request:4", place.staff.id)
    place.delivers()
    assert place.shown() == []


@pytest.mark.parametrize(
    ("problem", "verdict"),
    [
        ("", Allowed),
        ("unread", Wait),
        ("archived", Wait),
        *dict.fromkeys(("public", "shared", "others"), Mask).items(),
    ],
)
def test_what_stands_in_the_leads_channel_is_withdrawn_when_others_can_read_it(
    sqlite_store: Store, problem: str, verdict: type
) -> None:
    place = Office(sqlite_store)
    with place.store.writing() as session:
        choose(session, "leads_channel", "C0LEADS", by="t", now=place.clock.now())
        choose(session, "leads_channel_problem", problem, by="t", now=place.clock.now())
        asked = partial(may_read, session, Audience.STAFF, "C0LEADS")
        assert isinstance(asked(place.clock.now()), verdict)
        assert isinstance(asked(place.clock.now() + LONG_AGO), Mask if verdict is Mask else Wait)
