"""`python -m tests.page.community_pictures`: a community planned, joined and welcoming, and an About page."""

from __future__ import annotations

from playwright.sync_api import expect, sync_playwright

from copbot.communities import catalog
from copbot.people import service as people
from tests.live import Live
from tests.page.pictures import PICTURES, programme, still
from tests.page.windows import OpensWindow, Window, open_browser, opener

SIZE = (1000, 760)
PATIENCE = 30_000
WANTED = """
communities:
  - {id: wound_care, name: wound-care, purpose: "For those who look after wounds, in a clinic or outside.",
     topics: [wound_care], rhythm: "First Monday of the month, at noon"}
  - {id: housing, name: housing, purpose: "Harm reduction in shelters and housing.", topics: [law_policy]}
"""


def wanted(live: Live) -> None:
    """A lead, and the communities that the program would like to have beside the one there is."""
    with live.bot.store.writing() as session:
        boss = people.identify(session, live.person("lou").id)
        assert boss is not None
        now, profile = live.bot.clock.now(), live.bot.profile
        people.name_leads(session, [live.person("ada").id], by=boss, now=now)
        catalog.take(session, catalog.read("communities.yaml", WANTED, profile), now=now)


def plan(window: OpensWindow) -> None:
    """What is to be done; then it is done."""
    ada = window("ada", size=SIZE).types("/community channels plan").goes("TA Center: Messages")
    apply = ada.page.get_by_role("button", name="Set up the channels", exact=True)
    expect(apply).to_be_visible(timeout=PATIENCE)
    still(ada).screenshot(path=PICTURES / "community-plan.png")
    apply.click()
    expect(ada.page.get_by_text("All channels are set up").last).to_be_visible(timeout=PATIENCE)


def join(window: OpensWindow) -> Window:
    kim = window("kim", size=SIZE).types("/community")
    expect(kim.form).to_contain_text("#wound-care", timeout=PATIENCE)
    still(kim).screenshot(path=PICTURES / "community-join.png")
    kim.form.get_by_role("button", name="Join", exact=True).last.click()
    expect(kim.form.last).to_contain_text("Adding you", timeout=PATIENCE)
    expect(kim.place("wound-care")).to_be_visible(timeout=PATIENCE)
    return kim


def welcome(kim: Window) -> None:
    kim.shuts()
    kim.goes("wound-care")
    expect(kim.page.get_by_text("Welcome to #wound-care").first).to_be_visible(timeout=PATIENCE)
    still(kim).screenshot(path=PICTURES / "community-welcome.png")


def about(kim: Window) -> None:
    kim.types("/community about principles")
    expect(kim.form).to_contain_text("All pages", timeout=PATIENCE)
    still(kim).screenshot(path=PICTURES / "community-about.png")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, programme() as live:
        browser = open_browser(playwright)
        opened: list[Window] = []
        window = opener(browser, live.sandbox, opened)
        wanted(live)
        plan(window)
        kim = join(window)
        welcome(kim)
        about(kim)
        browser.close()


if __name__ == "__main__":
    main()
