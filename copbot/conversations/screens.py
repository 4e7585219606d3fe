"""What both sides read of a conversation: copies, questions to an author, replies, the whole of it; saved answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from copbot.assistance import rules as requests
from copbot.assistance.rules import Somebody
from copbot.assistance.views.requester_screens import OPEN_ANSWER, START
from copbot.assistance.views.staff_screens import CONVERSATION, OPEN_DONE, REOPEN, REPLY, pressed
from copbot.assistance.workflow.screens import unreachable
from copbot.contacts.screens import NO_CLIENTS
from copbot.contacts.screens import OPEN as OPEN_LOG
from copbot.conversations.rules import LONGEST, LONGEST_NAME, Line, SavedAnswer, StaffReply
from copbot.program.profile import Profile
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, Message, View
from copbot.slack.person import Person
from copbot.slack.text import counted, cut, day_and_time, escape, size, unformatted

if TYPE_CHECKING:
    from copbot.assistance.views.facts import RequestFacts

CHOOSE, FINE = "conversation.choose", "conversation.fine"
FILES_FINE, NO_FILES = "conversation.files_fine", "conversation.no_files"
SEND, UNDO, INSERT = "conversation.reply", "conversation.undo_reply", "conversation.insert"
SEND_THIS, PAGE_TO = "conversation.send_this", "conversation.page"
ANSWERS, EDIT_ANSWER = "conversation.answers", "conversation.edit_answer"
DELETE_ANSWER, ANSWER_EDITED = "conversation.delete_answer", "conversation.answer_edited"
PAGE = 10
_GLIMPSE = 200
_LONGEST_BLOCK = 1500
"""Characters: also of those that Slack counts twice, a block takes so many."""
_PUBLIC = "All of staff can use this. Leave out anything about a single agency or person."


# -- what requesters write


@dataclass(frozen=True)
class SaidText:
    """One thing that was written. `text` is empty where it is not shown; `files` stand in Slack."""

    text: str
    is_edited: bool = False
    files: int = 0


def copy(label: str, value: str, said: Sequence[SaidText], *, author: Person, owner: str) -> Message:
    """In the thread under staff's notice. `value`: its request's in buttons; `owner`: to be mentioned, or empty."""
    many = f" ({counted(len(said), 'message')})" if len(said) > 1 else ""
    mention = f"<@{owner}> " if owner else ""
    blocks: list[Block] = [kit.section(f"{mention}*{unformatted(author.name)}* wrote{many}:")]
    left = len(said)
    for each in said:
        more = _said(each, author)
        if len(blocks) + len(more) > kit.MESSAGE_BLOCKS - 2:
            blocks.append(kit.context(f"And {counted(left, 'more message')}, in *Conversation*."))
            break
        blocks, left = [*blocks, *more], left - 1
    row = [
        kit.button("Reply", REPLY, value),
        kit.button("Log", OPEN_LOG, value),
        kit.button("Done", OPEN_DONE, value),
    ]
    if left or any(size(each.text) > kit.TEXT for each in said):
        row.append(kit.button("Conversation", CONVERSATION, value))
    return kit.message(f"{author.name} wrote about {label}", [*blocks, kit.actions(row)])


def _said(each: SaidText, author: Person) -> list[Block]:
    name = unformatted(author.name)
    if not each.text and not each.files:
        held = f"{name} wrote something that may hold a client's details, so it isn't shown here."
        return [kit.section(f"{held} Send them a message in Slack.")]
    blocks: list[Block] = [kit.typed(each.text)] if each.text else []
    if each.is_edited and each.text:
        blocks.append(kit.context("Edited"))
    if each.files:
        it = "it" if each.files == 1 else "them"
        held = f"{name} sent {counted(each.files, 'file')} and says no client is in {it}."
        blocks.append(kit.context(f":paperclip: {held} To get {it}, message {name} in Slack."))
    return blocks


def held(uid: str) -> Message:
    """To the author: what they wrote was not passed on."""
    text = "Your message wasn't sent to staff"
    why = "It may hold details of somebody you serve, like a name, a birth date or a phone number."
    says = kit.section(f"*{text}.* {why} Edit your message to take them out, and staff get it.")
    more = "If a name, birth date or number is still in it, staff only see that you wrote, not the text."
    return kit.message(
        text, [says, kit.actions([kit.button("It's fine, send it", FINE, uid)]), kit.context(more)]
    )


def pointed() -> Message:
    """To the author, who said that it is fine: a name or a birth date is still in it."""
    text = (
        "Staff see that you wrote, but not the text: it seems to hold a name, a birth date or a number of somebody you "
        "serve. Edit your message to take it out, and staff see the text."
    )
    return kit.say(text)


def failed(label: str, profile: Profile) -> Message:
    """To the author: staff have it in Home only."""
    text = (
        f"Your message about {label} hasn't reached staff's channel: Slack refused it. It is saved and goes out as "
        f"soon as Slack takes it. If it can't wait, call {profile.contact.phone}."
    )
    return kit.say(text)


def ask_files(uid: str) -> Message:
    text = "Do your files name or show anyone you serve?"
    says = f"*{text}* If not, staff can see that you sent files and ask you for them. They aren't copied."
    buttons = [kit.button("No, tell staff", FILES_FINE, uid), kit.button("Don't tell staff", NO_FILES, uid)]
    return kit.message(text, [kit.section(says), kit.actions(buttons)])


def ask_which(
    choices: Sequence[tuple[int, str, str, bool]], channel: str, ts: str, *, reopens: bool
) -> Message:
    """To the author, about one message of theirs: which request it is for.

    `choices`: number, uid, topics, and whether staff wait for an answer about it.
    """
    text, ends = "You have no open request. Ask for help, and staff get what you write.", []
    for ident, uid, topics, is_asked in choices:
        text, label = "Which request is your message about?", requests.label(ident)
        if reopens:
            text = f"{label} is closed. Reopen it with your message?"
        named = f"Reopen {label}" if reopens else f"{'Answer ' if is_asked else ''}{label}: {topics}"
        style = "primary" if is_asked else ""
        ends.append(kit.button(named, f"{CHOOSE}:{ident}", f"{uid}:{channel}:{ts}", style=style))
    return kit.say(text, kit.actions([*ends, kit.button("Ask something new", START)]))


def chosen(label: str, *, is_reopened: bool) -> Message:
    text = f"Staff get your message about {label}."
    if is_reopened:
        text = f"{label} was closed. It is open again, and staff get your message about it."
    return kit.say(text)


def first(label: str) -> Message:
    """To the author of a first message about a request; only they see it."""
    text = f"Staff get what you write here about {label}. If you edit or delete it, their copy changes too."
    return kit.say(text)


def to_finished(label: str, uid: str, version: int) -> Message:
    text = f"Staff get your message. {label} is marked as done. Still need help with it? Reopen it."
    return kit.say(text, kit.actions([kit.button("Reopen", REOPEN, pressed(uid, version))]))


def no_request(word: str) -> Message:
    """To whoever writes and has no request: nobody reads it."""
    text = f"Nobody reads this, because you have no open request. Press the button or type {word} to ask for help."
    return kit.say(text, kit.actions([kit.button("Request assistance", START)]))


def staffs_own(word: str) -> Message:
    text = f"Nobody gets this. To write to the requester, press Reply in the request ({escape(word)} list)."
    return kit.say(text)


# -- what staff reply


def reply_form(
    number: str,
    meta: Mapping[str, object],
    reader: Somebody,
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
    blocks = [*unreachable(reader), kit.context(f"{gets} this text in a direct message, {when}")]
    if has_saved:
        chooser = kit.search_select(INSERT, placeholder="Type a word of it")
        blocks.append(kit.field("saved", "Insert a saved answer", chooser, optional=True, dispatch=True))
    box = kit.text_input(f"text:{meta.get('n', 0)}", first=text, long=True, most=LONGEST)
    blocks.append(kit.field("text", "Your reply", box, hint=NO_CLIENTS))
    if may_save:
        name_box = kit.text_input("save_as", most=LONGEST_NAME)
        hint = "Give it a name, and all of staff can insert it in their replies. Leave this empty if you don't want to save it."
        blocks.append(
            kit.field("save_as", "Save as an answer to use again", name_box, optional=True, hint=hint)
        )
    if has_saved:
        blocks.append(kit.actions([kit.button("Edit saved answers", ANSWERS)]))
    return kit.form(SEND, f"Reply about {number}", blocks, submit="Send", meta=meta)


def saved_view(number: str, reply: StaffReply, reader: Somebody, profile: Profile, *, note: str = "") -> View:
    """After Send: until when it can be undone."""
    gets = f"{unformatted(reader.name)} gets it {day_and_time(reply.goes_at, profile.time_zone)}."
    blocks = [
        kit.section(f"*Your reply is saved.* {gets} Undo before then and nothing is sent."),
        kit.typed(reply.text),
        kit.actions([kit.button("Undo", UNDO, reply.uid)]),
        *([kit.context(note)] if note else []),
    ]
    return kit.notice(f"Reply about {number}", blocks)


def undone(reader: str, text: str) -> Message:
    """To whoever undid it: the text is stored nowhere any more."""
    said = f"Undone. {reader} did not get this text. It isn't saved, so copy it if you need it:"
    return kit.say(said, kit.typed(text))


def sent(reply: StaffReply, reader: str, profile: Profile, *, is_out: bool) -> Message:
    """In staff's thread: what goes out and when; then what went out."""
    at = day_and_time(reply.goes_at, profile.time_zone)
    if is_out:
        text = f"{reply.by} replied to {reader}, {at}:"
        return kit.say(text, kit.typed(reply.text))
    text = f"{reply.by}'s reply to {reader} goes out {at}:"
    return kit.say(text, kit.typed(reply.text), kit.actions([kit.button("Undo", UNDO, reply.uid)]))


