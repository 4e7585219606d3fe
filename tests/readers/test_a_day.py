"""A day with real requests: what people typed is looked for in every call that reached a channel others could read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from copbot.assistance.workflow import service
from copbot.delivery import service as delivery
from copbot.joining import service as joining
from copbot.store import Store
from tests.assistance.given import asked, form, profile
from tests.readers.kit import CANARY, EXPOSED, Office


@pytest.mark.parametrize("what", EXPOSED)
def test_nothing_that_anybody_typed_is_read_by_others_while_they_can_read_the_channel(
    sqlite_store: Store, what: str
) -> None:
    breaks, mends = EXPOSED[what]
    place = Office(sqlite_store)
    kim, mei = place.person("kim"), place.person("mei")

    def asks(key: str) -> int:
        with sqlite_store.writing() as session:
            filled, now = form(need=f"Kits. {CANARY}"), place.clock.now()
            return asked(session, kim, key, filled, channel=place.staff.id, now=now).id

    def acts() -> None:
        """Staff and Kim go on; everything of it is to be shown in the staff channel."""
        two = place.does(service.take, request_id=second, version=1, person=mei, profile=profile()).version
        place.does(service.add_words, request_id=first, person=kim, text=f"More. {CANARY}")
        which = {"request_id": second, "version": two, "person": mei, "profile": profile()}
        place.does(service.ask_requester, question=f"When? {CANARY}", **which)
        email = f"{CANARY}@example.org"
        place.does(joining.invite, email=email, agency=CANARY, areas=(), topics=(), person=mei)
        row = next(m for m in place.staff.messages.values() if m.get("bot_id"))
        place.staff.messages.pop(row["ts"])
        place.does(delivery.vanished, channel=place.staff.id, ts=row["ts"])
        asks("third")

    first, second = asks("first"), asks("second")
    place.delivers()
    assert place.texts() == 2
    breaks(place)
    place.later()
    acts()
    place.delivers()
    place.later(timedelta(minutes=5))
    place.delivers()
    assert place.problem()
    assert (place.slack.leaks, place.texts()) == ([], 0)
    assert [f"TA-{1000 + second}: details are in Home" in each for each in place.shown()] == [True]
    mends(place)
    place.later()
    place.reads()
    place.delivers()
    assert place.slack.leaks == []
    assert len(place.shown()) == place.texts() == 4
    for words in ("More.", "When?", f"{CANARY}@example.org"):
        assert any(words in each for each in place.shown())
