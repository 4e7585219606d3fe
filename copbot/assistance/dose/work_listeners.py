"""`/ta log`: a call, an email or a hallway request, and work that nobody requested. Nobody outside staff is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from copbot.assistance.dose import past, service
from copbot.assistance.dose.listeners import entry_in, quick_view
from copbot.assistance.dose.past import PastRequest
from copbot.assistance.intake.listeners import open_form
from copbot.assistance.texts import SOURCES, RequestForm
from copbot.assistance.views import facts as shown
from copbot.assistance.views import staff_screens
from copbot.contacts import screens
from copbot.contacts import service as contacts
from copbot.contacts.rules import LONGEST_NOTE, ContactEntry, spent
from copbot.contacts.screens import ContactList
from copbot.errors import InvalidInput
from copbot.people import fields
from copbot.people import service as people
from copbot.program.profile import UNSURE
from copbot.slack.answers import Answer, Open, Options, Push, Update, View
from copbot.slack.blocks import button
from copbot.slack.entrances import Call, Entrance
from copbot.slack.text import cut, size

_CAME = "came:"
"""A choice of the form that is no category of work but a way in which a request came."""


def open_work(call: Call) -> Answer:
    """The form, with the words that were typed. What somebody who is not staff typed is a need like any other."""
    if not call.person.is_staff:
        return open_form(replace(call, text=f"log {call.text}".strip()))
    long = f"Only the first {LONGEST_NOTE:,} characters of your text fit here."
    view = screens.work_form(
        call.profile,
        call.profile.today(call.now),
        sources=[(f"{_CAME}{ident}", label) for ident, label in SOURCES.items()],
        note=cut(call.text, LONGEST_NOTE),
        warning=long if size(call.text) > LONGEST_NOTE else "",
    )
    return Open(view, words=call.text)


def agencies(call: Call) -> Answer:
    found = [(each.id, each.name) for each in people.agencies_like(call.session, call.text)]
    return Options(fields.agency_options(found, call.text, exact=True, adds=False))


def save(call: Call) -> Answer:
    """A request that came another way is saved closed, with its contact; other work as a contact alone."""
    entry, key = entry_in(call), call.form_key
    came = entry.category.removeprefix(_CAME) if entry.category.startswith(_CAME) else ""
    if came:
        return _save_request(call, came, entry, key)
    form = call.form
    entry = replace(entry, topics=form.many("topics"), areas=form.many("areas"), agency_id=_agency(call))
    made = contacts.log(call.session, entry, by=call.person, key=key, profile=call.profile, now=call.now)
    if made is None:
        return again(call)
    return Update(_view(call, f"{spent(entry.minutes)} logged. Nobody outside staff was told."))


def _save_request(call: Call, came: str, entry: ContactEntry, key: str) -> Answer:
    usual = contacts.usual(call.session, call.person, call.profile)
    formats = {each.id for each in call.profile.contact_formats}
    format_ = entry.format or (came if came in formats else "")
    contact = replace(entry, category=usual[0], format=format_, note="")
    agency = _agency(call)
    form = RequestForm(
        topics=call.form.many("topics"), kind=UNSURE, need=entry.note, areas=call.form.many("areas"),
        agency_id=agency, not_agency=agency is None,
    )  # fmt: skip
    which: dict[str, Any] = {"key": key, "profile": call.profile, "now": call.now, "person": call.person}
    troubles = contacts.troubles(contact, call.profile, call.now)
    try:
        request_id = past.record(call.session, PastRequest(form, entry.day, came), **which)
    except InvalidInput as error:
        found = {("note" if name == "need" else name): said for name, said in error.fields.items()}
        found = {**found, **troubles}
        raise InvalidInput(next(iter(found.values())), found) from None
    if request_id is None:
        return again(call)
    made = service.log(call.session, contact, request_id=request_id, **which)
    request = shown.one(call.session, request_id, call.person, call.now)
    value = staff_screens.pressed(request.uid, request.version)
    see = button(f"See {request.label}", staff_screens.DETAILS, value)
    said = f"{request.label} is saved as closed, with {spent(entry.minutes)}. Nobody outside staff was told."
    undo = [screens.undo_button(made)] if made is not None else []
    return Update(_view(call, said, see, *undo))


def again(call: Call) -> Answer:
    """The same form once more: it is saved already."""
    return Update(_view(call, "This was already saved. Nothing was logged twice."), saved=False)


def own(call: Call) -> Answer:
    return Push(_view(call, "Only staff see these."))


def delete(call: Call) -> Answer:
    """Take an entry out; the list it stood in is shown without it."""
    request_id = service.delete(call.session, call.number, person=call.person, now=call.now)
    return Update(_view(call, "It is deleted.") if request_id is None else quick_view(call, request_id))


def _agency(call: Call) -> int | None:
    chosen = fields.agency_id(call.form.one("agency"))
    known = people.agency_known(call.session, chosen) if chosen is not None else None
    return known.id if known else None


def _view(call: Call, said: str, *buttons: dict[str, Any]) -> View:
    own = contacts.own(call.session, call.person, call.now)
    return screens.logged_view(
        said, ContactList(own, call.person.id, call.person.is_lead), call.profile, *buttons
    )


ENTRANCES = (
    Entrance(
        kind="command",
        id="ta log",
        run=open_work,
        staff_help="log a call, an email, a hallway request, or work nobody requested",
        example="/ta log",
        takes=lambda _rest: True,
    ),
    Entrance(kind="action", id=screens.START, run=open_work, who="staff"),
    Entrance(kind="options", id=screens.AGENCY, run=agencies, who="staff"),
    Entrance(kind="action", id=screens.OWN, run=own, who="staff"),
    Entrance(kind="action", id=screens.DELETE, run=delete, who="staff", effect="write"),
    Entrance(
        kind="view", id=screens.WORK, run=save, who="staff", effect="write", again=again,
        free_text=screens.TEXTS, other_text=screens.NUMBERS,
    ),
)  # fmt: skip
