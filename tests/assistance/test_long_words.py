"""However much is written about a request, its notice and its page can be shown (invariant 12)."""

from __future__ import annotations

from dataclasses import replace

from copbot.assistance.views import facts, requester_screens, staff_screens
from copbot.assistance.workflow import service
from copbot.program.profile import load
from copbot.sandbox.messages import check_message
from copbot.slack.answers import Message
from copbot.slack.blocks import message
from copbot.store import Store
from tests.assistance.given import cast, later, press

WORDS = "We have given out the last kits and the next ones come on Monday. "


def refused(message: Message) -> object:
    return check_message({"channel": "C1", "text": message.text, "blocks": list(message.blocks)})


def test_a_notice_with_much_written_to_it_shortens_the_oldest_and_shows_the_way_to_it(
    sqlite_store: Store,
) -> None:
    store, profile = sqlite_store, load()
    people = cast(store)
    for n in range(6):
        words = f"Number {n}. {WORDS * 60}"[:1990]
        press(store, service.add_words, people, "kim", text=words, now=later(minutes=n + 1))
    with store.reading() as session:
        found = facts.notice(session, people.request, later(minutes=20))
    assert found is not None
    found = replace(found, need=f"The need. {WORDS * 40}"[:2000])
    notice = staff_screens.notice(found, profile, later(minutes=20))
    blocks = requester_screens.page(found, profile, later(minutes=20), staff=True, reader=people.sam.id)
    page = message(found.label, blocks)
    assert refused(notice) is None
    assert refused(page) is None
    shown = str(notice.blocks)
    assert "… See the request" in shown
    assert f"'{staff_screens.DETAILS}'" in shown
    assert "Number 5." in shown
