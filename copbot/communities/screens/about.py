"""The About pages as people read them, with where their facts come from and when somebody last looked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from copbot.communities.screens.lists import ABOUT, START
from copbot.program.profile import Profile
from copbot.slack.answers import Block, View
from copbot.slack.blocks import actions, button, context, divider, form, header, plain, section
from copbot.slack.text import escape

if TYPE_CHECKING:
    from copbot.communities.about import AboutPage

NOT_REVIEWED = "Not yet reviewed by your programme"


def menu(pages: Sequence[AboutPage], profile: Profile) -> View:
    """Every page with a button, and the funding notice."""
    blocks: list[Block] = [header(profile.name)]
    rows = [pages[at : at + 5] for at in range(0, len(pages), 5)]
    blocks += [actions([button(each.title, f"{ABOUT}:{each.id}", each.id) for each in row]) for row in rows]
    blocks += [actions([button("Ask for help", START, style="primary")]), *_foot(profile)]
    return form("notice", "About us", blocks, close="Close")


def page(found: AboutPage, profile: Profile, news: Sequence[str] = ()) -> View:
    blocks: list[Block] = [header(found.title)]
    if found.text:
        blocks.append(_words(found.text))
    blocks += _columns(found)
    if found.points:
        blocks.append(_words("\n".join(f"• {point}" for point in found.points)))
    for statement in found.statements:
        blocks += [_words(statement.text), _source(statement.source, statement.reviewed_on.isoformat())]
    blocks += _shown(found, profile, news)
    if found.links:
        listed = "\n".join(f"• <{escape(link.url)}|{escape(link.title)}>" for link in found.links)
        blocks.append(section(listed))
    if found.source:
        blocks.append(_source(found.source, found.reviewed_on.isoformat() if found.reviewed_on else ""))
    back = button("All pages", ABOUT, "about")
    blocks += [actions([back, button("Ask for help", START)]), *_foot(profile)]
    return form("notice", "About us", blocks, close="Close")


def _words(text: str) -> Block:
    return {"type": "section", "text": plain(text)}


def _source(source: str, reviewed: str) -> Block:
    when = f"reviewed on {reviewed}" if reviewed else NOT_REVIEWED
    return {"type": "context", "elements": [plain(f"Source: {source} · {when}")]}


def _columns(found: AboutPage) -> list[Block]:
    """Side by side; the fields of a section stand in two columns."""
    if not found.columns:
        return []
    texts = [
        f"*{escape(column.heading)}*\n"
        + "\n".join(f"{at}. {escape(each)}" for at, each in enumerate(column.points, 1))
        for column in found.columns
    ]
    fields = [{"type": "mrkdwn", "text": text[:2000], "verbatim": True} for text in texts]
    return [{"type": "section", "fields": fields}]


def _shown(found: AboutPage, profile: Profile, news: Sequence[str]) -> list[Block]:
    match found.shows:
        case "eligibility":
            return [_words(profile.notices.eligibility)]
        case "funding":
            return [_words(profile.notices.funding)]
        case "hotlines":
            return [_words(profile.notices.not_an_emergency), *_hotlines(profile)]
        case "areas":
            cities = sorted({city for area in profile.areas for city in area.cities})
            return [context(escape("Places: " + ", ".join(cities)))] if cities else []
        case "news":
            listed = "\n".join(f"• {line}" for line in news) or "Nothing to tell yet."
            return [_words(listed)]
    return []


def _hotlines(profile: Profile) -> list[Block]:
    blocks: list[Block] = []
    for line in profile.hotlines:
        seen = f"last verified {line.last_verified:%Y-%m-%d}" if line.last_verified else NOT_REVIEWED.lower()
        blocks.append(_words(f"{line.name}: {line.number}\n{line.text}"))
        blocks.append({"type": "context", "elements": [plain(f"Source: {line.source} · {seen}")]})
    return blocks


def _foot(profile: Profile) -> list[Block]:
    contact = f"{profile.contact.phone} · {profile.contact.email}"
    return [divider(), {"type": "context", "elements": [plain(profile.notices.funding), plain(contact)]}]
