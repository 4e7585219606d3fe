"""After 90 days: one question about what came of a request, with its own words, and the ways on."""

from __future__ import annotations

from copbot.assistance.workflow import service as workflow
from copbot.followup.tables import OutcomeRow
from tests.followup.kit import GIVEN, NEED, Afterwards, text_of
from tests.followup.test_feedback import leads_home


def asked(room: Afterwards, who: str = "kim") -> list[str]:
    return room.shown(who, "What came of it?")


def test_it_is_asked_once_after_ninety_days_with_what_was_asked_and_given(any_room: Afterwards) -> None:
    room = any_room
    room.done()
    room.is_at(89, 10)
    assert asked(room) == []
    room.is_at(91, 10)
    [shown] = asked(room)
    assert "TA-1001 (Wound care)" in shown
    assert NEED in shown
    assert GIVEN in shown
    for day in (92, 98, 119):
        room.is_at(day, 10)
    assert len(asked(room)) == 1


def test_after_a_month_of_downtime_it_comes_once_and_after_longer_not_at_all(room: Afterwards) -> None:
    room.done("kim")
    room.is_at(28, 9)
    room.done("juno")
    room.is_at(126, 10)
    assert asked(room, "kim") == []
    assert len(asked(room, "juno")) == 1


def test_an_outcome_is_one_tap_and_can_be_changed(room: Afterwards) -> None:
    ident = room.done()
    uid = room.request(ident).uid
    room.is_at(91, 10)
    room.presses("kim", "followup.outcome:planned", f"{uid}:planned")
    room.presses("kim", "followup.outcome:practice", f"{uid}:practice")
    [row] = room.table(OutcomeRow)
    assert (row.outcome, row.answered_at) == ("practice", room.clock.now())
    assert "You said: Changed practice. Thank you." in asked(room)[0]
    assert "After 90 days: 1 changed practice." in leads_home(room)
    for who in ("juno", "ravi"):
        assert "found" in str(room.presses(who, "followup.outcome:policy", f"{uid}:policy"))
    assert room.table(OutcomeRow)[0].outcome == "practice"


def test_what_got_in_the_way_is_a_choice_and_words_that_go_with_the_requests(room: Afterwards) -> None:
    ident = room.done()
    uid = room.request(ident).uid
    room.is_at(91, 10)
    room.presses("kim", "followup.outcome:not_yet", f"{uid}:not_yet")
    form = room.opens("kim", "followup.open_barrier", f"{uid}:9")
    room.sends("kim", form, barrier="money", words="No budget until July.")
    assert "What got in the way: Money or supplies." in asked(room)[0]
    assert "What got in the way: 1 money or supplies." in leads_home(room)
    with room.store.writing() as session:
        workflow.remove_details(session, request_id=ident, person=room.person("kim"), now=room.clock.now())
    assert room.table(OutcomeRow)[0].words == workflow.REMOVED
    assert NEED not in asked(room)[0]


def test_more_help_opens_a_new_request_that_begins_with_the_old_words(room: Afterwards) -> None:
    ident = room.done()
    room.is_at(91, 10)
    value = f"{room.request(ident).uid}:1"
    room.presses("kim", "followup.outcome:not_yet", f"{room.request(ident).uid}:not_yet")
    opened = str(room.opens("kim", "followup.again", value))
    assert NEED in opened
    assert "(More on TA-1001)" in opened
    room.does(workflow.reopen, "ravi", ident, why="They asked on the phone.")
    room.does(workflow.done, "ravi", ident, given="More.")
    view = room.opens("kim", "followup.again", value)
    assert "Reopen" in text_of(room.sends("kim", view, why="")) or "What is still open" in str(view)


def test_more_help_with_a_confidential_request_begins_confidential(room: Afterwards) -> None:
    ident = room.done()
    with room.store.writing() as session:
        workflow.confide(session, request_id=ident, person=room.person("kim"), now=room.clock.now())
    room.is_at(91, 10)
    opened = room.opens("kim", "followup.again", f"{room.request(ident).uid}:1")
    [box] = [each for each in opened["blocks"] if each.get("block_id") == "confidential"]
    assert [each["value"] for each in box["element"]["initial_options"]] == ["yes"]


def test_a_request_that_was_opened_again_is_asked_about_ninety_days_after_its_last_done(
    room: Afterwards,
) -> None:
    ident = room.done()
    room.is_at(10, 10)
    room.does(workflow.reopen, "kim", ident, why="One more thing.")
    room.is_at(20, 10)
    room.does(workflow.done, "ravi", ident, given="More.")
    room.is_at(100, 10)
    assert asked(room) == []
    room.is_at(112, 10)
    assert len(asked(room)) == 1


def test_of_a_confidential_request_only_its_requester_reads(room: Afterwards) -> None:
    ident = room.done()
    with room.store.writing() as session:
        workflow.confide(session, request_id=ident, person=room.person("kim"), now=room.clock.now())
    room.is_at(1, 10)
    room.is_at(91, 10)
    assert len(room.told("kim", "How did it go")) == len(asked(room)) == 1
    assert all(row.destination == room.slack.user("kim") for row in room.messages("followup.outcome"))


def test_the_longest_words_fit_into_the_question(room: Afterwards) -> None:
    ident = room.done()
    room.set(ident, need="word " * 400, given="& < > " * 330)
    room.is_at(91, 10)
    assert len(asked(room)) == 1
