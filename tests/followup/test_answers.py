"""Shared answers: with consent, without names, after a second look, into the library and the next digest."""

from __future__ import annotations

from typing import Any

import pytest

from copbot.assistance.workflow import service as workflow
from copbot.digests import jobs as digests
from copbot.digests.editions import placing
from copbot.followup import plugs, rules
from copbot.followup.tables import SharedAnswerRow
from copbot.people import service as people
from copbot.resources.library import service as library
from copbot.resources.library.tables import ResourceRow
from copbot.slack.answers import Say, View, Wrong
from tests.communities.kit import PROFILE
from tests.followup.kit import GIVEN, NEED, Afterwards, at, text_of

WORDS = {
    "question": "What belongs in a policy on wound care supplies?",
    "answer": "Say who restocks, and how often. A template is in the library.",
    "topics": ("wound_care",),
}


def shareable(room: Afterwards, **more: Any) -> int:
    ident = room.done(**more)
    room.set(ident, may_share=True)
    return ident


def form(room: Afterwards, ident: int, who: str = "ravi") -> View:
    return room.opens(who, "followup.open_answer", f"{room.request(ident).uid}:1")


def writes(room: Afterwards, ident: int, who: str = "ravi", **more: Any) -> str:
    return text_of(room.sends(who, form(room, ident, who), **{**WORDS, **more}))


def card(room: Afterwards) -> str:
    room.delivers()
    messages = room.slack.world.state.channels[room.office].messages.values()
    return str([each for each in messages if each["text"].startswith("Shared answer")])


def approves(room: Afterwards, ident: int, who: str, seen: int | None = None) -> str:
    [row] = room.table(SharedAnswerRow)
    value = f"{room.request(ident).uid}:{row.version if seen is None else seen}"
    return str(room.presses(who, "followup.approve_answer", value))


def found(room: Afterwards) -> list[tuple[str, bool]]:
    return [(each.state, each.private) for each in room.table(ResourceRow) if each.kind == "answer"]


def test_whoever_had_it_is_told_once_that_it_may_be_shared(any_room: Afterwards) -> None:
    room = any_room
    ident = shareable(room)
    room.done("juno")
    secret = shareable(room, topics=("naloxone",))
    room.set(secret, confidential=True)
    for day in (0, 1, 2):
        room.is_at(day, 10, 5)
    [told] = room.shown("ravi", "may be shared")
    assert "Kim Alder agreed that the answer to TA-1001" in told
    writes(room, ident)
    assert "A draft is in the staff channel." in room.shown("ravi", "may be shared")[0]


def test_a_draft_is_in_nobodys_library_until_a_second_person_approves_it_inv4(any_room: Afterwards) -> None:
    room = any_room
    ident = shareable(room)
    shown = str(form(room, ident))
    assert NEED in shown
    assert GIVEN in shown
    assert "goes into the library when somebody else approves it" in writes(room, ident)
    assert found(room) == [("draft", True)]
    with room.store.reading() as session:
        assert library.drafts(session) == 0
    assert "You wrote this, so somebody else has to approve it" in approves(room, ident, "ravi")
    assert "Ravi Tallow drafted an answer to share" in card(room)
    for _ in range(2):
        approves(room, ident, "mei")
    assert found(room) == [("published", False)]
    assert "Written by Ravi Tallow, approved by Mei Brook. It is in the library" in card(room)
    [row] = [each for each in room.table(ResourceRow) if each.kind == "answer"]
    assert (row.title, row.summary) == (WORDS["question"], WORDS["answer"])


def test_nobody_publishes_or_changes_the_draft_past_the_second_look(room: Afterwards) -> None:
    ident = shareable(room)
    writes(room, ident)
    [row] = room.table(SharedAnswerRow)
    room.presses("ravi", "resources.publish", row.resource)
    room.presses("ravi", "resources.reviewed", row.resource)
    assert found(room) == [("draft", True)]
    opened = room.opens("mei", "resources.edit", row.resource)
    room.sends(
        "mei", opened, kind="answer", title="Other", summary="Other words", topics=("wound_care",), areas=()
    )
    assert "Somebody changed this in the library" in approves(room, ident, "mei")
    writes(room, ident, "mei", answer="Say who restocks.")
    assert "You wrote this" in approves(room, ident, "mei")
    assert "Somebody changed this after you saw it" in approves(room, ident, "ravi", seen=1)
    approves(room, ident, "ravi")
    assert found(room) == [("published", False)]


def test_with_two_staff_the_author_approves_and_it_is_held_ten_minutes(room: Afterwards) -> None:
    room.staff("ada", "ravi", leads=["ada"])
    ident = shareable(room)
    writes(room, ident)
    approves(room, ident, "ravi")
    room.works()
    assert found(room) == [("draft", True)]
    assert "Written and approved by" in card(room)
    assert "with a ten-minute hold" in card(room)
    room.later(minutes=11)
    room.works()
    assert found(room) == [("published", False)]


@pytest.mark.parametrize("name", ["Kim", "Alder", "Northwoods Outreach"])
def test_an_answer_that_names_who_asked_comes_back(room: Afterwards, name: str) -> None:
    ident = shareable(room)
    answer = room.sends("ravi", form(room, ident), **{**WORDS, "answer": f"Ask {name} how they did it."})
    assert isinstance(answer, Wrong)
    assert f"Please take out who asked: {name}." in answer.fields["answer"]
    assert found(room) == []


