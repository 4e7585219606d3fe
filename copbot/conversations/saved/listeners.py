"""Entrances of the saved answers: their list, the form of one, and the search while replying."""

from __future__ import annotations

from copbot.conversations.saved import screens, service
from copbot.slack.answers import Answer, Options, Push, Update, View
from copbot.slack.entrances import Call, Entrance, number

MOST_OPTIONS = 25


def like(call: Call) -> Answer:
    return Options(screens.options(service.like(call.session, call.text, MOST_OPTIONS)))


def open_list(call: Call) -> Answer:
    """On top of the reply form, in which something may be typed."""
    return Push(_list(call, 0))


def turn(call: Call) -> Answer:
    return Update(_list(call, call.number))


def _list(call: Call, start: int) -> View:
    return screens.list_view(service.page(call.session, start, screens.PAGE + 1), start)


def edit(call: Call) -> Answer:
    return call.show(screens.edit_form(service.find(call.session, call.number)))


def save(call: Call) -> Answer:
    ident = number(call.meta.get("answer"))
    service.save(
        call.session,
        name=call.form.one("name"),
        text=call.form.one("text"),
        by=call.person,
        now=call.now,
        ident=ident,
    )
    return Update(_list(call, 0))


def delete(call: Call) -> Answer:
    service.remove(call.session, call.number)
    return Update(_list(call, 0))


ENTRANCES = (
    Entrance("action", screens.OPEN, open_list, "staff"),
    Entrance("action", screens.PAGE_TO, turn, "staff"),
    Entrance("action", screens.EDIT, edit, "staff"),
    Entrance("action", screens.DELETE, delete, "staff", "write"),
    Entrance("view", screens.EDITED, save, "staff", "write", public_text=("name", "text")),
)
