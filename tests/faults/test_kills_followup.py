"""`kill -9` while somebody answers after Done, and while a shared answer is approved (invariants 2, 3 and 5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from copbot.assistance.tables import RequestRow
from copbot.assistance.workflow.transitions import subject
from copbot.delivery import service as delivery
from copbot.followup import answers
from copbot.followup.service import FEEDBACK, OUTCOME
from copbot.followup.tables import FeedbackAskedRow, FeedbackRow, OutcomeRow, SharedAnswerRow
from copbot.people import service as people
from copbot.resources.library.tables import ResourceRow
from copbot.store import Session, insert_once
from tests.faults.bot import BotProcess, When
from tests.faults.kills import BOTH, SAVE, Arm, Points, Step, at_call, at_commits, killed_while
from tests.faults.kit import CANARY, House
from tests.waiting import PATIENCE

pytestmark = pytest.mark.rounds


def at_update(words: str) -> list[Step]:
    def arm(when: When) -> Arm:
        return lambda home, _bot: home.ws.faults.add("chat.update", f"kill_{when}", match={"contains": words})

    return [(f"{when} chat.update", arm(when)) for when in BOTH]


TAP: list[Step] = [*SAVE, *at_commits("sender", [1, 2]), *at_update("You said: Not yet.")]
APPROVED: list[Step] = [*SAVE, *at_commits("sender", [1, 2]), *at_call("chat.update", "ta-staff")]


def count(home: House, table: Any, **where: Any) -> int:
    with home.store.reading() as session:
        return session.scalar(select(func.count()).select_from(table).filter_by(**where)) or 0


def was_done(home: House, session: Session, ident: int, days: int) -> datetime:
    """As if it had been done so long ago and could be shared; the workspace's time now."""
    now = datetime.fromtimestamp(home.ws.clock.now(), UTC)
    row = session.get_one(RequestRow, ident)
    row.state, row.delivered_at, row.may_share = "delivered", now - timedelta(days=days), True
    row.given = f"A box of kits. {CANARY}"
    delivery.refresh(session, subject(ident), now=now)
    return now


def asks_about(home: House, kind: str, days: int) -> int:
    """A request that was done so many days ago, and whose requester is asked about it."""
    ident = home.asks("kim")
    table = {FEEDBACK: FeedbackAskedRow, OUTCOME: OutcomeRow}[kind]
    with home.store.writing(budget=PATIENCE) as session:
        now = was_done(home, session, ident, days)
        insert_once(session, table, request_id=ident)
        to, key = home.person("kim").id, f"{kind}:{ident}"
        delivery.say(session, kind, subject(ident), to=to, key=key, now=now)
    home.person("kim").sees(f"TA-{1000 + ident} (", in_="dm", timeout=PATIENCE)
    home.quiet()
    return ident


def answering(home: House, bot: BotProcess, arm: Arm, *, late: bool) -> BotProcess:
    ident, kim = asks_about(home, FEEDBACK, 2), home.person("kim")
    before = count(home, FeedbackRow)
    home.opens(
        kim,
        lambda: kim.clicks("Answer three questions", in_="dm", text=f"TA-{1000 + ident} ("),
        "Will you use it?",
    )
    kim.fills(useful="yes", timely="yes", will_use="partly", comment=CANARY)
    arm(home, bot)
    bot = killed_while(home, bot, lambda: home.sends(kim), late=late)
    with home.store.writing(budget=PATIENCE) as session:  # its message changes with its request alone
        was_done(home, session, ident, 2)
    home.checked()
    assert count(home, FeedbackRow) == count(home, FeedbackAskedRow, answered=True) == before + 1
    return bot


def tapping(home: House, bot: BotProcess, arm: Arm, *, late: bool) -> BotProcess:
    ident, kim = asks_about(home, OUTCOME, 91), home.person("kim")

    def taps() -> None:
        home.persists(
            lambda: kim.clicks("Not yet", in_="dm", text=f"TA-{1000 + ident} (", timeout=1.0),
            lambda: count(home, OutcomeRow, request_id=ident, outcome="not_yet") == 1,
        )

    arm(home, bot)
    bot = killed_while(home, bot, taps, late=late)
    home.checked()
    told = kim.sees(f"TA-{1000 + ident} (", in_="dm")
    told.says("You said: Not yet.")
    return bot


def drafts(home: House) -> int:
    """A request whose answer Ravi has drafted."""
    ident = home.asks("kim")
    with home.store.writing(budget=PATIENCE) as session:
        now = was_done(home, session, ident, 1)
        ravi = people.identify(session, home.person("ravi").id)
        assert ravi is not None
        question, answer = f"Who restocks TA-{1000 + ident}?", f"Whoever opens. {CANARY}"
        words = {"question": question, "answer": answer, "topics": ("naloxone",)}
        how = {"person": ravi, "profile": home.profile, "now": now}
        answers.write(session, request_id=ident, seen=0, **words, **how)  # type: ignore[arg-type]
    home.person("mei").sees(f"Who restocks TA-{1000 + ident}?", in_="ta-staff", timeout=PATIENCE)
    home.quiet()
    return ident


def approving(home: House, bot: BotProcess, arm: Arm, *, late: bool) -> BotProcess:
    ident, mei = drafts(home), home.person("mei")
    before = count(home, ResourceRow, state="published", kind="answer")

    def approves() -> None:
        home.persists(
            lambda: mei.clicks("Approve", in_="ta-staff", text=f"TA-{1000 + ident}?", timeout=1.0),
            lambda: count(home, SharedAnswerRow, request_id=ident, state="published") == 1,
        )

    arm(home, bot)
    bot = killed_while(home, bot, approves, late=late)
    home.checked()
    assert count(home, ResourceRow, state="published", kind="answer") == before + 1
    return bot


def test_killed_while_feedback_is_sent_it_is_kept_once_inv3(home: House, points: Points) -> None:
    points.prove(home, SAVE, answering, few=1)


def test_killed_while_somebody_says_what_came_of_it_it_stands_once_inv2(home: House, points: Points) -> None:
    points.prove(home, TAP, tapping, few=1, share=5)


def test_killed_while_an_answer_is_approved_it_is_published_once_inv2(home: House, points: Points) -> None:
    points.prove(home, APPROVED, approving, few=1, share=5)
