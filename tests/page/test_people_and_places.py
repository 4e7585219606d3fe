"""Who one is and where one looks: each person has their own channels, unread marks, messages and time zone."""

from __future__ import annotations

from playwright.sync_api import expect

from copbot.sandbox.driver.workspace import Workspace
from tests.page.windows import OpensWindow
from tests.sandbox.peer import Bot


def places(window: OpensWindow, person: str) -> list[str]:
    return window(person).page.locator(".place-name").all_inner_texts()


def test_each_person_has_their_own_channels(window: OpensWindow) -> None:
    assert "ta-staff" in places(window, "ravi")
    assert "ta-staff" not in places(window, "kim")
    assert "overdose-response" in places(window, "gus")


def test_being_somebody_else_shows_their_workspace(window: OpensWindow, ws: Workspace) -> None:
    ws.person("ravi").says("staff only", in_="ta-staff")
    here = window("ravi").goes("ta-staff")
    here.sees("staff only")
    here.becomes("kim")
    expect(here.page.locator(".person-switch")).to_contain_text("Kim Alder")
    here.does_not_see("staff only")
    expect(here.page).to_have_url(f"{here.url}/archives/{ws.channels()['general']['id']}?as=kim")


def test_the_list_of_people_says_what_they_are(window: OpensWindow) -> None:
    here = window("kim")
    here.page.locator(".person-switch").click()
    people = here.page.get_by_role("dialog", name="Be somebody else", exact=True)
    expect(people.locator("[data-person=ravi]")).to_contain_text("Technical assistance staff")
    expect(people.locator("[data-person=lou]")).to_contain_text("Program administrator")
    expect(people.locator("[data-person=gus]")).to_contain_text("guest")
    expect(people.locator("[data-person=dee]")).to_have_count(0)
    here.page.keyboard.press("Escape")
    expect(people).to_have_count(0)
    expect(here.page.locator(".person-switch")).to_be_focused()


def test_a_second_window_opens_as_somebody_else(window: OpensWindow) -> None:
    here = window("kim")
    here.page.locator(".person-switch").click()
    with here.page.context.expect_page() as opened:
        here.page.get_by_role("link", name="Open a second window as Ravi Tallow", exact=True).click()
    expect(opened.value.locator(".person-switch")).to_contain_text("Ravi Tallow")
    expect(here.page.locator(".person-switch")).to_contain_text("Kim Alder")


def test_two_windows_show_the_same_message_in_each_readers_time_zone(
    window: OpensWindow, ws: Workspace
) -> None:
    ws.person("lou").says("noon somewhere", in_="general")
    chicago, new_york = window("kim"), window("juno")
    told = [w.sees("noon somewhere").locator("time").inner_text() for w in (chicago, new_york)]
    hours = [int(words.split(":")[0]) for words in told]
    assert (hours[1] - hours[0]) % 12 == 1


def test_what_only_one_person_may_see_only_they_see(window: OpensWindow, bot: Bot, ws: Workspace) -> None:
    kim, general = ws.users()["kim"]["id"], ws.channels()["general"]["id"]
    bot.client.conversations_join(channel=general)
    bot.client.chat_postEphemeral(channel=general, user=kim, text="for kim alone")
    hers, his = window("kim"), window("noor")
    row = hers.sees("for kim alone")
    expect(row).to_contain_text("Only you can see this")
    his.does_not_see("for kim alone")
    hers.presses("Dismiss", row)
    hers.does_not_see("for kim alone")


def test_unread_marks_come_and_go(window: OpensWindow, ws: Workspace) -> None:
    kim = window("kim")
    ws.person("noor").says("new here", in_="ssp-operations")
    count = kim.place("ssp-operations").locator(".count")
    expect(count).to_have_text("1")
    expect(kim.page).to_have_title("(1) #general as Kim Alder – Practice workspace")
    kim.goes("ssp-operations").sees("new here")
    expect(kim.page.locator(".new-line")).to_have_count(0)
    expect(count).to_have_count(0)
    assert window("kim").place("ssp-operations").locator(".count").count() == 0


def test_what_came_since_the_last_look_stands_below_a_line(window: OpensWindow, ws: Workspace) -> None:
    noor = ws.person("noor")
    noor.says("seen before", in_="ssp-operations")
    kim = window("kim").goes("ssp-operations")
    kim.sees("seen before")
    kim.goes("general")
    expect(kim.place("ssp-operations").locator(".count")).to_have_count(0)
    noor.says("came later", in_="ssp-operations")
    expect(kim.place("ssp-operations").locator(".count")).to_have_text("1")
    kim.goes("ssp-operations").sees("came later")
    expect(kim.page.locator(".new-line + .row")).to_contain_text("came later")


def test_a_reply_in_ones_thread_is_marked_until_it_is_read(window: OpensWindow, ws: Workspace) -> None:
    first = ws.person("kim").says("a question", in_="general")
    kim = window("kim")
    kim.sees("a question")
    ws.person("noor").says("an answer", in_="general", thread=first)
    replies = kim.row("a question").get_by_role("button", name="1 reply")
    expect(replies).to_contain_text("new")
    replies.click()
    expect(kim.thread.locator(".row", has_text="an answer")).to_be_visible()
    expect(kim.row("a question").get_by_role("button", name="1 reply")).not_to_contain_text("new")


