"""The guide in Slack: care lines first, then services by kind, each with how to reach it and when it was reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from copbot.program.profile import Profile
from copbot.resources import words as said
from copbot.resources.guide.page import html_page
from copbot.resources.guide.rules import Guide, page_of
from copbot.resources.library.values import Resource
from copbot.resources.search.screens import AREA, GAP
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, FileMessage, View
from copbot.slack.text import cut, escape, unformatted

GUIDE, OPEN, TURN = "resources.guide", "resources.open_guide", "resources.guide_page"
SEND = "resources.send_guide"
PAGE = 20


def guide_view(guide: Guide, profile: Profile, *, start: int = 0) -> View:
    """A page of the guide. Care lines stand on each."""
    blocks = [*said.care_lines(profile), kit.header(guide.title)]
    for part in page_of(guide, start, PAGE).parts:
        blocks.append(kit.section(f"*{escape(part.title)}*" if part.title != guide.title else "*Services*"))
        for group in part.groups:
            blocks.append(kit.context(f"*{unformatted(group.heading)}*"))
            blocks += [_entry(each, profile) for each in group.items]
    if not guide.total:
        blocks.append(kit.section("No services are listed for this place yet."))
        if guide.areas:
            blocks.append(kit.actions([kit.button("Tell staff", GAP, f"|{guide.areas[0]}")]))
    turns = _turns(guide, start)
    send = [kit.button("Send me this page to print", SEND)] if guide.total else []
    ends = [
        kit.context(escape(profile.notices.funding)),
        kit.actions([*turns, kit.button("Another place", OPEN), *send]),
    ]
    return kit.notice("Resource guide", [*blocks, *ends], meta={"areas": list(guide.areas[:10])})


def _turns(guide: Guide, start: int) -> list[dict[str, object]]:
    turns = [kit.button("Previous", f"{TURN}:back", str(max(0, start - PAGE)))] if start else []
    more = guide.total - start - PAGE
    return [*turns, kit.button(f"{more} more", f"{TURN}:on", str(start + PAGE))] if more > 0 else turns


def _entry(each: Resource, profile: Profile) -> Block:
    ends = [each.eligibility, ", ".join(each.languages), said.reviewed_words(each)]
    return said.listed(each, profile, ends, 300)


def on_its_way() -> View:
    words = "You'll get the guide as a file in a direct message. Open it in a browser to read or print it."
    return kit.notice("Resource guide", [kit.section(words)])


def guide_file(guide: Guide, profile: Profile, today: date) -> FileMessage:
    """The guide as a page to print."""
    name = f"guide-{cut('-'.join(guide.areas), 60)}-{today.isoformat()}.html"
    words = f"Resource guide for {escape(guide.title)}. Open it in a browser to read or print it."
    return FileMessage(words, name=name, content=html_page((guide,), profile, today).encode())


def place_form(profile: Profile, typed: str = "", near: Sequence[str] = ()) -> View:
    """Which place? `near` are the likeliest ones for words that name none."""
    blocks: list[Block] = list(said.care_lines(profile))
    if typed:
        blocks.append(kit.section(f"There is no place “{unformatted(cut(typed, 60))}” in the list."))
    if near:
        buttons = [kit.button(profile.area_label(each), f"{OPEN}:{each}", each) for each in near]
        blocks += [kit.section("*Did you mean one of these?*"), kit.actions(buttons)]
    first = kit.option(profile.area_label(near[0]), near[0]) if near else None
    chooser = kit.search_select(AREA, chosen=first, placeholder="County or town", least=0)
    blocks.append(kit.field("area", "Place", chooser))
    return kit.form(GUIDE, "Resource guide", blocks, submit="Show the guide")