def reply(facts: RequestFacts, said: StaffReply, wrote: str, last: str) -> Message:
    """To the requester: who answers, the text, what it answers, and how to go on. `last`: what `wrote` wrote last."""
    text = f"{said.by} replied about {facts.label}:"
    quoted = f"{unformatted(wrote)} wrote: {unformatted(cut(' '.join(last.split()), _GLIMPSE))}"
    blocks = [kit.words(text), kit.typed(said.text), kit.context(quoted)]
    if facts.state in requests.OPEN:
        label = "Answer" if facts.question is not None else "Add details"
        blocks.append(kit.context(f"Write back here, or press *{label}*. Staff get it."))
        blocks.append(kit.actions([kit.button(label, OPEN_ANSWER, pressed(facts.uid, facts.version))]))
    return kit.message(text, blocks)


def only_staff(reader: str, value: str | None) -> Message:
    """To whoever writes in staff's thread. `value` names their message; None when nothing can be sent."""
    text = f"Only staff see what you write here. {reader} doesn't."
    press = [kit.actions([kit.button(f"Send to {reader}", SEND_THIS, value)])] if value else []
    return kit.say(text, *press)


def conversation_view(
    facts: RequestFacts, lines: Sequence[Line], start: int, profile: Profile, *, staff: bool
) -> View:
    """A page of everything that was written between the two sides, oldest first."""
    blocks: list[Block] = []
    for each in lines[start : start + PAGE]:
        name = f"{unformatted(each.by)} " if each.by else ""
        blocks.append(kit.context(f"{name}{each.did}, {day_and_time(each.at, profile.time_zone)}:"))
        if each.note:
            blocks.append(kit.context(each.note))
        parts = range(0, len(each.text), _LONGEST_BLOCK)
        blocks += [kit.typed(each.text[at : at + _LONGEST_BLOCK]) for at in parts]
    turns = []
    if start > 0:
        turns.append(kit.button("Earlier", f"{PAGE_TO}:earlier", f"{facts.uid}:{max(0, start - PAGE)}"))
    if start + PAGE < len(lines):
        turns.append(kit.button("Later", f"{PAGE_TO}:later", f"{facts.uid}:{start + PAGE}"))
    if staff and facts.state != requests.CLOSED:
        turns.append(kit.button("Reply", REPLY, pressed(facts.uid, facts.version)))
    blocks += [kit.actions(turns)] if turns else []
    return kit.notice(facts.label, blocks, close="Back")


