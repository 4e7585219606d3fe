"""Peers: only who agreed to be found is suggested, and nobody sees a name before both have accepted."""

from __future__ import annotations

from typing import Any

import pytest

from copbot.contacts.tables import ContactRow
from copbot.followup.tables import PeerMatchRow
from copbot.people.profiles import service as profiles
from copbot.slack.answers import Answer
from tests.communities.kit import PROFILE
from tests.followup.kit import NEED, Afterwards, text_of
from tests.rows import for_each


def may_be_found(
    room: Afterwards, who: str, *, topics: tuple[str, ...] = ("wound_care",), **more: Any
) -> None:
    with room.store.writing() as session:
        person, known = room.person(who), {"profile": PROFILE, "now": room.clock.now()}
        profiles.describe(session, person, topics=topics, areas=more.get("areas", ("wi-dane",)), **known)
        profiles.consent(session, person, "found", given=more.get("given", True), now=room.clock.now())


def form(room: Afterwards, ident: int, who: str = "ravi") -> str:
    return text_of(room.presses(who, "followup.open_peer", f"{room.request(ident).uid}:1"))


def suggests(room: Afterwards, ident: int, peer: str = "juno") -> PeerMatchRow:
    view = room.opens("ravi", "followup.open_peer", room.request(ident).uid)
    assert "Both have been asked" in text_of(room.sends("ravi", view, peer=str(room.person(peer).id)))
    return room.table(PeerMatchRow)[-1]


def says(room: Afterwards, who: str, row: PeerMatchRow, answer: str) -> Answer:
    return room.presses(who, f"followup.peer_answer:{answer}", f"{row.uid}:{answer}")


def matches(room: Afterwards) -> list[str]:
    """What either of the two reads of the suggestion."""
    return [
        each
        for who in ("kim", "juno")
        for each in (*room.shown(who, "introduce you"), *room.shown(who, "Meet "))
    ]


@pytest.fixture
def asked(room: Afterwards) -> tuple[Afterwards, PeerMatchRow]:
    may_be_found(room, "juno")
    return room, suggests(room, room.asks("kim"))


def test_only_who_agreed_to_be_found_on_its_topics_is_offered_those_near_first(room: Afterwards) -> None:
    ident = room.asks("kim")
    assert "Nobody who follows these topics has agreed to be found" in form(room, ident)
    may_be_found(room, "noor", areas=("wi-brown",))
    may_be_found(room, "juno")
    may_be_found(room, "mei", topics=("naloxone",))
    may_be_found(room, "kim")
    may_be_found(room, "ada", given=False)
    shown = form(room, ident)
    assert shown.index("Juno") < shown.index("Noor")
    assert not any(name in shown for name in ("Mei", "Kim", "Ada"))
    room.presses("juno", "digests.only_requests")
    assert "Juno" not in form(room, ident)


def test_neither_sees_the_others_name_or_words_before_both_accept_then_both_do_inv8(
    any_room: Afterwards,
) -> None:
    room = any_room
    may_be_found(room, "juno")
    ident = room.asks("kim")
    row = suggests(room, ident)
    says(room, "kim", row, "yes")
    shown = matches(room)
    assert len(shown) == 2
    for hidden in (
        "Juno",
        "Kim",
        NEED,
        "Dane",
        "Northwoods",
        room.slack.user("juno"),
        room.slack.user("kim"),
    ):
        assert hidden not in "".join(shown), hidden
    says(room, "juno", row, "yes")
    assert f"<@{room.slack.user('juno')}>" in room.told("kim", "Meet ")[0]
    assert f"<@{room.slack.user('kim')}>" in room.told("juno", "Meet ")[0]
    assert len(room.told("ravi", "are introduced about TA-1001")) == 1
    assert all("You have been introduced." in each for each in matches(room) if "Meet" not in each)
    [contact] = room.table(ContactRow)
    assert (contact.request_id, contact.category, contact.minutes) == (ident, "coordination", 15)
    assert "have been introduced" in str(says(room, "juno", row, "no"))
    room.is_at(15, 10)
    assert room.told("ravi", "No introduction") == []


