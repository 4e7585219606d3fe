"""Messages are read again from Slack, staff's copies kept where they belong, and undelivered replies told of."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from copbot.assistance.jobs import UPKEEP
from copbot.assistance.rules import subject
from copbot.assistance.workflow.service import CHANGED
from copbot.conversations import copies, relay, replies, rules, tables
from copbot.conversations.relay import Chosen
from copbot.conversations.rules import Written
from copbot.delivery import service as delivery
from copbot.jobs.slack_calls import ask_slack, wait
from copbot.jobs.work import Job, Work
from copbot.people import service as people
from copbot.program.settings.service import hold_choice
from copbot.slack.errors import Refused
from copbot.slack.pages import page_of
from copbot.slack.person import Person

READ = "conversations.read"
BEGUN = "conversations.begun"
"""The choice that says when this was first looked for: what was written before was written to nobody."""
MOST = 200
"""Messages of a conversation that are read, and requests whose staff threads are."""
AT_FULL_SPEED, PAUSE = 20, 1.3
"""Questions to Slack in a row, and the seconds before each one after these."""
SETTLED, HIDDEN = timedelta(minutes=1), timedelta(days=85)
"""Ages of a message between which one that Slack does not show is gone: before it may come late, and a free plan hides
what is older than 90 days."""
AT_ONCE = 20
"""Requests in one write transaction."""
_GONE = ("thread_not_found", "message_not_found")


def take_again(work: Work) -> dict[str, Any]:
    """One message as it is now, or that it is gone, with what its author said of it."""
    args = work.args
    channel, ts = str(args["channel"]), str(args["ts"])
    with work.store.reading() as session:
        author = people.person_of(session, int(args["person"]))
    message = _read(work, channel, ts) or Written(author.user, channel, ts, is_deleted=True)
    chosen = Chosen(args.get("request"), bool(args.get("text")), bool(args.get("files")))
    if message.user != author.user or author.refused is not None:
        return {"kept": False}
    with work.store.writing() as session:
        taken = relay.take(
            session, message, author, profile=work.profile, now=work.clock.now(), chosen=chosen
        )
    return {"kept": taken.request is not None}


def _read(work: Work, channel: str, ts: str) -> Written | None:
    """None: it is not there any more. Raises one of Slack's errors when that cannot be known."""
    where = {"channel": channel, "ts": ts, "oldest": ts, "latest": ts, "inclusive": True, "limit": 10}
    try:
        answer = ask_slack(work, "conversations.replies", **where)
    except Refused as error:
        if error.code in _GONE:
            return None
        raise
    page, _ = page_of(answer, "messages", "conversations.replies")
    found = (rules.written(each, channel) for each in page if each.get("ts") == ts)
    return next((each for each in found if each is not None), None)


@dataclass
class _PacedSlack:
    """Slack, asked at a pace: the first questions at once, the others so that a minute holds no more than it allows."""

    work: Work
    asked: int = 0

    def ask(self, method: str, **args: Any) -> tuple[list[dict[str, Any]], bool]:
        """At most 200 messages, and whether that is all of them."""
        if self.asked >= AT_FULL_SPEED:
            wait(self.work, PAUSE)
        self.asked += 1
        page, cursor = page_of(ask_slack(self.work, method, limit=MOST, **args), "messages", method)
        return page, not cursor


def read(work: Work) -> dict[str, Any]:
    """What events may have missed: written, edited, deleted by requesters; notices and copies that are gone."""
    slack, now = _PacedSlack(work), work.clock.now()
    with work.store.writing() as session:
        begun = datetime.fromisoformat(
            hold_choice(session, BEGUN, now.isoformat(), by="conversations", now=now)
        )
        asked = tables.people_to_read(session).items()
        writers = [(people.person_of(session, ident), max(since, begun)) for ident, since in asked]
        written_about = tables.requests_written_about(session, 0, MOST)
        posted = (delivery.all_posted(session, copies.NOTICE, subject(ident)) for ident in written_about)
        threads = [(each.channel, each.ts) for every in posted for each in every]
    taken, steps = 0, len(writers) + len(threads)
    for n, (person, since) in enumerate(writers):
        work.progress(n, steps)
        with suppress(Refused):  # a conversation that is closed to us hides no other
            taken += _read_conversation(slack, person, since)
    for n, (channel, ts) in enumerate(threads):
        work.progress(len(writers) + n, steps)
        with suppress(Refused):
            _read_thread(slack, channel, ts)
    return {"people": len(writers), "threads": len(threads), "taken": taken}


