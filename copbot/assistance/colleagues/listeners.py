"""Add a colleague, and the list of who is on a request."""

from __future__ import annotations

from copbot.assistance.colleagues import screens, service
from copbot.assistance.views import facts as shown
from copbot.assistance.views.listeners import pressed
from copbot.assistance.views.staff_screens import COLLEAGUES, REMOVE_COLLEAGUE
from copbot.assistance.workflow import service as workflow
from copbot.slack.answers import Answer, Open, Say, Update, View
from copbot.slack.blocks import say
from copbot.slack.entrances import Call, Entrance, number


def open_form(call: Call) -> Answer:
    return Open(_view(call, pressed(call)[0]))


def add(call: Call) -> Answer:
    ident, user = workflow.id_of(call.session, str(call.meta.get("uid") or "")), call.form.one("colleague")
    made, name = service.add(call.session, request_id=ident, user=user, person=call.person, now=call.now)
    return Update(_view(call, ident, f"{name} was added to {made.label} and gets a message now."))


def add_again(call: Call) -> Answer:
    """The same delivery once more: they are added already."""
    return Update(_view(call, workflow.id_of(call.session, str(call.meta.get("uid") or ""))))


def remove(call: Call) -> Answer:
    """Somebody else, in the form; or oneself, wherever the button stands."""
    whom = number([*call.value.split(":"), "0", "0"][2] or 0)
    made = service.remove(
        call.session, request_id=pressed(call)[0], colleague_id=whom, person=call.person, now=call.now
    )
    if whom != call.person.id:
        return Update(_view(call, made.id))
    if call.in_modal:
        return Update(screens.left_view(made.label))
    return Say(say(screens.left_words(made.label)))


def _view(call: Call, request_id: int, note: str = "") -> View:
    agency, may_grow = service.sharing(call.session, request_id=request_id, person=call.person)
    facts = shown.one(call.session, request_id, call.person, call.now)
    return screens.colleagues_form(facts, agency, may_grow=may_grow, note=note)


ENTRANCES = (
    Entrance(kind="action", id=COLLEAGUES, run=open_form),
    Entrance(kind="view", id=screens.ADD, run=add, effect="write", again=add_again),
    Entrance(kind="action", id=REMOVE_COLLEAGUE, run=remove, effect="write"),
)