# -- saved answers


def answer_options(found: Sequence[SavedAnswer]) -> tuple[kit.Option, ...]:
    return tuple(kit.option(each.name, str(each.id), _glimpse(each, 75)) for each in found)


def answers_view(found: Sequence[SavedAnswer]) -> View:
    blocks = [
        kit.words(
            f"{each.name}\n{_glimpse(each, 120)}",
            accessory=kit.button("Edit", f"{EDIT_ANSWER}:{each.id}", str(each.id)),
        )
        for each in found
    ]
    return kit.notice("Saved answers", blocks or [kit.context("No saved answers.")], close="Back")


def answer_form(answer: SavedAnswer) -> View:
    sure = kit.confirm("Delete this answer?", "It can't be inserted in replies anymore.", "Delete", "Keep it")
    blocks = [
        kit.field("name", "Name", kit.text_input("name", first=answer.name, most=LONGEST_NAME)),
        kit.field(
            "text", "Answer", kit.text_input("text", first=answer.text, long=True, most=LONGEST), hint=_PUBLIC
        ),
        kit.actions([kit.button("Delete", DELETE_ANSWER, str(answer.id), style="danger", confirm=sure)]),
    ]
    return kit.form(ANSWER_EDITED, "Edit saved answer", blocks, submit="Save", meta={"answer": answer.id})


def _glimpse(answer: SavedAnswer, most: int) -> str:
    return cut(" ".join(answer.text.split()), most)
