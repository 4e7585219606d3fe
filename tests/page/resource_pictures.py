"""`python -m tests.page.resource_pictures`: search, guide, receipt and review on a phone, and the guide's printed page."""

from __future__ import annotations

from dataclasses import replace

from playwright.sync_api import Browser, expect, sync_playwright

from copbot.assistance.workflow.transitions import redraw_all
from copbot.resources.guide import service as guides
from copbot.resources.guide.page import html_page
from copbot.resources.library.intake import put_many
from copbot.resources.library.values import IncomingResource, ResourceFields
from tests.live import Live
from tests.page.pictures import PICTURES, programme, still
from tests.page.windows import PHONE, OpensWindow, Window, open_browser, opener
from tests.resources import judged

PATIENCE = 30_000
COUNTY = "wi-columbia"


def filled(live: Live) -> None:
    """The invented library, and a few suggestions that wait."""
    now, profile = live.bot.clock.now(), live.bot.profile
    day = profile.today(now)
    rows = [IncomingResource(replace(each.fields, reviewed_on=day)) for each in judged.library()]
    waiting = [
        IncomingResource(
            ResourceFields(
                kind="link", title=title, url=f"https://example.org/s/{at}", topics=("wound_care",)
            )
        )
        for at, title in enumerate(
            ("Wound care cards to print", "Video: cleaning a wound", "A nurse's checklist")
        )
    ]
    with live.bot.store.writing(budget=60) as session:
        put_many(session, rows, by="import", now=now, profile=profile, publish=True)
        put_many(session, waiting, by=live.person("kim").id, now=now, profile=profile)
        for request in range(1, 5):  # those that were sent before there was a library
            redraw_all(session, request, now)


def shown(person: Window, command: str, words: str, name: str) -> None:
    person.types(command)
    expect(person.form.last).to_contain_text(words, timeout=PATIENCE)
    still(person).screenshot(path=PICTURES / f"resources-{name}.png")
    person.shuts()


def printed(live: Live, browser: Browser) -> None:
    """The page for the county on a phone."""
    with live.bot.store.reading() as session:
        found = guides.guide(session, (COUNTY,), live.bot.profile)
    html = html_page((found,), live.bot.profile, live.bot.profile.today(live.bot.clock.now()))
    page = browser.new_page(viewport={"width": PHONE[0], "height": PHONE[1]})
    page.set_content(html)
    page.screenshot(path=PICTURES / "resources-guide-page.png")
    page.close()


def take(window: OpensWindow) -> None:
    kim = window("kim", size=PHONE)
    shown(kim, "/resources test strips columbia", "result", "search")
    shown(kim, "/resources guide Columbia", "Need help right now?", "guide")
    receipt = window("kim", "/app/messages", size=PHONE)
    receipt.page.get_by_role("button", name="This solved it", exact=True).last.scroll_into_view_if_needed()
    still(receipt).screenshot(path=PICTURES / "resources-receipt.png")
    ravi = window("ravi", size=PHONE)
    shown(ravi, "/resources review", "to review", "review")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, programme() as live:
        browser = open_browser(playwright)
        opened: list[Window] = []
        filled(live)
        take(opener(browser, live.sandbox, opened))
        printed(live, browser)
        browser.close()


if __name__ == "__main__":
    main()
