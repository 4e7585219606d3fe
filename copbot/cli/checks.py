"""`bot.py doctor`: each part looked at on its own, so that one fault does not hide another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from copbot.app import gateway_of, profile_of, say_hello
from copbot.errors import Busy, Misconfigured
from copbot.people import service as people
from copbot.people.words import problem_words
from copbot.program.profile import Profile
from copbot.program.settings.file_diff import differences
from copbot.resources.library import service as library
from copbot.settings import Settings
from copbot.slack.text import counted
from copbot.store import Store, migrate


@dataclass(frozen=True)
class Check:
    """One line of `doctor`."""

    name: str
    ok: bool
    words: str


def examine(settings: Settings) -> list[Check]:
    """Each part on its own, so that one fault does not hide another."""
    checks: list[tuple[str, Callable[[], str]]] = [
        ("profile", lambda: _checked_profile(settings)),
        ("database", lambda: _checked_database(settings)),
        ("search", lambda: _checked_search(settings)),
        ("slack", lambda: _checked_slack(settings)),
        ("staff channel", lambda: _checked_staff(settings)),
    ]
    return [_check(name, look) for name, look in checks]


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except Misconfigured as fault:
        return Check(name, False, fault.words)


def _checked_profile(settings: Settings) -> str:
    """What the file says otherwise than the choices made from it is no fault, and worth knowing."""
    profile = profile_of(settings)
    changed = _changed_in_the_file(settings, profile)
    if not changed:
        return profile.name
    return (
        f"{profile.name}; the file has changed since it was loaded, and what was loaded still counts: "
        f"{', '.join(changed)}. Compare and decide in the app's Home"
    )


def _changed_in_the_file(settings: Settings, profile: Profile) -> list[str]:
    url = settings.database_url.get_secret_value()
    try:
        if migrate.current(url) != migrate.head():
            return []
        store = Store(url)
        try:
            with store.reading() as session:
                return [found.label for found in differences(session, profile)]
        finally:
            store.close()
    except (Misconfigured, Busy):
        return []  # the database has a line of its own


def _checked_database(settings: Settings) -> str:
    standing = migrate.current(settings.database_url.get_secret_value())
    if standing is None:
        raise Misconfigured("There is no database yet. `bot.py run` makes it.")
    if standing != migrate.head():
        raise Misconfigured("The database does not have this version's tables. Run: bot.py migrate")
    return "up to date"


def _checked_search(settings: Settings) -> str:
    _checked_database(settings)
    store = Store(settings.database_url.get_secret_value())
    try:
        with store.reading() as session:
            published, indexed = library.index_counts(session)
    finally:
        store.close()
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
    _checked_database(settings)
    store = Store(settings.database_url.get_secret_value())
    try:
        with store.reading() as session:
            channel, staff = people.staff_channel(session), len(people.staff_list(session))
    finally:
        store.close()
    if channel.problem:
        raise Misconfigured(problem_words(channel.problem))
    return f"{staff} {'person is' if staff == 1 else 'people are'} staff"
