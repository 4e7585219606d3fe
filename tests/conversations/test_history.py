"""The whole conversation as both sides read it, and answers that are used again."""

from __future__ import annotations

from typing import Any

import pytest

from copbot.assistance.views import facts
from copbot.assistance.workflow import service as workflow
from copbot.conversations import listeners, replies, saved, screens
from copbot.conversations.rules import Line, SavedAnswer
from copbot.errors import InvalidInput, NotFound
from copbot.slack.entrances import Call, Form
from copbot.store import Session, Store
from tests.assistance.given import cast, press, profile
from tests.conversations.test_replies import KITS, MINUTE, sends
from tests.people.given import NOW


def test_the_whole_conversation_stands_in_its_order_for_both_sides(store: Store) -> None:
    people_ = cast(store)
    sends(store, people_)
    press(store, workflow.ask_requester, people_, "sam", question="How many?", now=NOW + 2 * MINUTE)
    press(store, workflow.answer, people_, "kim", text="Forty.", now=NOW + 3 * MINUTE)
    press(store, workflow.done, people_, "sam", given="Forty kits.", now=NOW + 4 * MINUTE)
    whole = ["Kits for our drop-in, please.", KITS, "How many?", "Forty.", "Forty kits."]

    def read(now: Any, *, staff: bool) -> list[str]:
        with store.reading() as session:
            found = facts.one(session, people_.request, people_.sam if staff else people_.kim, now)
            return [each.text for each in replies.conversation(session, found, now, staff=staff)]

    assert read(NOW + 4 * MINUTE, staff=True) == whole
    assert read(NOW + 4 * MINUTE, staff=False) == whole[:4]
    assert read(NOW + 5 * MINUTE, staff=False) == whole


def test_a_long_conversation_is_turned_and_fits(sqlite_store: Store) -> None:
    people_ = cast(sqlite_store)
    lines = [Line(NOW, "Kim", "wrote", "😀" * 6000)] * 25
    with sqlite_store.reading() as session:
        found = facts.one(session, people_.request, people_.sam, NOW)
    for start, turns in ((0, ["Later"]), (10, ["Earlier", "Later"]), (20, ["Earlier"])):
        blocks = screens.conversation_view(found, lines, start, profile(), staff=False)["blocks"]
        assert [each["text"]["text"] for each in blocks[-1]["elements"]] == turns
        assert "…" not in str(blocks)


def test_a_saved_answer_is_found_by_its_words_and_those_used_most_come_first(store: Store) -> None:
    people_ = cast(store)

    def saves(name: str, text: str = "Kits come by mail.", **more: Any) -> SavedAnswer:
        with store.writing() as session:
            return saved.save(session, name=name, text=text, by=people_.sam, now=NOW, **more)

    first, second = saves("By  mail"), saves("In person", "We bring KITS to you.")
    with pytest.raises(InvalidInput) as taken:
        saves("BY MAIL", name_field="save_as")
    assert "save_as" in taken.value.fields
    assert saves("by mail", "Kits come by mail in a week.", ident=first.id).id == first.id
    with store.writing() as session:
        saved.used(session, second.id)
        saved.used(session, 99)
        assert [each.name for each in saved.like(session, "kits", 9)] == ["In person", "by mail"]
        assert [each.id for each in saved.like(session, "MAIL week", 9)] == [first.id]
        rights = saved.save(
            session, name="Clients\u2019 rights", text="They're posted.", by=people_.sam, now=NOW
        )
        for typed in ("clients' rights", "clients\u2019", "they\u2019re"):
            assert [each.id for each in saved.like(session, typed, 9)] == [rights.id]
        saved.remove(session, rights.id)
        saved.remove(session, first.id)
        assert [each.id for each in saved.by_name(session)] == [second.id]
        with pytest.raises(NotFound):
            saved.find(session, first.id)


def test_what_is_written_about_a_confidential_request_becomes_no_saved_answer(sqlite_store: Store) -> None:
    """All of staff read saved answers. A form that was open before it became confidential has the field still."""
    people_ = cast(sqlite_store)

    def call(session: Session, **more: Any) -> Call:
        return Call(session, people_.lee, NOW, profile(), **more)

    def fields(uid: str) -> list[str]:
        with sqlite_store.reading() as session:
            view = listeners.open_reply(call(session, value=f"{uid}:1")).view  # type: ignore[union-attr]
            return [each["block_id"] for each in view["blocks"] if each["type"] == "input"]

    with sqlite_store.reading() as session:
        uid = facts.one(session, people_.request, people_.lee, NOW).uid
    assert "save_as" in fields(uid)
    with sqlite_store.writing() as session:
        workflow.confide(session, request_id=people_.request, person=people_.kim, now=NOW)
    assert "save_as" not in fields(uid)
    with sqlite_store.writing() as session:
        form = Form({"text": KITS, "save_as": "Kits"})
        answer = listeners.send(call(session, form=form, meta={"uid": uid, "form": "f9"}))
        assert "Not saved as an answer" in str(answer)
        assert saved.by_name(session) == []
