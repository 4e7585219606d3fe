"""The list of things to try, done by hand on the page with the product itself in the workspace."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from copbot.sandbox.tutorial import TRIES
from tests.live import Live
from tests.page.windows import OpensWindow, Window


def line(window: Window, key: str) -> Locator:
    return window.page.locator(f"[data-tried={key}]")


def asks(window: Window, need: str) -> None:
    """Fills the form as a newcomer would and sends it."""
    window.types(f"/ta {need}")
    expect(window.form).to_be_visible()
    window.chooses("What is it about?", "Naloxone and overdose response")
    window.chooses("Your agency", "Add “Lakeside Exchange”", typed="Lakeside Exchange")
    expect(window.form.get_by_label("Name of your agency")).to_have_value("Lakeside Exchange")
    window.chooses("For which area?", "Dane County", typed="dane")
    window.presses("Send", window.form)
    expect(window.form.get_by_text("is saved")).to_be_visible()
    window.presses("Close", window.form)
    expect(window.form).to_have_count(0)


def founds(live: Live, name: str) -> None:
    """A member proposes a community and staff say yes; its channel is there when this returns."""
    noor = live.person("noor")
    noor.types(f"/community propose {name}", channel="general")
    noor.modal()
    noor.fills(purpose="For those who are new here.")
    noor.submits()
    noor.closes()
    live.person("mei").clicks("Create channel", in_="ta-staff", text=f"#{name}")
    live.room(name).shows(f"Welcome to #{name}")


def test_the_whole_list_ticks_itself_off(live: Live, live_window: OpensWindow) -> None:
    kim = live_window("kim")
    expect(line(kim, "ask")).to_have_class("next")
    asks(kim, "We run out of kits")
    expect(line(kim, "ask")).to_have_class("done")

    kim.page.locator("[data-try=take]").click()
    ravi = kim  # the same window, now as somebody else
    expect(ravi.page.locator(".person-switch")).to_contain_text("Ravi Tallow")
    notice = ravi.sees("We run out of kits")
    ravi.presses("Take", notice)
    expect(ravi.row("We run out of kits").get_by_role("button", name="Done", exact=True)).to_be_visible()
    expect(line(ravi, "take")).to_have_class("done")

    ravi.presses("Done", ravi.row("We run out of kits"))
    ravi.form.get_by_label("What did you give them?").fill("The list of suppliers")
    ravi.presses("Done", ravi.form)
    expect(ravi.form).to_have_count(0)
    expect(line(ravi, "answer")).to_have_class("done")

    ravi.page.locator("[data-try=requester]").click()
    kim.sees("has taken your request")
    expect(line(kim, "requester")).to_have_class("done")

    founds(live, "new-here")
    kim.page.locator("[data-try=join]").click()
    kim.types("/community")
    kim.presses("Join", kim.form)
    expect(kim.form.last).to_contain_text("Adding you")
    expect(kim.place("new-here")).to_be_visible()
    expect(line(kim, "join")).to_have_class("done")
    kim.shuts()

    kim.page.locator("[data-try=digest]").click()
    kim.types("/digest")
    kim.presses("Save", kim.form)
    expect(kim.form.last).to_contain_text("in your own time zone")
    expect(line(kim, "digest")).to_have_class("done")
    kim.shuts()

    kim.page.get_by_role("button", name="+1 hour", exact=True).click()
    kim.goes("TA Center: Messages")
    kim.sees("The list of suppliers")
    expect(line(kim, "clock")).to_have_class("done")
    expect(kim.page.locator(".tries-list .done")).to_have_count(len(TRIES))
    live.checked()


def test_two_people_at_two_machines_see_each_other_act(live: Live, live_window: OpensWindow) -> None:
    kim, ravi = live_window("kim"), live_window("ravi")
    ravi.goes("ta-staff")
    asks(kim, "Kits for a festival")
    notice = ravi.sees("Kits for a festival")
    kim.goes("TA Center: Messages").sees("Kits for a festival")
    ravi.presses("Take", notice)
    kim.sees("Ravi Tallow has taken your request")
    kim.does_not_see("Hand over")
    live.checked()


def test_a_form_sent_empty_says_what_is_missing_where_it_is_missing(
    live: Live, live_window: OpensWindow
) -> None:
    kim = live_window("kim").types("/ta")
    kim.presses("Send", kim.form)
    wrong = kim.form.locator(".wrong")
    expect(wrong.first.get_by_role("alert")).to_have_text("Please complete this required field.")
    expect(wrong.first).to_be_in_viewport()
    expect(wrong.first.locator(".chooser-open")).to_be_focused()


def test_nothing_in_the_list_is_ticked_off_by_what_happens_elsewhere(
    live: Live, live_window: OpensWindow
) -> None:
    live.person("kim").types("/ta", channel="general")
    live.ws.clock.advance(3600)
    kim = live_window("kim")
    expect(kim.page.locator(".tries-list li")).to_have_count(len(TRIES))
    expect(kim.page.locator(".tries-list .done")).to_have_count(0)
