"""Editions to channels: at their hour, once, the preview as the post, honest when there is nothing."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from copbot.communities import tables as communities
from copbot.communities.news import service as news
from copbot.digests.editions import placing, preview, service
from copbot.digests.rules import schedule_of
from copbot.errors import Conflict, InvalidInput, NotAllowed
from copbot.program.settings.service import choose
from tests.digests.kit import PROFILE, Reading, asks, shares

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def test_each_chosen_channel_gets_one_post_at_nine_on_monday_and_never_two_inv4(reading: Reading) -> None:
    first, second = reading.here("general"), reading.here("news")
    other = reading.channel_id("quiet")
    reading.publishes("Test strips in six steps")
    slot = reading.slot()
    assert slot.astimezone(ZoneInfo(PROFILE.time_zone)).strftime("%a %H:%M") == "Mon 09:00"
    reading.goes_to(slot - 23 * HOUR)
    reading.goes_to(slot - MINUTE)
    assert reading.posts(first) == []
    for after in (0 * MINUTE, MINUTE, 10 * MINUTE, 2 * HOUR):
        reading.goes_to(slot + after)
        assert len(reading.posts(first)) == len(reading.posts(second)) == 1
    assert "Test strips in six steps" in reading.posts(first)[0]
    assert reading.posts(other) == []
    assert [each.state for each in reading.editions()] == ["sent"]


def test_the_preview_of_an_edition_is_what_is_posted_item_by_item(reading: Reading) -> None:
    channel = reading.here("general")
    for n in range(14):
        reading.publishes(f"Resource number {n}")
    reading.goes_to(reading.slot() - 23 * HOUR)
    [before] = reading.editions()
    titles = [item.resource.title for item in before.shown]
    reading.publishes("Added after it was composed")
    reading.week()
    root, thread = reading.posts(channel)
    assert [title for title in titles if f"|{title}>" in root] == titles[:10]
    assert [title for title in titles if f"|{title}>" in thread] == titles[10:]
    assert "Added after" not in root + thread
    assert "4 more items" in root


def test_nothing_new_is_not_posted_and_the_lead_reads_why_and_when_the_next_one_comes(
    reading: Reading,
) -> None:
    channel = reading.here("general")
    reading.week()
    assert reading.posts(channel) == []
    [told] = reading.shown("ada", "wasn't sent")
    assert "nothing new" in told
    assert "Next: Mon" in told
    reading.week()
    reading.week()
    assert "Make it monthly" in reading.shown("ada", "wasn't sent")[-1]


def test_a_lead_of_many_channels_reads_in_one_message_of_a_day_which_digests_were_not_sent(
    reading: Reading,
) -> None:
    reading.here("general")
    names = [f"circle-{number}" for number in range(23)]
    for name in names:
        reading.wants(name, channel=reading.channel_id(name))
    reading.week()
    [told] = reading.shown("ada", "wasn't sent")
    assert "24 digests weren't sent" in told
    assert (told.count("wasn't sent: nothing new"), "And 4 more." in told) == (20, True)
    reading.week()
    assert len(reading.shown("ada", "wasn't sent")) == 2


def test_a_lead_of_many_channels_reads_a_day_ahead_in_one_message_what_goes_out(reading: Reading) -> None:
    names = [f"circle-{number}" for number in range(23)]
    for name in names:
        reading.wants(name, channel=reading.channel_id(name))
    reading.publishes("Test strips")
    reading.goes_to(reading.slot() - 23 * HOUR)
    [told] = reading.shown("ada", "goes out")
    assert "23 digests" in told
    assert (told.count("See it"), told.count("goes out Mon"), "And 3 more." in told) == (20, 20, True)
    with reading.store.reading() as session:
        digest = placing.find(session, "community:1", PROFILE, reading.clock.now())
        assert digest is not None
        [edition] = service.newest(session, digest, PROFILE, reading.clock.now(), 1)
    with reading.store.writing() as session:
        service.skip(session, edition.uid, "Holiday", person=reading.lead, now=reading.clock.now())
    [told] = reading.shown("ada", "goes out")
    assert told.count("was skipped: Holiday") == 1
    reading.week()
    assert reading.shown("ada", "wasn't sent") == []


def test_the_next_week_leaves_out_what_the_channel_had_and_says_what_was_updated(reading: Reading) -> None:
    channel = reading.here("general")
    strips, kits = reading.publishes("Test strips"), reading.publishes("Naloxone kits")
    reading.week()
    reading.changes(strips, summary="Now with pictures")
    reading.publishes("Wound care")
    reading.week()
    [_, second] = reading.posts(channel)
    assert "Wound care" in second
    assert "Updated" in second
    assert kits.title not in second


def test_what_is_past_its_review_is_held_back_and_the_lead_is_told(reading: Reading) -> None:
    channel = reading.here("general")
    long_ago = reading.clock.now().date() - timedelta(days=30)
    reading.publishes("Old list", review_by=long_ago)
    reading.publishes("Fresh list")
    reading.week()
    assert "Old list" not in reading.posts(channel)[0]
    assert "Held back" in reading.shown("ada", "Fresh list")[0]


def test_after_an_hour_down_it_is_sent_once_and_after_two_days_not_at_all(reading: Reading) -> None:
    channel = reading.here("general")
    reading.publishes("Test strips")
    slot = reading.slot()
    reading.goes_to(slot + 90 * MINUTE)  # nothing ran since the lead named the channel
    reading.goes_to(slot + 2 * HOUR)
    assert len(reading.posts(channel)) == 1
    reading.publishes("Wound care")
    reading.goes_to(reading.slot() + 50 * HOUR)
    reading.goes_to(reading.clock.now() + HOUR)
    assert len(reading.posts(channel)) == 1
    [told] = reading.shown("ada", "wasn't sent")
    assert "was not running" in told
    assert "Next: Mon" in told


def test_composed_and_then_down_past_its_day_it_is_not_sent_late(reading: Reading) -> None:
    channel = reading.here("general")
    reading.publishes("Test strips")
    slot = reading.slot()
    reading.goes_to(slot - 23 * HOUR)
    reading.goes_to(slot + 30 * HOUR)
    assert reading.posts(channel) == []
    assert reading.editions()[0].state == "skipped"
    reading.week()
    assert "Test strips" in reading.posts(channel)[0]


def test_a_resource_that_is_retired_before_the_slot_is_dropped_and_the_lead_sees_it(reading: Reading) -> None:
    channel = reading.here("general")
    gone = reading.publishes("Closed clinic")
    reading.publishes("Test strips")
    slot = reading.slot()
    reading.goes_to(slot - 23 * HOUR)
    reading.later(minutes=1)
    reading.retires(gone)
    reading.goes_to(slot)
    assert "Closed clinic" not in reading.posts(channel)[0]
    assert "no longer in the library" in reading.shown("ada", "Test strips")[-1]


def test_a_correction_reaches_what_was_posted(reading: Reading) -> None:
    channel = reading.here("general")
    found = reading.publishes("Test strips")
    reading.week()
    reading.later(minutes=5)
    reading.changes(found, summary="Corrected: store them dry")
    reading.goes_to(reading.clock.now() + 10 * MINUTE)
    [post] = reading.posts(channel)
    assert "Corrected: store them dry" in post


def test_news_withdrawn_after_it_was_posted_is_taken_out_of_the_post(reading: Reading) -> None:
    channel = reading.here("general")
    reading.publishes("Test strips")
    reading.later(minutes=1)
    uid = shares(reading, "We open on Sunday.")
    reading.week()
    assert "We open on Sunday." in reading.posts(channel)[0]
    reading.later(minutes=5)
    with reading.store.writing() as session:
        news.withdraw(session, uid, now=reading.clock.now())
    reading.goes_to(reading.clock.now() + 10 * MINUTE)
    [post] = reading.posts(channel)
    assert "We open on Sunday." not in post
    assert "Test strips" in post


def test_a_lead_edits_an_edition_until_it_is_sent(reading: Reading) -> None:
    channel = reading.here("general")
    one, _two, three = (reading.publishes(title) for title in ("One", "Two", "Three"))
    slot = reading.slot()
    reading.goes_to(slot - 23 * HOUR)
    [found] = reading.editions()
    with reading.store.writing() as session:
        service.edit(
            session, found.uid, kept=[one.uid, three.uid], first=one.uid, added=[], note="Hello all",
            seen=found.version, person=reading.lead, now=reading.clock.now(),
        )  # fmt: skip
    with reading.store.writing() as session, pytest.raises(Conflict):
        service.edit(
            session, found.uid, kept=[], first="", added=[], note="", seen=found.version, person=reading.lead,
            now=reading.clock.now(),
        )  # fmt: skip
    reading.goes_to(slot)
    [post] = reading.posts(channel)
    assert post.index("|One>") < post.index("|Three>")
    assert "|Two>" not in post
    assert "Hello all" in post
    with reading.store.writing() as session, pytest.raises(Conflict):
        service.skip(session, found.uid, "late", person=reading.lead, now=reading.clock.now())


def test_a_skipped_edition_says_why_and_is_not_sent(reading: Reading) -> None:
    channel = reading.here("general")
    reading.publishes("Test strips")
    slot = reading.slot()
    reading.goes_to(slot - 23 * HOUR)
    [found] = reading.editions()
    with reading.store.writing() as session, pytest.raises(InvalidInput):
        service.skip(session, found.uid, " ", person=reading.lead, now=reading.clock.now())
    with reading.store.writing() as session:
        service.skip(session, found.uid, "Holiday week", person=reading.lead, now=reading.clock.now())
    reading.goes_to(slot + HOUR)
    assert reading.posts(channel) == []
    assert "Holiday week" in reading.shown("ada", "skipped")[0]


def test_the_command_line_shows_the_edition_that_will_be_sent(reading: Reading) -> None:
    def shown() -> str:
        with reading.store.reading() as session:
            return preview.as_text(session, PROFILE, reading.clock.now())

    assert "No channel gets the digest yet" in shown()
    reading.here("general")
    assert "nothing new" in shown()
    reading.publishes("Test strips")
    reading.later(minutes=1)
    assert "1. Test strips" in shown()
    reading.goes_to(reading.slot() - 23 * HOUR)
    reading.publishes("Too late for this one")
    assert "1. Test strips" in shown()
    assert "Too late" not in shown()


def test_sent_now_is_sent_once(reading: Reading) -> None:
    channel = reading.here("general")
    reading.publishes("Test strips")
    slot = reading.slot()
    reading.goes_to(slot - 23 * HOUR)
    [found] = reading.editions()
    with reading.store.writing() as session:
        service.send_now(session, found.uid, person=reading.lead, now=reading.clock.now())
    reading.delivers()
    assert len(reading.posts(channel)) == 1
    reading.goes_to(slot + HOUR)
    assert len(reading.posts(channel)) == 1


@pytest.mark.parametrize(
    ("approval", "approved", "sent"), [("hold", False, 0), ("hold", True, 1), ("send", False, 1)]
)
def test_with_approval_an_edition_waits_for_a_lead_as_the_program_says(
    reading: Reading, approval: str, approved: bool, sent: int
) -> None:
    channel = reading.here("general")
    with reading.store.writing() as session:
        placing.choose_approval(session, approval, person=reading.lead, now=reading.clock.now())
    reading.publishes("Test strips")
    slot = reading.slot()
    reading.goes_to(slot - 23 * HOUR)
    if approved:
        with reading.store.writing() as session:
            service.approve(session, reading.editions()[0].uid, person=reading.lead, now=reading.clock.now())
    reading.goes_to(slot)
    reading.goes_to(slot + HOUR)
    assert len(reading.posts(channel)) == sent
    if not sent:
        assert "nobody approved it" in reading.shown("ada", "wasn't sent")[0]


def test_a_changed_schedule_never_sends_twice_in_a_week(reading: Reading) -> None:
    channel = reading.here("general")
    reading.publishes("Test strips")
    reading.week()
    with reading.store.writing() as session:
        schedule = schedule_of(PROFILE.time_zone, "weekly", 4, "15:00")
        how = {"person": reading.lead, "profile": PROFILE, "now": reading.clock.now()}
        placing.reschedule(session, "program", schedule, active=True, **how)
    reading.publishes("Wound care")
    for _ in range(5):
        reading.goes_to(reading.clock.now() + 24 * HOUR)
    assert len(reading.posts(channel)) == 1


def test_no_channel_named_is_told_to_the_lead_once(reading: Reading) -> None:
    reading.publishes("Test strips")
    reading.week()
    reading.week()
    assert len(reading.told("ada", "No channel gets the weekly digest yet")) == 1


def test_a_communitys_digest_holds_its_topics_and_stops_when_it_is_switched_off(reading: Reading) -> None:
    channel = reading.channel_id("drug-checking")
    ident = reading.wants("drug-checking", channel=channel, topics=["drug_checking"])
    reading.publishes("Test strips", topics=("drug_checking",))
    reading.publishes("Housing list", topics=("housing",))
    reading.week()
    [post] = reading.posts(channel)
    assert "Test strips" in post
    assert "Housing list" not in post
    with reading.store.writing() as session:
        from copbot.communities.tables import CommunityRow

        session.get_one(CommunityRow, ident).digest = False
    reading.publishes("Spectrometers", topics=("drug_checking",))
    reading.week()
    assert len(reading.posts(channel)) == 1


def test_an_edition_holds_news_and_how_many_questions_wait_and_news_is_said_once(reading: Reading) -> None:
    general = reading.here("general")
    peers = reading.channel_id("peers")
    asks(reading, reading.wants("peers", channel=peers), 3)
    reading.later(minutes=1)
    uid = shares(reading, "We opened a <drop-in>.")
    gone = shares(reading, "Never mind.")
    with reading.store.writing() as session:
        choose(session, "workspace_url", "https://commons.example.org/", by="", now=reading.clock.now())
    reading.week()
    with reading.store.writing() as session:
        news.withdraw(session, gone, now=reading.clock.now())
    [post] = reading.posts(general)
    assert "What we have been up to" in post
    assert "We opened a" in post
    assert f"|3 questions> in <#{peers}>" in post
    assert f"archives/{peers}/p1700000000000100" in post
    [edition] = reading.editions()
    assert [each.uid for each in edition.extras.news] == [uid]
    reading.week()
    assert len(reading.posts(general)) == 1


def test_a_communitys_own_lead_presses_for_its_edition_and_for_no_other(reading: Reading) -> None:
    channel = reading.channel_id("peers")
    reading.wants("peers", channel=channel, lead=reading.slack.user("kim"))
    reading.here("general")
    reading.publishes("Test strips")
    reading.goes_to(reading.slot() - timedelta(hours=23))
    assert len(reading.told("kim", "goes out")) == 1
    assert len(reading.told("ada", "goes out")) == 1  # the program's; the community has a lead of its own
    with reading.store.reading() as session:
        digests = placing.all_digests(session, PROFILE, reading.clock.now())
        own, program = (
            service.newest(session, each, PROFILE, reading.clock.now(), 1)[0].uid
            for each in sorted(digests, key=lambda each: each.owner)
        )
    kim, now = reading.person("kim"), reading.clock.now()
    with pytest.raises(NotAllowed), reading.store.writing() as session:
        service.skip(session, program, "no", person=kim, now=now)
    with pytest.raises(NotAllowed), reading.store.writing() as session:
        service.send_now(session, own, person=reading.person("juno"), now=now)
    with reading.store.writing() as session:
        service.send_now(session, own, person=kim, now=now)
    assert len(reading.posts(channel)) == 1


def test_past_editions_are_found_by_whoever_may_read_them(reading: Reading) -> None:
    reading.here("general")
    channel = reading.channel_id("leads-only")
    ident = reading.wants("leads-only", channel=channel, private=True)
    with reading.store.writing() as session:
        communities.add_members(session, ident, [reading.slack.user("kim")])
    reading.publishes("Test strips")
    reading.week()

    def seen(who: str) -> int:
        with reading.store.reading() as session:
            return len(service.past(session, PROFILE, reading.clock.now(), person=reading.person(who)))

    assert (seen("kim"), seen("juno")) == (2, 1)


def test_who_said_that_no_channel_is_to_get_it_is_not_told_how(reading: Reading) -> None:
    reading.publishes("Test strips")
    with reading.store.writing() as session:
        placing.want_nowhere(session, person=reading.lead, now=reading.clock.now())
    reading.week()
    assert reading.told("ada", "No channel gets") == []
