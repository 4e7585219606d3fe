"""Saved answers as staff choose and edit them."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.conversations.saved.rules import LONGEST, LONGEST_NAME, SavedAnswer
from copbot.slack.answers import View
from copbot.slack.blocks import (
    Option,
    actions,
    button,
    confirm,
    context,
    field,
    form,
    option,
    text_input,
    words,
)
from copbot.slack.text import cut

OPEN, PAGE_TO, EDIT, DELETE, EDITED = (
    "conversation.answers",
    "conversation.answers_page",
    "conversation.edit_answer",
    "conversation.delete_answer",
    "conversation.answer_edited",
)
PAGE = 20
_GLIMPSE = 120
_PUBLIC = "All of staff can use this. Nothing about a single agency or person belongs in it."


def options(found: Sequence[SavedAnswer]) -> tuple[Option, ...]:
    return tuple(option(each.name, str(each.id), _glimpse(each, 75)) for each in found)


def list_view(found: Sequence[SavedAnswer], start: int) -> View:
    """A page of them; one more than fits says that there are more."""
    blocks = [
        words(
            f"{each.name}\n{_glimpse(each, _GLIMPSE)}",
            accessory=button("Edit", f"{EDIT}:{each.id}", str(each.id)),
        )
        for each in found[:PAGE]
    ]
    turns = [button("Back to the first", f"{PAGE_TO}:first", "0")] if start else []
    turns += [button("More", f"{PAGE_TO}:more", str(start + PAGE))] if len(found) > PAGE else []
    blocks = blocks or [context("No saved answers. Save one with your next reply.")]
    return form("notice", "Saved answers", [*blocks, *([actions(turns)] if turns else [])], close="Back")


def edit_form(answer: SavedAnswer) -> View:
    sure = confirm("Delete this answer?", "It can't be inserted in replies anymore.", "Delete", "Keep it")
    blocks = [
        field("name", "Name", text_input("name", first=answer.name, most=LONGEST_NAME)),
        field("text", "Answer", text_input("text", first=answer.text, long=True, most=LONGEST), hint=_PUBLIC),
        actions([button("Delete", DELETE, str(answer.id), style="danger", confirm=sure)]),
    ]
    return form(EDITED, "Edit saved answer", blocks, submit="Save", meta={"answer": answer.id})


def _glimpse(answer: SavedAnswer, most: int) -> str:
    return cut(" ".join(answer.text.split()), most)
