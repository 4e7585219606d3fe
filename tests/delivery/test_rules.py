"""The sender's decisions as tables of values."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.delivery import rules
from copbot.delivery.rules import MessageState, NextCall, Verdict
from copbot.delivery.subject import Subject
from tests.rows import for_each

TS = "1700000000.000100"


@for_each(
    ("wanted", "ts", "version", "shown", "step", "rest"),
    [
        (True, None, 1, 0, NextCall.POST, MessageState.DUE),
        (True, None, 3, 2, NextCall.POST, MessageState.DUE),
        (True, TS, 1, 1, NextCall.NONE, MessageState.SHOWN),
        (True, TS, 4, 1, NextCall.UPDATE, MessageState.DUE),
        (False, TS, 1, 1, NextCall.DELETE, MessageState.DUE),
        (False, TS, 9, 1, NextCall.DELETE, MessageState.DUE),
        (False, None, 1, 0, NextCall.NONE, MessageState.GONE),
    ],
)
def test_what_a_row_needs_next(
    wanted: bool, ts: str | None, version: int, shown: int, step: NextCall, rest: MessageState
) -> None:
    facts = {"wanted": wanted, "ts": ts, "version": version, "shown": shown}
    assert rules.step_for(**facts) is step
    assert rules.rest_state(**facts) is rest


@for_each(
    ("step", "code", "in_thread", "verdict"),
    [
        (NextCall.POST, "not_in_channel", False, Verdict.JOIN),
        (NextCall.POST, "is_archived", False, Verdict.DEAD),
        (NextCall.POST, "channel_not_found", False, Verdict.DEAD),
        (NextCall.POST, "invalid_blocks", False, Verdict.DEAD),
        (NextCall.POST, "msg_too_long", False, Verdict.DEAD),
        (NextCall.POST, "restricted_action", False, Verdict.DEAD),
        (NextCall.POST, "restricted_action_read_only_channel", False, Verdict.DEAD),
        (NextCall.POST, "missing_scope", False, Verdict.DEAD),
        (NextCall.POST, "a_code_of_next_year", False, Verdict.DEAD),
        (NextCall.POST, "thread_not_found", True, Verdict.TOP_LEVEL),
        (NextCall.POST, "thread_not_found", False, Verdict.DEAD),
        (NextCall.POST, "restricted_action_thread_locked", True, Verdict.TOP_LEVEL),
        (NextCall.POST, "message_not_found", True, Verdict.TOP_LEVEL),
        (NextCall.UPDATE, "message_not_found", False, Verdict.ANEW),
        (NextCall.UPDATE, "edit_window_closed", False, Verdict.REPLY),
        (NextCall.UPDATE, "cant_update_message", True, Verdict.REPLY),
        (NextCall.UPDATE, "is_inactive", False, Verdict.DEAD),
        (NextCall.UPDATE, "not_in_channel", False, Verdict.DEAD),
        (NextCall.DELETE, "message_not_found", False, Verdict.FINE),
        (NextCall.DELETE, "cant_delete_message", False, Verdict.DEAD),
        (NextCall.POST, "account_inactive", False, Verdict.DEAD),
        (NextCall.UPDATE, "invalid_auth", False, Verdict.DEAD),
        (NextCall.DELETE, "token_revoked", False, Verdict.DEAD),
    ],
)
def test_what_a_refusal_means(step: NextCall, code: str, in_thread: bool, verdict: Verdict) -> None:
    assert rules.verdict(step, code, in_thread=in_thread) is verdict


def test_waits_double_up_to_a_minute() -> None:
    assert [rules.backoff(tries) for tries in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert rules.backoff(0) == 1
    assert rules.backoff(3, unit=0.01) == pytest.approx(0.04)


def test_a_lost_attempt_is_looked_for_later_each_time_but_never_given_up() -> None:
    assert rules.look_at(1000.0, 1, 30.0) == 1030.0
    assert rules.look_at(1000.0, 3, 30.0) == 1090.0
    assert rules.look_at(1000.0, 500, 30.0) == 1300.0


OLD, NEW, NEWEST = "1700000000.000100", "1700000000.000900", "1700000001.000000"


@for_each(
    ("found", "own", "wanted", "rooted", "keep", "drop"),
    [
        ([], None, True, False, None, ()),
        ([OLD], None, True, False, OLD, ()),
        ([NEW, OLD], None, True, False, OLD, (NEW,)),
        ([OLD, NEW, NEWEST], NEW, True, False, OLD, (NEW, NEWEST)),
        ([OLD, NEW], NEW, True, True, NEW, (OLD,)),
        ([], NEW, True, False, NEW, ()),
        ([NEW], NEW, True, False, NEW, ()),
        ([OLD], None, False, False, None, (OLD,)),
        ([OLD, NEW], NEW, False, False, NEW, (OLD,)),
    ],
)
def test_of_several_copies_one_stays(
    found: list[str], own: str | None, wanted: bool, rooted: bool, keep: str | None, drop: tuple[str, ...]
) -> None:
    plan = rules.after_look(found, own=own, wanted=wanted, rooted=rooted)
    assert (plan.keep, plan.drop) == (keep, drop)


def test_timestamps_sort_as_numbers_not_as_words() -> None:
    assert rules.stamp("999999999.000200") < rules.stamp("1700000000.000100")
    assert rules.stamp("1700000000") < rules.stamp("1700000000.000001")


def test_a_look_up_begins_a_minute_before_the_attempt() -> None:
    attempt = datetime(2026, 11, 23, 18, 0, 0, 250000, tzinfo=UTC)
    assert rules.look_from(attempt) == f"{attempt.timestamp() - 60:.6f}"


def test_the_earlier_of_two_clocks_counts() -> None:
    now = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    assert rules.earliest(now, now - timedelta(days=3)) == now - timedelta(days=3)
    assert rules.earliest(now - timedelta(days=3), now) == now - timedelta(days=3)


def test_what_is_not_urgent_takes_half_of_the_rate() -> None:
    assert rules.bulk_spacing(200.0) == pytest.approx(0.6)
    free_at, now, sent = 0.0, 1000.0, 0
    while now < 1060.0:
        if rules.bulk_open_at(free_at, 200.0, 1) <= now:
            free_at = rules.bulk_taken(free_at, 200.0, now)
            sent += 1
        now += 0.01
    assert 95 <= sent <= 101


def test_a_burst_of_changes_may_go_at_once_and_then_waits() -> None:
    free_at, went = 0.0, 0
    while rules.bulk_open_at(free_at, 50.0, 10) <= 1000.0:
        free_at = rules.bulk_taken(free_at, 50.0, 1000.0)
        went += 1
    assert went == 10


def test_a_429_slows_down_once_and_quiet_minutes_speed_up_again() -> None:
    slowed = rules.slower(200.0, 0.0, 1000.0)
    assert slowed == pytest.approx(140.0)
    assert rules.slower(slowed, 1000.0, 1000.4) == slowed
    assert rules.slower(21.0, 0.0, 1000.0) == rules.LOWEST_RATE
    assert rules.faster(slowed, 200.0, 1000.0, 1030.0) == slowed
    assert rules.faster(slowed, 200.0, 1000.0, 1061.0) == pytest.approx(154.0)
    assert rules.faster(199.0, 200.0, 0.0, 1000.0) == 200.0
    after_five = rules.faster(slowed, 300.0, 1000.0, 1301.0)  # as many steps as quiet minutes, used or not
    assert after_five == pytest.approx(slowed * 1.1**5)
    assert rules.faster(rules.LOWEST_RATE, 200.0, 1000.0, 1000.0 + 86_400.0) == 200.0  # a quiet day


@given(st.lists(st.sampled_from(["down", "up"]), max_size=60))
def test_the_learned_rate_stays_between_its_ends(lessons: list[str]) -> None:
    rate, now = 200.0, 1000.0
    for lesson in lessons:
        now += 100.0
        rate = rules.slower(rate, 0.0, now) if lesson == "down" else rules.faster(rate, 200.0, 0.0, now)
        assert rules.LOWEST_RATE <= rate <= 200.0


TODAY = date(2026, 11, 23)


@for_each(
    ("days_ago", "too_much"),
    [
        ([], False),
        ([0], True),
        ([1], False),
        ([1, 2], False),
        ([1, 2, 3], True),
        ([1, 3, 6], True),
        ([1, 3, 7], False),
        ([7, 8, 9, 10], False),
    ],
)
def test_one_unasked_message_a_day_and_three_a_week(days_ago: list[int], too_much: bool) -> None:
    days = [TODAY - timedelta(days=ago) for ago in days_ago]
    assert rules.over_quota(days, TODAY) is too_much


def test_a_subject_says_what_it_is_which_one_and_what_about_it() -> None:
    told = Subject("community:12:renamed")
    assert (told, told.kind, told.number, told.detail) == ("community:12:renamed", "community", 12, "renamed")
    alone = Subject("leads")
    assert (alone.kind, alone.ident, alone.detail) == ("leads", "", "")
    assert Subject("slack:missing_scope:users:read").detail == "users:read"
