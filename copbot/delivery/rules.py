"""Pure decisions: what a row needs next, what Slack's answer means for it, how fast, and how often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from copbot.slack.pages import ENDLESS, NOT_WHOLE


class MessageState(StrEnum):
    """Where a row is on its way. `due` may mean post, update or delete: see `step_for`."""

    DUE = "due"
    SENDING = "sending"
    UNSURE = "unsure"
    SHOWN = "shown"
    DEAD = "dead"
    NOTHING = "nothing"
    GONE = "gone"


class NextCall(StrEnum):
    """One thing to do with Slack for one row. `NONE`: Slack already matches."""

    POST = "post"
    UPDATE = "update"
    DELETE = "delete"
    LOOK = "look"
    NONE = "none"


class Verdict(StrEnum):
    """What a refusal by Slack means for the row."""

    JOIN = "join"  # join the channel, then the same call again
    ANEW = "anew"  # the message is not there any more: post it again
    REPLY = "reply"  # it cannot be edited any more: say it in its thread
    TOP_LEVEL = "top_level"  # the thread is not there: say it in the channel
    FINE = "fine"  # what we wanted is already so
    DEAD = "dead"  # a person has to look at it


@dataclass(frozen=True)
class SendTiming:
    """Machine seconds. Shortened by tests; the defaults are what Slack asks for."""

    look_after: float = 30.0
    lease: float = 60.0
    http_timeout: float = 10.0
    tick: float = 1.0
    recheck_after: float = 120.0
    per_destination: float = 1.0
    backoff: float = 1.0
    between_pages: float = 1.2


METHODS = {
    NextCall.POST: "chat.postMessage",
    NextCall.UPDATE: "chat.update",
    NextCall.DELETE: "chat.delete",
    NextCall.LOOK: "conversations.history",
}

SHUT_OUT = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_revoked", "token_expired", "app_uninstalled"}
)
"""The app's own token may be bad, or only the person written to is gone: `auth.test` tells which."""

UNREADABLE = frozenset({NOT_WHOLE, ENDLESS, "same_page"})
"""Looked up, and the answer shows nothing either way."""

THREAD_LOST = frozenset(
    {
        "thread_not_found",
        "message_not_found",
        "cannot_reply_to_message",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
    }
)
EDIT_CLOSED = frozenset({"edit_window_closed", "cant_update_message"})

UNREACHED = frozenset({"channel_not_found", "not_in_channel", "is_archived", "is_inactive"})
"""Dead because of the channel: when the app is back in it, they deserve a try of their own."""

NOBODY_THERE = frozenset(
    {
        "user_not_found",
        "user_disabled",
        "user_not_visible",
        "account_inactive",
        "is_inactive",
        "channel_not_found",
    }
)
"""Dead because of the person: a direct message does not reach them any more."""

CONTENT = frozenset(
    {
        "render",
        "no_renderer",
        "no_text",
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "msg_too_long",
        "block_mismatch",
        "too_many_attachments",
    }
)
"""Dead because of what it said: the next version of the text deserves a try of its own."""

QUOTA = "quota"
HELD, MASKED = "held", "masked"
"""Why a row waits, or stands nowhere: its reader may not read it now."""
PER_DAY, PER_WEEK = 1, 3
LOOK_BACK = timedelta(seconds=60)
LONGEST_BACKOFF = 60.0
MOST_LOOK_STEPS = 10
MOST_LOOK_PAGES = 10
MOST_UNTHREADED = 5
"""After so many posts that came to stand outside their thread, the message stays outside."""


def step_for(*, wanted: bool, ts: str | None, version: int, shown: int) -> NextCall:
    """What is left to do so that Slack matches a row whose last outcome is known."""
    if not wanted:
        return NextCall.DELETE if ts else NextCall.NONE
    if ts is None:
        return NextCall.POST
    return NextCall.UPDATE if shown < version else NextCall.NONE


def rest_state(*, wanted: bool, ts: str | None, version: int, shown: int) -> MessageState:
    """The state of a row when a call has ended and its outcome is written down."""
    if step_for(wanted=wanted, ts=ts, version=version, shown=shown) is not NextCall.NONE:
        return MessageState.DUE
    return MessageState.SHOWN if wanted else MessageState.GONE


def verdict(step: NextCall, code: str, *, in_thread: bool) -> Verdict:
    """What to do about a refusal. Anything not known here is a dead letter: it never tries for ever."""
    if step is NextCall.POST and code == "not_in_channel":
        return Verdict.JOIN
    if step is NextCall.POST and in_thread and code in THREAD_LOST:
        return Verdict.TOP_LEVEL
    if step is NextCall.UPDATE and code == "message_not_found":
        return Verdict.ANEW
    if step is NextCall.UPDATE and code in EDIT_CLOSED:
        return Verdict.REPLY
    if step is NextCall.DELETE and code == "message_not_found":
        return Verdict.FINE
    return Verdict.DEAD


