"""The short form, and the views that take its place: receipt, addition, care lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from copbot.assistance.texts import LONGEST_LINE, MOST_TOPICS, SOURCES, Submission
from copbot.assistance.views.requester_screens import OPEN_ANSWER, START, care_lines, closed_words
from copbot.assistance.views.staff_screens import DETAILS, FOR_THEM, elsewhere, pressed
from copbot.contacts.screens import NO_CLIENTS
from copbot.people import fields
from copbot.people.fields import NONE
from copbot.program.deadlines import closed_until, first_reply_due
from copbot.program.profile import UNSURE, Choices, Profile
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, View
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


def ask_form(
    profile: Profile,
    filled: Filled,
    now: datetime,
    tz: str,
    *,
    note: str = "",
    has_leads: bool = False,
    since: str = "",
    staff: bool = False,
) -> View:
    """The form with what is known filled in: what matters above it in two lines, the rest at its foot.

    `has_leads`: without a lead nobody could read what is confidential, so it is not offered. `since`: the day on which
    what is filled in was chosen, in a form that was not sent. `staff` may enter it for somebody else.
    """
    blocks: list[Block] = [kit.words(note)] if note else []
    blocks += [kit.actions(care_button(profile))] if profile.words.seeks_care else []
    if since:
        cleared = "What you chose and typed in this form is cleared."
        sure = kit.confirm("Start over?", cleared, "Start over", "Keep it")
        over = kit.button("Start over", START_OVER, confirm=sure)
        blocks.append(kit.words(f"Continue where you left off on {since}.", accessory=over))
    kinds = [kit.option(kind.label, kind.id) for kind in profile.kinds]
    need = kit.text_input("need", first=filled.need, long=True, most=LONGEST)
    hint = "A sentence or two is enough. No names, phone numbers, birth dates or record numbers."
    blocks += [
        kit.context(_first_line(profile)),
        _grouped("topics", "What is it about?", profile.topic_choices, filled.topics, MOST_TOPICS),
        kit.field("kind", "What kind of help?", kit.select("kind", options=kinds, chosen=[filled.kind])),
        kit.field("need", "What do you need?", need, hint=hint),
        *_agency(profile, filled),
        _grouped("areas", "For which area?", profile.area_choices, filled.areas, MOST_AREAS),
        *_by_when(profile, filled, now, tz),
    ]
    if has_leads:
        choice = kit.option(
            "Only leads read it", "yes", "Staff see only that there is a request, and its region"
        )
        box = _boxed(f"{CHOICE}:confidential", choice, filled.confidential)
        blocks.append(kit.field("confidential", "Is it confidential?", box, optional=True, dispatch=True))
    blocks += _on_behalf(filled) if staff else []
    blocks += [kit.divider(), kit.context(escape(profile.notices.client_data)), _care_line(profile)]
    return kit.form(CALLBACK, "Ask for help", blocks, submit="Send")


def cleared_view() -> View:
    """Slack keeps what stands in a form's fields when they are drawn anew: an empty form begins from another view."""
    blocks = [
        kit.section("Your earlier choices are deleted."),
        kit.actions([kit.button("Ask for help", START)]),
    ]
    return kit.notice("Ask for help", blocks)


def care_button(profile: Profile) -> list[dict[str, Any]]:
    """For somebody who needs care themselves: no field stands between them and the lines to call."""
    seeks = profile.words.seeks_care
    return [kit.button(seeks, CARE_LINES)] if seeks else []


def receipt_view(
    saved: Submission, profile: Profile, tz: str, *, behalf: str = "", areas: Sequence[str] = ()
) -> View:
    """What stands in the form's place once the request is saved. `behalf`: whom it was entered for."""
    number, contact, more = saved.label, profile.contact, pressed(saved.uid, 1)
    first = f"*{number} is saved.*"
    first = f"*{number} was already saved. Nothing was sent twice.*" if saved.already else first
    due = day_and_time(saved.first_reply_due, tz)
    said = f"The first reply is due {due}." if behalf else f"We'll reply here by {due}."
    if saved.held:
        said = (
            "Staff aren't set up here yet. Your request is safe, and administrators have been told. "
            f"If it can't wait, call {escape(contact.phone)} or write to {escape(contact.email)}."
        )
    if behalf:
        said = f"{unformatted(behalf)} gets the receipt and every message about it. {said}"
    blocks = [kit.section(first), kit.section(said)]
    blocks += elsewhere(areas, profile, FOR_THEM) if not behalf else []
    if saved.closed_until is not None and not saved.held:
        blocks.append(kit.section(closed_words(saved.closed_until, tz, profile)))
    see = kit.button("Details", DETAILS, more) if behalf else kit.button("Add details", OPEN_ANSWER, more)
    when = kit.context(f"To see it any time, type `{profile.commands.ta} status {number}`.")
    return kit.notice("Thank you", [*blocks, kit.actions([see]), when, _care_line(profile)])


def addition_view(saved: Submission, more: str) -> View:
    """The same form came again with other words: the first are saved, the new ones can be added."""
    number, box = saved.label, kit.text_input("more", first=more, long=True, most=LONGEST)
    first = kit.section(f"*{number} is already saved.* You changed the text after that.")
    blocks, meta = [first, kit.field("more", f"Add this to {number}?", box)], {"request": saved.id}
    return kit.form(ADD_CALLBACK, f"Add to {number}", blocks, submit="Add", close="No, thank you", meta=meta)


