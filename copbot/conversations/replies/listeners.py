"""Entrances of a reply: its form, its undo, staff's own talk in the thread, and the whole conversation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from copbot.assistance.rules import CLOSED
from copbot.assistance.views import facts as shown
from copbot.assistance.views.facts import RequestFacts
from copbot.assistance.views.listeners import pressed
from copbot.assistance.views.staff_screens import CONVERSATION, REPLY
from copbot.assistance.workflow import service as workflow
from copbot.assistance.workflow.screens import Reader
from copbot.conversations.replies import history, screens, service
from copbot.conversations.replies.rules import LONGEST
from copbot.conversations.saved import listeners as saved_listeners
from copbot.conversations.saved import service as saved
from copbot.delivery import service as delivery
from copbot.errors import NotFound
from copbot.slack.answers import Answer, Nothing, Open, Quote, Say, Update, View
from copbot.slack.entrances import Call, Entrance, number
from copbot.slack.text import size
from copbot.store import new_uid


def open_reply(call: Call) -> Answer:
    request_id, _ = pressed(call)
    return Open(_new_form(call, request_id))


def _new_form(call: Call, request_id: int, text: str = "") -> View:
    service.check(call.session, request_id, call.person, call.now)
    found = shown.one(call.session, request_id, call.person, call.now)
    return _form(call, found, {"uid": found.uid, "form": new_uid()}, text)


def _form(call: Call, found: RequestFacts, meta: Mapping[str, Any], text: str) -> View:
    more: dict[str, Any] = {
        "colleagues": len(found.colleagues),
        "has_saved": bool(saved.by_name(call.session)),
        "may_save": not found.confidential,  # all of staff read saved answers
    }
    return screens.reply_form(found.label, meta, _reader(found), text=text, **more)


def _reader(found: RequestFacts) -> Reader:
    return Reader(found.requester.name, found.requester.gone)


def _meant(call: Call) -> int:
    return workflow.id_of(call.session, str(call.meta.get("uid") or ""))


def insert(call: Call) -> Answer:
    """The saved answer stands under what is typed already."""
    answer = saved.find(call.session, call.number)
    found = shown.one(call.session, _meant(call), call.person, call.now)
    typed = call.form.one("text").rstrip()
    text = f"{typed}\n\n{answer.text}" if typed else answer.text
    meta = {**call.meta, "n": number(call.meta.get("n") or 0) + 1, "used": answer.id}
    return Update(_form(call, found, meta, typed if size(text) > LONGEST else text))


def send(call: Call) -> Answer:
    text, name, used = call.form.one("text"), call.form.one("save_as"), number(call.meta.get("used") or 0)
    found = shown.one(call.session, _meant(call), call.person, call.now)
    made = service.send(
        call.session,
        request_id=found.id,
        text=text,
        form_key=str(call.meta.get("form") or new_uid())[:64],
        person=call.person,
        now=call.now,
        profile=call.profile,
    )
    note = ""
    if name.strip() and found.confidential:  # it has become so since the form was opened
        note = "Not saved as an answer to use again: the request is confidential now."
    elif name.strip():
        saved.save(call.session, name=name, text=text, by=call.person, now=call.now, name_field="save_as")
        note = "Saved as an answer to use again."
    if used:
        saved.used(call.session, used)
    return Update(screens.saved_view(found.label, made, _reader(found), call.profile, note=note))


def undo(call: Call) -> Answer:
    """In the view after Send the form comes back with its text; in the thread it is shown to whoever undid it."""
    request_id = service.find(call.session, call.value).request_id
    text = service.undo(call.session, call.value, person=call.person, now=call.now, profile=call.profile)
    if call.in_modal:
        return Update(_new_form(call, request_id, text))
    name = shown.one(call.session, request_id, call.person, call.now).requester.name
    return Say(screens.undone(name, text))


def is_thread_talk(event: dict[str, Any], bot_user: str) -> bool:
    """Whether somebody answers a message of ours in its thread, where nobody outside reads along."""
    thread = event.get("thread_ts")
    if event.get("bot_id") or not event.get("user") or not thread or thread == event.get("ts"):
        return False
    # Not every server names the author of a thread's first message.
    is_ours = event.get("parent_user_id") in (None, "", bot_user)
    return is_ours and event.get("channel_type") not in ("channel", "mpim")


def thread_talk(call: Call) -> Answer:
    """What staff write under a notice stays with staff, and whoever wrote it is told so; nothing of it is stored."""
    thread, ts = str(call.event.get("thread_ts")), str(call.event.get("ts"))
    root = delivery.about(call.session, call.channel, thread)
    if root is None or root.kind != "request.notice" or not call.person.is_staff:
        return Nothing("no talk of staff's about a request")
    try:
        found = shown.one(call.session, root.subject.number, call.person, call.now)
    except NotFound:
        return Nothing("not theirs to see")
    value = f"{found.uid}:{found.version}:{thread}:{ts}" if found.state != CLOSED else None
    return Say(screens.only_staff(found.requester.name, value))


def send_this(call: Call) -> Answer:
    """The form with their own message in it, read again from Slack."""
    request_id, _ = pressed(call)
    thread, ts = (*call.value.split(":"), "", "", "")[2:4]
    return Open(_new_form(call, request_id), quote=Quote(call.channel, thread, ts, "text"))


def open_conversation(call: Call) -> Answer:
    return Open(_conversation(call, pressed(call)[0], None))


def turn(call: Call) -> Answer:
    uid, _, start = call.value.partition(":")
    return Update(_conversation(call, workflow.id_of(call.session, uid), number(start)))


def _conversation(call: Call, request_id: int, start: int | None) -> View:
    """One page of it; the last one where none is named."""
    found = shown.one(call.session, request_id, call.person, call.now)
    is_staff = call.person.is_staff
    lines = history.lines(call.session, found, call.now, staff=is_staff)
    last = max(0, len(lines) - 1) // screens.PAGE * screens.PAGE
    begin = last if start is None else min(start, last)
    return screens.conversation_view(found, lines, begin, call.profile, staff=is_staff)


ENTRANCES = (
    Entrance("action", REPLY, open_reply, "staff"),
    Entrance("action", screens.INSERT, insert, "staff"),
    Entrance("options", screens.INSERT, saved_listeners.like, "staff"),
    Entrance("view", screens.SEND, send, "staff", "write", free_text=("text", "save_as")),
    Entrance("action", screens.UNDO, undo, "staff", "write"),
    *(
        Entrance("event", each, thread_talk, effect="write", concerns=is_thread_talk)
        for each in ("message", "thread_broadcast", "file_share")
    ),
    Entrance("action", screens.SEND_THIS, send_this, "staff"),
    Entrance("action", CONVERSATION, open_conversation),
    Entrance("action", screens.PAGE_TO, turn),
    *saved_listeners.ENTRANCES,
)
