"""The register's entrances: read what was pressed or typed, call one verb, answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from copbot.assistance import colleagues, rules
from copbot.assistance.dose import listeners as dose
from copbot.assistance.intake.screens import details_form
from copbot.assistance.rules import Somebody
from copbot.assistance.upkeep import screens as moving
from copbot.assistance.upkeep import service as upkeep
from copbot.assistance.upkeep.tables import owned
from copbot.assistance.views import facts as shown
from copbot.assistance.views import listeners as lists
from copbot.assistance.views import requester_screens, staff_screens
from copbot.assistance.views.facts import RequestFacts
from copbot.assistance.views.listeners import page, pressed, request_of
from copbot.assistance.views.lists import candidates
from copbot.assistance.workflow import screens as steps
from copbot.assistance.workflow import service
from copbot.assistance.workflow.transitions import Moved
from copbot.errors import Conflict, NotFound
from copbot.people import service as people
from copbot.people.staff import service as staffing
from copbot.people.staff.screens import OPEN_MOVE_ALL
from copbot.people.values import StaffFacts
from copbot.routing import listeners as routing
from copbot.slack.answers import Answer, Done, Message, Open, Push, Say, Update, View
from copbot.slack.blocks import say
from copbot.slack.entrances import NOT_THERE, Call, Entrance, Who, number
from copbot.slack.person import Person

Make = Callable[[Call, RequestFacts, dict[str, Any]], View]
"""(call, request, metadata) → a form."""


def meant(call: Call) -> dict[str, Any]:
    """The request that the form is about, and who sends it when, as keyword arguments of the verbs."""
    version = number(call.meta.get("version") or 0)
    return {"request_id": request_of(call), "version": version, **_who(call), "profile": call.profile}


def _who(call: Call) -> dict[str, Any]:
    return {"person": call.person, "now": call.now}


def _seen(call: Call, request_id: int) -> RequestFacts:
    return shown.one(call.session, request_id, call.person, call.now)


# Buttons that move a request at once


def _moves(verb: Callable[..., Moved], *, holds: bool = False) -> Callable[[Call], Answer]:
    """A button without a form: the notice it stands in changes by itself, anything else is answered.

    `holds`: it means the same whatever happened since its message was written, and those messages stay as
    they are. Staff taking a request must not keep its requester from withdrawing it.
    """

    def run(call: Call) -> Answer:
        request_id, version = pressed(call)
        which = {"request_id": request_id, **_who(call), "profile": call.profile}
        try:
            made = verb(call.session, version=version, **which)
        except Conflict:
            if not holds:
                raise
            made = verb(call.session, version=None, **which)
        return _after(call, made)

    return run


def _after(call: Call, made: Moved) -> Answer:
    if (shown_in := lists.same_list(call)) is not None:
        return Update(shown_in)
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
    found = _seen(call, pressed(replace(call, value=value))[0])
    return Open(steps.sure_form(callback, found.label, {"uid": found.uid, "version": found.version}))


def _sure(verb: Callable[..., Moved], said: Callable[[str], Message]) -> Callable[[Call], Answer]:
    def run(call: Call) -> Answer:
        return Say(said(verb(call.session, request_id=request_of(call), **_who(call)).label))

    return run


# Buttons that ask one question first


def _asks(verb: str, make: Make) -> Callable[[Call], Answer]:
    """A button with a form: refused at once when the move is not possible, so that nobody types in vain."""

    def run(call: Call) -> Answer:
        request_id, _ = pressed(call)
        shown.check(call.session, request_id, verb, call.person, call.now)
        found = _seen(call, request_id)
        return Open(make(call, found, {"uid": found.uid, "version": found.version, "request": found.id}))

    return run


def _receivers(call: Call, owner: Somebody | Person | None) -> list[StaffFacts]:
    """Staff it can go to: everybody but whoever has it."""
    everyone = staffing.everyone(call.session, profile=call.profile, now=call.now)
    return [each for each in everyone if owner is None or each.id != owner.id]


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
        found = _seen(call, which["request_id"])
        receivers = _receivers(call, found.owner)
        away = next((each for each in receivers if each.id == to and each.away_until is not None), None)
        if away is not None:
            view = steps.hand_over_form(found.label, dict(call.meta), receivers, away=away, why=why)
            return Update(view, saved=False)
    service.hand_over(call.session, to=to, why=why, **which)
    return Done(everything=True)


def _sends(verb: Callable[..., Moved], name: str) -> Callable[[Call], Answer]:

    def run(call: Call) -> Answer:
        verb(call.session, **{name: call.form.one(name)}, **meant(call))
        return Done(everything=True)

    return run


def triage(call: Call) -> Answer:
    level, topics = call.form.one("level"), call.form.many("topics")
    service.triage(call.session, level=level, topics=topics, **meant(call))
    return Done(everything=True)


def merge(call: Call) -> Answer:
    service.merge(call.session, into=rules.parse_number(call.form.one("into")), **meant(call))
    return Done(everything=True)


def close_reason(call: Call) -> Answer:
    """The reason decides what else the form asks."""
    return Update(_close_view(call, call.value))


def _close_view(call: Call, reason: str) -> View:
    found, meta = _seen(call, request_of(call)), dict(call.meta)
    return steps.close_form(found.label, meta, found.requester, call.profile, reason=reason)


def close(call: Call) -> Answer:
    """Closed; or the form once more, when it was sent before the reason's own fields stood in it."""
    reason, words, referral = (call.form.one(name) for name in ("reason", "words", "referral"))
    known = call.profile.close_reason(reason)
    if known is not None and known.needs_referral and "referral" not in call.form.values:
        return Update(_close_view(call, known.id), saved=False)
    service.close(call.session, reason=reason, words=words, referral=referral, **meant(call))
    return Done(everything=True)


