"""Review, wait for a partner, mark as replied, close as duplicate: what each brings, and what is read of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from copbot.assistance import notices
from copbot.assistance.rules import Somebody
from copbot.assistance.views import facts, requester_screens, staff_screens
from copbot.assistance.workflow import screens as steps
from copbot.assistance.workflow import service
from copbot.delivery.render import Look
from copbot.delivery.subject import Subject
from copbot.errors import Conflict, InvalidInput, NotAllowed
from copbot.store import Store
from tests.assistance.given import Cast, asked, cast, events, later, messages, press, profile, row, verbs
from tests.people.given import NOW


def shown(store: Store, kind: str, request_id: int, now: Any = NOW) -> str:
    with store.reading() as session:
        return str(
            notices.NOTICES[kind](session, Subject(f"request:{request_id}"), Look(profile(), now, "uid"))
        )


def told(store: Store, event_id: int, now: Any = NOW) -> str:
    with store.reading() as session:
        return str(
            notices.NOTICES["request.told"](session, Subject(f"event:{event_id}"), Look(profile(), now, ""))
        )


def second(store: Store, people: Cast, who: str = "kim") -> int:
    with store.writing() as session:
        return asked(session, getattr(people, who), "second").id


def test_a_review_sets_the_level_and_mends_the_topics(store: Store) -> None:
    people = cast(store)
    made = press(
        store, service.triage, people, "sam", 1, level="targeted", topics=("ssp_ops", "naloxone", "ssp_ops")
    )
    assert (made.state, row(store, people.request).level) == ("triaged", "targeted")
    notice = shown(store, "request.notice", people.request)
    assert "Targeted" in notice
    assert profile().topic_label("ssp_ops") in notice
    with store.reading() as session:
        assert facts.one(session, people.request, people.kim, NOW).topics == ("ssp_ops", "naloxone")
    again = press(store, service.triage, people, "sam", 1, level="targeted", topics=("ssp_ops",))
    assert again.already  # a double tap
    assert messages(store, "request.told") == []


@pytest.mark.parametrize(
    ("level", "topics", "field"),
    [("", ("naloxone",), "level"), ("huge", ("naloxone",), "level"), ("targeted", (), "topics")],
)
def test_a_review_needs_a_level_and_topics(
    sqlite_store: Store, level: str, topics: tuple[str, ...], field: str
) -> None:
    people = cast(sqlite_store)
    with pytest.raises(InvalidInput) as refused:
        press(sqlite_store, service.triage, people, "sam", 1, level=level, topics=topics)
    assert set(refused.value.fields) == {field}


def test_a_level_stays_when_it_is_reopened_unless_a_resource_had_solved_it(sqlite_store: Store) -> None:
    people = cast(sqlite_store)
    press(sqlite_store, service.triage, people, "sam", 1, level="intensive", topics=("naloxone",))
    press(sqlite_store, service.withdraw, people, "kim", 2)
    press(sqlite_store, service.reopen, people, "kim", 3)
    assert row(sqlite_store, people.request).level == "intensive"


def test_waiting_for_a_partner_tells_the_requester_that_and_staff_for_what(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    made = press(store, service.wait_partner, people, "sam", 2, why="County legal's answer")
    assert row(store, people.request).paused_at == NOW
    assert "County legal's answer" in shown(store, "request.notice", people.request)
    said = told(store, made.event_id)
    assert "Sam is waiting to hear from a partner" in said
    assert "County legal" not in said + shown(store, "request.receipt", people.request)
    back = press(store, service.partner_answered, people, "pat", 3, now=later(hours=2))
    assert (back.state, row(store, people.request).paused_at) == ("assigned", None)


def test_marked_as_replied_the_clock_of_the_first_reply_stops(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    made = press(store, service.first_reply, people, "sam", 2, now=later(hours=1))
    now = row(store, people.request)
    assert (made.state, now.first_reply_at) == ("in_progress", later(hours=1))
    assert len(messages(store, "request.told")) == 1  # of the taking


@pytest.mark.parametrize(
    ("of", "said"),
    [
        ("kim", "because it is the same as your TA-1002."),
        ("olly", "because we're already working on the same question."),
    ],
)
def test_a_duplicate_is_closed_and_its_requester_sees_the_other_only_if_it_is_theirs(
    store: Store, of: str, said: str
) -> None:
    people = cast(store)
    other = second(store, people, of)
    made = press(store, service.merge, people, "sam", 1, into=other)
    now = row(store, people.request)
    assert (now.state, now.close_reason, now.merged_into) == ("closed", "duplicate", other)
    assert said in told(store, made.event_id)
    assert ("See TA-1002" in told(store, made.event_id)) is (of == "kim")
    assert "'Reopen'" in told(store, made.event_id)
    assert messages(store, "request.told")[-1].due_at == later(minutes=1)
    assert "Same as another request: TA-1002" in shown(store, "request.notice", people.request)
    kept = shown(store, "request.notice", other)
    assert "TA-1001" in kept
    with store.reading() as session:
        found = facts.one(session, other, people.sam, NOW)
    assert "See TA-1001" in str(
        requester_screens.page(found, profile(), NOW, staff=True, reader=people.sam.id)
    )


@pytest.mark.parametrize("how", ["undo", "reopen"])
def test_a_duplicate_that_is_none_stands_alone_again(store: Store, how: str) -> None:
    people = cast(store)
    other = second(store, people)
    press(store, service.merge, people, "sam", 1, into=other)
    before = {each.subject: each.version for each in messages(store, "request.notice")}
    if how == "undo":
        press(store, service.undo, people, "sam", 2, now=later(seconds=30))
        assert messages(store, "request.told") == []
    else:
        press(store, service.reopen, people, "kim", 2, now=later(days=1))
    assert row(store, people.request).merged_into is None
    assert "TA-1001" not in shown(store, "request.notice", other)
    after = {each.subject: each.version for each in messages(store, "request.notice")}
    assert all(after[about] > version for about, version in before.items())


@pytest.mark.parametrize(
    ("into", "words"),
    [
        (None, "Type the other request's number, like TA-1042."),
        (1, "That is this request. Type the other one's number."),
        (999, "No TA-1999 found."),
        (2, "TA-1002 is closed. Type the number of one that is open."),
    ],
)
def test_a_duplicate_needs_another_open_request(sqlite_store: Store, into: int | None, words: str) -> None:
    people = cast(sqlite_store)
    press(sqlite_store, service.withdraw, replace(people, request=second(sqlite_store, people)), "kim", 1)
    with pytest.raises(InvalidInput) as refused:
        press(sqlite_store, service.merge, people, "sam", 1, into=into)
    assert refused.value.fields == {"into": words}
    assert verbs(sqlite_store, people.request) == ["received"]


def test_two_that_are_called_each_others_duplicate_do_not_both_close(sqlite_store: Store) -> None:
    people = cast(sqlite_store)
    other = second(sqlite_store, people)
    press(sqlite_store, service.merge, people, "sam", 1, into=other)
    with pytest.raises(InvalidInput):
        press(sqlite_store, service.merge, replace(people, request=other), "pat", 1, into=people.request)
    with pytest.raises(Conflict):
        press(sqlite_store, service.merge, people, "pat", 1, into=other)
    assert press(sqlite_store, service.merge, people, "sam", 1, into=other).already


def test_what_somebody_has_is_no_duplicate_behind_their_back(sqlite_store: Store) -> None:
    people = cast(sqlite_store)
    other = second(sqlite_store, people)
    press(sqlite_store, service.take, people, "sam", 1)
    with pytest.raises(NotAllowed):
        press(sqlite_store, service.merge, people, "pat", 2, into=other)
    press(sqlite_store, service.merge, people, "lee", 2, into=other)
    assert events(sqlite_store, people.request)[-1].verb == "merge"


def test_a_notice_has_what_is_often_done_and_the_page_the_rest(sqlite_store: Store) -> None:
    people = cast(sqlite_store)
    with sqlite_store.reading() as session:
        found = facts.one(session, people.request, people.sam, NOW)

    def offered(state: str) -> tuple[list[str], list[str]]:
        here = replace(found, state=state)
        rows = [each["elements"] for each in staff_screens.button_rows(here, NOW)]
        assert all(len(row) <= 5 for row in rows)
        often, rest = [each for row in rows for each in row], staff_screens.seldom(here)
        return tuple([each["text"]["text"] for each in row if "text" in each] for row in (often, rest))  # type: ignore[return-value]

    often, rest = ["Take", "Reply", "Hand over", "Close"], ["Review", "Close as duplicate", "Log"]
    assert offered("new") == (often, [*rest, "Suggest a peer", "Add a colleague"])
    rest = [
        "Mark as replied",
        "Wait for a partner",
        "Close as duplicate",
        "Suggest a peer",
        "Add a colleague",
    ]
    assert offered("assigned")[1] == rest
    assert offered("waiting_partner")[0][0] == "Partner answered"
    assert offered("delivered")[1] == []


def test_the_forms_say_who_reads_what() -> None:
    wait = str(steps.wait_form("TA-1001", {}, Somebody(1, "U0KIM", "Kim", "UTC")))
    assert "Only staff read this. Kim hears that you're waiting for a partner." in wait
    review = str(steps.triage_form("TA-1001", {}, ("naloxone",), "", profile()))
    for word in ("Universal", "Targeted", "Intensive", "How much help does it need?"):
        assert word in review
