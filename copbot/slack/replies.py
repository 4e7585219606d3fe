"""What becomes of an Answer: the part an ack can carry at once, and the rest afterwards in the reply pool."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Lock
from typing import Any

import structlog

from copbot.slack import reopen
from copbot.slack.answers import (
    Answer,
    Done,
    Home,
    Message,
    Nothing,
    Open,
    Options,
    Push,
    Quote,
    Say,
    Update,
    View,
    Wrong,
)
from copbot.slack.blocks import filled, form, section
from copbot.slack.errors import RateLimited, Refused, SlackError
from copbot.slack.gateway import Gateway
from copbot.slack.in_flight import InFlight
from copbot.slack.incoming import Incoming
from copbot.slack.text import text_of_message

log = structlog.get_logger("replies")

ACK_BYTES = 16_000
"""The largest ack body: Slack closes the socket on frames over 20,480 bytes and delivers again."""
TIMEOUT = 2.5
QUOTE_TIMEOUT = 1.0
"""Seconds that reading a message may take before a form opens: its trigger lasts three."""
GIVES_WAY = 0.25
"""Seconds a reply lets acks go before it."""
OVERTAKES = 0.5
"""Seconds after which an ack has surely reached Slack before a call."""
THREADS = 32

Published = Callable[[str, View, str], None]

_CHANGING = "One moment. This form is about to change. Your text is kept."
_LATE = {"expired_trigger_id", "invalid_trigger_id", "invalid_arguments"}


class Replies:
    """Turns answers into acks, and calls Slack for the rest on threads of its own."""

    def __init__(self, gateway: Gateway, *, calm: InFlight | None = None, threads: int = THREADS) -> None:
        self._gateway = gateway
        self._calm = calm or InFlight()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="reply")
        self.late = reopen.LateForms()
        self._published: Published = lambda _user, _view, _hash: None
        self._going: set[Future[None]] = set()
        self._lock = Lock()

    def on_publish(self, told: Published) -> None:
        """Tell of each Home that was published: the user, the view, and Slack's hash of it."""
        self._published = told

    def settle(self, answer: Answer, incoming: Incoming) -> dict[str, Any]:
        """The body of the ack; whatever it cannot carry is started and not waited for."""
        if isinstance(answer, Options):
            return _options(answer)
        if incoming.kind == "view":
            return self._view_ack(answer, incoming)
        if incoming.kind == "command" and isinstance(answer, Say):
            body = {"response_type": "ephemeral", **_body(answer.message)}
            if _fits(body):
                return body
        self._start(lambda: self._rest(answer, incoming))
        return {}

    def stop(self, within: float) -> None:
        """Let what has begun finish, for at most `within` seconds."""
        with self._lock:
            going = set(self._going)
        wait(going, timeout=within)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _start(self, job: Callable[[], None]) -> None:
        future = self._pool.submit(self._guarded, job)
        with self._lock:
            self._going.add(future)
        future.add_done_callback(self._ended)

    def _guarded(self, job: Callable[[], None]) -> None:
        # In a rush every ack leaves before the first form opens; a form has three seconds, and so has an ack.
        self._calm.wait(GIVES_WAY)
        try:
            job()
        except SlackError as error:
            log.warning("reply_failed", code=error.code, method=error.method)
        except Exception:
            log.exception("reply_failed")

    def _ended(self, future: Future[None]) -> None:
        with self._lock:
            self._going.discard(future)

    def _view_ack(self, answer: Answer, incoming: Incoming) -> dict[str, Any]:
        if isinstance(answer, Wrong):
            return {"response_action": "errors", "errors": answer.fields}
        if isinstance(answer, Done) and answer.everything:
            return {"response_action": "clear"}
        if isinstance(answer, Push | Open):
            return {"response_action": "push", "view": answer.view}
        if isinstance(answer, Home):
            view = answer.view
            self._start(lambda: self._publish(incoming.user, view))
            return {}
        shown = notice(answer.message) if isinstance(answer, Say) else getattr(answer, "view", None)
        if shown is None:
            return {}
        body = {"response_action": "update", "view": shown}
        if _fits(body):
            return body
        field = _last_field(incoming.view)
        self._start(lambda: self._follow(incoming, shown, pause=0.0 if field else OVERTAKES))
        # A stand-in would take what was typed with it, and for good if it came after the view itself.
        if field:
            return {"response_action": "errors", "errors": {field: _CHANGING}}
        return {"response_action": "update", "view": _loading(shown)}

    def _rest(self, answer: Answer, incoming: Incoming) -> None:
        match answer:
            case Say(message=message):
                self._say(message, incoming)
            case Open(view=view, saved=True) | Push(view=view, saved=True) if incoming.kind == "action":
                self._confirm(view, incoming)
            case Open(view=view, words=words, quote=quote):
                self._open(self._quoted(view, quote, incoming) if quote else view, words, incoming)
            case Push(view=view):
                self._open(view, "", incoming)
            case Update(view=view):
                self._update(incoming, view)
            case Home(view=view, also=also):
                self._publish(incoming.user, view)
                if also is not None:
                    self._say(also.message, incoming)
            case Nothing(reason=reason):
                log.debug("nothing", reason=reason)

    def _quoted(self, view: View, quote: Quote, incoming: Incoming) -> View:
        """The form with the person's own message in it; as it is when Slack does not give that message at once."""
        which = {"channel": quote.channel, "ts": quote.thread_ts, "oldest": quote.ts, "latest": quote.ts}
        try:
            answer = self._gateway.call(
                "conversations.replies", **which, inclusive=True, limit=2, timeout=QUOTE_TIMEOUT
            )
        except SlackError as error:
            log.info("quote_not_read", code=error.code)
            return view
        found = [each for each in answer.get("messages") or () if isinstance(each, dict)]
        own = [each for each in found if (each.get("ts"), each.get("user")) == (quote.ts, incoming.user)]
        return filled(view, quote.block, text_of_message(own[0])) if own else view

    def _open(self, view: View, words: str, incoming: Incoming) -> None:
        method = "views.push" if incoming.view.get("type") == "modal" else "views.open"
        try:
            self._gateway.call(method, trigger_id=incoming.trigger, view=view, timeout=TIMEOUT)
        except Refused as error:
            if error.code == "exchanged_trigger_id":
                # The same press was delivered twice, or an answer was lost: its form is open already.
                log.info("form_is_open", kind=incoming.kind)
                return
            if error.code not in _LATE:
                self._say(reopen.cannot(error.code, words), incoming)
                raise
            log.info("trigger_expired", kind=incoming.kind)
            self._offer(words, incoming, reopen.LATE)
        except SlackError:
            self._offer(words, incoming, reopen.MAYBE)
            raise

    def _confirm(self, view: View, incoming: Incoming) -> None:
        """What was saved is said in a message when it is too late for the view that says it."""
        method = "views.push" if incoming.view.get("type") == "modal" else "views.open"
        try:
            self._gateway.call(method, trigger_id=incoming.trigger, view=view, timeout=TIMEOUT)
        except SlackError as error:
            log.info("confirmation_late", code=error.code)
            if error.code != "exchanged_trigger_id":  # then the same press has shown it already
                self._say(Message(view["title"]["text"], tuple(view["blocks"])), incoming)

    def _offer(self, words: str, incoming: Incoming, why: str) -> None:
        words = words or incoming.text
        value = incoming.value if incoming.kind == "action" else self.late.keep(words)
        self._say(reopen.offer(incoming.kind, incoming.id, value, words, why=why), incoming)

    def _update(self, incoming: Incoming, view: View) -> None:
        known = {"view_id": incoming.view_id}
        if incoming.kind == "action" and incoming.view.get("hash"):
            known["hash"] = str(incoming.view["hash"])
        try:
            self._gateway.call("views.update", view=view, timeout=TIMEOUT, **known)
        except Refused as error:
            if error.code not in ("hash_conflict", "not_found"):
                raise
            log.info("view_moved_on", code=error.code)

    def _follow(self, incoming: Incoming, view: View, *, pause: float) -> None:
        """What an ack could not carry. The two take different ways to Slack, and nothing keeps their order."""
        time.sleep(pause)
        self._update(incoming, view)

    def _publish(self, user: str, view: View) -> None:
        answer = self._gateway.call("views.publish", user_id=user, view=view, timeout=TIMEOUT)
        self._published(user, view, str((answer.get("view") or {}).get("hash") or ""))

    def _say(self, message: Message, incoming: Incoming) -> None:
        """By response_url, else as an ephemeral in the channel, else as a modal: the first that works."""
        ways: list[Callable[[], object]] = []
        body, user, channel = _body(message), incoming.user, incoming.channel
        thread = {name: at for name, at in incoming.event.items() if name == "thread_ts" and at}
        if incoming.response_url:
            url = incoming.response_url
            ways.append(
                lambda: self._gateway.reply(
                    url, timeout=TIMEOUT, response_type="ephemeral", replace_original=False, **body
                )
            )
        if channel:
            ways.append(
                lambda: self._gateway.call(
                    "chat.postEphemeral", channel=channel, user=user, timeout=TIMEOUT, **thread, **body
                )
            )
        if incoming.trigger:
            method = "views.push" if incoming.view.get("type") == "modal" else "views.open"
            ways.append(
                lambda: self._gateway.call(
                    method, trigger_id=incoming.trigger, view=notice(message), timeout=TIMEOUT
                )
            )
        self._first(ways)

    @staticmethod
    def _first(ways: list[Callable[[], object]]) -> None:
        for way in ways:
            try:
                way()
            except RateLimited:
                raise
            except SlackError as error:
                log.info("answer_not_shown", code=error.code, method=error.method)
            else:
                return


def notice(message: Message) -> View:
    """A message as a modal with nothing but a Close button."""
    return form("notice", "Message for you", message.blocks, close="Close")


def _body(message: Message) -> dict[str, Any]:
    return (
        {"text": message.text, "blocks": list(message.blocks)} if message.blocks else {"text": message.text}
    )


def _options(answer: Options) -> dict[str, Any]:
    if answer.groups:
        return {"option_groups": list(answer.groups)[:100]}
    return {"options": list(answer.options)[:100]}


def _fits(body: dict[str, Any]) -> bool:
    return len(json.dumps(body)) <= ACK_BYTES


def _last_field(view: View) -> str:
    """The block id of the field just above the form's button; empty for a view without fields."""
    fields = [
        str(block.get("block_id") or "") for block in view.get("blocks") or () if block.get("type") == "input"
    ]
    return fields[-1] if fields else ""


def _loading(view: View) -> View:
    words = "One moment…"
    title = str((view.get("title") or {}).get("text") or "One moment")
    return form(str(view.get("callback_id") or "notice"), title, [section(words)], close="Close")
