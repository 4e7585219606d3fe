"""Jobs: daily reminders, a new name where the old one stands, agencies that are one, what a merge missed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from copbot.delivery import service as delivery
from copbot.jobs.work import Job, Work
from copbot.people import jobs, rules
from copbot.people import service as people
from copbot.people.agencies import service as agencies
from copbot.people.agencies import tables
from copbot.people.jobs import AT_ONCE, TELL_JOINED, admins_of, tell_joined, tell_no_lead
from copbot.people.words import HOTLINES_DUE
from copbot.program.schema.vocabulary import Hotline
from copbot.program.settings.hotlines import hotlines_due
from copbot.program.settings.service import chosen
from copbot.store import Session

TIME_TO_SET_UP = timedelta(days=14)


def redraws_names(
    name: str,
    kind: str | None,
    subjects: Callable[[Session, str], Sequence[str]],
    after: str = people.RENAMED,
) -> Job:
    """The job with which a room draws again what it has posted, when somebody has another name.

    `subjects`, given the user's id: what the messages that name them are about. `kind`: which of those; None: all.
    """

    def redraw(work: Work) -> dict[str, Any]:
        with work.store.writing() as session:
            user, now = people.person_of(session, int(work.args["person"])).user, work.clock.now()
            found = subjects(session, user)
            return {"redrawn": sum(delivery.refresh(session, each, kind=kind, now=now) for each in found)}

    return Job(name, redraw, after=after)


def redraws_names_in(name: str, kind: str, after: str = people.RENAMED) -> Job:
    """The same for messages of one kind, in whose subject the user's id stands."""
    return redraws_names(
        name, kind, lambda session, user: delivery.subjects_holding(session, kind, user), after
    )


def compare_agencies(work: Work) -> dict[str, Any]:
    """Names that are nearly the same, for staff's list. Comparing takes long, so nothing is open meanwhile."""
    with work.store.reading() as session:
        names = agencies.names_to_compare(session)
    if not names:
        return {"compared": 0}
    pairs = rules.alike(names, work.progress)
    with work.store.writing() as session:
        agencies.keep_pairs(session, names, pairs, now=work.clock.now())
    return {"compared": len(names), "pairs": len(pairs)}


def gather_strays(work: Work) -> dict[str, Any]:
    """What was still saved for a merged agency while it was being merged goes to the one that stays."""
    with work.store.writing() as session:
        return {"strays": tables.move_strays(session)}


def watch(work: Work) -> dict[str, Any]:
    """Daily: what somebody must hear of although nothing happened that day."""
    with work.store.writing() as session:
        return {"no_lead": tell_no_lead(session, work), "due": _tell_due(session, work)}


def _tell_due(session: Session, work: Work) -> int:
    """Leads are asked once a month to call the lines that nobody has confirmed for half a year."""
    now = work.clock.now()
    due = [line for line in hotlines_due(session, work.profile, now) if _is_overdue(session, line, now)]
    leads = [lead.user for lead in people.leads(session)]
    for user in (leads or admins_of(session, work)) if due else ():
        key = f"people.hotlines_due:{now:%Y-%m}:{user}"
        delivery.say(session, "people.hotlines_due", HOTLINES_DUE, to=user, key=key, now=now, unasked=True)
    return len(due)


def _is_overdue(session: Session, line: Hotline, now: datetime) -> bool:
    """A new line is asked for in the set-up first."""
    row = chosen(session, f"hotline.{line.id}")
    return line.last_verified is not None or (row is not None and now - row.at >= TIME_TO_SET_UP)


def tell_rest_joined(work: Work) -> dict[str, Any]:
    """Leads hear of the others of many who became staff at once."""
    users: list[str] = work.args["users"]
    since = datetime.fromisoformat(work.args["at"])
    for at in range(0, len(users), AT_ONCE):
        with work.store.writing() as session:
            tell_joined(session, work, users[at : at + AT_ONCE], since)
        work.progress(min(at + AT_ONCE, len(users)), len(users))
    return {"told_of": len(users)}


JOBS = (
    *jobs.JOBS,
    Job("people.watch", watch, at="08:00"),
    Job(TELL_JOINED, tell_rest_joined),
    redraws_names_in(people.RENAMED, "people.staff_joined", after=""),
    Job(agencies.COMPARE, compare_agencies, every=timedelta(hours=1)),
    Job("people.strays", gather_strays, at="04:00"),
)
