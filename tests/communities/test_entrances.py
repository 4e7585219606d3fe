"""What Slack tells of channels, and what is typed about them, as it reaches the verbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from copbot.about import listeners as about_listeners
from copbot.communities import listeners, service
from copbot.communities.channels import service as channel_sync
from copbot.communities.rules import CommunityState
from copbot.people import listeners as people_events
from copbot.people import service as people
from copbot.sandbox.people import BOT_USER, TEAM
from copbot.slack.answers import Answer, Done, Nothing, Say
from copbot.slack.entrances import Call
from tests.communities.kit import NOON, PROFILE, Commons

OPEN = {"channel": "C0OPEN", "seen_name": "housing"}
REREAD = "people.staff_reread"


def runs(commons: Commons, listener: Callable[[Call], Answer], handle: str = "ada", **more: Any) -> Answer:
    with commons.store.writing() as session:
        person = people.identify(session, commons.slack.user(handle))
        assert person is not None
        given = {"person": person, "now": NOON, "profile": PROFILE, "team": TEAM["id"], "bot_user": BOT_USER}
        return listener(Call(session, **{**given, **more}))


def hears(commons: Commons, listener: Callable[[Call], Answer], channel: str, **event: Any) -> Answer:
    return runs(commons, listener, channel=channel, event={"event_ts": "1.1", **event})


def has_staff_channel(commons: Commons, channel: str = "C0STAFF") -> None:
    with commons.store.writing() as session:
        people.set_staff_channel(session, channel, "", now=NOON)


def members(commons: Commons, ident: int) -> int:
    with commons.store.reading() as session:
        return service.one(session, ident).members


def test_who_comes_and_goes_is_noted_at_once(commons: Commons) -> None:
    ident, kim = commons.wants("housing", **OPEN), commons.slack.user("kim")
    for listener, count in (
        (listeners.member_came, 1),
        (listeners.member_came, 1),
        (listeners.member_went, 0),
    ):
        assert hears(commons, listener, "C0OPEN", user=kim) == Done()
        assert members(commons, ident) == count


def test_the_app_that_gets_into_a_channel_is_no_member_of_it(commons: Commons) -> None:
    ident = commons.wants("housing", **OPEN)
    assert isinstance(hears(commons, listeners.member_came, "C0OPEN", user=BOT_USER), Nothing)
    assert members(commons, ident) == 0


@pytest.mark.parametrize(
    "listener", [listeners.member_came, listeners.member_went, listeners.channel_changed]
)
def test_what_happens_to_the_staff_channel_asks_for_its_members_and_elsewhere_for_nothing(
    commons: Commons, listener: Callable[[Call], Answer]
) -> None:
    has_staff_channel(commons)
    assert isinstance(hears(commons, listener, "C0OTHER", user="U1"), Nothing)
    assert commons.asked(REREAD) == []
    assert hears(commons, listener, "C0STAFF", user=BOT_USER) == Done()
    assert len(commons.asked(REREAD)) == 1
    assert commons.asked("communities.reconcile") == []


def test_what_happens_to_a_communitys_channel_is_looked_into(commons: Commons) -> None:
    commons.wants("housing", **OPEN)
    for _ in range(2):
        assert hears(commons, listeners.channel_changed, "C0OPEN") == Done()
    assert hears(commons, listeners.channel_changed, "C0OPEN", event_ts="2.2") == Done()
    assert len(commons.asked("communities.reconcile")) == 2
    assert commons.asked(REREAD) == []


def test_a_channel_with_another_id_stays_the_staffs_and_the_communitys(commons: Commons) -> None:
    ident = commons.wants("housing", **OPEN)
    has_staff_channel(commons)
    for old, new in (("C0OPEN", "C1OPEN"), ("C0STAFF", "C1STAFF"), ("", "C2")):
        hears(commons, people_events.channel_moved, "", old_channel_id=old, new_channel_id=new)
    assert commons.row(ident).channel == "C1OPEN"
    with commons.store.reading() as session:
        assert people.staff_channel(session).id == "C1STAFF"


@pytest.mark.parametrize(
    ("typed", "name"),
    [("", "communities.plan"), ("plan", "communities.plan"), ("apply", "communities.apply")],
)
def test_channels_are_compared_unless_one_says_apply(commons: Commons, typed: str, name: str) -> None:
    assert isinstance(runs(commons, listeners.channels, text=typed), Say)
    for each in ("communities.plan", "communities.apply"):
        assert len(commons.asked(each)) == (1 if each == name else 0)
    assert commons.messages("community.run")[0].destination == commons.slack.user("ada")


def test_the_list_to_copy_changes_nothing(commons: Commons) -> None:
    commons.wants("housing")
    answer = runs(commons, listeners.channels, text="export")
    assert isinstance(answer, Say)
    assert not answer.saved
    assert "housing" in str(answer.message)
    assert commons.messages("community.run") == []


def test_keeping_what_nobody_closes_changes_nothing(commons: Commons) -> None:
    ident = commons.wants("housing", state=CommunityState.CLOSING, **OPEN)
    saved = []
    with commons.store.writing() as session:
        channel_sync.entered(session, ident, commons.slack.user("kim"), now=NOON)
    for _ in range(2):
        answer = runs(commons, listeners.keep, "kim", value=str(ident))
        assert isinstance(answer, Say)
        saved.append(answer.saved)
    assert saved == [True, False]
    assert commons.state(ident) is CommunityState.ACTIVE


def test_joining_without_a_name_means_the_channel_one_is_in_or_shows_the_list(commons: Commons) -> None:
    commons.wants("housing", **OPEN)
    answer = runs(commons, listeners.join, "kim", channel="C0ELSE")
    assert "#housing" in str(answer)
    assert commons.asked("communities.wish") == []
    runs(commons, listeners.join, "kim", channel="C0OPEN")
    assert len(commons.asked("communities.wish")) == 1


def test_a_page_called_about_opens_itself_and_the_button_about_us_the_menu(commons: Commons) -> None:
    views = [
        runs(commons, about_listeners.about, value=value) for value in ("about", "page:about", "principles")
    ]
    titles = [str(getattr(view, "view", "")) for view in views]
    assert "What this is" in titles[0]
    assert "page:about" in titles[0]
    assert "We connect people" in titles[1]
    assert "Seven, as used in Wisconsin" in titles[2], "a button of an older release"
