"""The Reply form, what its reader gets, and what staff see of it in their thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from copbot.assistance import rules as requests
from copbot.assistance.views.requester_screens import OPEN_ANSWER
from copbot.assistance.views.staff_screens import REPLY, pressed
from copbot.assistance.workflow.screens import NO_CLIENTS, Reader, unreachable
from copbot.conversations.replies.rules import LONGEST, Line, StaffReply
from copbot.conversations.saved.rules import LONGEST_NAME
from copbot.conversations.saved.screens import OPEN as OPEN_ANSWERS
from copbot.program.profile import Profile
from copbot.slack.answers import Block, Message, View
from copbot.slack.blocks import (
    actions,
    button,
    context,
    field,
    form,
    message,
    search_select,
    section,
    text_input,
    typed,
    words,
)
from copbot.slack.text import counted, cut, day_and_time, unformatted

if TYPE_CHECKING:
    from copbot.assistance.views.facts import RequestFacts

SEND, UNDO, INSERT = "conversation.reply", "conversation.undo_reply", "conversation.insert"
SEND_THIS, PAGE_TO = "conversation.send_this", "conversation.page"
PAGE = 10
_GLIMPSE = 200
_LONGEST_BLOCK = 1500
"""Characters: also of those that Slack counts twice, a block takes so many."""


def reply_form(
    number: str,
    meta: Mapping[str, object],
    reader: Reader,
    *,
    colleagues: int = 0,
    text: str = "",
    has_saved: bool = False,
    may_save: bool = True,
) -> View:
    """`meta` names the text field anew (`n`) whenever a text is put into it: Slack keeps what was typed in an old one."""
    name = unformatted(reader.name)
    gets = f"{name} and {counted(colleagues, 'colleague')} get" if colleagues else f"{name} gets"
    when = "one minute after you press Send. Undo before then and nothing is sent."
    blocks: list[Block] = [
        *unreachable(reader),
        context(f"{gets} this text in a direct message, {when}"),
    ]
    if has_saved:
        chooser = search_select(INSERT, placeholder="Type a word of it")
        blocks.append(field("saved", "Insert a saved answer", chooser, optional=True, dispatch=True))
    box = text_input(f"text:{meta.get('n', 0)}", first=text, long=True, most=LONGEST)
    blocks.append(field("text", "Your reply", box, hint=NO_CLIENTS))
    if may_save:
        name_box = text_input("save_as", most=LONGEST_NAME)
        hint = "Give it a name, and all of staff can insert it in their replies. Leave this empty to save nothing."
        blocks.append(field("save_as", "Save as an answer to use again", name_box, optional=True, hint=hint))
    if has_saved:
        blocks.append(actions([button("Edit saved answers", OPEN_ANSWERS)]))
    return form(SEND, f"Reply about {number}", blocks, submit="Send", meta=meta)


def saved_view(number: str, reply: StaffReply, reader: Reader, profile: Profile, *, note: str = "") -> View:
    """After Send: until when it can be undone."""
    out = day_and_time(reply.goes_at, profile.time_zone)
    blocks = [
        section(
            f"*Your reply is saved.* {unformatted(reader.name)} gets it {out}. Undo before then and nothing is sent."
        ),
        typed(reply.text),
        actions([button("Undo", UNDO, reply.uid)]),
        *([context(note)] if note else []),
    ]
    return form("notice", f"Reply about {number}", blocks, close="Close")


def undone(reader: str, text: str) -> Message:
    """To whoever undid it: the text is stored nowhere any more."""
    said = f"Undone. {reader} did not get this text. Copy it if you need it, it isn't kept:"
    return message(said, [words(said), typed(text)])


def sent(reply: StaffReply, reader: str, profile: Profile, *, is_out: bool) -> Message:
    """In staff's thread: what goes out and when; then what went out."""
    at = day_and_time(reply.goes_at, profile.time_zone)
    if is_out:
        text = f"{reply.by} replied to {reader}, {at}:"
        return message(text, [words(text), typed(reply.text)])
    text = f"{reply.by}'s reply to {reader} goes out {at}:"
    return message(text, [words(text), typed(reply.text), actions([button("Undo", UNDO, reply.uid)])])


def reply(facts: RequestFacts, said: StaffReply, wrote: str, last: str) -> Message:
    """To the requester: who answers, the text, what it answers, and how to go on. `last`: what `wrote` wrote last."""
    text = f"{said.by} replied about {facts.label}:"
    about = " ".join(last.split())
    blocks: list[Block] = [
        words(text),
        typed(said.text),
        context(f"{unformatted(wrote)} wrote: {unformatted(cut(about, _GLIMPSE))}"),
    ]
    if facts.state in requests.OPEN:
        label = "Answer" if facts.question is not None else "Add details"
        blocks.append(context(f"Write back here, or press *{label}*. Staff get it."))
        blocks.append(actions([button(label, OPEN_ANSWER, pressed(facts.uid, facts.version))]))
    return message(text, blocks)


def only_staff(reader: str, value: str | None) -> Message:
    """To whoever writes in staff's thread. `value` names their message; None when nothing can be sent."""
    text = f"Only staff see what you write here. {reader} doesn't."
    press = [actions([button(f"Send to {reader}", SEND_THIS, value)])] if value else []
    return message(text, [words(text), *press])


def conversation_view(
    facts: RequestFacts, lines: Sequence[Line], start: int, profile: Profile, *, staff: bool
) -> View:
    """A page of everything that was written between the two sides, oldest first."""
    blocks: list[Block] = []
    for each in lines[start : start + PAGE]:
        name = f"{unformatted(each.by)} " if each.by else ""
        blocks.append(context(f"{name}{each.did}, {day_and_time(each.at, profile.time_zone)}:"))
        if each.note:
            blocks.append(context(each.note))
        parts = range(0, len(each.text), _LONGEST_BLOCK)
        blocks += [typed(each.text[at : at + _LONGEST_BLOCK]) for at in parts]
    turns = []
    if start > 0:
        turns.append(button("Earlier", f"{PAGE_TO}:earlier", f"{facts.uid}:{max(0, start - PAGE)}"))
    if start + PAGE < len(lines):
        turns.append(button("Later", f"{PAGE_TO}:later", f"{facts.uid}:{start + PAGE}"))
    if staff and facts.state != requests.CLOSED:
        turns.append(button("Reply", REPLY, pressed(facts.uid, facts.version)))
    blocks += [actions(turns)] if turns else []
    return form("notice", facts.label, blocks, close="Back")
