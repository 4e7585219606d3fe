"""Messages as Slack judges them: the arguments of chat.* methods and the bodies that carry a message."""

from __future__ import annotations

import json
from typing import Any

from copbot.sandbox import limits
from copbot.sandbox.blocks import check_blocks, markdown_length
from copbot.sandbox.grids import texts_in
from copbot.sandbox.limits import BlockRefusal, Json, length, refusal, size
from copbot.sandbox.shapes import Findings, choice


class _Unreadable(Exception):
    """A structured argument that is not the JSON it should be."""


def _listed(args: Json, name: str) -> list[Any]:
    value = args.get(name)
    if isinstance(value, str):
        try:
            value = json.loads(value) if value.strip() else None
        except ValueError:
            raise _Unreadable from None
    if value is None:
        return []
    if not isinstance(value, list):
        raise _Unreadable
    return value


def check_message(args: Json, *, update: bool = False, ephemeral: bool = False) -> BlockRefusal | None:
    """What Slack answers instead of showing this message; nothing when it would show it."""
    try:
        blocks = _listed(args, "blocks")
    except _Unreadable:
        return refusal("invalid_blocks_format")
    try:
        attachments = _listed(args, "attachments")
    except _Unreadable:
        return refusal("invalid_attachments")
    return (
        _check_text(args, blocks, attachments, update=update, ephemeral=ephemeral)
        or _check_blocks(blocks)
        or _check_attachments(attachments)
        or _check_metadata(args.get("metadata"))
    )


def _check_text(
    args: Json, blocks: list[Any], attachments: list[Any], *, update: bool, ephemeral: bool
) -> BlockRefusal | None:
    text, markdown = args.get("text"), args.get("markdown_text")
    for name, value in (("text", text), ("markdown_text", markdown)):
        if value is not None and not isinstance(value, str):
            return refusal("invalid_arguments", [f"must provide a string [json-pointer:/{name}]"])
    if markdown is not None and (text or blocks):
        return refusal("markdown_text_conflict")
    shown = blocks or attachments or args.get("file_ids")
    if not shown and not (text or "").strip() and not (markdown or "").strip():
        return refusal("no_text")
    if length(markdown or "") > limits.MARKDOWN_TEXT:
        return refusal("msg_too_long")
    high = limits.UPDATED_TEXT if update else limits.POSTED_TEXT
    if (update or ephemeral) and length(text or "") > high:
        return refusal("msg_too_long")
    return None


# Tables carry limits of their own, larger than the one over the rest.
_COUNTED_APART = frozenset({"table"})


def _check_blocks(blocks: list[Any]) -> BlockRefusal | None:
    problems = check_blocks(blocks, "message")
    if problems:
        return refusal("invalid_blocks", problems)
    if sum(length(text) for text in texts_in(blocks, without=_COUNTED_APART)) > limits.MESSAGE_BLOCKS_TEXT:
        return refusal("msg_blocks_too_long")
    return refusal("msg_blocks_too_long") if markdown_length(blocks) > limits.MARKDOWN_TEXT else None


def _check_attachments(attachments: list[Any]) -> BlockRefusal | None:
    if len(attachments) > limits.ATTACHMENTS:
        return refusal("too_many_attachments")
    problems: list[str] = []
    for place, attachment in enumerate(attachments):
        if not isinstance(attachment, dict):
            problems.append(f"must provide an object [json-pointer:/attachments/{place}]")
        elif attachment.get("blocks") is not None:
            problems += check_blocks(attachment["blocks"], "message", at=f"/attachments/{place}/blocks")
    return refusal("invalid_attachments", problems) if problems else None


def _check_metadata(metadata: Any) -> BlockRefusal | None:
    if isinstance(metadata, str):
        try:
            metadata = json.loads(metadata) if metadata.strip() else None
        except ValueError:
            return refusal("invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        return refusal("invalid_metadata_format")
    entities = metadata.get("entities")
    named = isinstance(metadata.get("event_type"), str) and isinstance(metadata.get("event_payload"), dict)
    if not (named and metadata["event_type"]) and not isinstance(entities, list):
        return refusal("invalid_metadata_schema")
    return refusal("metadata_too_large") if size(metadata) > limits.METADATA_BYTES else None


def check_answer(body: Json) -> BlockRefusal | None:
    """A message body sent to a response_url or carried by a command's ack."""
    if body.get("delete_original") in (True, "true"):
        return None
    found = Findings()
    if "response_type" in body:
        choice("ephemeral", "in_channel")(body["response_type"], "/response_type", found)
    return refusal("invalid_arguments", found.problems) if found.problems else check_message(body)


def as_posted(text: str) -> str:
    """The text as it stands after chat.postMessage, which cuts what is too long without a word."""
    if length(text) <= limits.POSTED_TEXT:
        return text
    units = text.encode("utf-16-le", "surrogatepass")[: limits.POSTED_TEXT * 2]
    return units.decode("utf-16-le", "ignore")
