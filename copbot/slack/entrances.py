"""The table of everything a person or Slack can call: one row per entrance, and what a listener is handed.

Help, the manifest, the permission check and the generated tests all come from these rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from typing import Any, Literal

from copbot.errors import NotAllowed, NotFound
from copbot.program.profile import Profile
from copbot.slack.answers import Answer, Open, Update, View
from copbot.slack.person import Person
from copbot.slack.text import plain_words
from copbot.store import Session

Kind = Literal["command", "action", "view", "closed", "options", "shortcut", "message_shortcut", "event"]
Who = Literal["anyone", "member", "staff", "lead", "admin", "lead_or_admin", "slack"]
"""`slack`: an event that tells of somebody, be they a bot, a stranger or gone, and that nobody asked for."""
Effect = Literal["read", "write"]

FILLERS = ("all", "please")
"""What people add to a verb and mean nothing by."""

_REFUSALS: dict[Who, str] = {
    "member": "This is for full members of this workspace. Ask the person who invited you.",
    "staff": "Only staff can do this.",
    "lead": "Only a lead can do this.",
    "admin": "Only an administrator can do this.",
    "lead_or_admin": "Only a lead or an administrator can do this.",
}


@dataclass(frozen=True)
class Form:
    """What stands in a view's fields, by block id."""

    values: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """The field's value (text, date, option value, user or channel id); empty when nothing is there."""
        found = self.values.get(name)
        return found if isinstance(found, str) else ""

    def many(self, name: str) -> tuple[str, ...]:
        """The values chosen in a multi-select or in checkboxes."""
        found = self.values.get(name)
        return tuple(found) if isinstance(found, list | tuple) else ()

    def label(self, name: str) -> str:
        """The words of the option chosen in a single select."""
        return self.labels.get(name, "")


@dataclass(frozen=True)
class Wiring:
    """What the environment says and a listener may need: it beats a choice and is shown read-only."""

    staff_channel: str = ""
    admins: tuple[str, ...] = ()
    is_sandbox: bool = False
    fetch_allow: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks that may be fetched from besides public ones."""


@dataclass(frozen=True)
class Call:
    """One use of an entrance, as the listener sees it."""

    session: Session
    person: Person
    now: datetime
    profile: Profile
    text: str = ""
    """Command: the words after the command and its verb. Options: what was typed. Message shortcut: its text."""
    value: str = ""
    """Action: the pressed button's value or the chosen option's."""
    form: Form = field(default_factory=Form)
    meta: dict[str, Any] = field(default_factory=dict)
    """The view's private metadata: ids only."""
    view_id: str = ""
    in_modal: bool = False
    """Acted in an open form, which another view can take the place of; and not in Home or a message."""
    form_key: str = ""
    """A keyed hash of the form's root view: one for each time a form was opened."""
    is_ephemeral: bool = False
    """Acted in a message that only this person sees and that nothing will bring up to date."""
    channel: str = ""
    ts: str = ""
    """The message acted in, as channel and timestamp."""
    author: str = ""
    message_url: str = ""
    """Message shortcut: who wrote the message (a user's or an app's id), and a link to it."""
    event: dict[str, Any] = field(default_factory=dict)
    team: str = ""
    """The workspace that the app is installed in."""
    bot_user: str = ""
    """The app itself, as a user of that workspace."""
    wiring: Wiring = field(default_factory=Wiring)
    entrances: tuple[Entrance, ...] = ()
    """Every row there is: help is written from them."""

    @property
    def number(self) -> int:
        """The row that the pressed button's value names. Raises `NotFound`: buttons of older releases live on."""
        return number(self.value)

    def show(self, view: View) -> Answer:
        """In the place of the form that is open, else as a new one."""
        return Update(view) if self.in_modal else Open(view)


