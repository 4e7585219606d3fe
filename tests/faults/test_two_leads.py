"""Two leads put the channels in order at the same moment, two bots at work: as planned, once, and both are answered."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from sqlalchemy import select

from copbot.communities.tables import CommunityRow, RunRow
from copbot.jobs.tables import JobRow
from copbot.people import service as people
from tests.faults.kit import House
from tests.waiting import PATIENCE, eventually

LEADS = ("ada", "mei")
WANTED = ("housing", "peers", "wound-care")
ROUNDS = 2
"""The second finds everything made and still has to answer both."""


def leads_and_list(home: House) -> None:
    """What the programme would like to have, and who may have it made."""
    now = datetime.fromtimestamp(home.ws.clock.now(), UTC)
    eventually(lambda: _known(home) >= {*LEADS, "lou"}, "the bot to know the leads")
    with home.store.writing(budget=PATIENCE) as session:
        boss = people.identify(session, home.person("lou").id)
        assert boss is not None
        people.name_leads(session, [home.person(handle).id for handle in LEADS], by=boss, now=now)
        for name in WANTED:
            lead = home.person("noor").id if name == "peers" else ""
            session.add(
                CommunityRow(slug=name, name=name, purpose=f"All about {name}.", lead=lead, made_at=now)
            )


def _known(home: House) -> set[str]:
    with home.store.reading() as session:
        return {
            handle
            for handle in (*LEADS, "lou")
            if (found := people.identify(session, home.person(handle).id)) is not None
            and (found.is_staff or handle == "lou")
        }


def applies(home: House, handle: str) -> None:
    home.person(handle).types("/community channels apply", channel="general")


def runs(home: House) -> list[RunRow]:
    with home.store.reading() as session:
        return list(session.scalars(select(RunRow).order_by(RunRow.id)))


def answers(home: House, handle: str) -> int:
    return len([each for each in home.person(handle).dm() if "All channels are set up" in each.text()])


def test_two_leads_at_once_two_bots_each_thing_made_once_inv11(postgres_home: House) -> None:
    home = postgres_home
    home.bot(), home.bot()
    home.ws.connected(2)
    leads_and_list(home)
    for number in range(1, ROUNDS + 1):
        with ThreadPoolExecutor(len(LEADS)) as pressing:
            for done in [pressing.submit(applies, home, handle) for handle in LEADS]:
                done.result()
        eventually(
            lambda number=number: [row.state for row in runs(home)] == ["done"] * 2 * number,
            "both runs to end",
        )
    home.quiet()
    home.checked()
    assert [answers(home, handle) for handle in LEADS] == [ROUNDS, ROUNDS]

    made = Counter(call["args"]["name"] for call in home.ws.calls("conversations.create"))
    assert made == Counter(WANTED)
    for name in WANTED:
        channel = home.ws.channel(name)
        record = channel.record()
        assert len(channel.shows(f"Welcome to #{name}")) == 1
        assert len(record["bookmarks"]) == 0  # the library and the digest are no pages to link to
        assert len(record["pins"]) == 1
        assert (home.person("noor").id in record["members"]) == (name == "peers")
    steps = [row.result["made"] for row in runs(home)]
    assert len([each for each in steps if each]) == 1  # whoever came second found it all done
    with home.store.reading() as session:
        tries = session.scalars(select(JobRow.tries).where(JobRow.name == "communities.apply")).all()
    assert list(tries) == [1] * len(LEADS) * ROUNDS
