"""Entrances of conversations: what people write to the app and press about it, staff's replies, saved answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from copbot.assistance import rules as states
from copbot.assistance.tables import RequestRow
from copbot.assistance.views import facts as shown
from copbot.assistance.views import requester_screens
from copbot.assistance.views.facts import RequestFacts
from copbot.assistance.views.listeners import pressed
from copbot.assistance.views.staff_screens import CONVERSATION, REPLY
from copbot.assistance.workflow import service as workflow
from copbot.conversations import relay, replies, rules, saved, screens
from copbot.conversations.copies import NOTICE, RELAYED
from copbot.conversations.relay import TakenIn
from copbot.conversations.rules import LONGEST, Written
from copbot.delivery import service as delivery
from copbot.errors import NotFound
from copbot.imports.drops.rules import lists_in
from copbot.slack.answers import Answer, Done, Message, Nothing, Open, Options, Quote, Say, Update, View
from copbot.slack.entrances import NOT_THERE, Call, Entrance, number
from copbot.slack.text import size
from copbot.store import new_uid

MOST_OPTIONS = 25
STAFFS_THREADS = (NOTICE, RELAYED)
"""Under these, staff write to each other."""


def is_to_us(event: dict[str, Any], bot_user: str) -> bool:
    """Whether somebody writes in the app's own conversation, or mentions the app. All other talk is not for us."""
    if event.get("bot_id") or not event.get("user"):
        return False
    return rules.is_direct(event) or (bool(bot_user) and f"<@{bot_user}" in str(event.get("text")))


def wrote(call: Call) -> Answer:
    """Somebody writes to the app. Whoever may need help now reads first whom to call.

    Whoever mentions it in a channel is answered so that nobody else sees it; nothing of that is kept.
    """
    if not rules.is_direct(call.event):
        root = delivery.about(call.session, call.channel, str(call.event.get("thread_ts")))
        if root is not None and root.kind == NOTICE:
            return Nothing("staff's own talk, which another listener answers")
        return Say(requester_screens.mentioned(call.profile), saved=False)
    message = rules.written(call.event, call.channel)
    is_list = call.person.is_staff and bool(lists_in(call.event))
    taken = TakenIn()
    if message is not None and not is_list:
        taken = relay.take(call.session, message, call.person, profile=call.profile, now=call.now)
    said = None if message is None or is_list else _said(call, taken)
    if message is not None and states.needs_care(message.text, call.profile.help_now_words):
        said = requester_screens.care_message(call.profile, said)
    if said is not None:
        return Say(said, saved=_is_kept(taken))
    return Done() if _is_kept(taken) else Nothing("nobody's words, a list for the library, staff's own talk")


def _is_kept(taken: TakenIn) -> bool:
    return taken.request is not None or taken.asked


def _said(call: Call, taken: TakenIn) -> Message | None:
    """What the author reads at once, so that only they see it."""
    if taken.request is None:
        if taken.asked or taken.staffs in STAFFS_THREADS:
            return None
        word = call.profile.commands.ta
        return screens.staffs_own(word) if taken.staffs else screens.no_request(word)
    if taken.state == states.DELIVERED:
        row = call.session.get_one(RequestRow, taken.request)
        return screens.to_finished(states.label(row.id), row.uid, row.version)
    return screens.first(states.label(taken.request)) if taken.is_first else None


def edited(call: Call) -> Answer:
    return _follow(call, rules.edited_in(call.event))


def deleted(call: Call) -> Answer:
    """Also of whoever may not use the app any more: what they take back is taken back."""
    return _follow(call, rules.deleted_in(call.event))


def _follow(call: Call, message: Written | None) -> Answer:
    author = relay.author_of(call.session, message) if message is not None else None
    if message is None or author is None:
        return Nothing("nobody's words")
    taken = relay.take(call.session, message, author, profile=call.profile, now=call.now)
    return Done() if _is_kept(taken) else Nothing("about no request")


def _is_change(event: dict[str, Any], _bot_user: str) -> bool:
    return rules.is_direct(event) and (rules.edited_in(event) or rules.deleted_in(event)) is not None


def choose(call: Call) -> Answer:
    uid, channel, ts = (*call.value.split(":"), "", "")[:3]
    if channel != call.channel or not ts:
        raise NotFound(NOT_THERE)
    relay.choose(call.session, uid, channel, ts, person=call.person, profile=call.profile, now=call.now)
    return Done()


def _confirms(what: str) -> Callable[[Call], Answer]:
    def run(call: Call) -> Answer:
        relay.confirm(call.session, call.value, person=call.person, now=call.now, what=what)
        return Done()

    return run


def keep_files(call: Call) -> Answer:
    relay.keep_files(call.session, call.value, person=call.person)
    return Done()


# -- what staff reply


def open_reply(call: Call) -> Answer:
    return Open(_new_form(call, pressed(call)[0]))


def _new_form(call: Call, request_id: int, text: str = "") -> View:
    replies.check(call.session, request_id, call.person, call.now)
    found = shown.one(call.session, request_id, call.person, call.now)
    return _form(call, found, {"uid": found.uid, "form": new_uid()}, text)


