"""Joining's entrances: staff's form and card, and the hint that somebody has come."""

from __future__ import annotations

from collections.abc import Callable

from copbot.joining import rules, screens, service
from copbot.slack.answers import Answer, Done, Nothing, Open, Update
from copbot.slack.entrances import Call, Entrance, command


def open_form(call: Call) -> Answer:
    return Open(screens.invite_form(call.profile, rules.email_key(call.text)), words=call.text)


def invite(call: Call) -> Answer:
    form = call.form
    service.invite(
        call.session,
        email=form.one("email"),
        agency=form.one("agency"),
        areas=form.many("areas"),
        topics=form.many("topics"),
        person=call.person,
        now=call.now,
    )
    return Update(screens.made())


def copy(call: Call) -> Answer:
    return Open(screens.invite_text(call.profile))


def _settle(state: str) -> Callable[[Call], Answer]:
    def run(call: Call) -> Answer:
        service.settle(call.session, call.value, state=state, person=call.person, now=call.now)
        return Done()

    return run


def came(call: Call) -> Answer:
    """Slack says that somebody is new. If this is lost, the re-read finds them all the same."""
    seen = call.event.get("user")
    if not isinstance(seen, dict):
        return Nothing("no user in it")
    new = service.arrive(call.session, seen, team=call.team, profile=call.profile, now=call.now)
    return Done() if new else Nothing("known, or nobody to welcome")


ENTRANCES = (
    command(
        "community invite",
        open_form,
        "create a card for somebody who wants to join",
        "staff",
        words="name@example.org",
    ),
    Entrance(
        "view", screens.INVITE, invite, "staff", "write", public_text=("agency",), other_text=("email",)
    ),
    Entrance("action", screens.COPY, copy, "staff"),
    Entrance("action", screens.DONE, _settle(rules.INVITED), "staff", "write"),
    Entrance("action", screens.NOT_NOW, _settle(rules.NOT_NOW), "staff", "write"),
    Entrance("event", "team_join", came, "slack", "write"),
)
