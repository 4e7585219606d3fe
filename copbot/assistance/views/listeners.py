"""What is looked at: lists of requests, one request's page, the workload, and help."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from copbot.assistance import rules
from copbot.assistance.views import facts as shown
from copbot.assistance.views import list_screens, lists, requester_screens, staff_screens
from copbot.assistance.views.rules import ANY, OPEN, PAGE, Filters, nearly, understand
from copbot.assistance.workflow import service
from copbot.people import service as people
from copbot.resources.search.screens import area_options as areas_like
from copbot.signs import plain_signs
from copbot.slack.answers import Answer, Block, Open, Options, Say, Update, View
from copbot.slack.blocks import MESSAGE_BLOCKS, message, option
from copbot.slack.entrances import Call, Entrance, any_words, command, number
from copbot.slack.help import help_message
from copbot.slack.text import escape


def pressed(call: Call) -> tuple[int, int]:
    """The request and the version of it that the button stands for."""
    uid, version, *_ = (*call.value.split(":"), "")
    return service.id_of(call.session, uid), number(version or 0)


def request_of(call: Call) -> int:
    """The request that the form is about."""
    return service.id_of(call.session, str(call.meta.get("uid") or ""))


def list_requests(call: Call) -> Answer:
    """The overview; for staff, after a filter or words, the list itself. With other words somebody asks for help."""
    is_plain = call.text.lower() in _ALL
    if not call.person.is_staff and not is_plain and call.text.lower() not in _OWN:
        bare = next(row for row in call.entrances if (row.kind, row.id) == ("command", "ta"))
        return bare.run(replace(call, text=f"list {call.text}"))
    if call.person.is_staff and not is_plain:
        return Open(_listed(call, understand(call.text, call.profile)), words=call.text)
    return Say(message("Requests", _overview(call)))


def _overview(call: Call) -> list[Block]:
    """Home's lists, as a message holds them."""
    is_staff, word = call.person.is_staff, call.profile.commands.ta
    own = lists.own(call.session, call.person, call.now, most=lists.SHOWN if is_staff else PAGE)
    empty = "" if is_staff else f"No requests yet. Type {escape(word)} to ask for help."
    blocks = list_screens.own_requests(own, call.profile, call.now, reader=call.person.id, empty=empty)
    if is_staff:
        found = lists.queue(call.session, call.person, call.now)
        blocks = [*list_screens.queue(found, call.profile, reader=call.person.id), *blocks]
    return blocks if len(blocks) <= MESSAGE_BLOCKS else [each for each in blocks if each["type"] != "divider"]


def workload(call: Call) -> Answer:
    """A lead opens the requests behind one of the numbers."""
    return Open(_listed(call, Filters(whose=str(call.number))))


def see_all(call: Call) -> Answer:
    """The button's value is what one would type; older releases put a number behind it."""
    return call.show(_listed(call, understand(call.value.partition(":")[0], call.profile)))


def redraw(call: Call) -> Answer:
    """Sent, or one of its filters chosen: the list from its beginning."""
    return Update(_listed(call, _chosen(call)), saved=False)


def turn(call: Call) -> Answer:
    return Update(_listed(call, _chosen(call), call.number), saved=False)


def same_list(call: Call) -> View | None:
    """The list somebody acted in, as it is now; None when it was none."""
    if not call.in_modal or "start" not in call.meta:
        return None
    return _listed(call, _chosen(call), number(call.meta["start"] or 0))


def _chosen(call: Call) -> Filters:
    topic, area, whose = (call.form.one(name) for name in ("topic", "area", "whose"))
    return Filters(
        call.form.one("state") or OPEN,
        str(call.meta.get("whose") or whose).replace(ANY, ""),
        topic if call.profile.topic(topic) else "",
        area if call.profile.area(area) else "",
        call.form.one("words").strip()[: list_screens.LONGEST_SEARCH],
    )


def _listed(call: Call, filters: Filters, start: int = 0) -> View:
    found = lists.search(call.session, filters, call.person, profile=call.profile, now=call.now, start=start)
    return list_screens.list_view(
        filters,
        found,
        call.profile,
        call.now,
        **_sides(call),
        owner=people.person_of(call.session, int(filters.whose)).name if filters.whose.isdecimal() else "",
        meant=nearly(filters.words, call.profile) if filters.words and not found.lines else "",
    )


def area_options(call: Call) -> Answer:
    anywhere = () if call.text else (option("Any area", ANY),)
    return Options((*anywhere, *areas_like(call.text, call.profile))[:100])


def status(call: Call) -> Answer:
    if not call.text:
        return list_requests(call)
    found = shown.one(call.session, rules.parse_number(call.text), call.person, call.now)
    return Say(message(found.label, requester_screens.page(found, call.profile, call.now, **_sides(call))))


def details(call: Call) -> Answer:
    return Open(page(call, pressed(call)[0]))


def page(call: Call, request_id: int) -> View:
    found = shown.one(call.session, request_id, call.person, call.now)
    return requester_screens.page_view(found, call.profile, call.now, **_sides(call))


def _sides(call: Call) -> dict[str, Any]:
    return {"staff": call.person.is_staff, "reader": call.person.id}


def give_help(call: Call) -> Answer:
    return Say(help_message(call.entrances, "ta", person=call.person, profile=call.profile))


_ALL = ("", "all", "requests")
_OWN = ("mine", "open", "my requests")
"""What people add to “list” and mean their whole list by; to staff the latter are filters."""


def _is_number(words: str) -> bool:
    """Whether a number is meant, also one that no request can have."""
    return not words or rules.NUMBER.fullmatch(plain_signs(words)) is not None


ENTRANCES = (
    command(
        "ta list",
        list_requests,
        "see your requests",
        staff_help="see open requests; add late, unassigned, mine, waiting, done, a topic, an area or words",
        takes=any_words,
    ),
    command(
        "ta status",
        status,
        "see one request",
        takes=_is_number,
        bare=lambda text: rules.parse_number(text) is not None,
        words="TA-1042",
    ),
    command("ta help", give_help, "see this list"),
    Entrance("action", staff_screens.DETAILS, details),
    Entrance("action", requester_screens.MORE, see_all),
    Entrance("action", list_screens.LIST, redraw),
    Entrance("view", list_screens.LIST, redraw, other_text=("words",)),  # kept nowhere
    Entrance("options", list_screens.LIST, area_options),
    Entrance("action", list_screens.PAGE_TO, turn),
    Entrance("action", list_screens.LOAD, workload, "lead"),
)
