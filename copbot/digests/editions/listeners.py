"""Entrances of digests to channels: `/digest here`, previews, edits, skips, and an item's menu."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from copbot.digests.editions import placing, service
from copbot.digests.editions.screens import forms, messages
from copbot.digests.editions.tables import PROGRAM
from copbot.digests.editions.values import Digest, Edition
from copbot.errors import InvalidInput, NotFound
from copbot.resources.library import listeners as library
from copbot.resources.library import readers
from copbot.resources.words import HELPED, OUTDATED
from copbot.slack.answers import Answer, Done, Nothing, Open, Options, Say, Update, Wrong
from copbot.slack.blocks import option, say
from copbot.slack.entrances import Call, Effect, Entrance, Kind


def here(call: Call) -> Answer:
    digest = placing.send_here(
        call.session, call.channel, person=call.person, profile=call.profile, now=call.now
    )
    return Say(messages.goes_here(digest))


def not_here(call: Call) -> Answer:
    placing.not_here(call.session, call.channel, person=call.person, profile=call.profile, now=call.now)
    return Say(say("This channel no longer gets the digest."))


def preview(call: Call) -> Answer:
    """The edition a button names, or the program's newest. What is not sent yet is for those who look after it."""
    if call.value:
        found = _edition(call)
    else:
        digest = _program(call)
        placing.need_care(call.session, PROGRAM, call.person)
        newest = service.newest(call.session, digest, call.profile, call.now, 1)
        if not newest:
            return Open(forms.nothing_to_preview(digest))
        found = newest[0]
    cares = placing.may_care(call.session, found.digest.owner, call.person)
    if not cares and not service.may_read(call.session, found, call.person):
        raise NotFound("This edition is no longer there, or you can’t read it.")
    return _shown(call, forms.preview(found, call.profile, may_change=cares))


def past(call: Call) -> Answer:
    found = service.past(call.session, call.profile, call.now, person=call.person)
    return _shown(call, forms.past(found, call.profile))


def open_edit(call: Call) -> Answer:
    return _shown(call, forms.edit_view(_cared(call)))


def edit(call: Call) -> Answer:
    kept = [uid for name in call.form.values if name.startswith("keep") for uid in call.form.many(name)]
    service.edit(
        call.session,
        str(call.meta.get("uid") or ""),
        kept=kept,
        first=call.form.one("first"),
        added=call.form.many("added"),
        note=call.form.one("note"),
        seen=int(call.meta.get("seen") or 0),
        person=call.person,
        now=call.now,
    )
    return Done(everything=True)


def open_skip(call: Call) -> Answer:
    if call.value:
        return _shown(call, forms.skip_view(_cared(call)))
    waiting = _next(call)
    return (
        Say(say("There is nothing to skip: the next edition isn’t put together yet."))
        if waiting is None
        else Open(forms.skip_view(waiting))
    )


def skip(call: Call) -> Answer:
    try:
        service.skip(
            call.session,
            str(call.meta.get("uid") or ""),
            call.form.one("why"),
            person=call.person,
            now=call.now,
        )
    except InvalidInput as error:
        return Wrong({"why": error.words})
    return Done(everything=True)


def send_now(call: Call) -> Answer:
    uid = call.value
    if not uid:
        waiting = _next(call)
        if waiting is None:
            return Say(say("There is nothing to send: the next edition isn’t put together yet."))
        uid = waiting.uid
    service.send_now(call.session, uid, person=call.person, now=call.now)
    return Say(say("It is on its way."))


def approve(call: Call) -> Answer:
    service.approve(call.session, call.value, person=call.person, now=call.now)
    return Say(say("Approved. It goes out at its usual time."))


def monthly(call: Call) -> Answer:
    digest = _owned(call, call.value)
    schedule = digest.schedule
    saved = placing.reschedule(
        call.session, digest.owner, rhythm="monthly", weekday=schedule.weekday, at=f"{schedule.at:%H:%M}",
        active=True, person=call.person, profile=call.profile, now=call.now,
    )  # fmt: skip
    return Say(messages.saved(saved))


def open_settings(call: Call) -> Answer:
    digest = _owned(call, call.value) if call.value else _program(call)
    placing.need_care(call.session, digest.owner, call.person)
    approval = placing.approval(call.session) if call.person.is_lead else ""
    return _shown(call, forms.settings_view(digest, approval=approval))


def settings(call: Call) -> Answer:
    form = call.form
    if call.person.is_lead:
        placing.choose_approval(call.session, form.one("approval"), person=call.person, now=call.now)
    saved = placing.reschedule(
        call.session, str(call.meta.get("owner") or ""), rhythm=form.one("rhythm"),
        weekday=int(form.one("weekday") or 0), at=form.one("at"), active=form.one("active") == "on",
        person=call.person, profile=call.profile, now=call.now,
    )  # fmt: skip
    return Say(messages.saved(saved))


