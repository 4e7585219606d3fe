"""A community's life to the day: when it is quiet, closing or back, who hears of it, and how often."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from copbot.communities import rules
from copbot.communities.activity import service as activity
from copbot.communities.channels import service
from copbot.communities.rules import CommunityState, Known, WantedChannel
from copbot.communities.tables import CommunityRow
from copbot.errors import Conflict, NotAllowed
from copbot.program.settings.service import choose
from copbot.sandbox import membership
from copbot.sandbox.people import BOT_USER
from copbot.sandbox.posting import post, user_message
from tests.communities.kit import NOON, Commons


def opened(commons: Commons, name: str = "housing", **more: object) -> int:
    values = {"lead": commons.slack.user("ada"), **more}
    ident = commons.wants(name, **values)
    commons.applies()
    return ident


def channel_of(commons: Commons, name: str = "housing") -> Any:
    channel = commons.slack.channel(name)
    assert channel is not None
    return channel


def says(commons: Commons, handle: str, text: str, thread: str = "", name: str = "housing") -> str:
    world = commons.slack.world
    message = user_message(world, world.state.users[commons.slack.user(handle)], text)
    return str(
        post(world, channel_of(commons, name), message | ({"thread_ts": thread} if thread else {}))["ts"]
    )


def closes(commons: Commons, ident: int, by: str = "ada") -> None:
    with commons.store.writing() as session:
        activity.propose_archive(session, ident, person=commons.person(by), now=commons.clock.now())


def keeps(commons: Commons, ident: int, by: str = "ada") -> bool:
    with commons.store.writing() as session:
        return activity.keep(session, ident, person=commons.person(by))


def revives(commons: Commons, ident: int, by: str = "ada") -> None:
    with commons.store.writing() as session:
        activity.revive(session, ident, person=commons.person(by), now=commons.clock.now())


def archived(commons: Commons, ident: int, by: str = "ada") -> None:
    closes(commons, ident, by)
    commons.later(days=7)
    assert commons.does("communities.close") == {"archived": 1}


# -- quiet


@pytest.mark.parametrize(
    "more",
    [
        {"state": CommunityState.CLOSING},
        {"state": CommunityState.ARCHIVED},
        {"state": CommunityState.REVIVING},
        {"channel": None},
        {"last_post_at": NOON - timedelta(days=29)},
    ],
)
def test_only_an_open_channel_in_which_nobody_spoke_is_quiet(
    commons: Commons, more: dict[str, object]
) -> None:
    commons.wants("housing", **{"made_at": NOON - timedelta(days=40), "channel": "C1", **more})
    with commons.store.writing() as session:
        assert activity.tell_quiet(session, now=NOON, admins=["U0LOU"]) == 0


@pytest.mark.parametrize(("days", "quiet"), [(29, 0), (30, 1), (31, 1)])
def test_thirty_days_without_a_word_are_quiet(commons: Commons, days: int, quiet: int) -> None:
    commons.wants("housing", made_at=NOON - timedelta(days=days), channel="C1")
    with commons.store.writing() as session:
        assert activity.tell_quiet(session, now=NOON) == quiet


def test_how_long_a_community_may_be_quiet_is_the_programmes_choice_and_is_told_once(
    commons: Commons,
) -> None:
    opened(commons)
    with commons.store.writing() as session:
        choose(session, "quiet_days", 7, by="U1", now=NOON)
    says(commons, "kim", "Hello.")
    commons.later(days=8)
    assert [commons.does("communities.watch")["quiet"] for _ in range(3)] == [1, 0, 0]
    assert len(commons.shown("ada", "has been quiet")) == 1


def test_quiet_again_after_somebody_spoke_is_told_again(commons: Commons) -> None:
    opened(commons)
    commons.later(days=31)
    commons.does("communities.watch")
    says(commons, "kim", "Hello again.")
    commons.does("communities.watch")
    commons.later(days=31)
    assert commons.does("communities.watch")["quiet"] == 1
    assert commons.shown("ada", "has been quiet")


def test_brought_back_from_the_archive_a_community_has_its_thirty_days_again(commons: Commons) -> None:
    ident = opened(commons)
    commons.later(days=31)
    assert commons.does("communities.watch")["quiet"] == 1
    archived(commons, ident)
    membership.unarchive(commons.slack.world, channel_of(commons), commons.slack.user("lou"))
    membership.join(commons.slack.world, channel_of(commons), BOT_USER)
    commons.does("communities.reconcile")
    row = commons.row(ident)
    assert (row.closes_at, row.closed_by) == (None, "")
    for days, quiet in ((0, 0), (29, 0), (1, 1)):
        commons.later(days=days)
        assert commons.does("communities.watch")["quiet"] == quiet


def test_archived_by_hand_while_it_was_closing_nothing_is_about_to_happen_to_it(commons: Commons) -> None:
    ident = opened(commons)
    closes(commons, ident)
    membership.archive(commons.slack.world, channel_of(commons), commons.slack.user("lou"))
    commons.does("communities.reconcile")
    assert (commons.state(ident), commons.row(ident).closes_at) == (CommunityState.ARCHIVED, None)
    commons.later(days=8)
    assert commons.does("communities.close") == {"archived": 0}


# -- its end, and its return


def test_a_channel_is_archived_a_week_after_the_warning_and_not_an_hour_before(commons: Commons) -> None:
    ident = opened(commons)
    closes(commons, ident)
    commons.later(days=6, hours=23)
    assert commons.does("communities.close") == {"archived": 0}
    commons.later(hours=1)
    assert commons.does("communities.close") == {"archived": 1}


def test_whoever_closed_it_hears_that_it_is_archived(commons: Commons) -> None:
    archived(commons, opened(commons), by="lou")
    assert commons.told("lou", "is archived")
    assert commons.told("ada", "is archived") == []


@pytest.mark.parametrize("state", [CommunityState.CLOSING, CommunityState.ARCHIVED, CommunityState.REVIVING])
def test_what_is_not_open_cannot_be_closed(commons: Commons, state: CommunityState) -> None:
    ident = commons.wants("housing", state=state, channel="C1")
    with pytest.raises(Conflict):
        closes(commons, ident, by="lou")
    assert commons.state(ident) is state


def test_what_has_no_channel_cannot_be_closed(commons: Commons) -> None:
    with pytest.raises(Conflict):
        closes(commons, commons.wants("housing"), by="lou")


@pytest.mark.parametrize("state", [CommunityState.ARCHIVED, CommunityState.REVIVING])
def test_what_is_archived_is_not_kept_open_by_an_old_button(commons: Commons, state: CommunityState) -> None:
    ident = commons.wants("housing", state=state, channel="C1", lead=commons.slack.user("ada"))
    with pytest.raises(Conflict):
        keeps(commons, ident)
    assert commons.state(ident) is state


def test_kept_at_the_last_moment_it_is_not_called_archived(commons: Commons) -> None:
    ident = opened(commons)
    closes(commons, ident)
    assert keeps(commons, ident)
    with commons.store.writing() as session:
        activity.closed(session, ident, now=commons.clock.now())
    assert commons.state(ident) is CommunityState.ACTIVE
    assert commons.messages("community.archived") == []


def test_closed_a_second_time_the_channel_and_whoever_closed_it_read_so_again(commons: Commons) -> None:
    ident = opened(commons)
    closes(commons, ident)
    commons.delivers()
    keeps(commons, ident)
    commons.delivers()
    commons.later(days=1)
    archived(commons, ident)
    assert len(commons.told("ada", "is archived")) == 1
    membership.unarchive(commons.slack.world, channel_of(commons), commons.slack.user("lou"))
    membership.join(commons.slack.world, channel_of(commons), BOT_USER)
    commons.does("communities.reconcile")
    closes(commons, ident)
    commons.delivers()
    assert "#housing will be archived" in commons.furniture()["housing"]["said"]
    commons.later(days=7)
    commons.does("communities.close")
    assert len(commons.messages("community.archived")) == 2


def test_slacks_refusal_to_archive_is_noted_and_tried_again(commons: Commons) -> None:
    ident = opened(commons)
    closes(commons, ident)
    commons.later(days=7)
    commons.slack.refuses("conversations.archive", "restricted_action")
    assert commons.does("communities.close") == {"archived": 0}
    assert (commons.state(ident), commons.row(ident).trouble) == (CommunityState.CLOSING, "restricted_action")
    assert commons.does("communities.close") == {"archived": 1}


def test_a_channel_that_somebody_archived_a_moment_ago_is_archived(commons: Commons) -> None:
    ident = opened(commons)
    closes(commons, ident)
    commons.later(days=7)
    membership.archive(commons.slack.world, channel_of(commons), commons.slack.user("lou"))
    assert commons.does("communities.close") == {"archived": 1}
    assert commons.state(ident) is CommunityState.ARCHIVED


def test_only_who_cares_for_it_brings_it_back_and_only_from_the_archive_inv7(commons: Commons) -> None:
    ident = commons.wants("housing", lead=commons.slack.user("ada"), channel="C1")
    with pytest.raises(Conflict):
        revives(commons, ident)
    with commons.store.writing() as session:
        session.get_one(CommunityRow, ident).state = CommunityState.ARCHIVED
    with pytest.raises(NotAllowed):
        revives(commons, ident, by="kim")
    assert commons.asked("communities.revive") == []
    for times in (1, 2):
        commons.later(days=1)
        revives(commons, ident)
        assert commons.asked("communities.revive") == [{"community": ident}] * times
        with commons.store.writing() as session:
            session.get_one(CommunityRow, ident).state = CommunityState.ARCHIVED


def test_administrators_that_are_named_are_asked_to_unarchive_and_no_others(commons: Commons) -> None:
    ident = commons.wants("housing", state=CommunityState.REVIVING, channel="C1")
    with commons.store.writing() as session:
        assert activity.ask_to_unarchive(session, ident, now=NOON, admins=[commons.slack.user("ines")]) == 1
    assert commons.told("ines", "unarchive #housing")
    assert commons.told("lou") == []


@pytest.mark.parametrize("lets", [True, False])
def test_where_slack_unarchives_or_somebody_has_no_administrator_is_asked(
    commons: Commons, lets: bool
) -> None:
    ident = opened(commons)
    archived(commons, ident)
    revives(commons, ident)
    if lets:
        commons.slack.lets("conversations.unarchive")
    else:
        membership.unarchive(commons.slack.world, channel_of(commons), commons.slack.user("lou"))
        commons.slack.refuses("conversations.unarchive", "not_archived")
    before = len(commons.asked("communities.reconcile"))
    assert commons.does("communities.revive", community=ident) == {"asked": 0}
    assert len(commons.asked("communities.reconcile")) == before + 1
    assert commons.messages("community.revive") == []


def test_back_from_the_archive_its_furniture_is_put_back_without_being_asked(commons: Commons) -> None:
    ident = opened(commons)
    archived(commons, ident)
    channel = channel_of(commons)
    for round_ in (1, 2):
        membership.unarchive(commons.slack.world, channel, commons.slack.user("lou"))
        channel.bookmarks = []
        commons.does("communities.reconcile")
        assert commons.state(ident) is CommunityState.ACTIVE
        assert len(commons.asked("communities.apply")) == 1 + round_, "one was opened by hand"
        commons.does("communities.apply")
        assert len(commons.furniture()["housing"]["bookmarks"]) == 1
        membership.archive(commons.slack.world, channel, commons.slack.user("lou"))
        commons.does("communities.reconcile")
        commons.later(hours=1)


KNOWN = Known(1, "C1", "a", "a", private=False, seen_private=False, state=CommunityState.ACTIVE)


@pytest.mark.parametrize(
    ("state", "is_archived", "what"),
    [
        (CommunityState.ACTIVE, False, []),
        (CommunityState.ACTIVE, True, ["archived"]),
        (CommunityState.CLOSING, False, []),
        (CommunityState.CLOSING, True, ["archived"]),
        (CommunityState.ARCHIVED, True, []),
        (CommunityState.ARCHIVED, False, ["unarchived"]),
        (CommunityState.REVIVING, True, []),
        (CommunityState.REVIVING, False, ["unarchived"]),
    ],
)
def test_the_archive_is_noticed_from_every_state(
    state: CommunityState, is_archived: bool, what: list[str]
) -> None:
    known = Known(**{**vars(KNOWN), "state": state})
    found = rules.changes([known], [WantedChannel("C1", "a", archived=is_archived)])
    assert [change.what for change in found] == what


def test_each_hint_of_slacks_is_looked_into_once(commons: Commons) -> None:
    with commons.store.writing() as session:
        for hint, now in (
            ("1.1", NOON),
            ("1.1", NOON),
            ("2.2", NOON),
            ("", NOON),
            ("", NOON + timedelta(hours=1)),
        ):
            service.reconcile_asked(session, hint, now=now)
    assert len(commons.asked("communities.reconcile")) == 4


def test_a_community_about_to_close_is_kept_in_order_and_an_archived_one_is_left(commons: Commons) -> None:
    ident = opened(commons)
    closes(commons, ident)
    channel_of(commons).bookmarks = []
    assert commons.applies().state == "done"
    assert len(commons.furniture()["housing"]["bookmarks"]) == 1
    assert "housing" not in commons.plans().result["unknown"]
    commons.later(days=7)
    commons.does("communities.close")
    plan = commons.plans().result
    assert (plan["actions"], plan["problems"]) == ([], [])


def test_the_same_change_made_twice_in_slack_is_told_twice(commons: Commons) -> None:
    ident = opened(commons)
    for name in ("homes", "housing", "homes"):
        channel_of(commons, "housing" if name == "homes" else "homes").name = name
        commons.later(hours=1)
        assert commons.does("communities.reconcile")["changed"] == 1
        assert commons.row(ident).seen_name == name
    assert len(commons.messages("community.noticed")) == 3
