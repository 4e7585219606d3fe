"""Entrances for a dead link: it is right after all, it has another address, or it goes."""

from __future__ import annotations

from copbot.imports.links import screens, service
from copbot.resources.library import service as library
from copbot.slack.answers import Answer, Done, Open
from copbot.slack.entrances import Call, Entrance


def still_right(call: Call) -> Answer:
    service.still_right(call.session, call.value, person=call.person, profile=call.profile, now=call.now)
    return Done()


def open_change(call: Call) -> Answer:
    found = library.readable(call.session, call.value, call.person)
    return Open(screens.address_form(found.uid, found.title, found.url))


def change(call: Call) -> Answer:
    uid, url = str(call.meta.get("resource")), call.form.one("url").strip()
    service.change_address(call.session, uid, url, person=call.person, profile=call.profile, now=call.now)
    return Done()


def retire(call: Call) -> Answer:
    service.retire(call.session, call.value, person=call.person, profile=call.profile, now=call.now)
    return Done()


ENTRANCES = (
    Entrance("action", screens.RIGHT, still_right, "staff", "write"),
    Entrance("action", screens.CHANGE, open_change, "staff"),
    Entrance("view", screens.CHANGED, change, "staff", "write", other_text=("url",)),
    Entrance("action", screens.RETIRE, retire, "staff", "write"),
)
