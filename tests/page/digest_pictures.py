"""`python -m tests.page.digest_pictures`: digests as members and leads have them in front of them, wide and on a phone."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Locator, expect, sync_playwright

from copbot.cli.practice import bring_samples
from copbot.communities.news import service as news
from copbot.digests import rules as slots
from copbot.digests.editions import placing
from copbot.digests.editions import service as editions
from copbot.digests.editions.tables import PROGRAM
from copbot.digests.rules import Schedule
from copbot.digests.subscriptions import service as subscriptions
from copbot.people import service as people
from copbot.resources.library import service as library
from copbot.resources.library.values import ResourceFields
from copbot.sandbox.people import TEAM
from copbot.slack.person import Person
from copbot.store import Session
from tests.databases import SqliteFiles
from tests.live import Live, living, workspace
from tests.page.pictures import MORNING, PICTURES, still
from tests.page.windows import PHONE, WIDE, OpensWindow, Window, open_browser, opener, until

PATIENCE = 60_000
CHANNEL = "overdose-response"
HOUR = timedelta(hours=1)


@contextmanager
def programme() -> Iterator[Live]:
    """A workspace on a Tuesday, with a library, a digest for a channel, and a member with their own."""
    with tempfile.TemporaryDirectory() as folder, workspace() as sandbox:
        sandbox.workspace().clock.set(MORNING.timestamp())
        with living(SqliteFiles(Path(folder)).copy(Path(folder) / "copbot.db"), sandbox) as live:
            with live.bot.store.writing() as session:
                now = live.bot.clock.now()
                people.learn(session, list(live.ws.users().values()), home_team=TEAM["id"], now=now)
                boss = _person(live, session, "lou")
                people.name_leads(session, [live.person("ada").id], by=boss, now=now)
                channel = live.ws.channels()[CHANNEL]["id"]
                placing.send_here(session, channel, person=boss, profile=live.bot.profile, now=now)
                for handle in ("noor", "kim"):
                    subscriptions.choose(session, "weekly", person=_person(live, session, handle), now=now)
            bring_samples(live.bot.store, live.bot.profile, now=live.bot.clock.now)
            yield live


def _person(live: Live, session: Session, handle: str) -> Person:
    found = people.identify(session, live.person(handle).id)
    assert found is not None
    return found


def says(live: Live, text: str) -> None:
    with live.bot.store.writing() as session:
        news.share(session, text, person=_person(live, session, "ada"), now=live.bot.clock.now())


def publishes(live: Live, title: str, summary: str) -> None:
    more = {"source": "State health department", "summary": summary, "topics": ("naloxone",)}
    fields = ResourceFields(kind="link", title=title, url="https://example.org/new", **more)
    with live.bot.store.writing() as session:
        ada = _person(live, session, "ada")
        library.add(session, fields, person=ada, profile=live.bot.profile, now=live.bot.clock.now())


def next_slot(live: Live) -> datetime:
    now = live.bot.clock.now() + HOUR
    return slots.next_slot(Schedule(live.bot.profile.time_zone), now).at


def goes_to(live: Live, moment: datetime, there: Callable[[], bool]) -> None:
    live.ws.clock.set(moment.timestamp())
    until(there)


def states(live: Live) -> list[str]:
    with live.bot.store.reading() as session:
        now, profile = live.bot.clock.now(), live.bot.profile
        digest = placing.find(session, PROGRAM, profile, now)
        return [each.state for each in editions.newest(session, digest, profile, now, 9)] if digest else []


def shots(window: Window, name: str, at: Callable[[], Locator]) -> None:
    """The same place on a wide screen and on a phone."""
    page = still(window)
    for size in (WIDE, PHONE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        at().scroll_into_view_if_needed()
        until(lambda: page.evaluate("document.getAnimations().every((each) => each.playState !== 'running')"))
        page.screenshot(path=PICTURES / f"digest-{name}-{size[0]}.png")
    window.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})


def take(live: Live, window: OpensWindow) -> None:
    says(live, "We trained 40 people at the Eau Claire drop-in, and its fridge now holds naloxone.")
    slot = next_slot(live)
    goes_to(live, slot - 20 * HOUR, lambda: states(live) == ["approved"])
    ada = window("ada", "/app/messages", size=WIDE)
    expect(ada.row("goes out Mon")).to_be_visible(timeout=PATIENCE)
    ada.presses("See it", ada.row("goes out Mon"))
    expect(ada.form).to_contain_text("Goes out", timeout=PATIENCE)
    shots(ada, "preview", lambda: ada.form.get_by_text("Goes out").first)
    ada.shuts()

    goes_to(live, slot + timedelta(minutes=1), lambda: bool(live.person("kim").messages(CHANNEL)))
    kim = window("kim", size=WIDE).goes(CHANNEL)
    expect(kim.row("digest, Mon")).to_be_visible(timeout=PATIENCE)
    shots(kim, "full", lambda: kim.row("digest, Mon").get_by_text("digest, Mon").first)
    kim.goes("general").types("/digest")
    expect(kim.form).to_contain_text("Past digests", timeout=PATIENCE)
    shots(kim, "settings", lambda: kim.form.get_by_text("Topics").first)
    kim.presses("Cancel", kim.form)
    noor = window("noor", "/app/messages", size=WIDE)
    expect(noor.row("Your digest, Mon")).to_be_visible(timeout=PATIENCE)
    shots(noor, "own", lambda: noor.row("Your digest, Mon").get_by_text("Stop all but my requests"))

    publishes(live, "Naloxone by mail, free", "Who may order, how many kits, and how long it takes.")
    slot = next_slot(live)
    goes_to(live, slot - 20 * HOUR, lambda: len(states(live)) == 2)
    goes_to(live, slot + timedelta(minutes=1), lambda: len(live.person("kim").messages(CHANNEL)) > 1)
    kim.goes(CHANNEL)
    expect(kim.row("Naloxone by mail")).to_be_visible(timeout=PATIENCE)
    shots(kim, "short", lambda: kim.row("Naloxone by mail").get_by_text("Naloxone by mail").first)

    goes_to(live, next_slot(live) - 20 * HOUR, lambda: len(states(live)) == 3)
    expect(ada.row("wasn't sent")).to_be_visible(timeout=PATIENCE)
    shots(ada, "skipped", lambda: ada.row("wasn't sent"))


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, programme() as live:
        browser = open_browser(playwright)
        opened: list[Window] = []
        take(live, opener(browser, live.sandbox, opened))
        browser.close()


if __name__ == "__main__":
    main()
