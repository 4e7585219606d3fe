"""The table of entrances: which row a command means, and who may use it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from copbot.errors import NotAllowed, NotFound
from copbot.slack.answers import Answer, Nothing
from copbot.slack.entrances import Call, Entrance, Entrances, Who, check, number
from copbot.slack.person import Person


def nothing(_call: Call) -> Answer:
    return Nothing()


def row(kind: str, ident: str, **more: object) -> Entrance:
    return Entrance(kind=kind, id=ident, run=nothing, **more)  # type: ignore[arg-type]


TABLE = Entrances(
    [
        row("command", "ta"),
        row("command", "ta list"),
        row("command", "ta status", takes=lambda rest: not rest or rest.startswith("TA-")),
        row("action", "press"),
    ]
)


@pytest.mark.parametrize(
    ("typed", "found", "rest"),
    [
        ("", "ta", ""),
        ("list", "ta list", ""),
        ("  LIST  ", "ta list", ""),
        ("list of suppliers please", "ta", "list of suppliers please"),
        ("status", "ta status", ""),
        ("status TA-1001", "ta status", "TA-1001"),
        ("status quo in our county", "ta", "status quo in our county"),
        ("we need help", "ta", "we need help"),
    ],
)
def test_words_that_do_not_fit_a_verb_are_words_for_the_form(typed: str, found: str, rest: str) -> None:
    entrance, words = TABLE.command("ta", typed)
    assert (entrance.id if entrance else None, words) == (found, rest)


def test_a_command_that_is_not_ours_has_no_row() -> None:
    assert TABLE.command("other", "list") == (None, "list")


def test_a_detail_after_a_colon_is_not_part_of_the_id() -> None:
    assert TABLE.find("action", "press:3") is TABLE.find("action", "press")
    assert TABLE.find("view", "press") is None


def test_two_rows_for_one_way_in_are_refused() -> None:
    with pytest.raises(ValueError, match="two entrances"):
        Entrances([row("action", "a"), row("action", "a")])


MEMBER = Person(1, "U1", "Kim", "UTC")
PEOPLE = {
    "member": MEMBER,
    "guest": replace(MEMBER, is_guest=True),
    "staff": replace(MEMBER, is_staff=True),
    "lead": replace(MEMBER, is_staff=True, is_lead=True),
    "admin": replace(MEMBER, is_admin=True),
    "stranger": replace(MEMBER, refused="Not here.", is_staff=True, is_admin=True, is_lead=True),
}
ALLOWED: dict[Who, set[str]] = {
    "anyone": {"member", "guest", "staff", "lead", "admin"},
    "member": {"member", "staff", "lead", "admin"},
    "staff": {"staff", "lead"},
    "lead": {"lead"},
    "admin": {"admin"},
    "lead_or_admin": {"lead", "admin"},
}


@pytest.mark.parametrize("who", list(ALLOWED))
@pytest.mark.parametrize("person", list(PEOPLE))
def test_only_those_an_entrance_is_for_get_in_inv7(who: Who, person: str) -> None:
    if person in ALLOWED[who]:
        check(PEOPLE[person], who)
        return
    with pytest.raises(NotAllowed) as refusal:
        check(PEOPLE[person], who)
    assert refusal.value.words


@pytest.mark.parametrize(
    ("told", "read"),
    [("0", 0), ("7", 7), (7, 7), (str(2**31 - 1), 2**31 - 1)],
)
def test_a_number_of_ours_is_read(told: object, read: int) -> None:
    assert number(told) == read


@pytest.mark.parametrize(
    "told", ["", "-1", "+1", "1.0", "x", " 1", "٣", "²", "1" * 11, str(2**31), None, True, ["1"]]
)
def test_what_no_screen_of_ours_can_hold_is_not_there(told: object) -> None:
    with pytest.raises(NotFound):
        number(told)


@pytest.mark.parametrize("value", ["", "x", "-1", "1.0", "1" * 16, "7:2"])
def test_a_button_that_names_no_row_is_not_there_any_more(value: str) -> None:
    call = Call(session=None, person=MEMBER, now=None, profile=None, value=value)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        assert call.number
