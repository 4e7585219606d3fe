"""The plan as a property: from any list and any workspace, carrying it out leaves nothing to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.communities import rules
from copbot.communities.rules import (
    Actual,
    Bookmark,
    BookmarkLink,
    ChannelPlan,
    CommunityState,
    Do,
    Known,
    Post,
    Wanted,
    WantedChannel,
    by_week,
)

NAMES = ("a", "b", "c", "d", "general")
IDS = ("C1", "C2", "C3", "C4", "C5")
PEOPLE = ("U1", "U2", "U3")
SELDOM = st.sampled_from((False,) * 15 + (True,))
"""Most lists fit their workspace, so that there is something to carry out."""
LINKS = (BookmarkLink("Library", "https://x/1"), BookmarkLink("Help", "https://x/2"))
OLD = Bookmark("B3", "Old", "https://x/3")


@st.composite
def workspaces(draw: st.DrawFn) -> Actual:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=5))
    channels = [
        WantedChannel(
            id=ident,
            name=name,
            topic=draw(st.sampled_from(("", "old", "new"))),
            purpose=draw(st.sampled_from(("", "old", "new"))),
            private=draw(SELDOM),
            archived=draw(SELDOM),
            general=name == "general",
            ours=draw(st.booleans()),
            inside=draw(st.booleans()),
            bookmarks=draw(
                st.sampled_from(
                    ((), (Bookmark("B1", "Old", LINKS[0].url),), (Bookmark("B2", "Help", LINKS[1].url), OLD))
                )
            ),
            pins=draw(st.frozensets(st.sampled_from(("1.1", "2.2")))),
            members=draw(st.frozensets(st.sampled_from(PEOPLE))),
        )
        for ident, name in zip(IDS, names, strict=False)
    ]
    fit = PEOPLE if not draw(SELDOM) else PEOPLE[:1]
    return Actual(tuple(channels), frozenset(fit))


@st.composite
def lists(draw: st.DrawFn) -> list[Wanted]:
    bound = draw(st.permutations(["", "", "", *IDS]))
    names = draw(st.permutations(["a", "b", "c", "d", "e", "f"]))
    odd = draw(st.sampled_from(("general", "Not a name", "a", "b")))
    return [
        Wanted(
            id=number,
            name=names[number] if not draw(SELDOM) else odd,
            topic=draw(st.sampled_from(("", "new"))),
            purpose=draw(st.sampled_from(("", "new"))),
            private=draw(SELDOM),
            channel=bound[number],
            lead=draw(st.sampled_from(("", *PEOPLE))) if not draw(SELDOM) else "U9",
            links=LINKS,
            app_links="https://x/",
            welcome=draw(st.sampled_from(("", "1.1", "2.2"))),
        )
        for number in range(draw(st.integers(0, 5)))
    ]


class Model:
    """A workspace on which a plan is carried out, as strict about names as Slack is."""

    def __init__(self, wanted: list[Wanted], actual: Actual) -> None:
        self.wanted = {each.id: each for each in wanted}
        self.channels = {each.id: each for each in actual.channels}
        self.fit = actual.fit

    def does(self, plan: ChannelPlan) -> None:
        for action in plan.actions:
            self._do(action.do, action.community, action.channel, action.detail)

    def _do(self, do: Do, community: int, named: str, detail: str) -> None:
        want = self.wanted[community]
        if do is Do.CREATE:
            self._free(detail)
            made = WantedChannel(f"N{community}", detail, private=want.private, ours=True, inside=True)
            self.channels[made.id] = made
            self.wanted[community] = replace(want, channel=made.id, welcome="")
            return
        if do is Do.ADOPT:
            self.wanted[community] = replace(want, channel=named, welcome="")
            return
        has = self.channels[want.channel]
        assert not has.archived
        assert named in ("", has.id)
        assert has.inside or do is Do.JOIN
        if do is Do.RENAME:
            self._free(detail)
        self.channels[has.id] = self._changed(has, want, do, detail)
        if do is Do.WELCOME:
            self.wanted[community] = replace(want, welcome="9.9")

    def _changed(self, has: WantedChannel, want: Wanted, do: Do, detail: str) -> WantedChannel:
        marks = tuple(each for each in has.bookmarks if each.url != detail)
        title = next((link.title for link in want.links if link.url == detail), "")
        match do:
            case Do.JOIN:
                assert not has.private
                return replace(has, inside=True)
            case Do.RENAME:
                return replace(has, name=detail)
            case Do.TOPIC:
                return replace(has, topic=detail)
            case Do.PURPOSE:
                return replace(has, purpose=detail)
            case Do.BOOKMARK | Do.RETITLE:
                assert (len(marks) == len(has.bookmarks)) == (do is Do.BOOKMARK)
                return replace(has, bookmarks=(*marks, Bookmark("B9", title, detail)))
            case Do.UNBOOKMARK:
                return replace(has, bookmarks=marks)
            case Do.INVITE_LEAD:
                assert detail in self.fit
                return replace(has, members=has.members | {detail})
            case Do.PIN:
                return replace(has, pins=has.pins | {want.welcome})
        return has

    def _free(self, name: str) -> None:
        assert name not in {each.name for each in self.channels.values()}

    def plan(self) -> ChannelPlan:
        return rules.plan_channels(
            list(self.wanted.values()), Actual(tuple(self.channels.values()), self.fit)
        )


def nothing_to_do(plan: ChannelPlan) -> bool:
    return not plan.actions and not plan.problems


def seen(actual: Actual) -> Actual:
    """The app sees a private channel only from within, unless it was archived."""
    kept = tuple(each for each in actual.channels if each.inside or not each.private)
    return replace(actual, channels=kept)


@given(lists(), workspaces().map(seen))
def test_carried_out_the_plan_is_empty_and_unknown_channels_are_as_they_were(
    wanted: list[Wanted], actual: Actual
) -> None:
    model = Model(wanted, actual)
    plan = model.plan()
    if plan.problems:
        return  # apply refuses: nothing is changed
    model.does(plan)
    assert nothing_to_do(model.plan())
    before = {each.name: each for each in actual.channels if each.name in plan.unknown}
    assert {name: each for name, each in before.items() if model.channels[each.id] != each} == {}


@given(lists(), workspaces().map(seen), st.integers(0, 40))
def test_cut_off_after_any_step_the_rest_is_planned_and_ends_the_same(
    wanted: list[Wanted], actual: Actual, steps: int
) -> None:
    whole, cut = Model(wanted, actual), Model(wanted, actual)
    plan = whole.plan()
    if plan.problems:
        return
    whole.does(plan)
    cut.does(replace(plan, actions=plan.actions[:steps]))
    rest = cut.plan()
    assert rest.problems == ()
    cut.does(rest)
    assert nothing_to_do(cut.plan())
    assert sorted(each.name for each in cut.channels.values()) == sorted(
        each.name for each in whole.channels.values()
    )


@given(st.text(max_size=120))
def test_any_words_become_a_name_slack_takes_or_none(words: str) -> None:
    name = rules.channel_name(words)
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-")
    assert len(name) <= 80
    assert rules.channel_name(name) == name


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("#Wound Care", "wound-care"),
        ("  Réduction — des risques! ", "reduction-des-risques"),
        ("peer_support", "peer_support"),
        ("???", ""),
        ("x" * 90, "x" * 80),
    ],
)
def test_names_are_made_of_words(words: str, name: str) -> None:
    assert rules.channel_name(words) == name


def test_a_chain_of_renames_is_put_in_an_order_that_works() -> None:
    wanted = [Wanted(1, "b", channel="C1"), Wanted(2, "c", channel="C2")]
    model = Model(
        wanted, Actual((WantedChannel("C1", "a", inside=True), WantedChannel("C2", "b", inside=True)))
    )
    plan = model.plan()
    assert [action.community for action in plan.actions if action.do is Do.RENAME] == [2, 1]
    model.does(plan)
    assert nothing_to_do(model.plan())


def test_two_that_want_each_others_names_are_a_problem() -> None:
    wanted = [Wanted(1, "b", channel="C1"), Wanted(2, "a", channel="C2")]
    plan = rules.plan_channels(wanted, Actual((WantedChannel("C1", "a"), WantedChannel("C2", "b"))))
    assert {problem.code for problem in plan.problems} == {"in_use"}


KNOWN = Known(1, "C1", "a", "a", private=False, seen_private=False, state=CommunityState.ACTIVE)


@pytest.mark.parametrize(
    ("channels", "what"),
    [
        ((WantedChannel("C1", "a"),), []),
        ((WantedChannel("C1", "z"),), ["renamed"]),
        ((WantedChannel("C1", "a", private=True),), ["private"]),
        ((WantedChannel("C1", "a", archived=True),), ["archived"]),
        ((WantedChannel("C2", "a"),), ["gone"]),
        ((WantedChannel("C1", "z", private=True, archived=True),), ["archived", "renamed", "private"]),
    ],
)
def test_what_was_done_in_slack_is_noticed(channels: tuple[WantedChannel, ...], what: list[str]) -> None:
    assert [change.what for change in rules.changes([KNOWN], channels)] == what


def test_a_wish_for_another_name_is_no_change_in_slack() -> None:
    assert rules.changes([replace(KNOWN, name="b")], [WantedChannel("C1", "a")]) == ()


NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_counts_are_by_week_and_hold_nobody() -> None:
    posts = [Post("1", NOON, reactions=2, answers=1), Post("2", NOON - timedelta(days=7)), Post("3", NOON)]
    weeks = by_week(posts)
    assert {str(week): vars(found) for week, found in weeks.items()} == {
        "2026-11-23": {"posts": 2, "reactions": 2, "answers": 1},
        "2026-11-16": {"posts": 1, "reactions": 0, "answers": 0},
    }


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("wound care", (1,)),
        ("#wound-care", (1,)),
        ("care", (1, 2)),
        ("", ()),
        ("zebra", ()),
        ("child care", (2,)),
    ],
)
def test_words_find_the_community_they_mean(words: str, found: tuple[int, ...]) -> None:
    listed = {1: ("wound-care",), 2: ("child-care",)}
    assert rules.best_match(words, listed) == found
