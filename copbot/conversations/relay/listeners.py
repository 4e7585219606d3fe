"""What people write to the app in its direct message, edit and delete there, and press about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from copbot.assistance import rules as states
from copbot.assistance.tables import RequestRow
from copbot.assistance.views import requester_screens
from copbot.conversations.relay import rules, screens, service
from copbot.conversations.relay.copies import NOTICE, RELAYED
from copbot.conversations.relay.rules import Written
from copbot.conversations.relay.service import TakenIn
from copbot.delivery import service as delivery
from copbot.errors import NotFound
from copbot.imports.drops.rules import lists_in
from copbot.slack.answers import Answer, Done, Message, Nothing, Say
from copbot.slack.entrances import NOT_THERE, Call, Entrance

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
        taken = service.take(call.session, message, call.person, profile=call.profile, now=call.now)
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
        return (
            screens.staffs_own(call.profile.commands.ta) if taken.staffs else screens.no_request(call.profile)
        )
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
    author = service.author_of(call.session, message) if message is not None else None
    if message is None or author is None:
        return Nothing("nobody's words")
    taken = service.take(call.session, message, author, profile=call.profile, now=call.now)
    return Done() if _is_kept(taken) else Nothing("about no request")


def _is_change(event: dict[str, Any], _bot_user: str) -> bool:
    return rules.is_direct(event) and (rules.edited_in(event) or rules.deleted_in(event)) is not None


def choose(call: Call) -> Answer:
    uid, channel, ts = (*call.value.split(":"), "", "")[:3]
    if channel != call.channel or not ts:
        raise NotFound(NOT_THERE)
    service.choose(call.session, uid, channel, ts, person=call.person, profile=call.profile, now=call.now)
    return Done()


def _confirms(what: str) -> Callable[[Call], Answer]:
    def run(call: Call) -> Answer:
        service.confirm(call.session, call.value, person=call.person, now=call.now, what=what)
        return Done()

    return run


def keep_files(call: Call) -> Answer:
    service.keep_files(call.session, call.value, person=call.person)
    return Done()


def _event(ident: str, run: Callable[[Call], Answer], **more: Any) -> Entrance:
    return Entrance(kind="event", id=ident, run=run, effect="write", **more)


def _press(ident: str, run: Callable[[Call], Answer]) -> Entrance:
    return Entrance(kind="action", id=ident, run=run, effect="write")


ENTRANCES = (
    *(
        _event(each, wrote, concerns=is_to_us)
        for each in ("message", "file_share", "thread_broadcast", "me_message")
    ),
    _event("message_changed", edited, who="slack", concerns=_is_change),
    _event("message_changed", deleted, who="slack", concerns=_is_change),
    _event("message_deleted", deleted, who="slack", concerns=_is_change),
    _press(screens.CHOOSE, choose),
    _press(screens.FINE, _confirms("text")),
    _press(screens.FILES_FINE, _confirms("files")),
    _press(screens.NO_FILES, keep_files),
)