def test_a_refusal_is_told_to_nobody_and_looks_like_waiting_to_the_end(
    asked: tuple[Afterwards, PeerMatchRow],
) -> None:
    room, row = asked
    before = room.shown("juno", "introduce you")
    says(room, "kim", row, "no")
    assert room.shown("juno", "introduce you") == before
    assert "Nobody is told that you did." in room.shown("kim", "introduce you")[0]
    says(room, "juno", row, "yes")
    assert (room.told("ravi", "introduc"), room.table(ContactRow)) == ([], [])
    room.is_at(13, 10)
    assert room.told("ravi", "introduc") == []
    room.is_at(14, 10)
    assert len(room.told("ravi", "Nobody was introduced for TA-1001")) == 1
    assert all("This introduction has ended." in each for each in matches(room))
    assert "has ended" in str(says(room, "kim", row, "yes"))


def test_not_now_can_become_yes_while_it_is_open(asked: tuple[Afterwards, PeerMatchRow]) -> None:
    room, row = asked
    says(room, "juno", row, "no")
    says(room, "kim", row, "yes")
    says(room, "juno", row, "yes")
    says(room, "juno", row, "yes")
    assert len(room.told("kim", "Meet ")) == 1
    assert len(room.table(ContactRow)) == 1


def test_nobody_else_answers_and_only_staff_suggest(asked: tuple[Afterwards, PeerMatchRow]) -> None:
    room, row = asked
    for other in ("noor", "ravi"):
        assert "no longer available" in str(says(room, other, row, "yes"))
    assert "Only staff" in form(room, row.request_id, "kim")
    assert (room.table(PeerMatchRow)[0].requester, room.table(PeerMatchRow)[0].peer) == ("", "")


def test_one_person_has_one_suggestion_at_a_time(room: Afterwards) -> None:
    ident, other = room.asks("kim"), room.asks("kim")
    for who in ("juno", "noor"):
        may_be_found(room, who)
    suggests(room, ident, "juno")
    assert "Juno" not in form(room, ident)
    assert "Juno" not in form(room, other)
    suggests(room, ident, "noor")
    room.is_at(15, 10)
    assert "Juno" not in form(room, ident)  # once suggested for it
    assert "Juno" in form(room, other)


@for_each("change", [{"confidential": True}, {"state": "closed"}], ids=str)
def test_not_for_what_is_confidential_or_over(room: Afterwards, change: dict[str, Any]) -> None:
    ident = room.asks("noor")
    room.set(ident, owner_id=room.person("ravi").id, **change)
    assert "open request that isn't confidential" in form(room, ident)


def test_of_a_request_that_became_confidential_a_peer_is_told_no_more(
    asked: tuple[Afterwards, PeerMatchRow],
) -> None:
    room, row = asked
    room.set(row.request_id, confidential=True)
    assert room.shown("juno", "introduce you") == []


@for_each("change", [{"confidential": True}, {"state": "closed"}], ids=str)
def test_nobody_is_introduced_about_what_became_confidential_or_is_over(
    asked: tuple[Afterwards, PeerMatchRow], change: dict[str, Any]
) -> None:
    room, row = asked
    says(room, "kim", row, "yes")
    room.set(row.request_id, **change)
    assert "has ended" in str(says(room, "juno", row, "yes"))
    assert (room.told("kim", "Meet "), room.table(ContactRow)) == ([], [])


def test_a_question_that_stands_is_taken_back_when_its_request_becomes_confidential(
    asked: tuple[Afterwards, PeerMatchRow],
) -> None:
    room, row = asked
    assert len(room.shown("juno", "introduce you")) == 1
    room.set(row.request_id, confidential=True)
    room.follows(row.request_id)
    assert room.shown("juno", "introduce you") == []


def test_who_suggested_it_and_has_left_staff_is_not_told_the_names(
    asked: tuple[Afterwards, PeerMatchRow],
) -> None:
    room, row = asked
    room.staff("ada", "mei", leads=["ada"])
    says(room, "kim", row, "yes")
    says(room, "juno", row, "yes")
    assert len(room.told("kim", "Meet ")) == 1
    assert room.told("ravi", "introduced") == []
