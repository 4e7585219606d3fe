"""What happens after Done: people are asked, and their answers are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from copbot.assistance.rules import subject
from copbot.assistance.tables import RequestRow, topics_of
from copbot.assistance.workflow.transitions import lock_request, missing
from copbot.delivery import service as delivery
from copbot.errors import InvalidInput
from copbot.followup import rules, tables
from copbot.followup.rules import ANSWERS, BARRIERS, OUTCOMES, QUESTIONS, CameOfIt, Counts
from copbot.followup.tables import FeedbackAskedRow, FeedbackRow, OutcomeRow
from copbot.program.profile import Profile
from copbot.slack.person import Person
from copbot.slack.text import clean
from copbot.store import Session, find_row, hold, insert_once

FEEDBACK, OUTCOME = "followup.feedback", "followup.outcome"
NOT_YET = "not done since yesterday"
"""Why a question has nothing to show: its request is open again, or was delivered today."""


def ask_due(
    session: Session, kind: str, after: int, *, profile: Profile, now: datetime, most: int = 50
) -> int:
    """Ask the next few people after this id, each about one request: on its feedback or its outcome.

    Returns the last one's id; 0 when there are no more, and at times when nobody is asked.
    """
    before = rules.asked_now(profile.hours, now)
    if before is None:
        return 0
    asked, since, until = {
        FEEDBACK: (FeedbackAskedRow, now - rules.FEEDBACK_WITHIN, before),
        OUTCOME: (OutcomeRow, now - rules.OUTCOME_WITHIN, now - rules.OUTCOME_AFTER),
    }[kind]
    delivery.again(session, (FEEDBACK,), NOT_YET, now=now)
    found = tables.to_ask(session, asked, since, until, after=after, most=most)
    for _, user, request_id in found:
        insert_once(session, asked, request_id=request_id)
        delivery.say(session, kind, subject(request_id), to=user, key=f"{kind}:{request_id}", now=now)
    return int(found[-1][0]) if found else 0


def has_answered(session: Session, request_id: int) -> bool:
    row = find_row(session, FeedbackAskedRow, request_id=request_id)
    return row is not None and row.answered


def rate(
    session: Session, *, request_id: int, person: Person, answers: Mapping[str, str], comment: str, profile: Profile,
    now: datetime,
) -> None:  # fmt: skip
    """Keep an answer that names nobody; a second one about the same request is not kept. Raises `InvalidInput`."""
    row = _own(session, request_id, person)
    faults = {name: "Please choose one." for name in QUESTIONS if answers.get(name) not in ANSWERS}
    if faults:
        raise InvalidInput("Please choose one.", faults)
    asked = find_row(session, FeedbackAskedRow, request_id=row.id)
    if asked is None:
        raise missing()
    asked = hold(session, FeedbackAskedRow, asked.id)
    if asked.answered:
        return
    asked.answered = True
    topics = topics_of(session, (row.id,)).get(row.id, [])
    group = profile.topic_group(topics[0]) if topics else None
    about = {"quarter": rules.quarter(profile.today(now)), "kind": row.kind}
    about |= {"topic_group": group.id if group else "", "comment": clean(comment).strip()}
    session.add(FeedbackRow(**about, **{name: answers[name] for name in QUESTIONS}))
    tables.mix(session)
    tables.show_full_batches(session)


def say_outcome(session: Session, *, request_id: int, person: Person, outcome: str, now: datetime) -> None:
    """One tap; another tap changes it."""
    row = _outcome(session, request_id, person)
    if outcome not in OUTCOMES:
        raise missing()
    row.outcome, row.answered_at = outcome, now
    delivery.refresh(session, subject(request_id), kind=OUTCOME, now=now)


def say_barrier(
    session: Session, *, request_id: int, person: Person, barrier: str, words: str, now: datetime
) -> None:
    row = _outcome(session, request_id, person)
    if barrier not in BARRIERS:
        raise InvalidInput.at("barrier", "Please choose one.")
    row.barrier, row.words = barrier, clean(words).strip()
    delivery.refresh(session, subject(request_id), kind=OUTCOME, now=now)


def outcome_of(session: Session, request_id: int) -> tuple[str, str]:
    """Outcome and barrier as answered; empty while nobody has."""
    row = find_row(session, OutcomeRow, request_id=request_id)
    return (row.outcome, row.barrier) if row else ("", "")


def _own(session: Session, request_id: int, person: Person) -> RequestRow:
    row = lock_request(session, request_id, person)
    if row.requester_id != person.id:
        raise missing()
    return row


def _outcome(session: Session, request_id: int, person: Person) -> OutcomeRow:
    found = find_row(session, OutcomeRow, request_id=_own(session, request_id, person).id)
    if found is None:
        raise missing()
    return hold(session, OutcomeRow, found.id)


def came_of_it(session: Session) -> CameOfIt:
    outcomes, barriers = Counter[str](), Counter[str]()
    for outcome, barrier, count in tables.outcomes(session):
        outcomes[outcome] += count
        barriers[barrier] += count
    feedback = feedback_by(session, "all").get("all", {})
    return CameOfIt(*tables.asked_and_answered(session), feedback, outcomes, barriers)


def feedback_by(session: Session, by: str) -> Mapping[str, Counts]:
    """What may be shown: of "all", or by topic "group" or "kind" of help; by cell and question."""
    counts: dict[str, dict[str, Counter[str]]] = {}
    for cell, *said, count in tables.answers(session, by):
        for name, answer in zip(QUESTIONS, said, strict=True):
            counts.setdefault(cell, {}).setdefault(name, Counter())[str(answer)] += int(count)
    return counts
