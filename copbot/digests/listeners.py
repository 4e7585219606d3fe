"""Entrances of digests and their sections in Home: a member's own, how all of them go, and those to channels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from copbot.delivery import service as delivery
from copbot.digests.editions import composing, placing, service, tables
from copbot.digests.editions.rules import Digest, Edition
from copbot.digests.editions.screens import forms, messages
from copbot.digests.editions.tables import PROGRAM
from copbot.digests.rules import Schedule, schedule_of
from copbot.digests.subscriptions import screens
from copbot.digests.subscriptions import service as subscriptions
from copbot.digests.subscriptions import tables as personal
from copbot.digests.subscriptions.rules import Subscription
from copbot.errors import NotFound
from copbot.resources.index.rules import fold
from copbot.resources.library import listeners as library
from copbot.resources.library import readers
from copbot.resources.words import HELPED, OUTDATED
from copbot.slack.answers import Answer, Block, Done, Nothing, Open, Options, Say, Update
from copbot.slack.blocks import option, say
from copbot.slack.entrances import Call, Entrance, command
from copbot.slack.help import help_message
from copbot.slack.steps import SetupStep
from copbot.slack.text import counted

USUAL_PAUSE = timedelta(days=28)
MOST_OPTIONS = 20


# -- a member's own


def _said(found: Subscription) -> Answer:
    return Say(screens.chosen(found))


def overview(call: Call) -> Answer:
    found = subscriptions.find(call.session, call.person, call.now)
    view = screens.settings(found, call.profile, zone=call.person.tz)
    return Update(view) if call.in_modal else Open(view, words=call.text)


def _chooses(rhythm: str = "") -> Callable[[Call], Answer]:
    """A rhythm, else that of the pressed button."""
    return lambda call: _said(
        subscriptions.choose(call.session, rhythm or call.value, person=call.person, now=call.now)
    )


def change(call: Call) -> Answer:
    form, weekday = call.form, int(call.form.one("weekday") or 0)
    schedule = schedule_of(call.person.tz, form.one("rhythm"), weekday, form.one("at"))
    what: dict[str, Any] = {"topics": form.many("topics"), "areas": form.many("areas")}
    return _said(subscriptions.change(call.session, schedule, **what, person=call.person, now=call.now))


def open_pause(call: Call) -> Answer:
    day = (call.now + USUAL_PAUSE).astimezone(ZoneInfo(call.person.tz)).date()
    return call.show(screens.pause_view(day.isoformat()))


def pause(call: Call) -> Answer:
    return _said(subscriptions.pause(call.session, call.form.one("until"), person=call.person, now=call.now))


def stop(call: Call) -> Answer:
    return _said(subscriptions.stop(call.session, person=call.person, now=call.now))


def start(call: Call) -> Answer:
    return _said(subscriptions.start(call.session, person=call.person, now=call.now))


def only_requests(call: Call) -> Answer:
    subscriptions.only_requests(call.session, person=call.person, now=call.now)
    return Say(screens.only_requests())


def everything(call: Call) -> Answer:
    """The digest stays stopped until they start it."""
    delivery.unsilence(call.session, call.person.user)
    word = f"{call.profile.commands.digest} start"
    return Say(say(f"Done. Messages from the program reach you again. Type {word} for the digest."))


def places(call: Call) -> Answer:
    """Areas whose names or towns hold the typed words."""
    found = [area for area in call.profile.areas_like(call.text) if area.kind != "outside"]
    return Options(tuple(option(area.label, area.id) for area in found[:100]))


def help_(call: Call) -> Answer:
    return Say(help_message(call.entrances, "digest", person=call.person, profile=call.profile))


# -- all of them


def status(call: Call) -> Answer:
    digests = placing.all_digests(call.session, call.profile, call.now)
    last = [
        edition
        for digest in digests
        for edition in service.newest(call.session, digest, call.profile, call.now, 3)
    ]
    approval, stopped = placing.approval(call.session), placing.is_stopped(call.session)
    sent, of = subscriptions.progress(call.session, call.now)
    members = screens.members_words(personal.counts(call.session), sent, of)
    return Say(messages.status(digests, last, approval=approval, members=members, stopped=stopped))


def stop_sending(call: Call) -> Answer:
    placing.stop_sending(call.session, person=call.person, now=call.now)
    return Say(say("Sending is stopped. To start it again, press “Send the rest” in the list of digests."))


def send_on(call: Call) -> Answer:
    kinds = (composing.EDITION, composing.REST, subscriptions.PERSONAL)
    waited = placing.send_on(call.session, kinds, person=call.person, now=call.now)
    return Say(say(f"Sending has started again. {counted(waited, 'message')} had been waiting."))


def open_where(call: Call) -> Answer:
    digest = placing.find(call.session, PROGRAM, call.profile, call.now)
    return Open(forms.where_view(digest.channels if digest else ()))


def place(call: Call) -> Answer:
    """The channel that somebody chose in the set-up; with none chosen, none is asked about any more."""
    channel = call.form.one("channel")
    if channel:
        placing.send_here(call.session, channel, person=call.person, profile=call.profile, now=call.now)
    else:
        placing.want_nowhere(call.session, person=call.person, now=call.now)
    return Done()


def own(call: Call) -> Sequence[Block]:
    """In Home: a member's own digest, and for leads where the program's goes. Guests get none."""
    if call.person.is_guest:
        return ()
    silenced = delivery.is_silenced(call.session, call.person.user)
    found = subscriptions.find(call.session, call.person, call.now)
    blocks = list(screens.about(found, call.profile, silenced=silenced))
    if call.person.is_lead:
        digests = placing.all_digests(call.session, call.profile, call.now)
        blocks += messages.overview(digests, call.profile)
    return blocks


def where_to(call: Call) -> SetupStep:
    """The set-up's step: a channel for the program's digest, or the word that there is to be none."""
    digest = placing.find(call.session, PROGRAM, call.profile, call.now)
    return messages.where_step(digest, nowhere=placing.nowhere_wanted(call.session))


# -- to channels


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
        raise NotFound("This edition is no longer there, or you can't read it.")
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
        return Say(say("There is nothing to skip: the next edition isn't put together yet."))
    return Open(forms.skip_view(waiting))


def skip(call: Call) -> Answer:
    uid, why = str(call.meta.get("uid") or ""), call.form.one("why")
    service.skip(call.session, uid, why, person=call.person, now=call.now)
    return Done(everything=True)


def send_now(call: Call) -> Answer:
    waiting = None if call.value else _next(call)
    if not (call.value or waiting):
        return Say(say("There is nothing to send: the next edition isn't put together yet."))
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


_NOT_HERE: Any = {"words": "here", "takes": lambda rest: rest.lower() in ("here", "")}
ENTRANCES = (
    command("digest", overview, "your digest: topics, day and hour", "member"),
    command("digest topics", overview, "choose topics and places", "member"),
    command("digest weekly", _chooses("weekly"), "get a digest every week", "member", "write"),
    command("digest monthly", _chooses("monthly"), "get a digest once a month", "member", "write"),
    command("digest pause", open_pause, "pause it until a day", "member"),
    command("digest stop", stop, "stop it; your topics are remembered", "member", "write"),
    command("digest start", start, "start it again", "member", "write"),
    command("digest help", help_, "what you can type", "anyone"),
    Entrance("action", messages.MINE, overview, "member"),
    Entrance("action", screens.RHYTHM, _chooses(), "member", "write"),
    Entrance("view", screens.CHOSEN, change, "member", "write"),
    Entrance("options", "digests.areas", places, "member"),
    Entrance("action", screens.PAUSE, open_pause, "member"),
    Entrance("view", screens.PAUSED_FORM, pause, "member", "write"),
    Entrance("action", screens.STOP, stop, "member", "write"),
    Entrance("action", screens.ONLY_REQUESTS, only_requests, effect="write"),
    Entrance("action", screens.EVERYTHING, everything, effect="write"),
    Entrance("action", screens.START, start, "member", "write"),
    command("digest status", status, "each digest, its last editions and its next run", "lead"),
    Entrance("action", messages.STATUS, status, "lead"),
    Entrance("action", messages.STOP_SENDING, stop_sending, "lead", "write"),
    Entrance("action", messages.SEND_ON, send_on, "lead", "write"),
    Entrance("action", messages.WHERE, open_where, "lead_or_admin"),
    Entrance("view", messages.PLACED, place, "lead_or_admin", "write"),
    command("digest here", here, "this channel gets the program's digest", "lead", "write"),
    command("digest not", not_here, "this channel no longer gets the digest", "lead", "write", **_NOT_HERE),
    command("digest preview", preview, "the edition that will be sent", "lead"),
    command("digest send", send_now, "send the next edition now", "lead", "write"),
    command("digest skip", open_skip, "leave the next edition out", "lead"),
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
