"""Logging: minutes in one tap, the form for the rest, and the list of what is logged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from copbot.contacts.rules import (
    LEVELS,
    LONGEST_NOTE,
    MOST_TOPICS,
    QUICK,
    USUAL,
    LoggedContact,
    label_of,
    spent,
)
from copbot.people import fields
from copbot.program.profile import Profile
from copbot.program.schema.vocabulary import Choice
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, View
from copbot.slack.text import counted, escape, weekday

MINUTES, MORE, DELETE = "contact.minutes", "contact.more", "contact.delete"
OPEN, OWN, AGENCY = "contact.open", "contact.own", "contact.agency"
START = "contact.start"
SAVED, WORK = "contact.saved", "contact.work"
NO_CLIENTS = "No names, phone numbers, birth dates or record numbers of people you serve."
TEXTS = ("objectives", "note")
NUMBERS = ("minutes", "people")
FORMAL = "formal"


def quick_view(
    number: str,
    value: str,
    logged: Sequence[LoggedContact],
    profile: Profile,
    *,
    usual: tuple[str, str],
    total: tuple[int, int],
) -> View:
    """Minutes to tap for a request, and below what is logged already. `value` says which request, and since when."""
    category, format_ = map(escape, _names(usual, profile))
    taps = [
        kit.button(spent(each), f"{MINUTES}:{each}", f"{value}:{each}", style="primary") for each in QUICK
    ]
    blocks: list[Block] = [
        kit.section(f"How long today? It is logged as *{category}*, *{format_}*."),
        kit.actions([*taps, kit.button("More…", MORE, value)]),
    ]
    count, minutes = total
    if count:
        blocks += [kit.divider(), kit.section(f"*{spent(minutes)}* logged in {counted(count, 'contact')}.")]
    return kit.notice(f"Log {number}", [*blocks, *_entries(logged, profile)])


def _names(kind: tuple[str, str], profile: Profile) -> tuple[str, str]:
    return label_of(profile.contact_categories, kind[0]), label_of(profile.contact_formats, kind[1])


def _entries(logged: Sequence[LoggedContact], profile: Profile) -> list[Block]:
    return [_entry(each, profile) for each in logged]


def _entry(each: LoggedContact, profile: Profile) -> Block:
    people = counted(each.people, "person", "people") if each.people else ""
    kind = _names((each.category, each.format), profile)
    details = " · ".join(filter(None, (*kind, people, "formal session" if each.formal else "")))
    delete = delete_button(each.id, "Undo" if each.is_new else "Delete") if each.may_delete else None
    return kit.summary(
        f"*{spent(each.minutes)}* · {weekday(each.day)}", details, each.by_name, accessory=delete
    )


def request_form(
    number: str, meta: dict[str, object], profile: Profile, *, usual: tuple[str, str], level: str, today: date
) -> View:
    kinds = _choices(profile.contact_categories)
    blocks = [
        *_when(today),
        kit.field("category", "What was it?", kit.select("category", options=kinds, chosen=[usual[0]])),
        *_how(profile, usual[1]),
        kit.field("level", "Level", kit.radio("level", options=level_options(), chosen=level), optional=True),
        kit.field("eligible", "Eligible?", kit.radio("eligible", options=_YES_NO), optional=True),
        *_session(),
        _note("What was done?"),
    ]
    return kit.form(SAVED, f"Log {number}", blocks, submit="Log", meta=meta)


def work_form(
    profile: Profile, today: date, *, sources: Sequence[tuple[str, str]], note: str, warning: str
) -> View:
    """For `/ta log`: what did not come as a request in Slack. `sources` are ways (id, label) in which a request came."""
    unasked, asked = (
        _choices([each for each in profile.contact_categories if each.unasked is is_so])
        for is_so in (True, False)
    )
    groups = [
        kit.group("A request that came another way", [kit.option(label, ident) for ident, label in sources]),
        kit.group("Work nobody requested", unasked),
        kit.group("Other work", asked),
    ]
    blocks: list[Block] = [
        kit.context(f"{warning} Only staff read this, and nobody is told.".strip()),
        kit.actions([kit.button("My last entries", OWN)]),
        kit.field("category", "What was it?", kit.select("category", groups=groups, placeholder="Choose")),
        _note("What was it about?", note),
        *_when(today),
        fields.topics(profile, (), label="Topics", most=MOST_TOPICS),
        fields.areas(profile, (), label="Areas"),
        kit.field("agency", "Agency", kit.search_select(AGENCY, placeholder="Type to search"), optional=True),
        *_how(profile, ""),
        *_session(),
    ]
    return kit.form(WORK, "Log work", blocks, submit="Log")


def logged_view(
    said: str, logged: Sequence[LoggedContact], profile: Profile, *buttons: dict[str, Any]
) -> View:
    """In the form's place: what is saved, buttons for it, and this person's last entries."""
    title = "*Your last entries without a request*" if logged else "No entries without a request yet."
    blocks = [
        kit.words(said),
        *([kit.actions(buttons)] if buttons else []),
        kit.divider(),
        kit.section(title),
    ]
    return kit.notice("Log work", [*blocks, *_entries(logged, profile)])


def delete_button(contact_id: int, word: str = "Undo") -> dict[str, Any]:
    return kit.button(word, f"{DELETE}:{contact_id}", str(contact_id))


def done_fields(
    needs_level: bool, needs_contact: bool, usual: tuple[str, str], profile: Profile
) -> list[Block]:
    """What Done asks beside its sentence, when nobody has said it yet. Neither is required."""
    blocks: list[Block] = []
    if needs_level:
        blocks.append(kit.field("level", "Level", kit.radio("level", options=level_options()), optional=True))
    if needs_contact:
        options = [kit.option(spent(each), str(each)) for each in USUAL]
        chooser = kit.select("minutes", options=options, placeholder="Choose")
        hint = f"No time is logged yet. This is logged as {', '.join(_names(usual, profile))}."
        blocks.append(kit.field("minutes", "Time you spent", chooser, optional=True, hint=hint))
    return blocks


def level_options() -> list[kit.Option]:
    return [kit.option(label, ident, hint) for ident, (label, hint) in LEVELS.items()]


_YES_NO = (kit.option("Yes", "yes"), kit.option("No", "no"))


def _choices(found: Sequence[Choice]) -> list[kit.Option]:
    return [kit.option(each.label, each.id) for each in found]


def _when(today: date) -> list[Block]:
    minutes = kit.text_input("minutes", most=20, placeholder="45")
    day = {"type": "datepicker", "action_id": "day", "initial_date": today.isoformat()}
    hint = "Minutes, or hours like 1 h 30."
    return [kit.field("minutes", "Time spent", minutes, hint=hint), kit.field("day", "Day", day)]


def _how(profile: Profile, format_: str) -> list[Block]:
    formats = kit.select(
        "format", options=_choices(profile.contact_formats), chosen=[format_], placeholder="Choose"
    )
    blocks = [
        kit.field("format", "Format", formats, optional=True),
        kit.field(
            "people", "People reached", kit.text_input("people", most=10, placeholder="1"), optional=True
        ),
    ]
    if profile.fund_sources:
        funds = kit.select("fund_source", options=_choices(profile.fund_sources), placeholder="Choose")
        blocks.append(kit.field("fund_source", "Fund source", funds, optional=True))
    return blocks


def _session() -> list[Block]:
    box = {
        "type": "checkboxes",
        "action_id": FORMAL,
        "options": [kit.option("It was a formal session", "yes")],
    }
    goals = kit.text_input("objectives", long=True, most=LONGEST_NOTE)
    return [
        kit.field(FORMAL, "Formal session", box, optional=True),
        kit.field("objectives", "Objectives of the session", goals, optional=True, hint=NO_CLIENTS),
    ]


def _note(label: str, first: str = "") -> Block:
    return kit.field(
        "note", label, kit.text_input("note", first=first, long=True), optional=True, hint=NO_CLIENTS
    )
