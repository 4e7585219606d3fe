"""What a listener may answer. It returns one of these and never talks to Slack itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Block = dict[str, Any]
View = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """What stands in a message: the fallback `text` (already safe) and its blocks."""

    text: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class FileMessage(Message):
    """A file with `text` above it. It is sent once: what is changed afterwards does not change it."""

    name: str = ""
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Nothing:
    """Nothing to show, and why (a word or two for the log and the status page)."""

    reason: str = ""


@dataclass(frozen=True)
class Say:
    """A message only the person sees. From a form, it takes the form's place.

    `saved=False` from a writing entrance: nothing was changed, so the same delivery may come again.
    """

    message: Message
    saved: bool = True


@dataclass(frozen=True)
class Quote:
    """A message of the person's own, read from Slack just before a form opens and put into its text field `block`."""

    channel: str
    thread_ts: str
    ts: str
    block: str


@dataclass(frozen=True)
class Open:
    """Open a form. `words` is what the person typed to get here: shown back if the form cannot open.

    `saved=True` from a writing entrance: more than the form came of it.
    """

    view: View
    words: str = ""
    quote: Quote | None = None
    saved: bool = False


@dataclass(frozen=True)
class Push:
    """Put a form on top of the one that is open. `saved` as in `Open`."""

    view: View
    saved: bool = False


@dataclass(frozen=True)
class Update:
    """Put another view in the place of the one acted in. `saved` as in `Say`."""

    view: View
    saved: bool = True


@dataclass(frozen=True)
class Wrong:
    """The form stays open with these sentences at its fields (block id → words). Nothing is saved."""

    fields: dict[str, str]


@dataclass(frozen=True)
class Options:
    """Answer to a select that asks while typing: option dicts, or groups of them."""

    options: tuple[dict[str, Any], ...] = ()
    groups: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Done:
    """It is done; the form closes, a button needs no words.

    `everything`: forms below it close, too, because what they show is no longer so.
    """

    everything: bool = False


@dataclass(frozen=True)
class Home:
    """Publish the person's Home (`view`); shown after the ack."""

    view: View
    also: Say | None = None


Answer = Say | Open | Push | Update | Wrong | Options | Done | Home | Nothing


def has_effect(answer: Answer) -> bool:
    """Whether a writing entrance's transaction is worth keeping: a form sent back saved nothing."""
    if isinstance(answer, Say | Update | Open | Push):
        return answer.saved
    return isinstance(answer, Done | Home)


__all__ = [
    "Answer",
    "Block",
    "Done",
    "Home",
    "Message",
    "Nothing",
    "Open",
    "Options",
    "Push",
    "Quote",
    "Say",
    "Update",
    "View",
    "Wrong",
    "has_effect",
]
