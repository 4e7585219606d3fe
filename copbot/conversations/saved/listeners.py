"""Entrances of the saved answers: their list, the form of one, and the search while replying."""

from __future__ import annotations

from copbot.conversations.saved import screens, service
from copbot.slack.answers import Answer, Open, Options, Update, View
from copbot.slack.entrances import Call, Entrance, number

MOST_OPTIONS = 25


def like(call: Call) -> Answer:
    return Options(screens.options(service.like(call.session, call.text, MOST_OPTIONS)))


def open_list(call: Call) -> Answer:
    """On top of the reply form, in which something may be typed."""
    return Open(_list(call))


def _list(call: Call) -> View:
    return screens.list_view(service.by_name(call.session))


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
    return Update(_list(call))


def delete(call: Call) -> Answer:
    service.remove(call.session, call.number)
    return Update(_list(call))


ENTRANCES = (
    Entrance("action", screens.OPEN, open_list, "staff"),
    Entrance("action", screens.EDIT, edit, "staff"),
    Entrance("action", screens.DELETE, delete, "staff", "write"),
    Entrance("view", screens.EDITED, save, "staff", "write", public_text=("name", "text")),
)
