"""Staff and leads changing who takes what, how much, and when somebody is away."""

from __future__ import annotations

from datetime import date

from copbot.errors import InvalidInput, NotAllowed
from copbot.people import service as people
from copbot.people.staff import screens as screen
from copbot.people.staff import service as staffing
from copbot.people.values import StaffFacts
from copbot.slack.answers import Answer, Done, Open, Update, View
from copbot.slack.entrances import Call, Entrance, number


def open_staff(call: Call) -> Answer:
    found = _facts(call, number(call.value or call.person.id))
    others = [(each.id, each.name) for each in people.staff_list(call.session) if each.id != found.id]
    return Open(screen.staff_form(found, call.profile, others, own=found.id == call.person.id))


def save(call: Call) -> Answer:
    backup = call.form.one("backup")
    staffing.describe_staff(
        call.session,
        _whose(call),
        profile=call.profile,
        by=call.person,
        now=call.now,
        seen=number(call.meta.get("seen")),
        topics=call.form.many("topics"),
        areas=call.form.many("areas"),
        languages=call.form.many("languages"),
        capacity=_capacity(call.form.one("capacity").strip()),
        backup=people.staff_member(call.session, backup, field="backup") if backup else None,
    )
    return Done()


def open_away(call: Call) -> Answer:
    return Open(_away_view(call, _facts(call, number(call.value or call.person.id))))


def go_away(call: Call) -> Answer:
    whose, by = _whose(call), call.person
    first, last = _day(call, "first"), _day(call, "last")
    note = call.form.one("note")
    staffing.go_away(
        call.session, whose, first=first, last=last, note=note, profile=call.profile, by=by, now=call.now
    )
    return Update(_away_view(call, _facts(call, whose), "Saved."))


def come_back(call: Call) -> Answer:
    whose, _, away = call.value.partition(":")
    staffing.come_back(call.session, number(away), by=call.person, now=call.now)
    return Update(_away_view(call, _facts(call, number(whose)), "Removed."))


def all_staff(call: Call) -> Answer:
    staff = staffing.everyone(call.session, profile=call.profile, now=call.now)
    return call.show(screen.all_staff(staff, call.profile, number(call.value)))


def _facts(call: Call, person_id: int) -> StaffFacts:
    """Staff see their own, leads everybody's."""
    if not (call.person.is_lead or call.person.id == person_id):
        raise NotAllowed("Staff can change their own entry. Leads can change everybody's.")
    return staffing.staff_facts(call.session, person_id, profile=call.profile, now=call.now)


def _away_view(call: Call, found: StaffFacts, note: str = "") -> View:
    return screen.away_form(found, own=found.id == call.person.id, note=note)


def _whose(call: Call) -> int:
    return number(call.meta.get("person"))


def _capacity(typed: str) -> int | None:
    if typed and not (typed.isascii() and typed.isdecimal()):
        raise InvalidInput.at("capacity", "Please write a number, or leave it empty for no limit.")
    return number(typed[:9]) if typed else None


def _day(call: Call, name: str) -> date:
    try:
        return date.fromisoformat(call.form.one(name))
    except ValueError:
        raise InvalidInput.at(name, "Please choose a day.") from None


ENTRANCES = (
    Entrance("action", screen.OPEN, open_staff, "staff"),
    Entrance("view", screen.SAVE, save, "staff", "write", other_text=("capacity",)),
    Entrance("action", screen.OPEN_AWAY, open_away, "staff"),
    Entrance("view", screen.AWAY, go_away, "staff", "write", free_text=("note",)),
    Entrance("action", screen.BACK, come_back, "staff", "write"),
    Entrance("action", screen.ALL, all_staff, "lead"),
)
