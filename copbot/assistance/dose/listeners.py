"""Log on a request, Done with the dose, and `/ta log`: minutes in one tap, the rest in a form."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from copbot.assistance.dose import service
from copbot.assistance.dose.service import PastRequest
from copbot.assistance.intake.listeners import open_form
from copbot.assistance.texts import SOURCES, RequestForm, day_of
from copbot.assistance.views import facts as shown
from copbot.assistance.views.facts import RequestFacts
from copbot.assistance.views.listeners import request_of
from copbot.assistance.views.staff_screens import DETAILS
from copbot.assistance.workflow import service as workflow
from copbot.assistance.workflow.screens import referral_field
from copbot.contacts import screens
from copbot.contacts import service as contacts
from copbot.contacts.rules import LONGEST_NOTE, ContactEntry, minutes_of, people_of, spent, troubles
from copbot.contacts.tables import total_of
from copbot.errors import InvalidInput, check_fields
from copbot.people import fields
from copbot.people import service as people
from copbot.program.profile import UNSURE
from copbot.slack.answers import Answer, Block, Done, Open, Options, Push, Update, View
from copbot.slack.blocks import button
from copbot.slack.entrances import Call, Entrance, any_words, command, number
from copbot.slack.text import cut, size

_CAME = "came:"
"""A choice of the form that is no category of work but a way in which a request came."""


# With a request


def open_log(call: Call) -> Answer:
    return call.show(quick_view(call, _named(call)[0]))


def tap(call: Call) -> Answer:
    """So many minutes, today. The button names the newest entry its presser saw, so a double tap logs once."""
    request_id, seen, minutes = _named(call)
    entry = ContactEntry(call.profile.today(call.now), minutes, *_usual(call))
    _log(call, entry, request_id, _key(call.form_key or call.person.id, seen, minutes))
    return Update(quick_view(call, request_id))


def more(call: Call) -> Answer:
    found = shown.one(call.session, _named(call)[0], call.person, call.now)
    today = call.profile.today(call.now)
    how: dict[str, Any] = {"usual": _usual(call), "level": found.level, "today": today}
    return Push(screens.request_form(found.label, {"uid": found.uid}, call.profile, **how))


def save(call: Call) -> Answer:
    _log(call, entry_in(call), request_of(call), _key(call.form_key, call.view_id))
    return Done(everything=True)


def done_fields(call: Call, found: RequestFacts) -> list[Block]:
    """What Done asks of the dose: only what nobody has said."""
    referral = [referral_field("Who can help near them?")] if call.profile.is_elsewhere(found.areas) else []
    return [*referral, *screens.done_fields(not found.level, not found.logged[0], _usual(call), call.profile)]


def finish(call: Call) -> Answer:
    """Done, and with it the time spent, when it was chosen."""
    ident, minutes = request_of(call), number(call.form.one("minutes") or 0)
    said: dict[str, Any] = {name: call.form.one(name) for name in ("given", "level", "referral")}
    version = number(call.meta.get("version") or 0)
    made = workflow.done(call.session, request_id=ident, version=version, **said, **_who(call))
    if minutes and not made.already:
        today = call.profile.today(call.now)
        entry = ContactEntry(today, minutes, *_usual(call), level=said["level"])
        _log(call, entry, ident, f"done:{made.event_id}")
    return Done(everything=True)


def entry_in(call: Call) -> ContactEntry:
    form = call.form
    objectives, eligible = form.one("objectives"), form.one("eligible")
    return ContactEntry(
        day=day_of(form.one("day")),
        minutes=minutes_of(form.one("minutes")),
        category=form.one("category"),
        format=form.one("format"),
        people=people_of(form.one("people")),
        level=form.one("level"),
        fund_source=form.one("fund_source"),
        eligible=eligible == "yes" if eligible else None,
        formal="yes" in form.many(screens.FORMAL) or bool(objectives.strip()),
        objectives=objectives,
        note=form.one("note"),
    )


def _who(call: Call) -> dict[str, Any]:
    return {"person": call.person, "profile": call.profile, "now": call.now}


def _usual(call: Call) -> tuple[str, str]:
    return contacts.usual(call.session, call.person, call.profile)


def _log(call: Call, entry: ContactEntry, request_id: int, key: str) -> int | None:
    return service.log(call.session, entry, request_id=request_id, key=key, **_who(call))


def _key(*parts: object) -> str:
    return hashlib.sha256(":".join(map(str, parts)).encode()).hexdigest()


def _named(call: Call) -> tuple[int, int, int]:
    """What a button names: the request, then the newest entry that was seen, then minutes."""
    uid, seen, minutes = [*call.value.split(":"), "0", "0"][:3]
    return workflow.id_of(call.session, uid), number(seen or 0), number(minutes or 0)


def quick_view(call: Call, request_id: int) -> View:
    found = shown.one(call.session, request_id, call.person, call.now)
    logged = contacts.of_request(call.session, request_id, call.person, call.now)
    value, total = f"{found.uid}:{logged[0].id if logged else 0}", total_of(call.session, request_id)
    return screens.quick_view(found.label, value, logged, call.profile, usual=_usual(call), total=total)


# Without one: a call, an email or a hallway request, and work that nobody requested. Nobody outside staff is told.


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


def save_work(call: Call) -> Answer:
    """A request that came another way is saved closed, with its contact; other work as a contact alone."""
    entry, key = entry_in(call), call.form_key
    chosen: dict[str, Any] = {name: call.form.many(name) for name in ("topics", "areas")}
    chosen["agency_id"] = _agency(call)
    came = entry.category.removeprefix(_CAME) if entry.category.startswith(_CAME) else ""
    if came:
        return _save_request(call, came, entry, chosen)
    entry = replace(entry, **chosen)
    made = contacts.log(call.session, entry, by=call.person, key=key, profile=call.profile, now=call.now)
    if made is None:
        return work_again(call)
    return Update(_view(call, f"{spent(entry.minutes)} logged. Nobody outside staff was told."))


def _save_request(call: Call, came: str, entry: ContactEntry, chosen: dict[str, Any]) -> Answer:
    formats, key = {each.id for each in call.profile.contact_formats}, call.form_key
    format_ = entry.format or (came if came in formats else "")
    contact = replace(entry, category=_usual(call)[0], format=format_, note="")
    form = RequestForm(kind=UNSURE, need=entry.note, not_agency=chosen["agency_id"] is None, **chosen)
    wrong = troubles(contact, call.profile, call.profile.today(call.now))
    try:
        request_id = service.record(call.session, PastRequest(form, entry.day, came), key=key, **_who(call))
    except InvalidInput as error:
        found = {"note" if name == "need" else name: said for name, said in error.fields.items()}
        check_fields({**found, **wrong})
        raise
    if request_id is None:
        return work_again(call)
    made = _log(call, contact, request_id, key)
    request = shown.one(call.session, request_id, call.person, call.now)
    see = button(f"See {request.label}", DETAILS, request.pressed)
    said = f"{request.label} is saved as closed, with {spent(entry.minutes)}. Nobody outside staff was told."
    undo = [screens.delete_button(made)] if made is not None else []
    return Update(_view(call, said, see, *undo))


def work_again(call: Call) -> Answer:
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
    return screens.logged_view(said, own, call.profile, *buttons)


_TEXTS: dict[str, Any] = {"free_text": screens.TEXTS, "other_text": screens.NUMBERS}
ENTRANCES = (
    Entrance("action", screens.OPEN, open_log, "staff"),
    Entrance("action", screens.MINUTES, tap, "staff", "write"),
    Entrance("action", screens.MORE, more, "staff"),
    Entrance("view", screens.SAVED, save, "staff", "write", **_TEXTS),
    command(
        "ta log",
        open_work,
        "",
        staff_help="log a call, an email, a hallway request, or work nobody requested",
        takes=any_words,
    ),
    Entrance("action", screens.START, open_work, "staff"),
    Entrance("options", screens.AGENCY, agencies, "staff"),
    Entrance("action", screens.OWN, own, "staff"),
    Entrance("action", screens.DELETE, delete, "staff", "write"),
    Entrance("view", screens.WORK, save_work, "staff", "write", again=work_again, **_TEXTS),
)
