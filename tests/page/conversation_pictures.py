"""`python -m tests.page.conversation_pictures`: staff reply and the requester writes back, each on a screen and a phone."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect, sync_playwright

from tests.live import Live
from tests.page.pictures import PICTURES, URGENT, programme, still
from tests.page.windows import PHONE, OpensWindow, Window, open_browser, opener
from tests.waiting import eventually

SIZES = (("1280", (1280, 900)), ("390", PHONE))
REPLY = "Yes, we lend a trainer and bring forty kits. Would a Thursday afternoon work for your staff?"
BACK = "Thursday is good. There will be twelve of us."


def number_of(live: Live) -> str:
    found = live.person("ravi").sees(URGENT, in_="ta-staff").text()
    return next(word.strip("*·") for word in found.split() if "TA-1" in word)


def write(live: Live, window: OpensWindow, number: str) -> None:
    """The form, filled; then what staff read of it in the minute in which it can be undone."""
    for name, size in SIZES:
        ravi = window("ravi", size=size).goes("ta-staff")
        ravi.presses("Reply", ravi.row(URGENT))
        expect(ravi.form).to_contain_text("gets this text in a direct message")
        ravi.form.locator("[data-input=text] textarea").fill(REPLY)
        still(ravi).screenshot(path=PICTURES / f"reply-form-{name}.png")
        if size == PHONE:
            ravi.form.locator("[data-input=save_as] input").fill("A trainer and kits")
            ravi.presses("Send", ravi.form)
            expect(ravi.form).to_contain_text("Your reply is saved.")
            ravi.shuts()
        else:
            ravi.presses("Cancel", ravi.form)
    ravi = window("ravi", size=SIZES[0][1]).goes("ta-staff")
    opens_thread(ravi)
    expect(ravi.thread).to_contain_text("goes out")
    still(ravi).screenshot(path=PICTURES / "reply-undo-1280.png")


def opens_thread(person: Window) -> None:
    person.tool(person.row(URGENT), "Reply in a thread")
    expect(person.thread).to_be_visible()


def read(live: Live, window: OpensWindow, number: str) -> None:
    """What the requester gets, and what they write back."""
    live.ws.clock.advance(timedelta(seconds=70))
    kim = live.person("kim")
    said = kim.sees(f"replied about {number}", in_="dm")
    kim.says(BACK, in_="dm", thread=said)
    live.person("ravi").sees("wrote", in_="ta-staff")
    for name, size in SIZES:
        asked = window("kim", "/app/messages", size=size)
        asked.sees(f"replied about {number}")
        still(asked).screenshot(path=PICTURES / f"conversation-requester-{name}.png")
        ravi = window("ravi", size=size).goes("ta-staff")
        opens_thread(ravi)
        expect(ravi.thread).to_contain_text(BACK)
        still(ravi).screenshot(path=PICTURES / f"conversation-staff-{name}.png")


def whole(window: OpensWindow) -> None:
    ravi = window("ravi", size=SIZES[0][1]).goes("ta-staff")
    ravi.presses("Details", ravi.row(URGENT))
    ravi.presses("Conversation", ravi.form)
    expect(ravi.form.last).to_contain_text(BACK)
    still(ravi).screenshot(path=PICTURES / "conversation-whole-1280.png")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, programme() as live:
        browser = open_browser(playwright)
        opened: list[Window] = []
        window = opener(browser, live.sandbox, opened)
        number = number_of(live)
        write(live, window, number)
        read(live, window, number)
        whole(window)
        eventually(lambda: not any(each.troubles for each in opened), "pages without trouble")
        browser.close()


if __name__ == "__main__":
    main()
