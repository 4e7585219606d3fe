"""Messages are read again from Slack, and staff's copies kept where they belong."""

from __future__ import annotations

from typing import Any

from copbot.assistance.jobs import UPKEEP
from copbot.assistance.workflow.service import CHANGED
from copbot.conversations.relay import copies, rules, service, tables
from copbot.conversations.relay.rules import Written
from copbot.conversations.relay.service import Chosen
from copbot.jobs.slack_calls import ask_slack
from copbot.jobs.work import Job, Work
from copbot.people import service as people
from copbot.slack.errors import Refused
from copbot.slack.pages import page_of

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
        taken = service.take(
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


def redraw(work: Work) -> dict[str, Any]:
    """The words about one request, or who may read them, have changed."""
    request = int(work.args["request"])
    with work.store.writing() as session:
        redrawn = copies.redraw_all(session, request, work.clock.now())
        copies.settle(session, request, work.clock.now())
    return {"redrawn": redrawn}


JOBS = (
    Job(service.TAKE, take_again),
    Job("conversations.settle", settle, after=UPKEEP),
    Job("conversations.redraw", redraw, after=CHANGED),
)