@dataclass(frozen=True)
class Entrance:
    """One way in.

    `id`: for commands `ta` (the bare command), `ta list` (a verb); for actions the action id, for views the
    callback id, for events the type. `takes` decides whether the rest of a command's words fit this verb; if
    not, they are words for the bare command. `bare` says that words without any verb mean this one. `again`
    answers a repeated delivery of something already done. `concerns` says of an event, given it and the app's own
    user id, whether it is to us at all; one that is not ends before anybody is identified.
    """

    kind: Kind
    id: str
    run: Callable[[Call], Answer]
    who: Who = "anyone"
    effect: Effect = "read"
    help: str = ""
    staff_help: str = ""
    """What it is to staff, where that is something else."""
    example: str = ""
    takes: Callable[[str], bool] = lambda rest: rest.lower() in ("", *FILLERS)
    bare: Callable[[str], bool] = lambda _text: False
    again: Callable[[Call], Answer] | None = None
    concerns: Callable[[dict[str, Any], str], bool] = lambda _event, _bot_user: True
    free_text: tuple[str, ...] = ()
    """Views: the fields in which people write what they like. The frame screens them before the listener runs, as it
    does a text field that a row does not name. Names may hold `*`."""
    public_text: tuple[str, ...] = ()
    """Fields that are published or name an agency: phones, e-mails and addresses belong there, people served do not."""
    other_text: tuple[str, ...] = ()
    """Text fields that hold no words: a web address, a number. Not screened."""
    unnamed: bool = False
    """What is answered here names nobody: the journal says neither who used it nor what about."""
    can_call: bool = False
    """Whether the writer may ask to be called instead: then no word of theirs reaches the listener."""

    @property
    def listener(self) -> str:
        """The listener's own name: `copbot.people.listeners.joined`."""
        return f"{self.run.__module__}.{self.run.__qualname__}"


def any_words(_rest: str) -> bool:
    """For `takes`: whatever follows is for this verb."""
    return True


def command(
    ident: str,
    run: Callable[[Call], Answer],
    help_: str,
    who: Who = "anyone",
    effect: Effect = "read",
    *,
    words: str = "",
    **more: Any,
) -> Entrance:
    """A row for what people type. With `words`, which its example ends in, any words may follow."""
    example, takes = f"/{ident} {words}".strip(), {"takes": any_words} if words else {}
    return Entrance("command", ident, run, who, effect, help_, example=example, **{**takes, **more})


class Entrances:
    """All rows of all rooms, found by kind and id. One event may have several listeners; nothing else may."""

    def __init__(self, rows: Iterable[Entrance]) -> None:
        self.rows = tuple(rows)
        self._by_key: dict[tuple[str, str], tuple[Entrance, ...]] = {}
        for row in self.rows:
            before = self._by_key.get((row.kind, row.id), ())
            if before and (row.kind != "event" or row.listener in {each.listener for each in before}):
                raise ValueError(f"two entrances for {row.kind} {row.id}")
            self._by_key[row.kind, row.id] = (*before, row)

    def find(self, kind: str, ident: str) -> Entrance | None:
        """The row for an id; an id may carry a detail after a colon (`agency:2`), which is not part of it."""
        found = self.hearing(kind, ident)
        return found[0] if found else None

    def hearing(self, kind: str, ident: str) -> tuple[Entrance, ...]:
        """Every row for an id, in the order of the rooms: several only for events."""
        return self._by_key.get((kind, ident)) or self._by_key.get((kind, ident.partition(":")[0])) or ()

    def command(self, word: str, text: str) -> tuple[Entrance | None, str]:
        """The row for `/word text`, and the words left for it.

        What was overheard is understood, too: `*list*`, `status “TA-1001”`, `ta-1001!`. Words that no verb takes
        are left as they were typed.
        """
        verb, _, rest = text.strip().partition(" ")
        plain_verb, _, plain_rest = plain_words(text).partition(" ")
        row = self._exactly("command", f"{word} {plain_verb.lower()}") if verb else None
        for words in (rest.strip(), plain_rest) if row is not None else ():
            if row is not None and row.takes(words):
                return row, words if words.lower() not in FILLERS else ""
        plain = plain_words(text)
        for each in self.rows:
            if each.kind == "command" and each.id.partition(" ")[0] == word and each.bare(plain):
                return each, plain
        return self._exactly("command", word), text.strip()

    def _exactly(self, kind: str, ident: str) -> Entrance | None:
        found = self._by_key.get((kind, ident))
        return found[0] if found else None


def check(person: Person, who: Who) -> None:
    """Raises `NotAllowed` with a sentence unless the person may use an entrance for `who`."""
    if person.refused is not None:
        raise NotAllowed(person.refused)
    if not may(person, who):
        raise NotAllowed(_REFUSALS[who])


def may(person: Person, who: Who) -> bool:
    """Whether somebody who is let in at all is one of `who`."""
    return {
        "anyone": True,
        "slack": True,
        "member": not person.is_guest,
        "staff": person.is_staff,
        "lead": person.is_lead,
        "admin": person.is_admin,
        "lead_or_admin": person.is_lead or person.is_admin,
    }[who]


LARGEST = 2**31 - 1
NOT_THERE = "This is no longer available. Please open it again."


def number(told: object) -> int:
    """A number that a button or a form carries. Raises `NotFound` for anything that no screen of ours can hold."""
    text = str(told)
    if not (text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= LARGEST):
        raise NotFound(NOT_THERE)
    return int(text)
