"""The About pages as people read them, with where their facts come from and when somebody last looked.

What leads can do with a page stands on it, too: `lead_screens.py` draws that, and their forms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from copbot.about import lead_screens as leads
from copbot.about.lead_screens import ForLeads
from copbot.about.values import AboutPage, column_text, day_words, is_link, points_text
from copbot.communities.screens.lists import ABOUT, START
from copbot.program.profile import Profile
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, View
from copbot.slack.text import clean, escape

GUIDE = "resources.open_guide"
"""The library's button: this room stands below it, so it knows the name only."""
NOT_REVIEWED = "Not yet reviewed by your program"
NOT_CONFIRMED = "not yet confirmed by your program"


def menu(pages: Sequence[AboutPage], profile: Profile, unseen: Sequence[AboutPage] | None = None) -> View:
    """Every page with a button, and the funding notice. `unseen`: what only leads see, for leads."""
    blocks: list[Block] = [kit.header(profile.name), *_rows(pages)]
    if unseen is not None:
        if unseen:
            blocks += [kit.context("Only leads and administrators see these:"), *_rows(unseen)]
        blocks.append(kit.actions([kit.button("Manage pages", leads.LIST, "0")]))
    blocks += [kit.actions([kit.button("Ask for help", START, style="primary")]), *_foot(profile)]
    return kit.notice("About us", blocks)


def _rows(pages: Sequence[AboutPage]) -> list[Block]:
    rows = [pages[at : at + 5] for at in range(0, len(pages), 5)]
    return [
        kit.actions([kit.button(each.title, f"{ABOUT}:{each.id}", f"page:{each.id}") for each in row])
        for row in rows
    ]


def page(
    found: AboutPage,
    profile: Profile,
    news: Sequence[str] = (),
    *,
    reviewer: str = "",
    care: ForLeads | None = None,
) -> View:
    """`reviewer` names who has reviewed it; `care` is there for somebody who may change it."""
    blocks: list[Block] = [*(leads.above(found, care) if care else []), kit.header(found.title)]
    if found.text:
        blocks.append(kit.words(found.text))
    if found.columns:  # side by side: the fields of a section stand in two columns
        fields = [{"type": "mrkdwn", "text": column_text(each), "verbatim": True} for each in found.columns]
        blocks.append({"type": "section", "fields": fields})
    if found.points:
        blocks.append(kit.words(points_text(found.points)))
    for statement in found.statements:
        key, read = statement.key, f" · read on {day_words(statement.reviewed_on)}"
        change = kit.button("Change", f"{leads.STATEMENT_FORM}:{key}", f"{found.id}:{key}")
        blocks.append(kit.words(statement.text, accessory=change if care else None))
        blocks.append(_source(statement.source, statement.source_link, read))
    blocks += _shown(found, profile, news)
    if found.links:
        listed = [_section(_link(link.url, link.title)) for link in found.links]
        blocks.append(_rich([{"type": "rich_text_list", "style": "bullet", "elements": listed}]))
    blocks += _reviewed(found, reviewer)
    ends = kit.actions([kit.button("All pages", ABOUT, "about"), kit.button("Ask for help", START)])
    foot = [*(leads.below(found, care) if care else []), ends, *_foot(profile)]
    return kit.notice("About us", [*blocks[: kit.VIEW_BLOCKS - len(foot)], *foot])


def _reviewed(found: AboutPage, reviewer: str) -> list[Block]:
    """Where it is from, and who stands by it. What comes from elsewhere says so in its own place."""
    blocks = [_source(found.source, found.source_link)] if found.source or found.source_link else []
    if found.reviewed_on is not None:
        by = f" by {reviewer}" if reviewer else ""
        return [*blocks, _small(f"Reviewed on {day_words(found.reviewed_on)}{by}")]
    return [*blocks, _small(NOT_REVIEWED)] if found.has_own_words else blocks


def _small(text: str) -> Block:
    return {"type": "context", "elements": [kit.plain(text)]}


def _source(name: str, url: str, after: str = "") -> Block:
    """Rich text: the one kind of text in which a link has an address and still nothing in it is parsed."""
    url = url or (name if is_link(name) else "")
    source = _link(url, name or url) if url else _run(name)
    return _rich([_section(_run("Source: "), source, *([_run(after)] if after else []))])


def _rich(elements: list[dict[str, Any]]) -> Block:
    return {"type": "rich_text", "elements": elements}


def _section(*runs: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(runs)}


def _run(text: str) -> dict[str, Any]:
    return {"type": "text", "text": clean(text) or "–"}


def _link(url: str, text: str) -> dict[str, Any]:
    return {"type": "link", "url": url, "text": clean(text) or "–"}


def _shown(found: AboutPage, profile: Profile, news: Sequence[str]) -> list[Block]:
    match found.shows:
        case "eligibility":
            return [kit.words(profile.notices.eligibility)]
        case "funding":
            return [kit.words(profile.notices.funding)]
        case "hotlines":
            blocks = [kit.words(profile.notices.not_an_emergency)]
            for line in profile.hotlines:
                day = line.last_verified
                seen = f"confirmed on {day_words(day)}" if day else NOT_CONFIRMED
                blocks.append(kit.words(f"{line.name}: {line.number}\n{line.text}"))
                blocks.append(_small(f"Source: {line.source} · {seen}"))
            return blocks
        case "areas":
            cities = sorted({city for area in profile.areas for city in area.cities})
            places = [kit.context(escape("Places: " + ", ".join(cities)))] if cities else []
            return [*places, kit.actions([kit.button("Open the guide", GUIDE)])]
        case "news":
            return [kit.words("\n".join(f"• {line}" for line in news) or "No news yet.")]
    return []


def _foot(profile: Profile) -> list[Block]:
    contact = f"{profile.contact.phone} · {profile.contact.email}"
    return [
        kit.divider(),
        {"type": "context", "elements": [kit.plain(profile.notices.funding), kit.plain(contact)]},
    ]
