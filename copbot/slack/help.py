"""Help, written from the table of entrances: only what this person can use, with an example of each."""

from __future__ import annotations

from collections.abc import Iterable

from copbot.errors import NotAllowed
from copbot.program.profile import Profile
from copbot.slack.answers import Block, Message
from copbot.slack.blocks import context, message, section
from copbot.slack.entrances import Entrance, check
from copbot.slack.person import Person
from copbot.slack.text import escape


def help_message(rows: Iterable[Entrance], word: str, *, person: Person, profile: Profile) -> Message:
    """All verbs of `/word` that the person may use, then the shortcuts, then whom to call."""
    usable = [row for row in rows if _may(person, row)]
    verbs = [row for row in usable if row.kind == "command" and row.id.split(" ")[0] == word]
    shortcuts = [row for row in usable if row.kind.endswith("shortcut")]
    typed = dict(profile.commands).get(word, f"/{word}")
    blocks: list[Block] = [section("\n".join(_line(row, typed) for row in verbs))]
    if shortcuts:
        names = "\n".join(f"• *{escape(row.example)}*: {escape(row.help)}" for row in shortcuts)
        blocks.append(section(f"Without typing:\n{names}"))
    contact = profile.contact
    blocks.append(
        context(
            f"Something does not work, or you would rather talk? {escape(contact.phone)} · {escape(contact.email)}",
            escape(profile.notices.not_an_emergency),
        )
    )
    return message(f"What you can do with {typed}", blocks)


def _line(row: Entrance, typed: str) -> str:
    """`typed` is the programme's own word for the command; the table has ours."""
    example = " ".join((typed, *row.example.split(" ")[1:]))
    return f"• `{escape(example)}`: {escape(row.help)}"


def _may(person: Person, row: Entrance) -> bool:
    try:
        check(person, row.who)
    except NotAllowed:
        return False
    return True
