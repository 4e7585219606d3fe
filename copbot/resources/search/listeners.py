"""Searching: by command, from Home, in the open view; what was saved; what is missing."""

from __future__ import annotations

from copbot.errors import NotFound
from copbot.resources.library import readers
from copbot.resources.search import screens, service
from copbot.slack.answers import Answer, Open, Options, Say, Update, View
from copbot.slack.entrances import Call, Entrance, command
from copbot.slack.entrances import number as number_of
from copbot.slack.help import help_message


def by_command(call: Call) -> Answer:
    return Open(_found(call, call.text) if call.text else _blank(call), words=call.text)


def give_help(call: Call) -> Answer:
    return Say(help_message(call.entrances, "resources", person=call.person, profile=call.profile))


def open_search(call: Call) -> Answer:
    return Open(_blank(call))


def search(call: Call) -> Answer:
    form = call.form
    return Update(_found(call, form.one("words"), area=form.one("area"), kind=form.one("kind")), saved=False)


def turn(call: Call) -> Answer:
    form = call.form
    shown = _found(call, form.one("words"), form.one("area"), form.one("kind"), number_of(call.value))
    return Update(shown, saved=False)


def areas(call: Call) -> Answer:
    return Options(screens.area_options(call.text, call.profile))


def tell_gap(call: Call) -> Answer:
    topic, _, area = call.value.partition("|")
    if (topic and not call.profile.topic(topic)) or (area and not call.profile.area(area)):
        raise NotFound("That is no longer there. Please search again.")
    readers.tell_gap(call.session, topic, area, profile=call.profile, now=call.now)
    return Update(screens.told()) if call.in_modal else Open(screens.told(), saved=True)


def saved(call: Call) -> Answer:
    return Open(screens.saved_view(readers.saved(call.session, call.person), call.profile))


def _found(call: Call, typed: str, area: str = "", kind: str = "", start: int = 0) -> View:
    typed = typed[: screens.LONGEST_SEARCH]
    area = area if call.profile.area(area) else ""
    found = service.search(
        call.session, typed, profile=call.profile, person=call.person, area=area, kind=kind, start=start
    )
    return screens.search_view(typed, found, call.profile, may_add=not call.person.is_guest)


def _blank(call: Call) -> View:
    return screens.search_view("", None, call.profile, may_add=not call.person.is_guest)


_WHAT = "search the library: what, and where if it matters"

ENTRANCES = (
    command("resources", by_command, _WHAT, words="training near me"),
    command("resources saved", saved, "what you saved"),
    command("resources help", give_help, "this list"),
    Entrance("action", screens.FIND, open_search),
    Entrance("action", screens.SAVED, saved),
    Entrance("view", screens.SEARCH, search, other_text=("words",)),  # kept nowhere
    Entrance("action", screens.PAGE_TO, turn),
    Entrance("options", screens.AREA, areas),
    Entrance("action", screens.GAP, tell_gap, effect="write"),
)
