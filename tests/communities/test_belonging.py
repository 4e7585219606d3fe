"""Getting in and out: what one wished last counts, whatever answers come late; and who may decide for a community."""

from __future__ import annotations

import pytest

from copbot.communities import service, tables
from copbot.communities.channels import service as channel_sync
from copbot.communities.membership import service as membership_service
from copbot.communities.rules import CommunityState
from copbot.communities.tables import MembershipRequest
from copbot.errors import Conflict, NotAllowed
from copbot.sandbox import membership
from copbot.sandbox.people import BOT_USER
from copbot.slack.errors import Unsure
from copbot.slack.person import Person
from tests.communities.kit import Commons

OPEN = {"channel": "C0OPEN", "seen_name": "housing"}


def wishes(commons: Commons, ident: int, handle: str = "kim", *, into: bool = True) -> dict[str, object]:
    """Somebody asks to get in or out; what the job about it is asked with."""
    with commons.store.writing() as session:
        verb = membership_service.join if into else membership_service.leave
        verb(session, ident, person=commons.person(handle), now=commons.clock.now())
    return commons.asked("communities.wish")[-1]


def opened(commons: Commons, **more: object) -> int:
    ident = commons.wants("housing", **more)
    commons.applies()
    return ident


def refused(commons: Commons, ident: int, code: str = "cant_invite") -> None:
    """Kim asks to get in, and Slack says no."""
    commons.slack.refuses("conversations.invite", code)
    commons.does("communities.wish", **wishes(commons, ident))


def state_of(commons: Commons) -> str:
    with commons.store.reading() as session:
        return session.get_one(MembershipRequest, 1).state


@pytest.mark.parametrize(
    ("row", "can_join", "can_leave"),
    [
        (OPEN, True, True),
        (OPEN | {"state": CommunityState.CLOSING}, True, True),
        (OPEN | {"state": CommunityState.ARCHIVED}, False, True),
        ({"channel": None}, False, False),
    ],
)
def test_only_where_there_is_a_channel_can_one_get_in_or_out(
    commons: Commons, row: dict[str, object], can_join: bool, can_leave: bool
) -> None:
    ident = commons.wants("housing", **row)
    for into, can in ((True, can_join), (False, can_leave)):
        if can:
            assert wishes(commons, ident, into=into)
        else:
            with pytest.raises(Conflict):
                wishes(commons, ident, into=into)


PERSON = Person(1, "U1", "Kim", "UTC")


@pytest.mark.parametrize(
    ("more", "lead", "may"),
    [
        ({}, "U1", True),
        ({"is_lead": True}, "U2", True),
        ({"is_admin": True}, "", True),
        ({"is_staff": True}, "U2", False),
        ({}, "", False),
        ({"user": ""}, "", False),
    ],
)
def test_lead_staffs_leads_and_administrators_decide_about_a_community_inv7(
    more: dict[str, object], lead: str, may: bool
) -> None:
    person = Person(**{**vars(PERSON), **more})
    assert service.may_care(person, lead) is may


def test_a_private_community_is_open_to_those_who_look_after_it(commons: Commons) -> None:
    ident = commons.wants("housing", private=True, lead=commons.slack.user("ada"), **OPEN)
    for handle in ("ada", "lou"):
        assert wishes(commons, ident, handle)
    with pytest.raises(NotAllowed):
        wishes(commons, ident, "kim")


def test_each_wish_is_asked_of_slack_anew(commons: Commons) -> None:
    ident = commons.wants("housing", **OPEN)
    asked = [wishes(commons, ident, into=into) for into in (True, False, True)]
    assert [each["version"] for each in asked] == [1, 2, 3]
    assert commons.asked("communities.wish") == asked


def test_slacks_no_to_an_older_wish_is_not_told_after_a_newer_one(commons: Commons) -> None:
    ident = commons.wants("housing", **OPEN)
    older = wishes(commons, ident)
    wishes(commons, ident, into=False)
    with commons.store.writing() as session:
        membership_service.refused(
            session, 1, int(str(older["version"])), "cant_invite", now=commons.clock.now()
        )
    assert state_of(commons) == "asked"
    assert commons.told("kim") == []


def test_slacks_no_that_comes_when_somebody_is_in_already_is_not_told(commons: Commons) -> None:
    ident = commons.wants("housing", **OPEN)
    asked = wishes(commons, ident)
    with commons.store.writing() as session:
        channel_sync.entered(session, ident, commons.slack.user("kim"), now=commons.clock.now())
        membership_service.refused(
            session, 1, int(str(asked["version"])), "cant_invite", now=commons.clock.now()
        )
    assert state_of(commons) == "done"
    assert commons.told("kim") == []


def test_asking_again_takes_the_old_no_back(commons: Commons) -> None:
    ident = opened(commons)
    refused(commons, ident)
    assert commons.shown("kim", "You're not in")
    wishes(commons, ident)
    assert commons.shown("kim", "You're not in") == []


def test_who_then_gets_in_by_themselves_reads_that_they_are_in(commons: Commons) -> None:
    ident = opened(commons)
    refused(commons, ident)
    assert commons.shown("kim", "You're not in")
    with commons.store.writing() as session:
        channel_sync.entered(session, ident, commons.slack.user("kim"), now=commons.clock.now())
    assert commons.shown("kim", "You're not in") == []
    assert commons.shown("kim", "now.")


def test_that_somebody_goes_is_no_answer_to_their_wish_to_get_in(commons: Commons) -> None:
    ident = opened(commons)
    refused(commons, ident)
    with commons.store.writing() as session:
        channel_sync.left(session, ident, commons.slack.user("kim"), now=commons.clock.now())
    assert state_of(commons) == "refused"
    assert commons.shown("kim", "You're not in")


