"""The register's entrances: read what was pressed or typed, call one verb, answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from copbot.assistance import rules
from copbot.assistance.views import facts as shown
from copbot.assistance.views import home_screens, requester_screens, staff_screens
from copbot.assistance.views.facts import RequestFacts, RequestSummary
from copbot.assistance.views.home_screens import TITLES
from copbot.assistance.workflow import screens as steps
from copbot.assistance.workflow import service
from copbot.assistance.workflow.screens import Reader, Receiver
from copbot.assistance.workflow.transitions import Moved
from copbot.errors import Conflict, NotFound
from copbot.people import service as people
from copbot.people.staff import service as staffing
from copbot.slack.answers import Answer, Block, Done, Open, Say, Update, View
from copbot.slack.blocks import say
from copbot.slack.entrances import NOT_THERE, Call, Entrance, number
from copbot.slack.help import help_message
from copbot.store import Page

NO_REQUESTS = "No open requests."
SHORT = 5
"""Lines of each list where several stand under each other."""


def pressed(call: Call) -> tuple[int, int]:
    """The request and the version of it that the button stands for."""
    uid, version, *_ = (*call.value.split(":"), "")
    return service.id_of(call.session, uid), number(version or 0)


def meant(call: Call) -> dict[str, Any]:
    """The same of a form, as keyword arguments of the verbs."""
    return {
        "request_id": service.id_of(call.session, str(call.meta.get("uid") or "")),
        "version": number(call.meta.get("version") or 0),
        "person": call.person,
        "now": call.now,
        "profile": call.profile,
    }


def list_requests(call: Call) -> Answer:
    if not call.person.is_staff:
        return Say(requester_screens.list_message(own_lists(call), TITLES["mine"]))
    return Say(requester_screens.list_message([*staff_lists(call), *own_lists(call)], "Requests"))


def staff_lists(call: Call) -> list[Sequence[Block]]:
    """What is late, what nobody has, what is theirs; the first two only when there is something in them."""
    pages = {name: _LISTS[name](call, None) for name in home_screens.QUEUE}
    if sum(len(page.items) for page in pages.values()) > shown.PAGE:
        pages = {name: shown.first(page, SHORT) for name, page in pages.items()}
    empty = {"owned": NO_REQUESTS}
    parts = [_part(call, TITLES[name], name, page, empty.get(name, "")) for name, page in pages.items()]
    return [part for part in parts if part]


def own_lists(call: Call) -> list[Sequence[Block]]:
    """What this person asked, what waits for their answer first. Staff who asked nothing are told nothing of it."""
    waiting = Page(shown.needed(call.session, call.person, call.now), None)
    others = shown.mine(call.session, call.person, call.now)
    empty = ""
    if call.person.is_staff:
        others = shown.first(others, SHORT)
    elif not waiting.items:
        empty = f"No requests yet. Type {call.profile.commands.ta} to ask for help."
    parts = [
        _part(call, TITLES["needed"], "needed", waiting, ""),
        _part(call, TITLES["mine"], "mine", others, empty),
    ]
    return [part for part in parts if part]


def workload(call: Call) -> Answer:
    """A lead opens the requests behind one of the numbers."""
    name = people.person_of(call.session, call.number).name
    lines = shown.workload(call.session, call.number, call.now)
    return Open(requester_screens.lines_view(name, lines, call.profile))


def more_requests(call: Call) -> Answer:
    name, _, after = call.value.partition(":")
    if name not in _LISTS:
        raise NotFound(NOT_THERE)
    page = _LISTS[name](call, number(after))
    return Say(requester_screens.list_message([_part(call, "More", name, page, "No more.")], "More requests"))


_LISTS: dict[str, Callable[[Call, int | None], Page[RequestSummary]]] = {
    "mine": lambda call, after: shown.mine(call.session, call.person, call.now, after),
    "unassigned": lambda call, after: shown.unassigned(call.session, call.person, call.now, after),
    "late": lambda call, after: shown.late(call.session, call.person, call.now, after),
    "owned": lambda call, after: shown.owned(call.session, call.person, call.now, after),
}


def _part(call: Call, title: str, name: str, page: Page[RequestSummary], empty: str) -> Sequence[Block]:
    return requester_screens.list_blocks(
        title,
        page.items,
        profile=call.profile,
        now=call.now,
        staff=name in home_screens.QUEUE,
        empty=empty,
        more=f"{name}:{page.next}" if page.next else "",
    )


def status(call: Call) -> Answer:
    if not call.text:
        return list_requests(call)
    found = shown.one(call.session, rules.parse_number(call.text), call.person, call.now)
    return Say(requester_screens.page_message(found, call.profile, call.now, **_sides(call)))


def details(call: Call) -> Answer:
    return Open(_page(call, pressed(call)[0]))


def _page(call: Call, request_id: int) -> View:
    found = shown.one(call.session, request_id, call.person, call.now)
    return requester_screens.page_view(found, call.profile, call.now, **_sides(call))


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
        which = {"request_id": request_id, "person": call.person, "now": call.now, "profile": call.profile}
        try:
            made = verb(call.session, version=version, **which)
        except Conflict:
            if not holds:
                raise
            made = verb(call.session, version=None, **which)
        return _after(call, made)

    return run


def _after(call: Call, made: Moved) -> Answer:
    if call.in_modal:
        return Update(_page(call, made.id))
    if call.is_ephemeral:
        word = call.profile.state_word if call.person.is_staff else call.profile.requester_word
        return Say(say(f"{made.label}: {word(made.state)}."))  # type: ignore[arg-type]
    return Done()


def solved(call: Call) -> Answer:
    """The button names the resource after the request and its version."""
    resource = [*call.value.split(":"), "", ""][2]
    return _moves(partial(service.solved, resource=resource), holds=True)(call)


def remove_details(call: Call) -> Answer:
    request_id, _ = pressed(call)
    made = service.remove_details(call.session, request_id=request_id, person=call.person, now=call.now)
    return Say(requester_screens.removed_here(made.label))


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
    return steps.hand_over_form(found.label, meta, _receivers(call, found))


def _receivers(call: Call, found: RequestFacts) -> list[Receiver]:
    """Staff it can go to: everybody but whoever has it."""
    owner = found.owner.id if found.owner else None
    everyone = staffing.everyone(call.session, profile=call.profile, now=call.now)
    return [Receiver(each.id, each.name, each.away_until) for each in everyone if each.id != owner]


def _reader(found: RequestFacts) -> Reader:
    return Reader(found.requester.name, found.requester.gone)


def _reopen_form(call: Call, found: RequestFacts, meta: dict[str, Any]) -> View:
    is_own = found.requester.id == call.person.id
    return steps.reopen_form(found.label, meta, "Staff" if is_own else f"Staff and {found.requester.name}")


def _answer_form(call: Call, found: RequestFacts, meta: dict[str, Any]) -> View:
    question = found.question.why if found.question else ""
    return steps.answer_form(found.label, meta, question, call.profile)


def hand_over(call: Call) -> Answer:
    """To somebody away only when it was asked for a second time, with their days away in sight."""
    to, why, which = people.staff_member(call.session, call.form.one("to")), call.form.one("why"), meant(call)
    if number(call.meta.get("away") or 0) != to:
        found = shown.one(call.session, which["request_id"], call.person, call.now)
        receivers = _receivers(call, found)
        away = next((each for each in receivers if each.id == to and each.away_until is not None), None)
        if away is not None:
            view = steps.hand_over_form(found.label, dict(call.meta), receivers, away=away, why=why)
            return Update(view, saved=False)
    service.hand_over(call.session, to=to, why=why, **which)
    return Done(everything=True)


def ask_requester(call: Call) -> Answer:
    service.ask_requester(call.session, question=call.form.one("question"), **meant(call))
    return Done(everything=True)


def done(call: Call) -> Answer:
    service.done(call.session, given=call.form.one("given"), **meant(call))
    return Done(everything=True)


def close_reason(call: Call) -> Answer:
    """The reason decides what else the form asks."""
    return Update(_close_view(call, call.value))


def _close_view(call: Call, reason: str) -> View:
    ident = service.id_of(call.session, str(call.meta.get("uid") or ""))
    found = shown.one(call.session, ident, call.person, call.now)
    return steps.close_form(found.label, dict(call.meta), _reader(found), call.profile, reason=reason)


def close(call: Call) -> Answer:
    """Closed; or the form once more, when it was sent before the reason's own fields stood in it."""
    reason = call.profile.close_reason(call.form.one("reason"))
    if reason is not None and reason.needs_referral and "referral" not in call.form.values:
        return Update(_close_view(call, reason.id), saved=False)
    service.close(
        call.session,
        reason=call.form.one("reason"),
        words=call.form.one("words"),
        referral=call.form.one("referral"),
        **meant(call),
    )
    return Done(everything=True)


