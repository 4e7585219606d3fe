"""A browser, a workspace and an app in it. The browser is open only while these tests run: it holds an event loop."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from copbot.sandbox.driver.workspace import Workspace
from tests.databases import SqliteFiles
from tests.days import Sandbox
from tests.page.windows import OpensWindow, Window, close, open_browser, opener
from tests.sandbox.peer import Bot, manifest

if TYPE_CHECKING:
    from tests.live import Live


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = open_browser(playwright)
        yield running
        running.close()


@pytest.fixture(scope="package")
def spare(browser: Browser) -> list[Page]:
    """Pages that earlier tests left."""
    return []


@pytest.fixture(scope="package")
def port() -> int:
    """One that was free: on the same address a spare page has the page's parts from the test before."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def sandbox(port: int) -> Iterator[Sandbox]:
    with Sandbox(manifest(), enforce_rates=False, port=port) as running:
        yield running


@pytest.fixture
def ws(sandbox: Sandbox) -> Workspace:
    return sandbox.workspace()


@pytest.fixture
def bot(sandbox: Sandbox) -> Iterator[Bot]:
    """A small app; the test adds listeners, then connects it."""
    peer = Bot(sandbox)
    yield peer
    peer.close()


@pytest.fixture
def window(browser: Browser, spare: list[Page], sandbox: Sandbox) -> Iterator[OpensWindow]:
    """Opens windows; at the end none of them may have complained."""
    opened: list[Window] = []
    yield opener(browser, sandbox, opened, spare)
    close(opened, spare)


@pytest.fixture
def live(browser: Browser, sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Live]:
    """The product itself in a workspace. The browser comes first: it outlives the servers."""
    from tests.live import living, workspace

    with workspace() as running, living(sqlite_files.copy(tmp_path / "copbot.db"), running) as found:
        yield found


@pytest.fixture
def live_window(browser: Browser, spare: list[Page], live: Live) -> Iterator[OpensWindow]:
    opened: list[Window] = []
    yield opener(browser, live.sandbox, opened, spare)
    close(opened, spare)


@pytest.fixture
def window_of_read_only(browser: Browser, spare: list[Page]) -> Iterator[Window]:
    """A window of a workspace whose app has no Home and takes no messages."""
    opened: list[Window] = []
    app = manifest(home_tab_enabled=False, messages_tab_read_only_enabled=True)
    with Sandbox(app, enforce_rates=False) as running:
        yield opener(browser, running, opened, spare)("kim")
        close(opened, spare)
