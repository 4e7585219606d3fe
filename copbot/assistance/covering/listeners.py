"""A lead moves all that somebody has."""

from __future__ import annotations

from copbot.assistance.covering import screens, service
from copbot.assistance.workflow.screens import Receiver
from copbot.people import service as people
from copbot.people.staff import service as staffing
from copbot.people.staff.screens import OPEN_MOVE_ALL
from copbot.slack.answers import Answer, Open, Push, Update
from copbot.slack.entrances import Call, Entrance, number


def open_move(call: Call) -> Answer:
    owner, many = people.person_of(call.session, call.number), service.has_open(call.session, call.number)
    everyone = staffing.everyone(call.session, profile=call.profile, now=call.now)
    others = [Receiver(each.id, each.name, each.away_until) for each in everyone if each.id != owner.id]
    view = screens.move_form(owner.name, many, owner.id, others[:100])
    return Push(view) if call.in_modal else Open(view)


def move(call: Call) -> Answer:
    to = people.staff_member(call.session, call.form.one("to"))
    owner = number(call.meta.get("owner"))
    made = service.move_all(
        call.session, owner_id=owner, to=to, by=call.person, key=call.form_key, now=call.now
    )
    return Update(screens.moved_view(made))


ENTRANCES = (
    Entrance("action", OPEN_MOVE_ALL, open_move, "lead"),
    Entrance("view", screens.MOVE, move, "lead", "write"),
)
