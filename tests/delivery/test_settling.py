"""What becomes of a row: every outcome of a call, crossed with what happened to the row while it was made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from copbot.delivery import service
from copbot.delivery.rules import NextCall, SendTiming
from copbot.delivery.sending.claims import claim, idle_for, work_waits
from copbot.delivery.sending.outcomes import (
    Broken,
    Changed,
    Looked,
    Outcome,
    Postponed,
    Removed,
    Sent,
    ShutOut,
    Silent,
    Unthreaded,
)
from copbot.delivery.tables import DestinationRow, MethodRate
from copbot.slack.errors import NeverConnected, RateLimited, Refused, Unsure
from copbot.store import Store, machine_now
from tests.delivery.kit import NOON
from tests.delivery.rows import change, end, row, say, take, taker
from tests.waiting import eventually

POST, UPDATE, DELETE = "chat.postMessage", "chat.update", "chat.delete"
TS, OTHER = "1795450000.000100", "1795450000.000200"


def standing(store: Store) -> int:
    """A row whose first version stands in Slack."""
    ident = say(store)
    by = taker()
    turn = take(store, by)
    assert turn is not None
    end(store, by, turn, Sent("C1", TS, 1))
    return ident


def refreshed(store: Store) -> None:
    with store.writing() as session:
        service.refresh(session, "s", now=NOON)


def unsaid(store: Store) -> None:
    with store.writing() as session:
        service.unsay(session, "s")


def vanished(store: Store) -> None:
    with store.writing() as session:
        service.vanished(session, "C1", TS, NOON)


def nothing(store: Store) -> None:
    """A quiet moment."""


MEANWHILE = {"quiet": nothing, "refreshed": refreshed, "unsaid": unsaid, "vanished": vanished}


@pytest.mark.parametrize(
    ("outcome", "meanwhile", "state"),
    [
        (Sent("C1", TS, 1), "quiet", "shown"),
        (Sent("C1", TS, 1), "refreshed", "due"),
        (Sent("C1", TS, 2), "refreshed", "shown"),
        (Sent("C1", TS, 1), "unsaid", "due"),
        (Silent("empty", 1), "quiet", "nothing"),
        (Silent("empty", 1), "refreshed", "due"),
        (Silent("empty", 1), "unsaid", "gone"),
        (Broken("render", 1), "quiet", "dead"),
        (Broken("render", 1), "refreshed", "due"),
        (Broken("render", 1), "unsaid", "gone"),
        (Postponed(), "quiet", "due"),
        (Postponed(), "unsaid", "gone"),
        (Refused("is_archived", POST), "quiet", "dead"),
        (Refused("is_archived", POST), "refreshed", "due"),
        (Refused("is_archived", POST), "unsaid", "gone"),
        (ShutOut("token_revoked"), "quiet", "due"),
        (Unthreaded("C1"), "quiet", "due"),
        (Unthreaded("C1"), "unsaid", "gone"),
        (RateLimited(5, POST), "quiet", "due"),
        (RateLimited(5, POST), "unsaid", "gone"),
        (NeverConnected("unreachable", POST), "quiet", "due"),
        (Unsure("http_500", POST), "quiet", "unsure"),
        (Unsure("http_500", POST), "refreshed", "unsure"),
        (Unsure("http_500", POST), "unsaid", "unsure"),
        (Unsure("no_answer", "conversations.join"), "quiet", "due"),
    ],
)
def test_what_becomes_of_a_post(store: Store, outcome: Outcome, meanwhile: str, state: str) -> None:
    ident = say(store)
    by = taker()
    turn = take(store, by)
    assert turn is not None
    assert turn.step is NextCall.POST
    MEANWHILE[meanwhile](store)
    end(store, by, turn, outcome)
    found = row(store, ident)
    assert found.state == state
    # Only an unknown outcome leaves open that a copy stands somewhere.
    assert (found.since is not None) == (state == "unsure")
    with store.reading() as session:
        assert session.query(DestinationRow).one().lease_until == 0.0


@pytest.mark.parametrize(
    ("outcome", "meanwhile", "state", "ts"),
    [
        (Changed(2), "quiet", "shown", TS),
        (Changed(2), "refreshed", "due", TS),
        (Changed(2), "unsaid", "due", TS),
        (Changed(2), "vanished", "due", None),
        (Removed("erased"), "quiet", "nothing", None),
        (Removed("erased"), "unsaid", "gone", None),
        (Unsure("http_500", UPDATE), "quiet", "due", TS),
        (Unsure("http_500", UPDATE), "unsaid", "due", TS),
        (Unsure("http_500", UPDATE), "vanished", "due", None),
        (RateLimited(5, UPDATE), "quiet", "due", TS),
        (Refused("message_not_found", UPDATE), "quiet", "due", None),
        (Refused("message_not_found", UPDATE), "unsaid", "gone", None),
        (Refused("edit_window_closed", UPDATE), "quiet", "due", None),
        (Refused("invalid_blocks", UPDATE), "quiet", "dead", TS),
        (Refused("invalid_blocks", UPDATE), "refreshed", "due", TS),
        (Broken("render", 2), "quiet", "dead", TS),
    ],
)
def test_what_becomes_of_an_update(
    store: Store, outcome: Outcome, meanwhile: str, state: str, ts: str | None
) -> None:
    ident = standing(store)
    refreshed(store)
    by = taker()
    turn = take(store, by)
    assert turn is not None
    assert turn.step is NextCall.UPDATE
    MEANWHILE[meanwhile](store)
    end(store, by, turn, outcome)
    assert (row(store, ident).state, row(store, ident).ts) == (state, ts)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Removed(), "gone"),
        (Refused("message_not_found", DELETE), "gone"),
        (Refused("is_archived", DELETE), "dead"),
        (Unsure("no_answer", DELETE), "due"),
        (RateLimited(1, DELETE), "due"),
        (NeverConnected("unreachable", DELETE), "due"),
    ],
)
def test_what_becomes_of_a_deletion(store: Store, outcome: Outcome, state: str) -> None:
    ident = standing(store)
    unsaid(store)
    by = taker()
    turn = take(store, by)
    assert turn is not None
    assert turn.step is NextCall.DELETE
    end(store, by, turn, outcome)
    if state == "dead":  # it is no longer wanted, yet it stands: somebody has to know
        assert row(store, ident).ts == TS
    assert row(store, ident).state == state


@pytest.mark.parametrize(
    ("outcome", "meanwhile", "state"),
    [
        (Looked("C1", TS, found=True), "quiet", "shown"),
        (Looked("C1", TS, found=True), "refreshed", "due"),
        (Looked("C1", TS, found=True), "unsaid", "due"),
        (Looked("C1", None, found=False), "quiet", "due"),
        (Looked("C1", None, found=False), "unsaid", "gone"),
        (Refused("missing_scope", "conversations.history"), "quiet", "dead"),
        (ShutOut("token_revoked"), "quiet", "unsure"),
        (Refused("account_inactive", "conversations.history"), "quiet", "dead"),
        (Unsure("http_500", "conversations.history"), "quiet", "unsure"),
        (RateLimited(3, "conversations.history"), "quiet", "unsure"),
        (NeverConnected("unreachable", "conversations.history"), "quiet", "unsure"),
    ],
)
def test_what_becomes_of_a_look(store: Store, outcome: Outcome, meanwhile: str, state: str) -> None:
    ident = say(store)
    by = taker()
    turn = take(store, by)
    assert turn is not None
    end(store, by, turn, Unsure("http_500", POST))
    change(store, ident, look_at=0.0)
    by = taker()
    turn = take(store, by)
    assert turn is not None
    assert turn.step is NextCall.LOOK
    assert turn.since is not None
    MEANWHILE[meanwhile](store)
    end(store, by, turn, outcome)
    assert row(store, ident).state == state


def test_after_a_look_that_found_nothing_a_second_look_follows_the_post_inv5(store: Store) -> None:
    ident = say(store)
    for outcome in (Unsure("http_500", POST), Looked("C1", None, found=False), Sent("C1", OTHER, 1)):
        change(store, ident, **({"look_at": 0.0} if isinstance(outcome, Looked) else {}))
        by = taker()
        turn = take(store, by)
        assert turn is not None
        end(store, by, turn, outcome)
    found = row(store, ident)
    assert (found.state, found.ts, found.doubted) == ("shown", OTHER, True)
    assert found.look_at is not None
    assert found.look_at - found.attempted >= 120.0
    change(store, ident, look_at=0.0)
    by = taker()
    turn = take(store, by)
    assert turn is not None
    assert (turn.step, turn.ts) == (NextCall.LOOK, OTHER)
    end(store, by, turn, Looked("C1", TS, found=True))
    found = row(store, ident)
    assert (found.state, found.ts, found.doubted, found.look_at, found.since) == (
        "due",
        TS,
        False,
        None,
        None,
    )


def test_one_of_several_lost_attempts_turning_up_leaves_the_others_to_be_looked_for_inv5(
    store: Store,
) -> None:
    ident = say(store)
    lost, absent = Unsure("http_500", POST), Looked("C1", None, found=False)
    for outcome in (lost, absent, lost, Looked("C1", TS, found=True)):
        change(store, ident, **({"look_at": 0.0} if isinstance(outcome, Looked) else {}))
        by = taker()
        turn = take(store, by)
        assert turn is not None
        end(store, by, turn, outcome)
    found = row(store, ident)
    assert found.ts == TS
    assert found.since is not None
    assert found.look_at is not None
    change(store, ident, look_at=0.0)
    by = taker()
    turn = take(store, by)
    assert turn is not None
    assert turn.step is NextCall.LOOK
    end(store, by, turn, Looked("C1", TS, found=True))
    assert (row(store, ident).since, row(store, ident).look_at) == (None, None)


@pytest.mark.parametrize("how", ["silent", "unsaid", "unsaid on the way"])
def test_what_ends_while_a_lost_copy_may_still_come_is_looked_for_inv5(store: Store, how: str) -> None:
    """Posted and lost, not found, and then there is nothing to show any more."""
    ident = say(store)
    for outcome in (Unsure("http_500", POST), Looked("C1", None, found=False)):
        change(store, ident, **({"look_at": 0.0} if isinstance(outcome, Looked) else {}))
        by = taker()
        turn = take(store, by)
        assert turn is not None
        end(store, by, turn, outcome)
    if how == "unsaid":
        unsaid(store)
        assert row(store, ident).state == "unsure"
    by = taker()
    turn = take(store, by)
    assert turn is not None
    if how == "unsaid on the way":
        unsaid(store)
    end(store, by, turn, Looked("C1", None, found=False) if how == "unsaid" else Silent("empty", 1))
    found = row(store, ident)
    assert found.state == ("nothing" if how == "silent" else "gone")
    assert found.look_at is not None
    assert found.look_at - found.attempted == pytest.approx(120.0)
    change(store, ident, look_at=0.0)
    by = taker()
    turn = take(store, by)
    assert turn is not None
    assert turn.step is NextCall.LOOK
    end(store, by, turn, Looked("C1", TS if turn.wanted else None, found=True))
    found = row(store, ident)
    assert (found.state, found.ts) == (("due", TS) if how == "silent" else ("gone", None))
    assert (found.look_at, found.since) == (None, None)


@pytest.mark.both_databases
def test_two_who_both_posted_are_found_out_inv5(store: Store) -> None:
    ident = say(store)
    first = taker()
    turn = take(store, first)
    assert turn is not None
    change(store, ident, ts=OTHER, channel="C1", shown=1, state="shown")
    with store.writing() as session:
        session.query(DestinationRow).one().lease_by = "somebody else"
    end(store, first, turn, Sent("C1", TS, 1))
    found = row(store, ident)
    assert (found.ts, found.look_at) == (OTHER, 0.0)
    assert found.since is not None


@pytest.mark.parametrize(("ts", "state"), [(None, "unsure"), (TS, "due")])
def test_what_a_dead_process_was_sending_inv11(store: Store, ts: str | None, state: str) -> None:
    ident = standing(store) if ts else say(store)
    if ts:
        refreshed(store)
    lost = take(store, taker(timing=SendTiming(lease=0.05)))
    assert lost is not None

    def taken_over() -> bool:
        with store.writing() as session:
            turn = claim(session, taker())
        return turn is not None or row(store, ident).state != "sending"

    eventually(taken_over)
    found = row(store, ident)
    if ts:
        assert (found.state, found.ts) == ("sending", TS)  # done again at once
    else:
        assert found.state == state
        assert found.look_at is not None
        assert found.look_at - found.attempted == pytest.approx(30.0)


def test_a_destination_is_held_by_one_inv11(store: Store) -> None:
    say(store, "s")
    say(store, "t")
    say(store, "elsewhere", to="C2")
    first, second = take(store, taker()), take(store, taker())
    assert (first and first.subject, second and second.subject) == ("s", "elsewhere")
    assert take(store, taker()) is None
    with store.reading() as session:
        assert not work_waits(session, NOON)


def test_an_attempt_is_dated_by_the_earlier_clock(store: Store) -> None:
    ident = say(store, due_at=datetime(2020, 1, 1, tzinfo=UTC))
    take(store, taker(now=datetime(2020, 6, 1, tzinfo=UTC)))
    assert row(store, ident).since == datetime(2020, 6, 1, tzinfo=UTC)
    other = say(store, "later", to="C2", due_at=NOON)
    take(store, taker(now=datetime(2090, 1, 1, tzinfo=UTC)))
    since = row(store, other).since
    assert since is not None
    assert since < datetime(2090, 1, 1, tzinfo=UTC)


def test_a_429_is_written_where_every_process_reads_it_inv11(store: Store) -> None:
    say(store, urgent=False)
    by = taker()
    turn = take(store, by)
    assert turn is not None
    end(store, by, turn, RateLimited(7.0, POST))
    with store.reading() as session:
        rate = session.query(MethodRate).one()
        assert rate.method == POST
        assert 6.0 < rate.paused_until - machine_now(session) <= 7.0
        assert rate.rate == pytest.approx(140.0)
        assert not work_waits(session, NOON)
        assert 5.0 < idle_for(session, NOON, 60.0) <= 7.0
        assert idle_for(session, NOON, 1.0) == 1.0


@pytest.mark.both_databases
def test_the_sender_sleeps_until_something_may_go(store: Store) -> None:
    with store.reading() as session:
        assert idle_for(session, NOON, 1.0) == 1.0
    first = say(store)
    change(store, first, wait_until=0.0)
    with store.writing() as session:
        machine = machine_now(session)
        session.add(DestinationRow(name="C1", not_before=machine + 20.0))
    with store.reading() as session:
        assert 18.0 < idle_for(session, NOON, 60.0) <= 20.0
    unsure = say(store, "unsure", to="C2")
    change(store, unsure, state="unsure", look_at=machine + 10.0, since=NOON)
    with store.reading() as session:
        assert 8.0 < idle_for(session, NOON, 60.0) <= 10.0
        assert idle_for(session, NOON - timedelta(hours=1), 60.0) <= 10.0
