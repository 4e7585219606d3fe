"""People who save at the same moment share one commit, and each is told the truth about their own."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from copbot.errors import Busy
from copbot.store import Session, Store, group_commit, note
from copbot.store.group_commit import MOST
from copbot.store.journal import JournalRow, record
from copbot.store.sqlite import sqlite_path
from copbot.store.write_lock import PEOPLE_IN_A_ROW

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SOON = 20.0

Work = Callable[[Session], None]


@pytest.fixture(autouse=True)
def _enough_time_to_come_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow this machine is just now, those who stand in line are in one transaction."""
    monkeypatch.setattr(group_commit, "LONGEST", SOON)


def writes(why: str) -> Work:
    return lambda session: record(session, at=NOON, actor="U1", entrance="command:ta", why=why)


def fails(session: Session) -> None:
    writes("never")(session)
    raise LookupError


def driver_of(session: Session) -> sqlite3.Connection:
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def loses_everything(session: Session) -> None:
    """What SQLite does by itself when it cannot go on."""
    writes("lost")(session)
    driver_of(session).execute("ROLLBACK")


def cannot_be_taken_back(session: Session) -> None:
    writes("never")(session)
    driver_of(session).execute("RELEASE SAVEPOINT sa_savepoint_1")
    raise LookupError


def meets_a_full_disk(session: Session) -> None:
    """SQLite's own error for it, at the size the file has now."""
    driver = driver_of(session)
    [pages] = driver.execute("PRAGMA page_count").fetchone()
    driver.execute(f"PRAGMA max_page_count={pages}")
    try:
        for number in range(5000):
            writes(f"never {number}")(session)
    finally:
        driver.execute("PRAGMA max_page_count=4294967294")


def seen_by_others(store: Store, why: str) -> bool:
    """Whether another process finds it in the file."""
    path = sqlite_path(store.url)
    assert path is not None
    with closing(sqlite3.connect(path)) as other:
        return other.execute("SELECT 1 FROM journal WHERE why = ?", (why,)).fetchone() is not None


@contextmanager
def in_line(store: Store, work: Callable[[], None]) -> Iterator[threading.Thread]:
    """A thread that is known to stand in line, until the block ends; then it must come to an end, too."""
    before = store._turns.waiting
    thread = threading.Thread(target=work)
    thread.start()
    until = time.monotonic() + SOON
    while store._turns.waiting == before and time.monotonic() < until:
        time.sleep(0.001)
    yield thread
    thread.join(SOON)
    assert not thread.is_alive()


def at_once(
    store: Store, works: list[Work], after: Callable[[int], None] = lambda _: None, budget: float = SOON
) -> list[str]:
    """Everybody stands in line before the first begins; how it ended for each."""
    ended = [""] * len(works)

    def one(number: int) -> None:
        try:
            with store.writing(interactive=True, budget=budget) as session:
                works[number](session)
            after(number)
            ended[number] = "saved"
        except (Busy, LookupError) as error:
            ended[number] = type(error).__name__

    assert store._turns.take(SOON, first=True)
    with ExitStack() as line:
        for number in range(len(works)):
            line.enter_context(in_line(store, partial(one, number)))
        store._turns.give()
    return ended


def saved(store: Store) -> list[str]:
    with store.reading() as session:
        return sorted(session.scalars(select(JournalRow.why)))


@contextmanager
def commits(store: Store) -> Iterator[list[int]]:
    made: list[int] = []

    def count(_connection: object) -> None:
        made.append(1)

    event.listen(store.engine, "commit", count)
    yield made
    event.remove(store.engine, "commit", count)


def test_many_at_once_take_few_commits_and_all_is_saved(sqlite_store: Store) -> None:
    names = [f"{number:02d}" for number in range(3 * MOST)]
    with commits(sqlite_store) as made:
        ended = at_once(sqlite_store, [writes(name) for name in names])
    assert ended == ["saved"] * len(names)
    assert saved(sqlite_store) == names
    assert len(made) == 3


def test_one_alone_is_saved_at_once(sqlite_store: Store) -> None:
    with commits(sqlite_store) as made, sqlite_store.writing(interactive=True) as session:
        writes("alone")(session)
    assert (saved(sqlite_store), len(made)) == (["alone"], 1)


def test_nobody_goes_on_before_their_own_stands_inv1(sqlite_store: Store) -> None:
    """Another process sees the row of everybody who was told that it is saved."""
    missing: list[int] = []

    def look(number: int) -> None:
        if not seen_by_others(sqlite_store, str(number)):
            missing.append(number)

    ended = at_once(sqlite_store, [writes(str(number)) for number in range(12)], look)
    assert (ended, missing) == (["saved"] * 12, [])