def test_a_wish_that_came_true_meanwhile_calls_nobody(commons: Commons) -> None:
    ident = opened(commons)
    asked = wishes(commons, ident)
    assert commons.does("communities.wish", **asked) == {"done": True}
    before = len(commons.slack.calls)
    assert commons.does("communities.wish", **asked) == {"done": False}
    assert commons.slack.calls[before:] == []


def test_where_the_app_was_taken_out_it_gets_in_first(commons: Commons) -> None:
    ident = opened(commons)
    channel = commons.slack.channel("housing")
    assert channel is not None
    channel.members.remove(BOT_USER)
    assert commons.does("communities.wish", **wishes(commons, ident)) == {"done": True}
    assert commons.furniture()["housing"]["members"] == ["kim", "tabot"]


def test_who_is_out_already_is_simply_out(commons: Commons) -> None:
    ident = opened(commons)
    commons.slack.world.allow_kick = True
    assert commons.does("communities.wish", **wishes(commons, ident, into=False)) == {"done": True}
    assert commons.told("kim") == []


def test_an_app_that_is_not_in_the_channel_does_not_say_that_somebody_is_out(commons: Commons) -> None:
    ident = opened(commons)
    commons.does("communities.wish", **wishes(commons, ident))
    commons.slack.refuses("conversations.kick", "not_in_channel")
    assert commons.does("communities.wish", **wishes(commons, ident, into=False)) == {
        "refused": "not_in_channel"
    }


def test_the_channels_own_people_are_counted_and_the_app_is_not(commons: Commons) -> None:
    ident = opened(commons)
    channel = commons.slack.channel("housing")
    assert channel is not None
    membership.join(commons.slack.world, channel, commons.slack.user("juno"))
    commons.does("communities.reconcile")
    with commons.store.reading() as session:
        assert service.one(session, ident, commons.slack.user("juno")).members == 1
        assert service.one(session, ident, commons.slack.user("juno")).mine
        assert not service.one(session, ident, commons.slack.user("kim")).mine


def test_of_a_deleted_channel_nobody_is_a_member_any_more(commons: Commons) -> None:
    ident = opened(commons)
    commons.does("communities.wish", **wishes(commons, ident))
    commons.slack.world.state.forget_channel(str(commons.row(ident).channel))
    commons.does("communities.reconcile")
    with commons.store.reading() as session:
        assert service.own(session, commons.slack.user("kim")) == ((), False)


def test_whoever_leaves_is_no_member_and_the_others_stay(commons: Commons) -> None:
    ident = opened(commons)
    with commons.store.writing() as session:
        for handle in ("kim", "juno"):
            channel_sync.entered(session, ident, commons.slack.user(handle), now=commons.clock.now())
        channel_sync.left(session, ident, commons.slack.user("kim"), now=commons.clock.now())
    with commons.store.reading() as session:
        assert [commons.slack.user("juno")] == sorted(tables.members_of(session, ident))
        assert service.own(session, commons.slack.user("kim")) == ((), False)


def test_a_join_that_slack_leaves_unanswered_goes_on_and_its_failure_is_told(commons: Commons) -> None:
    ident = opened(commons)
    asked = wishes(commons, ident)
    commons.slack.fails("conversations.invite", Unsure("no_answer"), times=4)
    with pytest.raises(Unsure):
        commons.does("communities.wish", **asked)
    assert commons.does("communities.retry") == {"asked": 0}, "it has just been asked for"
    commons.later(minutes=11)
    assert commons.does("communities.retry") == {"asked": 1}
    assert commons.told("kim", "Slack isn't answering")
    assert commons.asked("communities.wish") == [asked, asked]
    commons.later(days=1)
    commons.does("communities.retry")
    assert commons.shown("kim", "didn't answer for a whole day")
    assert commons.told("kim", "Slack isn't answering") == []
    assert commons.does("communities.retry") == {"asked": 0}


def test_a_join_that_works_in_the_end_says_so(commons: Commons) -> None:
    ident = opened(commons)
    asked = wishes(commons, ident)
    commons.later(minutes=11)
    commons.does("communities.retry")
    assert commons.does("communities.wish", **asked) == {"done": True}
    assert commons.does("communities.wish", **asked) == {"done": False}
    assert commons.shown("kim", "You're in")


def test_what_is_asked_for_and_not_done_yet_is_shown_in_the_list(commons: Commons) -> None:
    ident = opened(commons)
    wishes(commons, ident)
    with commons.store.reading() as session:
        [shown] = service.listed(session, commons.slack.user("kim")).items
    assert (shown.mine, shown.wished) == (False, True)


def test_guests_are_told_whom_to_ask_instead_of_asking_slack(commons: Commons) -> None:
    ident = opened(commons)
    commons.knows("gus")
    with pytest.raises(NotAllowed) as refusal:
        wishes(commons, ident, "gus")
    assert "Ask staff" in refusal.value.words


def test_where_slack_has_refused_it_leaving_says_so_at_once_for_a_week(commons: Commons) -> None:
    ident = opened(commons)
    commons.does("communities.wish", **wishes(commons, ident))
    assert "refused" in commons.does("communities.wish", **wishes(commons, ident, into=False))
    asked = len(commons.asked("communities.wish"))
    wishes(commons, ident, into=False)
    assert len(commons.asked("communities.wish")) == asked
    commons.later(days=8)
    wishes(commons, ident, into=False)
    assert len(commons.asked("communities.wish")) == asked + 1
