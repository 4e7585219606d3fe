"""Feedback: asked once, kept without a name, shown in batches of five."""

from __future__ import annotations

from sqlalchemy import inspect, text

from copbot.assistance.workflow import service as workflow
from copbot.delivery.tables import MessageRow
from copbot.followup import listeners
from copbot.followup.tables import FeedbackAskedRow, FeedbackRow
from copbot.slack.entrances import Call
from copbot.slack.tables import Claim
from copbot.store import Store
from copbot.store.journal import JournalRow
from tests.communities.kit import PROFILE
from tests.followup.kit import Afterwards, text_of

GOOD = {"useful": "yes", "timely": "partly", "will_use": "yes", "comment": ""}


def answers(room: Afterwards, ident: int, who: str = "kim", **more: str) -> str:
    form = room.opens(who, "followup.open_rate", room.request(ident).uid)
    return text_of(room.sends(who, form, **{**GOOD, **more}))


def leads_home(room: Afterwards) -> str:
    with room.store.reading() as session:
        return str(listeners.came_of_it(Call(session, room.person("ada"), room.clock.now(), PROFILE)))


def asked(room: Afterwards, who: str = "kim") -> list[str]:
    return room.told(who, "How did it go")


def test_the_requester_is_asked_once_at_ten_on_the_next_open_day(any_room: Afterwards) -> None:
    room = any_room
    room.is_at(0, 9, 50)
    room.done()
    room.is_at(0, 10, 5)
    assert asked(room) == []
    room.is_at(1, 10)
    assert asked(room) == ["How did it go with TA-1001 (Wound care)?"]
    for day in (1, 2, 13):
        room.is_at(day, 11)
    assert len(asked(room)) == 1


def test_nobody_is_asked_on_a_weekend_or_at_night_and_after_downtime_once(room: Afterwards) -> None:
    room.is_at(4, 16)
    room.done()
    for day, hour in ((5, 10), (6, 12), (7, 6), (7, 23)):
        room.is_at(day, hour)
        assert asked(room) == []
    room.is_at(8, 17)
    room.is_at(9, 10)
    assert len(asked(room)) == 1


def test_what_is_open_again_by_then_is_not_asked_about_until_it_is_done(room: Afterwards) -> None:
    ident = room.done()
    room.is_at(0, 15)
    room.does(workflow.reopen, "kim", ident, why="One more thing.")
    room.is_at(1, 10)
    assert asked(room) == []
    room.does(workflow.done, "ravi", ident, given="More.")
    room.is_at(1, 17)
    assert asked(room) == []
    room.is_at(2, 10)
    assert len(asked(room)) == 1


def test_a_question_that_was_said_and_not_sent_before_a_reopening_comes_after_the_next_done(
    room: Afterwards,
) -> None:
    ident = room.done()
    room.is_at(1, 10)
    room.does(workflow.reopen, "kim", ident, why="One more thing.")
    assert asked(room) == []
    room.does(workflow.done, "ravi", ident, given="More.")
    room.delivers()
    assert asked(room) == []
    room.is_at(2, 10)
    assert len(asked(room)) == 1


def test_somebody_with_several_requests_is_asked_about_one_a_day(room: Afterwards) -> None:
    room.done("juno")
    for _ in range(3):
        room.done("kim")
    for day, many in ((1, 1), (2, 2), (3, 3), (4, 3)):
        room.is_at(day, 10)
        assert len(asked(room)) == many
    assert len(asked(room, "juno")) == 1


def test_what_came_another_way_is_not_asked_about(room: Afterwards) -> None:
    room.set(room.done("kim"), source="phone")
    room.set(room.done("juno"), import_id=1)
    room.set(room.done("noor"), owner_id=None)
    room.is_at(1, 10)
    assert [len(asked(room, who)) for who in ("kim", "juno", "noor")] == [0, 0, 1]


def test_nobody_is_asked_who_left_or_withdrew_or_helped_themselves(room: Afterwards) -> None:
    room.done()
    room.does(workflow.withdraw, "juno", room.asks("juno"))
    room.done("ravi", by="ravi")
    gone = room.slack.world.state.users[room.slack.user("kim")]
    gone["deleted"] = True
    room.knows("kim")
    room.is_at(1, 10)
    assert asked(room) == asked(room, "juno") == asked(room, "ravi") == []
    assert room.table(FeedbackAskedRow) == []


def test_what_was_done_long_before_is_not_asked_about(room: Afterwards) -> None:
    room.done()
    room.is_at(15, 10)
    assert asked(room) == []


def test_somebody_who_wants_only_what_is_about_their_requests_is_asked(room: Afterwards) -> None:
    room.presses("kim", "digests.only_requests")
    room.done()
    room.is_at(1, 10)
    assert len(asked(room)) == 1


def test_no_table_tells_whose_answer_it_is_nor_when_it_came_inv8(any_room: Afterwards) -> None:
    room = any_room
    ident = room.done()
    room.is_at(1, 10)
    assert "without your name" in answers(room, ident, comment="The template fit us.")
    [row] = room.table(FeedbackRow)
    said = {column.key: getattr(row, column.key) for column in inspect(FeedbackRow).columns}
    assert said.pop("key") != ""
    assert said == {
        "quarter": f"{room.clock.now().year}-Q2", "topic_group": "health", "kind": "review",
        "useful": "yes", "timely": "partly", "will_use": "yes", "comment": "The template fit us.",
        "shown": False, "shown_in_group": False, "shown_in_kind": False,
    }  # fmt: skip
    assert [each.answered for each in room.table(FeedbackAskedRow)] == [True]
    last = room.table(JournalRow)[-1]
    assert (last.entrance, last.actor, last.subject, last.why) == ("view:followup.rated", "", "", "")
    assert all(set(vars(each)) - {"_sa_instance_state"} == {"id", "key", "at"} for each in room.table(Claim))
    with room.store.reading() as session:
        is_sqlite = session.connection().dialect.name == "sqlite"
        made = (
            session.scalar(text("SELECT sql FROM sqlite_master WHERE name='feedback'")) if is_sqlite else ""
        )
    assert "WITHOUT ROWID" in (made or "WITHOUT ROWID")


