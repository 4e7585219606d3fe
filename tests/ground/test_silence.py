"""A PostgreSQL that says nothing: nobody waits for it longer than their transaction may take."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy import make_url, select, text

from copbot.errors import Busy
from copbot.store import Session, Store
from copbot.store.engine import BUDGET
from copbot.store.failures import BUSY_WORDS, UNCONFIRMED_WORDS
from copbot.store.journal import JournalRow, record
from copbot.store.postgres import WRITERS
from tests.databases import Postgres

SOON = BUDGET + 0.7
"""The budget, and what a busy machine adds to it."""
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def silent(postgres_store: Store) -> Store:
    """On a server that is frozen now and then."""
    return postgres_store


def note(session: Session) -> None:
    record(session, at=NOON, actor="U1", entrance="command:/ta")


def write(store: Store, **how: bool) -> None:
    with store.writing(**how) as session:  # type: ignore[arg-type]
        note(session)


def read(store: Store) -> int:
    with store.reading() as session:
        return len(session.scalars(select(JournalRow)).all())


def words_of(act: Callable[[], object], within: float = SOON) -> str:
    """What somebody reads who waited in vain, and not for too long."""
    began = time.monotonic()
    with pytest.raises(Busy) as told:
        act()
    assert time.monotonic() - began < within
    return told.value.words


def test_a_frozen_server_is_busy_within_the_budget_and_goes_on_when_it_thaws_inv1(
    silent: Store, postgres: Postgres
) -> None:
    write(silent)
    with postgres.frozen():
        # First on the connection there is, then on the way to a new one.
        assert words_of(lambda: write(silent, interactive=True)) == BUSY_WORDS
        assert words_of(lambda: write(silent)) == BUSY_WORDS
        assert words_of(lambda: read(silent)) == BUSY_WORDS
        assert not silent.answers()
    assert silent.answers()
    write(silent)
    assert read(silent) == 2


def test_frozen_in_the_middle_of_a_transaction_nothing_of_it_is_saved_inv1(
    silent: Store, postgres: Postgres
) -> None:
    def write_into_silence() -> None:
        with silent.writing(interactive=True) as session:
            note(session)
            session.flush()
            postgres.freeze()
            session.scalar(text("SELECT 1"))

    try:
        assert words_of(write_into_silence) == BUSY_WORDS
    finally:
        postgres.thaw()
    assert read(silent) == 0


def test_a_commit_without_an_answer_is_called_unsure_for_it_may_stand_inv1(
    silent: Store, postgres: Postgres
) -> None:
    def commit_into_silence() -> None:
        with silent.writing(interactive=True) as session:
            note(session)
            session.flush()
            postgres.freeze()

    try:
        assert words_of(commit_into_silence) == UNCONFIRMED_WORDS
    finally:
        postgres.thaw()
    deadline = time.monotonic() + 20
    while read(silent) == 0:
        assert time.monotonic() < deadline, "what was sent to the server is carried out when it thaws"


def test_forty_threads_come_back_all_of_them(silent: Store, postgres: Postgres) -> None:
    with ThreadPoolExecutor(40) as pool:
        list(pool.map(lambda _: read(silent), range(40)))
        with postgres.frozen():
            waiting = [pool.submit(words_of, lambda: read(silent), SOON + BUDGET) for _ in range(40)]
            assert [each.result() for each in waiting] == [BUSY_WORDS] * 40
        assert list(pool.map(lambda _: read(silent), range(40))) == [0] * 40


def test_a_slow_answer_ends_at_the_server_and_the_connection_stays(silent: Store) -> None:
    pids: list[int] = []
    with pytest.raises(Busy), silent.writing() as session:
        pids.append(session.scalar(text("SELECT pg_backend_pid()")))
        session.execute(text("SELECT pg_sleep(30)"))
    with silent.reading() as session:
        pids.append(session.scalar(text("SELECT pg_backend_pid()")))
    assert pids[0] == pids[1]


def test_many_answers_each_in_time_are_too_much_for_a_person_and_not_for_an_job(silent: Store) -> None:
    def slowly(first: bool) -> None:
        with silent.writing(interactive=first) as session:
            for _ in range(6):
                session.execute(text("SELECT pg_sleep(0.5)"))

    assert words_of(lambda: slowly(True)) == BUSY_WORDS
    slowly(False)


# --- a network that swallows what is sent ---------------------------------------------------------


class Line:
    """A way to the server that can be made to swallow everything, both ways and without a word."""

    def __init__(self, path: str) -> None:
        self.swallows = False
        self._path = path
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._open, daemon=True).start()

    def close(self) -> None:
        for end in (self._door, *self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _open(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._path)
                self._ends += [client, server]
                for here, there in ((client, server), (server, client)):
                    threading.Thread(target=self._carry, args=(here, there), daemon=True).start()

    def _carry(self, here: socket.socket, there: socket.socket) -> None:
        with suppress(OSError):
            while said := here.recv(65536):
                if not self.swallows:
                    there.sendall(said)


@contextmanager
def over(url: str) -> Iterator[tuple[Line, Store]]:
    folder = make_url(url).query["host"]
    line = Line(f"{folder}/.s.PGSQL.5432")
    direct = make_url(url).difference_update_query(["host"]).set(host="127.0.0.1", port=line.port)
    store = Store(direct.render_as_string(hide_password=False))
    try:
        yield line, store
    finally:
        store.close()
        line.close()


def test_a_network_that_swallows_everything_is_busy_within_the_budget_inv1(postgres_url: str) -> None:
    with over(postgres_url) as (line, store):
        write(store)
        line.swallows = True
        assert words_of(lambda: read(store)) == BUSY_WORDS
        assert words_of(lambda: write(store)) == BUSY_WORDS
        line.swallows = False
        write(store)
        assert read(store) == 2


def test_a_connection_that_fell_silent_while_nobody_used_it_costs_one_answer_and_not_two(
    postgres_url: str,
) -> None:
    with over(postgres_url) as (line, store):
        write(store)
        line.swallows = True
        # The look whether it still lives, and a new connection after it, together.
        assert words_of(lambda: write(store, interactive=True)) == BUSY_WORDS


def test_people_who_save_at_once_on_postgresql_are_few_and_who_waits_in_vain_is_told(
    silent: Store,
) -> None:
    with ExitStack() as saving:
        for _ in range(WRITERS):
            saving.enter_context(silent.writing(interactive=True))
        with pytest.raises(Busy), silent.writing(interactive=True, budget=0.1):
            pass
        write(silent)  # what nobody waits for is not held up
    write(silent, interactive=True)
    assert read(silent) == 2