def test_a_place_and_a_label_before_the_person_are_hints(room: Afterwards) -> None:
    ident = shareable(room)
    said = writes(room, ident, answer="Addicts in Dane County need dressings.")
    assert "Dane County is named. In a small place that may point to one person." in said
    assert "Instead of “addicts”" in said
    assert "Dane County is named" in card(room)


def test_what_somebody_approved_who_has_left_staff_since_waits_for_approval_again(room: Afterwards) -> None:
    room.staff("ada", "ravi", leads=["ada"])
    ident = shareable(room)
    writes(room, ident)
    approves(room, ident, "ravi")
    room.staff("ada", leads=["ada"])
    room.later(minutes=11)
    room.works()
    assert found(room) == [("draft", True)]
    approves(room, ident, "ada")
    assert found(room) == [("published", False)]


def test_words_are_parts_of_names_only_where_they_are_written_as_names() -> None:
    assert rules.names_in("May we call may day? Maybe.", "May Rose", "") == ["May"]
    assert rules.names_in("ask bo li or may rose", "Bo Li", "") == ["Bo Li"]
    assert rules.names_in("ask O\u2019Neil\u2019s team", "May O'Neil", "St. John's") == ["O'Neil"]
    assert rules.names_in("ask St. John\u2019s", "May O'Neil", "St. John's") == ["St. John's"]
    assert rules.places_in("in Lee\u2019s Summit", ["Lee's Summit"])
    assert rules.names_in("ask the ROSE GARDEN clinic", "Bo Li", "Rose Garden Clinic") == [
        "Rose Garden Clinic"
    ]


def test_a_draft_that_is_left_is_gone_with_its_card_and_another_can_be_written(room: Afterwards) -> None:
    ident = shareable(room)
    writes(room, ident)
    room.presses("mei", "followup.leave_answer", f"{room.request(ident).uid}:1")
    assert (found(room), card(room), room.table(SharedAnswerRow)) == ([], "[]", [])
    writes(room, ident, "mei")
    approves(room, ident, "ravi")
    assert found(room) == [("published", False)]
    assert "in the library already" in str(
        room.presses("mei", "followup.leave_answer", room.request(ident).uid)
    )


def test_without_consent_nothing_is_drafted_and_taken_back_it_leaves_the_library(room: Afterwards) -> None:
    ident = room.done()
    answer = room.presses("ravi", "followup.open_answer", room.request(ident).uid)
    assert isinstance(answer, Say)
    assert "hasn't agreed" in answer.message.text
    assert "Only staff" in str(room.presses("kim", "followup.open_answer", room.request(ident).uid))
    room.set(ident, may_share=True)
    writes(room, ident)
    room.set(ident, may_share=False)
    approves(room, ident, "mei")
    assert found(room) == []
    room.set(ident, may_share=True)
    writes(room, ident)
    approves(room, ident, "mei")
    room.set(ident, may_share=False)
    room.works()
    assert found(room) == [("retired", False)]
    assert card(room) == "[]"


@pytest.mark.parametrize("is_published", [False, True])
def test_client_details_removed_from_its_request_take_the_answer_out(
    room: Afterwards, *, is_published: bool
) -> None:
    ident = shareable(room)
    writes(room, ident)
    if is_published:
        approves(room, ident, "mei")
    with room.store.writing() as session:
        who = {"person": room.person("ada"), "now": room.clock.now()}
        workflow.remove_details(session, request_id=ident, **who)
    room.follows(ident)
    assert (found(room), card(room)) == ([("retired", False)] if is_published else [], "[]")
    room.later(minutes=1)
    writes(room, ident)
    room.works()
    assert len(room.table(SharedAnswerRow)) == 1  # written after they were removed


def test_what_was_changed_during_the_hold_waits_for_approval_again(room: Afterwards) -> None:
    room.staff("ada", "ravi", leads=["ada"])
    ident = shareable(room)
    writes(room, ident)
    approves(room, ident, "ravi")
    opened = room.opens("ada", "resources.edit", room.table(SharedAnswerRow)[0].resource)
    room.sends("ada", opened, kind="answer", title="Other", summary="Words", topics=("wound_care",), areas=())
    room.later(minutes=11)
    for _ in range(2):
        room.works()
    assert found(room) == [("draft", True)]
    assert "drafted an answer to share" in card(room)


def test_it_is_in_the_next_digest_under_you_asked_we_did(room: Afterwards) -> None:
    ident, general = shareable(room), room.slack.channel("general")
    assert general is not None
    with room.store.writing() as session:
        placing.send_here(
            session, general.id, person=room.person("ada"), profile=PROFILE, now=room.clock.now()
        )
    writes(room, ident)
    approves(room, ident, "mei")
    for moment in (at(6, 10), at(7, 9), at(7, 9, 10)):
        room.moves_to(moment)
        digests.compose(room.work())
        room.delivers()
    [post] = [str(each) for each in general.messages.values() if "digest" in each["text"]]
    assert "*You asked, we did*" in post
    assert WORDS["question"] in post


def test_who_has_another_name_has_it_on_the_card_too(room: Afterwards) -> None:
    writes(room, shareable(room))
    room.slack.world.state.users[room.slack.user("ravi")]["profile"]["display_name"] = "Robin"
    room.knows("ravi")
    [args] = room.asked(people.RENAMED)
    next(each for each in plugs.JOBS if each.after == people.RENAMED).run(room.work(args))
    assert "Robin drafted an answer to share" in card(room)
