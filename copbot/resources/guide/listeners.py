"""The guide's entrances."""

from __future__ import annotations

from copbot.errors import NotFound
from copbot.people.profiles import service as profiles
from copbot.resources.guide import screens, service
from copbot.resources.index.rules import words_of
from copbot.resources.search import places
from copbot.slack.answers import Answer, Open, Push, Update, View
from copbot.slack.entrances import Call, Entrance, command
from copbot.slack.entrances import number as number_of


def by_command(call: Call) -> Answer:
    if not call.text:
        own = profiles.profile_of(call.session, call.person.id).areas
        return Open(_guide(call, own) if own else screens.place_form(call.profile))
    areas = places.named_in(words_of(call.text), call.profile).areas
    if areas:
        return Open(_guide(call, areas), words=call.text)
    near = places.nearest(call.text, call.profile)
    return Open(screens.place_form(call.profile, call.text, near), words=call.text)


def open_guide(call: Call) -> Answer:
    """For the area that the button names; without one the person chooses."""
    view = _guide(call, (_known(call, call.value),)) if call.value else screens.place_form(call.profile)
    return Update(view, saved=False) if call.in_modal and call.value else Open(view)


def chosen(call: Call) -> Answer:
    return Update(_guide(call, (_known(call, call.form.one("area")),)), saved=False)


def turn(call: Call) -> Answer:
    return Update(_guide(call, _areas(call), number_of(call.value)), saved=False)


def send(call: Call) -> Answer:
    """The guide that is open, as a file in a direct message."""
    service.send(call.session, _areas(call), to=call.person.user, now=call.now)
    return Push(screens.on_its_way(), saved=True)


def _guide(call: Call, areas: tuple[str, ...], start: int = 0) -> View:
    return screens.guide_view(service.guide(call.session, areas, call.profile), call.profile, start=start)


def _areas(call: Call) -> tuple[str, ...]:
    """The areas of the guide that is open."""
    return tuple(_known(call, str(each)) for each in call.meta.get("areas") or ())


def _known(call: Call, area: str) -> str:
    if call.profile.area(area) is None:
        raise NotFound("This place is no longer in the list. Please choose another one.")
    return area


ENTRANCES = (
    command("resources guide", by_command, "services for a county or town", words="county or town"),
    Entrance("action", screens.OPEN, open_guide),
    Entrance("view", screens.GUIDE, chosen),
    Entrance("action", screens.TURN, turn),
    Entrance("action", screens.SEND, send, effect="write"),
)
