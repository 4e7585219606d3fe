"""`bot.py doctor`: each part looked at on its own, so that one fault does not hide another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from copbot.app import gateway_of, profile_of, say_hello
from copbot.cli.frame import database_url, opened
from copbot.delivery import service as delivery
from copbot.errors import Busy, Misconfigured
from copbot.home.setup.screens import undelivered_words
from copbot.people import service as people
from copbot.people.words import problem_words
from copbot.program.settings.edits import differences
from copbot.resources.library import service as library
from copbot.settings import Settings
from copbot.slack.text import counted
from copbot.store import Session, migrate
from copbot.store.failures import can_grow
from copbot.store.sqlite import sqlite_path


@dataclass(frozen=True)
class Check:
    """One line of `doctor`."""

    name: str
    ok: bool
    words: str


def examine(settings: Settings) -> list[Check]:
    """Each part on its own, so that one fault does not hide another."""
    checks: dict[str, Callable[[Settings], str]] = {
        "profile": _checked_profile,
        "database": _checked_database,
        "storage": _checked_storage,
        "search": _checked_search,
        "slack": _checked_slack,
        "staff channel": _checked_staff,
        "messages": _checked_messages,
    }
    return [_check(name, look, settings) for name, look in checks.items()]


def _check(name: str, look: Callable[[Settings], str], settings: Settings) -> Check:
    try:
        return Check(name, True, look(settings))
    except Misconfigured as fault:
        return Check(name, False, fault.words)


@contextmanager
def _reading(settings: Settings) -> Iterator[Session]:
    """A session on the database. Raises `Misconfigured` where there is none of this version."""
    _checked_database(settings)
    with opened(database_url(settings)) as store, store.reading() as session:
        yield session


def _checked_profile(settings: Settings) -> str:
    """What the file says otherwise than the choices made from it is no fault, and worth knowing."""
    profile = profile_of(settings)
    changed: list[str] = []
    with suppress(Misconfigured, Busy), _reading(settings) as session:  # the database has a line of its own
        changed = [found.label for found in differences(session, profile)]
    if not changed:
        return profile.name
    return (
        f"{profile.name}; the file has changed since it was loaded, and what was loaded still counts: "
        f"{', '.join(changed)}. Compare and decide in the app's Home"
    )


def _checked_database(settings: Settings) -> str:
    standing = migrate.current(database_url(settings))
    if standing is None:
        raise Misconfigured("There is no database yet. `bot.py run` makes it.")
    if standing != migrate.head():
        raise Misconfigured("The database does not have this version's tables. Run: bot.py migrate")
    return "up to date"


def _checked_storage(settings: Settings) -> str:
    if not can_grow(sqlite_path(database_url(settings))):
        raise Misconfigured(
            "The database's disk is full, or its file may not be written: nothing can be saved"
        )
    return "can be written"


def _checked_search(settings: Settings) -> str:
    with _reading(settings) as session:
        published, indexed = library.index_counts(session)
    if published != indexed:
        raise Misconfigured(
            f"{published:,} resources are published and {indexed:,} can be searched. Run: bot.py doctor --reindex"
        )
    return f"{counted(indexed, 'resource')} can be found"


def _checked_slack(settings: Settings) -> str:
    settings.need_slack()
    gateway = gateway_of(settings)
    say_hello(gateway)
    return f"connected to {gateway.team_name or gateway.team}"


def _checked_staff(settings: Settings) -> str:
    with _reading(settings) as session:
        channel, staff = people.staff_channel(session), len(people.staff_list(session))
    if channel.problem:
        raise Misconfigured(problem_words(channel.problem))
    return f"{staff} {'person is' if staff == 1 else 'people are'} staff"


def _checked_messages(settings: Settings) -> str:
    """What was not delivered may be somebody's account: no fault of the set-up, and worth knowing."""
    with _reading(settings) as session:
        count = delivery.count_dead(session)
    return undelivered_words(count) if count else "all delivered, or on their way"