def backoff(tries: int, unit: float = 1.0) -> float:
    """Seconds before the next try after `tries` failures in a row: 1, 2, 4 … 60 units."""
    return unit * min(2.0 ** max(tries - 1, 0), LONGEST_BACKOFF)


def look_at(attempted: float, tries: int, look_after: float) -> float:
    """When to look whether an attempt arrived. Later each time, so that a sick Slack is left alone."""
    return attempted + look_after * min(max(tries, 1), MOST_LOOK_STEPS)


@dataclass(frozen=True)
class Verification:
    """After a look-up: the message that stays (None: none stands), and those to delete."""

    keep: str | None
    drop: tuple[str, ...]


def after_look(found: Iterable[str], *, own: str | None, wanted: bool, rooted: bool) -> Verification:
    """Which of the found copies stays: the oldest, unless our replies already hang on `own` (`rooted`)."""
    copies = sorted(set(found) | ({own} if own else set()), key=stamp)
    if not wanted:
        return Verification(own, tuple(ts for ts in copies if ts != own))
    keep = own if own and rooted else (copies[0] if copies else None)
    return Verification(keep, tuple(ts for ts in copies if ts != keep))


def stamp(ts: str) -> tuple[int, int]:
    """A Slack timestamp as something that sorts in time."""
    seconds, _, rest = ts.partition(".")
    return int(seconds), int(rest or 0)


# How fast: each method has a learned rate a minute; what is not urgent may use half of it. What is urgent goes as it
# comes, until Slack says that it is too much; then all of it together keeps to the learned rate for a while.


@dataclass(frozen=True)
class Pace:
    """What a method starts with, and how many calls that are not urgent may go at once."""

    rate: float
    burst: int = 1


PACES = {
    "chat.postMessage": Pace(200.0),
    "chat.update": Pace(50.0, burst=10),
    "chat.delete": Pace(50.0, burst=10),
    "conversations.history": Pace(50.0, burst=10),
}
LOWEST_RATE = 20.0
SLOWER, FASTER = 0.7, 1.1
LEARN_EVERY = 60.0
MOST_STEPS = 60
"""So many steps lead from the lowest rate to any that a method starts with."""


def bulk_spacing(rate: float) -> float:
    """Seconds between two calls that are not urgent: half of the learned rate."""
    return 60.0 / (rate / 2)


def bulk_open_at(free_at: float, rate: float, burst: int) -> float:
    """When the next call that is not urgent may go. `free_at` is when the line so far is worked off."""
    return free_at - bulk_spacing(rate) * (burst - 1)


def bulk_taken(free_at: float, rate: float, now: float) -> float:
    """The new `free_at` after one such call."""
    return max(free_at, now) + bulk_spacing(rate)


def keeps_to_rate(rate: float, start: float, learned_at: float, now: float) -> bool:
    """Whether urgent calls are spaced as well: for a minute after a 429, and until the rate is what it was."""
    return rate < start or now - learned_at < LEARN_EVERY


def spacing(rate: float) -> float:
    """Seconds between two calls of any kind while the method keeps to its rate."""
    return 60.0 / rate


def slower(rate: float, learned_at: float, now: float) -> float:
    """The rate after a 429. Several at once teach the same lesson only once."""
    return rate if now - learned_at < 1.0 else max(rate * SLOWER, LOWEST_RATE)


def faster(rate: float, start: float, learned_at: float, now: float) -> float:
    """The rate after quiet minutes: with each of them a step back to where it began."""
    minutes = min(max(0.0, now - learned_at) // LEARN_EVERY, MOST_STEPS)
    return rate if minutes < 1 else min(rate * FASTER**minutes, start)


# How often: what a person did not ask for.


def over_quota(days: Iterable[date], today: date) -> bool:
    """Whether one more unasked message would be too much; `days` are those on which one was sent."""
    recent = [day for day in days if today - timedelta(days=6) <= day <= today]
    return recent.count(today) >= PER_DAY or len(recent) >= PER_WEEK


def earliest(programme: datetime, machine: datetime) -> datetime:
    """From when a post of ours may stand in Slack: the two clocks may be set apart (a clock that is followed)."""
    return min(programme, machine)


def look_from(since: datetime) -> str:
    """The `oldest` of a look-up, as Slack writes time."""
    return f"{(since - LOOK_BACK).timestamp():.6f}"
