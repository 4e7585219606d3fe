"""Entrances for dropped files: the drop itself, its buttons, and the form for its columns."""

from __future__ import annotations

from collections.abc import Callable

from copbot.imports.drops import rules, screens, service
from copbot.imports.files.columns import FIELDS
from copbot.slack.answers import Answer, Done, Open, Options, Say
from copbot.slack.blocks import say
from copbot.slack.entrances import Call, Entrance


def dropped(call: Call) -> Answer:
    """Somebody sends the app a file. Only staff's lists are read; nobody else's file is opened."""
    if not call.person.is_staff:
        words = "Only staff can import files into the resource library. Your file was not opened."
        return Say(say(words), saved=False)
    for each in rules.lists_in(call.event)[:5]:
        file, name = str(each.get("id") or ""), str(each.get("name") or "")
        service.dropped(call.session, file, name, by=call.person.user, now=call.now)
    return Done()


def _decides(verb: Callable[..., None], **how: bool) -> Callable[[Call], Answer]:
    """A button of the drop's message, which is drawn again by itself."""

    def run(call: Call) -> Answer:
        verb(call.session, call.value, person=call.person, now=call.now, **how)
        return Done()

    return run


def open_columns(call: Call) -> Answer:
    return Open(screens.columns_form(service.own(call.session, call.value, call.person)))


def headings(call: Call) -> Answer:
    drop = service.own(call.session, str(call.meta.get("drop")), call.person)
    return Options(screens.heading_options(drop.headings, call.text))


def correct(call: Call) -> Answer:
    drop = service.own(call.session, str(call.meta.get("drop")), call.person)
    known = {str(at): heading for at, heading in enumerate(drop.headings)}
    chosen = {name: known.get(call.form.one(name), "") for name in FIELDS}
    service.correct(call.session, drop.uid, chosen, person=call.person, now=call.now)
    return Done()


ENTRANCES = (
    Entrance("event", "file_share", dropped, effect="write", concerns=rules.is_dropped),
    Entrance("action", screens.DRAFTS, _decides(service.start, publish=False), "staff", "write"),
    Entrance("action", screens.PUBLISH, _decides(service.start, publish=True), "staff", "write"),
    Entrance("action", screens.CANCEL, _decides(service.cancel), "staff", "write"),
    Entrance("action", screens.UNDO, _decides(service.undo), "staff", "write"),
    Entrance("action", screens.COLUMNS, open_columns, "staff"),
    Entrance("options", screens.HEADING, headings, "staff"),
    Entrance("view", screens.CORRECTED, correct, "staff", "write"),
)
