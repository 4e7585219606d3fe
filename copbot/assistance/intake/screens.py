"""The short form, and the views that take its place: receipt, addition, care lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from copbot.assistance.lines import FOR_THEM, care_lines, closed_words, elsewhere
from copbot.assistance.texts import LONGEST_LINE, SOURCES
from copbot.assistance.views.requester_screens import OPEN_ANSWER, START
from copbot.assistance.views.staff_screens import DETAILS
from copbot.people import fields
from copbot.people.fields import NONE
from copbot.program.profile import UNSURE, Choices, Profile
from copbot.slack.answers import Block, View
from copbot.slack.blocks import (
    Option,
    actions,
    button,
    confirm,
    context,
    divider,
    field,
    form,
    group,
    option,
    radio,
    search_select,
    section,
    select,
    text_input,
    words,
)
from copbot.slack.text import day_and_time, escape, unformatted

if TYPE_CHECKING:
    from copbot.assistance.views.facts import RequestFacts

CALLBACK = "request.ask"
ADD_CALLBACK = "request.add"
DETAILS_CALLBACK = "request.add_details"
FOR_A_GROUP = ("training", "coaching")
"""Kinds of help that are planned for so many people."""
AGENCY = "request.agency"
NOT_AGENCY = "request.not_agency"
BY_WHEN = "request.by_when"
CARE_LINES = "request.care"
CHOICE, START_OVER = "request.choice", "request.start_over"

LONGEST = 3000
"""What Slack lets somebody type; a longer need than we keep is sent back with how much is too much."""
MOST_TOPICS = 3
MOST_AREAS = 20
WORKS, CARE = "work", "care"
OTHERS_MESSAGE = (
    "Someone else wrote that message, so only a link to it is filled in. Please add what you need."
)


@dataclass(frozen=True)
class Filled:
    """What stands in the form: `agency` is an option's value (`agency:7`, `agency:new`, `agency:none`)."""

    topics: tuple[str, ...] = ()
    kind: str = UNSURE
    need: str = ""
    agency: str = ""
    agency_label: str = ""
    agency_name: str = ""
    not_agency: str = ""
    areas: tuple[str, ...] = ()
    by_when: str = ""
    urgent_reason: str = ""
    date: str = ""
    confidential: bool = False
    behalf: str = ""
    source: str = ""


@dataclass(frozen=True)
class UrgentTimes:
    """When staff answer what is urgent now; `closed_until` is None while they are there."""

    due: datetime
    closed_until: datetime | None


def ask_form(
    profile: Profile,
    filled: Filled,
    *,
    urgent: UrgentTimes,
    note: str = "",
    tz: str,
    has_leads: bool = False,
    since: str = "",
    staff: bool = False,
) -> View:
    """The form with what is known filled in: what matters above it in two lines, the rest at its foot.

    `has_leads`: without a lead nobody could read what is confidential, so it is not offered. `since`: the day on which
    what is filled in was chosen, in a form that was not sent. `staff` may enter it for somebody else.
    """
    blocks: list[Block] = [words(note)] if note else []
    blocks += [actions(care_button(profile))] if profile.words.seeks_care else []
    blocks += [_continued(since)] if since else []
    blocks.append(context(_first_line(profile)))
    blocks += [_topics(profile, filled), _kind(profile, filled), _need(filled), *_agency(profile, filled)]
    blocks += [_areas(profile, filled), *_by_when(profile, filled, urgent, tz)]
    blocks += [_confidential(filled)] if has_leads else []
    blocks += _on_behalf(filled) if staff else []
    blocks += [divider(), context(escape(profile.notices.client_data)), _care_line(profile)]
    return form(CALLBACK, "Ask for help", blocks, submit="Send")


def _continued(since: str) -> Block:
    sure = confirm(
        "Start over?", "What you chose and typed in this form is cleared.", "Start over", "Keep it"
    )
    text = f"Continue where you left off on {since}."
    return words(text, accessory=button("Start over", START_OVER, confirm=sure))


def cleared_view() -> View:
    """Slack keeps what stands in a form's fields when they are drawn anew: an empty form begins from another view."""
    blocks = [section("Your earlier choices are deleted."), actions([button("Ask for help", START)])]
    return form("notice", "Ask for help", blocks, close="Close")


def care_button(profile: Profile) -> list[dict[str, Any]]:
    """For somebody who needs care themselves: no field stands between them and the lines to call."""
    seeks = profile.words.seeks_care
    return [button(seeks, CARE_LINES)] if seeks else []


def agency_options(found: list[tuple[int, str]], typed: str, *, exact: bool) -> tuple[Option, ...]:
    """Agencies by (id, name), then adding what was typed, then having none."""
    return fields.agency_options(found, typed, exact=exact, adds=True)


