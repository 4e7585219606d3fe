"""Quiet communities, their end and their return; questions nobody answers; counts; people in and out."""

from __future__ import annotations

import pytest

from copbot.communities import tables as communities_tables
from copbot.communities.activity import service as activity
from copbot.communities.channels import service as channel_sync
from copbot.communities.membership import service as membership_service
from copbot.communities.rules import CommunityState
from copbot.communities.tables import QuestionRow, WeekRow
from copbot.errors import Conflict, NotAllowed
from copbot.people import service as people
from copbot.program.calendar.hours import add_business_days
from copbot.sandbox import membership
from copbot.sandbox.methods.marks import react
from copbot.sandbox.people import BOT_USER
from copbot.sandbox.posting import post, user_message
from copbot.slack.person import Person
from tests.communities.kit import PROFILE, Commons


def somebody(commons: Commons, handle: str) -> Person:
    with commons.store.reading() as session:
        found = people.identify(session, commons.slack.user(handle))
    assert found is not None
    return found


def opened(commons: Commons, name: str = "housing", lead: str = "ada") -> int:
    ident = commons.wants(name, lead=commons.slack.user(lead) if lead else "")
    commons.applies()
    return ident


def closes(commons: Commons, ident: int, by: str = "ada") -> None:
    with commons.store.writing() as session:
        activity.propose_archive(session, ident, person=somebody(commons, by), now=commons.clock.now())


def test_a_quiet_communitys_lead_is_told_once_with_three_things_to_do(commons: Commons) -> None:
    opened(commons)
    commons.later(days=29)
    assert commons.does("communities.watch")["quiet"] == 0
    commons.later(days=2)
    assert commons.does("communities.watch")["quiet"] == 1
    assert commons.does("communities.watch")["quiet"] == 0
    [shown] = commons.shown("ada", "has been quiet")
    assert all(f"{number}. " in shown for number in (1, 2, 3))


def test_without_a_lead_staffs_leads_or_administrators_hear_of_it(commons: Commons) -> None:
    opened(commons, lead="")
    commons.later(days=31)
    commons.does("communities.watch")
    assert commons.shown("lou", "has been quiet")


def test_archiving_warns_in_the_channel_and_happens_a_week_later(commons: Commons) -> None:
    ident = opened(commons)
    closes(commons, ident)
    commons.delivers()
    assert "#housing will be archived" in commons.furniture()["housing"]["said"]
    assert commons.does("communities.close") == {"archived": 0}
    commons.later(days=8)
    assert commons.does("communities.close") == {"archived": 1}
    assert commons.furniture()["housing"]["archived"]
    assert commons.state(ident) is CommunityState.ARCHIVED
    assert commons.told("ada", "#housing is archived")
    assert commons.does("communities.close") == {"archived": 0}


def test_anybody_there_can_keep_it(commons: Commons) -> None:
    ident = opened(commons)
    closes(commons, ident)
    commons.delivers()
    commons.knows("noor")
    kim, noor = somebody(commons, "kim"), somebody(commons, "noor")
    with commons.store.writing() as session:
        channel_sync.entered(session, ident, kim.user, now=commons.clock.now())
        with pytest.raises(NotAllowed):
            activity.keep(session, ident, person=noor)
        assert activity.keep(session, ident, person=kim)
        assert not activity.keep(session, ident, person=kim)
    commons.delivers()
    commons.later(days=8)
    assert commons.does("communities.close") == {"archived": 0}
    assert "#housing will be archived" not in commons.furniture()["housing"]["said"]


def test_only_who_cares_for_it_may_archive_it_inv7(commons: Commons) -> None:
    ident = opened(commons)
    with pytest.raises(NotAllowed):
        closes(commons, ident, by="kim")


def test_bringing_it_back_tells_an_administrator_what_to_press_and_restores_the_rest(
    commons: Commons,
) -> None:
    ident = opened(commons)
    closes(commons, ident)
    commons.later(days=8)
    commons.does("communities.close")
    with commons.store.writing() as session:
        activity.revive(session, ident, person=somebody(commons, "ada"), now=commons.clock.now())
        with pytest.raises(Conflict):
            activity.revive(session, ident, person=somebody(commons, "ada"), now=commons.clock.now())
    assert commons.does("communities.revive", community=ident)["asked"]
    assert commons.shown("lou", "Unarchive channel")
    channel = commons.slack.channel("housing")
    assert channel is not None
    membership.unarchive(commons.slack.world, channel, commons.slack.user("lou"))
    channel.topic, channel.bookmarks = "", []
    commons.does("communities.reconcile")
    assert commons.state(ident) is CommunityState.ACTIVE
    assert commons.applies().state == "done"
    back = commons.furniture()["housing"]
    assert len(back["bookmarks"]) == 1
    assert "tabot" in back["members"]


