"""Several rooms hear one event, each in a transaction of its own; and what people write is screened in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from copbot.clock import FixedClock
from copbot.errors import Busy
from copbot.people import service as people
from copbot.program.settings.service import choice, choose
from copbot.sandbox.people import TEAM
from copbot.slack.answers import Answer, Done, Nothing, Wrong
from copbot.slack.entrances import Call, Entrance, Entrances, Form, Wiring
from copbot.slack.frame import Frame, Parts
from copbot.slack.incoming import Incoming
from copbot.slack.tables import Claim
from copbot.store import Store
from tests.slack.framed import NOON, PROFILE, House

TOLD = Incoming(kind="event", id="team_join", claim=("event", "Ev1"), event={"type": "team_join"})


@pytest.fixture
def house(store: Store) -> House:
    return House(store)


def hearing(house: House, *runs: Callable[[Call], Answer]) -> Frame:
    rows = [Entrance(kind="event", id="team_join", run=run, who="slack", effect="write") for run in runs]
    identify = partial(people.identify, home_team=TEAM["id"], now=NOON)
    table, clock = Entrances(rows), FixedClock(NOON)
    parts = Parts(house.store, house.slack, clock, PROFILE, table, identify, house.kept, b"secret", Wiring())  # type: ignore[arg-type]
    return Frame(parts)


def counted(call: Call, name: str) -> Answer:
    made = int(choice(call.session, name, 0)) + 1
    choose(call.session, name, made, by="U1", now=NOON)
    return Done()


def first(call: Call) -> Answer:
    return counted(call, "first")


def second(call: Call) -> Answer:
    return counted(call, "second")


def looks(_call: Call) -> Answer:
    return Nothing("nothing to do")


def effects(house: House) -> dict[str, int]:
    with house.store.reading() as session:
        return {name: int(choice(session, name, 0)) for name in ("first", "second")}


def test_each_hears_it_once_however_often_it_comes_inv3(house: House) -> None:
    frame = hearing(house, first, looks, second)
    assert [frame.take(TOLD), frame.take(TOLD)] == [{}, {}]
    assert effects(house) == {"first": 1, "second": 1}
    assert len(house.rows(Claim)) == 2


def test_one_that_fails_keeps_the_others_from_nothing_and_slack_delivers_again_inv3(house: House) -> None:
    broken = [True]

    def breaks(call: Call) -> Answer:
        counted(call, "first")
        if broken.pop() if broken else False:
            raise RuntimeError("once")
        return Done()

    frame = hearing(house, breaks, second)
    with pytest.raises(RuntimeError):
        frame.take(TOLD)
    assert effects(house) == {"first": 0, "second": 1}
    assert frame.take(TOLD) == {}
    assert effects(house) == {"first": 1, "second": 1}


@pytest.mark.both_databases
def test_a_busy_database_is_not_waited_for_twice(house: House) -> None:
    def busy(_call: Call) -> Answer:
        raise Busy("Later.")

    frame = hearing(house, busy, second)
    with pytest.raises(Busy):
        frame.take(TOLD)
    assert effects(house)["second"] == 0


def test_a_listener_hears_an_event_once_and_a_press_has_one_listener() -> None:
    row = Entrance(kind="event", id="team_join", run=first)
    with pytest.raises(ValueError, match="two entrances"):
        Entrances([row, row])
    press = Entrance(kind="action", id="press", run=first)
    with pytest.raises(ValueError, match="two entrances"):
        Entrances([press, replace(press, run=second)])
    assert Entrances([row, replace(row, run=second)]).hearing("event", "team_join") == (
        row, replace(row, run=second),
    )  # fmt: skip


# -- the screen

FORM = Form({"need": "Call Pat at 608-555-0142", "topic": "naloxone", "more": ""})


class Screens:
    """Answers as told before the listener, and remembers what it was shown."""

    def __init__(self, answer: Answer | None) -> None:
        self.answer = answer
        self.forms: list[Form] = []

    def before(self, _entrance: Entrance, call: Call, _view: object) -> Call | Answer:
        self.forms.append(call.form)
        return self.answer or replace(call, form=Form({"need": "screened"}))

    def after(self, _call: Call, answer: Answer) -> Answer:
        return replace(answer, everything=True) if isinstance(answer, Done) else answer


def screened(house: House, answer: Answer | None) -> Screens:
    screen = Screens(answer)
    house.frame._parts = replace(house.frame._parts, screen=screen)
    return screen


@pytest.mark.parametrize("effect", ["read", "write"])
def test_what_people_write_is_screened_before_the_listener_sees_it(house: House, effect: str) -> None:
    returned = Wrong({"need": "This looks like a phone number."})
    screen = screened(house, returned)
    assert house.takes("view", f"{effect}.anyone", form=FORM) == returned
    assert (house.calls, house.made, house.rows(Claim)) == ([], 0, [])
    assert screen.forms == [FORM]


def test_what_the_screen_lets_pass_is_saved_as_the_screen_gives_it(house: House) -> None:
    screened(house, None)
    assert house.takes("view", form=FORM) == Done(everything=True)
    assert house.made == 1
    assert house.calls[0].form == Form({"need": "screened"})
