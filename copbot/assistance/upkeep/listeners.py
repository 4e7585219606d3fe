"""A lead moves all that somebody has."""

from __future__ import annotations

from copbot.assistance.rules import OPEN
from copbot.assistance.upkeep import screens, service
from copbot.assistance.upkeep.tables import owned
from copbot.people import service as people
from copbot.people.staff import service as staffing
from copbot.people.staff.screens import OPEN_MOVE_ALL
from copbot.slack.answers import Answer, Open, Push, Update
from copbot.slack.entrances import Call, Entrance, number


def open_move(call: Call) -> Answer:
    owner, many = people.person_of(call.session, call.number), len(owned(call.session, call.number, OPEN))
    everyone = staffing.everyone(call.session, profile=call.profile, now=call.now)
    others = [each for each in everyone if each.id != owner.id]
    view = screens.move_form(owner.name, many, owner.id, others[:100])
    return Push(view) if call.in_modal else Open(view)


def move(call: Call) -> Answer:
    to = people.person_of(call.session, people.staff_member(call.session, call.form.one("to")))
    owner = people.person_of(call.session, number(call.meta.get("owner")))
    which = {"owner": owner, "to": to, "by": call.person}
    gone, kept = service.move_all(call.session, **which, key=call.form_key, now=call.now)
    return Update(screens.moved_view(owner.name, to.name, gone, kept))


ENTRANCES = (
    Entrance("action", OPEN_MOVE_ALL, open_move, "lead"),
    Entrance("view", screens.MOVE, move, "lead", "write"),
)