def test_an_answer_counts_once_and_its_message_changes_with_its_request_alone(room: Afterwards) -> None:
    ident, other = room.done(), room.done("juno")
    room.is_at(1, 10)
    form = room.opens("kim", "followup.open_rate", room.request(ident).uid)
    for _ in range(2):
        assert "without your name" in text_of(room.sends("kim", form, **GOOD))
    assert "already answered" in str(room.presses("kim", "followup.open_rate", room.request(ident).uid))
    assert len(room.table(FeedbackRow)) == 1
    room.is_at(2, 10)
    with room.store.reading() as session:
        rows = session.query(MessageRow).filter_by(kind="followup.feedback").order_by(MessageRow.subject)
        one, another = [(row.subject, row.version, row.shown, row.settled_at) for row in rows]
    assert (one[0], another[0]) == (f"request:{ident}", f"request:{other}")
    assert one[1:] == another[1:]
    assert len(asked(room)) == 1
    room.does(workflow.reopen, "kim", ident, why="One more thing.")
    room.delivers()
    assert asked(room) == []
    assert len(room.told("kim", "Thank you for telling us how it went")) == 1


def test_nobody_answers_for_somebody_else(room: Afterwards) -> None:
    ident = room.done()
    room.is_at(1, 10)
    form = room.opens("kim", "followup.open_rate", room.request(ident).uid)
    for other in ("juno", "ravi"):
        assert "found" in text_of(room.sends(other, form, **GOOD))
    assert room.table(FeedbackRow) == []


def test_a_comment_with_client_details_is_kept_nowhere(room: Afterwards) -> None:
    ident = room.done()
    room.is_at(1, 10)
    form = room.opens("kim", "followup.open_rate", room.request(ident).uid)
    said = "A client named Quillon Zebrand, DOB 03/14/1987, was glad."
    assert "Zebrand" in text_of(
        room.sends("kim", form | {"blocks": form["blocks"]}, **GOOD | {"comment": said})
    )
    assert room.table(FeedbackRow) == []
    assert [each.answered for each in room.table(FeedbackAskedRow)] == [False]


def test_four_answers_show_nothing_and_the_fifth_shows_five_inv4(any_room: Afterwards) -> None:
    room = any_room
    topics = ["wound_care", "wound_care", "hiv_hcv_sti", "naloxone", "wound_care", "moud_linkage"]
    done = [
        (who, room.done(who, topics=(topic,)))
        for topic, who in zip(topics, ["kim", "juno", "noor"] * 2, strict=True)
    ]
    room.is_at(1, 10)
    room.is_at(2, 10)
    for number, (who, ident) in enumerate(done[:4]):
        answers(room, ident, who, comment=f"Comment {number}")
    assert "Feedback: we asked about 6 requests. Answers are shown five at a time." in leads_home(room)
    assert "Comment" not in str(room.opens("ada", "followup.see_feedback"))
    room.is_at(95, 10)  # a new quarter: what waits goes on waiting
    who, ident = done[4]
    answers(room, ident, who, useful="no")
    assert "5 answers shown. 5 of 6 requests answered." in leads_home(room)
    assert "Was it useful? 4 yes, 1 no" in leads_home(room)
    who, ident = done[5]
    answers(room, ident, who, comment="Comment 6")
    assert "5 answers shown. 6 of 6 requests answered." in leads_home(room)
    shown = text_of_view(room)
    assert [f"Comment {number}" in shown for number in (0, 1, 2, 3, 6)] == [True] * 4 + [False]
    assert "By kind of help" in shown
    assert "By topic" not in shown  # four about health, one about overdose


def text_of_view(room: Afterwards) -> str:
    return str(room.opens("ada", "followup.see_feedback"))


def test_a_lead_removes_a_comment_and_its_answers_stay(room: Afterwards) -> None:
    done = [(who, room.done(who)) for who in ("kim", "juno", "noor", "mei", "kim")]
    room.is_at(1, 10)
    room.is_at(2, 10)
    for who, ident in done:
        answers(room, ident, who, comment=f"By {who}" if who == "mei" else "")
    key = next(each.key for each in room.table(FeedbackRow) if each.comment)
    assert "By mei" in text_of_view(room)
    assert "Only a lead" in str(room.presses("ravi", f"followup.remove_comment:{key}", key))
    assert "By mei" not in str(room.presses("ada", f"followup.remove_comment:{key}", key))
    assert "5 answers shown" in leads_home(room)


def test_no_transaction_of_the_database_links_an_answer_to_a_request(postgres_store: Store) -> None:
    room = Afterwards(postgres_store)
    asked = {who: room.done(who) for who in ("kim", "juno", "noor")}
    room.is_at(1, 10)
    for who, ident in reversed(asked.items()):
        view = room.opens(who, "followup.open_rate", room.request(ident).uid)
        room.sends(who, view, useful="yes", timely="no", will_use="no", comment="")
    with room.store.reading() as session:
        kept = session.execute(text("select xmin from feedback")).all()
        marks = session.execute(text("select xmin from feedback_asked where answered")).all()
        keys = list(session.scalars(text("select key from feedback order by ctid")))
        ids = list(session.scalars(text("select id from feedback_asked where answered order by ctid")))
    assert (len(kept), len(marks), len({*kept, *marks})) == (3, 3, 1)
    assert (keys, ids) == (sorted(keys), sorted(ids))
