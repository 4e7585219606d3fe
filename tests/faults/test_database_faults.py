"""The database is locked, gone or lost while somebody sends a form: nothing is lost, nothing is told that is not saved."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from copbot.sandbox.driver.person import DrivenPerson
from tests.databases import Postgres
from tests.faults.bot import holding
from tests.faults.kit import ACK, CANARY, House, beside
from tests.waiting import at_most, eventually


def stays_with_its_text(home: House, person: DrivenPerson) -> None:
    """Sent in vain: an answer in time, every word still there, and a sentence that says so."""
    began = time.monotonic()
    result = person.submits()
    took = time.monotonic() - began
    assert took < ACK.ack, f"answered after {took:.1f} s"
    assert result.trouble == "", "Slack waited in vain"
    [words] = result.errors.values()
    assert "nothing was saved" in words
    assert CANARY in str(person.modal().values())
    assert not result.closed


def works_again(home: House, person: DrivenPerson) -> None:
    assert person.submits().updated
    home.checked()
    assert len(home.requests()) == 1
    assert len(home.rows("request.notice")) == len(home.rows("request.receipt")) == 1


def test_locked_by_another_process_the_form_stays_with_its_text_inv1(home: House) -> None:
    home.bot()
    person = home.fills("kim")
    with holding(home.file):
        stays_with_its_text(home, person)
    assert home.requests() == []
    works_again(home, person)


def test_locked_only_for_a_moment_nobody_notices_inv1(home: House) -> None:
    home.bot()
    person = home.fills("kim")
    with holding(home.file) as let_go:
        began = time.monotonic()
        let_go()
        works_again(home, person)
    assert time.monotonic() - began < at_most(10.0)


def test_a_press_on_a_locked_database_is_answered_with_a_sentence_and_changes_nothing_inv1(
    home: House,
) -> None:
    home.bot()
    ident = home.asks("kim")
    home.quiet()
    ravi = home.person("ravi")
    with holding(home.file):
        ravi.clicks("Take", in_="ta-staff")
        assert "nothing was saved" in ravi.told()
        assert ravi.error() == ""
    assert home.state(ident) == "new"
    home.takes("ravi", ident)
    home.checked()


@contextmanager
def tables_held(url: str) -> Iterator[None]:
    """Another session has the tables for itself."""
    with psycopg.connect(url) as connection:
        connection.execute("LOCK TABLE requests, persons, claims IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()


def test_tables_held_by_another_session_the_form_stays_with_its_text_inv1(
    postgres_home: House, postgres_url: str
) -> None:
    postgres_home.bot()
    person = postgres_home.fills("kim")
    with tables_held(postgres_url):
        stays_with_its_text(postgres_home, person)
    works_again(postgres_home, person)


def cut_off(url: str, which: str = "true") -> None:
    """Every other (such) session of this database ends in the middle of whatever it does."""
    others = f"datname = current_database() AND pid <> pg_backend_pid() AND {which}"
    with psycopg.connect(url, autocommit=True) as connection:
        told = connection.execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}".encode()
        )
        assert told.fetchall(), "there was nobody to cut off"


def test_sessions_cut_off_by_the_server_are_made_anew_unseen_inv1(
    postgres_home: House, postgres_url: str
) -> None:
    postgres_home.bot()
    person = postgres_home.fills("kim")
    cut_off(postgres_url)
    works_again(postgres_home, person)


def test_cut_off_in_the_middle_of_a_submit_the_form_stays_with_its_text_inv1(
    postgres_home: House, postgres_url: str
) -> None:
    postgres_home.bot()
    person = postgres_home.fills("kim")
    with tables_held(postgres_url):

        def cut() -> None:
            eventually(lambda: is_somebody_waiting(postgres_url), "the submit to wait")
            cut_off(postgres_url, "wait_event_type = 'Lock'")

        with beside(cut):
            stays_with_its_text(postgres_home, person)
    works_again(postgres_home, person)


def is_somebody_waiting(url: str) -> bool:
    with psycopg.connect(url, autocommit=True) as connection:
        asked = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return asked.fetchone() != (0,)


def test_a_stopped_server_the_form_stays_and_when_it_is_back_all_goes_on_inv1(
    postgres: Postgres, postgres_home: House
) -> None:
    home = postgres_home
    home.bot()
    person = home.fills("kim")
    with postgres.stopped():
        stays_with_its_text(home, person)
        stays_with_its_text(home, person)
    works_again(home, person)
    home.takes("ravi", home.requests()[0])
    home.checked()


def test_the_database_goes_after_the_submit_and_the_notice_leaves_when_it_is_back_inv2(
    postgres: Postgres, postgres_home: House
) -> None:
    home = postgres_home
    home.bot()
    home.ws.faults.add("chat.postMessage", "slow", seconds=0.5, times=2)
    home.fills("kim").submits()
    home.ws.waits_for_call("chat.postMessage")
    with postgres.stopped():
        pass
    home.checked()
    assert len(home.requests()) == len(home.rows("request.notice")) == 1