def receipt_view(
    number: str,
    *,
    more: str,
    due: datetime,
    tz: str,
    held: bool,
    already: bool,
    closed_until: datetime | None,
    profile: Profile,
    behalf: str = "",
    areas: Sequence[str] = (),
) -> View:
    """What stands in the form's place once the request is saved. `closed_until`: it is urgent and nobody is in.

    `more`: the value of the button that adds details. `behalf`: whom it was entered for.
    """
    first = (
        f"*{number} is saved.*" if not already else f"*{number} was already saved. Nothing was sent twice.*"
    )
    said = _what_next(due, tz, held, profile)
    if behalf:
        said = said if held else f"The first reply is due {day_and_time(due, tz)}."
        said = f"{unformatted(behalf)} gets the receipt and every message about it. {said}"
    blocks = [section(first), section(said)]
    blocks += elsewhere(areas, profile, FOR_THEM) if not behalf else []
    if closed_until is not None and not held:
        blocks.append(section(closed_words(closed_until, tz, profile)))
    blocks.append(
        actions([button("Details", DETAILS, more) if behalf else button("Add details", OPEN_ANSWER, more)])
    )
    blocks.append(context(f"To see it any time, type `{profile.commands.ta} status {number}`."))
    blocks.append(_care_line(profile))
    return form("notice", "Thank you", blocks, close="Close")


def addition_view(number: str, ident: int, more: str) -> View:
    """The same form came again with other words: the first are saved, the new ones can be added."""
    blocks: list[Block] = [
        section(f"*{number} is already saved.* You changed the text after that."),
        field("more", f"Add this to {number}?", text_input("more", first=more, long=True, most=LONGEST)),
    ]
    return form(
        ADD_CALLBACK, f"Add to {number}", blocks, submit="Add", close="No, thank you", meta={"request": ident}
    )


def details_form(facts: RequestFacts, meta: dict[str, Any], profile: Profile) -> View:
    """What may be added, filled in with what stands; only what applies to this request."""
    hint = "No names, phone numbers, birth dates or record numbers of people you serve."
    text = text_input("text", long=True, most=LONGEST)
    access = text_input("access_needs", first=facts.access_needs, most=LONGEST_LINE)
    audience = text_input("audience", first=facts.audience, most=LONGEST_LINE)
    outcome = text_input("outcome", first=facts.outcome, most=LONGEST_LINE)
    ways = "In person or online, language, captions, ramps"
    blocks = [
        field("text", "What would you like to add?", text, hint=hint, optional=True),
        field("access_needs", "Format and access", access, hint=ways, optional=True),
    ]
    if facts.kind in FOR_A_GROUP:
        who = "Who is it for, and about how many people?"
        blocks.append(field("audience", who, audience, optional=True))
    blocks.append(field("outcome", "What would be different afterwards?", outcome, optional=True))
    if not facts.confidential:
        choice = option("You may share the answer, without names", "yes")
        box = _boxed("may_share", choice, facts.may_share)
        blocks.append(field("may_share", "For other agencies", box, optional=True))
    blocks.append(context(escape(profile.notices.client_data)))
    return form(DETAILS_CALLBACK, f"About {facts.label}", blocks, submit="Send", meta=meta)


def _boxed(name: str, choice: Option, chosen: bool) -> dict[str, Any]:
    box: dict[str, Any] = {"type": "checkboxes", "action_id": name, "options": [choice]}
    return {**box, "initial_options": [choice]} if chosen else box


def care_view(profile: Profile) -> View:
    """For somebody who needs care: lines to call. Nothing of the form is stored."""
    blocks: list[Block] = [
        section("*You deserve help now.* These lines are free to call. Nothing is saved here.")
    ]
    blocks += care_lines(profile)
    contact = profile.contact
    blocks.append(
        context(
            f"You can also reach {escape(profile.name)}: {escape(contact.phone)}, {escape(contact.email)}"
        )
    )
    return form("notice", "Care for you", blocks, close="Close")


def _what_next(due: datetime, tz: str, held: bool, profile: Profile) -> str:
    if not held:
        return f"We'll reply here by {day_and_time(due, tz)}."
    contact = profile.contact
    return (
        "Staff aren't set up here yet. Your request is safe, and administrators have been told. "
        f"If it can't wait, call {escape(contact.phone)} or write to {escape(contact.email)}."
    )


def _first_line(profile: Profile) -> str:
    notices = profile.notices
    return "\n".join(
        escape(short or _first_sentence(long))
        for short, long in (
            (notices.client_data_short, notices.client_data),
            (notices.not_an_emergency_short, notices.not_an_emergency),
        )
    )


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].rstrip(".") + "."


def _care_line(profile: Profile) -> Block:
    said = profile.notices.not_an_emergency
    others = [line for line in profile.hotlines if line.number not in said][:3]
    numbers = " · ".join(f"{line.name}: {line.number}" for line in others)
    return context(escape(f"{said} {numbers}".strip()))


