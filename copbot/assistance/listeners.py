"""The register's entrances: read what was pressed or typed, call one verb, answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from copbot.assistance import facts as shown
from copbot.assistance import rules, service
from copbot.assistance.facts import Line, RequestFacts
from copbot.assistance.moving import Moved
from copbot.assistance.screens import requester, staff, steps
from copbot.errors import Conflict, NotFound
from copbot.people import service as people
from copbot.people import staffing
from copbot.slack.answers import Answer, Block, Done, Open, Say, Update, View
from copbot.slack.blocks import say
from copbot.slack.entrances import Call, Entrance
from copbot.slack.help import help_message
from copbot.store import Page

QUIET = "Nothing just now."


def pressed(call: Call) -> tuple[int, int]:
    """The request and the version of it that the button stands for."""
    uid, _, version = call.value.partition(":")
    return service.id_of(call.session, uid), int(version) if version.isdigit() else 0


def meant(call: Call) -> dict[str, Any]:
    """The same of a form, as keyword arguments of the verbs."""
    return {
        "request_id": service.id_of(call.session, str(call.meta.get("uid") or "")),
        "version": int(call.meta.get("version") or 0),
        "person": call.person,
        "now": call.now,
    }


def list_requests(call: Call) -> Answer:
    if not call.person.is_staff:
        empty = f"You have not asked for anything yet. Type {call.profile.commands.ta} to begin."
        return Say(requester.list_message([own_list(call, empty)], "Your requests"))
    parts = staff_lists(call)
    own = shown.mine(call.session, call.person, call.now)
    if own.items:
        parts.append(_part(call, "You asked for", "mine", shown.first(own, 5), ""))
    return Say(requester.list_message(parts, "Requests"))


def staff_lists(call: Call) -> list[Sequence[Block]]:
    """What is late, what nobody has, what is theirs; the first two only when there is something in them."""
    lists = (
        ("Late", "late", ""),
        ("Nobody has these yet", "unassigned", ""),
        ("You look after", "owned", QUIET),
    )
    parts = [_part(call, title, name, _LISTS[name](call, None), empty) for title, name, empty in lists]
    return [part for part in parts if part]


def own_list(call: Call, empty: str) -> Sequence[Block]:
    """What this person asked; `empty` says what to do when they have asked nothing."""
    return _part(call, "Your requests", "mine", shown.mine(call.session, call.person, call.now), empty)


def more_requests(call: Call) -> Answer:
    name, _, after = call.value.partition(":")
    if name not in _LISTS or not after.isdecimal():
        raise NotFound("That page is not there any more. Please open the list again.")
    page = _LISTS[name](call, int(after))
    return Say(requester.list_message([_part(call, "More", name, page, "No more.")], "More requests"))


_LISTS: dict[str, Callable[[Call, int | None], Page[Line]]] = {
    "mine": lambda call, after: shown.mine(call.session, call.person, call.now, after),
    "unassigned": lambda call, after: shown.unassigned(call.session, call.person, call.now, after),
    "late": lambda call, after: shown.late(call.session, call.person, call.now, after),
    "owned": lambda call, after: shown.owned(call.session, call.person, call.now, after),
}


def _part(call: Call, title: str, name: str, page: Page[Line], empty: str) -> Sequence[Block]:
    return requester.list_blocks(
        title,
        page.items,
        profile=call.profile,
        now=call.now,
        staff=call.person.is_staff and name != "mine",
        empty=empty,
        more=f"{name}:{page.next}" if page.next else "",
    )


def status(call: Call) -> Answer:
    if not call.text:
        return list_requests(call)
    found = shown.one(call.session, rules.parse_number(call.text), call.person, call.now)
    return Say(requester.page_message(found, call.profile, call.now, **_sides(call)))


def details(call: Call) -> Answer:
    return Open(_page(call, pressed(call)[0]))


def _page(call: Call, request_id: int) -> View:
    found = shown.one(call.session, request_id, call.person, call.now)
    return requester.page_view(found, call.profile, call.now, **_sides(call))


def _sides(call: Call) -> dict[str, Any]:
    return {"staff": call.person.is_staff, "reader": call.person.id}


def give_help(call: Call) -> Answer:
    return Say(help_message(call.entrances, "ta", person=call.person, profile=call.profile))


# Buttons that move a request at once


def _moves(verb: Callable[..., Moved], *, holds: bool = False) -> Callable[[Call], Answer]:
    """A button without a form: the notice it stands in changes by itself, anything else is answered.

    `holds`: it means the same whatever happened since its message was written, and those messages stay as
    they are. Staff taking a request must not keep its requester from withdrawing it.
    """

    def run(call: Call) -> Answer:
        request_id, version = pressed(call)
        which = {"request_id": request_id, "person": call.person, "now": call.now}
        try:
            made = verb(call.session, version=version, **which)
        except Conflict:
            if not holds:
                raise
            made = verb(call.session, version=None, **which)
        return _after(call, made)

    return run


def _after(call: Call, made: Moved) -> Answer:
    if call.view_id:
        return Update(_page(call, made.id))
    if call.is_ephemeral:
        word = call.profile.state_word if call.person.is_staff else call.profile.requester_word
        return Say(say(f"{made.label}: {word(made.state)}."))  # type: ignore[arg-type]
    return Done()


# Buttons that ask one question first


def _asks(verb: str, make: Callable[[Call, RequestFacts, dict[str, Any]], View]) -> Callable[[Call], Answer]:
    """A button with a form: refused at once when the move is not possible, so that nobody types in vain."""

    def run(call: Call) -> Answer:
        request_id, _ = pressed(call)
        shown.check(call.session, request_id, verb, call.person, call.now)
        found = shown.one(call.session, request_id, call.person, call.now)
        return Open(make(call, found, {"uid": found.uid, "version": found.version, "request": found.id}))

    return run


def _hand_over_form(call: Call, found: RequestFacts, meta: dict[str, Any]) -> View:
    owner = found.owner.id if found.owner else None
    everyone = staffing.everyone(call.session, profile=call.profile, now=call.now)
    others = [(each.id, each.name, each.away_until) for each in everyone if each.id != owner]
    return steps.hand_over_form(found.label, meta, others)


def _answer_form(call: Call, found: RequestFacts, meta: dict[str, Any]) -> View:
    question = found.question.why if found.question else ""
    return steps.answer_form(found.label, meta, question, call.profile)


def hand_over(call: Call) -> Answer:
    to = people.staff_member(call.session, call.form.one("to"))
    service.hand_over(call.session, to=to, why=call.form.one("why"), **meant(call))
    return Done(everything=True)


def ask_requester(call: Call) -> Answer:
    service.ask_requester(call.session, question=call.form.one("question"), **meant(call))
    return Done(everything=True)


def done(call: Call) -> Answer:
    service.done(call.session, given=call.form.one("given"), **meant(call))
    return Done(everything=True)


def close(call: Call) -> Answer:
    service.close(
        call.session,
        reason=call.form.one("reason"),
        words=call.form.one("words"),
        referral=call.form.one("referral"),
        profile=call.profile,
        **meant(call),
    )
    return Done(everything=True)


def answer(call: Call) -> Answer:
    which = meant(call)
    which.pop("version")
    service.answer(call.session, text=call.form.one("text"), **which)
    return Done(everything=True)


def _read(kind: Any, ident: str, run: Callable[[Call], Answer], **more: Any) -> Entrance:
    return Entrance(kind=kind, id=ident, run=run, **more)


def _write(kind: Any, ident: str, run: Callable[[Call], Answer], **more: Any) -> Entrance:
    return Entrance(kind=kind, id=ident, run=run, effect="write", **more)


_ALL = ("", "all", "mine", "open", "my requests", "requests")
"""What people add to “list” and mean the list by."""


def _is_number(words: str) -> bool:
    """Whether a number is meant, also one that no request can have."""
    return (
        not words
        or re.fullmatch(r"#?\s*(ta)?[\s#\-\u2010-\u2015]*[0-9]+\s*\.?", words, re.IGNORECASE) is not None
    )


ENTRANCES = (
    _read(
        "command",
        "ta list",
        list_requests,
        help="your requests, and where each stands",
        staff_help="what is late, what nobody has, and what you look after",
        example="/ta list",
        takes=lambda rest: rest.lower() in _ALL,
    ),
    _read(
        "command",
        "ta status",
        status,
        help="where a request stands",
        example="/ta status TA-1042",
        takes=_is_number,
    ),
    _read("command", "ta help", give_help, help="this list", example="/ta help"),
    _read("action", staff.DETAILS, details),
    _read("action", requester.MORE, more_requests),
    _write("action", staff.TAKE, _moves(service.take), who="staff"),
    _write("action", staff.GIVE_BACK, _moves(service.give_back), who="staff"),
    _write("action", staff.UNDO, _moves(service.undo), who="staff"),
    _write("action", staff.REOPEN, _moves(service.reopen, holds=True)),
    _write("action", requester.WITHDRAW, _moves(service.withdraw, holds=True)),
    _read("action", staff.OPEN_HAND_OVER, _asks("hand_over", _hand_over_form), who="staff"),
    _read(
        "action",
        staff.OPEN_ASK,
        _asks("ask", lambda _call, found, meta: steps.question_form(found.label, meta, found.requester.name)),
        who="staff",
    ),
    _read(
        "action",
        staff.OPEN_DONE,
        _asks("done", lambda _call, found, meta: steps.done_form(found.label, meta, found.requester.name)),
        who="staff",
    ),
    _read(
        "action",
        staff.OPEN_CLOSE,
        _asks(
            "close",
            lambda call, found, meta: steps.close_form(found.label, meta, found.requester.name, call.profile),
        ),
        who="staff",
    ),
    _read("action", requester.OPEN_ANSWER, _asks("add_words", _answer_form)),
    _write("view", steps.HAND_OVER, hand_over, who="staff"),
    _write("view", steps.ASK, ask_requester, who="staff"),
    _write("view", steps.DONE, done, who="staff"),
    _write("view", steps.CLOSE, close, who="staff"),
    _write("view", steps.ANSWER, answer),
)
