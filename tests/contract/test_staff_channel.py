"""No fit staff channel: requests are kept, administrators are told once and in words, and then the notices go out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from copbot.people.words import PROBLEMS
from tests.faults.kit import House, house
from tests.waiting import eventually

ADMINISTRATORS = ("lou", "ines")
SCHEDULE = timedelta(minutes=11)
"""The staff channel is read again at least that often."""
LOOKS = 0.2
"""Seconds until the bot sees that the clock has moved on."""
LOOKING = ("conversations.info", "conversations.members")
"""How the bot learns that it is not in there."""


@contextmanager
def opened(url: str, folder: Path, channel: str | None = None) -> Iterator[House]:
    """A workspace whose bot is told this staff channel; None: the right one."""
    with house(url, folder) as home:
        if channel is not None:
            home.environment["COPBOT_STAFF_CHANNEL"] = channel
            home.environment = {name: value for name, value in home.environment.items() if value}
        yield home


def told(home: House, handle: str, words: str) -> int:
    return sum(words in message.text() for message in home.person(handle).dm())


def holds_and_tells_once(home: House, problem: str, readings: int = 1) -> int:
    """The request that was kept. Administrators were told before the channel is read again so often."""
    for handle in ADMINISTRATORS:
        home.person(handle).sees(PROBLEMS[problem], in_="dm")
    before = len(home.rows("request.notice"))
    ident = home.asks("kim")
    assert "Your request is safe" in home.person("kim").modal().text()
    for _ in range(readings):
        home.ws.clock.advance(SCHEDULE)
        home.read_again()
    for handle in ADMINISTRATORS:
        assert told(home, handle, PROBLEMS[problem]) == 1
    assert len(home.rows("request.notice")) == before
    assert told(home, "kim", f"TA-{1000 + ident}") == 1
    return ident


def goes_out(home: House, ident: int, where: str = "ta-staff", *, again: int = 1) -> None:
    """What was kept stands in the channel; administrators hear that it works, for the n-th time."""
    home.ws.channel(where).shows(f"TA-{1000 + ident}")
    for handle in ADMINISTRATORS:
        eventually(lambda who=handle: told(home, who, "The staff channel works again") == again)  # type: ignore[misc]
    home.checked(refused=LOOKING)
    assert len([row for row in home.rows("request.notice") if row.subject == f"request:{ident}"]) == 1
    home.asks("juno")
    assert "Your request is safe" not in home.person("juno").modal().text()
    home.checked(refused=LOOKING)


def test_at_a_first_start_the_first_request_is_not_held(sqlite_url: str, tmp_path: Path) -> None:
    with opened(sqlite_url, tmp_path) as home:
        home.bot(looks=LOOKS)
        home.asks("kim")
        assert "Your request is safe" not in home.person("kim").modal().text()
        home.checked()


@pytest.mark.parametrize("name", ["ta-staff", "#ta-staff"])
def test_the_channel_may_be_named(sqlite_url: str, tmp_path: Path, name: str) -> None:
    with opened(sqlite_url, tmp_path, name) as home:
        home.bot(looks=LOOKS)
        home.asks("kim")
        home.checked()
        assert len(home.staff.messages()) == 1


def test_none_is_set_and_then_one_is_chosen_in_home(sqlite_url: str, tmp_path: Path) -> None:
    with opened(sqlite_url, tmp_path, "") as home:
        home.bot(looks=LOOKS)
        ident = holds_and_tells_once(home, "missing", readings=3)
        lou = home.person("lou")
        assert PROBLEMS["missing"] in lou.opens_home().text()
        lou.chooses("Choose a private channel", "ta-staff", in_="home")
        goes_out(home, ident)
        assert "4 people are staff" in lou.opens_home(again=True).text()


def test_a_name_nobody_knows(sqlite_url: str, tmp_path: Path) -> None:
    with opened(sqlite_url, tmp_path, "ta-people") as home:
        home.bot(looks=LOOKS)
        ident = holds_and_tells_once(home, "not_found")
        home.ws.admin.add_channel("ta-people", private=True, members=("ravi", "bot"))
        home.ws.clock.advance(SCHEDULE)
        goes_out(home, ident, "ta-people")


@pytest.mark.parametrize("how", ["invited", "renamed"])
def test_a_named_channel_that_the_app_is_let_into_is_taken_at_once(
    sqlite_url: str, tmp_path: Path, how: str
) -> None:
    """Administrators are told to invite the app: when they have, nobody waits for the next re-read."""
    with opened(sqlite_url, tmp_path, "ta-staff" if how == "invited" else "ta-team") as home:
        if how == "invited":
            home.ws.admin.remove("bot", "ta-staff")
        home.bot(looks=LOOKS)
        ident = holds_and_tells_once(home, "not_found")
        if how == "invited":
            home.ws.admin.invite_bot("ta-staff")
        else:
            home.ws.admin.rename("ta-staff", "ta-team")
        goes_out(home, ident, "ta-staff" if how == "invited" else "ta-team")


def test_a_public_channel(sqlite_url: str, tmp_path: Path) -> None:
    with opened(sqlite_url, tmp_path, "ssp-operations") as home:
        home.ws.admin.invite_bot("ssp-operations")
        for guest in ("sol", "zed"):
            home.ws.admin.remove(guest, "ssp-operations")
        home.bot(looks=LOOKS)
        ident = holds_and_tells_once(home, "public")
        home.ws.admin.make_public("ssp-operations", public=False)
        home.ws.clock.advance(SCHEDULE)
        goes_out(home, ident, "ssp-operations")


def breaks(what: str) -> Callable[[House], None]:
    return {
        "guests": lambda home: home.ws.admin.invite("gus", "ta-staff"),
        "archived": lambda home: home.ws.admin.archive("ta-staff"),
        "not_found": lambda home: home.ws.admin.remove("bot", "ta-staff"),
        "shared": lambda home: home.ws.admin.invite("zed", "ta-staff"),
    }[what]


def mends(what: str) -> Callable[[House], None]:
    def unarchive(home: House) -> None:
        home.ws.admin.unarchive("ta-staff")
        home.ws.admin.invite_bot("ta-staff")

    return {
        "guests": lambda home: home.ws.admin.remove("gus", "ta-staff"),
        "archived": unarchive,
        "not_found": lambda home: home.ws.admin.invite_bot("ta-staff"),
        "shared": lambda home: home.ws.admin.remove("zed", "ta-staff"),
    }[what]


UNFIT = ("guests", "archived", "not_found", "shared")


def test_it_becomes_unfit_while_the_bot_runs_and_is_mended_whatever_it_was(
    sqlite_url: str, tmp_path: Path
) -> None:
    with opened(sqlite_url, tmp_path) as home:
        home.bot(looks=LOOKS)
        home.quiet()
        for number, what in enumerate(UNFIT, 1):
            breaks(what)(home)
            ident = holds_and_tells_once(home, what)
            mends(what)(home)
            goes_out(home, ident, again=number)


SELDOM = [pytest.param(what, marks=pytest.mark.prove) for what in ("archived", "shared")]


@pytest.mark.parametrize("what", ["guests", "not_found", *SELDOM])
def test_it_is_unfit_at_the_start_and_is_mended(sqlite_url: str, tmp_path: Path, what: str) -> None:
    """Found at the start or later, a problem is the same to the bot: in `make test` one it reads, one it cannot."""
    with opened(sqlite_url, tmp_path) as home:
        breaks(what)(home)
        home.bot(looks=LOOKS)
        ident = holds_and_tells_once(home, what)
        mends(what)(home)
        goes_out(home, ident)


def test_a_notice_refused_by_a_channel_the_app_has_just_lost_goes_out_when_it_is_back(
    sqlite_url: str, tmp_path: Path
) -> None:
    with opened(sqlite_url, tmp_path) as home:
        home.bot(looks=LOOKS)
        home.quiet()
        home.ws.faults.add("conversations.info", "hang", seconds=1.0, times=2)
        home.ws.admin.remove("bot", "ta-staff")
        ident = home.asks("kim")
        home.quiet()
        home.ws.admin.invite_bot("ta-staff")
        home.staff.shows(f"TA-{1000 + ident}")
        home.quiet()
        assert len(home.staff.messages()) == 1


def test_a_restart_with_a_problem_standing_says_nothing_twice(sqlite_url: str, tmp_path: Path) -> None:
    with opened(sqlite_url, tmp_path, "") as home:
        home.bot(looks=LOOKS)
        ident = holds_and_tells_once(home, "missing")
        home.bots[-1].kill()
        home.environment["COPBOT_STAFF_CHANNEL"] = "ta-staff"
        home.bot(looks=LOOKS)
        goes_out(home, ident)
