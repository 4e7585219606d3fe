"""The register's entrances: read what was pressed or typed, call one verb, answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from copbot.assistance import rules
from copbot.assistance.colleagues import listeners as colleagues
from copbot.assistance.dose import listeners as dose
from copbot.assistance.dose import work_listeners
from copbot.assistance.intake.screens import details_form
from copbot.assistance.upkeep import listeners as upkeep
from copbot.assistance.views import facts as shown
from copbot.assistance.views import listeners as lists
from copbot.assistance.views import requester_screens, staff_screens
from copbot.assistance.views.facts import RequestFacts
from copbot.assistance.views.listeners import page, pressed
from copbot.assistance.views.lists import candidates
from copbot.assistance.workflow import screens as steps
from copbot.assistance.workflow import service
from copbot.assistance.workflow.screens import Reader, Receiver
from copbot.assistance.workflow.transitions import Moved
from copbot.errors import Conflict, NotFound
from copbot.people import service as people
from copbot.people.staff import service as staffing
from copbot.routing import listeners as routing
from copbot.slack.answers import Answer, Done, Message, Open, Say, Update, View
from copbot.slack.blocks import say
from copbot.slack.entrances import NOT_THERE, Call, Entrance, number


def meant(call: Call) -> dict[str, Any]:
    """The same of a form, as keyword arguments of the verbs."""
    return {
        "request_id": service.id_of(call.session, str(call.meta.get("uid") or "")),
        "version": number(call.meta.get("version") or 0),
        "person": call.person,
        "now": call.now,
        "profile": call.profile,
    }


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
    if lists.is_list(call):
        return Update(lists.same_list(call))
    if call.in_modal:
        return Update(page(call, made.id))
    if call.is_ephemeral:
        word = call.profile.state_word if call.person.is_staff else call.profile.requester_word
        return Say(say(f"{made.label}: {word(made.state)}."))  # type: ignore[arg-type]
    return Done()


def solved(call: Call) -> Answer:
    """The button names the resource after the request and its version."""
    resource = [*call.value.split(":"), "", ""][2]
    return _moves(partial(service.solved, resource=resource), holds=True)(call)


def menu(call: Call) -> Answer:
    """What was chosen behind the three dots, asked once more."""
    what, _, value = call.value.partition(":")
    callback = {"remove": steps.REMOVE_DETAILS, "confide": steps.CONFIDE}.get(what)
    if callback is None:
        raise NotFound(NOT_THERE)
    found = shown.one(call.session, pressed(replace(call, value=value))[0], call.person, call.now)
    return Open(steps.sure_form(callback, found.label, {"uid": found.uid, "version": found.version}))


def _sure(verb: Callable[..., Moved], said: Callable[[str], Message]) -> Callable[[Call], Answer]:
    def run(call: Call) -> Answer:
        ident = service.id_of(call.session, str(call.meta.get("uid") or ""))
        return Say(said(verb(call.session, request_id=ident, person=call.person, now=call.now).label))

    return run


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


def _done_form(call: Call, found: RequestFacts, meta: dict[str, Any]) -> View:
    return steps.done_form(found.label, meta, _reader(found), dose.done_fields(call, found))


def _triage_form(call: Call, found: RequestFacts, meta: dict[str, Any]) -> View:
    return steps.triage_form(found.label, meta, found.topics, found.level, call.profile)


def _reopen_form(call: Call, found: RequestFacts, meta: dict[str, Any]) -> View:
    is_own = found.requester.id == call.person.id
    return steps.reopen_form(found.label, meta, "Staff" if is_own else f"Staff and {found.requester.name}")


def _answer_form(call: Call, found: RequestFacts, meta: dict[str, Any]) -> View:
    if found.question is None:
        return details_form(found, meta, call.profile)
    return steps.answer_form(found.label, meta, found.question.why, call.profile)


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


def _sends(verb: Callable[..., Moved], name: str) -> Callable[[Call], Answer]:
    """A form of one text field."""

    def run(call: Call) -> Answer:
        verb(call.session, **{name: call.form.one(name)}, **meant(call))
        return Done(everything=True)

    return run


def triage(call: Call) -> Answer:
    level, topics = call.form.one("level"), call.form.many("topics")
    service.triage(call.session, level=level, topics=topics, **meant(call))
    return Done(everything=True)


def merge(call: Call) -> Answer:
    into = rules.parse_number(call.form.one("into"))
    service.merge(call.session, into=into, **meant(call))
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


def _opens_form(verb: str, ident: str, make: Callable[[str, dict[str, Any], Reader], View]) -> Entrance:
    """A button of staff's whose form needs nothing but the request's number and who will read what is typed."""
    run = _asks(verb, lambda _call, found, meta: make(found.label, meta, _reader(found)))
    return _read("action", ident, run, who="staff")


ENTRANCES = (
    *routing.entrances(candidates),
    *lists.ENTRANCES,
    *colleagues.ENTRANCES,
    *upkeep.ENTRANCES,
    *dose.ENTRANCES,
    *work_listeners.ENTRANCES,
    _write("action", staff_screens.TAKE, _moves(service.take), who="staff"),
    _write("action", staff_screens.GIVE_BACK, _moves(service.give_back), who="staff"),
    _write("action", staff_screens.UNDO, _moves(service.undo), who="staff"),
    _read("action", staff_screens.REOPEN, _asks("reopen", _reopen_form)),
    _read("action", staff_screens.MENU, menu),
    _write("view", steps.REMOVE_DETAILS, _sure(service.remove_details, partial(steps.removed, "You"))),
    _write("view", steps.CONFIDE, _sure(service.confide, steps.confided)),
    _write("action", requester_screens.WITHDRAW, _moves(service.withdraw, holds=True)),
    _write("action", requester_screens.SOLVED, solved),
    _opens_form("ask", staff_screens.OPEN_ASK, steps.question_form),
    _opens_form("wait_partner", staff_screens.OPEN_WAIT, steps.wait_form),
    _opens_form("merge", staff_screens.OPEN_MERGE, steps.merge_form),
    _read("action", staff_screens.OPEN_DONE, _asks("done", _done_form), who="staff"),
    _read("action", staff_screens.OPEN_HAND_OVER, _asks("hand_over", _hand_over_form), who="staff"),
    _read("action", staff_screens.OPEN_TRIAGE, _asks("triage", _triage_form), who="staff"),
    _write("action", staff_screens.PARTNER_ANSWERED, _moves(service.partner_answered), who="staff"),
    _write("action", staff_screens.REPLIED, _moves(service.first_reply), who="staff"),
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
    _write(
        "view", steps.ASK, _sends(service.ask_requester, "question"), who="staff", free_text=("question",)
    ),
    _write("view", steps.TRIAGE, triage, who="staff"),
    _write("view", steps.WAIT, _sends(service.wait_partner, "why"), who="staff", free_text=("why",)),
    _write("view", steps.MERGE, merge, who="staff", other_text=("into",)),
    _write("view", steps.DONE, dose.finish, who="staff", free_text=("given",), public_text=("referral",)),
    _write("view", steps.CLOSE, close, who="staff", free_text=("words",), public_text=("referral",)),
    _read("action", steps.CLOSE_REASON, close_reason, who="staff"),
    _write("view", steps.ANSWER, answer, again=answer_again, free_text=("text",), can_call=True),
    _write("view", steps.REOPEN_CALLBACK, reopen, free_text=("why",), can_call=True),
)
