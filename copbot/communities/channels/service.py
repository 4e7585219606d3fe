"""Having the channels compared and put in order."""

from __future__ import annotations

from datetime import datetime

from copbot.communities.tables import RunRow
from copbot.communities.values import Run
from copbot.delivery import service as delivery
from copbot.jobs import service as jobs
from copbot.slack.person import Person
from copbot.store import Session

PLAN, APPLY, RECONCILE = "communities.plan", "communities.apply", "communities.reconcile"


# -- the channels put in order


def ask_run(session: Session, kind: str, *, person: Person, now: datetime, community: int = 0) -> int:
    """Compare the channels with what is wanted (`plan`), or carry it out (`apply`). The asker is told.

    `community` is the id of the only one to carry it out for; 0: all of them.
    """
    about = {"community": community} if community else {}
    row = RunRow(kind=kind, by_user=person.user, state="asked", at=now, result=about)
    session.add(row)
    session.flush()
    name = APPLY if kind == "apply" else PLAN
    args = {"run": row.id, **about}
    jobs.enqueue(session, name, key=f"{name}:{row.id}", by=person.user, args=args, now=now)
    key = f"community.run:{row.id}"
    delivery.say(session, "community.run", f"run:{row.id}", to=person.user, key=key, now=now)
    return row.id


def restore_asked(session: Session, *, now: datetime) -> None:
    """A channel is back from the archive: its topic, bookmarks and welcome are seen to, without being asked."""
    jobs.enqueue(session, APPLY, key=f"{APPLY}:restore:{now.isoformat()}", now=now)


def reconcile_asked(session: Session, hint: str, *, now: datetime) -> None:
    """Slack hinted that something has happened to a channel."""
    jobs.enqueue(session, RECONCILE, key=f"{RECONCILE}:event:{hint or now.isoformat()}", now=now)


def run(session: Session, ident: int) -> Run | None:
    row = session.get(RunRow, ident)
    if row is None:
        return None
    return Run(row.id, row.kind, row.state, row.done, row.of, dict(row.result), row.by_user)
