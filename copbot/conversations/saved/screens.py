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

OPEN, EDIT = "conversation.answers", "conversation.edit_answer"
DELETE, EDITED = "conversation.delete_answer", "conversation.answer_edited"
_PUBLIC = "All of staff can use this. Nothing about a single agency or person belongs in it."


def options(found: Sequence[SavedAnswer]) -> tuple[Option, ...]:
    return tuple(option(each.name, str(each.id), _glimpse(each, 75)) for each in found)


def list_view(found: Sequence[SavedAnswer]) -> View:
    blocks = [
        words(
            f"{each.name}\n{_glimpse(each, 120)}", accessory=button("Edit", f"{EDIT}:{each.id}", str(each.id))
        )
        for each in found
    ]
    return form("notice", "Saved answers", blocks or [context("No saved answers.")], close="Back")


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
