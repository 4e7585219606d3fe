"""`python -m tests.page.alert_pictures`: an alert written, read in a channel, and corrected."""

from __future__ import annotations

from playwright.sync_api import Browser, expect, sync_playwright

from copbot.people import service as people
from tests.live import Live
from tests.page.pictures import PICTURES, programme, still
from tests.page.windows import PHONE, OpensWindow, Window, open_browser, opener

SIZE = (1280, 900)
PATIENCE = 30_000
SEEN = (
    "Medetomidine in three of eight samples sold as fentanyl since Friday. People stay asleep for hours after they "
    "breathe again, and their pulse is slow."
)
TODO = (
    "Give naloxone as always: it works on the opioid. Then watch the breathing, not whether somebody wakes up. Call 911 "
    "for anybody who does not breathe well."
)


def prepared(live: Live) -> None:
    with live.bot.store.writing() as session:
        boss = people.identify(session, live.person("lou").id)
        assert boss is not None
        people.name_leads(session, [live.person("ada").id], by=boss, now=live.bot.clock.now())
    live.person("ada").types("/digest here", channel="general")


def filled(person: Window) -> None:
    person.types("/digest alert")
    expect(person.form).to_contain_text("What was seen?", timeout=PATIENCE)
    person.form.locator("[data-input=seen] textarea").fill(SEEN)
    person.form.locator("[data-input=source] input").fill("Drug checking, Madison, Monday")
    person.form.locator("[data-input=todo] textarea").fill(TODO)
    person.chooses("Topics", "Changes in the drug supply, alerts")
    person.chooses("Areas", "Dane County", typed="dane")


def write(window: OpensWindow) -> None:
    for name, size in (("form-phone", PHONE), ("form", SIZE)):
        ravi = window("ravi", size=size).goes("ta-staff")
        filled(ravi)
        ravi.form.locator(".form-inside").evaluate("node => node.scrollTo(0, 0)")
        still(ravi).screenshot(path=PICTURES / f"alert-{name}.png")
        if size == PHONE:
            ravi.presses("Cancel", ravi.form)
    ravi.presses("Save", ravi.form)
    expect(ravi.form).to_contain_text("Saved", timeout=PATIENCE)
    ravi.shuts()


def decide(window: OpensWindow) -> Window:
    mei = window("mei", size=SIZE).goes("ta-staff")
    mei.sees("Ravi Tallow wrote this alert")
    still(mei).screenshot(path=PICTURES / "alert-card.png")
    mei.row("Ravi Tallow wrote this alert").get_by_role("button", name="Approve", exact=True).click()
    mei.page.get_by_role("dialog").last.get_by_role("button", name="Approve", exact=True).click()
    mei.sees("approved by Mei Brook")
    return mei


def read(window: OpensWindow) -> None:
    for name, size in (("channel", SIZE), ("phone", PHONE)):
        kim = window("kim", size=size).goes("general")
        kim.sees("Medetomidine in three of eight")
        still(kim).screenshot(path=PICTURES / f"alert-{name}.png")


def correct(live: Live, window: OpensWindow) -> None:
    ada = live.person("ada")
    ada.clicks("Correct", in_="ta-staff", text="approved by Mei")
    ada.modal(text="Correct information")
    ada.fills(
        text="It was in one of eight samples, not three. What to do stays the same: naloxone, then watch the breathing."
    )
    ada.submits()
    kim = window("kim", size=SIZE).goes("general")
    kim.sees("Correction. Alert")
    kim.sees("Corrected. Alert")
    still(kim).screenshot(path=PICTURES / "alert-corrected.png")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, programme() as live:
        browser: Browser = open_browser(playwright)
        opened: list[Window] = []
        window = opener(browser, live.sandbox, opened)
        prepared(live)
        write(window)
        decide(window)
        read(window)
        correct(live, window)
        browser.close()


if __name__ == "__main__":
    main()
