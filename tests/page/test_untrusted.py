"""Text from anywhere stays text: nothing in it runs, nothing breaks out of its place."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from copbot.sandbox.driver.workspace import Workspace
from tests.page.windows import OpensWindow, Window
from tests.rows import for_each
from tests.sandbox.peer import Bot, actions, asked, button, fetch, home, modal, option, plain, section

Json = dict[str, Any]
NASTY = [
    "<script>window.ran = 1</script>",
    '"><img src=x onerror="window.ran = 1">',
    "<svg onload=window.ran=1>",
    "*</div><b>* _`<i>`_ ~<s>~",
    "javascript:window.ran=1",
    "{{ran}} ${ran} &lt;script&gt; &#60;script&#62;",
]
ELEMENTS = ("script:not([src])", "img", "iframe", "object", "embed", "b", "i")


def harmless(page: Page) -> None:
    """Nothing ran, and no element stands there that the page did not make."""
    assert page.evaluate("window.ran") is None
    for name in ELEMENTS:
        assert page.locator(f"body {name}").count() == 0, name
    assert page.locator("[onerror], [onload], [style*=url], a[href^=javascript]").count() == 0


def blocks_with(text: str) -> list[Json]:
    """The text in every place of common blocks that shows any."""
    words, marked = plain(text[:74]), {"type": "mrkdwn", "text": text}
    return [
        {"type": "header", "text": words},
        {"type": "section", "text": marked, "fields": [marked, words]},
        {"type": "context", "elements": [marked, words]},
        {"type": "image", "image_url": "https://example.org/x.png", "alt_text": text, "title": words},
        {"type": "markdown", "text": text},
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]},
                {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]},
                {
                    "type": "rich_text_section",
                    "elements": [{"type": "link", "url": "javascript:window.ran=1", "text": text}],
                },
            ],
        },
        {"type": "table", "rows": [[{"type": "raw_text", "text": text}]]},
        actions(
            button(text[:74], "b1", value="1"),
            {
                "type": "static_select",
                "action_id": "s1",
                "placeholder": words,
                "options": [option(text[:74], "v")],
            },
            {"type": "overflow", "action_id": "o1", "options": [option(text[:74], "v")]},
        ),
    ]


@pytest.fixture
def kim(window: OpensWindow) -> Window:
    """One window for a whole table: each of its rows has a place in it of its own."""
    return window("kim")


@for_each("text", NASTY)
def test_in_messages_it_stays_text(kim: Window, bot: Bot, ws: Workspace, text: str) -> None:
    name = f"nasty-{NASTY.index(text)}"
    ws.admin.add_channel(name, members=["kim", "noor"])
    channel = ws.channels()[name]["id"]
    bot.client.conversations_join(channel=channel)
    bot.client.conversations_setTopic(channel=channel, topic=text)
    bot.client.bookmarks_add(channel_id=channel, title=text, type="link", link="https://example.org")
    bot.client.chat_postMessage(channel=channel, text=text, blocks=blocks_with(text))
    bot.client.chat_postMessage(channel=channel, text=text)
    ws.person("noor").says(text, in_=name)
    kim.goes(name).types(text if not text.startswith("/") else f" {text}")
    expect(kim.rows).to_have_count(8)
    kim.page.get_by_role("button", name="More actions", exact=True).click()
    expect(kim.page.get_by_role("menu")).to_be_visible()
    harmless(kim.page)
    kim.page.keyboard.press("Escape")


@pytest.fixture
def form(bot: Bot) -> dict[str, str]:
    """The app opens a form that is full of this `text`, and refuses it with it."""
    held = {"text": ""}

    def view() -> Json:
        text = held["text"]
        need = asked(text[:74], {"type": "plain_text_input", "action_id": "a", "initial_value": text}, "b")
        return modal(section(text), {**need, "hint": plain(text)}, title=text[:24])

    bot.opens(view)
    bot.app.view("form")(lambda ack: ack(response_action="errors", errors={"b": held["text"]}))
    bot.connect()
    return held


@for_each("text", NASTY)
def test_in_forms_home_and_errors_it_stays_text(
    kim: Window, bot: Bot, ws: Workspace, form: dict[str, str], text: str
) -> None:
    form["text"] = text
    view = home(section(f"Text {NASTY.index(text)}"), *blocks_with(text)[:4])
    bot.client.views_publish(user_id=ws.users()["kim"]["id"], view=view)
    kim.goes("Helper: Home")
    expect(kim.page.locator(".home")).to_contain_text(f"Text {NASTY.index(text)}")
    expect(kim.page.locator(".home .heading")).to_be_visible()
    kim.goes("Helper: Messages").types("/ask")
    kim.presses("Send", kim.form)
    expect(kim.form.locator(".field-error")).to_have_text(text)
    harmless(kim.page)
    kim.presses("Cancel", kim.form)
    expect(kim.form).to_have_count(0)


def test_in_names_and_channels_it_stays_text(window: OpensWindow, ws: Workspace) -> None:
    ws.admin.add_person("eve", NASTY[1])
    ws.admin.rename_person("noor", NASTY[0])
    kim = window("kim").types("@noor and @eve")
    kim.page.locator(".person-switch").click()
    expect(kim.page.locator("[data-person=eve]")).to_contain_text(NASTY[1])
    harmless(kim.page)


def test_in_the_inspector_it_stays_text(window: OpensWindow, bot: Bot, ws: Workspace) -> None:
    general = ws.channels()["general"]["id"]
    bot.client.chat_postMessage(channel=general, text=NASTY[1])
    kim = window("kim")
    kim.page.keyboard.press("Control+i")
    line = kim.page.locator(".line", has_text="chat.postMessage").first
    line.locator("summary").click()
    expect(line.locator("pre")).to_contain_text("onerror")
    harmless(kim.page)


def test_an_address_that_would_run_something_is_not_a_link(
    window: OpensWindow, bot: Bot, ws: Workspace
) -> None:
    general = ws.channels()["general"]["id"]
    text = "<javascript:window.ran=1|press> <data:text/html,x|me> <https://example.org|well>"
    bot.client.chat_postMessage(channel=general, text=text, unfurl_links=False, unfurl_media=False)
    row = window("kim").rows.last
    expect(row.get_by_role("link")).to_have_text("well")
    expect(row).to_contain_text("press")


POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
}


@for_each("path", ["/", "/archives/C1", "/app/home", "/browser/js/main.js", "/browser/nothing.js"])
def test_every_answer_carries_the_strict_policy(ws: Workspace, path: str) -> None:
    _, headers, _ = fetch(ws.url + path)
    parts = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert {name: parts.get(name) for name in POLICY} == POLICY
    assert headers["x-content-type-options"] == "nosniff"


def test_the_policy_stops_what_the_page_would_not_do_itself(window: OpensWindow) -> None:
    kim = window("kim")
    stopped = kim.page.evaluate(
        """() => {
            const found = {};
            try { document.body.innerHTML = '<p>x</p>'; } catch (error) { found.markup = error.name; }
            const script = document.createElement('script');
            try { script.text = 'window.ran = 1'; document.body.append(script); } catch (error) { found.script = error.name; }
            return found;
        }"""
    )
    assert stopped == {"markup": "TypeError", "script": "TypeError"}
    assert kim.page.evaluate("window.ran") is None
    kim.troubles.clear()


def test_nothing_is_fetched_from_elsewhere(window: OpensWindow, bot: Bot, ws: Workspace) -> None:
    general = ws.channels()["general"]["id"]
    image = {"type": "image", "image_url": "https://example.org/x.png", "alt_text": "The shelf"}
    bot.client.chat_postMessage(channel=general, text="x", blocks=[image, section("see", image)])
    kim = window("kim")
    asked_for: list[str] = []
    kim.page.on("request", lambda request: asked_for.append(request.url))
    kim.page.reload()
    expect(kim.rows.last.get_by_role("img", name="The shelf").first).to_be_visible()
    assert [url for url in asked_for if not url.startswith(f"{ws.url}/")] == []


@for_each("path", ["/browser/../page.py", "/browser/%2e%2e/page.py", "/browser/js", "/browser/index.py"])
def test_only_the_pages_own_parts_are_answered(ws: Workspace, path: str) -> None:
    assert fetch(ws.url + path)[0] == 404
