"""Where a file says something else than what leads changed here: one list and two ways out, for every room."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from copbot.errors import Conflict
from copbot.program.settings.editable import Field
from copbot.program.settings.filed import Locked
from copbot.slack.answers import Answer, Block, Update, View
from copbot.slack.blocks import actions, button, context, divider, field, notice, text_input, words
from copbot.slack.entrances import Call, Entrance, Who
from copbot.slack.text import cut

AT_ONCE = 12
_LONGEST, _WHOLE = 1200, 2000


@dataclass(frozen=True)
class FileDifference:
    """`here` and `file`: what each says, to be read. `mark` is another one as soon as either says something else."""

    name: str
    title: str
    here: str
    file: str
    mark: str


@dataclass(frozen=True)
class FileEdits:
    """What stands in a file and is edited here. `settled` hears the name of what somebody has decided."""

    prefix: str
    differences: Callable[[Call], Sequence[FileDifference]]
    lock: Callable[[Call, str], Locked[Any]]
    settled: Callable[[Call, str], None] = lambda _call, _name: None

    def view(self, found: Sequence[FileDifference], note: str = "") -> View:
        """What counts here, what the file says now, and a button for each of the two."""
        blocks: list[Block] = [words(note)] if note else []
        if not found:
            blocks.append(words("No differences are left to decide."))
        else:
            blocks.append(context("The app's version counts until you use the file's version."))
        for each in found[:AT_ONCE]:
            value = f"{each.name}:{each.mark}"
            take = button("Use the file's version", f"{self.prefix}.take_file", value)
            blocks += [
                divider(),
                words(each.title),
                words(cut(f"Here:\n{each.here}", _LONGEST)),
                words(cut(f"In the file:\n{each.file}", _LONGEST)),
                actions([take, button("Keep ours", f"{self.prefix}.keep", value)]),
            ]
        if len(found) > AT_ONCE:
            blocks.append(context(f"{len(found) - AT_ONCE} more appear when these are decided."))
        return notice("The file differs", blocks)

    def entrances(self, who: Who) -> tuple[Entrance, ...]:
        def opened(call: Call) -> Answer:
            return call.show(self.view(self.differences(call)))

        def settle(call: Call, *, take: bool) -> Answer:
            name, _, mark = call.value.rpartition(":")
            try:
                made = self.lock(call, name).settle(mark, take=take)
            except Conflict as error:
                return Update(self.view(self.differences(call), f"⚠ {error.words}"), saved=False)
            self.settled(call, name)
            return Update(self.view(self.differences(call), f"✓ {made.label}: decided."))

        return (
            Entrance("action", opening(self.prefix), opened, who),
            Entrance(
                "action", f"{self.prefix}.take_file", lambda call: settle(call, take=True), who, "write"
            ),
            Entrance("action", f"{self.prefix}.keep", lambda call: settle(call, take=False), who, "write"),
        )


def box(each: Field, text: str) -> Block:
    """The field with what stands in it."""
    element = text_input(each.name, first=text, long=each.lines, most=each.most)
    return field(each.name, each.label, element, hint=each.hint, optional=each.optional)


def meanwhile(note: str, now: Iterable[str]) -> list[Block]:
    """Above a form, when somebody else was faster: who was, and what it says now."""
    told = [words(f"⚠ {note}")] if note else []
    lines = "\n".join(filter(None, now))
    return [*told, context("Current text:"), words(cut(lines, _WHOLE))] if lines else told


def opening(prefix: str) -> str:
    """The action that opens the list of this prefix."""
    return f"{prefix}.differences"
