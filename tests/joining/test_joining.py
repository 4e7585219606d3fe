"""Who comes is welcomed once; who was here is not; who was expected is known."""

from __future__ import annotations

import json
from typing import Any

import pytest

from copbot.delivery.tables import MessageRow
from copbot.errors import Conflict, InvalidInput
from copbot.joining import rules, service
from copbot.joining.tables import InvitationRow
from copbot.joining.values import Invitation
from copbot.people import service as people
from copbot.people.profiles import service as profiles
from copbot.sandbox.people import TEAM
from tests.communities.kit import NOON, PROFILE, Commons, Killed

WELCOME = "Welcome to Wisconsin"


def comes(commons: Commons, handle: str, *flags: str) -> dict[str, Any]:
    """Somebody joins, and the event arrives."""
    told = commons.slack.adds(handle, *flags)
    hears(commons, told)
    return told


def hears(commons: Commons, told: dict[str, Any]) -> bool:
    with commons.store.writing() as session:
        return service.arrive(session, told, team=TEAM["id"], profile=PROFILE, now=NOON)


def invited(commons: Commons, email: str, **more: Any) -> Invitation:
    values = {"agency": "Lakeside Exchange", "areas": ["wi-dane"], "topics": ["wound_care"], **more}
    with commons.store.writing() as session:
        staff = people.identify(session, commons.slack.user("ravi"))
        assert staff is not None
        return service.invite(session, email=email, person=staff, now=NOON, **values)


def found(commons: Commons, uid: str) -> Invitation:
    with commons.store.reading() as session:
        card = service.invitation(session, uid)
    assert card is not None
    return card


def test_nobody_who_was_here_at_install_is_welcomed(commons: Commons) -> None:
    assert commons.does("joining.reread")["welcomed"] == 0
    assert commons.does("joining.reread")["welcomed"] == 0
    assert commons.messages("joining.welcome") == []


def test_a_newcomer_gets_one_welcome_with_three_first_steps(settled: Commons) -> None:
    comes(settled, "rowan")
    assert len(settled.told("rowan", WELCOME)) == 1
    [shown] = settled.shown("rowan", "Three first steps")
    assert all(f"{number}. " in shown for number in (1, 2, 3))
    assert "request.start" in shown


@pytest.mark.both_databases
def test_the_event_twice_and_the_reread_welcome_once(any_settled: Commons) -> None:
    told = comes(any_settled, "rowan")
    assert not hears(any_settled, told)
    assert any_settled.does("joining.reread")["welcomed"] == 0
    assert len(any_settled.told("rowan", WELCOME)) == 1


def test_a_lost_event_still_welcomes(settled: Commons) -> None:
    settled.slack.adds("rowan")
    assert settled.does("joining.reread")["welcomed"] == 1
    assert len(settled.told("rowan", WELCOME)) == 1


def test_a_reread_cut_off_before_its_end_makes_nobody_a_newcomer(commons: Commons) -> None:
    for number in range(1005):
        commons.slack.adds(f"p{number}")
    commons.slack.kill = (len(commons.slack.calls) + 2, False)
    with pytest.raises(Killed):
        commons.does("joining.reread")
    commons.restarts()
    assert commons.does("joining.reread")["welcomed"] == 0
    assert commons.messages("joining.welcome") == []


@pytest.mark.parametrize("flag", ["is_bot", "deleted", "is_stranger"])
def test_bots_and_people_who_are_not_here_are_not_welcomed(settled: Commons, flag: str) -> None:
    told = settled.slack.adds("rowan")
    told[flag] = True
    assert not hears(settled, told)
    assert settled.does("joining.reread")["welcomed"] == 0


def test_somebody_who_leaves_before_the_welcome_is_sent_gets_none(settled: Commons) -> None:
    told = comes(settled, "rowan")
    with settled.store.writing() as session:
        gone = {**told, "deleted": True}
        people.learn(session, [gone], home_team=TEAM["id"], now=NOON)
    assert settled.told("rowan") == []
    assert [row.state for row in settled.messages("joining.welcome")] == ["nothing"]


