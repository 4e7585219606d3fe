"""Where a file says something else than what leads changed here: one list and two ways out, for every room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from copbot.errors import Conflict
from copbot.slack.answers import Answer, Block, Update, View
from copbot.slack.blocks import actions, button, context, divider, form, words
from copbot.slack.entrances import Call, Entrance, Who
from copbot.slack.text import cut

AT_ONCE = 12
_LONGEST = 1200


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
    """What stands in a file and is edited here. `take` and `keep` settle the difference of a name and a mark.

    They return the title of what was settled, and raise `Conflict` when the mark is not of what is there now.
    """

    prefix: str
    differences: Callable[[Call], Sequence[FileDifference]]
    take: Callable[[Call, str, str], str]
    keep: Callable[[Call, str, str], str]

    @property
    def open_action(self) -> str:
        return opening(self.prefix)

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
        return form("notice", "The file differs", blocks, close="Close")

    def entrances(self, who: Who) -> tuple[Entrance, ...]:
        def opened(call: Call) -> Answer:
            return call.show(self.view(self.differences(call)))

        def settles(verb: Callable[[Call, str, str], str]) -> Callable[[Call], Answer]:
            def run(call: Call) -> Answer:
                name, _, mark = call.value.rpartition(":")
                try:
                    title = verb(call, name, mark)
                except Conflict as error:
                    return Update(self.view(self.differences(call), f"⚠ {error.words}"), saved=False)
                call.session.flush()
                return Update(self.view(self.differences(call), f"✓ {title}: decided."))

            return run

        take, keep = settles(self.take), settles(self.keep)
        return (
            Entrance("action", self.open_action, opened, who),
            Entrance("action", f"{self.prefix}.take_file", take, who, "write"),
            Entrance("action", f"{self.prefix}.keep", keep, who, "write"),
        )


def opening(prefix: str) -> str:
    """The action that opens the list of this prefix."""
    return f"{prefix}.differences"
