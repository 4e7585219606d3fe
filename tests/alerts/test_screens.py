"""Whatever staff write, Slack takes the messages and the forms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from copbot.alerts import screens
from copbot.alerts.rules import Alert
from copbot.delivery.service import Progress
from copbot.sandbox.messages import check_message
from copbot.sandbox.text import message_pings
from copbot.sandbox.views import check_view
from tests.communities.kit import PROFILE
from tests.days import NOON

HOSTILE = (
    "<!channel> & <@U1|x> *_~`",
    "\u202eabc",
    "\u0000\u200b",
    "👩‍👩‍👧" * 400,
    "w" * 1500,
    " ",
    "addicts " * 180,
)
WORDS = st.sampled_from(HOSTILE) | st.text(max_size=200)
TOPICS = [topic.id for _, topics in PROFILE.topics_in_groups() for topic in topics]
AREAS = [area.id for area in PROFILE.areas]


@st.composite
def alerts(draw: st.DrawFn) -> Alert:
    corrections = draw(st.integers(0, 3))
    return Alert(
        uid="a" * 32, version=draw(st.integers(1, 9)), seen=draw(WORDS), source=draw(WORDS)[:200], todo=draw(WORDS),
        topics=draw(st.lists(st.sampled_from(TOPICS), max_size=20)), areas=draw(st.lists(st.sampled_from(AREAS), max_size=20)),
        channels=[f"C{n:010}" for n in range(draw(st.integers(0, 80)))], members=draw(st.integers(0, 10_000)),
        expires_at=NOON + timedelta(days=draw(st.integers(-1, 30))), state=draw(st.sampled_from(("waiting", "approved", "withdrawn"))),
        by="U1", approved_by=draw(st.sampled_from(("", "U1", "U2"))), goes_at=draw(st.sampled_from((None, NOON, NOON + timedelta(minutes=10)))),
        corrections=corrections, correction=draw(WORDS), corrected_at=NOON if corrections else None, now=NOON,
    )  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(alerts(), WORDS, st.integers(0, 3))
def test_every_alert_fits_inv12(found: Alert, name: str, number: int) -> None:
    sent, newest = Progress(40, 212, 412.8), Progress(3, 4, 2.4)
    card = screens.card(found, PROFILE, names=[name, name], sent=sent, newest=newest)
    for message in (screens.alert(found, PROFILE, number=number), card):
        taken: dict[str, Any] = {"text": message.text, "blocks": list(message.blocks)}
        assert check_message(taken) is None
        assert message_pings(taken) == set()
    day = NOON.date().isoformat()
    for view in (
        screens.write_view(found, PROFILE, day=day),
        screens.write_view(None, PROFILE, day=day),
        screens.saved_view(found, PROFILE),
        screens.correct_view(found, PROFILE),
    ):
        assert check_view(view, kind="modal") is None
