"""Digests in Slack, as members and leads use them: each verb once."""

from __future__ import annotations

from datetime import datetime, timedelta

from copbot.digests import rules as slots
from copbot.digests.rules import Schedule
from tests.dialogs.kit import Talk
from tests.dialogs.test_resources import publishes, suggests


def next_monday(talk: Talk) -> datetime:
    return slots.next_slot(Schedule(talk.bot.profile.time_zone), talk.bot.clock.now()).at


def goes_to(talk: Talk, moment: datetime) -> None:
    """The workspace's clock, and with it the bot's jobs, reach this moment."""
    talk.goes_on(moment - talk.bot.clock.now())


def test_a_member_chooses_changes_pauses_stops_and_starts_their_digest(own_talk: Talk) -> None:
    kim = own_talk.person("kim")
    assert "Every Monday at 9:00 AM, in your own time zone. Next: Mon" in kim.types("/digest weekly").told()
    assert "The first Monday of the month" in kim.types("/digest monthly").told()
    kim.types("/digest topics")
    kim.modal(text="Topics")
    kim.fills(topics=["naloxone"], rhythm="weekly", weekday="4", at="15:30")
    kim.submits()
    assert "Every Friday at 3:30 PM" in kim.modal(text="Every Friday").text()
    kim.shut()
    kim.types("/digest pause")
    kim.modal(text="Start again on")
    kim.submits()
    kim.modal(text="Paused until")
    kim.shut()
    assert "Stopped. Your topics are remembered." in kim.types("/digest stop").told()
    assert "Every Friday at 3:30 PM" in kim.types("/digest start").told()
    assert "/digest weekly" in kim.types("/digest help").told()
    kim.types("/digest")
    kim.modal(text="Your digest")
    kim.shut()
    assert own_talk.faults() == []


def test_a_lead_names_a_channel_and_reads_skips_or_sends_its_edition(own_talk: Talk) -> None:
    own_talk.names_leads("ada")
    if next_monday(own_talk) - own_talk.bot.clock.now() < timedelta(days=1):
        own_talk.goes_on(timedelta(days=1))  # the suite's day is a Sunday
    suggests(own_talk, "Strips that work")
    publishes(own_talk, "Strips that work")
    ada = own_talk.person("ada")
    assert (
        "This channel gets the digest from now on. Next: Mon"
        in ada.types("/digest here", channel="general").told()
    )
    ada.types("/digest preview")
    ada.modal(text="put together a day ahead")
    ada.shut()
    goes_to(own_talk, next_monday(own_talk) - timedelta(hours=20))
    ada.sees("goes out Mon", in_="dm")
    ada.types("/digest preview")
    ada.modal(text="Strips that work")
    ada.shut()
    assert "Every Monday at 9:00 AM" in ada.types("/digest status").told()
    ada.types("/digest send")
    own_talk.person("kim").sees("Strips that work", in_="general")
    ada.types("/digest skip")
    assert "nothing to skip" in ada.told("nothing to skip")
    assert "no longer gets the digest" in ada.types("/digest not here", channel="general").told()
    assert own_talk.faults() == []