def _form(call: Call, found: RequestFacts, meta: Mapping[str, Any], text: str) -> View:
    more: dict[str, Any] = {
        "colleagues": len(found.colleagues),
        "has_saved": bool(saved.by_name(call.session)),
        "may_save": not found.confidential,  # all of staff read saved answers
    }
    return screens.reply_form(found.label, meta, found.requester, text=text, **more)


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
    made = replies.send(
        call.session, request_id=found.id, text=text, form_key=str(call.meta.get("form") or new_uid())[:64],
        person=call.person, now=call.now, profile=call.profile,
    )  # fmt: skip
    note = ""
    if name.strip() and found.confidential:  # it has become so since the form was opened
        note = "Not saved as an answer to use again: the request is confidential now."
    elif name.strip():
        saved.save(call.session, name=name, text=text, by=call.person, now=call.now, name_field="save_as")
        note = "Saved as an answer to use again."
    if used:
        saved.used(call.session, used)
    return Update(screens.saved_view(found.label, made, found.requester, call.profile, note=note))


def undo(call: Call) -> Answer:
    """In the view after Send the form comes back with its text; in the thread it is shown to whoever undid it."""
    request_id = replies.find(call.session, call.value).request_id
    text = replies.undo(call.session, call.value, person=call.person, now=call.now, profile=call.profile)
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
    value = f"{found.uid}:{found.version}:{thread}:{ts}" if found.state != states.CLOSED else None
    return Say(screens.only_staff(found.requester.name, value))


def send_this(call: Call) -> Answer:
    """The form with their own message in it, read again from Slack."""
    thread, ts = (*call.value.split(":"), "", "", "")[2:4]
    return Open(_new_form(call, pressed(call)[0]), quote=Quote(call.channel, thread, ts, "text"))


def open_conversation(call: Call) -> Answer:
    return Open(_conversation(call, pressed(call)[0], None))


def turn(call: Call) -> Answer:
    uid, _, start = call.value.partition(":")
    return Update(_conversation(call, workflow.id_of(call.session, uid), number(start)))


def _conversation(call: Call, request_id: int, start: int | None) -> View:
    """One page of it; the last one where none is named."""
    found = shown.one(call.session, request_id, call.person, call.now)
    is_staff = call.person.is_staff
    lines = replies.conversation(call.session, found, call.now, staff=is_staff)
    last = max(0, len(lines) - 1) // screens.PAGE * screens.PAGE
    begin = last if start is None else min(start, last)
    return screens.conversation_view(found, lines, begin, call.profile, staff=is_staff)


# -- saved answers


def like(call: Call) -> Answer:
    return Options(screens.answer_options(saved.like(call.session, call.text, MOST_OPTIONS)))


def open_answers(call: Call) -> Answer:
    """On top of the reply form, in which something may be typed."""
    return Open(_answers(call))


def _answers(call: Call) -> View:
    return screens.answers_view(saved.by_name(call.session))


def edit_answer(call: Call) -> Answer:
    return call.show(screens.answer_form(saved.find(call.session, call.number)))


def save_answer(call: Call) -> Answer:
    ident = number(call.meta.get("answer"))
    said = {name: call.form.one(name) for name in ("name", "text")}
    saved.save(call.session, **said, by=call.person, now=call.now, ident=ident)
    return Update(_answers(call))


def delete_answer(call: Call) -> Answer:
    saved.remove(call.session, call.number)
    return Update(_answers(call))


_TALK = ("message", "thread_broadcast", "file_share")
ENTRANCES = (
    *(Entrance("event", each, wrote, effect="write", concerns=is_to_us) for each in (*_TALK, "me_message")),
    Entrance("event", "message_changed", edited, "slack", "write", concerns=_is_change),
    Entrance("event", "message_changed", deleted, "slack", "write", concerns=_is_change),
    Entrance("event", "message_deleted", deleted, "slack", "write", concerns=_is_change),
    Entrance("action", screens.CHOOSE, choose, effect="write"),
    Entrance("action", screens.FINE, _confirms("text"), effect="write"),
    Entrance("action", screens.FILES_FINE, _confirms("files"), effect="write"),
    Entrance("action", screens.NO_FILES, keep_files, effect="write"),
    Entrance("action", REPLY, open_reply, "staff"),
    Entrance("action", screens.INSERT, insert, "staff"),
    Entrance("options", screens.INSERT, like, "staff"),
    Entrance("view", screens.SEND, send, "staff", "write", free_text=("text", "save_as")),
    Entrance("action", screens.UNDO, undo, "staff", "write"),
    *(Entrance("event", each, thread_talk, effect="write", concerns=is_thread_talk) for each in _TALK),
    Entrance("action", screens.SEND_THIS, send_this, "staff"),
    Entrance("action", CONVERSATION, open_conversation),
    Entrance("action", screens.PAGE_TO, turn),
    Entrance("action", screens.ANSWERS, open_answers, "staff"),
    Entrance("action", screens.EDIT_ANSWER, edit_answer, "staff"),
    Entrance("action", screens.DELETE_ANSWER, delete_answer, "staff", "write"),
    Entrance("view", screens.ANSWER_EDITED, save_answer, "staff", "write", public_text=("name", "text")),
)
