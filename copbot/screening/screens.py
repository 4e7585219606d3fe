"""A form sent back: what was found beside each field and where, and one more field that asks how to go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from copbot.screening.rules import Kind
from copbot.slack.answers import Block, View
from copbot.slack.blocks import context, field, option, radio, section
from copbot.slack.text import counted, unformatted

FIELD = "screening"
"""The block id of the added field; those of the added words begin with it."""
EDIT, SEND, CALL = "edit", "send", "call"
CALL_ME = "Asks to be called instead of writing it here. Please contact them in Slack."
RETURNED = (
    "*Not sent yet, and nothing was saved.* Your text seems to hold personal details of somebody you serve, named "
    "below the field. Please take them out."
)
OPENED = (
    "*Please check your text.* It seems to hold personal details of somebody you serve, named below the field. "
    "Please take them out before you send."
)
STILL_THERE = "*Not sent yet, and nothing was saved.* Only a work contact of your own can be sent. Please take out the rest."
_KINDS: dict[Kind, str] = {
    "ssn": "A Social Security number",
    "record_number": "A record or case number",
    "birth_date": "A birth date",
    "email": "An email address",
    "phone": "A phone number",
    "address": "A street address",
    "name": "A name of somebody you serve",
}
_SHOWN = 6
_KEYS = (
    "type", "title", "submit", "close", "private_metadata", "callback_id", "notify_on_close", "clear_on_close",
    "external_id",
)  # fmt: skip


class Spotted(NamedTuple):
    """What was found, and the words just before it."""

    kind: Kind
    after: str


def text_fields(view: View) -> Iterator[tuple[str, str]]:
    """Block id and first text of each field of a form that people type in."""
    for block in view.get("blocks") or ():
        element = block.get("element") or {}
        if block.get("type") == "input" and element.get("type") == "plain_text_input":
            yield str(block.get("block_id") or ""), str(element.get("initial_value") or "")


def marked(
    view: View,
    found: Mapping[str, Sequence[Spotted]],
    *,
    note: str,
    choices: Sequence[str],
    chosen: str,
    texts: Mapping[str, str],
) -> View:
    """The same form with block and action ids kept, so that what was typed stays in it.

    `found`: what each field holds, by block id. `texts`: what stands in the fields.
    """
    blocks: list[Block] = [section(note, block_id=f"{FIELD}:note")]
    last = list(found)[-1]
    for block in view.get("blocks") or ():
        ident = str(block.get("block_id") or "")
        if ident.startswith(FIELD):
            continue
        first = {"element": {**block["element"], "initial_value": texts[ident]}} if texts.get(ident) else {}
        blocks.append({**block, **first})
        if ident in found:
            blocks.append({**context(_named(found[ident])), "block_id": f"{FIELD}.{ident}"})
        if ident == last:
            blocks.append(_choice(choices, chosen))
    return {**{name: view[name] for name in _KEYS if view.get(name)}, "blocks": blocks}


def _named(found: Sequence[Spotted]) -> str:
    where = [f"after “{unformatted(each.after)}”" if each.after else "at the start" for each in found]
    lines = [f"⚠ *{_KINDS[each.kind]}* {at}" for each, at in zip(found, where, strict=True)][:_SHOWN]
    rest = len(found) - _SHOWN
    more = [f"⚠ {counted(rest, 'more detail', 'more details')} like these"] if rest > 0 else []
    return "\n".join(lines + more)


def _choice(choices: Sequence[str], chosen: str) -> Block:
    said: dict[str, Any] = {
        EDIT: "I'll edit the text",
        SEND: "Send anyway: this is my own work contact",
        CALL: "Call me instead: my text is not saved",
    }
    options = [option(said[each], each) for each in choices]
    chosen = chosen if chosen in choices else EDIT
    return field(FIELD, "How do you want to go on?", radio(FIELD, options=options, chosen=chosen))
