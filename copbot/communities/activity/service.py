"""A community's life: quiet, closing, archived, back; its questions without an answer; counts, never persons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from copbot.communities import rules, service, tables
from copbot.communities.channels.service import CLOSE, ask_run, subject
from copbot.communities.rules import WARNED_FOR, ActivityCount, CommunityState, Post
from copbot.communities.tables import CommunityRow, ProposalRow, QuestionRow, WeekRow
from copbot.communities.values import OpenQuestions
from copbot.delivery import service as delivery
from copbot.errors import Conflict, NotAllowed
from copbot.jobs import service as jobs
from copbot.people import service as people
from copbot.program.calendar.hours import add_business_days
from copbot.program.profile import Profile
from copbot.program.settings.service import choice
from copbot.slack.person import Person
from copbot.store import Session, find_row, hold, insert_once, need_row

QUIET_DAYS = 30
ANSWERED_WITHIN = 2
"""Business days."""
REVIVE = "communities.revive"


def quiet_days(session: Session) -> int:
    return int(choice(session, "quiet_days", QUIET_DAYS))


def take_posts(session: Session, ident: int, posts: Sequence[Post], *, profile: Profile) -> None:
    """Everything said in a channel in the last weeks: counted by week; open questions noted by their place."""
    row = hold(session, CommunityRow, ident)
    if posts:
        newest = max(post.at for post in posts)
        if row.last_post_at is None or newest > row.last_post_at:
            row.last_post_at, row.quiet_notified_at = newest, None
            delivery.unsay(session, subject(ident), kind="community.quiet")
    for week, counted in rules.by_week(posts).items():
        insert_once(session, WeekRow, community_id=ident, week=week)  # two may read the channel at one time
        found = need_row(session, WeekRow, "", community_id=ident, week=week)
        found.posts, found.reactions, found.answers = counted.posts, counted.reactions, counted.answers
    _note_questions(session, ident, posts, profile)


def _note_questions(session: Session, ident: int, posts: Iterable[Post], profile: Profile) -> None:
    known = tables.questions(session, ident)
    for post in posts:
        row = known.get(post.ts)
        if row is not None and post.answers and not row.settled:
            row.settled = True
            delivery.unsay(session, f"question:{row.id}")
        elif row is None and post.asks and not post.answers:
            due = add_business_days(profile.hours, post.at, ANSWERED_WITHIN)
            insert_once(session, QuestionRow, community_id=ident, ts=post.ts, due_at=due)


def tell_unanswered(session: Session, *, now: datetime, admins: Sequence[str] = ()) -> int:
    """Questions that are due and have no answer go to whoever cares for their community. How many."""
    delivery.retry_quota(session, "community.question", now=now)
    late = tables.questions_due(session, now)
    for row in late:
        row.notified = True
        for user in service.carers(session, row.community_id, admins):
            key, about = f"community.question:{row.id}:{user}", f"question:{row.id}"
            delivery.say(session, "community.question", about, to=user, key=key, now=now, unasked=True)
    return len(late)


def open_questions(session: Session) -> tuple[OpenQuestions, ...]:
    return tables.open_questions(session)


def settle(session: Session, ident: int, *, person: Person, now: datetime) -> None:
    """The question needs no answer any more."""
    row = hold(session, QuestionRow, ident)
    _may(session.get_one(CommunityRow, row.community_id), person)
    row.settled = True
    delivery.refresh(session, f"question:{ident}", now=now)


def question(session: Session, ident: int) -> tuple[int, str, bool] | None:
    """Community, timestamp, settled."""
    row = session.get(QuestionRow, ident)
    return None if row is None else (row.community_id, row.ts, row.settled)


def tell_quiet(session: Session, *, now: datetime, admins: Sequence[str] = ()) -> int:
    """Each community's carer hears once that it has been quiet; how many communities are."""
    delivery.retry_quota(session, "community.quiet", now=now)
    after, told = timedelta(days=quiet_days(session)), 0
    for row in tables.every_community(session):
        since = row.last_post_at or row.made_at
        is_open = row.state == CommunityState.ACTIVE and row.channel
        if not is_open or row.quiet_notified_at is not None or now - since < after:
            continue
        row.quiet_notified_at = now
        told += 1
        for user in service.carers(session, row.id, admins):
            key = f"community.quiet:{row.id}:{now.date()}:{user}"
            delivery.say(session, "community.quiet", subject(row.id), to=user, key=key, now=now, unasked=True)
    return told


