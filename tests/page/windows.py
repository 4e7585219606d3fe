"""Windows of the workspace's page, each somebody's: what people do and read there, through a real browser."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Playwright, expect

from tests.days import Sandbox

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDE, PHONE = (1280, 800), (390, 844)


def browser_path() -> str:
    """Where the browser is. Without one the tests are skipped, but never on the build server."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    words = f"no browser: none of {', '.join(BROWSERS)} is installed"
    if os.environ.get("CI") == "true":
        pytest.fail(words)
    pytest.skip(words)


def open_browser(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=browser_path(), args=list(FLAGS))


T = TypeVar("T")


def until(look: Callable[[], T], seconds: float = 5.0) -> T:
    """What `look` finds, as soon as it finds anything; for what the browser does not show."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)
    return found


@dataclass
class Window:
    """One window of the page; `troubles` gathers what its console complains about."""

    page: Page
    url: str
    troubles: list[str] = field(default_factory=list)

    # -- places

    def goes(self, name: str) -> Window:
        """To a channel or a part of the app, by its words in the list of places."""
        if self.page.locator(".drawer-button").is_visible():
            self.page.get_by_role("button", name="Channels and people").click()
        link = self.page.locator(".place", has=self.page.get_by_text(name, exact=True))
        link.click()
        expect(link).to_have_attribute("aria-current", "page")
        return self

    def becomes(self, handle: str) -> Window:
        self.page.locator(".person-switch").click()
        self.page.locator(f"[data-person={handle}]").click()
        return self

    # -- reading

    @property
    def rows(self) -> Locator:
        return self.page.locator(".main .row")

    def row(self, text: str) -> Locator:
        """The newest message that says it."""
        return self.page.locator(".main .row", has_text=text).last

    def sees(self, text: str) -> Locator:
        found = self.row(text)
        expect(found).to_be_visible()
        return found

    def does_not_see(self, text: str) -> None:
        expect(self.page.get_by_text(text)).to_have_count(0)

    def place(self, name: str) -> Locator:
        return self.page.locator(".place", has=self.page.get_by_text(name, exact=True))

    @property
    def form(self) -> Locator:
        return self.page.locator("dialog.form")

    @property
    def thread(self) -> Locator:
        return self.page.locator(".side-pane")

    # -- doing

    @property
    def box(self) -> Locator:
        return self.page.locator(".main .composer-field")

    def types(self, text: str) -> Window:
        self.box.fill(text)
        self.box.press("Enter")
        expect(self.box).to_have_value("")
        return self

    def presses(self, words: str, within: Locator | None = None) -> Window:
        (within or self.page.locator("body")).get_by_role("button", name=words, exact=True).last.click()
        return self

    def chooses(self, label: str, *options: str, typed: str = "") -> Window:
        """In a select menu, by its label; several options where it takes several."""
        (self.form if self.form.count() else self.page.locator(".main")).get_by_role(
            "button", name=re.compile(f"^{re.escape(label)}: ")
        ).last.click()
        search = self.page.locator(".list-search")
        if typed:
            search.fill(typed)
        for option in options:
            self.page.get_by_role("option", name=option).first.click()
        if search.count():
            search.press("Escape")
        return self

    def shuts(self) -> Window:
        """Closes every form: the answer to a press may stand in one of its own, over the one it was pressed in."""
        while self.form.count():
            title = self.form.last.inner_text()
            self.form.last.get_by_role("button", name="Close", exact=True).last.click()
            expect(self.page.locator(".toast, [aria-busy=true]")).to_have_count(0)
            if self.form.count():
                expect(self.form.last).not_to_have_text(title)
        return self

    def tool(self, row: Locator, words: str) -> Window:
        row.hover()
        row.get_by_role("button", name=words, exact=True).click()
        return self


OpensWindow = Callable[..., Window]


def opener(browser: Browser, sandbox: Sandbox, opened: list[Window]) -> OpensWindow:
    """Opens windows, each in a context of its own, as two people at two machines would."""

    def window(
        person: str = "kim", path: str = "/", *, size: tuple[int, int] = WIDE, **options: Any
    ) -> Window:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        context.set_default_timeout(8_000)
        page = context.new_page()
        found = Window(page, sandbox.url)
        page.on("pageerror", lambda error: found.troubles.append(str(error)))
        page.on("console", lambda message: _complaint(found, message))
        page.goto(f"{sandbox.url}{path}{'&' if '?' in path else '?'}as={person}")
        page.wait_for_selector(".gallery section:last-child" if path == "/gallery" else "[data-ready]")
        opened.append(found)
        return found

    return window


def _complaint(window: Window, message: ConsoleMessage) -> None:
    """The browser notes each answer 4xx; those are told to the person, and are not a fault of the page."""
    if message.type in ("error", "warning") and "status of 4" not in message.text:
        window.troubles.append(message.text)
