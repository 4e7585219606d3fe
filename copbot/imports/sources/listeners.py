"""Entrances for feeds and calendars: follow one, see all of them, decide about many new entries, stop."""

from __future__ import annotations

from collections.abc import Callable

from copbot.imports.sources import screens, service
from copbot.imports.sources.rules import Decision, SourceKind
from copbot.jobs import service as jobs
from copbot.resources.library.listeners import nothing
from copbot.resources.library.screens.forms import FOLLOW
from copbot.slack.answers import Answer, Done, Open, Update, View
from copbot.slack.entrances import Call, Entrance
from copbot.slack.entrances import number as number_of
from copbot.store import new_uid


def open_follow(call: Call) -> Answer:
    return Update(screens.follow_form(call.form.one("url"), _kind(call.value), call.profile), saved=False)


def _kind(told: object) -> SourceKind:
    return "calendar" if told == "calendar" else "feed"


def follow(call: Call) -> Answer:
    form = call.form
    source = service.follow(
        call.session, form.one("url").strip(), _kind(call.meta.get("kind")), topics=form.many("topics"),
        areas=form.many("areas"), publish=form.one("publish") == screens.PUBLISH, by=call.person.user, now=call.now,
    )  # fmt: skip
    _read_now(call, source.uid)
    return Update(screens.followed(source))


def _read_now(call: Call, uid: str) -> None:
    key = f"{service.POLL}:{uid}:{new_uid()}"
    jobs.enqueue(call.session, service.POLL, key=key, by=call.person.user, now=call.now)


def open_list(call: Call) -> Answer:
    return Open(_list(call))


def next_page(call: Call) -> Answer:
    return Update(_list(call, number_of(call.value)), saved=False)


def _list(call: Call, after: int = 0, note: str = "") -> View:
    return screens.source_list(service.listed(call.session, after), call.profile, after=after, note=note)


def stop(call: Call) -> Answer:
    source = service.stop(call.session, call.value, by=call.person.user, now=call.now)
    return _again(call, f"{screens.title_of(source)} is no longer followed.")


def _decides(decision: Decision, note: str) -> Callable[[Call], Answer]:
    """A button about the entries that are held."""

    def run(call: Call) -> Answer:
        service.decide(call.session, call.value, decision, by=call.person.user, now=call.now)
        _read_now(call, call.value)
        return _again(call, note)

    return run


def _again(call: Call, note: str) -> Answer:
    """The list with what is so now; a message is drawn again by its own row."""
    return Update(_list(call, int(call.meta.get("after") or 0), note)) if call.in_modal else Done()


take = _decides("take", "The new entries are added in a minute.")
leave = _decides("leave", "These entries are left out.")

ENTRANCES = (
    Entrance("action", FOLLOW, open_follow, "staff"),
    Entrance("view", screens.FOLLOWED, follow, "staff", "write", other_text=("url",)),
    Entrance("action", screens.LIST, open_list, "staff"),
    Entrance("action", screens.NEXT, next_page, "staff"),
    Entrance("view", screens.LISTED, nothing, "staff"),
    Entrance("action", screens.STOP, stop, "staff", "write"),
    Entrance("action", screens.TAKE, take, "staff", "write"),
    Entrance("action", screens.LEAVE, leave, "staff", "write"),
)
