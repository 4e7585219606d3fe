"""What happens by itself: pages are read for a form, services are asked about each quarter, past events leave."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from copbot.delivery import service as delivery
from copbot.fetch.pages import PageFacts, facts_of, followable
from copbot.fetch.rules import NotFetched
from copbot.fetch.web import Web
from copbot.jobs.slack_calls import ask_slack, wait
from copbot.jobs.work import Job, Work
from copbot.people.upkeep.jobs import redraws_names_in
from copbot.program.settings.edits import effective
from copbot.resources.library import reviewing, service, tables
from copbot.resources.library.screens.forms import IS_READ, NOT_READ, resource_form
from copbot.resources.library.service import FETCH_PAGE
from copbot.resources.library.values import ResourceFields
from copbot.slack.answers import View
from copbot.slack.errors import Refused

AT_ONCE = 50
OPENS_WITHIN = (0.5, 1.0, 2.0)
"""Seconds between looks for a form that is just being opened."""
_NO_TITLE = "This page has no title. Please write one."
_NO_PAGE = "The site did not show this page. Check the address, or write title and summary yourself."


def fetch_page(work: Work) -> dict[str, Any]:
    """Read a page and fill its title and summary into the form that is open, for the person to correct."""
    url, follow, facts, status = str(work.args["url"]), "", PageFacts(), 0
    try:
        web = Web(allowed=work.wiring.fetch_allow if work.wiring else ())
        got = web.fetch(url, accept="text/html, */*;q=0.5")
        status, note = got.status, "" if got.status == 200 else _NO_PAGE
        if status == 200 and not (follow := followable(got.body, got.content_type)):
            facts = facts_of(got.body, got.charset)
            note = "" if facts.title else _NO_TITLE
    except NotFetched as error:
        note = error.words
    kind = str(work.args["kind"]) or "link"
    fields = ResourceFields(kind=kind, url=url, title=facts.title, summary=facts.summary)
    with work.store.reading() as session:
        profile = effective(session, work.profile)
    is_staff = bool(work.args["staff"])
    page = IS_READ if facts.title else NOT_READ
    view = resource_form(fields, profile, is_staff=is_staff, note=note, page=page, follow=follow)
    return {"status": status, "shown": _show(work, view)}


def _show(work: Work, view: View) -> str:
    """Put the view in the place of the form; "ok" or Slack's refusal. A form that a command opens may come later."""
    is_opening, name = bool(work.args.get("opening")), str(work.args["view"])
    where = {"external_id" if is_opening else "view_id": name}
    pauses = list(OPENS_WITHIN) if is_opening else []
    while True:
        try:
            ask_slack(work, "views.update", **where, view=view)
        except Refused as error:
            if error.code != "not_found" or not pauses:
                return error.code
            wait(work, pauses.pop(0))
        else:
            return "ok"


def still_right(work: Work) -> dict[str, Any]:
    """Each quarter, owners of services get one message with a button for each that nobody reviewed since it began."""
    now = work.clock.now()
    with work.store.writing() as session:
        quarter = reviewing.quarter_of(effective(session, work.profile).today(now))
        delivery.retry_quota(session, "resources.still_right", now=now)
        owners = reviewing.owners_to_ask(session, quarter)
        for owner in owners:
            subject = reviewing.quarters_subject(owner, quarter)
            key = f"resources.still_right:{subject}"
            delivery.say(session, "resources.still_right", subject, to=owner, key=key, now=now, unasked=True)
    return {"asked": len(owners)}


def past_events(work: Work) -> dict[str, Any]:
    """Events that ended a day ago are retired."""
    gone, some = 0, [""]
    while some:
        now = work.clock.now()
        with work.store.writing() as session:
            some = tables.past_events(session, now - timedelta(days=1), AT_ONCE)
            service.retire(session, some, by="", now=now, why="It is over")
        gone += len(some)
        work.progress(gone, gone + bool(some))
    return {"retired": gone}


JOBS = (
    redraws_names_in("resources.renamed", "resources.shared"),
    Job(FETCH_PAGE, fetch_page, slow=True),
    Job("resources.still_right", still_right, at="08:00"),
    Job("resources.past_events", past_events, at="04:00"),
)