@pytest.mark.parametrize("what", ["renamed", "archived", "private", "gone"])
def test_what_somebody_did_in_slack_is_followed_and_its_lead_told(commons: Commons, what: str) -> None:
    ident = opened(commons)
    channel = commons.slack.channel("housing")
    assert channel is not None
    if what == "renamed":
        channel.name = "homes"
    elif what == "archived":
        membership.archive(commons.slack.world, channel, commons.slack.user("lou"))
    elif what == "private":
        channel.kind = "group"
    else:
        commons.slack.world.state.forget_channel(channel.id)
    assert commons.does("communities.reconcile")["changed"] == 1
    assert commons.does("communities.reconcile")["changed"] == 0
    assert len(commons.told("ada", "was changed in Slack")) == 1
    row = commons.row(ident)
    followed = {"renamed": row.name == "homes", "archived": row.state == CommunityState.ARCHIVED}
    followed |= {"private": row.private, "gone": row.channel is None}
    assert followed[what]


def test_a_deleted_channel_is_made_anew_by_the_same_command(commons: Commons) -> None:
    ident = opened(commons)
    channel = commons.slack.channel("housing")
    assert channel is not None
    commons.slack.world.state.forget_channel(channel.id)
    assert commons.applies().state == "done"
    assert commons.furniture()["housing"]["pinned"] == ["Welcome to #housing"]
    assert commons.row(ident).channel != channel.id


# -- in and out


def wishes(commons: Commons, ident: int, handle: str, *, into: bool) -> dict[str, object]:
    with commons.store.writing() as session:
        verb = membership_service.join if into else membership_service.leave
        verb(session, ident, person=somebody(commons, handle), now=commons.clock.now())
        row = session.get_one(communities_tables.MembershipRequest, 1)
        return {"wish": row.id, "version": row.version}


def test_who_asks_to_join_is_in(commons: Commons) -> None:
    ident = opened(commons)
    assert commons.does("communities.wish", **wishes(commons, ident, "kim", into=True)) == {"done": True}
    assert "kim" in commons.furniture()["housing"]["members"]
    assert commons.does("communities.wish", **wishes(commons, ident, "kim", into=True)) == {"done": True}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("user_is_restricted", "Only an administrator can add guests"),
        ("ura_max_channels", "still ask for help"),
        ("cant_invite", "Ask a workspace administrator"),
        ("is_archived", "has been archived"),
        ("missing_scope", "is missing a permission"),
        ("restricted_action", "press Join"),
        ("something_new", "something_new"),
    ],
)
def test_who_cannot_be_let_in_reads_why_and_may_try_again(commons: Commons, code: str, words: str) -> None:
    ident = opened(commons)
    commons.slack.refuses("conversations.invite", code)
    assert commons.does("communities.wish", **wishes(commons, ident, "kim", into=True)) == {"refused": code}
    assert commons.shown("kim", words)
    assert commons.does("communities.wish", **wishes(commons, ident, "kim", into=True)) == {"done": True}


def test_where_slack_takes_nobody_out_the_person_reads_what_to_type(commons: Commons) -> None:
    ident = opened(commons)
    commons.does("communities.wish", **wishes(commons, ident, "kim", into=True))
    assert "refused" in commons.does("communities.wish", **wishes(commons, ident, "kim", into=False))
    assert commons.shown("kim", "Leave channel")
    channel = commons.slack.channel("housing")
    assert channel is not None
    channel.members.remove(commons.slack.user("kim"))
    commons.does("communities.reconcile")
    assert commons.shown("kim", "You've left")


def test_where_slack_allows_it_who_asks_to_leave_is_out(commons: Commons) -> None:
    ident = opened(commons)
    commons.slack.world.allow_kick = True
    commons.does("communities.wish", **wishes(commons, ident, "kim", into=True))
    assert commons.does("communities.wish", **wishes(commons, ident, "kim", into=False)) == {"done": True}
    assert "kim" not in commons.furniture()["housing"]["members"]


def test_a_private_community_is_joined_by_asking_its_lead(commons: Commons) -> None:
    ident = commons.wants("housing", private=True, lead=commons.slack.user("ada"))
    commons.applies()
    with pytest.raises(NotAllowed) as refusal:
        wishes(commons, ident, "kim", into=True)
    assert "Ada" in refusal.value.words


# -- questions and counts


def says(commons: Commons, handle: str, text: str, thread: str = "") -> str:
    world, channel = commons.slack.world, commons.slack.channel("housing")
    assert channel is not None
    message = user_message(world, world.state.users[commons.slack.user(handle)], text)
    return str(post(world, channel, message | ({"thread_ts": thread} if thread else {}))["ts"])