@lru_cache(maxsize=8)
def _groups(choices: Choices) -> tuple[Block, ...]:
    """Option groups. They are most of the form and the same in every form, so each profile's are built once."""
    return tuple(group(heading, [option(text, ident) for text, ident in each]) for heading, each in choices)


def _topics(profile: Profile, filled: Filled) -> Block:
    groups = _groups(profile.topic_choices)
    chooser = select(
        f"{CHOICE}:topics",
        groups=groups,
        chosen=filled.topics,
        many=MOST_TOPICS,
        placeholder="Choose one to three",
    )
    return field("topics", "What is it about?", chooser, dispatch=True)


def _kind(profile: Profile, filled: Filled) -> Block:
    options = [option(kind.label, kind.id) for kind in profile.kinds]
    return field("kind", "What kind of help?", select("kind", options=options, chosen=[filled.kind]))


def _need(filled: Filled) -> Block:
    box = text_input("need", first=filled.need, long=True, most=LONGEST)
    hint = "A sentence or two is enough. No names, phone numbers, birth dates or record numbers."
    return field("need", "What do you need?", box, hint=hint)


def _agency(profile: Profile, filled: Filled) -> list[Block]:
    has_one = filled.agency and filled.agency_label
    chosen = fields.agency_option(filled.agency_label, filled.agency) if has_one else None
    chooser = search_select(AGENCY, chosen=chosen, placeholder="Type to search")
    blocks = [field("agency", "Your agency", chooser, dispatch=True)]
    if fields.is_new(filled.agency):
        first = filled.agency_name or fields.name_to_add(filled.agency, filled.agency_label)
        name = text_input("agency_name", first=first, most=120)
        hint = "It is new here. Please write its full name."
        blocks.append(field("agency_name", "Name of your agency", name, hint=hint))
    if filled.agency == NONE:
        said = profile.words
        options = [option(said.without_agency, WORKS)]
        if said.seeks_care:
            options.append(option(said.seeks_care, CARE))
        choices = radio(NOT_AGENCY, options=options, chosen=filled.not_agency)
        blocks.append(field("not_agency", "Which is true?", choices, dispatch=True))
    return blocks


def _areas(profile: Profile, filled: Filled) -> Block:
    groups = _groups(profile.area_choices)
    chooser = select(
        f"{CHOICE}:areas", groups=groups, chosen=filled.areas, many=MOST_AREAS, placeholder="Type to search"
    )
    return field("areas", "For which area?", chooser, dispatch=True)


def _by_when(profile: Profile, filled: Filled, urgent: UrgentTimes, tz: str) -> list[Block]:
    options = [option(each.label, each.id) for each in profile.by_when]
    chooser = select(BY_WHEN, options=options, chosen=[filled.by_when], placeholder="Any time is fine")
    blocks = [field("by_when", "By when?", chooser, optional=True, dispatch=True)]
    chosen = profile.by_when_option(filled.by_when)
    if chosen is not None and chosen.urgent:
        blocks.append(section(_urgent_words(profile, urgent, tz)))
        reason = text_input("urgent_reason", first=filled.urgent_reason, most=300)
        blocks.append(field("urgent_reason", "Why is it urgent?", reason))
    if chosen is not None and chosen.asks_date:
        date = {
            "type": "datepicker",
            "action_id": "by_when_date",
            **({"initial_date": filled.date} if filled.date else {}),
        }
        blocks.append(field("by_when_date", "Which day?", date))
    return blocks


def _confidential(filled: Filled) -> Block:
    choice = option("Only leads read it", "yes", "Staff see only that there is a request, and its region")
    box = _boxed(f"{CHOICE}:confidential", choice, filled.confidential)
    return field("confidential", "Is it confidential?", box, optional=True, dispatch=True)


def _on_behalf(filled: Filled) -> list[Block]:
    """Who really asked, and how."""
    who: dict[str, Any] = {"type": "users_select", "action_id": "behalf"}
    who |= {"initial_user": filled.behalf} if filled.behalf else {}
    options = [option(label, ident) for ident, label in SOURCES.items()]
    how = select("source", options=options, chosen=[filled.source], placeholder="Choose")
    hint = "For staff only. That person gets the receipt and every message. Leave this empty if they aren't in Slack."
    return [
        field("behalf", "Did somebody else ask for this?", who, hint=hint, optional=True),
        field("source", "How did they ask?", how, optional=True),
    ]


def _urgent_words(profile: Profile, urgent: UrgentTimes, tz: str) -> str:
    """The real time, before it is sent."""
    closed = [closed_words(urgent.closed_until, tz, profile)] if urgent.closed_until else []
    sees = f"Staff will see this by {day_and_time(urgent.due, tz)}."
    return "\n".join([*closed, sees, escape(profile.notices.not_an_emergency)])
