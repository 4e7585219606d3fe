"""Entrances of a member's own digest: one word or one tap each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from copbot.delivery import service as delivery
from copbot.digests.editions.screens.messages import MINE
from copbot.digests.rules import schedule_of
from copbot.digests.subscriptions import screens, service
from copbot.digests.subscriptions.rules import Subscription
from copbot.slack.answers import Answer, Open, Options, Say, Update
from copbot.slack.blocks import option, say
from copbot.slack.entrances import Call, Effect, Entrance, Who
from copbot.slack.help import help_message

USUAL_PAUSE = timedelta(days=28)


def _said(found: Subscription) -> Answer:
    return Say(screens.chosen(found))


def overview(call: Call) -> Answer:
    found = service.find(call.session, call.person, call.now)
    view = screens.settings(found, call.profile, zone=call.person.tz)
    return Update(view) if call.in_modal else Open(view, words=call.text)


def _chooses(rhythm: str = "") -> Callable[[Call], Answer]:
    """A rhythm, else that of the pressed button."""
    return lambda call: _said(
        service.choose(call.session, rhythm or call.value, person=call.person, now=call.now)
    )


def change(call: Call) -> Answer:
    form, weekday = call.form, int(call.form.one("weekday") or 0)
    schedule = schedule_of(call.person.tz, form.one("rhythm"), weekday, form.one("at"))
    what: dict[str, Any] = {"topics": form.many("topics"), "areas": form.many("areas")}
    return _said(service.change(call.session, schedule, **what, person=call.person, now=call.now))


def open_pause(call: Call) -> Answer:
    day = (call.now + USUAL_PAUSE).astimezone(ZoneInfo(call.person.tz)).date()
    return call.show(screens.pause_view(day.isoformat()))


def pause(call: Call) -> Answer:
    return _said(service.pause(call.session, call.form.one("until"), person=call.person, now=call.now))


def stop(call: Call) -> Answer:
    return _said(service.stop(call.session, person=call.person, now=call.now))


def start(call: Call) -> Answer:
    return _said(service.start(call.session, person=call.person, now=call.now))


def only_requests(call: Call) -> Answer:
    service.only_requests(call.session, person=call.person, now=call.now)
    return Say(screens.only_requests())


def everything(call: Call) -> Answer:
    """The digest stays stopped until they start it."""
    delivery.unsilence(call.session, call.person.user)
    word = f"{call.profile.commands.digest} start"
    return Say(say(f"Done. Messages from the program reach you again. Type {word} for the digest."))


def places(call: Call) -> Answer:
    """Areas whose names or towns hold the typed words."""
    typed = call.text.casefold()
    inside = (area for area in call.profile.areas if area.kind != "outside")
    found = [area for area in inside if typed in area.option_text.casefold()]
    return Options(tuple(option(area.label, area.id) for area in found[:100]))


def help_(call: Call) -> Answer:
    return Say(help_message(call.entrances, "digest", person=call.person, profile=call.profile))


def _command(
    verb: str, run: Callable[[Call], Answer], words: str, who: Who = "member", effect: Effect = "read"
) -> Entrance:
    ident = f"digest {verb}".strip()
    return Entrance("command", ident, run, who, effect, help=words, example=f"/{ident}")


ENTRANCES = (
    _command("", overview, "your digest: topics, day and hour"),
    _command("topics", overview, "choose topics and places"),
    _command("weekly", _chooses("weekly"), "get a digest every week", effect="write"),
    _command("monthly", _chooses("monthly"), "get a digest once a month", effect="write"),
    _command("pause", open_pause, "pause it until a day"),
    _command("stop", stop, "stop it; your topics are remembered", effect="write"),
    _command("start", start, "start it again", effect="write"),
    _command("help", help_, "what you can type", "anyone"),
    Entrance("action", MINE, overview, "member"),
    Entrance("action", screens.RHYTHM, _chooses(), "member", "write"),
    Entrance("view", screens.CHOSEN, change, "member", "write"),
    Entrance("options", "digests.areas", places, "member"),
    Entrance("action", screens.PAUSE, open_pause, "member"),
    Entrance("view", screens.PAUSED_FORM, pause, "member", "write"),
    Entrance("action", screens.STOP, stop, "member", "write"),
    Entrance("action", screens.ONLY_REQUESTS, only_requests, effect="write"),
    Entrance("action", screens.EVERYTHING, everything, effect="write"),
    Entrance("action", screens.START, start, "member", "write"),
)
