"""Entrances of digests to channels: `/digest here`, previews, edits, skips, and an item's menu."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from copbot.digests.editions import placing, service, tables
from copbot.digests.editions.rules import Digest, Edition
from copbot.digests.editions.screens import forms, messages
from copbot.digests.editions.tables import PROGRAM
from copbot.digests.rules import Schedule, schedule_of
from copbot.errors import NotFound
from copbot.resources.index.rules import fold
from copbot.resources.library import listeners as library
from copbot.resources.library import readers
from copbot.resources.words import HELPED, OUTDATED
from copbot.slack.answers import Answer, Done, Nothing, Open, Options, Say
from copbot.slack.blocks import option, say
from copbot.slack.entrances import Call, Effect, Entrance

MOST_OPTIONS = 20


def here(call: Call) -> Answer:
    how: dict[str, Any] = {"person": call.person, "profile": call.profile, "now": call.now}
    return Say(messages.goes_here(placing.send_here(call.session, call.channel, **how)))


def not_here(call: Call) -> Answer:
    placing.not_here(call.session, call.channel, person=call.person, profile=call.profile, now=call.now)
    return Say(say("This channel no longer gets the digest."))


def preview(call: Call) -> Answer:
    """The edition a button names, or the program's newest. What is not sent yet is for those who look after it."""
    if call.value:
        found = _edition(call)
    else:
        digest = _digest(call)
        placing.need_care(call.session, PROGRAM, call.person)
        newest = service.newest(call.session, digest, call.profile, call.now, 1)
        if not newest:
            return Open(forms.nothing_to_preview(digest))
        found = newest[0]
    cares = placing.may_care(call.session, found.digest.owner, call.person)
    if not cares and not service.may_read(call.session, found, call.person):
        raise NotFound("This edition is no longer there, or you can’t read it.")
    return call.show(forms.preview(found, call.profile, may_change=cares))


def past(call: Call) -> Answer:
    found = service.past(call.session, call.profile, call.now, person=call.person)
    return call.show(forms.past(found, call.profile))


def open_edit(call: Call) -> Answer:
    return call.show(forms.edit_view(_cared(call)))


def edit(call: Call) -> Answer:
    form, uid, seen = call.form, str(call.meta.get("uid") or ""), int(call.meta.get("seen") or 0)
    kept = [each for name in form.values if name.startswith("keep") for each in form.many(name)]
    service.edit(
        call.session, uid, kept=kept, first=form.one("first"), added=form.many("added"), note=form.one("note"),
        seen=seen, person=call.person, now=call.now,
    )  # fmt: skip
    return Done(everything=True)


def open_skip(call: Call) -> Answer:
    if call.value:
        return call.show(forms.skip_view(_cared(call)))
    if (waiting := _next(call)) is None:
        return Say(say("There is nothing to skip: the next edition isn’t put together yet."))
    return Open(forms.skip_view(waiting))


def skip(call: Call) -> Answer:
    uid, why = str(call.meta.get("uid") or ""), call.form.one("why")
    service.skip(call.session, uid, why, person=call.person, now=call.now)
    return Done(everything=True)


def send_now(call: Call) -> Answer:
    waiting = None if call.value else _next(call)
    if not (call.value or waiting):
        return Say(say("There is nothing to send: the next edition isn’t put together yet."))
    uid = waiting.uid if waiting else call.value
    service.send_now(call.session, uid, person=call.person, now=call.now)
    return Say(say("It is on its way."))


def approve(call: Call) -> Answer:
    service.approve(call.session, call.value, person=call.person, now=call.now)
    return Say(say("Approved. It goes out at its usual time."))


def monthly(call: Call) -> Answer:
    digest = _digest(call, call.value)
    return _rescheduled(call, digest.owner, replace(digest.schedule, rhythm="monthly"))


def open_settings(call: Call) -> Answer:
    digest = _digest(call, call.value or PROGRAM)
    placing.need_care(call.session, digest.owner, call.person)
    approval = placing.approval(call.session) if call.person.is_lead else ""
    return call.show(forms.settings_view(digest, approval=approval))


def settings(call: Call) -> Answer:
    form = call.form
    if call.person.is_lead:
        placing.choose_approval(call.session, form.one("approval"), person=call.person, now=call.now)
    weekday, owner = int(form.one("weekday") or 0), str(call.meta.get("owner") or "")
    schedule = schedule_of(call.profile.time_zone, form.one("rhythm"), weekday, form.one("at"))
    return _rescheduled(call, owner, schedule, active=form.one("active") == "on")


