"""The program's choices as people change them: look at a group, change one part, confirm a line, settle with the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from copbot.delivery import service as delivery
from copbot.errors import Conflict
from copbot.home.settings import loader, staff_screens
from copbot.home.settings import screens as screen
from copbot.home.settings.screens import LINES_GROUP, NEW_LINE
from copbot.people import service as people
from copbot.people.words import HOTLINES_DUE
from copbot.program.settings import editable
from copbot.program.settings.edits import Edited, EditedMeanwhile, change, current
from copbot.program.settings.file_diff import keep_here, take_from_file
from copbot.program.settings.hotlines import add_hotline, confirm_hotline, remove_hotline
from copbot.program.settings.service import chosen
from copbot.slack.answers import Answer, Open, Update, View
from copbot.slack.differences import FileEdits
from copbot.slack.entrances import Call, Entrance, number

SAVED = "Saved."


def open_group(call: Call) -> Answer:
    name, page = _paged(call.value)
    return call.show(loader.group_view(call, name, page))


def open_part(call: Call) -> Answer:
    name, page = _paged(call.value)
    if name == "leads":
        return open_leads(call)
    if name == "staff_channel":
        return open_channel(call)
    part = _part(call, name)
    return call.show(_form(call, part, part.value or _texts_of_file(call, name), part.group, page))


def open_channel(call: Call) -> Answer:
    """From the list of choices: the same chooser as in the set-up."""
    return Open(staff_screens.channel_form(loader.channel_found(call), call.person.is_admin))


def open_leads(call: Call) -> Answer:
    named = chosen(call.session, "leads")
    staff = people.staff_list(call.session)
    leads = [each.user for each in staff if each.is_lead]
    names = [each.name for each in staff]
    seen = named.version if named is not None else 0
    place = people.leads_channel(call.session)
    channel = staff_screens.LeadsPlace(place.id, place.problem if place.id else "")
    return Open(
        staff_screens.leads_form(leads, names, seen, channel=channel, may_change=call.person.is_admin)
    )


def open_new_line(call: Call) -> Answer:
    part = _new_line()
    return call.show(_form(call, part, {}, LINES_GROUP, number(call.value)))


def save(call: Call) -> Answer:
    """Saved, and the list as it is now; or the form again with what somebody else saved meanwhile."""
    name, page = str(call.meta.get("name") or ""), number(call.meta.get("page"))
    group, seen = str(call.meta.get("group") or ""), number(call.meta.get("seen"))
    part = _new_line() if name == NEW_LINE else _part(call, name)
    texts = loader.texts(call.form.values, part)
    try:
        if name == NEW_LINE:
            add_hotline(call.session, call.profile, texts, by=call.person, now=call.now)
        else:
            change(call.session, call.profile, name, texts, seen=seen, called=_called(call), **_by(call))
        _told(call, name)
    except EditedMeanwhile as error:
        view = _form(call, error.now, texts, group, page, note=error.words, instead=error.now.value or {})
        return Update(view, saved=False)
    return Update(_after(call, group, page, SAVED))


def back(call: Call) -> Answer:
    name, page = _paged(call.value)
    return Update(loader.group_view(call, name, page))


def _line(verb: Callable[..., Edited], done: str) -> Callable[[Call], Answer]:
    """A button of a line: done at once; somebody else's change meanwhile is told above the list."""

    def run(call: Call) -> Answer:
        ident, seen, page = [*call.value.split(":"), "", ""][:3]
        version, at = number(seen), number(page)
        try:
            made = verb(call.session, call.profile, ident, seen=version, called=_called(call), **_by(call))
        except Conflict as error:
            return Update(loader.lines_view(call, at, error.words), saved=False)
        call.session.flush()
        _told(call, made.name)
        return Update(_after(call, LINES_GROUP, at, f"{made.label}: {done}"))

    return run


def _put_back(session: Any, profile: Any, ident: str, **how: Any) -> Edited:
    return take_from_file(session, profile, f"hotline.{ident}", **how)


def _take_file(call: Call, name: str, mark: str) -> str:
    how: dict[str, Any] = {"seen": number(mark), "called": _called(call), **_by(call)}
    made = take_from_file(call.session, call.profile, name, **how)
    _told(call, name)
    return made.label


def _keep(call: Call, name: str, mark: str) -> str:
    return keep_here(call.session, call.profile, name, seen=number(mark), **_by(call)).label


FILE_EDITS = FileEdits("choices", loader.file_differences, _take_file, _keep)


def _told(call: Call, name: str) -> None:
    """A line was changed: the messages that ask for a call show it as it is now. Open Homes look by themselves."""
    if name.startswith("hotline."):
        delivery.refresh(call.session, HOTLINES_DUE, now=call.now)


def _after(call: Call, group: str, page: int, note: str) -> View:
    call.session.flush()
    return loader.group_view(call, group, page, note)


def _form(call: Call, part: Edited, texts: Any, group: str, page: int, **more: Any) -> View:
    called = loader.caller(call, [part.by])
    zone = call.profile.time_zone
    return screen.edit_form(
        part, texts=texts, seen=part.version, group=group, page=page, called=called, zone=zone, **more
    )


def _part(call: Call, name: str) -> Edited:
    return current(call.session, call.profile, name, environment=loader.environment(call))


def _texts_of_file(call: Call, name: str) -> dict[str, str]:
    """A line that was taken out starts from what the file says of it."""
    part = editable.find(call.profile.filed, name)
    return part.read(call.profile.filed) if part else {}


def _new_line() -> Edited:
    part = editable.hotline(NEW_LINE, "Add a line")
    return Edited(NEW_LINE, part.label, part.group, part.fields, {}, "", None, 0)


def _by(call: Call) -> dict[str, Any]:
    return {"by": call.person, "now": call.now}


def _called(call: Call) -> Callable[[str], str]:
    return lambda user: people.name_of(call.session, user)


def _paged(value: str) -> tuple[str, int]:
    """What a button names, and the page it stands on."""
    name, _, page = value.rpartition(":")
    return (name, number(page)) if name else (value, 0)


def _entrance(
    kind: Any, ident: str, run: Callable[[Call], Answer], *, write: bool = False, **more: Any
) -> Entrance:
    effect: Any = "write" if write else "read"
    return Entrance(kind=kind, id=ident, run=run, who="lead_or_admin", effect=effect, **more)


ENTRANCES = (
    Entrance(kind="action", id=staff_screens.OPEN_LEADS, run=open_leads, who="admin"),
    _entrance("action", screen.GROUP, open_group),
    _entrance("action", screen.OPEN, open_part),
    _entrance("action", screen.BACK, back),
    _entrance("action", screen.ADD, open_new_line),
    *FILE_EDITS.entrances("lead_or_admin"),
    _entrance("view", screen.SAVE, save, write=True, public_text=("*",)),
    _entrance("action", screen.CONFIRM, _line(confirm_hotline, "confirmed."), write=True),
    _entrance("action", screen.REMOVE, _line(remove_hotline, "removed."), write=True),
    _entrance("action", screen.PUT_BACK, _line(_put_back, "restored."), write=True),
)
