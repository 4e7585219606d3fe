"""The form that adds a colleague to a request, with who is on it, and what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from copbot.assistance.views.staff_screens import REMOVE_COLLEAGUE
from copbot.slack.answers import Block, Message, View
from copbot.slack.blocks import button, confirm, context, field, form, message, words

if TYPE_CHECKING:
    from copbot.assistance.rules import Somebody
    from copbot.assistance.views.facts import RequestFacts, ToldFacts

ADD = "request.add_colleague"


def colleagues_form(facts: RequestFacts, agency: str, *, may_grow: bool, note: str = "") -> View:
    """Who is on it, each with a way off; and whom to add, as long as somebody else of the agency is known."""
    blocks: list[Block] = [words(note)] if note else []
    blocks += [words(each.name, accessory=_remove(facts, each)) for each in facts.colleagues]
    title, meta = f"Colleagues on {facts.label}"[:24], {"uid": facts.uid, "version": facts.version}
    if not agency:
        nobody = "This request isn't for an agency, so nobody can be added."
        return form("notice", title, [*blocks, words(nobody)], close="Close")
    if not may_grow:
        nobody = f"Nobody else is listed with {agency} yet. A colleague can choose {agency} in Home, under About you."
        return form("notice", title, [*blocks, words(f"{nobody} Then add them here.")], close="Close")
    hear = "They get the same messages as the person who asked, and can answer and add details."
    chooser: dict[str, Any] = {"type": "users_select", "action_id": "colleague"}
    blocks += [context(hear), field("colleague", f"Colleague at {agency}", chooser)]
    return form(ADD, title, blocks, submit="Add", close="Close", meta=meta)


def _remove(facts: RequestFacts, each: Somebody) -> dict[str, Any]:
    about = "They no longer see it or get messages about it. What they got is deleted."
    sure = confirm(f"Remove {each.name}?", about, "Remove", "Keep")
    return button("Remove", REMOVE_COLLEAGUE, f"{facts.pressed}:{each.id}", confirm=sure)


def left_view(number: str) -> View:
    return form("notice", number, [words(left_words(number))], close="Close")


def left_words(number: str) -> str:
    return f"You left {number}. You won't get messages about it anymore."


def unshared(facts: ToldFacts) -> Message:
    name = facts.event.by.name if facts.event.by else "Staff"
    text = f"{name} removed you from {facts.request.label}. You won't get messages about it anymore."
    return message(text, [words(text)])
