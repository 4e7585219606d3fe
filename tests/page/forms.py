"""A form of a small app before one of the workspace's people, and what the app hears of it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.page.windows import OpensWindow, Window, until
from tests.sandbox.peer import Bot, asked, option

Json = dict[str, Any]
OPTIONS = [option("Naloxone", "naloxone"), option("Wound care", "wounds")]


def opened(window: OpensWindow, bot: Bot, first: Json, **ack: Any) -> tuple[Window, list[Json]]:
    """The form before kim, and the submissions the app hears of."""
    got = bot.opens(first).answers_form(**ack)
    bot.connect()
    kim = window("kim").types("/ask")
    expect(kim.form).to_be_visible()
    return kim, got


def values(got: list[Json]) -> Json:
    state = until(lambda: got)[-1]["view"]["state"]["values"]
    return {action: held for block in state.values() for action, held in block.items()}


def field(kind: str, **more: Any) -> Json:
    """An optional input of this kind, whose label is its kind."""
    return asked(kind, {"type": kind, "action_id": kind, **more}, kind, optional=True)
