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
        return Say(
            say("Only staff can import files into the resource library. Your file was not opened."),
            saved=False,
        )
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
    chosen = {name: _heading(call.form.one(name), drop.headings) for name in FIELDS}
    service.correct(call.session, drop.uid, chosen, person=call.person, now=call.now)
    return Done()


def _heading(value: str, known: tuple[str, ...]) -> str:
    at = int(value) if value.isdecimal() and len(value) < 5 else len(known)
    return known[at] if at < len(known) else ""


ENTRANCES = (
    Entrance(kind="event", id="file_share", run=dropped, effect="write", concerns=rules.is_dropped),
    *(
        Entrance(kind="action", id=ident, run=run, who="staff", effect="write")
        for ident, run in (
            (screens.DRAFTS, _decides(service.start, publish=False)),
            (screens.PUBLISH, _decides(service.start, publish=True)),
            (screens.CANCEL, _decides(service.cancel)),
            (screens.UNDO, _decides(service.undo)),
        )
    ),
    Entrance(kind="action", id=screens.COLUMNS, run=open_columns, who="staff"),
    Entrance(kind="options", id=screens.HEADING, run=headings, who="staff"),
    Entrance(kind="view", id=screens.CORRECTED, run=correct, who="staff", effect="write"),
)
