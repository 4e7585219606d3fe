"""What Slack tells of our own messages and channels: each is looked after, whichever way it comes."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from copbot.assistance.tables import RequestRow
from copbot.delivery import service as delivery
from copbot.jobs.tables import JobRow
from tests.dialogs.kit import Talk
from tests.waiting import eventually


def stands(talk: Talk) -> bool:
    with talk.bot.store.reading() as session:
        return delivery.posted(session, "request.notice", "request:1") is not None


def test_a_notice_with_replies_that_is_deleted_is_posted_anew_inv10(own_talk: Talk) -> None:
    number = own_talk.asks("kim")
    notice = own_talk.notice(number)
    eventually(lambda: stands(own_talk), "the bot to know where it stands")
    ravi = own_talk.person("ravi")
    ravi.says("I know them.", in_="ta-staff", thread=notice)
    own_talk.ws.admin.invite("lou", "ta-staff")
    own_talk.person("lou").deletes(notice)  # an administrator may

    def anew() -> bool:
        ours = [each for each in own_talk.room().messages() if number in each.text()]
        return [each.ts != notice.ts for each in ours] == [True]

    eventually(anew, "the notice to stand again")
    ravi.presses("Take", number)
    own_talk.notice(number, "Taken")
    assert own_talk.count(RequestRow) == 1


def test_a_message_that_somebody_only_edits_brings_nothing(own_talk: Talk) -> None:
    number = own_talk.asks("kim")
    own_talk.notice(number)
    ravi = own_talk.person("ravi")
    said = ravi.says(f"{number} looks easy.", in_="ta-staff")
    ravi.edits(said, f"{number} looks hard.")
    own_talk.ws.settled()
    assert [number in each.text() for each in own_talk.room().messages()] == [True, True]


@pytest.mark.parametrize("kind", ["group_left", "channel_left"])
def test_taken_out_of_the_staff_channel_the_app_looks_at_it_again_at_once_inv10(
    talk: Talk, kind: str
) -> None:
    moment = {"group_left": "1795450000.1", "channel_left": "1795450000.2"}[kind]
    event = {"type": kind, "channel": talk.room().id, "actor_id": "U0ANY", "event_ts": moment}
    body = {"type": "event_callback", "event_id": f"Ev{kind}", "team_id": "T0SANDBOX1", "event": event}
    assert talk.ws.faults.raw(body, kind="events_api")["acked"]
    with talk.bot.store.reading() as session:
        asked = select(JobRow.name).where(JobRow.key.endswith(moment))
        assert session.execute(asked).scalars().all() == ["people.staff_reread"]
