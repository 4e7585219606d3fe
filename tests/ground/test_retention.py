"""Every table says how long its rows are kept, and the purge does what they say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

import copbot.app  # noqa: F401 - maps every room's tables
from copbot.assistance.tables import RequestRow
from copbot.communities.tables import CommunityRow, QuestionRow, RunRow, WeekRow
from copbot.delivery.rules import MessageState
from copbot.delivery.tables import MessageRow
from copbot.people.tables import PersonRow
from copbot.store import Store, new_uid, purge
from copbot.store.journal import JournalRow, record
from copbot.store.mapping import Base
from copbot.store.retention import DeleteAfter, KeepForever

pytestmark = pytest.mark.both_databases

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def test_every_table_declares_how_long_its_rows_are_kept() -> None:
    silent = [name for name, kind in purge.tables().items() if not purge.declared(kind)]
    assert silent == [], "each needs __retention__ = DeleteAfter(...) or KeepForever(...)"
    assert set(purge.tables()) == set(Base.metadata.tables)


def test_what_is_kept_for_ever_has_a_reason_and_what_is_not_can_be_asked_for(store: Store) -> None:
    for kind in purge.tables().values():
        for rule in purge.declared(kind):
            if isinstance(rule, KeepForever):
                assert rule.because
            else:
                with store.reading() as session:
                    session.execute(select(kind).where(rule.rows(NOON)).limit(1)).all()


def ages(table: type[Base]) -> list[timedelta]:
    return [rule.age for rule in purge.declared(table) if isinstance(rule, DeleteAfter)]


def test_the_times_that_were_promised() -> None:
    assert ages(JournalRow) == [timedelta(days=731)]
    assert ages(RunRow) == [timedelta(days=30)]
    assert ages(QuestionRow) == [timedelta(days=90)]
    assert ages(WeekRow) == []


def test_rows_go_in_small_batches_and_only_those_whose_time_is_over(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge, "BATCH", 3)
    with store.writing() as session:
        for days in (0, 730, 732, 800, 801, 802, 900, 901, 902):
            record(session, at=NOON - days * DAY, actor="U1", entrance="command:ta")
    totals: list[int] = []
    assert purge.purge(store, NOON, step=totals.append) == {"journal": 7}
    assert totals == [3, 6, 7]
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(JournalRow)) == 2


def test_runs_and_questions_of_communities_go_and_their_counted_weeks_stay(store: Store) -> None:
    with store.writing() as session:
        row = CommunityRow(slug="rural", name="Rural", purpose="", made_at=NOON - 900 * DAY)
        session.add(row)
        session.flush()
        session.add(WeekRow(community_id=row.id, week=(NOON - 900 * DAY).date()))
        for days in (29, 31):
            session.add(RunRow(kind="plan", by_user="U1", state="done", at=NOON - days * DAY))
        for days in (89, 91):
            session.add(QuestionRow(community_id=row.id, ts=f"{days}.1", due_at=NOON - days * DAY))
    assert purge.purge(store, NOON) == {"community_questions": 1, "community_runs": 1}


def test_a_purge_that_is_cut_off_goes_on_the_next_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopped(Exception):
        pass

    def stop(_total: int) -> None:
        raise Stopped

    monkeypatch.setattr(purge, "BATCH", 2)
    with store.writing() as session:
        for number in range(5):
            record(session, at=NOON - (800 + number) * DAY, actor="U1", entrance="command:ta")
    with pytest.raises(Stopped):
        purge.purge(store, NOON, step=stop)
    assert purge.purge(store, NOON) == {"journal": 3}


def test_what_stands_about_an_open_request_and_a_channels_welcome_outlive_their_time(store: Store) -> None:
    """However quiet it is: its next move finds the notice, and the welcome is not posted and pinned twice."""
    long_ago = NOON - 900 * DAY
    told = {"destination": "C1", "said_at": long_ago, "due_at": long_ago, "settled_at": long_ago}
    with store.writing() as session:
        person = PersonRow(user="U1", name="Kim", tz="UTC", seen_at=long_ago)
        session.add(person)
        session.flush()
        asked = {"kind": "training", "need": "", "asked_at": long_ago, "first_reply_due": long_ago}
        for ident, state in ((1, "waiting_requester"), (2, "closed"), (11, "closed")):
            row = RequestRow(id=ident, form_key=f"f{ident}", requester_id=person.id, state=state, **asked)
            session.add(row)
        about = [("request.notice", f"request:{ident}") for ident in (1, 2, 11)]
        for kind, subject in (
            *about,
            ("community.welcome", "community:1"),
            ("community.quiet", "community:1"),
        ):
            for state in (MessageState.SHOWN, MessageState.DEAD):
                uid, ts = new_uid(), "1.1" if state == MessageState.SHOWN else None
                row = MessageRow(uid=uid, key=uid, kind=kind, subject=subject, state=state, ts=ts, **told)
                session.add(row)
    assert purge.purge(store, NOON) == {"messages": 6}
    with store.reading() as session:
        kept = session.execute(select(MessageRow.kind, MessageRow.subject, MessageRow.state)).all()
    stay = {("request.notice", "request:1"), ("community.welcome", "community:1")}
    assert {(kind, subject) for kind, subject, _ in kept} == stay
    assert len(kept) == 4