def answer(call: Call) -> Answer:
    which, text = meant(call), call.form.one("text")
    which.pop("version")
    made = service.answer(call.session, text=text, **which)
    return Update(steps.added_view(made.label, text, answered=made.answered))


def answer_again(call: Call) -> Answer:
    """The same delivery once more: what was written is shown again."""
    ident, text = meant(call)["request_id"], call.form.one("text")
    answered = service.has_answered(call.session, ident, text)
    return Update(steps.added_view(rules.label(ident), text, answered=answered))


def reopen(call: Call) -> Answer:
    """Whatever happened since the form was opened: who wants it open again wants it all the same."""
    which = meant(call)
    which["version"] = which["version"] if call.person.is_staff else None
    service.reopen(call.session, why=call.form.one("why"), **which)
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
        help="see your requests",
        staff_help="see what is late, unassigned, and assigned to you",
        example="/ta list",
        takes=lambda rest: rest.lower() in _ALL,
    ),
    _read(
        "command",
        "ta status",
        status,
        help="see one request",
        example="/ta status TA-1042",
        takes=_is_number,
        bare=lambda text: rules.parse_number(text) is not None,
    ),
    _read("command", "ta help", give_help, help="see this list", example="/ta help"),
    _read("action", staff_screens.DETAILS, details),
    _read("action", requester_screens.MORE, more_requests),
    _write("action", staff_screens.TAKE, _moves(service.take), who="staff"),
    _write("action", staff_screens.GIVE_BACK, _moves(service.give_back), who="staff"),
    _write("action", staff_screens.UNDO, _moves(service.undo), who="staff"),
    _read("action", staff_screens.REOPEN, _asks("reopen", _reopen_form)),
    _write("action", staff_screens.REMOVE_DETAILS, remove_details),
    _write("action", requester_screens.WITHDRAW, _moves(service.withdraw, holds=True)),
    _write("action", requester_screens.SOLVED, solved),
    _read("action", staff_screens.OPEN_HAND_OVER, _asks("hand_over", _hand_over_form), who="staff"),
    _read(
        "action",
        staff_screens.OPEN_ASK,
        _asks("ask", lambda _call, found, meta: steps.question_form(found.label, meta, _reader(found))),
        who="staff",
    ),
    _read(
        "action",
        staff_screens.OPEN_DONE,
        _asks("done", lambda _call, found, meta: steps.done_form(found.label, meta, _reader(found))),
        who="staff",
    ),
    _read(
        "action",
        staff_screens.OPEN_CLOSE,
        _asks(
            "close",
            lambda call, found, meta: steps.close_form(found.label, meta, _reader(found), call.profile),
        ),
        who="staff",
    ),
    _read("action", requester_screens.OPEN_ANSWER, _asks("add_words", _answer_form)),
    _write("view", steps.HAND_OVER, hand_over, who="staff", free_text=("why",)),
    _write("view", steps.ASK, ask_requester, who="staff", free_text=("question",)),
    _write("view", steps.DONE, done, who="staff", free_text=("given",)),
    _write("view", steps.CLOSE, close, who="staff", free_text=("words",), public_text=("referral",)),
    _read("action", steps.CLOSE_REASON, close_reason, who="staff"),
    _read("action", home_screens.LOAD, workload, who="lead"),
    _write("view", steps.ANSWER, answer, again=answer_again, free_text=("text",), can_call=True),
    _write("view", steps.REOPEN_CALLBACK, reopen, free_text=("why",), can_call=True),
)
