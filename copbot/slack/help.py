"""Help, written from the table of entrances: only what this person can use, with an example of each."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from copbot.errors import NotAllowed
from copbot.program.profile import Profile
from copbot.slack.answers import Block, Message
from copbot.slack.blocks import context, message, section
from copbot.slack.entrances import Entrance, check
from copbot.slack.person import Person
from copbot.slack.text import escape

NEARLY = 0.7
"""How alike two words are when one is taken for a slip of the other: `lst` and `list` are."""
_PLACES = {"shortcut": "among Slack's shortcuts", "message_shortcut": "in a message's own menu"}


def help_message(rows: Iterable[Entrance], word: str, *, person: Person, profile: Profile) -> Message:
    """All verbs of `/word` that the person may use, then the shortcuts, then whom to call."""
    usable = [row for row in rows if _may(person, row)]
    verbs = sorted(_verbs(usable, word), key=lambda row: (row.id != word, row.id == f"{word} help"))
    shortcuts = [row for row in usable if row.kind.endswith("shortcut")]
    typed = dict(profile.commands).get(word, f"/{word}")
    blocks: list[Block] = [section("\n".join(filter(None, (_line(row, typed, person) for row in verbs))))]
    if shortcuts:
        names = "\n".join(
            f"• *{escape(row.example)}*: {escape(row.help)} ({_PLACES[row.kind]})" for row in shortcuts
        )
        blocks.append(section(f"Without typing:\n{names}"))
    contact = profile.contact
    blocks.append(
        context(
            f"Something not working, or rather talk? {escape(contact.phone)} · {escape(contact.email)}",
            escape(profile.notices.not_an_emergency),
        )
    )
    return message(f"What you can do with {typed}", blocks)


def meant(rows: Iterable[Entrance], word: str, text: str, *, person: Person, profile: Profile) -> str:
    """The command that somebody probably meant who typed `/word text`, as they would type it; else empty.

    A verb with a word too many, or a single word that is nearly one. Longer words are meant as they are.
    """
    verb, *rest = text.lower().split() or [""]
    verbs = {row.id.partition(" ")[2]: row for row in _verbs(rows, word) if _may(person, row)}
    verbs.pop("", None)
    near = [verb] if verb in verbs else [] if rest else get_close_matches(verb, verbs, 1, NEARLY)
    if len(rest) > 1 or not near:
        return ""
    return _as_typed(verbs[near[0]], dict(profile.commands).get(word, f"/{word}"))


def _verbs(rows: Iterable[Entrance], word: str) -> list[Entrance]:
    return [row for row in rows if row.kind == "command" and row.id.split(" ")[0] == word]


def _as_typed(row: Entrance, typed: str) -> str:
    """`typed` is the programme's own word for the command; the table has ours."""
    return " ".join((typed, *row.example.split(" ")[1:]))


def _line(row: Entrance, typed: str, person: Person) -> str:
    """A verb and what it does; empty for one that says nothing to this person."""
    said = row.staff_help if person.is_staff and row.staff_help else row.help
    return f"• `{escape(_as_typed(row, typed))}`: {escape(said)}" if said else ""


def _may(person: Person, row: Entrance) -> bool:
    try:
        check(person, row.who)
    except NotAllowed:
        return False
    return True