def details_form(facts: RequestFacts, meta: dict[str, Any], profile: Profile) -> View:
    """What may be added, filled in with what stands; only what applies to this request."""
    text, ways = kit.text_input("text", long=True), "In person or online, language, captions, ramps"
    blocks = [
        kit.field("text", "What would you like to add?", text, hint=NO_CLIENTS, optional=True),
        _line("access_needs", "Format and access", facts.access_needs, ways),
    ]
    if facts.kind in FOR_A_GROUP:
        blocks.append(_line("audience", "Who is it for, and about how many people?", facts.audience))
    blocks.append(_line("outcome", "What would be different afterwards?", facts.outcome))
    if not facts.confidential:
        choice = kit.option("You may share the answer, without names", "yes")
        box = _boxed("may_share", choice, facts.may_share)
        blocks.append(kit.field("may_share", "For other agencies", box, optional=True))
    blocks.append(kit.context(escape(profile.notices.client_data)))
    return kit.form(DETAILS_CALLBACK, f"About {facts.label}", blocks, submit="Send", meta=meta)


def _line(name: str, label: str, first: str, hint: str = "") -> Block:
    return kit.field(
        name, label, kit.text_input(name, first=first, most=LONGEST_LINE), hint=hint, optional=True
    )


def _boxed(name: str, choice: kit.Option, chosen: bool) -> dict[str, Any]:
    box: dict[str, Any] = {"type": "checkboxes", "action_id": name, "options": [choice]}
    return {**box, "initial_options": [choice]} if chosen else box


def care_view(profile: Profile) -> View:
    """For somebody who needs care: lines to call. Nothing of the form is stored."""
    first = kit.section("*You deserve help now.* These lines are free to call. Nothing is saved here.")
    phone, email = escape(profile.contact.phone), escape(profile.contact.email)
    reach = kit.context(f"You can also reach {escape(profile.name)}: {phone}, {email}")
    return kit.notice("Care for you", [first, *care_lines(profile), reach])


def _first_line(profile: Profile) -> str:
    """The first sentence of both notices, or what the profile has for here."""
    notices = profile.notices
    pairs = (
        (notices.client_data_short, notices.client_data),
        (notices.not_an_emergency_short, notices.not_an_emergency),
    )
    return "\n".join(escape(short or long.partition(". ")[0].rstrip(".") + ".") for short, long in pairs)


def _care_line(profile: Profile) -> Block:
    said = profile.notices.not_an_emergency
    others = [line for line in profile.hotlines if line.number not in said][:3]
    numbers = " · ".join(f"{line.name}: {line.number}" for line in others)
    return kit.context(escape(f"{said} {numbers}".strip()))


def _grouped(name: str, label: str, choices: Choices, chosen: Sequence[str], most: int) -> Block:
    placeholder = "Choose one to three" if most == MOST_TOPICS else "Type to search"
    groups = fields.choice_groups(choices)
    chooser = kit.select(f"{CHOICE}:{name}", groups=groups, chosen=chosen, many=most, placeholder=placeholder)
    return kit.field(name, label, chooser, dispatch=True)


def _agency(profile: Profile, filled: Filled) -> list[Block]:
    has_one = filled.agency and filled.agency_label
    chosen = fields.agency_option(filled.agency_label, filled.agency) if has_one else None
    chooser = kit.search_select(AGENCY, chosen=chosen, placeholder="Type to search")
    blocks = [kit.field("agency", "Your agency", chooser, dispatch=True)]
    if fields.is_new(filled.agency):
        first = filled.agency_name or fields.name_to_add(filled.agency, filled.agency_label)
        name = kit.text_input("agency_name", first=first, most=120)
        hint = "It is new here. Please write its full name."
        blocks.append(kit.field("agency_name", "Name of your agency", name, hint=hint))
    if filled.agency == NONE:
        said = profile.words
        options = [kit.option(said.without_agency, WORKS)]
        options += [kit.option(said.seeks_care, CARE)] if said.seeks_care else []
        choices = kit.radio(NOT_AGENCY, options=options, chosen=filled.not_agency)
        blocks.append(kit.field("not_agency", "Which is true?", choices, dispatch=True))
    return blocks


def _by_when(profile: Profile, filled: Filled, now: datetime, tz: str) -> list[Block]:
    """With the real time of an answer to what is urgent, before it is sent."""
    options = [kit.option(each.label, each.id) for each in profile.by_when]
    chooser = kit.select(BY_WHEN, options=options, chosen=[filled.by_when], placeholder="Any time is fine")
    blocks = [kit.field("by_when", "By when?", chooser, optional=True, dispatch=True)]
    chosen = profile.by_when_option(filled.by_when)
    if chosen is not None and chosen.urgent:
        until, due = closed_until(profile, now), first_reply_due(profile, now, True)
        said = [closed_words(until, tz, profile)] if until else []
        said.append(f"Staff will see this by {day_and_time(due, tz)}.")
        said.append(escape(profile.notices.not_an_emergency))
        reason = kit.text_input("urgent_reason", first=filled.urgent_reason, most=300)
        blocks += [kit.section("\n".join(said)), kit.field("urgent_reason", "Why is it urgent?", reason)]
    if chosen is not None and chosen.asks_date:
        date = {"type": "datepicker", "action_id": "by_when_date"}
        date |= {"initial_date": filled.date} if filled.date else {}
        blocks.append(kit.field("by_when_date", "Which day?", date))
    return blocks


def _on_behalf(filled: Filled) -> list[Block]:
    who: dict[str, Any] = {"type": "users_select", "action_id": "behalf"}
    who |= {"initial_user": filled.behalf} if filled.behalf else {}
    options = [kit.option(label, ident) for ident, label in SOURCES.items()]
    how = kit.select("source", options=options, chosen=[filled.source], placeholder="Choose")
    hint = "For staff only. That person gets the receipt and every message. Leave this empty if they aren't in Slack."
    return [
        kit.field("behalf", "Did somebody else ask for this?", who, hint=hint, optional=True),
        kit.field("source", "How did they ask?", how, optional=True),
    ]
