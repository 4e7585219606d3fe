"""Somebody who is expected: what they said of themselves goes before what staff wrote, and each card has one end."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.communities.channels import service as channel_sync
from copbot.communities.rules import CommunityState
from copbot.communities.values import Community
from copbot.errors import Conflict, NotFound
from copbot.joining import rules, screens, service
from copbot.joining.tables import InvitationRow
from copbot.joining.values import Invitation, Newcomer
from copbot.people import service as people
from copbot.people.profiles import service as profiles
from copbot.people.values import PersonProfile
from copbot.sandbox.blocks import check_blocks
from copbot.sandbox.people import TEAM
from copbot.sandbox.text import message_pings
from tests.communities.kit import NOON, PROFILE, Commons
from tests.joining.test_joining import comes, found, hears, invited


def settles(commons: Commons, uid: str, state: str) -> Invitation:
    with commons.store.writing() as session:
        return service.settle(session, uid, state=state, person=commons.person("ravi"), now=NOON)


def told_of(commons: Commons, user: str) -> PersonProfile:
    with commons.store.reading() as session:
        person = people.identify(session, user)
        assert person is not None
        return profiles.profile_of(session, person.id)


def known_as(commons: Commons, handle: str, **said: Any) -> dict[str, Any]:
    """Somebody who is in the workspace, and has said this of themselves."""
    told = commons.slack.world.state.users[commons.slack.user(handle)]
    with commons.store.writing() as session:
        people.learn(session, [told], home_team=TEAM["id"], now=NOON)
        person = people.identify(session, told["id"])
        assert person is not None
        agency = people.agency_named(session, said.pop("agency")) if "agency" in said else None
        more = {} if agency is None else {"agency_id": agency.id}
        profiles.describe(session, person, profile=PROFILE, now=NOON, **more, **said)
    return dict(told)


def test_what_somebody_has_said_of_themselves_is_not_overwritten_by_a_card(settled: Commons) -> None:
    told = known_as(settled, "kim", agency="River County", areas=["wi-adams"], topics=["equity"])
    invited(settled, "kim@example.org")
    settled.does("joining.reread")
    facts = told_of(settled, told["id"])
    assert facts.agency is not None
    assert (facts.agency.name, facts.areas, facts.topics) == ("River County", ("wi-adams",), ("equity",))


def test_a_card_fills_only_what_is_missing(settled: Commons) -> None:
    told = known_as(settled, "kim", topics=["equity"])
    invited(settled, "kim@example.org")
    settled.does("joining.reread")
    facts = told_of(settled, told["id"])
    assert facts.agency is not None
    assert (facts.agency.name, facts.areas, facts.topics) == ("Lakeside Exchange", ("wi-dane",), ("equity",))


def test_what_the_programme_no_longer_knows_is_left_out(settled: Commons) -> None:
    card = invited(settled, "rowan@example.org", areas=["wi-dane", "wi-gone"], topics=["gone", "naloxone"])
    told = comes(settled, "rowan")
    facts = told_of(settled, told["id"])
    assert (facts.areas, facts.topics) == (("wi-dane",), ("naloxone",))
    assert found(settled, card.uid).state == rules.JOINED


def test_a_card_without_an_agency_names_none(settled: Commons) -> None:
    card = invited(settled, "rowan@example.org", agency="  ")
    assert card.agency == ""
    told = comes(settled, "rowan")
    assert told_of(settled, told["id"]).agency is None


def test_who_was_invited_and_comes_is_met_also_after_staff_pressed_invited(settled: Commons) -> None:
    card = invited(settled, "rowan@example.org")
    assert settles(settled, card.uid, rules.INVITED).decided_by == settled.slack.user("ravi")
    settled.slack.adds("rowan")
    settled.does("joining.reread")
    assert found(settled, card.uid).state == rules.JOINED


def test_somebody_here_is_met_although_the_only_card_is_an_invited_one(settled: Commons) -> None:
    card = invited(settled, "juno@example.org")
    settles(settled, card.uid, rules.INVITED)
    settled.does("joining.reread")
    assert found(settled, card.uid).state == rules.JOINED


def test_after_not_now_a_newcomer_of_that_address_is_welcomed_as_anybody(settled: Commons) -> None:
    card = invited(settled, "rowan@example.org")
    settles(settled, card.uid, rules.NOT_NOW)
    comes(settled, "rowan")
    assert found(settled, card.uid).state == rules.NOT_NOW
    assert len(settled.told("rowan", "Welcome")) == 1


def test_the_address_may_be_expected_again_after_not_now(settled: Commons) -> None:
    first = invited(settled, "rowan@example.org")
    settles(settled, first.uid, rules.NOT_NOW)
    second = invited(settled, "rowan@example.org")
    comes(settled, "rowan")
    assert [found(settled, each.uid).state for each in (first, second)] == [rules.NOT_NOW, rules.JOINED]


def test_no_address_is_kept_of_anybody_who_has_joined_inv8(settled: Commons) -> None:
    invited(settled, "rowan@example.org")
    comes(settled, "rowan")
    with settled.store.reading() as session:
        assert [row.email for row in session.query(InvitationRow)] == [""]


def test_a_card_nobody_knows_is_not_settled(settled: Commons) -> None:
    with pytest.raises(NotFound):
        settles(settled, "nothing-of-ours", rules.INVITED)


@pytest.mark.parametrize("state", [*rules.OPEN, rules.NOT_NOW, rules.JOINED, "", "gone"])
@pytest.mark.parametrize("wanted", [*rules.OPEN, rules.NOT_NOW, rules.JOINED, "", "gone"])
def test_staff_say_invited_or_not_now_of_open_cards_and_nothing_twice_inv3(state: str, wanted: str) -> None:
    may = {(rules.NEW, rules.INVITED), (rules.NEW, rules.NOT_NOW), (rules.INVITED, rules.NOT_NOW)}
    assert rules.may_become(state, wanted) is ((state, wanted) in may)


def test_a_second_press_of_invited_is_told_that_it_is_settled_inv3(settled: Commons) -> None:
    card = invited(settled, "rowan@example.org")
    settles(settled, card.uid, rules.INVITED)
    with pytest.raises(Conflict):
        settles(settled, card.uid, rules.INVITED)


# -- the card and the welcome as they are read


def read_by_ravi(commons: Commons, words: str) -> list[str]:
    return commons.shown("ravi", words)


def test_without_a_staff_channel_the_card_goes_to_whoever_made_it_and_stays_true(settled: Commons) -> None:
    card = invited(settled, "rowan@example.org")
    assert read_by_ravi(settled, screens.DONE)
    settles(settled, card.uid, rules.INVITED)
    [shown] = read_by_ravi(settled, "Somebody wants to join")
    assert screens.DONE not in shown
    assert screens.NOT_NOW in shown
    told = comes(settled, "rowan")
    [shown] = read_by_ravi(settled, "Somebody wants to join")
    assert f"<@{told['id']}>" in shown
    assert "rowan@example.org" not in shown
    assert screens.NOT_NOW not in shown


def test_the_card_stands_in_the_staff_channel_where_there_is_one(settled: Commons) -> None:
    with settled.store.writing() as session:
        people.set_staff_channel(session, "C0STAFF", "", now=NOON)
    invited(settled, "rowan@example.org")
    assert [row.destination for row in settled.messages("joining.card")] == ["C0STAFF"]


def test_a_welcome_is_unasked_so_a_persons_peace_is_kept(settled: Commons) -> None:
    comes(settled, "rowan")
    [row] = settled.messages("joining.welcome")
    assert row.unasked


def test_communities_one_is_in_have_no_button_and_those_being_made_none_either(settled: Commons) -> None:
    settled.wants("wound-care", topics=["wound_care"], channel="C0WOUND", seen_name="wound-care")
    settled.wants("unmade", topics=["wound_care"])
    mine = settled.wants("mine", topics=["wound_care"], channel="C0MINE", seen_name="mine")
    invited(settled, "rowan@example.org")
    told = settled.slack.adds("rowan")
    with settled.store.writing() as session:
        channel_sync.entered(session, mine, told["id"], now=NOON)
    hears(settled, told)
    [shown] = settled.shown("rowan", "Three first steps")
    assert "Join #wound-care" in shown
    assert "Join #mine" not in shown
    assert "Join #unmade" not in shown
    assert "#unmade" in shown


def test_who_was_not_expected_is_shown_what_fits_what_they_have_said(settled: Commons) -> None:
    settled.wants("equity", topics=["equity"], channel="C0E", seen_name="equity")
    settled.wants("wound-care", topics=["wound_care"], channel="C0W", seen_name="wound-care")
    settled.slack.adds("rowan")
    known_as(settled, "rowan", topics=["equity"])
    settled.does("joining.reread")
    [shown] = settled.shown("rowan", "Three first steps")
    assert "Join #equity" in shown
    assert "Join #wound-care" not in shown


def test_who_was_expected_for_something_is_shown_that_first(settled: Commons) -> None:
    settled.wants("equity", topics=["equity"], channel="C0E", seen_name="equity")
    settled.wants("wound-care", topics=["wound_care"], channel="C0W", seen_name="wound-care")
    invited(settled, "rowan@example.org", topics=["wound_care"])
    settled.slack.adds("rowan")
    known_as(settled, "rowan", topics=["equity"])
    settled.does("joining.reread")
    [shown] = settled.shown("rowan", "Three first steps")
    assert "Join #wound-care" in shown
    assert "Join #equity" not in shown


# -- who is a newcomer, and what is an address


@pytest.mark.parametrize(
    ("told", "is_one"),
    [
        ({}, True),
        ({"team_id": None}, False),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T1", "T2"]}}, True),
        ({"team_id": None, "enterprise_user": {"teams": ["T1"]}}, True),
        ({"team_id": "E1", "teams": ["T2"]}, False),
        ({"deleted": None}, False),
        ({"team_id": "T2"}, False),
        ({"id": ""}, False),
        ({"id": "USLACKBOT"}, False),
        ({"deleted": True}, False),
        ({"is_bot": True}, False),
        ({"is_stranger": True}, False),
        ({"is_restricted": True}, True),
    ],
)
def test_a_newcomer_is_a_person_of_this_workspace(told: dict[str, object], is_one: bool) -> None:
    plain = {"id": "U1", "team_id": "T1", "deleted": False, "is_bot": False, "is_restricted": False}
    assert rules.is_newcomer({**plain, **told}, "T1") is is_one


PART = st.text("abcXYZ019._+-", min_size=1, max_size=20).filter(lambda part: part[0] != ".")


@given(PART, PART.filter(lambda part: "." not in part), st.sampled_from(["org", "co.uk"]))
def test_an_address_is_found_in_whatever_slack_makes_of_it(local: str, host: str, end: str) -> None:
    address = f"{local}@{host}.{end}"
    key = rules.email_key(address)
    assert key == address.casefold()
    assert key == rules.email_key(f"<mailto:{address}|{address}>") == rules.email_key(f" {address.upper()}, ")
    assert rules.email_key(key) == key


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        (".@example.org", ""),
        ("..rowan@example.org", "rowan@example.org"),
        ("Write to:rowan@example.org,kim@example.org;", "rowan@example.org"),
        ("rowan@example.org.", "rowan@example.org"),
        ("rowan@example", ""),
        ("rowan@" + "x" * 244 + ".org", "rowan@" + "x" * 244 + ".org"),
        ("rowan@" + "x" * 245 + ".org", ""),
        ("rowan@" + "ß" * 200 + ".org", ""),
    ],
)
def test_what_stands_around_an_address_is_no_part_of_it(typed: str, key: str) -> None:
    assert rules.email_key(typed) == key


@given(st.text(max_size=200))
def test_any_text_holds_an_address_that_fits_its_column_or_none(text: str) -> None:
    key = rules.email_key(text)
    assert len(key) <= 255
    assert key == "" or (key[0] not in "@." and not set(key) & set(" <>\n\t"))
    assert rules.email_key(key) == key


@given(
    st.text(min_size=1, max_size=80),
    st.booleans(),
    st.booleans(),
    st.lists(st.sampled_from(["a&b", "<!channel>", "x" * 80]), max_size=3),
)
def test_any_welcome_and_card_can_be_shown_and_pings_nobody_inv6_inv12(
    name: str, is_guest: bool, is_invited: bool, names: list[str]
) -> None:
    communities = tuple(
        Community(
            number, each, "", (), "", "", "", "", False, CommunityState.ACTIVE, "C1" if number % 2 else "", ""
        )
        for number, each in enumerate(names)
    )
    newcomer = Newcomer(name, is_guest, True, is_invited, communities)
    card = Invitation("u", f"{name}@example.org", name, (), (), rules.NEW, "", "")
    for message in (screens.welcome(newcomer, PROFILE), screens.card(card, PROFILE)):
        assert check_blocks(list(message.blocks), "message", at="/blocks") == []
        assert message_pings({"text": message.text, "blocks": list(message.blocks)}) == set()
