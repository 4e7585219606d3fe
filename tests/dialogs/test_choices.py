"""What a lead changes is in the next form, the next message and the next due time, without a restart."""

from __future__ import annotations

from copbot.assistance.tables import RequestRow
from copbot.delivery import service as delivery
from copbot.program.deadlines import first_reply_due
from copbot.program.settings import edits
from tests.dialogs.kit import Talk
from tests.program.editing import ADA
from tests.waiting import PATIENCE

LABEL = "Narcan and rescue breathing"


def change(talk: Talk, name: str, **texts: str) -> None:
    bot = talk.bot
    with bot.store.writing(budget=PATIENCE) as session:
        now = edits.current(session, bot.profile, name)
        edits.change(session, bot.profile, name, texts, seen=now.version, by=ADA, now=bot.clock.now())


def test_notices_follow_a_changed_label(own_talk: Talk) -> None:
    own_talk.asks("kim", topics=["naloxone"])
    own_talk.room().shows("Naloxone and overdose response")
    change(own_talk, "topic.naloxone", label=LABEL)
    with own_talk.bot.store.writing(budget=PATIENCE) as session:
        delivery.refresh(session, "request:1", now=own_talk.bot.clock.now())
    own_talk.room().shows(LABEL)
    own_talk.asks("noor", topics=["naloxone"])
    own_talk.room().shows(LABEL, count=2)


def test_due_times_follow_a_changed_target(own_talk: Talk) -> None:
    change(
        own_talk,
        "clocks",
        urgent="1 business hour",
        usual="3 business days",
        triage="4 business days",
        delivery="9 business days",
    )
    own_talk.asks("kim")
    bot = own_talk.bot
    with bot.store.reading() as session:
        row = session.get_one(RequestRow, 1)
        profile = edits.effective(session, bot.profile)
    assert row.first_reply_due == first_reply_due(profile, row.asked_at, False)
    assert row.first_reply_due != first_reply_due(bot.profile, row.asked_at, False)
