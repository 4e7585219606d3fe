"""`python -m tests.page.about_pictures`: the About pages as a lead has them in front of them."""

from __future__ import annotations

from playwright.sync_api import expect, sync_playwright

from copbot.people import service as people
from tests.live import Live
from tests.page.pictures import PICTURES, programme, still
from tests.page.windows import Window, open_browser, opener

SIZE = (1000, 860)
PATIENCE = 30_000


def lead(live: Live) -> None:
    with live.bot.store.writing() as session:
        boss = people.identify(session, live.person("lou").id)
        assert boss is not None
        people.name_leads(session, [live.person("ada").id], by=boss, now=live.bot.clock.now())


def presses(window: Window, label: str, then: str) -> None:
    window.form.get_by_role("button", name=label, exact=True).last.click()
    expect(window.form).to_contain_text(then, timeout=PATIENCE)


def take(window: Window, name: str) -> None:
    still(window).screenshot(path=PICTURES / f"about-{name}.png")


def page_of_a_lead(ada: Window) -> None:
    ada.types("/community about stigma")
    expect(ada.form).to_contain_text("All pages", timeout=PATIENCE)
    presses(ada, "I reviewed this today", "Thank you")
    take(ada, "lead")


def statement(ada: Window) -> None:
    presses(ada, "All pages", "Facts and figures")
    presses(ada, "Facts and figures", "Add a statement")
    presses(ada, "Add a statement", "Link to the source")
    ada.form.get_by_label("Statement").fill(
        "In 2024 fewer people here died of an overdose than the year before."
    )
    ada.form.get_by_label("Source", exact=True).fill("State health department, yearly count")
    ada.form.get_by_label("Link to the source").fill("https://example.org/count")
    ada.form.get_by_label("Date").fill("2026-11-02")
    presses(ada, "Save", "Saved.")
    take(ada, "statement")


def pages(ada: Window) -> None:
    presses(ada, "All pages", "Manage pages")
    presses(ada, "Manage pages", "Open a page to edit")
    take(ada, "pages")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, programme() as live:
        browser = open_browser(playwright)
        opened: list[Window] = []
        lead(live)
        ada = opener(browser, live.sandbox, opened)("ada", size=SIZE)
        page_of_a_lead(ada)
        statement(ada)
        pages(ada)
        browser.close()


if __name__ == "__main__":
    main()
