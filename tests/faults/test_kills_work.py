"""`kill -9` while staff log their work, while a request is routed, and while a file is sent (inv 2, 3 and 5)."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from copbot.contacts.tables import ContactRow
from copbot.delivery.tables import MessageRow
from copbot.imports.exports.service import FILE
from copbot.people import service as people
from copbot.routing import service as routing
from copbot.routing.screens import FIELDS
from tests.faults.bot import BotProcess
from tests.faults.kills import BOTH, SAVE, Arm, Points, Step, When, at_call, at_commits, killed_while
from tests.faults.kit import CANARY, House
from tests.people.given import NOW
from tests.waiting import PATIENCE, eventually

pytestmark = pytest.mark.rounds

TAP: list[Step] = [*SAVE, *at_commits("sender", [1, 2]), *at_call("chat.update", "ta-staff")]
ROUTED: list[Step] = [
    *SAVE,
    *at_commits("sender", [1, 2, 3, 4, 5, 6]),
    *at_call("chat.postMessage", "ta-staff"),
    *at_call("chat.postMessage", "kim"),
    *at_call("chat.postMessage", "ravi"),
]


def at_file_call(method: str) -> list[Step]:
    def arm(when: When) -> Arm:
        return lambda home, _bot: home.ws.faults.add(method, f"kill_{when}")

    return [(f"{when} {method}", arm(when)) for when in BOTH]


SENT: list[Step] = [
    *SAVE,
    *at_commits("sender", [1, 2, 3, 4]),
    *at_file_call("files.getUploadURLExternal"),
    *at_file_call("files.completeUploadExternal"),
    *at_file_call("files.info"),
]


def contacts(home: House, ident: int | None = None) -> int:
    found = select(func.count()).select_from(ContactRow)
    with home.store.reading() as session:
        here = found if ident is None else found.where(ContactRow.request_id == ident)
        return session.execute(here).scalar_one()


def tapping(home: House, bot: BotProcess, arm: Arm, *, late: bool) -> BotProcess:
    ident = home.asks("kim")
    home.takes("ravi", ident)
    home.quiet()
    ravi, label = home.person("ravi"), f"TA-{1000 + ident}"
    home.opens(ravi, lambda: ravi.clicks("Log", in_="ta-staff", text=label), "How long today?")

    def taps() -> None:
        home.persists(
            lambda: ravi.clicks("30 min", text="How long today?", timeout=1.0),
            lambda: contacts(home, ident) > 0,
        )

    arm(home, bot)
    bot = killed_while(home, bot, taps, late=late)
    home.checked()
    assert contacts(home, ident) == 1
    return bot


def logging(home: House, bot: BotProcess, arm: Arm, *, late: bool) -> BotProcess:
    ravi, before, counted = home.person("ravi"), home.requests(), contacts(home)
    home.opens(ravi, lambda: ravi.types("/ta log"), "What was it about?")
    ravi.fills(category="Phone call", topics=["naloxone"], areas=["wi-dane"], minutes="20", note=CANARY)
    arm(home, bot)
    bot = killed_while(home, bot, lambda: home.sends(ravi), late=late)
    home.checked()
    ident = home.new_request(before)
    assert (contacts(home, ident), contacts(home)) == (1, counted + 1)
    assert [row.kind for row in home.rows() if row.subject == f"request:{ident}"] == []
    return bot


def routes(home: House) -> None:
    """An administrator has switched it on: whatever is about naloxone is Ravi's."""

    def is_known() -> bool:
        with home.store.reading() as session:
            ravi, lou = (people.identify(session, home.person(each).id) for each in ("ravi", "lou"))
        return bool(ravi and ravi.is_staff and lou and lou.is_admin)

    home.bot()
    eventually(is_known, "the staff to be read")
    with home.store.writing(budget=PATIENCE) as session:
        boss = people.identify(session, home.person("lou").id)
        assert boss is not None
        texts = {FIELDS[0]: "topic naloxone -> Ravi"}
        seen = routing.settings(session, home.profile).version
        routing.save(session, texts, on=True, seen=seen, by=boss, profile=home.profile, now=NOW)
    home.bots[-1].stop()


def submitted(home: House, bot: BotProcess, arm: Arm, *, late: bool) -> BotProcess:
    person, before = home.fills("kim"), home.requests()
    arm(home, bot)
    bot = killed_while(home, bot, lambda: home.sends(person), late=late)
    home.checked()
    assert home.events(home.new_request(before)) == ["received", "route"]
    told = [row for row in home.rows("request.yours") if row.ts is not None]
    assert len({row.subject for row in told}) == len(told) == len(home.requests())
    return bot


def files_of(home: House, handle: str) -> list[str]:
    """Where files of the app's stand in the person's messages."""
    return [each.ts for each in home.person(handle).dm() if each.raw.get("files")]


def sending(home: House, bot: BotProcess, arm: Arm, *, late: bool) -> BotProcess:
    ravi, before = home.person("ravi"), len(home.rows(FILE))
    home.ws.clock.advance(61)  # once a minute
    home.quiet()
    ravi.opens_home(again=True)

    def asks() -> None:
        home.persists(
            lambda: ravi.clicks("Get the library as CSV", in_="home", timeout=1.0),
            lambda: len(home.rows(FILE)) > before,
        )

    arm(home, bot)
    bot = killed_while(home, bot, asks, late=late)
    home.quiet()
    rows: list[MessageRow] = home.rows(FILE)
    assert sorted(files_of(home, "ravi")) == sorted(str(row.ts) for row in rows)
    assert {row.state for row in rows} == {"shown"}
    home.keeps_quiet()
    return bot


def test_killed_while_time_is_logged_on_the_notice_it_counts_once_inv3(home: House, points: Points) -> None:
    points.prove(home, TAP, tapping, few=1, share=5)


def test_killed_while_a_call_is_logged_there_is_one_request_and_one_contact_inv3(
    home: House, points: Points
) -> None:
    points.prove(home, SAVE, logging, few=1, share=5)


def test_killed_between_routed_and_told_its_owner_is_told_once_inv2(home: House, points: Points) -> None:
    routes(home)
    points.prove(home, ROUTED, submitted, few=1, share=5)


def test_killed_while_a_file_is_sent_there_is_one_inv5(home: House, points: Points) -> None:
    points.prove(home, SENT, sending, few=1, share=5)