def test_a_guest_reads_no_commands(settled: Commons) -> None:
    comes(settled, "gil", "is_restricted", "is_ultra_restricted")
    [shown] = settled.shown("gil", "Three first steps")
    assert "`/" not in shown
    assert "request.start" in shown


def test_who_was_expected_is_shown_communities_on_their_topics(settled: Commons) -> None:
    settled.wants("wound-care", topics=["wound_care"])
    settled.wants("housing", topics=["housing"])
    settled.applies()
    invited(settled, "rowan@example.org")
    comes(settled, "rowan")
    [shown] = settled.shown("rowan", "Three first steps")
    assert "Join #wound-care" in shown
    assert "Join #housing" not in shown


def test_when_that_address_joins_the_card_closes_and_the_profile_fills(any_settled: Commons) -> None:
    card = invited(any_settled, " Rowan@Example.org ")
    told = comes(any_settled, "rowan")
    now = found(any_settled, card.uid)
    assert (now.state, now.joined_user, now.email) == (rules.JOINED, told["id"], "")
    with any_settled.store.reading() as session:
        person = people.identify(session, told["id"])
        assert person is not None
        filled = profiles.profile_of(session, person.id)
    assert filled.agency is not None
    assert (filled.agency.name, filled.areas, filled.topics) == (
        "Lakeside Exchange",
        ("wi-dane",),
        ("wound_care",),
    )


def test_a_lost_event_still_closes_the_card(settled: Commons) -> None:
    card = invited(settled, "rowan@example.org")
    settled.slack.adds("rowan")
    settled.does("joining.reread")
    assert found(settled, card.uid).state == rules.JOINED


def test_somebody_who_is_here_already_closes_the_card_and_is_not_welcomed(any_settled: Commons) -> None:
    card = invited(any_settled, "juno@example.org")
    any_settled.does("joining.reread")
    assert found(any_settled, card.uid).state == rules.JOINED
    assert any_settled.messages("joining.welcome") == []


def test_not_now_forgets_the_address(any_settled: Commons) -> None:
    card = invited(any_settled, "rowan@example.org")
    with any_settled.store.writing() as session:
        ravi = people.identify(session, any_settled.slack.user("ravi"))
        assert ravi is not None
        service.settle(session, card.uid, state=rules.NOT_NOW, person=ravi, now=NOON)
    with any_settled.store.reading() as session:
        assert "rowan" not in json.dumps([row.email for row in session.query(InvitationRow)])
    with any_settled.store.writing() as session, pytest.raises(Conflict):
        service.settle(session, card.uid, state=rules.INVITED, person=ravi, now=NOON)


@pytest.mark.parametrize("typed", ["", "rowan", "rowan@", "@example.org", "rowan@example"])
def test_what_is_no_address_is_sent_back(settled: Commons, typed: str) -> None:
    with pytest.raises(InvalidInput) as wrong:
        invited(settled, typed)
    assert list(wrong.value.fields) == ["email"]


@pytest.mark.both_databases
def test_one_card_for_one_address(any_settled: Commons) -> None:
    invited(any_settled, "rowan@example.org")
    with pytest.raises(InvalidInput):
        invited(any_settled, "ROWAN@example.org")


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Rowan@Example.ORG", "rowan@example.org"),
        ("<mailto:rowan@example.org|rowan@example.org>", "rowan@example.org"),
        ("write to rowan@example.org, please", "rowan@example.org"),
        ("nobody", ""),
    ],
)
def test_addresses_are_compared_as_one_key(typed: str, key: str) -> None:
    assert rules.email_key(typed) == key


def test_a_newcomer_who_is_renamed_has_their_new_name_on_what_stands(settled: Commons) -> None:
    invited(settled, "rowan@example.org")
    told = comes(settled, "rowan")
    before = {each.id: each.version for each in about_newcomers(settled)}
    with settled.store.reading() as session:
        person = people.identify(session, told["id"])
    assert person is not None
    assert settled.does("joining.renamed", person=person.id)["redrawn"] == len(before) == 2
    assert {each.id: each.version - 1 for each in about_newcomers(settled)} == before


def about_newcomers(commons: Commons) -> list[MessageRow]:
    return [*commons.messages("joining.welcome"), *commons.messages("joining.card")]