def _rescheduled(call: Call, owner: str, schedule: Schedule, *, active: bool = True) -> Answer:
    how: dict[str, Any] = {"person": call.person, "profile": call.profile, "now": call.now}
    return Say(messages.saved(placing.reschedule(call.session, owner, schedule, active=active, **how)))


def item(call: Call) -> Answer:
    """An item's menu: what was chosen, and of which resource."""
    what, _, uid = call.value.partition(":")
    how: dict[str, Any] = {"person": call.person, "now": call.now}
    match what:
        case "open":
            return library.open_card(replace(call, value=uid))
        case "save":
            shown, word = readers.toggle_saved(call.session, uid, **how), call.profile.commands.resources
            found = f"Saved. Find it with {word} saved."
            return Say(say(found if shown.is_saved else "Removed from your saved resources."))
        case "useful":
            readers.useful(call.session, uid, profile=call.profile, **how)
            return Say(say(HELPED))
        case "stale":
            readers.outdated(call.session, uid, profile=call.profile, **how)
            return Say(say(OUTDATED))
        case "why":
            why = tables.newest_why(call.session, uid)
            return Say(say(f"{why} You can save it, or tell its owner that it is out of date."))
    raise NotFound("That is no longer there.")


def _edition(call: Call) -> Edition:
    return service.edition(call.session, call.value, call.profile, call.now)


def _cared(call: Call) -> Edition:
    """The edition of a button, for somebody who looks after its digest. Raises `NotAllowed`."""
    found = _edition(call)
    placing.need_care(call.session, found.digest.owner, call.person)
    return found


def _digest(call: Call, owner: str = PROGRAM) -> Digest:
    found = placing.find(call.session, owner, call.profile, call.now)
    if found is not None:
        return found
    if owner != PROGRAM:
        raise NotFound("This digest is no longer there.")
    word = call.profile.commands.digest
    raise NotFound(f"No channel gets the digest yet. Type {word} here in the channel that should get it.")


def _next(call: Call) -> Edition | None:
    """The program's edition that waits to be sent."""
    newest = service.newest(call.session, _digest(call), call.profile, call.now, 1)
    return newest[0] if newest and newest[0].is_open and newest[0].due_at > call.now else None


def options(call: Call) -> Answer:
    """Resources whose titles hold the typed words."""
    found = tables.titled(call.session, fold(call.text), MOST_OPTIONS)
    return Options(tuple(option(title, uid) for title, uid in found))


def nothing(_call: Call) -> Answer:
    return Nothing()


def _command(
    verb: str, run: Callable[[Call], Answer], help_: str, effect: Effect = "read", **more: Any
) -> Entrance:
    ident = f"digest {verb}"
    return Entrance("command", ident, run, "lead", effect, help=help_, **{"example": f"/{ident}", **more})


_NOT_HERE = {"example": "/digest not here", "takes": lambda rest: rest.lower() in ("here", "")}
ENTRANCES = (
    _command("here", here, "this channel gets the program’s digest", "write"),
    _command("not", not_here, "this channel no longer gets the digest", "write", **_NOT_HERE),
    _command("preview", preview, "the edition that will be sent"),
    _command("send", send_now, "send the next edition now", "write"),
    _command("skip", open_skip, "leave the next edition out"),
    # For members, of whom the verb lets those press who look after that digest: a community's lead, staff's leads.
    Entrance("action", messages.PAST, past, "member"),
    Entrance("action", messages.PREVIEW, preview, "member"),
    Entrance("view", messages.PREVIEW, nothing, "member"),
    Entrance("action", messages.EDIT, open_edit, "member"),
    Entrance("options", "digests.add", options, "member"),
    Entrance("action", messages.SKIP, open_skip, "member"),
    Entrance("action", messages.SEND, send_now, "member", "write"),
    Entrance("action", messages.APPROVE, approve, "member", "write"),
    Entrance("action", messages.MONTHLY, monthly, "member", "write"),
    Entrance("action", messages.SETTINGS, open_settings, "member"),
    Entrance("view", messages.SCHEDULED, settings, "member", "write"),
    Entrance("view", messages.EDITED, edit, "member", "write", public_text=("note",)),
    Entrance("view", messages.SKIPPED, skip, "member", "write", free_text=("why",)),
    Entrance("action", messages.ITEM, item, effect="write"),
)
