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
from copbot.slack.answers import Answer, Done, Nothing, Open, Options, Say, Update, Wrong
from copbot.slack.blocks import option, say
from copbot.slack.entrances import Call, Entrance


def here(call: Call) -> Answer:
    digest = placing.send_here(
        call.session, call.channel, person=call.person, profile=call.profile, now=call.now
    )
    return Say(messages.goes_here(digest))


def not_here(call: Call) -> Answer:
    placing.not_here(call.session, call.channel, person=call.person, profile=call.profile, now=call.now)
    return Say(messages.not_here())


def status(call: Call) -> Answer:
    digests = placing.all_digests(call.session, call.profile, call.now)
    last = [
        edition
        for digest in digests
        for edition in service.newest(call.session, digest, call.profile, call.now, 3)
    ]
    return Say(messages.status(digests, last, approval=placing.approval(call.session)))


def preview(call: Call) -> Answer:
    """The edition a button names, or the program's newest."""
    if call.value:
        return Open(forms.preview(_edition(call), call.profile, may_change=call.person.is_lead))
    digest = _program(call)
    newest = service.newest(call.session, digest, call.profile, call.now, 1)
    if not newest:
        return Open(forms.nothing_to_preview(digest))
    return Open(forms.preview(newest[0], call.profile, may_change=call.person.is_lead))


def open_edit(call: Call) -> Answer:
    return _shown(call, forms.edit_view(_edition(call)))


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
        return _shown(call, forms.skip_view(_edition(call)))
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
    return _shown(call, forms.settings_view(digest, approval=placing.approval(call.session)))


def settings(call: Call) -> Answer:
    form = call.form
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
        raise NotFound("That is not there any more.")
    return run(call, uid)


def _why(call: Call, uid: str) -> Answer:
    why = service.reason_of(call.session, uid)
    return Say(say(f"{why} You can save it, or tell whoever looks after it that it is out of date."))


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
    return Say(say("Thank you. Whoever looks after it sees that it helped."))


def _stale(call: Call, uid: str) -> Answer:
    readers.outdated(call.session, uid, person=call.person, profile=call.profile, now=call.now)
    return Say(say("Thank you. Whoever looks after it is asked to check it."))


_ITEM: dict[str, Callable[[Call, str], Answer]] = {
    "open": _opened,
    "save": _saved,
    "useful": _useful,
    "stale": _stale,
    "why": _why,
}


def _edition(call: Call) -> Edition:
    return service.edition(call.session, call.value, call.profile, call.now)


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
    open_ = newest and newest[0].state in ("waiting", "approved") and newest[0].due_at > call.now
    return newest[0] if open_ else None


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
    _command("status", status, "each digest, its last editions and its next run"),
    _command("preview", preview, "the edition that will be sent"),
    _command("send", send_now, "send the next edition now", effect="write"),
    _command("skip", open_skip, "leave the next edition out"),
    Entrance(kind="action", id=messages.STATUS, run=status, who="lead"),
    Entrance(kind="action", id=messages.ITEM, run=item, effect="write"),
    Entrance(kind="action", id=messages.PREVIEW, run=preview, who="lead"),
    Entrance(kind="view", id=messages.PREVIEW, run=nothing, who="lead"),
    Entrance(kind="action", id=messages.EDIT, run=open_edit, who="lead"),
    Entrance(kind="view", id=messages.EDITED, run=edit, who="lead", effect="write", public_text=("note",)),
    Entrance(kind="options", id="digests.add", run=options, who="lead"),
    Entrance(kind="action", id=messages.SKIP, run=open_skip, who="lead"),
    Entrance(kind="view", id=messages.SKIPPED, run=skip, who="lead", effect="write", free_text=("why",)),
    Entrance(kind="action", id=messages.SEND, run=send_now, who="lead", effect="write"),
    Entrance(kind="action", id=messages.APPROVE, run=approve, who="lead", effect="write"),
    Entrance(kind="action", id=messages.MONTHLY, run=monthly, who="lead", effect="write"),
    Entrance(kind="action", id=messages.SETTINGS, run=open_settings, who="lead"),
    Entrance(kind="view", id=messages.SCHEDULED, run=settings, who="lead", effect="write"),
)
