"""The library as people look through it: what was found, and why it stands where it does."""

from __future__ import annotations

from copbot.program.profile import Profile
from copbot.resources import words as said
from copbot.resources.library.values import Resource
from copbot.resources.search import rules
from copbot.resources.search.rules import Ranked
from copbot.resources.search.values import Results
from copbot.slack.answers import Block, Message, View
from copbot.slack.blocks import (
    Option,
    actions,
    button,
    context,
    divider,
    field,
    form,
    message,
    option,
    search_select,
    section,
    select,
    text_input,
)
from copbot.slack.text import counted, escape

SEARCH, PAGE_TO, AREA, GAP = "resources.search", "resources.page", "resources.area", "resources.gap"
FIND, ADD, SAVED = "resources.find", "resources.add", "resources.saved"
START = "request.start"
"""The register's button that opens its form."""
PAGE = 10
LONGEST_SEARCH = 150


def search_view(typed: str, found: Results | None, profile: Profile, *, may_add: bool = True) -> View:
    """The field to search with, what was found, and below it how to narrow it down. `found` None: nothing asked yet."""
    area = found.query.areas[0] if found is not None and found.query.areas else ""
    kind = found.query.kind if found is not None else ""
    words = text_input("words", first=typed, most=LONGEST_SEARCH, placeholder="What, and where if it matters")
    blocks: list[Block] = []
    if found is not None and found.query.needs_care:
        blocks += said.care_lines(profile)
    blocks.append(field("words", "Search", words, optional=True))
    if found is not None:
        blocks += _results(found, profile)
    blocks += [divider(), field("area", "Area", _area(area, profile), optional=True)]
    blocks.append(field("kind", "Kind", _kind(kind), optional=True))
    ends = [button("Suggest a resource", ADD)] if may_add else []
    ends += [button("Your saved", SAVED), button("Ask for help", START)]
    blocks.append(actions(ends))
    return form(SEARCH, "Resources", blocks, submit="Search", close="Close")


def _area(area: str, profile: Profile) -> dict[str, object]:
    chosen = option(profile.area_label(area), area) if area and profile.area(area) else None
    return search_select(AREA, chosen=chosen, placeholder="Any area", least=0)


def _kind(kind: str) -> dict[str, object]:
    options = [option(label, name) for name, label in said.KINDS.items()]
    return select("kind", options=options, chosen=[kind], placeholder="Any kind")


def _results(found: Results, profile: Profile) -> list[Block]:
    if not found.items:
        return _nothing(found, profile)
    blocks: list[Block] = [context(escape(_how(found, profile)))]
    blocks += [entry(each.resource, profile, why(each.why, profile)) for each in found.items]
    turns = []
    if found.start:
        turns.append(button("Previous", f"{PAGE_TO}:back", str(max(0, found.start - PAGE))))
    if found.start + len(found.items) < found.total:
        turns.append(button("More results", f"{PAGE_TO}:on", str(found.start + PAGE)))
    return [*blocks, *([actions(turns)] if turns else [])]


def _how(found: Results, profile: Profile) -> str:
    """How many there are, and what was done to the words that were typed."""
    number = f"More than {found.total} results" if found.more else counted(found.total, "result")
    parts = [
        number if not found.start else f"{found.start + 1}–{found.start + len(found.items)} of {found.total}"
    ]
    if found.instead:
        parts.insert(0, f"Showing results for {found.instead}")
    if found.without:
        parts.append(f"Nothing has every word. Left out: {', '.join(found.without)}")
    if found.elsewhere:
        where = said.area_words(found.query.areas, profile)
        parts.append(f"Nothing found for {where}. These are from other places")
    return ". ".join(parts) + "."


def _nothing(found: Results, profile: Profile) -> list[Block]:
    if found.is_empty:
        return [section("The library is still empty. Ask staff, and they will help you directly.")]
    topic, area = found.query.topic, found.query.areas[0] if found.query.areas else ""
    blocks: list[Block] = [section("*Nothing found.* Try another word, or leave the area out.")]
    if topic or area:
        words = f"Staff will read: nothing found for {_about(topic, area, profile)}. Not your name, and not what you typed."
        blocks += [actions([button("Tell staff", GAP, f"{topic}|{area}")]), context(escape(words))]
    return blocks


def entry(found: Resource, profile: Profile, *more: str) -> Block:
    """A resource as a line of a list: title, how to reach it or what it is, and where it counts."""
    ends = more or (said.area_words(found.areas, profile),)
    return said.listed(found, profile, (said.KINDS.get(found.kind, found.kind), *ends), 160)


def why(ranked: Ranked, profile: Profile) -> str:
    """Why it stands where it does: how near it is, and where the words were found when not in its title."""
    where = {"text": "in its text", "topic": "same topic"}.get(ranked.how, "")
    return " · ".join(filter(None, (near(ranked, profile), where)))


def near(ranked: Ranked, profile: Profile) -> str:
    """The part of the program's area for which it counts; empty where no place was asked for."""
    place = profile.area_label(ranked.area) if ranked.area not in ("", "national") else ""
    wide = {rules.STATEWIDE: "Statewide", rules.NATIONAL: said.NATIONAL, rules.ELSEWHERE: ""}
    return wide.get(ranked.tier, place)


def area_options(typed: str, profile: Profile) -> tuple[Option, ...]:
    """Areas whose name or towns hold what was typed."""
    wanted = typed.casefold()
    found = [
        area
        for area in profile.areas
        if wanted in area.option_text.casefold() or wanted in " ".join(area.cities).casefold()
    ]
    return tuple(option(area.option_text, area.id) for area in found[:100])


def told() -> View:
    words = "Staff know now that this is missing. They see the topic and the area, not your name and not your words."
    return form("notice", "Staff were told", [section(words)], close="Close")


def saved_view(items: tuple[Resource, ...], profile: Profile) -> View:
    """What the person keeps for themselves."""
    blocks: list[Block] = [entry(each, profile) for each in items]
    empty = section("You haven't saved anything yet. Open a resource and press Save.")
    return form("notice", "Your saved resources", blocks or [empty], close="Close")


def gap_notice(topic: str, area: str, number: int, profile: Profile) -> Message:
    """To staff: what was looked for and is not there."""
    text = (
        f"*Nothing in the library for {escape(_about(topic, area, profile))}.* "
        f"{counted(number, 'person', 'people')} told you this month."
    )
    blocks = [section(text), actions([button("Add a resource", ADD)])]
    return message("Nothing in the library for this yet", blocks)


def _about(topic: str, area: str, profile: Profile) -> str:
    return " in ".join(
        filter(None, (topic and profile.topic_label(topic), area and profile.area_label(area)))
    )
