"""The workspace goes away and comes back; answers overtake each other; the window follows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from copbot.sandbox.driver.workspace import Workspace
from tests.days import Sandbox
from tests.page.windows import OpensWindow, Window, opener
from tests.sandbox.peer import manifest


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


@pytest.fixture
def opened(browser: Browser) -> Iterator[list[Window]]:
    """Windows that may complain: the line is cut under them."""
    windows: list[Window] = []
    yield windows
    for each in windows:
        each.page.context.close()


def test_a_window_follows_a_workspace_that_was_started_again(
    browser: Browser, opened: list[Window], kept: Path
) -> None:
    with Sandbox(manifest(), state_path=kept, enforce_rates=False) as first:
        first.workspace().person("noor").says("before", in_="general")
        kim = opener(browser, first, opened)("kim")
        kim.sees("before")
        port = int(first.url.rsplit(":", 1)[1])
    expect(kim.page.locator(".link-state")).to_have_text("The workspace cannot be reached; trying again")
    with Sandbox(manifest(), state_path=kept, port=port, enforce_rates=False) as second:
        assert second.url == kim.url
        second.workspace().person("noor").says("after", in_="general")
        kim.sees("after")
        expect(kim.page.locator(".link-state")).not_to_have_text(
            "The workspace cannot be reached; trying again"
        )
        kim.types("still here")
        kim.sees("still here")


def test_what_was_typed_is_kept_when_it_could_not_be_sent(
    browser: Browser, opened: list[Window], sandbox: Sandbox
) -> None:
    kim = opener(browser, sandbox, opened)("kim")
    kim.page.route("**/control/act", lambda route: route.abort())
    kim.box.fill("words worth keeping")
    kim.box.press("Enter")
    expect(kim.page.locator(".composer-trouble")).to_have_text("The workspace cannot be reached.")
    expect(kim.box).to_have_value("words worth keeping")


def test_an_answer_that_was_overtaken_changes_nothing(window: OpensWindow, ws: Workspace) -> None:
    kim = window("kim")
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    with kim.page.expect_request("**/control/glance"):  # whichever comes first is the one that is held
        kim.page.route("**/control/glance", hold_the_first)
        ws.person("noor").says("words", in_="ssp-operations")
    kim.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(kim.place("ssp-operations").locator(".count")).to_have_text("1")
    for route in held:
        route.fulfill(json={"ok": True, "version": 1, "channels": [], "dm": {"unread": 0}})
    ws.person("noor").says("more", in_="ssp-operations")
    expect(kim.place("ssp-operations").locator(".count")).to_have_text("2")


def test_a_person_changed_in_the_middle_of_an_answer_is_the_one_shown(
    window: OpensWindow, ws: Workspace
) -> None:
    here = window("kim")
    for handle in ("ravi", "mei", "kim", "ravi"):
        ws.person("noor").says(f"for {handle}", in_="ssp-operations")
        here.becomes(handle)
    expect(here.page.locator(".person-switch")).to_contain_text("Ravi Tallow")
    expect(here.place("ta-staff")).to_have_count(1)
