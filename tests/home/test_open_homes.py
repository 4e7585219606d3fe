"""A Home that is open is kept true: for those who look at it, by what differs, and however Slack answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from copbot.errors import Busy
from copbot.home import tables
from copbot.home.tables import HomeViewRow
from copbot.store import Store
from copbot.store.purge import purge
from tests.dialogs.kit import Talk, talking
from tests.waiting import eventually


def published(talk: Talk, handle: str) -> int:
    """How often this person's Home was published and Slack took it."""
    user = talk.person(handle).id
    calls = talk.ws.calls("views.publish")
    return sum(call["args"]["user_id"] == user and call["answer"]["ok"] for call in calls)


def settled(talk: Talk, handle: str) -> None:
    """What Slack shows is what was noted of it."""
    person = talk.person(handle)

    def noted() -> bool:
        with talk.bot.store.reading() as session:
            row = tables.view_of(session, person.id)
        home = person.home()
        return row is not None and home is not None and row.hash == home.view["hash"]

    eventually(noted, "what is shown to be noted")


def test_what_changes_comes_to_those_who_look_and_to_nobody_else(own_talk: Talk) -> None:
    ravi, mei = own_talk.person("ravi"), own_talk.person("mei")
    ravi.opens_home()
    number = own_talk.asks("kim")
    assert number in ravi.sees_home(number).text()
    assert published(own_talk, "kim") == 0
    assert mei.home() is None
    mei.presses("Take", number)
    eventually(lambda: number not in home_text(own_talk, "ravi"), "the taken one to leave ravi's queue")


def home_text(talk: Talk, handle: str) -> str:
    home = talk.person(handle).home()
    return home.text() if home else ""


def test_a_home_that_was_opened_long_ago_is_left_alone_until_it_is_opened_again(own_talk: Talk) -> None:
    ravi, mei = own_talk.person("ravi"), own_talk.person("mei")
    ravi.opens_home()
    settled(own_talk, "ravi")
    own_talk.goes_on(timedelta(minutes=31))
    mei.opens_home()
    before = published(own_talk, "ravi")
    number = own_talk.asks("kim")
    mei.sees_home(number)
    settled(own_talk, "mei")
    own_talk.bot.homes.round()
    assert published(own_talk, "ravi") == before
    assert number in ravi.opens_home(again=True).text()


def test_what_changes_nothing_in_it_publishes_nothing(own_talk: Talk) -> None:
    noor = own_talk.person("noor")
    noor.opens_home()
    settled(own_talk, "noor")
    before = published(own_talk, "noor")
    own_talk.asks("kim")
    assert own_talk.bot.homes.round() == 0
    assert published(own_talk, "noor") == before


@pytest.fixture
def refused_talk(sqlite_url: str) -> Iterator[Talk]:
    """Slack may refuse here what it is asked."""
    with talking(sqlite_url, checked=False) as talk:
        yield talk


def test_a_newer_state_than_we_know_of_is_overwritten_by_the_truth_once(refused_talk: Talk) -> None:
    """As when another process published it, or the answer to our own publishing was lost."""
    own_talk = refused_talk
    ravi = own_talk.person("ravi")
    ravi.opens_home()
    settled(own_talk, "ravi")
    with own_talk.bot.store.writing() as session:
        session.execute(update(HomeViewRow).values(hash="1.of-another-time"))
    number = own_talk.asks("kim")
    assert number in ravi.sees_home(number).text()
    answers = [call["answer"].get("error") for call in own_talk.ws.calls("views.publish")]
    assert "hash_conflict" in answers
    settled(own_talk, "ravi")
    assert {each["error"] for each in own_talk.ws.refusals()} == {"hash_conflict"}


def test_a_second_conflict_is_let_go_and_the_next_look_mends_it(own_talk: Talk) -> None:
    ravi = own_talk.person("ravi")
    ravi.opens_home()
    settled(own_talk, "ravi")
    own_talk.ws.faults.add("views.publish", "refuse", error="hash_conflict", times=2)
    number = own_talk.asks("kim")
    eventually(lambda: not own_talk.ws.faults.waiting(), "both conflicts")
    own_talk.asks("juno")
    assert number in ravi.sees_home(number).text()


def test_slack_in_trouble_leaves_the_old_home_and_the_next_look_mends_it(own_talk: Talk) -> None:
    ravi = own_talk.person("ravi")
    ravi.opens_home()
    settled(own_talk, "ravi")
    own_talk.ws.faults.add("views.publish", "rate_limited", retry_after=1)
    own_talk.ws.faults.add("views.publish", "http_500")
    number = own_talk.asks("kim")
    eventually(lambda: not own_talk.ws.faults.waiting(), "both troubles")
    own_talk.asks("juno")
    assert number in ravi.sees_home(number).text()


class BusyStore:
    """The same database, which another process holds for the next few times that somebody wants to write."""

    def __init__(self, store: Store, times: int) -> None:
        self._store, self._times = store, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def writing(self, **how: Any) -> Any:
        self._times -= 1
        if self._times >= 0:
            raise Busy("Somebody else is writing.")
        return self._store.writing(**how)


def test_a_home_that_a_busy_database_did_not_take_note_of_is_kept_true_all_the_same(own_talk: Talk) -> None:
    homes, ravi = own_talk.bot.homes, own_talk.person("ravi")
    homes._store = BusyStore(own_talk.bot.store, 3)  # type: ignore[assignment]
    ravi.opens_home()
    settled(own_talk, "ravi")
    number = own_talk.asks("kim")
    assert number in ravi.sees_home(number).text()


def test_somebody_who_left_is_shown_nothing_of_requests_any_more(own_talk: Talk) -> None:
    ravi = own_talk.person("ravi")
    number = own_talk.asks("kim")
    ravi.opens_home()
    settled(own_talk, "ravi")
    assert number in home_text(own_talk, "ravi")
    own_talk.ws.admin.deactivate("ravi")
    eventually(lambda: number not in home_text(own_talk, "ravi"), "what he saw to be gone")
    settled(own_talk, "ravi")
    before = published(own_talk, "ravi")
    later = own_talk.asks("kim")
    own_talk.bot.homes.round()
    assert published(own_talk, "ravi") == before
    assert later not in home_text(own_talk, "ravi")


def test_who_looked_a_month_ago_is_forgotten(own_talk: Talk) -> None:
    own_talk.person("kim").opens_home()
    settled(own_talk, "kim")
    store, now = own_talk.bot.store, own_talk.bot.clock.now()
    assert "home_views" not in purge(store, now)
    assert purge(store, now + timedelta(days=31))["home_views"] == 1
