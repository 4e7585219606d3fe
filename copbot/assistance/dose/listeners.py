"""Log on a request, and Done with the dose: minutes in one tap, the rest in a form."""

from __future__ import annotations

import hashlib
from datetime import date

from copbot.assistance.dose import service
from copbot.assistance.views import facts as shown
from copbot.assistance.views.facts import RequestFacts
from copbot.assistance.workflow import service as workflow
from copbot.assistance.workflow.screens import referral_field
from copbot.contacts import screens
from copbot.contacts import service as contacts
from copbot.contacts.rules import ContactEntry, minutes_of, people_of
from copbot.contacts.screens import ContactList
from copbot.slack.answers import Answer, Block, Done, Push, Update, View
from copbot.slack.entrances import Call, Entrance, number


def open_log(call: Call) -> Answer:
    return call.show(quick_view(call, _named(call)[0]))


def tap(call: Call) -> Answer:
    """So many minutes, today. The button names the newest entry its presser saw, so a double tap logs once."""
    request_id, seen, minutes = _named(call)
    category, format_ = contacts.usual(call.session, call.person, call.profile)
    today = call.profile.today(call.now)
    entry = ContactEntry(today, minutes, category, format_)
    _log(call, entry, request_id, _key(call.form_key or call.person.id, seen, minutes))
    return Update(quick_view(call, request_id))


def more(call: Call) -> Answer:
    """The whole form, over the one that is open."""
    found = shown.one(call.session, _named(call)[0], call.person, call.now)
    usual = contacts.usual(call.session, call.person, call.profile)
    today = call.profile.today(call.now)
    return Push(
        screens.request_form(
            found.label, {"uid": found.uid}, call.profile, usual=usual, level=found.level, today=today
        )
    )


def save(call: Call) -> Answer:
    ident = workflow.id_of(call.session, str(call.meta.get("uid") or ""))
    _log(call, entry_in(call), ident, _key(call.form_key, call.view_id))
    return Done(everything=True)


def done_fields(call: Call, found: RequestFacts) -> list[Block]:
    """What Done asks of the dose: only what nobody has said."""
    usual = contacts.usual(call.session, call.person, call.profile)
    referral = [referral_field("Who can help near them?")] if call.profile.is_elsewhere(found.areas) else []
    return [*referral, *screens.done_fields(not found.level, not found.logged[0], usual, call.profile)]


def finish(call: Call) -> Answer:
    """Done, and with it the time spent, when it was chosen."""
    ident = workflow.id_of(call.session, str(call.meta.get("uid") or ""))
    level, minutes = call.form.one("level"), number(call.form.one("minutes") or 0)
    made = workflow.done(
        call.session, given=call.form.one("given"), level=level, referral=call.form.one("referral"), request_id=ident, person=call.person,
        now=call.now, profile=call.profile, version=number(call.meta.get("version") or 0),
    )  # fmt: skip
    if minutes and not made.already:
        category, format_ = contacts.usual(call.session, call.person, call.profile)
        entry = ContactEntry(call.profile.today(call.now), minutes, category, format_, level=level)
        _log(call, entry, ident, f"done:{made.event_id}")
    return Done(everything=True)


def entry_in(call: Call) -> ContactEntry:
    """What stands in the form."""
    form = call.form
    objectives, eligible = form.one("objectives"), form.one("eligible")
    return ContactEntry(
        day=_day(form.one("day")),
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


def _log(call: Call, entry: ContactEntry, request_id: int, key: str) -> None:
    service.log(
        call.session,
        entry,
        request_id=request_id,
        person=call.person,
        key=key,
        profile=call.profile,
        now=call.now,
    )


def _key(*parts: object) -> str:
    return hashlib.sha256(":".join(map(str, parts)).encode()).hexdigest()


def _named(call: Call) -> tuple[int, int, int]:
    """What a button names: the request, then the newest entry that was seen, then minutes."""
    uid, seen, minutes = [*call.value.split(":"), "0", "0"][:3]
    return workflow.id_of(call.session, uid), number(seen or 0), number(minutes or 0)


def quick_view(call: Call, request_id: int) -> View:
    """Minutes to tap, and what is logged of this request."""
    found = shown.one(call.session, request_id, call.person, call.now)
    logged = contacts.of_request(call.session, request_id, call.now)
    value = f"{found.uid}:{logged[0].id if logged else 0}"
    usual = contacts.usual(call.session, call.person, call.profile)
    total = contacts.total_of(call.session, request_id)
    list_ = ContactList(logged, call.person.id, call.person.is_lead)
    return screens.quick_view(found.label, value, list_, call.profile, usual=usual, total=total)


def _day(chosen: str) -> date | None:
    try:
        return date.fromisoformat(chosen)
    except ValueError:
        return None


ENTRANCES = (
    Entrance(kind="action", id=screens.OPEN, run=open_log, who="staff"),
    Entrance(kind="action", id=screens.MINUTES, run=tap, who="staff", effect="write"),
    Entrance(kind="action", id=screens.MORE, run=more, who="staff"),
    Entrance(
        kind="view", id=screens.SAVED, run=save, who="staff", effect="write",
        free_text=screens.TEXTS, other_text=screens.NUMBERS,
    ),
)  # fmt: skip
