"""Windows of the workspace's page, each somebody's: what people do and read there, through a real browser."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, Playwright, expect

from tests.days import Sandbox
from tests.waiting import PATIENCE, eventually

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
expect.set_options(timeout=PATIENCE * 1000)
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


def until(look: Callable[[], T]) -> T:
    """What `look` finds, as soon as it finds anything; for what the browser does not show."""
    return eventually(look)  # type: ignore[arg-type]


@dataclass
class Window:
    """One window of the page; `troubles` gathers what its console complains about."""

    page: Page
    url: str
    troubles: list[str] = field(default_factory=list)
    can_be_left: bool = True
    """Its context is as all are: another test can have its page afterwards."""

    def __post_init__(self) -> None:
        self.page.on("pageerror", self._hears_error)
        self.page.on("console", self._hears)

    def _hears_error(self, error: Error) -> None:
        self.troubles.append(str(error))

    def _hears(self, message: ConsoleMessage) -> None:
        """The browser notes each answer 4xx; those are told to the person, and are not a fault of the page."""
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.troubles.append(message.text)

    def leaves(self) -> Page | None:
        """Closes the window; its page when that is as good as new, with nothing of this workspace in it."""
        context = self.page.context
        if not self.can_be_left or self.troubles or context.pages != [self.page]:
            context.close()
            return None
        self.page.unroute_all()
        self.page.evaluate("localStorage.clear(); sessionStorage.clear()")
        self.page.goto(
            f"{self.url}/browser/mark.svg"
        )  # nothing of it asks on, and its process can be used again
        self.page.mouse.move(0, 0)
        self.page.remove_listener("pageerror", self._hears_error)
        self.page.remove_listener("console", self._hears)
        return self.page

    def is_as_opened(self) -> bool:
        """Brings it back to #general; whether nothing lies open there, and nothing is written."""
        self.page.keyboard.press("Escape")
        if self.page.locator("dialog[open], [role=menu], [role=listbox]:not([hidden])").count():
            return False
        self.goes("general")
        return (
            self.page.locator(".side-pane, .edit-box, .inspecting").count() == 0
            and not self.box.input_value()
        )

    # -- places

    def goes(self, name: str) -> Window:
        """To a channel or a part of the app, by its words in the list of places."""
        if self.page.locator(".drawer-button").is_visible():
            self.page.get_by_role("button", name="Channels and people", exact=True).click()
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
        while shown := self.form.all_inner_texts():
            self.form.last.get_by_role("button", name="Close", exact=True).last.click()
            until(lambda: self.form.all_inner_texts() != shown)
            expect(self.page.locator(".toast.bad, [aria-busy=true]")).to_have_count(0)
        return self

    def tool(self, row: Locator, words: str) -> Window:
        row.hover()
        row.get_by_role("button", name=words, exact=True).click()
        return self


OpensWindow = Callable[..., Window]


def opener(
    browser: Browser, sandbox: Sandbox, opened: list[Window], spare: list[Page] | None = None
) -> OpensWindow:
    """Opens windows, each in a context of its own, as two people at two machines would.

    `spare` holds pages that earlier windows left: a page begun anew costs more than all that a test does in it.
    """

    def window(
        person: str = "kim",
        path: str = "/",
        *,
        size: tuple[int, int] = WIDE,
        color_scheme: Literal["light", "dark"] = "light",
        **options: Any,
    ) -> Window:
        page = spare.pop() if spare and not options else browser.new_context(**options).new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(media="screen", color_scheme=color_scheme)
        found = Window(page, sandbox.url, can_be_left=not options)
        opened.append(found)
        page.goto(f"{sandbox.url}{path}{'&' if '?' in path else '?'}as={person}")
        page.wait_for_selector(".gallery section:last-child" if path == "/gallery" else "[data-ready]")
        return found

    return window


@dataclass
class Shared:
    """Windows that a file's tests hand on, each as it was opened: in #general, with nothing begun in it."""

    opens: OpensWindow
    held: dict[str, Window] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def __call__(self, person: str = "kim") -> Window:
        self.used.add(person)
        if person not in self.held:
            self.held[person] = self.opens(person)
        return self.held[person]

    def hands_on(self) -> None:
        """After a test: none may have complained, and one in which something was left is not handed on."""
        troubles = [trouble for each in self.held.values() for trouble in each.troubles]
        for person in self.used & self.held.keys():
            if troubles or not self.held[person].is_as_opened():
                self.held.pop(person).page.context.close()
        self.used.clear()
        assert troubles == []


def close(opened: list[Window], spare: list[Page]) -> None:
    """Closes windows, none of which may have complained."""
    troubles = [trouble for each in opened for trouble in each.troubles]
    spare += [page for each in opened if (page := each.leaves())]
    assert troubles == []
