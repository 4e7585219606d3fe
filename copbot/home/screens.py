"""Home: ask for help, own requests; for staff the queue; for administrators the set-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from copbot.assistance.screens.requester import START
from copbot.program.profile import Profile
from copbot.slack.answers import Block, View
from copbot.slack.blocks import actions, button, context, divider, header, home, section
from copbot.slack.text import escape

STAFF_CHANNEL = "home.staff_channel"
RETRY = "delivery.retry"


@dataclass(frozen=True)
class SetUp:
    """The staff channel as an administrator sees it. `problem` is a sentence, empty when all is well."""

    channel: str
    problem: str
    fixed: bool
    staff: int


@dataclass(frozen=True)
class Undelivered:
    id: int
    words: str


def page(profile: Profile, parts: Sequence[Sequence[Block]]) -> View:
    """The parts one under the other, under the name and what this is for."""
    blocks: list[Block] = [
        header(profile.name),
        context(escape(profile.notices.not_an_emergency)),
        actions([button("Ask for help", START, style="primary")]),
    ]
    for part in parts:
        if part:
            blocks += [divider(), *part]
    contact = profile.contact
    blocks += [divider(), context(f"Rather talk? {escape(contact.phone)} · {escape(contact.email)}")]
    return home(blocks)


def undelivered(letters: Sequence[Undelivered]) -> list[Block]:
    """Messages Slack would not take: why, and a button to try again."""
    if not letters:
        return []
    blocks = [section("*Messages that could not be delivered*")]
    for each in letters:
        again = button("Try again", RETRY, str(each.id))
        blocks.append(section(escape(each.words), accessory=again))
    return blocks


def set_up(found: SetUp) -> list[Block]:
    """The administrator's part: which channel staff are in, and what is wrong with it."""
    blocks: list[Block] = [section("*Set-up: the staff channel*")]
    if found.fixed:
        blocks.append(
            context("It is set by COPBOT_STAFF_CHANNEL where the app runs, and can only be changed there.")
        )
    else:
        chooser = {
            "type": "conversations_select",
            "action_id": STAFF_CHANNEL,
            "placeholder": {"type": "plain_text", "text": "Choose a private channel"},
            "filter": {"include": ["private"], "exclude_external_shared_channels": True},
        }
        if found.channel:
            chooser["initial_conversation"] = found.channel
        words = "A private channel without guests. Its members are staff: they see every request. Invite the app first."
        blocks.append(section(words, accessory=chooser))
    state = (
        f":warning: {escape(found.problem)}" if found.problem else f":white_check_mark: {_staff(found.staff)}"
    )
    blocks.append(context(state))
    return blocks


def _staff(count: int) -> str:
    return (
        "Nobody is in it yet."
        if not count
        else f"{count} {'person is' if count == 1 else 'people are'} staff."
    )
