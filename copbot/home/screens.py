"""Home's page: the rooms' sections one under the other, however much they hold within what Slack takes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from copbot.assistance.intake.screens import care_button
from copbot.assistance.views.requester_screens import START
from copbot.program.profile import Profile
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, View
from copbot.slack.text import escape

PART = "home.part"
MOST_OF_A_PART = 60
VIEW_BYTES = 200_000
"""Slack takes 250 KB of JSON; the rest is for what it adds itself."""
_AROUND = 7


@dataclass(frozen=True)
class DrawnSection:
    """One section with its blocks. `name` finds it again when it stands behind a button."""

    name: str
    title: str
    blocks: tuple[Block, ...]


def page(profile: Profile, parts: Sequence[DrawnSection]) -> View:
    """What fits stands here in order; each of the others has a button that shows it."""
    blocks: list[Block] = [
        kit.header(profile.name),
        kit.context(escape(profile.notices.not_an_emergency)),
        kit.actions([kit.button("Ask for help", START, style="primary"), *care_button(profile)]),
    ]
    shown, behind = fitting([part for part in parts if part.blocks])
    for part in shown:
        blocks += [kit.divider(), *part.blocks]
    if behind:
        buttons = [kit.button(part.title, f"{PART}:{part.name}", part.name) for part in behind]
        blocks += [kit.divider(), kit.section("*More*"), kit.actions(buttons)]
    contact = profile.contact
    blocks += [kit.divider(), kit.context(f"Rather talk? {escape(contact.phone)} · {escape(contact.email)}")]
    return kit.home(blocks)


def closed(why: str) -> View:
    """The Home of somebody who may use nothing here any more: the sentence that says why."""
    return kit.home([kit.section(escape(why))])


def fitting(parts: Sequence[DrawnSection]) -> tuple[list[DrawnSection], list[DrawnSection]]:
    """Those that stand in Home, and those that have to stand behind a button."""
    room, weight = kit.VIEW_BLOCKS - _AROUND, VIEW_BYTES
    shown: list[DrawnSection] = []
    behind: list[DrawnSection] = []
    for part in parts:
        size = len(json.dumps(part.blocks))
        if len(part.blocks) + 1 <= room and size <= weight:
            room, weight = room - len(part.blocks) - 1, weight - size
            shown.append(part)
        else:
            behind.append(part)
    return shown, behind


def part_view(part: DrawnSection) -> View:
    """A section that did not fit into Home, on its own."""
    blocks = part.blocks or (kit.section("There is nothing here anymore."),)
    return kit.notice(part.title, bounded(blocks))


def bounded(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """As many of the blocks as a view takes, with a word where some were left out."""
    kept: list[Block] = []
    weight = VIEW_BYTES
    for block in blocks[:MOST_OF_A_PART]:
        weight -= len(json.dumps(block))
        if weight < 0:
            break
        kept.append(block)
    if len(kept) < len(blocks):
        kept.append(kit.context("Only part of the list fits here."))
    return tuple(kept)