def test_channels_can_be_found_joined_and_left(window: OpensWindow) -> None:
    lou = window("lou").goes("Browse channels")
    lou.page.get_by_label("Search channels").fill("ssp")
    expect(lou.page.locator(".directory li")).to_have_count(1)
    lou.presses("Join ssp-operations")
    lou.sees("has joined the channel")
    lou.presses("Channel menu")
    lou.page.get_by_role("menuitem", name="Leave channel", exact=True).click()
    lou.presses("Leave", lou.page.get_by_role("dialog"))
    expect(lou.page.get_by_role("button", name="Join channel", exact=True)).to_be_visible()
    expect(lou.place("ssp-operations")).to_have_count(0)


def test_a_guest_is_not_offered_channels_to_join(window: OpensWindow) -> None:
    gus = window("gus").goes("Browse channels")
    expect(gus.page.locator(".directory li").first).to_be_visible()
    expect(gus.page.get_by_role("button", name="Join ssp-operations", exact=True)).to_have_count(0)


def test_a_private_channel_stays_closed_to_others(window: OpensWindow, ws: Workspace) -> None:
    ws.person("ravi").says("staff only", in_="ta-staff")
    kim = window("kim", f"/archives/{ws.channels()['ta-staff']['id']}")
    expect(kim.page.get_by_role("heading", name="You cannot see this", exact=True)).to_be_visible()
    kim.does_not_see("staff only")


def test_somebody_taken_out_of_a_channel_no_longer_sees_it(window: OpensWindow, ws: Workspace) -> None:
    ws.person("ravi").says("staff only", in_="ta-staff")
    mei = window("mei").goes("ta-staff")
    mei.sees("staff only")
    ws.admin.remove("mei", "ta-staff")
    ws.person("ravi").says("after that", in_="ta-staff")
    expect(mei.place("ta-staff")).to_have_count(0)
    mei.does_not_see("after that")


def test_a_permalink_leads_to_its_message(window: OpensWindow, ws: Workspace, bot: Bot) -> None:
    kim = ws.person("kim")
    first = kim.says("the one to find", in_="general")
    for number in range(150):
        kim.says(f"filler {number}", in_="general")
    link = bot.client.chat_getPermalink(channel=first.channel, message_ts=first.ts)["permalink"]
    here = window("noor", str(link).removeprefix(ws.url))
    expect(here.row("the one to find")).to_be_in_viewport()
    expect(here.row("the one to find")).to_be_focused()


def test_going_back_goes_back(window: OpensWindow) -> None:
    kim = window("kim").goes("ssp-operations").goes("Helper: Home")
    kim.page.go_back()
    expect(kim.place("ssp-operations")).to_have_attribute("aria-current", "page")
    kim.page.go_back()
    expect(kim.place("general")).to_have_attribute("aria-current", "page")


def test_a_channels_heading_shows_topic_bookmarks_pins_and_members(
    window: OpensWindow, ws: Workspace, bot: Bot
) -> None:
    channel = ws.channels()["general"]["id"]
    bot.client.conversations_join(channel=channel)
    bot.client.conversations_setTopic(channel=channel, topic="Ask anything")
    bot.client.bookmarks_add(channel_id=channel, title="The guide", type="link", link="https://example.org/g")
    pinned = ws.person("kim").says("worth keeping", in_="general")
    bot.client.pins_add(channel=channel, timestamp=pinned.ts)
    noor = window("noor")
    head = noor.page.locator(".pane-head")
    expect(head.locator(".topic")).to_have_text("Ask anything")
    expect(head.get_by_role("link", name="The guide")).to_have_attribute("href", "https://example.org/g")
    expect(noor.row("worth keeping")).to_contain_text("Pinned by the app")
    noor.presses("1 pinned")
    expect(noor.page.get_by_role("dialog", name="Pinned messages", exact=True)).to_contain_text(
        "worth keeping"
    )
    head.get_by_role("button", name="12 members").click()
    expect(noor.page.get_by_role("dialog", name="Members", exact=True)).to_contain_text("Kim Alder")
    noor.sees("set the channel topic: Ask anything")


def test_each_empty_place_says_what_to_do(window: OpensWindow, ws: Workspace, bot: Bot) -> None:
    kim = window("kim")
    expect(kim.page.locator(".blank")).to_contain_text("Nothing has been said here yet")
    kim.presses("Type /ask")
    expect(kim.box).to_have_value("/ask ")
    kim.goes("Helper: Messages")
    expect(kim.page.locator(".blank")).to_contain_text("To begin, type /ask here")
    kim.goes("Helper: Home")
    expect(kim.page.locator(".home")).to_contain_text("No Home yet")
    ws.admin.archive("general")
    kim.goes("general")
    expect(kim.page.locator(".pane-foot")).to_contain_text("archived")
