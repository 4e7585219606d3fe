"""What Slack refuses while the channels are put in order, and whom it would not let in: said, kept, tried again."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from copbot.communities import rules
from copbot.communities.channels import reading
from copbot.communities.channels import service as channel_sync
from copbot.communities.channels.steps import ChannelPlace, perform
from copbot.communities.rules import Action, Actual, BookmarkLink, Do, Wanted, WantedChannel, plan_channels
from copbot.communities.tables import CommunityRow
from copbot.people import service as people
from copbot.sandbox.people import BOT_USER, TEAM
from copbot.slack.errors import Refused, SlackError
from tests.communities.kit import Commons
from tests.people.given import slack_user


@pytest.mark.parametrize(
    "made",
    [
        {"creator": "ines"},
        {"creator": BOT_USER, "archived": True},
        {"creator": BOT_USER, "kind": "group", "members": [BOT_USER]},
    ],
    ids=["somebody elses", "archived", "private"],
)
def test_a_name_taken_a_moment_ago_by_a_channel_that_is_not_the_wanted_one_is_told(
    commons: Commons, made: dict[str, object]
) -> None:
    commons.slack.add_channel("wound-care", **made)
    place = ChannelPlace(Wanted(1, "wound-care"))
    with pytest.raises(Refused) as refusal:
        perform(commons.work(), Action(Do.CREATE, 1, detail="wound-care"), place)
    assert refusal.value.code == "name_taken"
    assert place.channel is None


def test_a_channel_of_ours_whose_making_was_not_noted_is_found_again_inv5(commons: Commons) -> None:
    made = commons.slack.add_channel("wound-care", creator=BOT_USER, members=[BOT_USER])
    bound: list[str] = []
    place = ChannelPlace(Wanted(1, "wound-care"), bind=lambda _ident, channel: bound.append(channel.id))
    perform(commons.work(), Action(Do.CREATE, 1, detail="wound-care"), place)
    assert (place.id, bound) == (made.id, [made.id])


def test_only_our_own_bookmark_is_given_its_title(commons: Commons) -> None:
    commons.wants("wound-care")
    commons.applies()
    channel = commons.slack.channel("wound-care")
    assert channel is not None
    channel.bookmarks[0]["title"] = "Books"
    commons.slack.call(
        "bookmarks.add", channel_id=channel.id, title="Theirs", type="link", link="https://example.org"
    )
    assert commons.applies().state == "done"
    assert sorted(mark["title"] for mark in channel.bookmarks) == ["Ask for help", "Theirs"]


@pytest.mark.parametrize("handle", ["sol", "dee", "zed", "pollbot"])
def test_whom_slack_lets_into_no_channel_is_no_lead(commons: Commons, handle: str) -> None:
    commons.wants("wound-care", lead=commons.slack.user(handle))
    assert [problem[0] for problem in commons.plans().result["problems"]] == ["lead"]


def test_a_guest_of_several_channels_may_lead(commons: Commons) -> None:
    commons.wants("wound-care", lead=commons.slack.user("gus"))
    assert commons.plans().result["problems"] == []


@pytest.mark.parametrize(
    "code", ["user_not_found", "user_not_visible", "users_not_found", "invalid_arguments"]
)
def test_a_lead_whom_slack_does_not_know_is_a_problem_and_no_failure(commons: Commons, code: str) -> None:
    commons.wants("wound-care", lead=commons.slack.user("ada"))
    commons.slack.refuses("users.info", code)
    assert [problem[0] for problem in commons.plans().result["problems"]] == ["lead"]


@pytest.mark.parametrize(
    ("told", "can"),
    [
        ({}, True),
        ({"team_id": None}, False),
        ({"team_id": "T0OTHER"}, False),
        ({"team_id": "T0OTHER", "enterprise_user": {"teams": [TEAM["id"]]}}, True),
        ({"is_restricted": True}, True),
        ({"is_ultra_restricted": True}, False),
        ({"deleted": True}, False),
        ({"is_bot": True}, False),
        ({"is_stranger": True}, False),
    ],
)
def test_who_can_be_in_any_channel(told: dict[str, object], can: bool) -> None:
    whole = slack_user("U0LEE", team_id=TEAM["id"])
    assert reading._can_be_anywhere({**whole, **told}, TEAM["id"]) is can


def test_a_channel_that_shuts_while_it_is_read_is_entered_again(commons: Commons) -> None:
    commons.wants("wound-care")
    commons.applies()
    for method in ("bookmarks.list", "pins.list"):
        commons.slack.refuses(method, "not_in_channel")
        assert next(action[0] for action in commons.plans().result["actions"]) == Do.JOIN
    commons.slack.refuses("bookmarks.list", "invalid_auth")
    with pytest.raises(Refused):
        commons.plans()


def test_a_missing_permission_ends_the_run_and_its_asker_reads_why(commons: Commons) -> None:
    commons.wants("wound-care")
    commons.wants("housing")
    commons.slack.refuses("conversations.create", "missing_scope", times=2)
    with pytest.raises(SlackError):
        commons.applies()
    assert commons.slack.calls.count("conversations.create") == 1, "the next would be refused as well"
    assert commons.shown("ada", "stopped.*")
    assert [row.trouble for row in commons.rows()].count("missing_scope") == 1


def test_administrators_hear_once_a_day_of_what_only_they_can_mend(commons: Commons) -> None:
    commons.wants("wound-care")
    for day, told in ((0, 1), (0, 1), (1, 2)):
        commons.later(days=day)
        commons.slack.refuses("conversations.create", "restricted_action")
        with suppress(SlackError):
            commons.applies()
        assert len(commons.messages("community.trouble")) == told


def test_a_welcome_that_slack_refused_is_said_and_posted_at_the_next_apply(commons: Commons) -> None:
    ident = commons.wants("wound-care")
    commons.slack.refuses("chat.postMessage", "restricted_action", where="Welcome to")
    run = commons.applies()
    assert (run.state, run.result["refused"]) == ("partly", [[ident, "welcome", "welcome_refused"]])
    assert commons.row(ident).trouble == "welcome_refused"
    assert commons.applies().state == "done"
    assert commons.furniture()["wound-care"]["pinned"] == ["Welcome to #wound-care"]
    assert commons.row(ident).trouble == ""


def test_an_archived_channel_keeps_its_name_so_a_community_of_that_name_is_a_problem(
    commons: Commons,
) -> None:
    commons.slack.add_channel("wound-care", archived=True)
    commons.wants("wound-care")
    plan = commons.plans().result
    assert [problem[0] for problem in plan["problems"]] == ["archived"]
    assert "wound-care" not in plan["unknown"]


def test_a_community_that_gets_another_channel_has_its_welcome_there_and_only_there(commons: Commons) -> None:
    ident = commons.wants("wound-care")
    commons.applies()
    first = commons.slack.channel("wound-care")
    assert first is not None
    first.name = "old-wound-care"
    second = commons.slack.add_channel("wound-care", members=[BOT_USER])
    with commons.store.writing() as session:
        found = WantedChannel(second.id, "wound-care", inside=True)
        channel_sync.bind(session, ident, found, now=commons.clock.now())
        channel_sync.bind(session, ident, found, now=commons.clock.now())
        row = session.get_one(CommunityRow, ident)
        assert channel_sync.welcome_at(session, row) == ""
        assert row.bindings == 2
    assert commons.applies().state == "done"
    shown = commons.furniture()
    assert shown["wound-care"]["pinned"] == ["Welcome to #wound-care"]
    assert "Welcome to #wound-care" not in shown["old-wound-care"]["said"]


# -- the plan, as far as its property says nothing of it


def test_archived_and_ignored_channels_are_not_reported() -> None:
    channels = (
        WantedChannel("C1", "a"),
        WantedChannel("C2", "b", archived=True),
        WantedChannel("C3", "staff"),
    )
    assert plan_channels([], Actual(channels), ignore=["C3"]).unknown == ("a",)


def test_the_staff_channel_is_nobodys_business(commons: Commons) -> None:
    commons.wants("wound-care")
    assert "ta-staff" in commons.plans().result["unknown"], "nobody has said yet that it is"
    staff = commons.slack.channel("ta-staff")
    assert staff is not None
    with commons.store.writing() as session:
        people.set_staff_channel(session, staff.id, "", now=commons.clock.now())
    assert "ta-staff" not in commons.plans().result["unknown"]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Wanted(1, "Not a name"), "bad_name"),
        (Wanted(1, "general"), "general"),
        (Wanted(1, "shut"), "archived"),
        (Wanted(1, "open", private=True), "privacy"),
        (Wanted(1, "hidden"), "privacy"),
    ],
)
def test_each_thing_in_the_way_is_a_problem_of_its_own_and_nothing_is_planned(
    wanted: Wanted, code: str
) -> None:
    channels = (
        WantedChannel("C1", "general", general=True),
        WantedChannel("C2", "shut", archived=True),
        WantedChannel("C3", "open"),
        WantedChannel("C4", "hidden", private=True),
    )
    plan = plan_channels([wanted], Actual(channels, frozenset({"U1"})))
    assert [problem.code for problem in plan.problems] == [code]
    assert plan.actions == ()


def test_a_welcome_in_an_older_channel_is_said_anew_in_the_one_that_is_adopted() -> None:
    wanted = Wanted(1, "a", channel="C0GONE", welcome="1.1", links=(BookmarkLink("Library", "https://x/1"),))
    plan = plan_channels([wanted], Actual((WantedChannel("C1", "a", inside=True, pins=frozenset({"1.1"})),)))
    assert [action.do for action in plan.actions] == [Do.ADOPT, Do.BOOKMARK, Do.WELCOME, Do.PIN]


@given(st.text(max_size=600))
@example("x" * 600)
@example("word " * 60)
def test_any_words_fit_a_topic_on_one_line_and_come_back_as_they_went(text: str) -> None:
    line = rules.words_for_slack(text)
    assert len(line) <= 250, "more is refused"
    assert line == " ".join(line.split())
    assert rules.words_for_slack(line) == line


@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=4))
def test_whatever_is_searched_an_exact_name_goes_alone(words: str, names: list[str]) -> None:
    listed = {number: (name,) for number, name in enumerate(names)}
    found = rules.best_match(words, listed)
    keys = [rules.channel_name(name) for name in names]
    exact = [number for number, key in enumerate(keys) if key and key == rules.channel_name(words)]
    assert not exact or list(found) == exact
    assert list(found) == sorted(found)


def test_an_exact_name_goes_before_longer_ones_that_hold_it() -> None:
    listed = {1: ("care-homes",), 2: ("care", "looking-after")}
    assert rules.best_match("Care", listed) == (2,)
    assert rules.best_match("looking after", listed) == (2,)
    assert rules.best_match("car", listed) == (1, 2)


@pytest.mark.parametrize("in_practice", [False, True])
def test_our_old_bookmarks_go_and_nobody_elses(commons: Commons, in_practice: bool) -> None:
    commons.wants("wound-care")
    commons.applies()
    channel = commons.slack.channel("wound-care")
    assert channel is not None
    mine = reading.app_links(commons.work())
    theirs = "https://slack.com/app_redirect?app=A0THEIRS&team=T1&tab=home&for=library"
    for link in (mine + "library", theirs):
        commons.slack.call("bookmarks.add", channel_id=channel.id, title="Old", type="link", link=link)
    if in_practice:
        commons.is_sandbox = True
    assert commons.applies().state == "done"
    kept = [] if in_practice else [mine + "help"]
    assert sorted(mark["link"] for mark in channel.bookmarks) == sorted([*kept, theirs])
    assert commons.plans().result["actions"] == []


@pytest.mark.parametrize("is_ours", [False, True])
def test_an_inactive_account_stops_the_run_only_when_it_is_the_apps_own(
    commons: Commons, is_ours: bool
) -> None:
    for name in ("housing", "wound-care"):
        commons.wants(name, lead=commons.slack.user("ada"))
    commons.slack.refuses("conversations.invite", "account_inactive")
    if is_ours:
        commons.slack.refuses("auth.test", "account_inactive")
        with pytest.raises(Refused):
            commons.applies()
    else:
        assert commons.applies().state == "partly"
    assert (commons.slack.channel("wound-care") is None) is is_ours
