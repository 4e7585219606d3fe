"""`python -m tests.page.home_pictures`: Home for each role, with nothing there, with a little, with two thousand requests."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from copbot.sandbox.demo import live_a_little
from tests.databases import SqliteFiles
from tests.home.given import many_of
from tests.live import Live, living, workspace
from tests.page.pictures import MORNING, PICTURES, still
from tests.page.windows import OpensWindow, Window, open_browser, opener

ROLES = {"practitioner": "kim", "staff": "ravi", "lead": "ada", "administrator": "lou"}
WIDTH, TALLEST = 1000, 2600
STATES = ("nothing", "little", "much")


@contextmanager
def programme(state: str) -> Iterator[Live]:
    """A workspace on a Tuesday morning. With nothing there, nobody has even set a staff channel."""
    with tempfile.TemporaryDirectory() as folder, workspace() as sandbox:
        sandbox.workspace().clock.set(MORNING.timestamp())
        url = SqliteFiles(Path(folder)).copy(Path(folder) / "copbot.db")
        more = {"COPBOT_STAFF_CHANNEL": ""}
        with living(url, sandbox, more=more) as live:
            if state != "nothing":
                set_up(live)
                live_a_little(live.ws)
            if state == "much":
                with live.bot.store.writing() as session:
                    many_of(session, live.bot.clock.now(), 2000)
            yield live


def set_up(live: Live) -> None:
    """An administrator's first two steps, and a member of staff's own."""
    lou = live.person("lou")
    lou.opens_home(timeout=20)
    lou.chooses("Choose a private channel", "ta-staff", in_="home", timeout=20)
    lou.sees_home("4 people are staff", timeout=20)
    lou.clicks("Name leads", in_="home")
    lou.modal(timeout=20, text="Only staff can be leads")
    lou.fills(leads=["ada"])
    lou.submits()
    lou.sees_home("2 of 7 steps", timeout=20)


def picture(window: OpensWindow, role: str, handle: str, state: str) -> None:
    opened = window(handle, "/app/home", size=(WIDTH, 900))
    home = opened.page.locator(".home")
    expect(home).to_contain_text("Rather talk?", timeout=20_000)
    height = int(home.evaluate("node => node.scrollHeight")) + 130
    opened.page.set_viewport_size({"width": WIDTH, "height": min(max(height, 500), TALLEST)})
    still(opened).screenshot(path=PICTURES / f"home-{role}-{state}.png")
    opened.page.context.close()


def main(states: list[str]) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        for state in states or STATES:
            with programme(state) as live:
                opened: list[Window] = []
                window = opener(browser, live.sandbox, opened)
                for role, handle in ROLES.items():
                    if state == "nothing" and role in ("staff", "lead"):
                        continue  # nobody is staff yet
                    picture(window, role, handle, state)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
