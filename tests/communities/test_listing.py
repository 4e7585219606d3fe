"""The wanted list as a file, in and out; where people are; who may be found."""

from __future__ import annotations

import pytest

from copbot.communities import catalog, service
from copbot.communities.proposals import service as proposals
from copbot.communities.rules import CommunityState
from copbot.communities.screens import home
from copbot.communities.tables import CommunityRow, MemberRow
from copbot.errors import InvalidInput, NotFound
from copbot.people import service as people
from copbot.people.profiles import service as profiles
from copbot.program.schema.faults import ProfileFault
from copbot.sandbox.views import check_view
from copbot.slack import blocks
from copbot.store import Store
from tests.communities.kit import NOON, PROFILE, Commons

FILE = """
communities:
  - id: wound_care
    name: Wound Care
    purpose: For those who look after wounds.
    topics: [wound_care]
    lead: U000000007
    rhythm: First Monday
  - id: housing
    name: housing
    private: true
"""


def taken(store: Store, text: str = FILE) -> catalog.Imported:
    with store.writing() as session:
        return catalog.take(session, catalog.read("list.yaml", text, PROFILE), now=NOON)


def test_a_file_makes_the_communities_it_names(store: Store) -> None:
    done = taken(store)
    assert (done.new, done.changed, done.same, done.left) == (2, 0, 0, ())
    with store.reading() as session:
        assert list(service.names(session).values()) == ["housing", "wound-care"]


def test_the_same_file_again_changes_nothing_and_a_changed_one_only_what_it_names(store: Store) -> None:
    taken(store)
    assert taken(store).same == 2
    one = "communities:\n  - {id: housing, name: homes}\n"
    done = taken(store, one)
    assert (done.new, done.changed, done.left) == (0, 1, ("wound-care",))


def test_what_is_exported_is_what_was_imported(store: Store) -> None:
    taken(store)
    with store.reading() as session:
        text = catalog.as_yaml(session)
    again = {each.id: each for each in catalog.read("out.yaml", text, PROFILE)}
    assert again == {each.id: each for each in catalog.read("list.yaml", FILE, PROFILE)}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("communities:\n  - {id: a, name: '???'}\n", "no letters or digits"),
        ("communities:\n  - {id: a, name: a}\n  - {id: b, name: A}\n", "is listed twice"),
        ("communities:\n  - {id: a, name: a}\n  - {id: a, name: b}\n", "is listed twice"),
        ("communities:\n  - {id: a, name: a, lead: ada}\n", "is not a member's id"),
        ("communities:\n  - {id: a, name: a, topics: [wound_car]}\n", "did you mean “wound_care”"),
        ("communities:\n  - {id: a, nam: a}\n", "did you mean “name”"),
        ("communities: none\n", "is not a list"),
        ("", "is empty"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_nothing_is_taken(
    sqlite_store: Store, text: str, wrong: str
) -> None:
    with pytest.raises(ProfileFault) as fault:
        taken(sqlite_store, text)
    assert "list.yaml:" in fault.value.words
    assert wrong in fault.value.words
    with sqlite_store.reading() as session:
        assert service.names(session) == {}


def test_a_changed_welcome_is_changed_where_it_is_pinned(commons: Commons) -> None:
    taken(commons.store, "communities:\n  - {id: housing, name: housing, welcome: Come in.}\n")
    commons.applies()
    taken(commons.store, "communities:\n  - {id: housing, name: housing, welcome: Do come in.}\n")
    commons.delivers()
    channel = commons.slack.channel("housing")
    assert channel is not None
    [pinned] = [channel.messages[ts] for ts in channel.pins]
    assert "Do come in." in str(pinned["blocks"])
    assert commons.plans().result["actions"] == []


def test_a_wanted_name_is_given_to_the_channel_and_not_taken_back(commons: Commons) -> None:
    taken(commons.store, "communities:\n  - {id: housing, name: housing}\n")
    commons.applies()
    taken(commons.store, "communities:\n  - {id: housing, name: homes}\n")
    commons.does("communities.reconcile")
    assert commons.applies().state == "done"
    assert "homes" in commons.furniture()
    assert "housing" not in commons.furniture()


def test_archived_communities_are_left_out_of_lists(commons: Commons) -> None:
    commons.wants("old", state=CommunityState.ARCHIVED)
    commons.wants("new")
    with commons.store.reading() as session:
        assert [each.name for each in service.listed(session, "U1").items] == ["new"]
        assert "old" not in catalog.as_yaml(session)
        with pytest.raises(NotFound):
            service.named(session, "old")


def test_a_long_list_is_shown_ten_at_a_time(commons: Commons) -> None:
    for number in range(23):
        commons.wants(f"c{number:02}")
    with commons.store.reading() as session:
        first = service.listed(session, "U1")
        second = service.listed(session, "U1", first.next)
        third = service.listed(session, "U1", second.next)
    assert [len(page.items) for page in (first, second, third)] == [10, 10, 3]
    assert third.next is None


def test_only_people_who_agreed_are_found(commons: Commons) -> None:
    with commons.store.writing() as session:
        for handle in ("kim", "juno"):
            person = people.identify(session, commons.slack.user(handle))
            assert person is not None
            profiles.describe(
                session, person, profile=PROFILE, now=NOON, topics=["naloxone"], areas=["wi-dane"]
            )
        profiles.consent(session, person, "found", given=True, now=NOON)
    with commons.store.reading() as session:
        ada = people.identify(session, commons.slack.user("ada"))
        assert ada is not None
        for words in ("naloxone", "Dane"):
            assert [each.name for each in catalog.people_like(session, words, ada, PROFILE)] == ["Juno Vale"]
        assert catalog.people_like(session, "housing", ada, PROFILE) == ()
        assert catalog.people_like(session, "zebras", ada, PROFILE) == ()


def test_a_proposal_needs_a_name_of_its_own_and_a_purpose(commons: Commons) -> None:
    commons.wants("housing")
    with commons.store.writing() as session:
        kim = people.identify(session, commons.slack.user("kim"))
        assert kim is not None
        with pytest.raises(InvalidInput) as wrong:
            proposals.propose(
                session, name="Housing!", purpose=" ", topics=(), leads_it=False, person=kim, now=NOON
            )
    assert set(wrong.value.fields) == {"name", "purpose"}


def test_home_names_ten_of_ones_communities_and_says_that_there_are_more(store: Store) -> None:
    with store.writing() as session:
        for number in range(12):
            row = CommunityRow(
                slug=f"c{number:02}",
                name=f"c{number:02}",
                purpose="x" * 1000,
                made_at=NOON,
                channel=f"C{number:02}",
            )
            row.state = CommunityState.ARCHIVED if number == 0 else CommunityState.ACTIVE
            session.add(row)
            session.flush()
            session.add(MemberRow(community_id=row.id, user="U0KIM"))
    with store.reading() as session:
        found, more = service.own(session, "U0KIM")
        nobody = service.own(session, "U0OTHER")
    assert [each.name for each in found] == [f"c{number:02}" for number in range(1, 11)]
    assert more
    assert nobody == ((), False)
    view = blocks.home(home.own(found, more=more))
    assert check_view(view, kind="home") is None
    assert len(view["blocks"]) == 13
    assert home.MORE_THAN_THESE in str(view)
    assert home.NOTHING_YET in str(home.own((), more=False))
