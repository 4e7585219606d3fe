"""Staff's copy of what a requester wrote, and what its author is asked about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from copbot.assistance.views.requester_screens import START
from copbot.assistance.views.staff_screens import CONVERSATION, OPEN_DONE, REOPEN, REPLY, pressed
from copbot.contacts.screens import OPEN as OPEN_LOG
from copbot.program.profile import Profile
from copbot.slack.answers import Block, Message
from copbot.slack.blocks import MESSAGE_BLOCKS, TEXT, actions, button, context, message, section, typed, words
from copbot.slack.text import counted, escape, size, unformatted

CHOOSE, FINE, FILES_FINE, NO_FILES = (
    "conversation.choose",
    "conversation.fine",
    "conversation.files_fine",
    "conversation.no_files",
)


@dataclass(frozen=True)
class SaidText:
    """One thing that was written. `text` is empty where it is not shown; `files` stand in Slack."""

    text: str
    is_edited: bool = False
    files: int = 0


@dataclass(frozen=True)
class Copy:
    """What staff see of it. `owner` is the user to mention, empty for nobody."""

    label: str
    uid: str
    version: int
    author: str
    owner: str
    said: tuple[SaidText, ...]


@dataclass(frozen=True)
class RequestChoice:
    """A request that a message may be for."""

    id: int
    uid: str
    label: str
    topics: str


def copy(found: Copy) -> Message:
    """In the thread under staff's notice: the owner alone is mentioned."""
    many = f" ({counted(len(found.said), 'message')})" if len(found.said) > 1 else ""
    name, mention = unformatted(found.author), f"<@{found.owner}> " if found.owner else ""
    blocks: list[Block] = [section(f"{mention}*{name}* wrote{many}:")]
    left = len(found.said)
    for each in found.said:
        more = _said(each, found)
        if len(blocks) + len(more) > MESSAGE_BLOCKS - 2:
            blocks.append(context(f"And {counted(left, 'more message')}, in *Conversation*."))
            break
        blocks, left = [*blocks, *more], left - 1
    value = pressed(found.uid, found.version)
    row = [button("Reply", REPLY, value), button("Log", OPEN_LOG, value), button("Done", OPEN_DONE, value)]
    if left or any(size(each.text) > TEXT for each in found.said):
        row.append(button("Conversation", CONVERSATION, value))
    return message(f"{found.author} wrote about {found.label}", [*blocks, actions(row)])


def _said(each: SaidText, found: Copy) -> list[Block]:
    name = unformatted(found.author)
    if not each.text and not each.files:
        held = f"{name} wrote something that may hold a client's details, so it isn't shown here."
        return [section(f"{held} Send them a message in Slack.")]
    blocks: list[Block] = [typed(each.text)] if each.text else []
    if each.is_edited and each.text:
        blocks.append(context("Edited"))
    if each.files:
        it = "it" if each.files == 1 else "them"
        held = f"{name} sent {counted(each.files, 'file')} and says no client is in {it}."
        blocks.append(context(f":paperclip: {held} To get {it}, message {name} in Slack."))
    return blocks


def held(uid: str) -> Message:
    """To the author: what they wrote was not passed on."""
    text = "Your message wasn't sent to staff"
    says = (
        "*Your message wasn't sent to staff.* It may hold details of somebody you serve, like a name, a birth date or "
        "a phone number. Edit your message to take them out, and staff get it."
    )
    more = "If a name, birth date or number is still in it, staff only see that you wrote, not the text."
    fine = button("It's fine, send it", FINE, uid)
    return message(text, [section(says), actions([fine]), context(more)])


def pointed() -> Message:
    """To the author, who said that it is fine: a name or a birth date is still in it."""
    text = (
        "Staff see that you wrote, but not the text: it seems to hold a name, a birth date or a number of somebody you "
        "serve. Edit your message to take it out, and staff see the text."
    )
    return message(text, [words(text)])


def failed(label: str, profile: Profile) -> Message:
    """To the author: staff have it in Home only."""
    text = (
        f"Your message about {label} hasn't reached staff's channel: Slack refused it. It is saved and goes out as "
        f"soon as Slack takes it. If it can't wait, call {profile.contact.phone}."
    )
    return message(text, [words(text)])


def ask_files(uid: str) -> Message:
    text = "Do your files name or show anyone you serve?"
    says = f"*{text}* If not, staff can see that you sent files and ask you for them. They aren't copied."
    buttons = [button("No, tell staff", FILES_FINE, uid), button("Don't tell staff", NO_FILES, uid)]
    return message(text, [section(says), actions(buttons)])


def ask_which(choices: Sequence[RequestChoice], channel: str, ts: str, *, reopens: bool) -> Message:
    """To the author, about one message of theirs: which request it is for."""
    text = "Which request is your message about?"
    if reopens and choices:
        text = f"{choices[0].label} is closed. Reopen it with your message?"
    elif not choices:
        text = "You have no open request. Ask for help, and staff get what you write."
    verb = "Reopen " if reopens else ""
    buttons = [
        button(_named(each, verb), f"{CHOOSE}:{each.id}", f"{each.uid}:{channel}:{ts}") for each in choices
    ]
    return message(text, [words(text), actions([*buttons, button("Ask something new", START)])])


def _named(each: RequestChoice, verb: str) -> str:
    return f"{verb}{each.label}" if verb else f"{each.label}: {each.topics}"


def chosen(label: str, *, is_reopened: bool) -> Message:
    text = f"Staff get your message about {label}."
    if is_reopened:
        text = f"{label} was closed. It is open again, and staff get your message about it."
    return message(text, [words(text)])


def first(label: str) -> Message:
    """To the author of a first message about a request; only they see it."""
    text = f"Staff get what you write here about {label}. If you edit or delete it, their copy changes too."
    return message(text, [words(text)])


def to_finished(label: str, uid: str, version: int) -> Message:
    text = f"Staff get your message. {label} is marked as done. Still need help with it? Reopen it."
    return message(text, [words(text), actions([button("Reopen", REOPEN, pressed(uid, version))])])


def no_request(profile: Profile) -> Message:
    """To whoever writes and has no request: nobody reads it."""
    word = profile.commands.ta
    text = f"Nobody reads this, because you have no open request. Press the button or type {word} to ask for help."
    return message(text, [words(text), actions([button("Request assistance", START)])])


def staffs_own(word: str) -> Message:
    text = f"Nobody gets this. To write to the requester, press Reply in the request ({escape(word)} list)."
    return message(text, [words(text)])