def item(call: Call) -> Answer:
    """An item's menu: what was chosen, and of which resource."""
    what, _, uid = call.value.partition(":")
    run = _ITEM.get(what)
    if run is None:
        raise NotFound("That is no longer there.")
    return run(call, uid)


def _why(call: Call, uid: str) -> Answer:
    why = service.reason_of(call.session, uid)
    return Say(say(f"{why} You can save it, or tell its owner that it is out of date."))


def _opened(call: Call, uid: str) -> Answer:
    return library.open_card(replace(call, value=uid))


def _saved(call: Call, uid: str) -> Answer:
    shown = readers.toggle_saved(call.session, uid, person=call.person, now=call.now)
    word = call.profile.commands.resources
    return Say(
        say(f"Saved. Find it with {word} saved." if shown.is_saved else "Removed from your saved resources.")
    )


def _useful(call: Call, uid: str) -> Answer:
    readers.useful(call.session, uid, person=call.person, profile=call.profile, now=call.now)
    return Say(say(HELPED))


def _stale(call: Call, uid: str) -> Answer:
    readers.outdated(call.session, uid, person=call.person, profile=call.profile, now=call.now)
    return Say(say(OUTDATED))


_ITEM: dict[str, Callable[[Call, str], Answer]] = {
    "open": _opened,
    "save": _saved,
    "useful": _useful,
    "stale": _stale,
    "why": _why,
}


def _edition(call: Call) -> Edition:
    return service.edition(call.session, call.value, call.profile, call.now)


def _cared(call: Call) -> Edition:
    """The edition of a button, for somebody who looks after its digest. Raises `NotAllowed`."""
    found = _edition(call)
    placing.need_care(call.session, found.digest.owner, call.person)
    return found


def _program(call: Call) -> Digest:
    found = placing.find(call.session, PROGRAM, call.profile, call.now)
    if found is None:
        word = call.profile.commands.digest
        raise NotFound(f"No channel gets the digest yet. Type {word} here in the channel that should get it.")
    return found


def _owned(call: Call, owner: str) -> Digest:
    found = placing.find(call.session, owner, call.profile, call.now)
    if found is None:
        raise NotFound("This digest is no longer there.")
    return found


def _next(call: Call) -> Edition | None:
    """The program's edition that waits to be sent."""
    newest = service.newest(call.session, _program(call), call.profile, call.now, 1)
    return newest[0] if newest and newest[0].is_open and newest[0].due_at > call.now else None


def _shown(call: Call, view: dict[str, object]) -> Answer:
    return Update(view, saved=False) if call.in_modal else Open(view)


def options(call: Call) -> Answer:
    """Resources whose titles hold the typed words."""
    found = service.titled(call.session, call.text)
    return Options(tuple(option(title, uid) for title, uid in found))


def nothing(_call: Call) -> Answer:
    return Nothing()


def _command(verb: str, run: Callable[[Call], Answer], help_: str, **more: Any) -> Entrance:
    return Entrance(
        kind="command",
        id=f"digest {verb}",
        run=run,
        who="lead",
        help=help_,
        example=f"/digest {verb}",
        **more,
    )


_Judged = tuple[Kind, str, Callable[[Call], Answer], Effect]
_JUDGED: tuple[_Judged, ...] = (
    ("action", messages.PAST, past, "read"),
    ("action", messages.PREVIEW, preview, "read"),
    ("view", messages.PREVIEW, nothing, "read"),
    ("action", messages.EDIT, open_edit, "read"),
    ("options", "digests.add", options, "read"),
    ("action", messages.SKIP, open_skip, "read"),
    ("action", messages.SEND, send_now, "write"),
    ("action", messages.APPROVE, approve, "write"),
    ("action", messages.MONTHLY, monthly, "write"),
    ("action", messages.SETTINGS, open_settings, "read"),
    ("view", messages.SCHEDULED, settings, "write"),
)
"""For members, of whom the verb lets those press who look after that digest: a community's lead, staff's leads."""

ENTRANCES = (
    _command("here", here, "this channel gets the program’s digest", effect="write"),
    Entrance(
        kind="command",
        id="digest not",
        run=not_here,
        who="lead",
        effect="write",
        help="this channel no longer gets the digest",
        example="/digest not here",
        takes=lambda rest: rest.lower() in ("here", ""),
    ),
    _command("preview", preview, "the edition that will be sent"),
    _command("send", send_now, "send the next edition now", effect="write"),
    _command("skip", open_skip, "leave the next edition out"),
    *(
        Entrance(kind=kind, id=ident, run=run, who="member", effect=effect)
        for kind, ident, run, effect in _JUDGED
    ),
    Entrance(kind="view", id=messages.EDITED, run=edit, who="member", effect="write", public_text=("note",)),
    Entrance(kind="view", id=messages.SKIPPED, run=skip, who="member", effect="write", free_text=("why",)),
    Entrance(kind="action", id=messages.ITEM, run=item, effect="write"),
)