def answer(call: Call) -> Answer:
    which, text = {"request_id": request_of(call), **_who(call)}, call.form.one("text")
    made = service.answer(call.session, text=text, profile=call.profile, **which)
    return Update(steps.added_view(made.label, text, answered=made.answered))


def answer_again(call: Call) -> Answer:
    """The same delivery once more: what was written is shown again."""
    ident, text = request_of(call), call.form.one("text")
    answered = service.has_answered(call.session, ident, text)
    return Update(steps.added_view(rules.label(ident), text, answered=answered))


def reopen(call: Call) -> Answer:
    """Whatever happened since the form was opened: who wants it open again wants it all the same."""
    which = meant(call)
    which["version"] = which["version"] if call.person.is_staff else None
    service.reopen(call.session, why=call.form.one("why"), **which)
    return Done(everything=True)


# Who else is on it


def colleagues_of(call: Call) -> Answer:
    return Open(_colleagues_view(call, pressed(call)[0]))


def add_colleague(call: Call) -> Answer:
    ident, user = request_of(call), call.form.one("colleague")
    made, name = colleagues.add(call.session, request_id=ident, user=user, **_who(call))
    return Update(_colleagues_view(call, ident, f"{name} was added to {made.label} and gets a message now."))


def colleague_again(call: Call) -> Answer:
    """The same delivery once more: they are added already."""
    return Update(_colleagues_view(call, request_of(call)))


def remove_colleague(call: Call) -> Answer:
    """Somebody else, in the form; or oneself, wherever the button stands."""
    whom = number([*call.value.split(":"), "0", "0"][2] or 0)
    ident, _ = pressed(call)
    made = colleagues.remove(call.session, request_id=ident, colleague_id=whom, **_who(call))
    if whom != call.person.id:
        return Update(_colleagues_view(call, made.id))
    if call.in_modal:
        return Update(requester_screens.left_view(made.label))
    return Say(say(requester_screens.left_words(made.label)))


def _colleagues_view(call: Call, request_id: int, note: str = "") -> View:
    agency, may_grow = colleagues.sharing(call.session, request_id=request_id, person=call.person)
    found = _seen(call, request_id)
    return requester_screens.colleagues_form(found, agency, may_grow=may_grow, note=note)


# A lead moves all that somebody has


def open_move(call: Call) -> Answer:
    owner = people.person_of(call.session, call.number)
    many = len(owned(call.session, owner.id, rules.OPEN))
    view = moving.move_form(owner.name, many, owner.id, _receivers(call, owner)[:100])
    return Push(view) if call.in_modal else Open(view)


def move(call: Call) -> Answer:
    to = people.person_of(call.session, people.staff_member(call.session, call.form.one("to")))
    owner = people.person_of(call.session, number(call.meta.get("owner")))
    which = {"owner": owner, "to": to, "by": call.person}
    gone, kept = upkeep.move_all(call.session, **which, key=call.form_key, now=call.now)
    return Update(moving.moved_view(owner.name, to.name, gone, kept))


