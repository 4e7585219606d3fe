"""What is looked at: lists of requests, one request's page, the workload, and help."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from copbot.assistance import rules
from copbot.assistance.views import facts as shown
from copbot.assistance.views import home_screens, requester_screens, staff_screens
from copbot.assistance.views.facts import RequestSummary
from copbot.assistance.views.home_screens import TITLES
from copbot.assistance.workflow import service
from copbot.errors import NotFound
from copbot.people import service as people
from copbot.slack.answers import Answer, Block, Open, Say, View
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
    return Open(page(call, pressed(call)[0]))


def page(call: Call, request_id: int) -> View:
    found = shown.one(call.session, request_id, call.person, call.now)
    return requester_screens.page_view(found, call.profile, call.now, **_sides(call))


def _sides(call: Call) -> dict[str, Any]:
    return {"staff": call.person.is_staff, "reader": call.person.id}


def give_help(call: Call) -> Answer:
    return Say(help_message(call.entrances, "ta", person=call.person, profile=call.profile))


_ALL = ("", "all", "mine", "open", "my requests", "requests")
"""What people add to “list” and mean the list by."""


def _is_number(words: str) -> bool:
    """Whether a number is meant, also one that no request can have."""
    return (
        not words
        or re.fullmatch(r"#?\s*(ta)?[\s#\-\u2010-\u2015]*[0-9]+\s*\.?", words, re.IGNORECASE) is not None
    )


ENTRANCES = (
    Entrance(
        kind="command",
        id="ta list",
        run=list_requests,
        help="see your requests",
        staff_help="see what is late, unassigned, and assigned to you",
        example="/ta list",
        takes=lambda rest: rest.lower() in _ALL,
    ),
    Entrance(
        kind="command",
        id="ta status",
        run=status,
        help="see one request",
        example="/ta status TA-1042",
        takes=_is_number,
        bare=lambda text: rules.parse_number(text) is not None,
    ),
    Entrance(kind="command", id="ta help", run=give_help, help="see this list", example="/ta help"),
    Entrance(kind="action", id=staff_screens.DETAILS, run=details),
    Entrance(kind="action", id=requester_screens.MORE, run=more_requests),
    Entrance(kind="action", id=home_screens.LOAD, run=workload, who="lead"),
)
