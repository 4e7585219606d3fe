"""The verbs rooms call, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from copbot.delivery import service
from copbot.delivery.service import About, Posted
from copbot.delivery.tables import DestinationRow, MessageRefresh, MessageRow
from copbot.errors import NotFound
from copbot.store import Session, Store
from copbot.store.purge import purge
from tests.delivery.kit import NOON, House


def say(session: Session, subject: str = "request:1", key: str = "", **more: object) -> int:
    options: dict[str, object] = {"to": "C1", "now": NOON, **more}
    return service.say(session, "note", subject, key=key or subject, **options)  # type: ignore[arg-type]


def get(store: Store, ident: int) -> MessageRow:
    with store.reading() as session:
        row = session.get(MessageRow, ident)
        assert row is not None
        return row


def test_saying_twice_under_one_key_is_saying_once_inv2(store: Store) -> None:
    with store.writing() as session:
        first = say(session, key="request:1/notice")
    with store.writing() as session:
        assert say(session, key="request:1/notice", to="C2") == first
        assert say(session, key="request:1/receipt") != first
    assert get(store, first).destination == "C1"


def test_a_message_is_saved_with_the_fact_it_tells_or_not_at_all_inv2(store: Store) -> None:
    with pytest.raises(RuntimeError), store.writing() as session:
        say(session)
        raise RuntimeError
    with store.reading() as session:
        assert service.oldest_due(session, now=NOON) is None


def test_a_row_holds_ids_and_no_words_inv8(store: Store) -> None:
    with store.writing() as session:
        ident = say(session)
    row = get(store, ident)
    assert len(row.uid) == 32
    assert not {column.name for column in MessageRow.__table__.columns} & {"text", "blocks", "body"}


def test_a_change_touches_only_its_subject_and_kind(store: Store) -> None:
    with store.writing() as session:
        mine, other = say(session), say(session, subject="request:2")
        receipt = service.say(session, "receipt", "request:1", to="U1", key="r", now=NOON)
        assert service.refresh(session, "request:1", kind="note", now=NOON) == 1
        assert service.refresh(session, "request:1", now=NOON) == 2
        assert service.refresh(session, "request:99", now=NOON) == 0
    assert [get(store, ident).version for ident in (mine, receipt, other)] == [3, 2, 1]


def test_a_change_does_not_hurry_a_message_that_is_due_later(store: Store) -> None:
    with store.writing() as session:
        ident = say(session, due_at=NOON + timedelta(days=1))
        service.refresh(session, "request:1", now=NOON)
    assert get(store, ident).due_at == NOON + timedelta(days=1)


def test_what_was_taken_back_is_changed_no_more_and_cannot_be_said_again(store: Store) -> None:
    with store.writing() as session:
        ident = say(session)
        assert service.unsay(session, "request:1", kind="receipt") == 0
        assert service.unsay(session, "request:1") == 1
        assert service.unsay(session, "request:1") == 0
        assert service.refresh(session, "request:1", now=NOON) == 0
        assert say(session) == ident
    assert get(store, ident).state == "gone"


def test_a_change_at_a_moment_already_past_happens_now(store: Store) -> None:
    with store.writing() as session:
        ident = say(session)
        assert service.refresh(session, "request:1", now=NOON, at=NOON - timedelta(minutes=1)) == 1
        assert service.refresh(session, "request:1", now=NOON, at=NOON + timedelta(minutes=1)) == 1
    assert get(store, ident).version == 2
    with store.reading() as session:
        assert session.query(MessageRefresh).count() == 1


def test_where_a_message_stands_and_what_stands_there(house: House) -> None:
    ident = house.say("request:1")
    with house.store.reading() as session:
        assert service.posted(session, "note", "request:1") is None
    house.work()
    row = house.row(ident)
    with house.store.reading() as session:
        assert service.posted(session, "note", "request:1") == Posted(
            str(row.channel), str(row.ts), str(row.ts)
        )
        assert service.about(session, str(row.channel), str(row.ts)) == About("note", "request:1")
        assert service.about(session, str(row.channel), "1.000001") is None


def test_a_notice_that_vanished_is_posted_anew_and_linked_again_inv10(house: House) -> None:
    ident = house.say("request:1", to="general")
    house.work()
    [first] = house.messages("general")
    house.ws.person("ines").deletes(first)
    with house.store.writing() as session:
        assert service.vanished(session, first.channel, first.ts, NOON)
        assert not service.vanished(session, first.channel, "1.000001", NOON)
    house.work()
    [again] = house.messages("general")
    assert again.ts != first.ts
    assert house.row(ident).ts == again.ts
    house.words.of["request:1"] = "changed"
    house.refresh("request:1")
    house.work()
    assert house.seen("general") == ["changed"]


def test_our_own_deletions_bring_nothing_back_inv10(house: House) -> None:
    ident = house.say("request:1")
    house.work()
    row = house.row(ident)
    house.unsay("request:1")
    house.work()
    with house.store.writing() as session:
        assert not service.vanished(session, str(row.channel), str(row.ts), NOON)
    house.work()
    assert house.seen() == []
    assert house.calls("chat.postMessage") == 1


def test_what_vanished_after_it_was_taken_back_stays_away_inv10(house: House) -> None:
    ident = house.say("request:1", to="general")
    house.work()
    [first] = house.messages("general")
    house.unsay("request:1")
    house.ws.person("ines").deletes(first)
    with house.store.writing() as session:
        assert service.vanished(session, first.channel, first.ts, NOON)
    house.work()
    assert house.row(ident).state == "gone"
    assert house.seen("general") == []


def test_a_notice_that_vanishes_while_it_is_being_changed_stands_again_inv10(house: House) -> None:
    ident = house.say("request:1", to="general")
    house.work()
    [first] = house.messages("general")

    def vanish(subject: str) -> None:
        house.words.during = lambda _: None
        house.ws.person("ines").deletes(first)
        with house.store.writing() as session:
            service.vanished(session, first.channel, first.ts, NOON)

    house.words.of["request:1"] = "changed"
    house.refresh("request:1")
    house.words.during = vanish
    house.work()
    assert house.seen("general") == ["changed"]
    assert house.row(ident).ts == house.messages("general")[0].ts


@pytest.mark.both_databases
def test_rows_follow_a_channel_whose_id_changed_inv10(house: House) -> None:
    general = house.place("general")
    ident = house.say("request:1", to="general")
    later = house.say("request:2", to="general", due_at=NOON + timedelta(days=1))
    house.work()
    with house.store.writing() as session:
        service.channel_moved(session, general, "C0MOVED")
    assert (house.row(ident).channel, house.row(ident).destination) == ("C0MOVED", "C0MOVED")
    assert house.row(later).destination == "C0MOVED"


def test_a_dead_letter_that_does_not_exist_cannot_be_tried_again(store: Store) -> None:
    with pytest.raises(NotFound), store.writing() as session:
        service.retry_dead(session, 404, now=NOON)


@pytest.mark.both_databases
def test_what_ended_thirty_days_ago_is_forgotten_and_what_stands_is_kept(house: House) -> None:
    standing, gone = house.say("request:1"), house.say("request:2")
    never = house.say("request:3", to="kim", due_at=NOON + timedelta(hours=1))
    house.work()
    house.unsay("request:2")
    house.unsay("request:3")
    house.work()
    assert purge(house.store, NOON + timedelta(days=29)) == {}
    assert purge(house.store, NOON + timedelta(days=31)) == {"messages": 2}
    with house.store.reading() as session:
        assert [session.get(MessageRow, ident) is None for ident in (standing, gone, never)] == [
            False,
            True,
            True,
        ]
        assert [row.name for row in session.query(DestinationRow)] == [house.place("ta-staff")]


def test_what_nobody_had_asked_for_is_forgotten_a_month_after_it_was_sent(house: House) -> None:
    asked = house.say("request:1", to="kim")
    news = house.say("digest:1", to="kim", unasked=True)
    house.work(within=30)
    assert purge(house.store, NOON + timedelta(days=30)) == {}
    assert purge(house.store, NOON + timedelta(days=32)) == {"messages": 1}
    with house.store.reading() as session:
        assert session.get(MessageRow, asked) is not None
        assert session.get(MessageRow, news) is None


def test_the_replies_of_a_forgotten_message_stay(store: Store) -> None:
    with store.writing() as session:
        first = say(session)
        reply = say(session, subject="reply:1", thread_of=first)
        service.unsay(session, "request:1")
    purge(store, NOON + timedelta(days=31))
    assert get(store, reply).thread_of is None


def test_what_stands_unchanged_for_longer_than_its_text_is_kept_is_forgotten(house: House) -> None:
    house.say("request:1")
    house.work()
    assert purge(house.store, NOON + timedelta(days=399)) == {}
    assert purge(house.store, NOON + timedelta(days=401)) == {"messages": 1, "destinations": 1}
