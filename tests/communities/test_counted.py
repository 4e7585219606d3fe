"""Questions nobody answers, and what is counted by week: business days, whole weeks, people only."""

from __future__ import annotations

from sqlalchemy import select

from copbot.communities import rules
from copbot.communities.activity import service as activity
from copbot.communities.channels import jobs as channel_jobs
from copbot.communities.channels import service as channel_sync
from copbot.communities.tables import QuestionRow, WeekRow
from copbot.sandbox import membership
from copbot.sandbox.posting import post, user_message
from tests.communities.kit import Commons
from tests.communities.test_watched import channel_of, opened, says
from tests.days import day, monday, to_monday, to_plain_monday


def weeks(commons: Commons) -> list[tuple[str, int]]:
    with commons.store.reading() as session:
        rows = session.scalars(select(WeekRow).order_by(WeekRow.week))
        return [(str(row.week), row.posts) for row in rows]


def unanswered(commons: Commons) -> int:
    return int(commons.does("communities.watch")["unanswered"])


def test_one_business_day_is_too_soon_and_a_weekend_does_not_count(commons: Commons) -> None:
    opened(commons)
    commons.later(days=to_plain_monday() + 4)  # a Friday
    says(commons, "kim", "Where do others get lockboxes?")
    assert unanswered(commons) == 0
    for days, due in ((2, 0), (1, 0), (1, 1)):
        commons.later(days=days, minutes=1)
        assert unanswered(commons) == due


def test_an_answer_takes_the_reminder_back(commons: Commons) -> None:
    opened(commons)
    commons.later(days=to_plain_monday())
    asked = says(commons, "kim", "Where do others get lockboxes?")
    commons.does("communities.watch")
    commons.later(days=2, hours=1)
    assert unanswered(commons) == 1
    assert commons.shown("ada", "no answer")
    says(commons, "juno", "From the county.", thread=asked)
    commons.does("communities.watch")
    assert commons.shown("ada", "no answer") == []


def test_a_question_that_has_its_answer_when_first_seen_is_not_kept(commons: Commons) -> None:
    opened(commons)
    says(commons, "juno", "From the county.", thread=says(commons, "kim", "Where do others get lockboxes?"))
    commons.does("communities.watch")
    with commons.store.reading() as session:
        assert session.scalars(select(QuestionRow)).all() == []


def test_a_week_is_counted_whole_or_not_at_all_however_often_it_is_read(commons: Commons) -> None:
    opened(commons)
    commons.later(days=to_monday())
    says(commons, "kim", "On Monday.")
    commons.later(days=1)
    says(commons, "kim", "On Tuesday.")
    assert commons.does("communities.watch")
    for days in (20, 1):
        commons.later(days=days, hours=1)
        commons.does("communities.watch")
        assert weeks(commons) == [(day(to_monday()), 2)]
    commons.later(days=14)
    commons.does("communities.watch")
    assert weeks(commons) == [(day(to_monday()), 2)], "out of sight: the old number stands"


def test_other_apps_and_comings_and_goings_are_no_posts(commons: Commons) -> None:
    opened(commons)
    channel, world = channel_of(commons), commons.slack.world
    membership.join(world, channel, commons.slack.user("juno"))
    message = user_message(world, world.state.users[commons.slack.user("kim")], "A poll?")
    post(world, channel, message | {"bot_id": "B0OTHER", "subtype": "bot_message"})
    post(world, channel, message | {"bot_id": "B0OTHER"})
    says(commons, "kim", "Hello.")
    commons.does("communities.watch")
    assert weeks(commons) == [(monday(), 1)]


def test_one_channel_that_cannot_be_read_does_not_keep_the_others_from_being_read(commons: Commons) -> None:
    opened(commons, "alpha")
    opened(commons, "beta")
    says(commons, "kim", "Hello.", name="beta")
    membership.join(commons.slack.world, channel_of(commons, "beta"), commons.slack.user("kim"))
    commons.slack.refuses("conversations.history", "channel_not_found")
    commons.slack.refuses("conversations.members", "channel_not_found")
    commons.does("communities.watch")
    assert weeks(commons) == [(monday(), 1)]
    assert commons.does("communities.reconcile")["joined"] == 2, "kim, and the lead"


def test_the_lead_hears_of_a_change_also_when_it_is_that_the_channel_is_gone(commons: Commons) -> None:
    ident = opened(commons)
    commons.slack.world.state.forget_channel(str(commons.row(ident).channel))
    with commons.store.reading() as session:
        known = channel_sync.known(session)
    assert [change.what for change in rules.changes(known, [])] == ["gone"]
    assert channel_jobs.follow(commons.work(), []) == 1
    assert commons.shown("ada", "has no channel anymore")


def test_what_is_settled_before_it_is_due_is_nobodys_task(commons: Commons) -> None:
    opened(commons)
    says(commons, "kim", "Where do others get lockboxes?")
    commons.does("communities.watch")
    with commons.store.writing() as session:
        activity.settle(session, 1, person=commons.person("ada"), now=commons.clock.now())
    commons.later(days=2, hours=1)
    assert unanswered(commons) == 0
