"""What Slack tells of the staff channel is a hint: nothing goes there until it has been read again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from copbot.assistance.intake.service import announce_held
from copbot.delivery import service as delivery
from copbot.people.staff_channel import service
from copbot.program.settings.service import choose
from copbot.slack.errors import Unsure
from copbot.store import Store
from tests.assistance.given import asked
from tests.people.given import slack_user
from tests.readers.kit import EXPOSED, LONG_AGO, LOST, Office
from tests.readers.test_gate import office

MOMENT = timedelta(seconds=1)
HEARD: dict[str, tuple[str, str]] = {
    "public": ("channel_convert_to_public", "channel_convert_to_private"),
    "shared": ("channel_shared", "channel_unshared"),
    "guest": ("member_joined_channel", "member_left_channel"),
    "foreign": ("member_joined_channel", "member_left_channel"),
}


def asked_within(place: Office) -> int:
    return place.jobs("people.staff_reread")


@pytest.mark.parametrize("what", EXPOSED)
def test_an_event_makes_the_sender_read_first_however_fresh_the_last_reading_is(
    sqlite_store: Store, what: str
) -> None:
    breaks, mends = EXPOSED[what]
    came, went = HEARD[what]
    place = office(sqlite_store)
    place.says("request.notice", "request:1", place.staff.id)
    place.delivers()
    breaks(place)
    place.later(MOMENT)
    place.hears(came, channel=place.staff.id)
    place.says("request.notice", "request:2", place.staff.id)
    place.delivers()
    assert (place.texts(), place.slack.leaks, asked_within(place)) == (0, [], 1)
    assert ["TA-1001: details are in Home" in each for each in place.shown()] == [True]
    mends(place)
    place.later(MOMENT)
    place.hears(went, channel=place.staff.id)
    place.reads()
    place.delivers()
    assert (place.texts(), len(place.shown()), place.slack.leaks) == (2, 2, [])


def test_a_channel_with_another_id_is_read_before_anything_goes_there(sqlite_store: Store) -> None:
    place = office(sqlite_store)
    place.says("request.notice", "request:1", place.staff.id)
    place.delivers()
    old = place.slack.world.state.change_id(place.staff)
    EXPOSED["shared"][0](place)
    place.later(MOMENT)
    place.hears("channel_id_changed", old_channel_id=old, new_channel_id=place.staff.id)
    place.says("request.notice", "request:2", place.staff.id)
    place.delivers()
    assert (place.texts(), len(place.shown()), place.slack.leaks) == (0, 1, [])
    EXPOSED["shared"][1](place)
    place.reads()
    place.delivers()
    assert (place.texts(), len(place.shown())) == (2, 2)


def test_a_channel_that_is_fit_again_while_its_text_is_being_hidden_has_it_back(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = office(sqlite_store)
    place.says("request.notice", "request:1", place.staff.id)
    place.delivers()
    breaks, mends = EXPOSED["public"]
    call, late = place.slack.call, [True]

    def meanwhile(method: str, /, **args: Any) -> dict[str, Any]:
        done = call(method, **args)
        if method == "chat.update" and late:
            late.clear()
            mends(place)
            place.later(MOMENT)
            place.hears(HEARD["public"][1], channel=place.staff.id)
            place.reads()
            place.sender._look_over()  # another thread's turn, which sees nothing hidden yet
        return done

    breaks(place)
    place.later(MOMENT)
    place.hears(HEARD["public"][0], channel=place.staff.id)
    place.reads()
    monkeypatch.setattr(place.slack, "call", meanwhile)
    place.delivers()
    assert (place.texts(), late) == (1, [])


def test_an_id_that_changed_without_a_word_holds_everything_until_the_word_comes(sqlite_store: Store) -> None:
    place = office(sqlite_store)
    place.says("request.notice", "request:1", place.staff.id)
    place.delivers()
    old = place.slack.world.state.change_id(place.staff)
    place.later()
    place.says("request.notice", "request:2", old)
    place.delivers()
    assert place.problem() == "not_found"
    assert len(place.shown()) == 1
    place.hears("channel_id_changed", old_channel_id=old, new_channel_id=place.staff.id)
    place.reads()
    place.delivers()
    assert (place.problem(), place.texts()) == ("", 2)


def test_a_notice_is_the_same_one_when_its_channel_gets_another_id(sqlite_store: Store) -> None:
    place = Office(sqlite_store)
    kim = place.person("kim")
    with sqlite_store.writing() as session:
        made = asked(session, kim, channel=place.staff.id)
    place.delivers()
    before = list(place.staff.messages)
    old = place.slack.world.state.change_id(place.staff)
    place.later(MOMENT)
    place.hears("channel_id_changed", old_channel_id=old, new_channel_id=place.staff.id)
    place.reads()
    assert place.does(announce_held, channel=place.staff.id) == 0
    place.does(delivery.refresh, subject=f"request:{made.id}", kind="request.notice")
    place.delivers()
    assert list(place.staff.messages) == before


@pytest.mark.parametrize("flag", ["is_restricted", "is_ultra_restricted", "deleted", "is_stranger"])
def test_somebody_of_the_staff_who_becomes_another_makes_it_read_again(
    sqlite_store: Store, flag: str
) -> None:
    place = office(sqlite_store)
    ravi = place.slack.world.state.users[place.slack.user("ravi")]
    ravi[flag] = True
    place.later(MOMENT)
    place.hears("user_change", user=dict(ravi))
    place.says("request.notice", "request:1", place.staff.id)
    place.delivers()
    assert asked_within(place) == 1
    assert place.slack.leaks == []


def test_a_new_name_makes_nobody_read_again(sqlite_store: Store) -> None:
    place = office(sqlite_store)
    ravi = place.slack.world.state.users[place.slack.user("ravi")]
    place.hears("user_change", user={**ravi, "profile": {"display_name": "Ravi B."}})
    place.hears("user_change", user=slack_user("U0NOBODY"))
    assert asked_within(place) == 0


def test_what_happens_to_another_channel_holds_nothing(sqlite_store: Store) -> None:
    place = office(sqlite_store)
    general = place.slack.channel("general")
    assert general is not None
    for event in ("channel_convert_to_public", "member_joined_channel", "member_left_channel"):
        place.hears(event, channel=general.id, user=place.slack.user("gus"))
    assert asked_within(place) == 0


def test_an_event_during_a_reading_needs_another_one(sqlite_store: Store) -> None:
    """What was read before it happened says nothing of after."""
    place = office(sqlite_store)
    call = place.slack.call
    heard: list[str] = []

    def meanwhile(method: str, /, **args: Any) -> dict[str, Any]:
        answer = call(method, **args)
        if method == "conversations.info" and not heard:
            heard.append(method)
            EXPOSED["public"][0](place)
            place.hears("channel_convert_to_public", channel=place.staff.id)
        return answer

    place.slack.call = meanwhile  # type: ignore[method-assign]
    place.later()
    place.says("request.notice", "request:1", place.staff.id)
    place.delivers()
    assert heard
    assert (place.shown(), place.slack.leaks) == ([], [])


def test_a_reading_that_answers_an_older_doubt_does_not_overwrite_a_later_one(sqlite_store: Store) -> None:
    place = office(sqlite_store)
    with place.store.reading() as session:
        early = service.begin(session, place.clock.now())
    place.hears("channel_shared", channel=place.staff.id)
    place.reads()
    with place.store.writing() as session:
        assert not service.is_newest(session, early)
        assert service.is_newest(session, service.begin(session, place.clock.now()))


def test_a_reading_of_the_channel_before_says_nothing_of_one_that_was_chosen_meanwhile(
    sqlite_store: Store,
) -> None:
    place = office(sqlite_store)
    with place.store.reading() as session:
        early = service.begin(session, place.clock.now())
    with place.store.writing() as session:
        choose(session, "staff_channel", "C0ANOTHER", by="U1", now=place.clock.now())
        assert not service.is_newest(session, early)
        assert service.is_newest(session, service.begin(session, place.clock.now()))


def test_a_clock_that_was_set_back_keeps_no_reading_from_counting(sqlite_store: Store) -> None:
    place = office(sqlite_store)
    place.clock.at -= timedelta(hours=1)
    place.says("request.notice", "request:1", place.staff.id)
    place.delivers()
    assert place.texts() == 1


@pytest.mark.parametrize("what", [*EXPOSED, *LOST])
def test_while_it_cannot_be_used_it_is_asked_for_again_each_minute(sqlite_store: Store, what: str) -> None:
    """So nothing that failed there waits for the schedule, even where no event comes."""
    breaks, _ = {**EXPOSED, **LOST}[what]
    place = office(sqlite_store)
    assert place.reader.ask_while_unfit() is False
    breaks(place)
    place.later()
    place.reads()
    before, expected = asked_within(place), place.problem() not in ("not_found",)
    for _ in range(5):
        place.later(timedelta(seconds=25))
        place.reader.ask_while_unfit()
        place.reader.ask_while_unfit()
    assert (asked_within(place) > before) is expected
    assert asked_within(place) - before <= 3


def test_who_waits_for_the_end_of_a_problem_is_told_when_a_message_found_it(sqlite_store: Store) -> None:
    breaks, mends = EXPOSED["guest"]
    place = office(sqlite_store)
    breaks(place)
    place.reads()
    place.says("request.notice", "request:1", place.staff.id)
    mends(place)
    place.later(LONG_AGO)
    place.delivers()
    assert (place.texts(), asked_within(place)) == (1, 1)


def test_a_reading_that_fails_leaves_the_doubt(sqlite_store: Store) -> None:
    place = office(sqlite_store)
    place.hears("channel_shared", channel=place.staff.id)
    place.slack.fails("conversations.members", Unsure("http_500", "conversations.members"))
    place.says("request.notice", "request:1", place.staff.id)
    place.delivers(1)
    assert place.shown() == []
