"""Alerts: two people, once to everybody they are for, ahead of digests, corrected and ended where they stand."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update

from copbot.alerts import jobs, service
from copbot.alerts.tables import AlertRow
from copbot.delivery import service as delivery
from copbot.delivery.tables import BULK, URGENT, MessageRow, MethodRate
from copbot.errors import Conflict, InvalidInput, NotAllowed
from copbot.jobs.tables import JobRow
from copbot.people import service as people
from copbot.program.settings.service import choose
from tests.alerts.kit import HIDDEN, MINUTE, PROFILE, READERS, Desk, refused
from tests.communities.kit import Killed
from tests.days import day
from tests.rows import for_each


def test_an_alert_goes_out_once_when_somebody_else_has_approved_it_inv4(any_desk: Desk) -> None:
    desk = any_desk
    channel = desk.digest_goes_to("general")
    desk.follows("kim", topics=("supply_alert",))
    found = desk.writes()
    desk.works()
    assert "Ravi Tallow wrote this alert. It goes out when somebody else approves it." in desk.card()
    assert "Approve" in desk.card()
    assert desk.posts(channel) == []
    desk.approves(found)
    desk.works()
    for post in (*desk.posts(channel), *desk.shown("kim", "Alert: Dane County")):
        assert all(words in post for words in HIDDEN)
        assert "This is not an emergency line" in post
        assert "911" in post
    assert len(desk.posts(channel)) == len(desk.shown("kim", "Alert: Dane County")) == 1
    assert "Written by Ravi Tallow, approved by Mei Brook. 2 of 2 have it." in desk.card()
    desk.works()
    assert len(desk.posts(channel)) == 1


def test_it_is_not_approved_by_who_wrote_it_and_whoever_changed_it_wrote_it(desk: Desk) -> None:
    found = desk.writes("ravi")
    with refused(NotAllowed, "You wrote this, so somebody else has to approve it"):
        desk.approves(found, "ravi")
    changed = desk.writes("mei", change=found, seen="Xylazine in two samples")
    assert changed.uid == found.uid
    with pytest.raises(NotAllowed):
        desk.approves(changed, "mei")
    assert desk.approves(changed, "ravi").approved_by == desk.slack.user("ravi")


def test_what_was_changed_after_it_was_read_is_not_approved(desk: Desk) -> None:
    found = desk.writes("ravi")
    changed = desk.writes("ravi", change=found, todo="Do not use alone")
    with refused(Conflict, "after you saw it"):
        desk.approves(found, "mei")
    with pytest.raises(Conflict):
        desk.writes("ravi", change=found)
    desk.approves(changed, "mei")


def test_a_second_tap_and_a_second_person_change_nothing_inv3(desk: Desk) -> None:
    channel = desk.digest_goes_to("general")
    found = desk.writes()
    assert desk.approves(found) == desk.approves(found)
    with pytest.raises(Conflict):
        desk.approves(found, "ada")
    assert len(desk.asked(service.SEND)) == 1
    desk.works()
    assert len(desk.posts(channel)) == 1


def test_with_two_staff_the_writer_may_and_it_is_held_ten_minutes_and_says_so(desk: Desk) -> None:
    desk.staff("ada", "ravi", leads=["ada"])
    channel = desk.digest_goes_to("general")
    desk.approves(desk.writes("ravi"), "ravi")
    desk.works()
    assert "ten-minute hold because there are fewer than three staff. It goes out" in desk.card()
    desk.later(minutes=8)
    assert desk.posts(channel) == []
    desk.later(minutes=1)
    assert len(desk.posts(channel)) == 1
    other = desk.approves(desk.writes("ravi"), "ravi")
    desk.works()
    desk.ends(other, "ada")
    desk.later(hours=1)
    assert len(desk.posts(channel)) == 1
    assert "It was withdrawn" in desk.card()


def test_withdrawn_between_approval_and_the_job_it_is_sent_to_nobody(desk: Desk) -> None:
    desk.staff("ada", "ravi", leads=["ada"])
    channel = desk.digest_goes_to("general")
    found = desk.approves(desk.writes("ravi"), "ravi")
    desk.ends(found, "ravi")
    desk.works()
    desk.later(hours=1)
    assert desk.posts(channel) == []
    with refused(Conflict, "has ended already"):
        desk.ends(found)


@for_each(
    ("more", "field"),
    [
        ({"seen": " \u200b"}, "seen"),
        ({"source": ""}, "source"),
        ({"todo": ""}, "todo"),
        ({"topics": []}, "topics"),
        ({"until": day(-1)}, "until"),
        ({"until": day(31)}, "until"),
        ({"until": ""}, "until"),
        ({"until": "soon"}, "until"),
    ],
)
def test_what_is_missing_or_too_long_ahead_is_said_at_its_field(
    desk: Desk, more: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        desk.writes(**more)
    assert set(refused.value.fields) == {field}
    assert desk.messages(service.CARD) == []


def test_members_get_it_who_chose_a_digest_on_these_topics_and_areas(desk: Desk) -> None:
    south = PROFILE.region_of("wi-dane")
    assert south
    desk.follows("kim", topics=("supply_alert",), areas=("wi-dane",))
    desk.follows("juno", topics=("naloxone",))
    desk.follows("noor", areas=(south,))
    desk.follows("lou", areas=("wi-milwaukee",))
    desk.follows("ines")
    found = desk.sends()
    assert found.members == 3
    assert {row.destination for row in desk.messages(service.ALERT)} == {
        desk.slack.user(each) for each in ("kim", "noor", "ines")
    }
    desk.stops("ines")
    assert desk.sends().members == 2


def test_channels_are_those_of_communities_on_the_topic_and_where_the_digest_goes_each_once(
    desk: Desk,
) -> None:
    on_topic, other = desk.channel_id("supply"), desk.channel_id("housing-talk")
    desk.wants("supply", topics=["supply_alert"], channel=on_topic)
    desk.wants("housing-talk", topics=["housing"], channel=other)
    general = desk.digest_goes_to("general")
    desk.digest_goes_to("supply")
    desk.sends()
    assert [len(desk.posts(each)) for each in (on_topic, general, other)] == [1, 1, 0]


def test_it_goes_before_every_digest_that_waits(desk: Desk) -> None:
    desk.follows("kim")
    found = desk.approves(desk.writes())
    with desk.store.writing() as session:
        for number in range(30):
            delivery.say(
                session, "digests.personal", f"personal:{number}", to=desk.slack.user("juno"),
                key=f"waiting:{number}", now=desk.clock.now() - MINUTE,
            )  # fmt: skip
    desk.works(deliver=False)
    desk.sender.turn()
    desk.sender.turn()
    states = {row.kind: row.state for row in desk.messages(service.ALERT)}
    assert states == {service.ALERT: "shown"}
    assert {row.state for row in desk.messages("digests.personal")} == {"due"}
    assert found.members == 1


def test_a_correction_is_a_new_post_first_and_then_the_copies_change_unhurried(desk: Desk) -> None:
    channel = desk.digest_goes_to("general")
    desk.follows("kim")
    found = desk.sends()
    desk.corrects(found, "It was xylazine after all")
    desk.works(deliver=False)
    [new] = {row.rank for row in desk.messages(service.CORRECTION)}
    [old] = {row.rank for row in desk.messages(service.ALERT)}
    assert (new, old) == (URGENT, BULK)
    while any(row.ts is None for row in desk.messages(service.CORRECTION)):
        assert {row.shown for row in desk.messages(service.ALERT)} == {1}
        desk.sender.turn()
    first, correction = desk.posts(channel)
    assert "Correction. Alert: Dane County" in correction
    for post in (first, correction):
        assert "It was xylazine after all" in post
        assert not any(words in post for words in HIDDEN)
    assert "Corrected. Alert: Dane County" in first
    assert "2 of 2 have the correction. Earlier copies: 2 of 2 updated." in desk.card()
    desk.corrects(found, "Both, in one sample each")
    desk.works()
    posts = desk.posts(channel)
    assert len(posts) == 3
    assert all("Both, in one sample each" in post and "xylazine after all" not in post for post in posts)


def test_the_lead_reads_how_many_copies_are_updated_and_how_long_the_rest_takes(desk: Desk) -> None:
    handles = ("kim", "juno", "noor", "lou", "ines")
    for handle in handles:
        desk.follows(handle)
    found = desk.sends()
    desk.corrects(found, "It was xylazine after all")
    desk.works(deliver=False)
    with desk.store.writing() as session:  # the share of edits that nobody waits for is used up for now
        row = session.scalars(select(MethodRate).where(MethodRate.method == "chat.update")).one_or_none()
        if row is None:
            row = MethodRate(method="chat.update", rate=50.0)
            session.add(row)
        session.flush()
        session.execute(update(MethodRate).values(free_at=2**40))
    while desk.sender.turn():
        pass
    with desk.store.reading() as session:
        told = delivery.progress(session, service.ALERT, f"alert:{found.uid}")
    assert (told.done, told.of, told.seconds) == (0, 5, 5 * 60 / 25)
    desk.later(minutes=1)
    while desk.sender.turn():
        pass
    state = desk.slack.world.state.channels[desk.room]
    assert "5 of 5 have the correction. Earlier copies: 0 of 5 updated, about 1 minute left." in str(
        list(state.messages.values())[-1]
    )


def test_on_its_day_it_ends_everywhere_and_holds_no_advice_any_more(desk: Desk) -> None:
    channel = desk.digest_goes_to("general")
    found = desk.sends()
    desk.corrects(found, "It was xylazine after all")
    desk.works()
    desk.week_passes()
    for post in desk.posts(channel):
        assert "Ended. Alert: Dane County" in post
        assert "It is no longer current" in post
        assert not any(words in post for words in (*HIDDEN, "xylazine"))
    assert len(desk.posts(channel)) == 2
    assert "It has ended." in desk.card()
    with pytest.raises(Conflict):
        desk.corrects(found, "Too late")


def test_a_lead_ends_it_before_its_day_and_nobody_else_can(desk: Desk) -> None:
    channel = desk.digest_goes_to("general")
    found = desk.sends()
    with refused(NotAllowed, "Only a lead"):
        desk.ends(found, "ravi")
    desk.ends(found, "ada")
    [post] = desk.posts(channel)
    assert "Ended. Alert" in post


def test_what_could_not_be_sent_before_its_end_is_not_sent_at_all(desk: Desk) -> None:
    channel = desk.digest_goes_to("general")
    desk.approves(desk.writes())
    desk.works(deliver=False)  # down for more than a week
    desk.week_passes()
    assert desk.posts(channel) == []


def test_one_that_nobody_approves_says_so_and_cannot_be_approved_later(desk: Desk) -> None:
    found = desk.writes()
    desk.week_passes()
    assert "Nobody approved it before its last day" in desk.card()
    with refused(Conflict, "last day"):
        desk.approves(found)


def test_who_comes_after_it_went_out_gets_neither_it_nor_its_correction(desk: Desk) -> None:
    desk.digest_goes_to("general")
    found = desk.sends()
    desk.follows("kim")
    desk.corrects(found, "It was xylazine after all")
    desk.works()
    assert desk.shown("kim", "Alert") == []


@pytest.mark.parametrize("cut", range(1, 8))
def test_killed_anywhere_each_place_has_it_once_inv5(desk: Desk, cut: int) -> None:
    channels = [desk.digest_goes_to(name) for name in ("general", "news", "talk")]
    desk.follows("kim")
    desk.approves(desk.writes())
    desk.slack.kill = (len(desk.slack.calls) + cut, cut % 2 == 0)
    try:
        desk.works()
    except Killed:
        desk.restarts()
    desk.slack.kill = None
    desk.works()
    desk.later(minutes=5)
    for channel in channels:
        assert len(desk.posts(channel)) == 1
    assert len(desk.shown("kim", "Alert: Dane County")) == 1


def test_cut_off_between_batches_the_job_runs_again_and_doubles_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 1)
    for handle in ("kim", "juno", "noor"):
        desk.follows(handle)
    found = desk.approves(desk.writes())
    [args] = desk.asked(service.SEND)
    work = desk.work(args)
    with desk.store.writing() as session:
        service.say_to(session, found.uid, 0, [desk.slack.user("kim")], now=desk.clock.now())
    assert len(desk.messages(service.ALERT)) == 1
    jobs.send(READERS, work)
    jobs.send(READERS, work)
    assert len(desk.messages(service.ALERT)) == 3


def test_no_text_stands_in_jobs_messages_or_what_metadata_carries_inv8(desk: Desk) -> None:
    desk.digest_goes_to("general")
    found = desk.approves(desk.writes())
    with desk.store.reading() as session:
        rows = [*session.scalars(select(JobRow)), *session.scalars(select(MessageRow))]
        stored = str([vars(row) for row in rows])
    assert found.uid in stored
    assert not any(words in stored for words in HIDDEN)


def test_staff_see_person_first_words_while_they_can_still_change_it(desk: Desk) -> None:
    channel = desk.digest_goes_to("general")
    found = desk.writes(seen="Two addicts got sick")
    assert "Instead of “addicts”, consider: person who uses drugs" in desk.card()
    desk.approves(found)
    desk.works()
    assert "Instead of" not in desk.card()
    assert "Instead of" not in desk.posts(channel)[0]


def test_a_new_name_is_followed_on_the_card(desk: Desk) -> None:
    found = desk.approves(desk.writes())
    desk.delivers()
    seen = {**desk.slack.world.state.users[found.by], "real_name": "Ravi Newname"}
    seen["profile"] = {**seen["profile"], "real_name": "Ravi Newname", "display_name": "Ravi Newname"}
    with desk.store.writing() as session:
        people.learn(session, [seen], home_team=seen["team_id"], now=desk.clock.now())
    [args] = desk.asked(people.RENAMED)
    renamed = next(each for each in jobs.jobs(READERS) if each.after == people.RENAMED)
    assert renamed.run(desk.work(args)) == {"redrawn": 1}
    assert "Written by Ravi Newname" in desk.posts(desk.room)[-1]


def test_its_text_goes_a_year_after_its_end(desk: Desk) -> None:
    retention = AlertRow.__retention__
    desk.digest_goes_to("general")
    found = desk.sends()
    desk.week_passes()
    desk.later(days=366)
    with desk.store.writing() as session:
        old = session.scalars(select(AlertRow).where(retention.rows(desk.clock.now() - retention.age)))  # type: ignore[union-attr]
        assert [row.uid for row in old] == [found.uid]
        session.execute(delete(AlertRow))
        delivery.refresh(session, f"alert:{found.uid}", now=desk.clock.now())
    desk.delivers()
    states = {row.state for kind in (service.ALERT, service.CARD) for row in desk.messages(kind)}
    assert states == {"nothing"}


def test_without_a_staff_channel_nobody_could_approve_and_the_writer_is_told(desk: Desk) -> None:
    with desk.store.writing() as session:
        choose(session, "staff_channel", "", by="x", now=desk.clock.now())
    with refused(Conflict, "staff channel"):
        desk.writes()
