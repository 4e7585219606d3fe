"""No screen of the communities can be refused or ping anybody, whatever stands in the list and whatever is typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.communities.rules import CommunityState, Do
from copbot.communities.screens import channel, home, lists
from copbot.communities.values import (
    Community,
    ForStaff,
    MembershipWish,
    Own,
    Proposal,
    Run,
    StatusSummary,
)
from copbot.communities.words import join_refused_words, problem_words, step_words, trouble_words
from copbot.people.values import Agency, PersonProfile
from copbot.sandbox.blocks import check_blocks
from copbot.sandbox.text import message_pings
from copbot.sandbox.views import check_view
from copbot.slack import blocks
from copbot.slack.answers import Message, View
from copbot.store import Page
from tests.communities.kit import NOON, PROFILE

TEXT = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["<!channel>", "<@U1>", "&lt;!here&gt;", "x" * 2000, "*bold* `code`\n" * 40, "🩹" * 300]),
)
NAME = st.sampled_from(["wound-care", "a", "x" * 80, "<!channel>"])
CHANNEL = st.sampled_from(["", "C1"])
TOPICS = st.lists(st.sampled_from(["wound_care", "naloxone", "gone"]), max_size=5).map(tuple)
CODE = st.sampled_from(["name_taken", "missing_scope", "restricted_action", "something_new", ""])
COMMUNITY = st.builds(
    Community,
    id=st.integers(1, 2**31 - 1),
    name=NAME,
    purpose=TEXT,
    topics=TOPICS,
    lead=st.just("U1"),
    lead_name=TEXT,
    welcome=TEXT,
    rhythm=TEXT,
    private=st.booleans(),
    state=st.sampled_from(CommunityState),
    channel=CHANNEL,
    trouble=CODE,
    members=st.integers(0, 9999),
    mine=st.booleans(),
)
PROPOSAL = st.builds(
    Proposal,
    uid=st.just("a" * 32),
    name=NAME,
    purpose=TEXT,
    topics=TOPICS,
    leads_it=st.booleans(),
    by_user=st.just("U1"),
    by_name=TEXT,
    state=st.sampled_from(["open", "made", "declined"]),
    decided_by=st.just("U2"),
    channel=CHANNEL,
)
PART = st.tuples(st.sampled_from(list(Do)), st.integers(1, 70), NAME)
PROBLEM = st.tuples(st.sampled_from(["bad_name", "in_use", "lead", "new_one"]), st.integers(1, 70), NAME)
RUN = st.builds(
    Run,
    id=st.just(1),
    kind=st.sampled_from(["plan", "apply"]),
    state=st.sampled_from(["asked", "running", "stopped", "done", "refused", "partly"]),
    done=st.integers(0, 99),
    of=st.integers(0, 99),
    result=st.fixed_dictionaries(
        {},
        optional={
            "actions": st.lists(PART, max_size=12),
            "problems": st.lists(PROBLEM, max_size=60),
            "unknown": st.lists(NAME, max_size=90),
            "refused": st.lists(st.tuples(st.integers(1, 70), st.sampled_from(list(Do)), CODE), max_size=12),
            "made": st.integers(0, 99),
            "code": CODE,
        },
    ),
    by_user=st.just("U1"),
)
STANDING = st.builds(
    StatusSummary,
    mine=st.lists(st.just("C1"), max_size=60).map(tuple),
    open=st.integers(0, 999),
    staff=st.none() | st.builds(
        ForStaff,
        being_made=st.just(1), quiet=st.just(1), closing=st.just(1), archived=st.just(1),
        posts=st.just(1), answers=st.just(1), reactions=st.just(1),
        troubles=st.lists(st.tuples(NAME, CODE, NAME), max_size=12).map(tuple),
    ),
)  # fmt: skip
FOUND = st.builds(
    PersonProfile, st.just(1), st.just("U1"), TEXT, st.just("UTC"), st.builds(Agency, st.just(1), TEXT), st.just(False),
    st.just(("wi-dane",)), TEXT, TOPICS, st.just(""), st.just(True), st.just(True),
)  # fmt: skip


def shows(message: Message) -> None:
    assert message.text.strip()
    assert check_blocks(list(message.blocks), "message") == []
    # Who decided stands in a card that is changed in place, which rings nobody's bell.
    assert message_pings({"text": message.text, "blocks": list(message.blocks)}) <= {"U2"}


def opens(view: View) -> None:
    assert check_view(view, kind="modal") is None
    assert message_pings({"blocks": view["blocks"]}) == set()


@given(COMMUNITY, st.sampled_from(["renamed", "archived", "gone", "public", "something"]), TEXT)
def test_whatever_is_told_of_a_community_fits_inv6_inv12(each: Community, what: str, text: str) -> None:
    for message in (
        channel.welcome(each, PROFILE),
        channel.noticed(each, what),
        channel.quiet(each, 30),
        channel.closing(each, NOON, PROFILE),
        channel.closing(each, None, PROFILE),
        channel.archived(each),
        channel.revive(each),
        channel.question(each, 7, "https://commons.example.org/archives/C1/p1", settled=False),
        channel.question(each, 7, "", settled=True),
        lists.one(each, PROFILE),
        channel.exported(text * 40),
    ):
        shows(message)
    opens(lists.one_view(each, PROFILE))
    opens(lists.propose_form(PROFILE, text))


@given(st.lists(COMMUNITY, max_size=10), st.none() | st.integers(1, 999))
def test_any_list_fits_inv6_inv12(found: list[Community], more: int | None) -> None:
    page = Page(tuple(found), more)
    opens(lists.overview_view(page, profile=PROFILE))
    for first in (True, False):
        shows(lists.overview_message(page, profile=PROFILE, first=first))
    own = home.own([Own(each.id, each.name, each.purpose, each.channel) for each in found], more=bool(more))
    assert check_view(blocks.home(own), kind="home") is None


@given(RUN, st.dictionaries(st.integers(1, 70), NAME, max_size=3))
def test_any_plan_and_its_end_fit_inv6_inv12(found: Run, names: dict[int, str]) -> None:
    shows(channel.run(found, names))


@given(COMMUNITY, st.booleans(), st.sampled_from(["done", "refused"]), CODE, PROPOSAL)
def test_any_news_of_a_wish_or_a_proposal_fit_inv6_inv12(
    each: Community, wants_in: bool, state: str, code: str, proposal: Proposal
) -> None:
    shows(lists.wish(MembershipWish(each, "U1", wants_in, state, code)))
    shows(lists.proposal_card(proposal, PROFILE))
    shows(lists.decided(proposal, PROFILE))
    opens(lists.proposed(proposal))


@given(STANDING, st.lists(FOUND, max_size=20), TEXT)
def test_how_it_stands_and_who_may_be_found_fit_inv6_inv12(
    standing: StatusSummary, found: list[PersonProfile], words: str
) -> None:
    shows(lists.status(standing, PROFILE))
    shows(lists.people(found, words, PROFILE))


# -- what must be in them


def one(**more: Any) -> Community:
    values: dict[str, Any] = {
        "id": 7, "name": "housing", "purpose": "A roof.", "topics": (), "lead": "", "lead_name": "",
        "welcome": "", "rhythm": "", "private": False, "state": CommunityState.ACTIVE, "channel": "C1", "trouble": "",
    }  # fmt: skip
    return Community(**{**values, **more})


def run(**more: Any) -> str:
    values = {"id": 1, "kind": "plan", "state": "done", "done": 0, "of": 9, "result": {}, "by_user": "U1"}
    return str(channel.run(Run(**{**values, **more}), {1: "housing"}))


@pytest.mark.parametrize(
    ("result", "kind", "offers"),
    [
        ({"actions": [["create", 1, "housing"]]}, "plan", True),
        ({"actions": [["create", 1, "housing"]], "problems": [["twice", 2, "food"]]}, "plan", True),
        ({"problems": [["twice", 1, "housing"]]}, "plan", False),
        ({}, "plan", False),
        ({"actions": [["create", 1, "x"]], "problems": [["twice", 1, "x"]]}, "apply", False),
    ],
)
def test_only_a_plan_with_something_to_do_offers_to_do_it(
    result: dict[str, Any], kind: str, offers: bool
) -> None:
    state = "done" if kind == "plan" else "refused"
    assert (f"'{channel.APPLY}'" in run(result=result, kind=kind, state=state)) is offers


def test_a_list_of_more_than_is_shown_says_how_many_more() -> None:
    problems = [["twice", 1, f"n{number}"] for number in range(323)]
    assert "3 more" in run(result={"problems": problems})


def test_a_run_says_how_far_it_is() -> None:
    assert "4 of 9" in run(kind="apply", state="running", done=4)


@pytest.mark.parametrize(("mine", "button"), [(True, lists.LEAVE), (False, lists.JOIN)])
def test_a_community_has_the_one_button_that_makes_sense(mine: bool, button: str) -> None:
    shown = str(lists.one(one(mine=mine), PROFILE))
    assert [each for each in (lists.JOIN, lists.LEAVE) if f"'{each}'" in shown] == [button]


@pytest.mark.parametrize("state", ["open", "made", "declined"])
def test_only_an_open_proposal_can_be_decided(state: str) -> None:
    card = lists.proposal_card(
        Proposal("u", "peers", "For peers.", (), False, "U1", "Kim", state, "U2"), PROFILE
    )
    assert (f"'{lists.MAKE}'" in str(card)) is (state == "open")
    assert (f"'{lists.DECLINE}'" in str(card)) is (state == "open")
    assert ("<@U2>" in str(card)) is (state != "open")


@pytest.mark.parametrize("state", list(CommunityState))
def test_administrators_are_thanked_once_it_is_back(state: CommunityState) -> None:
    asked = "Unarchive channel" in str(channel.revive(one(state=state)))
    assert asked is (state is CommunityState.REVIVING)


def test_a_list_too_long_for_a_message_says_where_the_rest_is() -> None:
    assert "export" not in str(channel.exported("x" * 2900 * 4))
    assert "export --format communities" in str(channel.exported("x" * 2900 * 4 + "x"))


def test_every_step_has_words_and_an_unknown_code_is_shown_as_it_is() -> None:
    assert len({step_words(do) for do in (*Do,)}) == len(Do)
    assert step_words("new_step") == "new_step"
    assert "`new_code`" in trouble_words("new_code")
    assert "new_code" in join_refused_words("new_code")
    assert problem_words("new_code", "x") == "new_code"


@pytest.mark.parametrize("screen", ["list", "one", "welcome", "proposal", "home"])
def test_what_people_are_called_and_have_typed_formats_nothing_inv6(screen: str) -> None:
    """Marks that would format stand in plain and rich text only."""
    profile, typed = PROFILE, "*Bo* _x_"
    each = Community(
        1, "peers", typed, (), "U1", typed, "", typed, False, CommunityState.ACTIVE, "C1", "", members=1
    )  # fmt: skip
    shown = {
        "list": lambda: lists.overview_message(Page((each,)), profile=profile),
        "one": lambda: lists.one(each, profile),
        "welcome": lambda: channel.welcome(each, profile),
        "proposal": lambda: lists.proposal_card(
            Proposal("u", "peers", typed, (), True, "U1", typed, "open", ""), profile
        ),
        "home": lambda: blocks.message("x", home.own([Own(1, "peers", typed, "C1")], more=False)),
    }[screen]()
    held = [part["text"] for part in _texts(list(shown.blocks)) if part["type"] == "mrkdwn"]
    assert held
    assert not [text for text in held if typed in text or "_x_" in text]


def _texts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node
        node = list(node.values())
    if isinstance(node, list | tuple):
        for each in node:
            yield from _texts(each)
