"""The library in Slack, from a member's suggestion to the guide: each verb once, as people use it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from copbot.resources.library import service as library
from copbot.resources.library.values import ResourceFields
from tests.dialogs.kit import Talk, talking
from tests.live import FORM
from tests.resources.given import STAFF
from tests.waiting import PATIENCE, eventually


def suggests(talk: Talk, title: str, **more: object) -> None:
    """Kim suggests a link."""
    kim = talk.person("kim")
    kim.shut()
    kim.types("/resources add https://example.org/" + title.replace(" ", "-").lower())
    kim.modal(text="Suggest a resource")
    kim.fills(title=title, **more)
    assert kim.submits().updated
    kim.modal(text="with staff now")
    kim.shut()


def publishes(talk: Talk, title: str) -> None:
    """Ravi publishes it from the review."""
    ravi = talk.person("ravi")
    ravi.shut()
    ravi.types("/resources review")
    ravi.modal(text=title)
    ravi.clicks("Publish", in_="modal")
    ravi.modal(text="Nothing to review")
    ravi.shut()


def test_a_suggestion_is_reviewed_found_saved_and_said_to_be_useful(own_talk: Talk) -> None:
    suggests(own_talk, "Strips that work", summary="How to read them")
    ravi, kim = own_talk.person("ravi"), own_talk.person("kim")
    assert "Review" in ravi.sees("1 resource to review", in_="ta-staff").buttons()
    publishes(own_talk, "Strips that work")
    kim.sees("Your suggestion is in the library: Strips that work.", in_="dm")
    kim.types("/resources strip")
    kim.modal(text="Strips that work")
    kim.clicks("Details", in_="modal")
    kim.modal(text="How to read them")
    kim.clicks("Save", in_="modal")
    kim.modal(text="Saved.")
    kim.clicks("Useful", in_="modal")
    kim.modal(text="Thank you.")
    ravi.sees("1 person found this useful this month: Strips that work", in_="dm")
    kim.shut()
    kim.types("/resources saved")
    assert "Strips that work" in kim.modal(text="Strips that work").text()
    assert own_talk.faults() == []


def test_what_the_library_has_on_a_request_may_solve_it(own_talk: Talk) -> None:
    suggests(own_talk, "Kits by mail", topics=[FORM["topics"][0]])
    publishes(own_talk, "Kits by mail")
    number = own_talk.asks("kim")
    kim = own_talk.person("kim")
    kim.sees("This may help while you wait:", in_="dm").says("Kits by mail")
    kim.clicks("This solved it", in_="dm", text=f"{number} ·")
    own_talk.notice(number, "Closed").says("found the answer in the library: Kits by mail")
    kim.sees("You found the answer in the library: Kits by mail", in_="dm").says("Reopen")
    assert own_talk.faults() == []


def test_a_search_is_changed_where_it_stands_and_nothing_found_is_told_to_staff(own_talk: Talk) -> None:
    suggests(own_talk, "Strips that work")
    publishes(own_talk, "Strips that work")
    kim = own_talk.person("kim")
    kim.types("/resources")
    kim.modal(text="Search")
    kim.fills(words="wound care columbia")
    assert kim.submits().updated
    kim.modal(text="Nothing found")
    kim.clicks("Tell staff", in_="modal")
    kim.modal(text="Staff now know")
    told = own_talk.person("ravi").sees("Nothing in the library for", in_="ta-staff")
    told.says("Wound care in Columbia County")
    assert own_talk.faults() == []


def test_the_guide_asks_for_the_place_when_it_is_not_known(talk: Talk) -> None:
    kim = talk.person("kim")
    kim.shut()
    kim.types("/resources guide Colombia")
    kim.modal(text="Did you mean one of these?")
    kim.clicks("Columbia County", in_="modal")
    kim.modal(text="No services are listed for this place yet")
    kim.shut()


def test_a_guide_comes_as_a_page_to_print(talk: Talk) -> None:
    kim = talk.person("kim")
    kim.shut()
    with talk.bot.store.writing(budget=PATIENCE) as session:
        details = {"profile": talk.bot.profile, "now": talk.bot.clock.now(), "person": STAFF}
        fields = ResourceFields(
            kind="service", title="Bay van", phones=("608-555-0100",), areas=("wi-brown",)
        )
        library.add(session, fields, **details)
    kim.types("/resources guide Brown County")
    kim.modal(text="Bay van")
    kim.clicks("Send me this page to print", in_="modal")
    kim.modal(text="get the guide as a file")
    [file] = kim.sees("Resource guide for Brown County", in_="dm").raw["files"]
    assert file["name"].startswith("guide-wi-brown-")
    kim.shut()


def test_a_message_becomes_a_suggestion_with_save_to_library(talk: Talk) -> None:
    kim = talk.person("kim")
    kim.shut()
    message = kim.says("Good page on wounds: https://example.org/wounds", in_="general")
    kim.message_shortcut("Save to library", message)
    assert "https://example.org/wounds" in str(kim.modal(text="Suggest a resource").view)
    kim.shut()


def test_help_shows_members_their_verbs_and_staff_theirs(talk: Talk) -> None:
    told = talk.person("kim").types("/resources help").told()
    assert "/resources guide" in told
    assert "/resources review" not in told
    assert "/resources review" in talk.person("ravi").types("/resources help").told()


def test_home_leads_into_the_library(talk: Talk) -> None:
    kim = talk.person("kim")
    kim.shut()
    home = kim.opens_home()
    assert {"Find resources", "Resource guide", "Your saved"} <= set(home.buttons())
    kim.clicks("Find resources", in_="home")
    kim.modal(text="Search")
    kim.shut()


PAGE = b"<html><head><title>How to read strips</title><meta name='description' content='In six steps.'></head></html>"


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_about: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def page() -> Iterator[str]:
    """The address of a page on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/strips"
        server.shutdown()


@pytest.mark.parametrize("allowed", ["127.0.0.1/32", ""])
def test_a_page_fills_the_form_in_where_it_may_be_read(sqlite_url: str, page: str, allowed: str) -> None:
    with talking(sqlite_url, more={"COPBOT_FETCH_ALLOW": allowed} if allowed else {}) as talk:
        kim = talk.person("kim")
        kim.types(f"/resources add {page}")
        if not allowed:
            form = kim.modal(text="not on the public web")
            assert "How to read strips" not in str(form.view)
            assert "Fill in from the page" in form.buttons()
            return
        form = kim.modal(text="Filled in from the page")
        assert "How to read strips" in str(form.view)
        assert "In six steps." in str(form.view)
        assert "Fill in from the page" not in form.buttons()
        kim.clicks("Read again", in_="modal")
        eventually(lambda: len(talk.ws.calls("views.update")) == 2, "the page to be read again")
        kim.fills(title="How to read test strips")
        assert kim.submits().updated
        kim.modal(text="“How to read test strips” is with staff now")
