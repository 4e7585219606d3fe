"""Staff's own work: what they take, how much, and the days they are away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from copbot.people import fields
from copbot.people.values import Away, StaffFacts
from copbot.program.profile import Profile
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, View
from copbot.slack.text import escape, when

OPEN, SAVE = "people.open_staff", "people.staff"
OPEN_AWAY, AWAY, BACK, ALL = "people.open_away", "people.away", "people.come_back", "people.all_staff"
OPEN_MOVE_ALL = "people.open_move_all"
"""The room of requests answers it."""
PAGE = 20


def your_work(found: StaffFacts, profile: Profile) -> list[Block]:
    """What reaches this person, and a lead's way to everybody's."""
    buttons = [kit.button("Change", OPEN, str(found.id)), kit.button("Days away", OPEN_AWAY, str(found.id))]
    if found.is_lead:
        buttons.append(kit.button("Staff settings", ALL, "0"))
    return [kit.section("*Your work here*"), kit.words(_summary(found, profile)), kit.actions(buttons)]


def _summary(found: StaffFacts, profile: Profile) -> str:
    topics = ", ".join(map(profile.topic_label, found.topics)) or "all"
    areas = ", ".join(map(profile.area_label, found.areas)) or "all"
    most = "no limit" if found.capacity is None else f"at most {found.capacity} open at once"
    lines = [f"Topics: {topics}", f"Areas: {areas}", f"Requests: {most}"]
    if found.languages:
        lines.append(f"Languages: {', '.join(fields.LANGUAGES.get(each, each) for each in found.languages)}")
    lines += [f"Away: {_days(each)}" for each in found.away[:3]]
    return "\n".join(lines)


def staff_form(
    found: StaffFacts, profile: Profile, others: Sequence[tuple[int, str]] = (), *, own: bool
) -> View:
    """`others`: id and name of everybody else on staff."""
    most = kit.text_input("capacity", first="" if found.capacity is None else str(found.capacity), most=4)
    whose = f"{found.name} knows best, and how many they can"
    whose = "you know best, and how many requests you can" if own else whose
    blocks: list[Block] = [
        kit.words(f"The topics and areas {whose} handle at once. Leads see this when they assign requests."),
        fields.topics(profile, found.topics, label="Topics", most=100),
        fields.areas(profile, found.areas, label="Areas"),
        fields.languages(found.languages),
        kit.field("capacity", "Open requests at once", most, hint=_CAPACITY, optional=True),
    ]
    if others:
        options = [kit.option(name, str(ident)) for ident, name in others]
        chosen = [str(found.backup)] if found.backup else []
        chooser = kit.select("backup", options=options, chosen=chosen, placeholder="Choose a colleague")
        blocks.append(kit.field("backup", "Backup", chooser, hint=_BACKUP, optional=True))
    if found.is_lead and found.lead_at is not None:
        blocks.append(kit.context(f"Lead since {when(found.lead_at, profile.time_zone)}."))
    return kit.form(
        SAVE, "Work here", blocks, submit="Save", meta={"person": found.id, "seen": found.version}
    )


_CAPACITY = "A number. Leave empty for no limit."
_BACKUP = "Gets new and urgent requests while this person is away or full, when routing is on."


def away_form(found: StaffFacts, *, own: bool, note: str = "") -> View:
    """The days that stand, each with a way to take it back, and new ones to enter."""
    whose = "You are" if own else f"{found.name} is"
    blocks: list[Block] = [kit.context(escape(note))] if note else []
    blocks.append(kit.words(f"{whose} away on:" if found.away else "No days away yet."))
    ids = [(each, f"{found.id}:{each.id}") for each in found.away[:20]]
    blocks += [kit.words(_days(each), accessory=kit.button("Remove", BACK, ident)) for each, ident in ids]
    blocks += [
        kit.field("first", "First day away", {"type": "datepicker", "action_id": "first"}),
        kit.field("last", "Last day away", {"type": "datepicker", "action_id": "last"}),
        kit.field("note", "Note for colleagues", kit.text_input("note", most=200), optional=True),
        kit.context("Colleagues see this when they hand over a request. Leads see it in Workload."),
    ]
    return kit.form(AWAY, "Days away", blocks, submit="Save", meta={"person": found.id})


def all_staff(staff: Sequence[StaffFacts], profile: Profile, page: int) -> View:
    """Everybody of the staff, for leads."""
    blocks: list[Block] = []
    for each in staff[page * PAGE : (page + 1) * PAGE]:
        lead = " · lead" if each.is_lead else ""
        does = {"Change": OPEN, "Days away": OPEN_AWAY, "Hand over all requests": OPEN_MOVE_ALL}
        buttons = [kit.button(label, action, str(each.id)) for label, action in does.items()]
        blocks += [kit.words(f"{each.name}{lead}\n{_summary(each, profile)}"), kit.actions(buttons)]
    turns = [kit.button("Back", f"{ALL}:back", str(page - 1))] if page else []
    if len(staff) > (page + 1) * PAGE:
        turns.append(kit.button("More", f"{ALL}:more", str(page + 1)))
    if turns:
        blocks.append(kit.actions(turns))
    return kit.notice("Staff", blocks or [kit.section("Nobody is staff yet.")])


def _days(away: Away) -> str:
    days = _day(away.first) if away.first == away.last else f"{_day(away.first)} to {_day(away.last)}"
    return f"{days} ({away.note})" if away.note else days


def _day(day: date) -> str:
    return f"{day:%a %b} {day.day}, {day.year}"