def test_one_who_fails_takes_back_only_their_own(sqlite_store: Store) -> None:
    ended = at_once(sqlite_store, [writes("a"), fails, writes("b"), fails, writes("c")])
    assert ended == ["saved", "LookupError", "saved", "LookupError", "saved"]
    assert saved(sqlite_store) == ["a", "b", "c"]


def test_when_the_first_of_them_fails_the_others_are_saved_all_the_same(sqlite_store: Store) -> None:
    assert at_once(sqlite_store, [fails, writes("a"), writes("b")]) == ["LookupError", "saved", "saved"]
    assert saved(sqlite_store) == ["a", "b"]


def test_one_alone_who_fails_leaves_nothing_and_hears_their_own_error(sqlite_store: Store) -> None:
    with pytest.raises(LookupError), sqlite_store.writing(interactive=True) as session:
        fails(session)
    assert (saved(sqlite_store), sqlite_store._turns.taken) == ([], False)


def test_when_the_last_of_them_fails_the_others_are_saved_all_the_same(sqlite_store: Store) -> None:
    assert at_once(sqlite_store, [writes("a"), fails]) == ["saved", "LookupError"]
    assert saved(sqlite_store) == ["a"]


def test_a_commit_that_fails_is_told_to_all_of_them_inv1(sqlite_store: Store) -> None:
    def refuse(_connection: object) -> None:
        raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))

    event.listen(sqlite_store.engine, "commit", refuse)
    ended = at_once(sqlite_store, [writes("a"), fails, writes("b")])
    event.remove(sqlite_store.engine, "commit", refuse)
    assert ended == [
        "Busy",
        "Busy",
        "Busy",
    ]  # also who failed by themselves: it may have been at the others' rows
    assert saved(sqlite_store) == []
    assert at_once(sqlite_store, [writes("later")]) == ["saved"]
    assert saved(sqlite_store) == ["later"]


def test_when_the_database_takes_everything_back_nobody_is_told_it_was_saved_inv1(
    sqlite_store: Store,
) -> None:
    ended = at_once(sqlite_store, [writes("a"), loses_everything])
    assert ended == ["Busy", "Busy"]
    assert saved(sqlite_store) == []
    assert at_once(sqlite_store, [writes("later")]) == ["saved"]
    assert saved(sqlite_store) == ["later"]


def test_what_cannot_be_taken_back_is_not_saved_with_the_others_inv1(sqlite_store: Store) -> None:
    assert at_once(sqlite_store, [writes("a"), cannot_be_taken_back]) == ["Busy", "Busy"]
    assert saved(sqlite_store) == []
    assert at_once(sqlite_store, [writes("later")]) == ["saved"]
    assert saved(sqlite_store) == ["later"]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_full_disk_loses_nothing_that_was_told_to_be_saved_inv1(sqlite_store: Store, place: int) -> None:
    names = ["a", "b"]
    works = [writes(name) for name in names]
    works.insert(place, meets_a_full_disk)
    ended = at_once(sqlite_store, works)
    assert ended.pop(place) == "StorageFailed"
    told = [name for name, how in zip(names, ended, strict=True) if how == "saved"]
    assert set(ended) <= {"saved", "StorageFailed"}
    assert saved(sqlite_store) == told
    assert at_once(sqlite_store, [writes("later")]) == ["saved"]


def test_who_fails_at_what_another_has_just_written_finds_it_saved_inv3(sqlite_store: Store) -> None:
    """The same delivery twice at the same moment: the second looks up what the first has saved."""
    found: list[bool] = []

    def repeats(session: Session) -> None:
        assert session.scalars(select(JournalRow.why)).one() == "a"
        raise LookupError

    def again() -> None:
        with pytest.raises(LookupError), sqlite_store.writing(interactive=True, budget=SOON) as session:
            repeats(session)
        found.append(saved(sqlite_store) == ["a"])

    assert sqlite_store._turns.take(SOON, first=True)
    ended: list[bool] = []

    def once() -> None:
        with sqlite_store.writing(interactive=True, budget=SOON) as session:
            writes("a")(session)
        ended.append(True)

    with in_line(sqlite_store, once), in_line(sqlite_store, again):
        sqlite_store._turns.give()
    assert (ended, found) == ([True], [True])


def test_nobody_gives_up_waiting_for_the_commit_what_they_are_told_is_true_inv1(sqlite_store: Store) -> None:
    """A disk that takes longer than anybody's budget: it is saved in the end, so that is what they hear."""

    def slow(_connection: object) -> None:
        time.sleep(1.3)

    event.listen(sqlite_store.engine, "commit", slow)
    ended = at_once(sqlite_store, [writes("a"), writes("b"), writes("c")], budget=1.0)
    event.remove(sqlite_store.engine, "commit", slow)
    assert ended == ["saved"] * 3
    assert saved(sqlite_store) == ["a", "b", "c"]


