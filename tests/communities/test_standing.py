"""Who cares for a community, which ones fit somebody, how all of them stand, and what there is to tell of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from copbot.communities import catalog, service
from copbot.communities.channels import service as channel_sync
from copbot.communities.rules import CommunityState
from copbot.communities.tables import WeekRow
from copbot.errors import NotFound
from copbot.people import service as people
from copbot.people.profiles import service as profiles
from copbot.sandbox.people import TEAM
from copbot.slack.person import Person
from tests.communities.kit import NOON, PROFILE, Commons
from tests.people.given import slack_user


def joined(commons: Commons, ident: int, *handles: str) -> None:
    with commons.store.writing() as session:
        for handle in handles:
            channel_sync.entered(session, ident, commons.slack.user(handle), now=NOON)


def fitting(commons: Commons, *topics: str, most: int = 3) -> list[str]:
    with commons.store.reading() as session:
        found = service.about_topics(session, topics, commons.slack.user("kim"), most)
    return [each.name for each in found]


def counted(
    commons: Commons, ident: int, week: date, posts: int, answers: int = 0, reactions: int = 0
) -> None:
    with commons.store.writing() as session:
        session.add(WeekRow(community_id=ident, week=week, posts=posts, answers=answers, reactions=reactions))


def test_communities_on_ones_topics_come_with_the_most_of_them_first_then_the_larger(
    commons: Commons,
) -> None:
    commons.wants("a-one", topics=["housing"])
    larger = commons.wants("b-one", topics=["housing"])
    commons.wants("c-both", topics=["housing", "naloxone"])
    commons.wants("d-none", topics=["equity"])
    joined(commons, larger, "juno")
    assert fitting(commons, "housing", "naloxone") == ["c-both", "b-one", "a-one"]
    assert fitting(commons, "housing", "naloxone", most=1) == ["c-both"]
    assert fitting(commons, "moud_linkage") == []


def test_without_topics_the_largest_are_offered(commons: Commons) -> None:
    idents = [commons.wants(name, topics=["housing"]) for name in ("a", "b", "c", "d")]
    joined(commons, idents[3], "juno", "ada")
    joined(commons, idents[2], "juno")
    assert fitting(commons) == ["d", "c", "a"]


@pytest.mark.parametrize(
    "more",
    [
        {"private": True},
        {"state": CommunityState.CLOSING},
        {"state": CommunityState.ARCHIVED},
        {"state": CommunityState.REVIVING},
    ],
)
def test_nobody_is_pointed_to_a_community_that_is_not_open_to_all(
    commons: Commons, more: dict[str, object]
) -> None:
    commons.wants("housing", topics=["housing"], **more)
    assert fitting(commons, "housing") == []


def carers(commons: Commons, ident: int) -> list[str]:
    users = {each["id"]: each["name"] for each in commons.slack.world.state.users.values()}
    with commons.store.reading() as session:
        return sorted(users[user] for user in service.carers(session, ident, [commons.slack.user("ines")]))


def test_a_community_is_cared_for_by_its_lead_else_staffs_leads_else_administrators(
    commons: Commons,
) -> None:
    led, unled = commons.wants("led", lead=commons.slack.user("kim")), commons.wants("unled")
    assert (carers(commons, led), carers(commons, unled)) == (["kim"], ["ines"])
    commons.staff("ada", "juno", leads=["ada"])
    assert (carers(commons, led), carers(commons, unled)) == (["kim"], ["ada"])


def test_a_lead_who_has_left_is_told_nothing_and_staffs_leads_are(commons: Commons) -> None:
    ident = commons.wants("led", lead=commons.slack.user("kim"))
    commons.staff("ada", leads=["ada"])
    gone = {**commons.slack.world.state.users[commons.slack.user("kim")], "deleted": True}
    with commons.store.writing() as session:
        people.learn(session, [gone], home_team=TEAM["id"], now=NOON)
    assert carers(commons, ident) == ["ada"]


def test_a_list_of_exactly_ten_has_no_next_page_and_ten_of_ones_own_are_all(commons: Commons) -> None:
    for number in range(10):
        joined(commons, commons.wants(f"c{number}"), "kim")
    with commons.store.reading() as session:
        page = service.listed(session, "U1")
        mine, more = service.own(session, commons.slack.user("kim"))
    assert (len(page.items), page.next) == (10, None)
    assert (len(mine), more) == (10, False)


def test_words_that_could_mean_several_name_them_and_no_words_mean_the_channel_one_is_in(
    commons: Commons,
) -> None:
    commons.wants("child-care", channel="C1")
    commons.wants("wound-care")
    commons.wants("care", state=CommunityState.ARCHIVED)
    with commons.store.reading() as session:
        with pytest.raises(NotFound) as several:
            service.named(session, "care")
        assert service.named(session, "child care").name == "child-care"
        assert service.named(session, " ", channel="C1").name == "child-care"
        for channel in ("", "C2"):
            with pytest.raises(NotFound):
                service.named(session, "", channel=channel)
    assert all(name in several.value.words for name in ("#child-care", "#wound-care"))


def test_a_community_is_called_what_its_channel_is_called(commons: Commons) -> None:
    renamed = commons.wants("homes", channel="C1", seen_name="housing")
    unmade = commons.wants("peers", seen_name="old-peers")
    with commons.store.reading() as session:
        assert service.one(session, renamed).name == "housing"
        assert service.one(session, unmade).name == "peers"


def standing(commons: Commons, person: Person) -> catalog.Standing:
    with commons.store.reading() as session:
        return catalog.standing(session, person, NOON)


def test_staff_read_how_the_communities_stand_and_members_only_where_they_are_inv7(commons: Commons) -> None:
    commons.wants("being-made")
    ident = commons.wants("mine", channel="C1", trouble="name_taken")
    commons.wants("other", channel="C2", quiet_notified_at=NOON)
    commons.wants("closing", channel="C3", state=CommunityState.CLOSING, quiet_notified_at=NOON)
    gone = commons.wants("gone", channel="C4", state=CommunityState.ARCHIVED)
    commons.wants("coming-back", channel="C5", state=CommunityState.REVIVING)
    joined(commons, ident, "kim")
    joined(commons, gone, "kim")
    this_week, long_ago = NOON.date(), NOON.date() - timedelta(days=35)
    counted(commons, ident, this_week, 3, answers=2, reactions=1)
    counted(commons, gone, this_week - timedelta(days=28), 4, answers=1)
    counted(commons, ident, long_ago, 100)

    member = standing(commons, commons.person("kim"))
    assert (member.mine, member.open, member.staff) == (("C1",), 5, None)
    commons.staff("ada")
    told = standing(commons, commons.person("ada")).staff
    assert told is not None
    assert (told.being_made, told.quiet, told.closing, told.archived) == (1, 1, 1, 2)
    assert (told.posts, told.answers, told.reactions) == (7, 3, 1)
    assert told.troubles == (("mine", "name_taken", "mine"),)


def test_news_are_new_open_communities_and_the_month_in_numbers(commons: Commons) -> None:
    with commons.store.reading() as session:
        assert catalog.news(session, NOON, "America/Chicago") == ()
    old = commons.wants("old", channel="C1", made_at=NOON - timedelta(days=61))
    new = commons.wants("new", channel="C2", made_at=NOON - timedelta(days=60))
    commons.wants("unmade")
    commons.wants("closed", channel="C3", state=CommunityState.ARCHIVED)
    for ident in (old, new):
        counted(commons, ident, NOON.date(), 2, answers=1)
    counted(commons, old, NOON.date() - timedelta(days=35), 50)
    with commons.store.reading() as session:
        communities, numbers = catalog.news(session, NOON, "America/Chicago")
    assert "#new" in communities
    assert not any(name in communities for name in ("#old", "#unmade", "#closed"))
    assert "4 posts and 2 answers in 2" in numbers


def test_who_looks_for_others_is_not_offered_themselves(commons: Commons) -> None:
    with commons.store.writing() as session:
        for handle, topic in (("kim", "naloxone"), ("juno", "naloxone"), ("ada", "housing")):
            person = people.identify(session, commons.slack.user(handle))
            assert person is not None
            profiles.describe(session, person, profile=PROFILE, now=NOON, topics=[topic], areas=["wi-dane"])
            profiles.consent(session, person, "found", given=True, now=NOON)
    kim, lou = commons.person("kim"), commons.person("lou")

    def found(words: str, person: Person) -> list[str]:
        with commons.store.reading() as session:
            return [each.name for each in catalog.people_like(session, words, person, PROFILE)]

    assert found("naloxone", kim) == ["Juno Vale"]
    assert found("", kim) == ["Juno Vale"], "without words: those on one's own topics"
    assert sorted(found("Dane County", kim)) == ["Ada Fenn", "Juno Vale"]
    assert len(found("", lou)) == 3, "nobody's topics yet: everybody who agreed"


def test_only_so_many_people_are_shown(commons: Commons) -> None:
    with commons.store.writing() as session:
        for number in range(catalog.MOST_FOUND + 1):
            told = slack_user(f"U0NEW{number:04}", f"p{number}", team_id=TEAM["id"])
            person = people.identify(session, str(told["id"]), seen=told, home_team=TEAM["id"])
            assert person is not None
            profiles.describe(session, person, profile=PROFILE, now=NOON, topics=["naloxone"])
            profiles.consent(session, person, "found", given=True, now=NOON)
    with commons.store.reading() as session:
        found = catalog.people_like(session, "naloxone", commons.person("kim"), PROFILE)
    assert len(found) == catalog.MOST_FOUND
