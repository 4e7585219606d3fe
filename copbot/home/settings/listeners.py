"""The program's choices as people change them: look at a group, change one part, confirm a line, settle with the file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from copbot.delivery import service as delivery
from copbot.errors import Conflict
from copbot.home.settings import loader, staff_screens
from copbot.home.settings import screens as screen
from copbot.home.settings.screens import NEW_LINE
from copbot.people import service as people
from copbot.people.words import HOTLINES_DUE
from copbot.program.settings import editable, edits
from copbot.program.settings.edits import Edited, Value
from copbot.program.settings.filed import ChangedMeanwhile, EditBy, Filed, Locked
from copbot.program.settings.hotlines import add_hotline, confirm_hotline, remove_hotline, restore_hotline
from copbot.program.settings.service import chosen
from copbot.slack.answers import Answer, Open, Update, View
from copbot.slack.differences import FileEdits
from copbot.slack.entrances import Call, Entrance, Who, number


def open_group(call: Call) -> Answer:
    name, page = _paged(call.value)
    return call.show(loader.group_view(call, name, page))


def open_part(call: Call) -> Answer:
    name, page = _paged(call.value)
    if name == "leads":
        return open_leads(call)
    if name == "staff_channel":  # the same chooser as in the set-up
        return Open(staff_screens.channel_form(loader.channel_found(call), call.person.is_admin))
    part = _part(call, name)
    # A line that was taken out starts from what the file says of it.
    return call.show(_form(call, part, part.value or part.file or {}, part.group, page))


def open_leads(call: Call) -> Answer:
    named, staff = chosen(call.session, "leads"), people.staff_list(call.session)
    leads, names = [each.user for each in staff if each.is_lead], [each.name for each in staff]
    seen, channel = named.version if named is not None else 0, people.leads_channel(call.session)
    may = call.person.is_admin
    return Open(staff_screens.leads_form(leads, names, seen, channel=channel, may_change=may))


def save(call: Call) -> Answer:
    """Saved, and the list as it is now; or the form again with what somebody else saved meanwhile."""
    name, page = str(call.meta.get("name") or ""), number(call.meta.get("page"))
    group, seen = str(call.meta.get("group") or ""), number(call.meta.get("seen"))
    part = _part(call, name)
    texts = loader.texts(call.form.values, part)
    try:
        if name == NEW_LINE:
            add_hotline(call.session, call.profile, texts, by=call.person, now=call.now)
        else:
            edits.change(call.session, call.profile, name, texts, **_how(call, seen))
        _told(call, name)
    except ChangedMeanwhile as error:
        view = _form(call, error.now, texts, group, page, note=error.words, instead=error.now.value or {})
        return Update(view, saved=False)
    return Update(loader.group_view(call, group, page, "Saved."))


def _line(verb: Callable[..., Filed[Value]], done: str) -> Callable[[Call], Answer]:
    """A button of a line: done at once; somebody else's change meanwhile is told above the list."""

    def run(call: Call) -> Answer:
        ident, seen, page = [*call.value.split(":"), "", ""][:3]
        at = number(page)
        try:
            made = verb(call.session, call.profile, ident, **_how(call, number(seen)))
        except Conflict as error:
            return Update(loader.lines_view(call, at, error.words), saved=False)
        _told(call, made.name)
        return Update(loader.lines_view(call, at, f"{made.label}: {done}"))

    return run


def _lock(call: Call, name: str) -> Locked[Value]:
    return edits.lock_part(call.session, call.profile, name, **_how(call))


def _told(call: Call, name: str) -> None:
    """A line was changed: the messages that ask for a call show it as it is now. Open Homes look by themselves."""
    if name.startswith("hotline."):
        delivery.refresh(call.session, HOTLINES_DUE, now=call.now)


FILE_EDITS = FileEdits("choices", loader.file_differences, _lock, _told)


def _form(call: Call, part: Edited, texts: Any, group: str, page: int, **more: Any) -> View:
    how = {"called": loader.caller(call, [part.by]), "zone": call.profile.time_zone, **more}
    return screen.edit_form(part, texts=texts, seen=part.version, group=group, page=page, **how)


def _part(call: Call, name: str) -> Edited:
    if name != NEW_LINE:
        return edits.current(call.session, call.profile, name, environment=loader.environment(call))
    part = editable.hotline(NEW_LINE, "Add a line")
    return Edited(NEW_LINE, part.label, {}, None, None, "", group=part.group, fields=part.fields)


def _how(call: Call, seen: int | None = None) -> EditBy:
    called = partial(people.name_of, call.session)
    return {"seen": seen, "by": call.person, "now": call.now, "called": called}


def _paged(value: str) -> tuple[str, int]:
    """What a button names, and the page it stands on."""
    name, _, page = value.rpartition(":")
    return (name, number(page)) if name else (value, 0)


_LEADS: Who = "lead_or_admin"

ENTRANCES = (
    Entrance("action", staff_screens.OPEN_LEADS, open_leads, "admin"),
    Entrance("action", screen.GROUP, open_group, _LEADS),
    Entrance("action", screen.OPEN, open_part, _LEADS),
    Entrance("action", screen.BACK, open_group, _LEADS),
    Entrance("action", screen.ADD, open_part, _LEADS),
    *FILE_EDITS.entrances(_LEADS),
    Entrance("view", screen.SAVE, save, _LEADS, "write", public_text=("*",)),
    Entrance("action", screen.CONFIRM, _line(confirm_hotline, "confirmed."), _LEADS, "write"),
    Entrance("action", screen.REMOVE, _line(remove_hotline, "removed."), _LEADS, "write"),
    Entrance("action", screen.PUT_BACK, _line(restore_hotline, "restored."), _LEADS, "write"),
)
