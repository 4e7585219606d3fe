"""Staff keeping the list of agencies true."""

from __future__ import annotations

from copbot.errors import Conflict, InvalidInput
from copbot.people import fields, service
from copbot.people.agencies import screens as screen
from copbot.people.agencies import service as agencies
from copbot.slack.answers import Answer, Update, View
from copbot.slack.entrances import Call, Entrance, number


def all_agencies(call: Call) -> Answer:
    after = number(call.value) if call.value else None
    return call.show(_all(call, after))


def open_agency(call: Call) -> Answer:
    """A button of the list, or the agency that was searched for."""
    found = agencies.agency_facts(call.session, number(fields.agency_id(call.value)))
    return Update(screen.agency_form(found, call.profile))


def save(call: Call) -> Answer:
    """Saved, and the list; or the form again with what somebody else saved meanwhile, and what was typed."""
    ident = number(call.meta.get("agency"))
    try:
        made = agencies.describe_agency(
            call.session,
            ident,
            profile=call.profile,
            by=call.person,
            now=call.now,
            name=call.form.one("name"),
            kind=call.form.one("kind"),
            area=call.form.one("area"),
            eligible={"yes": True, "no": False}.get(call.form.one("eligible")),
            seen=str(call.meta.get("seen") or ""),
        )
    except Conflict as error:
        now = agencies.agency_facts(call.session, ident)
        return Update(screen.agency_form(now, call.profile, note=error.words), saved=False)
    return Update(_all(call, None, f"{made.name}: saved."))


def open_merge(call: Call) -> Answer:
    first, _, second = call.value.partition(":")
    goes = agencies.agency_facts(call.session, number(first))
    stays = service.agency_known(call.session, number(second)) if second else None
    return Update(screen.merge_form(goes, stays, call.profile))


def merge(call: Call) -> Answer:
    into = fields.agency_id(call.form.one("into"))
    if into is None:
        raise InvalidInput.at("into", "Please choose the agency that stays.")
    goes = number(call.meta.get("agency"))
    made = agencies.merge(call.session, goes, into=into, by=call.person, now=call.now)
    return Update(_all(call, None, f"{made.name}: the two are one now."))


def _all(call: Call, after: int | None, note: str = "") -> View:
    call.session.flush()
    page = agencies.agencies(call.session, after=after)
    alike = agencies.probably_the_same(call.session) if after is None else ()
    return screen.all_agencies(page.items, alike, call.profile, next_=page.next, note=note)


ENTRANCES = (
    Entrance("action", screen.ALL, all_agencies, "staff"),
    Entrance("action", screen.OPEN, open_agency, "staff"),
    Entrance("action", fields.AGENCY, open_agency, "staff"),
    Entrance("view", screen.SAVE, save, "staff", "write", public_text=("name",)),
    Entrance("action", screen.OPEN_MERGE, open_merge, "staff"),
    Entrance("view", screen.MERGE, merge, "staff", "write"),
)