def _opens(ident: str, verb: str, make: Make, who: Who = "staff") -> Entrance:
    return Entrance("action", ident, _asks(verb, make), who)


def _opens_form(ident: str, verb: str, make: Callable[..., View]) -> Entrance:
    """A button whose form needs nothing but the request's number and who will read what is typed."""
    return _opens(ident, verb, lambda _call, found, meta: make(found.label, meta, found.requester))


def _presses(ident: str, verb: Callable[..., Moved], who: Who = "staff", *, holds: bool = False) -> Entrance:
    return Entrance("action", ident, _moves(verb, holds=holds), who, "write")


def _sent(ident: str, run: Callable[[Call], Answer], who: Who = "staff", **more: Any) -> Entrance:
    return Entrance("view", ident, run, who, "write", **more)


ENTRANCES = (
    *routing.entrances(candidates),
    *lists.ENTRANCES,
    Entrance("action", OPEN_MOVE_ALL, open_move, "lead"),
    Entrance("view", moving.MOVE, move, "lead", "write"),
    *dose.ENTRANCES,
    _presses(staff_screens.TAKE, service.take),
    _presses(staff_screens.GIVE_BACK, service.give_back),
    _presses(staff_screens.UNDO, service.undo),
    _presses(staff_screens.PARTNER_ANSWERED, service.partner_answered),
    _presses(staff_screens.REPLIED, service.first_reply),
    _presses(requester_screens.WITHDRAW, service.withdraw, "anyone", holds=True),
    Entrance("action", requester_screens.SOLVED, solved, effect="write"),
    Entrance("action", staff_screens.MENU, menu),
    Entrance("action", steps.CLOSE_REASON, close_reason, "staff"),
    Entrance("action", staff_screens.COLLEAGUES, colleagues_of),
    Entrance("action", staff_screens.REMOVE_COLLEAGUE, remove_colleague, effect="write"),
    _opens_form(staff_screens.OPEN_ASK, "ask", steps.question_form),
    _opens_form(staff_screens.OPEN_WAIT, "wait_partner", steps.wait_form),
    _opens_form(staff_screens.OPEN_MERGE, "merge", steps.merge_form),
    _opens(
        staff_screens.OPEN_DONE,
        "done",
        lambda call, of, meta: steps.done_form(of.label, meta, of.requester, dose.done_fields(call, of)),
    ),
    _opens(
        staff_screens.OPEN_HAND_OVER,
        "hand_over",
        lambda call, of, meta: steps.hand_over_form(of.label, meta, _receivers(call, of.owner)),
    ),
    _opens(
        staff_screens.OPEN_TRIAGE,
        "triage",
        lambda call, of, meta: steps.triage_form(of.label, meta, of.topics, of.level, call.profile),
    ),
    _opens(
        staff_screens.OPEN_CLOSE,
        "close",
        lambda call, of, meta: steps.close_form(of.label, meta, of.requester, call.profile),
    ),
    _opens(staff_screens.REOPEN, "reopen", _reopen_form, "anyone"),
    _opens(requester_screens.OPEN_ANSWER, "add_words", _answer_form, "anyone"),
    _sent(steps.REMOVE_DETAILS, _sure(service.remove_details, partial(steps.removed, "You")), "anyone"),
    _sent(steps.CONFIDE, _sure(service.confide, steps.confided), "anyone"),
    _sent(requester_screens.ADD_COLLEAGUE, add_colleague, "anyone", again=colleague_again),
    _sent(steps.HAND_OVER, hand_over, free_text=("why",)),
    _sent(steps.ASK, _sends(service.ask_requester, "question"), free_text=("question",)),
    _sent(steps.TRIAGE, triage),
    _sent(steps.WAIT, _sends(service.wait_partner, "why"), free_text=("why",)),
    _sent(steps.MERGE, merge, other_text=("into",)),
    _sent(steps.DONE, dose.finish, free_text=("given",), public_text=("referral",)),
    _sent(steps.CLOSE, close, free_text=("words",), public_text=("referral",)),
    _sent(steps.ANSWER, answer, "anyone", again=answer_again, free_text=("text",), can_call=True),
    _sent(steps.REOPEN_CALLBACK, reopen, "anyone", free_text=("why",), can_call=True),
)
