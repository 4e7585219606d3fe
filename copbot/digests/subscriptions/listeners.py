"""Entrances of a member's own digest: one word or one tap each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from copbot.digests.editions.screens.messages import MINE
from copbot.digests.subscriptions import screens, service
from copbot.digests.subscriptions.values import Subscription
from copbot.errors import InvalidInput
from copbot.slack.answers import Answer, Open, Options, Say, Update, Wrong
from copbot.slack.blocks import option, say
from copbot.slack.entrances import Call, Entrance
from copbot.slack.help import help_message

USUAL_PAUSE = timedelta(days=28)


def _said(found: Subscription) -> Answer:
    return Say(screens.chosen(found))


def overview(call: Call) -> Answer:
    found = service.find(call.session, call.person, call.now)
    view = screens.settings(found, call.profile, zone=call.person.tz)
    return Update(view, saved=False) if call.in_modal else Open(view, words=call.text)


def _rhythm(rhythm: str) -> Callable[[Call], Answer]:
    def run(call: Call) -> Answer:
        return _said(service.choose(call.session, rhythm or call.value, person=call.person, now=call.now))

    return run


def change(call: Call) -> Answer:
    form = call.form
    found = service.change(
        call.session, rhythm=form.one("rhythm"), weekday=int(form.one("weekday") or 0), at=form.one("at"),
        topics=form.many("topics"), areas=form.many("areas"), person=call.person, now=call.now,
    )  # fmt: skip
    return _said(found)


def open_pause(call: Call) -> Answer:
    day = (call.now + USUAL_PAUSE).astimezone(ZoneInfo(call.person.tz)).date()
    view = screens.pause_view(day.isoformat())
    return Update(view, saved=False) if call.in_modal else Open(view)


def pause(call: Call) -> Answer:
    try:
        found = service.pause(call.session, call.form.one("until"), person=call.person, now=call.now)
    except InvalidInput as error:
        return Wrong({"until": error.words})
    return _said(found)


def stop(call: Call) -> Answer:
    return _said(service.stop(call.session, person=call.person, now=call.now))


def start(call: Call) -> Answer:
    return _said(service.start(call.session, person=call.person, now=call.now))


def only_requests(call: Call) -> Answer:
    service.only_requests(call.session, person=call.person, now=call.now)
    return Say(screens.only_requests())


def everything(call: Call) -> Answer:
    service.everything(call.session, person=call.person)
    word = f"{call.profile.commands.digest} start"
    return Say(say(f"Done. Messages from the program reach you again. Type {word} for the digest."))


def places(call: Call) -> Answer:
    """Areas whose names or towns hold the typed words."""
    typed = call.text.casefold()
    found = [
        area for area in call.profile.areas if typed in area.option_text.casefold() and area.kind != "outside"
    ]
    return Options(tuple(option(area.label, area.id) for area in found[:100]))


def help_(call: Call) -> Answer:
    return Say(help_message(call.entrances, "digest", person=call.person, profile=call.profile))


def _command(verb: str, run: Callable[[Call], Answer], words: str, **more: Any) -> Entrance:
    return Entrance(
        kind="command", id=f"digest {verb}", run=run, help=words, example=f"/digest {verb}", **more
    )


ENTRANCES = (
    Entrance(
        kind="command",
        id="digest",
        run=overview,
        who="member",
        help="your digest: topics, day and hour",
        example="/digest",
    ),
    _command("topics", overview, "choose topics and places", who="member"),
    _command("weekly", _rhythm("weekly"), "get a digest every week", who="member", effect="write"),
    _command("monthly", _rhythm("monthly"), "get a digest once a month", who="member", effect="write"),
    _command("pause", open_pause, "pause it until a day", who="member"),
    _command("stop", stop, "stop it; your topics are remembered", who="member", effect="write"),
    _command("start", start, "start it again", who="member", effect="write"),
    _command("help", help_, "what you can type"),
    Entrance(kind="action", id=MINE, run=overview, who="member"),
    Entrance(kind="action", id=screens.RHYTHM, run=_rhythm(""), who="member", effect="write"),
    Entrance(kind="view", id=screens.CHOSEN, run=change, who="member", effect="write"),
    Entrance(kind="options", id="digests.areas", run=places, who="member"),
    Entrance(kind="action", id=screens.PAUSE, run=open_pause, who="member"),
    Entrance(kind="view", id=screens.PAUSED_FORM, run=pause, who="member", effect="write"),
    Entrance(kind="action", id=screens.STOP, run=stop, who="member", effect="write"),
    Entrance(kind="action", id=screens.ONLY_REQUESTS, run=only_requests, effect="write"),
    Entrance(kind="action", id=screens.EVERYTHING, run=everything, effect="write"),
    Entrance(kind="action", id=screens.START, run=start, who="member", effect="write"),
)
