"""The practice workspace's people use the running bot, in whatever programme it runs, and once only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from copbot.app import manifest_of
from copbot.cli.practice import bring_samples
from copbot.digests import rules as slots
from copbot.digests.rules import Schedule
from copbot.sandbox.demo import (
    DIGEST_CHANNEL,
    FOUNDED,
    JOINS,
    STILL_OPEN,
    SUBSCRIBER,
    first_try,
    follow_digests,
    live_a_little,
)
from copbot.settings import load
from tests.databases import SqliteFiles
from tests.days import Sandbox
from tests.live import Live, living
from tests.sizes import ROOT

PROFILES = ROOT / "copbot" / "program" / "profiles"


@contextmanager
def practised(url: str, folder: Path, profile: str = "harm_reduction_wi") -> Iterator[Live]:
    """As `bot.py sandbox` has it: the workspace keeps what was done in it, the bot has its own database."""
    more = {"COPBOT_PROGRAM": str(PROFILES / f"{profile}.yaml")}
    app = manifest_of(load(more, None))
    kept = Sandbox(app, state_path=folder / "sandbox.db", enforce_rates=False)
    with kept as sandbox, living(url, sandbox, more=more) as live:
        yield live


def founded_and_asked(live: Live, command: str) -> None:
    """What the practice workspace shows to whoever opens it first."""
    ids = {user["id"]: handle for handle, user in live.ws.users().items()}
    made = live.ws.channels()[FOUNDED.name]
    assert {ids[user] for user in made["members"]} == {FOUNDED.who, *JOINS, "tabot"}
    live.room().shows("TA-1004")
    live.person("ravi").sees(STILL_OPEN.name, in_="ta-staff")
    assert STILL_OPEN.name not in live.ws.channels()
    assert f" {command} " in first_try(live.ws)
    live.checked()


def test_people_ask_and_found_a_community_in_another_programme(sqlite_url: str, tmp_path: Path) -> None:
    with practised(sqlite_url, tmp_path, "adult_reading_mo") as live:
        assert live_a_little(live.ws)
        founded_and_asked(live, "/coach")


def test_on_monday_the_practice_workspace_reads_its_digest(sqlite_url: str, tmp_path: Path) -> None:
    with practised(sqlite_url, tmp_path) as live:
        follow_digests(live.ws)
        assert bring_samples(live.bot.store, live.bot.profile, now=live.bot.clock.now)
        now = live.bot.clock.now()
        monday = slots.next_slot(Schedule(live.bot.profile.time_zone), now + timedelta(hours=1)).at
        live.ws.clock.advance((monday - now).total_seconds() - 3600)
        live.ws.clock.advance(3660)
        live.person("kim").sees("digest, Mon", in_=DIGEST_CHANNEL)
        live.person(SUBSCRIBER).sees("Your digest, Mon", in_="dm")
        live.checked()


def test_people_ask_and_found_a_community_and_a_second_start_adds_nothing(
    sqlite_files: SqliteFiles, tmp_path: Path
) -> None:
    url = sqlite_files.copy(tmp_path / "copbot.db")
    with practised(url, tmp_path) as live:
        assert live_a_little(live.ws)
        founded_and_asked(live, "/ta")
        said = len(live.room(FOUNDED.name).messages())
    with practised(url, tmp_path) as live:
        assert not live_a_little(live.ws)
        kim = live.person("kim")
        kim.types("/community", channel="general")
        assert "3 people" in kim.modal(text=f"#{FOUNDED.name}").text()
        assert len(live.room(FOUNDED.name).messages()) == said
        live.checked()
