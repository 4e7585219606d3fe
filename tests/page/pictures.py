"""`python -m tests.page.pictures`: the pictures of the documentation, taken anew from the product as it is."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, expect, sync_playwright

from copbot.people import service as people
from copbot.sandbox.demo import live_a_little
from tests.databases import SqliteFiles
from tests.live import Live, living, workspace
from tests.page.windows import PHONE, OpensWindow, Window, open_browser, opener

PICTURES = Path(__file__).resolve().parents[2] / "docs/pictures"
MORNING = datetime(2026, 12, 1, 10, 12, tzinfo=ZoneInfo("America/Chicago"))
URGENT = "We run out of naloxone"


@contextmanager
def programme() -> Iterator[Live]:
    """A workspace that has been lived in, on a Tuesday morning."""
    with tempfile.TemporaryDirectory() as folder, workspace() as sandbox:
        sandbox.workspace().clock.set(MORNING.timestamp())
        url = SqliteFiles(Path(folder)).copy(Path(folder) / "copbot.db")
        with living(url, sandbox) as live:
            live_a_little(live.ws)
            with live.bot.store.writing() as session:
                lou = people.identify(session, live.person("lou").id)
                assert lou is not None
                people.name_leads(session, [live.person("ada").id], by=lou, now=live.bot.clock.now())
            live.room().last()
            yield live


def still(window: Window) -> Page:
    """Nothing blinks, moves or waits any more."""
    page = window.page
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    expect(page.locator(".toast, [aria-busy=true]")).to_have_count(0)
    return page


def notice(window: OpensWindow, browser: Browser) -> None:
    """Staff's notice, and beside it what the requester reads on their telephone."""
    ravi = window("ravi", size=(980, 844)).goes("ta-staff")
    ravi.presses("Take", ravi.sees(URGENT))
    expect(ravi.row(URGENT).get_by_role("button", name="Done", exact=True)).to_be_visible()
    kim = window("kim", "/app/messages", size=PHONE)
    kim.sees("has taken your request")
    shots = [base64.b64encode(still(each).screenshot()).decode() for each in (ravi, kim)]
    page = browser.new_page(viewport={"width": 980 + 390 + 60, "height": 884})
    images = "".join(f'<img src="data:image/png;base64,{shot}">' for shot in shots)
    style = (
        "body{margin:0;padding:20px;display:flex;gap:20px;background:#d9d5ca}"
        "img{border-radius:14px;box-shadow:0 6px 24px rgb(40 40 30/22%)}"
    )
    page.set_content(f"<style>{style}</style>{images}")
    page.screenshot(path=PICTURES / "notice.png")
    page.close()


def form(window: OpensWindow) -> None:
    kim = window("kim").types("/ta We need 40 kits for a festival on the 12th")
    expect(kim.form).to_be_visible()
    kim.chooses("What is it about?", "Naloxone and overdose response")
    kim.chooses("For which area?", "Dane County", typed="dane")
    kim.form.locator(".form-inside").evaluate("node => node.scrollTo(0, 0)")
    still(kim).screenshot(path=PICTURES / "form.png")
    kim.presses("Cancel", kim.form)


def home(window: OpensWindow) -> None:
    ravi = window("ravi", "/app/home")
    expect(ravi.page.locator(".home")).to_contain_text("TA-1004")
    still(ravi).screenshot(path=PICTURES / "home.png")


def phone(window: OpensWindow) -> None:
    ravi = window("ravi", size=PHONE).goes("ta-staff")
    ravi.sees(URGENT)
    still(ravi).screenshot(path=PICTURES / "phone.png")


def inspector(window: OpensWindow) -> None:
    mei = window("mei", color_scheme="dark").goes("ta-staff")
    mei.sees(URGENT)
    mei.page.keyboard.press("Control+i")
    line = mei.page.locator(".line", has_text="block_actions").first
    line.locator("summary").click()
    expect(line.locator("pre")).to_be_visible()
    still(mei).screenshot(path=PICTURES / "inspector.png")


def time_logged(window: OpensWindow) -> None:
    ravi = window("ravi").goes("ta-staff")
    ravi.presses("Log", ravi.sees(URGENT))
    ravi.presses("30 min", ravi.form)
    expect(ravi.form).to_contain_text("30 min logged")
    still(ravi).screenshot(path=PICTURES / "log.png")
    ravi.shuts()


def requests(window: OpensWindow) -> None:
    ravi = window("ravi", "/app/home", size=PHONE)
    ravi.presses("Search and filter")
    expect(ravi.form).to_contain_text("TA-1004")
    still(ravi).screenshot(path=PICTURES / "requests-390.png")


def routing(window: OpensWindow) -> None:
    ada = window("ada", "/app/home")
    ada.presses("Routing")
    expect(ada.form).to_contain_text("Who would get this?")
    ada.form.get_by_label("Rule 1", exact=True).fill("topic naloxone in Dane -> Ravi, backup Mei")
    ada.form.get_by_label("Rule 2", exact=True).fill("urgent -> Ada")
    still(ada).screenshot(path=PICTURES / "routing.png")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, programme() as live:
        browser = open_browser(playwright)
        opened: list[Window] = []
        window = opener(browser, live.sandbox, opened)
        notice(window, browser)
        form(window)
        home(window)
        phone(window)
        inspector(window)
        time_logged(window)
        requests(window)
        routing(window)
        browser.close()


if __name__ == "__main__":
    main()