def propose_archive(session: Session, ident: int, *, person: Person, now: datetime) -> datetime:
    """The channel reads that it will be archived, and when. Anybody in it can keep it."""
    row = hold(session, CommunityRow, ident)
    _may(row, person)
    if row.state != CommunityState.ACTIVE or not row.channel:
        raise Conflict("That community is not open.")
    row.state, row.closes_at, row.closed_by = CommunityState.CLOSING, now + WARNED_FOR, person.user
    key = f"community.closing:{ident}:{now.isoformat()}"
    delivery.say(session, "community.closing", subject(ident), to=row.channel, key=key, now=now)
    return row.closes_at


def keep(session: Session, ident: int, *, person: Person) -> bool:
    """Its members, or those who look after it, leave it open after all; False when nothing was about to happen.

    Raises `NotAllowed` for anybody else, and `Conflict` once it is archived.
    """
    row = hold(session, CommunityRow, ident)
    if person.user not in tables.members_of(session, ident) and not service.may_care(person, row.lead):
        raise NotAllowed("Only people in this community can keep it open. Join it first.")
    if row.state == CommunityState.ACTIVE:
        return False
    if row.state != CommunityState.CLOSING:
        raise Conflict("It is already archived. A lead can bring it back.")
    row.state, row.closes_at, row.closed_by = CommunityState.ACTIVE, None, ""
    delivery.unsay(session, subject(ident), kind="community.closing")
    return True


def closed(session: Session, ident: int, *, now: datetime) -> None:
    """Slack has archived the channel."""
    row = hold(session, CommunityRow, ident)
    if row.state != CommunityState.CLOSING:
        return
    row.state, row.closes_at = CommunityState.ARCHIVED, None
    service.redraw_proposal(session, ident, now=now)
    key = f"community.archived:{ident}:{now.isoformat()}"
    delivery.say(session, "community.archived", subject(ident), to=row.closed_by, key=key, now=now)


def revive(session: Session, ident: int, *, person: Person, now: datetime) -> None:
    """Bring an archived community back. Slack lets no app unarchive, so an administrator is asked to."""
    row = hold(session, CommunityRow, ident)
    _may(row, person)
    if row.state == CommunityState.REVIVING:
        raise Conflict("An administrator has already been asked.")
    if row.state != CommunityState.ARCHIVED:
        raise Conflict("That community is open.")
    if not row.channel:  # it was closed before it had one, so there is nothing to unarchive
        row.state = CommunityState.ACTIVE
        ask_run(session, "apply", person=person, now=now, community=ident)
        return
    row.state = CommunityState.REVIVING
    key, args = f"{REVIVE}:{ident}:{now.isoformat()}", {"community": ident}
    jobs.enqueue(session, REVIVE, key=key, by=person.user, args=args, now=now)


def ask_to_unarchive(session: Session, ident: int, *, now: datetime, admins: Sequence[str] = ()) -> int:
    """Administrators are told what to press; whom it reached."""
    told = people.admins(session, admins)
    for user in told:
        key = f"community.revive:{ident}:{now.isoformat()}:{user}"
        delivery.say(session, "community.revive", subject(ident), to=user, key=key, now=now)
    return len(told)


def undo_proposal(session: Session, uid: str, *, person: Person, now: datetime) -> None:
    """Staff take a new community back before anybody has posted in it: its channel is archived.

    Raises `Conflict` when people are using it, or when there is nothing to take back.
    """
    found = find_row(session, ProposalRow, uid=uid)
    row = hold(session, CommunityRow, found.community_id) if found and found.community_id else None
    if found is None or row is None or found.state != "made" or row.state != CommunityState.ACTIVE:
        raise Conflict("There is nothing to undo here anymore.")
    if row.last_post_at is not None:
        raise Conflict(f"People have posted in #{row.name} already, so it can no longer be undone here.")
    found.state, found.decided_by = "undone", person.user
    row.state, row.closes_at, row.closed_by = CommunityState.CLOSING, now, person.user
    session.flush()
    # Slack notifies of no edit: whoever proposed it would go on believing in the channel.
    delivery.unsay(session, f"proposal:{uid}", kind="community.decided")
    delivery.refresh(session, f"proposal:{uid}", now=now)
    key = f"community.decided:{found.id}:undone"
    delivery.say(session, "community.decided", f"proposal:{uid}", to=found.by_user, key=key, now=now)
    jobs.enqueue(session, CLOSE, key=f"{CLOSE}:undo:{found.id}:{now.isoformat()}", by=person.user, now=now)


def counted(session: Session, *, since: datetime) -> dict[int, ActivityCount]:
    """Sums by community since that week."""
    sums: dict[int, ActivityCount] = {}
    for row in tables.weeks_since(session, rules.week_of(since)):
        sums.setdefault(row.community_id, ActivityCount()).add(row.posts, row.reactions, row.answers)
    return sums


def _may(row: CommunityRow, person: Person) -> None:
    if not service.may_care(person, row.lead):
        raise NotAllowed("Only the community's lead, a staff lead or an administrator can do this.")
