"""The guide as one HTML page to print or to open on a phone: no script, no picture, nothing from elsewhere."""

from __future__ import annotations

import re
from datetime import date
from html import escape

from copbot.program.profile import Profile
from copbot.resources import words as said
from copbot.resources.guide.rules import Guide, Part
from copbot.resources.library.values import Resource

_STYLE = """
body { font: 16px/1.45 system-ui, sans-serif; color: #000; background: #fff; max-width: 46rem; margin: 0 auto;
  padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: 0.5rem 0; } h2 { font-size: 1.3rem; margin: 1.6rem 0 0.4rem; border-bottom: 2px solid; }
h3 { font-size: 1.05rem; margin: 1.2rem 0 0.3rem; }
.care { border: 3px solid #000; padding: 0.6rem 0.9rem; margin: 0.8rem 0; }
.care p, .care ul { margin: 0.3rem 0; } .care ul { padding-left: 1.1rem; }
article { margin: 0 0 0.9rem; padding-left: 0.7rem; border-left: 2px solid #000; }
article h4 { font-size: 1rem; margin: 0; } article p { margin: 0.1rem 0; } .small { font-size: 0.85rem; }
a { color: #000; } .number { white-space: nowrap; } footer { border-top: 1px solid; margin-top: 2rem; padding-top: 0.6rem; font-size: 0.85rem; }
@media print { body { font-size: 11pt; max-width: none; padding: 0; } article { break-inside: avoid; }
  h2, h3 { break-after: avoid; } a { text-decoration: none; } }
"""


_PHONE = re.compile(r"(?<![\w./-])(?:\d{1,4}-){1,3}\d{4}(?![\w-])")


def html_page(guides: tuple[Guide, ...], profile: Profile, today: date) -> str:
    """One page for all of these guides; an entry that serves several places stands in each."""
    contact = f"{profile.name}: {profile.contact.phone} · {profile.contact.email}"
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(profile.name)}: resource guide</title><style>{_STYLE}</style></head><body>",
        f"<header><h1>Resource guide</h1><p>{escape(profile.name)} · {said.day_words(today)}</p></header>",
        _care(profile),
        *(_guide(each, today) for each in guides),
        f"<footer><p>{escape(profile.notices.funding)}</p><p>{_text(contact)}</p></footer></body></html>",
    ]
    return "\n".join(parts) + "\n"


def _text(text: str) -> str:
    """As HTML in which no phone number ends a line at its hyphen."""
    return _PHONE.sub(r'<span class="number">\g<0></span>', escape(text))


def _care(profile: Profile) -> str:
    lines = "".join(
        f"<li><strong>{escape(line.name)}: {_text(line.number)}</strong><br>{_text(line.text)}"
        f"{'' if line.last_verified else ' (not yet confirmed by the program)'}</li>"
        for line in profile.hotlines
    )
    notice = _text(profile.notices.not_an_emergency)
    return f'<section class="care"><p><strong>Need help right now?</strong></p><ul>{lines}</ul><p>{notice}</p></section>'


def _guide(guide: Guide, today: date) -> str:
    listed = "\n".join(_part(part, guide, today) for part in guide.parts)
    return f"<section><h2>{escape(guide.title)}</h2>\n{listed or '<p>No services are listed for this place yet.</p>'}</section>"


def _part(part: Part, guide: Guide, today: date) -> str:
    title = "" if part.title == guide.title else f"<h2>{escape(part.title)}</h2>\n"
    groups = [
        f"<h3>{escape(group.heading)}</h3>\n" + "\n".join(_entry(each, today) for each in group.items)
        for group in part.groups
    ]
    return title + "\n".join(groups)


def _entry(each: Resource, today: date) -> str:
    facts = [
        each.address,
        ", ".join(each.phones),
        each.hours,
        f"For: {each.eligibility}" if each.eligibility else "",
        f"Languages: {', '.join(each.languages)}" if each.languages else "",
    ]
    lines = [f"<p>{_text(line)}</p>" for line in (each.summary, *facts) if line]
    if each.url:
        lines.append(f'<p><a href="{escape(each.url)}" rel="noreferrer">{escape(each.url)}</a></p>')
    ends = " · ".join(filter(None, (said.reviewed_words(each), said.overdue_words(each, today))))
    shown = "".join(lines)
    return f'<article><h4>{escape(each.title)}</h4>{shown}<p class="small">{escape(ends)}</p></article>'
