"""The About pages as people read them, with where their facts come from and when somebody last looked.

What leads can do with a page stands on it, too: `about_forms.py` draws that, and their forms.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from copbot.about import lead_screens as leads
from copbot.about.lead_screens import ForLeads
from copbot.about.values import AboutPage, Statement, column_text, is_link, points_text
from copbot.communities.screens.lists import ABOUT, START
from copbot.program.profile import Profile
from copbot.slack.answers import Block, View
from copbot.slack.blocks import VIEW_BLOCKS, actions, button, context, divider, form, header, plain, words
from copbot.slack.text import clean, escape

GUIDE = "resources.open_guide"
"""The library's button: this room stands below it, so it knows the name only."""
NOT_REVIEWED = "Not yet reviewed by your program"
NOT_CONFIRMED = "not yet confirmed by your program"

Called = Callable[[str], str]


def _as_it_stands(by: str) -> str:
    return by


def menu(pages: Sequence[AboutPage], profile: Profile, unseen: Sequence[AboutPage] | None = None) -> View:
    """Every page with a button, and the funding notice. `unseen`: what only leads see, for leads."""
    blocks: list[Block] = [header(profile.name), *_rows(pages)]
    if unseen is not None:
        if unseen:
            blocks += [context("Only leads and administrators see these:"), *_rows(unseen)]
        blocks.append(actions([leads.list_button()]))
    blocks += [actions([button("Ask for help", START, style="primary")]), *_foot(profile)]
    return form("notice", "About us", blocks, close="Close")


def _rows(pages: Sequence[AboutPage]) -> list[Block]:
    rows = [pages[at : at + 5] for at in range(0, len(pages), 5)]
    return [
        actions([button(each.title, f"{ABOUT}:{each.id}", f"page:{each.id}") for each in row]) for row in rows
    ]


def page(
    found: AboutPage,
    profile: Profile,
    news: Sequence[str] = (),
    *,
    called: Called = _as_it_stands,
    care: ForLeads | None = None,
) -> View:
    """`called` names who has reviewed it; `care` is there for somebody who may change it."""
    blocks: list[Block] = [*leads.above(found, care), header(found.title)]
    if found.text:
        blocks.append(words(found.text))
    blocks += _columns(found)
    if found.points:
        blocks.append(words(points_text(found.points)))
    for statement in found.statements:
        blocks += [_statement(statement, found, care), _source_of(statement)]
    blocks += _shown(found, profile, news)
    if found.links:
        blocks.append(_links(found))
    blocks += _reviewed(found, called)
    back = button("All pages", ABOUT, "about")
    foot = [*leads.below(found, care), actions([back, button("Ask for help", START)]), *_foot(profile)]
    return form("notice", "About us", [*blocks[: VIEW_BLOCKS - len(foot)], *foot], close="Close")


def day_words(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _reviewed(found: AboutPage, called: Called) -> list[Block]:
    """Where it is from, and who stands by it. What comes from elsewhere says so in its own place."""
    blocks = [_source(found.source, found.source_link)] if found.source or found.source_link else []
    if found.reviewed_on is not None:
        by = f" by {called(found.reviewed_by)}" if found.reviewed_by else ""
        return [*blocks, _small(f"Reviewed on {day_words(found.reviewed_on)}{by}")]
    return [*blocks, _small(NOT_REVIEWED)] if found.has_own_words else blocks


def _small(text: str) -> Block:
    return {"type": "context", "elements": [plain(text)]}


def _statement(statement: Statement, found: AboutPage, care: ForLeads | None) -> Block:
    return words(statement.text, accessory=leads.change_button(found, statement) if care else None)


def _source_of(statement: Statement) -> Block:
    return _source(statement.source, statement.source_link, f" · read on {day_words(statement.reviewed_on)}")


def _source(name: str, url: str, after: str = "") -> Block:
    """Rich text: the one kind of text in which a link has an address and still nothing in it is parsed."""
    url = url or (name if is_link(name) else "")
    source = _link(url, name or url) if url else _run(name)
    return _rich([_section(_run("Source: "), source, *([_run(after)] if after else []))])


def _links(found: AboutPage) -> Block:
    listed = [_section(_link(link.url, link.title)) for link in found.links]
    return _rich([{"type": "rich_text_list", "style": "bullet", "elements": listed}])


def _rich(elements: list[dict[str, Any]]) -> Block:
    return {"type": "rich_text", "elements": elements}


def _section(*runs: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(runs)}


def _run(text: str) -> dict[str, Any]:
    return {"type": "text", "text": clean(text) or "–"}


def _link(url: str, text: str) -> dict[str, Any]:
    return {"type": "link", "url": url, "text": clean(text) or "–"}


def _columns(found: AboutPage) -> list[Block]:
    """Side by side; the fields of a section stand in two columns."""
    if not found.columns:
        return []
    fields = [{"type": "mrkdwn", "text": column_text(each), "verbatim": True} for each in found.columns]
    return [{"type": "section", "fields": fields}]


def _shown(found: AboutPage, profile: Profile, news: Sequence[str]) -> list[Block]:
    match found.shows:
        case "eligibility":
            return [words(profile.notices.eligibility)]
        case "funding":
            return [words(profile.notices.funding)]
        case "hotlines":
            return [words(profile.notices.not_an_emergency), *_hotlines(profile)]
        case "areas":
            cities = sorted({city for area in profile.areas for city in area.cities})
            places = [context(escape("Places: " + ", ".join(cities)))] if cities else []
            return [*places, actions([button("Open the guide", GUIDE)])]
        case "news":
            listed = "\n".join(f"• {line}" for line in news) or "No news yet."
            return [words(listed)]
    return []


def _hotlines(profile: Profile) -> list[Block]:
    blocks: list[Block] = []
    for line in profile.hotlines:
        day = line.last_verified
        seen = f"confirmed on {day_words(day)}" if day else NOT_CONFIRMED
        blocks.append(words(f"{line.name}: {line.number}\n{line.text}"))
        blocks.append(_small(f"Source: {line.source} · {seen}"))
    return blocks


def _foot(profile: Profile) -> list[Block]:
    contact = f"{profile.contact.phone} · {profile.contact.email}"
    return [divider(), {"type": "context", "elements": [plain(profile.notices.funding), plain(contact)]}]
