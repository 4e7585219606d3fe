"""The short form, and the views that take its place: receipt, addition, care lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from copbot.program.profile import UNSURE, Choices, Profile
from copbot.slack.answers import Block, View
from copbot.slack.blocks import (
    Option,
    context,
    field,
    form,
    group,
    option,
    search_select,
    section,
    select,
    text_input,
    words,
)
from copbot.slack.text import cut, escape, when

CALLBACK = "request.ask"
ADD_CALLBACK = "request.add"
AGENCY = "request.agency"
BY_WHEN = "request.by_when"

LONGEST = 3000
"""What Slack lets somebody type; a longer need than we keep is sent back with how much is too much."""
MOST_TOPICS = 3
MOST_AREAS = 20
WORKS, CARE = "work", "care"

_ADD = "Add “"


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


NEW, NONE = "agency:new", "agency:none"
NO_AGENCY = "I am not with an agency"


def ask_form(profile: Profile, filled: Filled, *, urgent_due: datetime, note: str = "", tz: str) -> View:
    """The form with what is known filled in. `urgent_due`: when staff would see an urgent request."""
    blocks: list[Block] = [words(note)] if note else []
    blocks += [context(escape(profile.notices.client_data)), *_care_line(profile)]
    blocks += [_topics(profile, filled), _kind(profile, filled), _need(filled), *_agency(profile, filled)]
    blocks += [_areas(profile, filled), *_by_when(profile, filled, urgent_due, tz)]
    return form(CALLBACK, "Ask for help", blocks, submit="Send")


def agency_options(found: list[tuple[int, str]], words: str, *, exact: bool) -> tuple[Option, ...]:
    """Agencies by (id, name), then adding what was typed, then having none."""
    options = [option(name, f"agency:{ident}") for ident, name in found]
    if words.strip() and not exact:
        options.append(option(f"{_ADD}{cut(words.strip(), 60)}”", NEW))
    return (*options, option(NO_AGENCY, NONE))


def name_to_add(label: str) -> str:
    """What was typed, from the words of the option that offers to add it."""
    return label.removeprefix(_ADD).removesuffix("”") if label.startswith(_ADD) else ""


def receipt_view(number: str, *, due: datetime, tz: str, held: bool, already: bool, profile: Profile) -> View:
    """What stands in the form's place once the request is saved."""
    first = (
        f"*{number} is saved.*" if not already else f"*{number} was saved already; nothing was sent twice.*"
    )
    blocks = [section(first), section(_what_next(number, due, tz, held, profile))]
    blocks += [context(f"See it any time: `{profile.commands.ta} status {number}`"), *_care_line(profile)]
    return form("notice", "Thank you", blocks, close="Close")


def addition_view(number: str, ident: int, more: str) -> View:
    """The same form came again with other words: what is saved stands, the new words can be added."""
    blocks: list[Block] = [
        section(f"*{number} is saved with what you wrote first.* You have changed the words since."),
        field("more", f"Add this to {number}?", text_input("more", first=more, long=True, most=LONGEST)),
    ]
    return form(
        ADD_CALLBACK, f"Add to {number}", blocks, submit="Add", close="No, thank you", meta={"request": ident}
    )


def care_view(profile: Profile) -> View:
    """For somebody who needs care: lines to call. Nothing of the form was stored."""
    blocks: list[Block] = [
        section(
            "*You deserve help now.* These lines are free to call. "
            "Nothing that you typed in the form was saved."
        )
    ]
    for line in profile.hotlines:
        number, name, what = escape(line.number), escape(line.name), escape(line.text)
        blocks.append(section(f"*{name}*: {number}\n{what}"))
    contact = profile.contact
    blocks.append(
        context(
            f"You can also reach {escape(profile.name)}: {escape(contact.phone)}, {escape(contact.email)}"
        )
    )
    return form("notice", "Care for you", blocks, close="Close")


def _what_next(number: str, due: datetime, tz: str, held: bool, profile: Profile) -> str:
    if held:
        contact = profile.contact
        return (
            f"Staff are not set up here yet, so {number} waits safely and the administrators have been told. "
            f"If it cannot wait: {escape(contact.phone)} or {escape(contact.email)}."
        )
    return f"What happens next: we read it, and one of us answers you by {when(due, tz)}, in a direct message here."


def _care_line(profile: Profile) -> list[Block]:
    words = profile.notices.not_an_emergency
    others = [line for line in profile.hotlines if line.number not in words][:3]
    numbers = " · ".join(f"{line.name}: {line.number}" for line in others)
    return [context(escape(f"{words} {numbers}".strip()))]


@lru_cache(maxsize=8)
def _groups(choices: Choices) -> tuple[Block, ...]:
    """Option groups. They are most of the form and the same in every form, so each profile's are built once."""
    return tuple(group(heading, [option(text, ident) for text, ident in each]) for heading, each in choices)


def _topics(profile: Profile, filled: Filled) -> Block:
    groups = _groups(profile.topic_choices)
    chooser = select(
        "topics", groups=groups, chosen=filled.topics, many=MOST_TOPICS, placeholder="Choose one to three"
    )
    return field("topics", "What is it about?", chooser)


def _kind(profile: Profile, filled: Filled) -> Block:
    options = [option(kind.label, kind.id) for kind in profile.kinds]
    return field("kind", "What kind of help?", select("kind", options=options, chosen=[filled.kind]))


def _need(filled: Filled) -> Block:
    box = text_input("need", first=filled.need, long=True, most=LONGEST)
    return field(
        "need", "What do you need?", box, hint="A sentence or two is enough. Please name no clients."
    )


def _agency(profile: Profile, filled: Filled) -> list[Block]:
    chosen = option(filled.agency_label, filled.agency) if filled.agency and filled.agency_label else None
    chooser = search_select(AGENCY, chosen=chosen, placeholder="Type to search")
    blocks = [field("agency", "Your agency", chooser, dispatch=True)]
    if filled.agency == NEW:
        first = filled.agency_name or name_to_add(filled.agency_label)
        name = text_input("agency_name", first=first, most=120)
        blocks.append(
            field("agency_name", "Name of your agency", name, hint="It is new here: is this its full name?")
        )
    if filled.agency == NONE:
        words = profile.words
        options = [option(words.without_agency, WORKS)]
        if words.seeks_care:
            options.append(option(words.seeks_care, CARE))
        blocks.append(
            field(
                "not_agency",
                "Which is true?",
                select("not_agency", options=options, chosen=[filled.not_agency]),
            )
        )
    return blocks


def _areas(profile: Profile, filled: Filled) -> Block:
    groups = _groups(profile.area_choices)
    chooser = select(
        "areas", groups=groups, chosen=filled.areas, many=MOST_AREAS, placeholder="Type to search"
    )
    return field("areas", "For which area?", chooser)


def _by_when(profile: Profile, filled: Filled, urgent_due: datetime, tz: str) -> list[Block]:
    options = [option(each.label, each.id) for each in profile.by_when]
    chooser = select(BY_WHEN, options=options, chosen=[filled.by_when], placeholder="Any time is fine")
    blocks = [field("by_when", "By when?", chooser, optional=True, dispatch=True)]
    chosen = profile.by_when_option(filled.by_when)
    if chosen is not None and chosen.urgent:
        blocks.append(
            section(
                f"Staff will see this by {when(urgent_due, tz)}. {escape(profile.notices.not_an_emergency)}"
            )
        )
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
