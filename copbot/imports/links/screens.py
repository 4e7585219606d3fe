"""The question about a dead link, and the form for its new address."""

from __future__ import annotations

from datetime import datetime

from copbot.resources.library.rules import LONGEST_URL
from copbot.resources.library.values import Resource
from copbot.slack.answers import Message, View
from copbot.slack.blocks import actions, button, confirm, field, form, message, section, text_input
from copbot.slack.text import cut, unformatted, weekday

RIGHT, CHANGE, CHANGED, RETIRE = (
    "imports.link_right", "imports.link_change", "imports.link_changed", "imports.link_retire",
)  # fmt: skip


def dead_link(found: Resource, missing_since: datetime | None) -> Message:
    """To whoever looks after the resource. `missing_since` is None once somebody has decided."""
    name = f"*{unformatted(cut(found.title, 200))}*"
    if found.state != "published":
        return message("Retired", [section(f"{name} is no longer in the library.")])
    if missing_since is None:
        return message("Link checked", [section(f"{name}: this link is taken care of.")])
    text = (
        f"*A link in the library is broken*\n{name}\n{unformatted(cut(found.url, 500))}\n"
        f"The page has been missing since {weekday(missing_since.date())} (checked 3 times)."
    )
    sure = confirm("Retire it?", "Members no longer find it. Staff can publish it again.", "Retire")
    buttons = [
        button("Change address", CHANGE, found.uid, style="primary"),
        button("Still right", RIGHT, found.uid),
        button("Retire", RETIRE, found.uid, confirm=sure),
    ]
    return message(f"A link in the library is broken: {found.title}", [section(text), actions(buttons)])


def address_form(uid: str, title: str, url: str) -> View:
    blocks = [
        section(f"*{unformatted(cut(title, 200))}*"),
        field("url", "New web address", text_input("url", first=url, most=LONGEST_URL)),
    ]
    return form(CHANGED, "Change address", blocks, submit="Save", meta={"resource": uid})