def in_two_business_days(commons: Commons) -> None:
    """An hour after the second business day from now has ended its wait, whatever lies between."""
    now = commons.clock.now()
    commons.later(hours=1, seconds=(add_business_days(PROFILE.hours, now, 2) - now).total_seconds())


def test_a_question_nobody_answers_goes_to_the_lead_after_two_business_days(commons: Commons) -> None:
    opened(commons)
    says(commons, "kim", "Where do others get lockboxes?")
    says(commons, "juno", "Just telling: we moved.")
    assert commons.does("communities.watch")["unanswered"] == 0
    in_two_business_days(commons)
    assert commons.does("communities.watch")["unanswered"] == 1
    assert commons.does("communities.watch")["unanswered"] == 0
    [shown] = commons.shown("ada", "no answer for two business days")
    assert "https://commons.example.org/archives/" in shown
    assert "lockboxes" not in shown


def test_an_answered_question_is_nobodys_task(commons: Commons) -> None:
    opened(commons)
    asked = says(commons, "kim", "Where do others get lockboxes?")
    commons.does("communities.watch")
    says(commons, "juno", "From the county.", thread=asked)
    in_two_business_days(commons)
    assert commons.does("communities.watch")["unanswered"] == 0


def test_ones_own_second_thought_is_no_answer(commons: Commons) -> None:
    opened(commons)
    asked = says(commons, "kim", "Where do others get lockboxes?")
    says(commons, "kim", "The small ones, I mean.", thread=asked)
    in_two_business_days(commons)
    assert commons.does("communities.watch")["unanswered"] == 1


def test_only_who_cares_may_settle_a_question_inv7(commons: Commons) -> None:
    opened(commons)
    says(commons, "kim", "Where do others get lockboxes?")
    in_two_business_days(commons)
    commons.does("communities.watch")
    with commons.store.writing() as session:
        with pytest.raises(NotAllowed):
            activity.settle(session, 1, person=somebody(commons, "kim"), now=commons.clock.now())
        activity.settle(session, 1, person=somebody(commons, "ada"), now=commons.clock.now())
    assert commons.shown("ada", "is settled")


def test_posts_reactions_and_answers_are_counted_by_week_however_often(commons: Commons) -> None:
    opened(commons)
    asked = says(commons, "kim", "Where do others get lockboxes?")
    says(commons, "juno", "From the county.", thread=asked)
    says(commons, "juno", "We moved.")
    channel = commons.slack.channel("housing")
    assert channel is not None
    react(commons.slack.world, channel, channel.messages[asked], "tada", commons.slack.user("ada"))
    for _ in range(2):
        commons.does("communities.watch")
    with commons.store.reading() as session:
        [found] = activity.counted(session, since=commons.clock.now()).values()
    assert (found.posts, found.answers, found.reactions) == (2, 1, 1)


def test_a_new_post_ends_the_quiet(commons: Commons) -> None:
    ident = opened(commons)
    commons.later(days=31)
    commons.does("communities.watch")
    says(commons, "kim", "Hello again.")
    commons.does("communities.watch")
    assert commons.row(ident).quiet_notified_at is None
    assert commons.shown("ada", "has been quiet") == []


def test_bots_words_are_not_counted_and_no_row_knows_a_person(commons: Commons) -> None:
    opened(commons)
    assert BOT_USER
    commons.does("communities.watch")
    columns = {column.name for table in (WeekRow, QuestionRow) for column in table.__table__.columns}
    assert columns == {
        "id",
        "community_id",
        "week",
        "posts",
        "reactions",
        "answers",
        "ts",
        "due_at",
        "told",
        "settled",
    }
    with commons.store.reading() as session:
        assert session.query(WeekRow).all() == []


def test_who_had_enough_that_day_hears_of_a_quiet_community_another_day(commons: Commons) -> None:
    """The quota dropped the message, so nobody was told: not told is told later, once."""
    for name in ("housing", "wound-care", "peers"):
        opened(commons, name)
    commons.later(days=31)
    for _ in range(9):
        commons.does("communities.watch")
        commons.delivers()
        commons.later(days=8)
    heard = commons.shown("ada", "has been quiet")
    assert sorted(name for name in ("housing", "wound-care", "peers") for text in heard if f"#{name} " in text) == [
        "housing", "peers", "wound-care",
    ]  # fmt: skip


def test_a_lead_who_is_renamed_has_their_new_name_on_what_stands(commons: Commons) -> None:
    ident = opened(commons)
    before = [row.version for row in commons.messages("community.welcome")]
    with commons.store.reading() as session:
        ada = people.identify(session, commons.slack.user("ada"))
    assert ada is not None
    assert commons.does("communities.renamed", person=ada.id)["redrawn"] >= 1
    assert [row.version for row in commons.messages("community.welcome")] == [one + 1 for one in before]
    assert commons.row(ident).lead == ada.user