def _read_conversation(slack: _PacedSlack, person: Person, since: datetime) -> int:
    """Everything one person has written since then, in threads too; of how many messages something was news."""
    work, now = slack.work, slack.work.clock.now()
    with work.store.reading() as session:
        channel = delivery.conversation_with(session, person.user)
    if channel is None or person.refused is not None:
        return 0
    page, is_all = slack.ask("conversations.history", channel=channel, oldest=f"{since.timestamp():.6f}")
    if not is_all:
        since = max(since, datetime.fromtimestamp(min(float(each["ts"]) for each in page), UTC))
    for root in [each for each in page if each.get("reply_count")]:
        page += slack.ask("conversations.replies", channel=channel, ts=str(root["ts"]))[0]
    found = {each.ts: each for each in (rules.written(one, channel) for one in page) if each is not None}
    theirs = [each for each in found.values() if each.user == person.user and each.at >= since]
    with work.store.reading() as session:
        known = {str(each.ts): each for each in tables.standing_in(session, channel, since)}
        lost = [
            ts for ts, each in known.items() if ts not in found and now - HIDDEN < each.at < now - SETTLED
        ]
        news = [
            each for each in theirs if each.ts not in known or each.version > known[each.ts].source_version
        ]
    for ts in lost:
        message = _read(work, channel, ts) or Written(person.user, channel, ts, is_deleted=True)
        news += [message] if message.is_deleted else []
    for each in sorted(news, key=lambda one: one.at):
        with work.store.writing() as session:
            relay.take(session, each, person, profile=work.profile, now=now)
    return len(news)


def _read_thread(slack: _PacedSlack, channel: str, ts: str) -> None:
    """A notice that is gone is posted anew, and so is a copy that somebody deleted from its thread."""
    work, now = slack.work, slack.work.clock.now()
    with work.store.reading() as session:
        standing = delivery.standing_replies(session, channel, ts, now - SETTLED)
    try:
        page, is_all = slack.ask("conversations.replies", channel=channel, ts=ts)
    except Refused as error:
        if error.code not in _GONE:
            raise
        page, is_all = [], False
    seen = {str(each.get("ts")) for each in page if each.get("subtype") != "tombstone"}
    gone = {ts} - seen | (standing - seen if is_all else set())
    if gone:
        with work.store.writing() as session:
            for each in sorted(gone):
                delivery.vanished(session, channel, each, now)


def settle(work: Work) -> dict[str, Any]:
    """Copies follow notices that were posted anew or elsewhere, a few requests at a time."""
    after = settled = 0
    while True:
        with work.store.writing() as session:
            ids = tables.requests_written_about(session, after, AT_ONCE)
            for each in ids:
                copies.settle(session, each, work.clock.now())
        if not ids:
            return {"settled": settled}
        after, settled = ids[-1], settled + len(ids)
        work.progress(settled, settled + 1)


def settle_one(work: Work) -> dict[str, Any]:
    """Who may read one request has changed, and so where its copies stand."""
    with work.store.writing() as session:
        copies.settle(session, int(work.args["request"]), work.clock.now())
    return {}


def tell_undelivered(work: Work) -> dict[str, Any]:
    with work.store.writing() as session:
        return {"told": replies.tell_undelivered(session, now=work.clock.now())}


JOBS = (
    Job(READ, read, every=timedelta(hours=1), rereads=True, slow=True),
    Job(relay.TAKE, take_again),
    Job("conversations.settle", settle, after=UPKEEP),
    Job("conversations.settle_one", settle_one, after=CHANGED),
    Job("conversations.unreached", tell_undelivered, every=timedelta(minutes=10)),
)
