"""What Slack says of a person, read with whatever is missing; names of agencies; who may be staff."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from copbot.people import rules
from copbot.people.slack_user import Flags, belongs, from_slack, is_whole
from tests.people.given import HOME, slack_user
from tests.rows import for_each

CLOSED = ("is_deleted", "is_bot", "is_stranger", "is_foreign")


def read(**more: Any) -> Flags:
    found = from_slack(slack_user("U0KIM", "Kim", **more), HOME, "America/Chicago")
    assert found is not None
    return found


def test_a_plain_member_has_no_flag() -> None:
    assert read() == Flags("U0KIM", "Kim", "America/Chicago", HOME)
    assert read().full_member
    assert rules.refused_words(read()) is None


DECISIVE = ("deleted", "is_bot", "is_restricted", "team_id")


@for_each("name", DECISIVE)
@for_each("odd", ["gone", None, "no", 0, [], {}])
def test_somebody_of_whom_too_little_is_said_is_nobody_yet_inv7(name: str, odd: Any) -> None:
    told = slack_user("U0KIM")
    if odd == "gone":
        del told[name]
    else:
        told[name] = odd
    if (name, odd) != ("team_id", "no"):  # the name of another workspace
        assert from_slack(told, HOME) is None
        assert not is_whole(told, HOME)


@for_each("told", [{}, {"id": ""}, {"id": 5}, {"id": "x" * 40}, {"id": "U\x00"}, {"id": None}])
def test_an_object_about_nobody_says_nothing(told: dict[str, Any]) -> None:
    assert from_slack({**slack_user("U0KIM"), **told} if told else {}, HOME) is None


GUEST_GONE = Flags("U0GUS", "Gus", "Europe/Paris", HOME, is_guest=True, is_deleted=True, is_admin=True)


def test_what_is_not_said_of_somebody_known_stays_inv7() -> None:
    assert from_slack({"id": "U0GUS"}, HOME, "UTC", GUEST_GONE) == GUEST_GONE
    back = from_slack({"id": "U0GUS", "deleted": False, "tz": "nowhere"}, HOME, "UTC", GUEST_GONE)
    assert back is not None
    assert (back.is_deleted, back.is_guest, back.name, back.tz) == (False, True, "Gus", "Europe/Paris")


def test_a_stranger_who_became_a_member_is_none_any_more() -> None:
    known = Flags("U0KIM", "Kim", "UTC", "T0OTHER", is_stranger=True, is_foreign=True)
    now = from_slack(slack_user("U0KIM", "Kim"), HOME, "UTC", known)
    assert now is not None
    assert now.full_member


@for_each(
    ("told", "belonging"),
    [
        ({"team_id": HOME}, True),
        ({"team": HOME}, True),
        ({"team_id": "T0OTHER"}, False),
        ({}, None),
        ({"team_id": None}, None),
        ({"team_id": 5}, None),
        ({"team_id": "E0ORG"}, None),
        ({"enterprise_user": {"teams": [HOME, "T0OTHER"]}}, True),
        ({"enterprise_user": {"teams": ["T0OTHER"]}}, False),
        ({"team_id": "T0OTHER", "enterprise_user": {"teams": ["T0OTHER", HOME]}}, True),
        ({"team_id": "E0ORG", "teams": [HOME]}, True),
        ({"team_id": "E0ORG", "teams": ["T0OTHER"]}, False),
        ({"enterprise_user": {"teams": None}}, None),
        ({"enterprise_user": {"teams": []}}, None),
    ],
)
def test_one_reading_says_who_belongs_here(told: dict[str, Any], belonging: bool | None) -> None:
    assert belongs(told, HOME) is belonging
    assert belongs(told, "") is True


@for_each(
    ("told", "flag"),
    [
        ({"deleted": True}, "is_deleted"),
        ({"is_bot": True}, "is_bot"),
        ({"is_workflow_bot": True}, "is_bot"),
        ({"id": "USLACKBOT", "is_bot": False}, "is_bot"),
        ({"is_restricted": True}, "is_guest"),
        ({"is_ultra_restricted": True}, "is_guest"),
        ({"is_stranger": True}, "is_stranger"),
        ({"team_id": "T0OTHER"}, "is_foreign"),
    ],
)
def test_each_mark_keeps_somebody_off_the_staff(told: dict[str, Any], flag: str) -> None:
    flags = read(**told)
    assert getattr(flags, flag)
    assert not flags.full_member
    assert (rules.refused_words(flags) is None) is (flag == "is_guest")  # guests may ask


@for_each("odd", [None, "", 0, "true", "yes", 1, [], {}])
def test_only_a_plain_true_is_a_yes(odd: Any) -> None:
    assert not read(is_admin=odd).is_admin


@for_each(
    ("told", "foreign"),
    [
        ({"team_id": HOME}, False),
        ({"team_id": None, "team": HOME}, False),
        ({"team_id": None, "team": "T0OTHER"}, True),
        ({"team_id": "T0OTHER"}, True),
        ({"team_id": "T0OTHER", "enterprise_user": {"teams": ["T0OTHER", HOME]}}, False),
        ({"team_id": "T0OTHER", "enterprise_user": {"teams": None}}, True),
    ],
)
def test_another_workspace_is_foreign_unless_the_grid_says_both(told: dict[str, Any], foreign: bool) -> None:
    assert read(**told).is_foreign is foreign


def test_nobody_is_foreign_while_the_home_team_is_unknown() -> None:
    found = from_slack(slack_user("U0KIM"), "")
    assert found is not None
    assert not found.is_foreign


@for_each(
    ("profile", "more", "name"),
    [
        ({"display_name": "Kim", "real_name": "Kim Doe"}, {"name": "kdoe"}, "Kim"),
        ({"display_name": "", "real_name": "Kim Doe"}, {"name": "kdoe"}, "Kim Doe"),
        ({"display_name": " \u200b", "real_name": "Kim Doe"}, {"name": "kdoe"}, "Kim Doe"),
        ({}, {"real_name": "Kim Doe", "name": "kdoe"}, "Kim Doe"),
        ({}, {"name": "kdoe"}, "kdoe"),
        (None, {}, "U0KIM"),
        ({"display_name": "Kim\0\nDoe  <!here>"}, {}, "Kim Doe <!here>"),
        ({"display_name": "x" * 500}, {}, "x" * 199 + "…"),
        ({"display_name": 7, "real_name": ["x"]}, {"name": "kdoe"}, "kdoe"),
    ],
)
def test_people_are_called_what_slack_shows(profile: Any, more: dict[str, Any], name: str) -> None:
    found = from_slack({**slack_user("U0KIM"), "profile": profile, **more})
    assert found is not None
    assert found.name == name


@for_each("tz", [None, "", "Mars/Olympus", "../etc/passwd", "\0", "America"])
def test_an_unknown_time_zone_is_the_programmes(tz: Any) -> None:
    assert read(tz=tz).tz == "America/Chicago"


def test_a_known_time_zone_is_kept() -> None:
    assert read(tz="Europe/Paris").tz == "Europe/Paris"


@given(
    st.dictionaries(st.text(max_size=12), st.none() | st.booleans() | st.integers() | st.text(max_size=20))
)
def test_no_user_object_breaks_the_reading(told: dict[str, Any]) -> None:
    from_slack(told, HOME)
    from_slack({**slack_user("U0KIM"), **told}, HOME, "UTC", GUEST_GONE)


@for_each(
    ("flags", "named", "admin"),
    [
        ({"is_admin": True}, (), True),
        ({"is_owner": True}, (), True),
        ({"is_primary_owner": True}, (), True),
        ({}, (), False),
        ({"is_admin": True}, ("U0SAM",), False),
        ({}, ("U0KIM",), True),
        ({"deleted": True}, ("U0KIM",), False),
        ({"is_admin": True, "deleted": True}, (), False),
        ({"is_restricted": True}, ("U0KIM",), False),
    ],
)
def test_administrators_are_the_named_else_the_workspaces(
    flags: dict[str, Any], named: tuple[str, ...], admin: bool
) -> None:
    assert rules.is_admin(read(**flags), named) is admin


@for_each(
    ("one", "other"),
    [
        ("Dane Drop-in", "  dane   DROP in "),
        ("Café Santé", "cafe sante"),
        ("St. Mary's", "St Marys"),
        ("Health & Hope", "health and hope"),
        ("ﬁrst", "first"),
        ("Straße", "STRASSE"),
    ],
)
def test_two_spellings_of_one_agency_have_one_key(one: str, other: str) -> None:
    assert rules.agency_key(one) == rules.agency_key(other)


@for_each("name", ["", " ", "!!!", "🙂", "\u200b\u3000", "---", "_"])
def test_an_agency_needs_letters_or_digits(name: str) -> None:
    assert rules.agency_trouble(name) == "Please type your agency's name, with letters or digits."


@for_each("name", ["A", "211", "مركز", "健康", "x" * 120])
def test_any_name_with_letters_is_taken(name: str) -> None:
    assert rules.agency_trouble(name) is None


@for_each("name", ["x" * 121, "🙂a" * 50, "\ufdfa" * 110])
def test_a_name_that_does_not_fit_is_sent_back(name: str) -> None:
    assert "shorten" in str(rules.agency_trouble(name))


@given(st.text(max_size=150))
def test_a_name_that_is_taken_fits_its_columns(name: str) -> None:
    if rules.agency_trouble(name) is None:
        shown = rules.agency_name(name)
        assert 0 < len(shown) <= 120
        assert 0 < len(rules.agency_key(name)) <= 255
        assert rules.agency_key(shown) == rules.agency_key(name)


def test_names_that_begin_with_the_words_come_first_then_those_that_hold_them_then_near_spellings() -> None:
    names = [
        (1, "new hope clinic"),
        (2, "hope house"),
        (3, "house of hope"),
        (4, "hop house"),
        (5, "library"),
    ]
    assert rules.closest("hope house", names, 25) == [2, 3, 4, 1]


def test_a_limit_keeps_the_best() -> None:
    names = [(number, f"hope {number:02d}") for number in range(40)]
    assert rules.closest("hope", names, 25) == list(range(25))


def members(*people: Flags) -> dict[int, Flags]:
    return dict(enumerate(people, start=1))


FULL = Flags("U1", "One", "UTC")
GUEST = Flags("U2", "Two", "UTC", is_guest=True)
BOT = Flags("U3", "Three", "UTC", is_bot=True)


def test_staff_are_the_full_members_of_the_channel_inv7() -> None:
    plan = rules.plan_staff([], members(FULL, GUEST, BOT), [])
    assert (plan.joining, plan.leaving, plan.refused) == ((1,), (), "")


def test_who_left_the_channel_leaves_the_staff() -> None:
    plan = rules.plan_staff([1, 7], members(FULL), [])
    assert (plan.joining, plan.leaving) == ((), (7,))


def test_somebody_excluded_stays_off_and_goes_if_on() -> None:
    other = Flags("U9", "Nine", "UTC")
    assert rules.plan_staff([], members(FULL, other), ["U9"]).joining == (1,)
    assert rules.plan_staff([1, 2], members(FULL, other), ["U9"]).leaving == (2,)


@for_each("people", [(), (GUEST,), (BOT, GUEST)])
def test_a_channel_without_a_full_member_changes_nothing_inv7(people: tuple[Flags, ...]) -> None:
    plan = rules.plan_staff([1, 7], members(*people), [])
    assert (plan.joining, plan.leaving, plan.refused) == ((), (), "empty")


def test_while_others_can_read_the_channel_people_leave_but_none_join() -> None:
    plan = rules.plan_staff([7], members(FULL), [], admit=False)
    assert (plan.joining, plan.leaving) == ((), (7,))


PRIVATE = {"is_private": True, "is_ext_shared": False}


@for_each(
    ("info", "trouble"),
    [
        (PRIVATE, ""),
        ({"is_group": True, "is_private": True, "is_ext_shared": False}, ""),
        ({"is_private": False}, "public"),
        ({"is_private": False, "is_group": True, "is_ext_shared": False}, "public"),
        ({**PRIVATE, "is_ext_shared": True}, "shared"),
        ({**PRIVATE, "is_pending_ext_shared": True}, "shared"),
        ({**PRIVATE, "is_archived": True}, "archived"),
        ({"is_archived": True}, "archived"),
    ],
)
def test_only_a_private_channel_of_this_workspace_is_fit(info: dict[str, Any], trouble: str) -> None:
    assert rules.channel_is_told(info)
    assert rules.channel_trouble(info) == trouble


@for_each(
    "info",
    [None, [], "x", {}, {"id": "C0"}, {"is_private": True}, {"is_group": False, "is_ext_shared": False},
     {"is_private": "true", "is_ext_shared": False}, {"is_private": True, "is_ext_shared": None}],
)  # fmt: skip
def test_a_channel_of_which_too_little_is_said_is_neither_fit_nor_public(info: Any) -> None:
    assert not rules.channel_is_told(info)
