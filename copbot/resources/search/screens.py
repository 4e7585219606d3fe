"""The library as people look through it: what was found, and why it stands where it does."""

from __future__ import annotations

from copbot.program.profile import Profile
from copbot.resources import words as said
from copbot.resources.library.values import Resource
from copbot.resources.search import rules
from copbot.resources.search.rules import Ranked, Results
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, Message, View
from copbot.slack.blocks import Option
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
    words = kit.text_input(
        "words", first=typed, most=LONGEST_SEARCH, placeholder="What, and where if it matters"
    )
    chosen = kit.option(profile.area_label(area), area) if area and profile.area(area) else None
    areas = kit.search_select(AREA, chosen=chosen, placeholder="Any area", least=0)
    options = [kit.option(label, name) for name, label in said.KINDS.items()]
    kinds = kit.select("kind", options=options, chosen=[kind], placeholder="Any kind")
    ends = [kit.button("Suggest a resource", ADD)] if may_add else []
    blocks = [
        *(said.care_lines(profile) if found is not None and found.query.needs_care else []),
        kit.field("words", "Search", words, optional=True),
        *(_results(found, profile) if found is not None else []),
        kit.divider(),
        kit.field("area", "Area", areas, optional=True),
        kit.field("kind", "Kind", kinds, optional=True),
        kit.actions([*ends, kit.button("Your saved", SAVED), kit.button("Ask for help", START)]),
    ]
    return kit.form(SEARCH, "Resources", blocks, submit="Search", close="Close")


def _results(found: Results, profile: Profile) -> list[Block]:
    if not found.items:
        return _nothing(found, profile)
    blocks: list[Block] = [kit.context(escape(_how(found, profile)))]
    blocks += [entry(each.resource, profile, why(each.why, profile)) for each in found.items]
    turns = []
    if found.start:
        turns.append(kit.button("Previous", f"{PAGE_TO}:back", str(max(0, found.start - PAGE))))
    if found.start + len(found.items) < found.total:
        turns.append(kit.button("More results", f"{PAGE_TO}:on", str(found.start + PAGE)))
    return [*blocks, *([kit.actions(turns)] if turns else [])]


def _how(found: Results, profile: Profile) -> str:
    """How many there are, and what was done to the words that were typed."""
    number = f"More than {found.total} results" if found.more else counted(found.total, "result")
    page = f"{found.start + 1}–{found.start + len(found.items)} of {found.total}"
    parts = [f"Showing results for {found.instead}"] if found.instead else []
    parts.append(page if found.start else number)
    if found.without:
        parts.append(f"No result has all your words. Left out: {', '.join(found.without)}")
    if found.elsewhere:
        where = said.area_words(found.query.areas, profile)
        parts.append(f"Nothing found for {where}. These results are from other places")
    return ". ".join(parts) + "."


def _nothing(found: Results, profile: Profile) -> list[Block]:
    if found.is_empty:
        return [kit.section("The library is still empty. Ask staff, and they will help you directly.")]
    topic, area = found.query.topic, found.query.areas[0] if found.query.areas else ""
    blocks: list[Block] = [kit.section("*Nothing found.* Try another word, or leave the area out.")]
    if topic or area:
        words = f"Staff then see that nothing was found for {_about(topic, area, profile)}. They don't see your name or what you typed."
        blocks += [
            kit.actions([kit.button("Tell staff", GAP, f"{topic}|{area}")]),
            kit.context(escape(words)),
        ]
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
    return tuple(kit.option(area.option_text, area.id) for area in profile.areas_like(typed)[:100])


def told() -> View:
    words = (
        "Staff now know that this is missing. They see the topic and the area, not your name or your words."
    )
    return kit.notice("Staff were told", [kit.section(words)])


def saved_view(items: tuple[Resource, ...], profile: Profile) -> View:
    """What the person keeps for themselves."""
    blocks: list[Block] = [entry(each, profile) for each in items]
    empty = kit.section("You haven't saved anything yet. Open a resource and press Save.")
    return kit.notice("Your saved resources", blocks or [empty])


def gap_notice(topic: str, area: str, number: int, profile: Profile) -> Message:
    """To staff: what was looked for and is not there."""
    text = (
        f"*Nothing in the library for {escape(_about(topic, area, profile))}.* "
        f"{counted(number, 'person', 'people')} told you this month."
    )
    blocks = [kit.section(text), kit.actions([kit.button("Add a resource", ADD)])]
    return kit.message("Nothing in the library for this yet", blocks)


def _about(topic: str, area: str, profile: Profile) -> str:
    labels = (topic and profile.topic_label(topic), area and profile.area_label(area))
    return " in ".join(filter(None, labels))