def test_who_gives_up_in_line_has_nothing_saved_afterwards(sqlite_store: Store) -> None:
    assert sqlite_store._turns.take(SOON, first=True)
    with pytest.raises(Busy), sqlite_store.writing(interactive=True, budget=0.05) as session:
        writes("never")(session)
    sqlite_store._turns.give()
    assert at_once(sqlite_store, [writes("later")]) == ["saved"]
    assert saved(sqlite_store) == ["later"]


def test_who_is_slow_is_waited_for_by_those_before_and_not_by_those_after(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "LONGEST", 0.01)
    stands: list[bool] = []

    def dawdles(session: Session) -> None:
        writes("slow")(session)
        time.sleep(0.02)

    def looks(session: Session) -> None:
        stands.append(seen_by_others(sqlite_store, "slow"))
        writes("after")(session)

    assert at_once(sqlite_store, [dawdles, looks]) == ["saved", "saved"]
    assert stands == [True]


def test_those_who_listen_are_woken_when_it_stands_and_not_before_inv2(sqlite_store: Store) -> None:
    names = [f"{number}" for number in range(6)]
    stood: list[bool] = []

    def all_stand() -> None:
        stood.append(any(seen_by_others(sqlite_store, name) for name in names))

    def works(name: str) -> Work:
        def work(session: Session) -> None:
            writes(name)(session)
            note(session, "messages")

        return work

    sqlite_store.on_commit(all_stand, about="messages")
    assert at_once(sqlite_store, [works(name) for name in names]) == ["saved"] * 6
    assert stood == [True] * 6


def test_work_that_nobody_waits_for_gets_its_turn_between_them(sqlite_store: Store) -> None:
    def job() -> None:
        with sqlite_store.writing(budget=SOON) as session:
            writes("job")(session)

    def person(number: int) -> None:
        with sqlite_store.writing(interactive=True, budget=SOON) as session:
            writes(f"person {number}")(session)

    assert sqlite_store._turns.take(SOON, first=True)
    with ExitStack() as line:
        line.enter_context(in_line(sqlite_store, job))
        for number in range(PEOPLE_IN_A_ROW + 4):
            line.enter_context(in_line(sqlite_store, partial(person, number)))
        sqlite_store._turns.give()
    with sqlite_store.reading() as session:
        order = list(session.scalars(select(JournalRow.why).order_by(JournalRow.id)))
    assert order.index("job") == PEOPLE_IN_A_ROW
    assert len(order) == PEOPLE_IN_A_ROW + 5


def test_the_store_may_be_closed_while_they_save(sqlite_store: Store) -> None:
    def closes(session: Session) -> None:
        writes("closes")(session)
        sqlite_store.close()

    assert at_once(sqlite_store, [writes("a"), closes, writes("b")]) == ["saved"] * 3
    assert saved(sqlite_store) == ["a", "b", "closes"]


def test_another_process_that_writes_makes_a_person_wait_and_then_busy(sqlite_store: Store) -> None:
    path = sqlite_path(sqlite_store.url)
    assert path is not None
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(3):
            with pytest.raises(Busy), sqlite_store.writing(interactive=True, budget=0.1):
                pass
        other.execute("ROLLBACK")
    assert not sqlite_store._turns.taken
    assert at_once(sqlite_store, [writes("later")]) == ["saved"]


def test_work_that_nobody_waits_for_shares_with_nobody(sqlite_store: Store) -> None:
    with commits(sqlite_store) as made:
        with sqlite_store.writing() as session:
            writes("job")(session)
        with sqlite_store.writing() as session:
            writes("sender")(session)
    assert (saved(sqlite_store), len(made)) == (["job", "sender"], 2)


def test_over_and_over_everybody_is_told_the_truth_and_the_turn_is_free_again(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People, some of whom fail, and work that nobody waits for, in no order at all."""
    monkeypatch.setattr(group_commit, "LONGEST", 0.005)
    told: list[str] = []

    def many(name: str, *, first: bool) -> None:
        for number in range(25):
            why = f"{name}{number}"
            try:
                with sqlite_store.writing(interactive=first, budget=SOON) as session:
                    writes(why)(session)
                    if number % 3 == 2:
                        raise LookupError
            except LookupError:
                continue
            told.append(why)

    threads = [
        threading.Thread(target=many, args=(name,), kwargs={"first": name < "g"}) for name in "abcdefgh"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60.0)
    assert len(told) == 8 * 17
    assert saved(sqlite_store) == sorted(told)
    assert not sqlite_store._turns.taken
