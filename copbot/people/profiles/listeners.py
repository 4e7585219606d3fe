"""People changing what they say of themselves."""

from __future__ import annotations

from copbot.errors import NotFound
from copbot.people import fields, service
from copbot.people.profiles import screens as screen
from copbot.people.profiles import service as profiles
from copbot.slack.answers import Answer, Done, Open, Options
from copbot.slack.entrances import Call, Entrance


def open_profile(call: Call) -> Answer:
    found = profiles.profile_of(call.session, call.person.id)
    return Open(screen.profile_form(found, call.profile, is_guest=call.person.is_guest))


def agency_options(call: Call) -> Answer:
    """For a person's own agency; for staff who look for one, without adding (the form's metadata says which)."""
    found = [(agency.id, agency.name) for agency in service.agencies_like(call.session, call.text)]
    exact = service.agency_found(call.session, call.text) is not None if call.text else False
    adds = "pick" not in call.meta
    return Options(fields.agency_options(found, call.text, exact=exact, adds=adds))


def save(call: Call) -> Answer:
    if not call.form.one("language"):  # every form of ours has one
        raise NotFound("That form was not complete. Please open it again.")
    agency = call.form.one("agency")
    ident = fields.agency_id(agency)
    if fields.is_new(agency):
        name = fields.name_to_add(agency, call.form.label("agency"))
        ident = service.agency_named(call.session, name).id
    language = call.form.one("language")
    profiles.describe(
        call.session,
        call.person,
        profile=call.profile,
        now=call.now,
        agency_id=ident,
        not_agency=True if agency == fields.NONE else None,
        areas=call.form.many("areas"),
        role=call.form.one("role"),
        topics=call.form.many("topics"),
        language="" if language == "own" else language,
    )
    ticked = call.form.many("consent")
    for what in (screen.FOUND, screen.SHARES):
        profiles.consent(call.session, call.person, what, given=what in ticked, now=call.now)  # type: ignore[arg-type]
    return Done()


ENTRANCES = (
    Entrance("action", screen.OPEN, open_profile),
    Entrance("options", fields.AGENCY, agency_options),
    Entrance("view", screen.SAVE, save, effect="write", free_text=("role",)),
)
