"""What the commands print: what was found out, what became of each row, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from copbot.imports.files.columns import NAMES
from copbot.imports.files.jobs import FileImport
from copbot.imports.files.service import Report, Undone

MOST_NOTES = 20
DRY_RUN = "This was a dry run: nothing was saved."


@dataclass(frozen=True)
class CommandResult:
    """What a command says, and how it ends: 0 all taken, 1 something refused."""

    lines: tuple[str, ...]
    code: int = 0

    @property
    def text(self) -> str:
        return "\n".join(plain(line) for line in self.lines)


def report(name: str, form: str, found: FileImport, *, publish: bool) -> CommandResult:
    """A whole import: the file's name, what it was taken for, and what became of it."""
    done = found.report
    lines = [_head(name, form, found), *_columns(found), *found.problems, *_taken(done, dry_run=not found.id)]
    if done.withheld:
        why = ", ".join(f"{reason} ({count:,})" for reason, count in done.withheld.items())
        lines.append(f"{sum(done.withheld.values()):,} left out as not public: {why}.")
    lines += [f"Line {line}: {note}." for line, note in done.notes[:MOST_NOTES]]
    if len(done.notes) > MOST_NOTES:
        lines.append(f"{len(done.notes) - MOST_NOTES:,} more notes of this kind.")
    lines += _next(done, found.id, publish=publish)
    return CommandResult(tuple(lines), 1 if done.refused_count else 0)


def _head(name: str, form: str, found: FileImport) -> str:
    if found.guessed:
        return (
            f"{name}: {form}, read as {found.encoding}, which is a guess. If letters look wrong, "
            "save the file as “CSV UTF-8” and import it again."
        )
    return f"{name}: {form}{f' in {found.encoding}' if found.encoding else ''}."


def _columns(found: FileImport) -> list[str]:
    if not found.mapping:
        return []
    pairs = ", ".join(
        NAMES[name] if NAMES[name].casefold() == heading.casefold() else f"{NAMES[name]} from “{heading}”"
        for name, heading in found.mapping.items()
    )
    left = f" Not used: {', '.join(found.left)}." if found.left else ""
    return [f"Columns: {pairs}.{left}"]


def _taken(done: Report, *, dry_run: bool) -> list[str]:
    word = "would be taken" if dry_run else "taken"
    head = f"{done.taken:,} {word}, {done.refused_count:,} refused"
    listed = [f"line {line}: {words}" for line, words in done.refused]
    if not listed:
        return [head + "."]
    if len(listed) == 1:
        return [f"{head}: {listed[0]}"]
    more = done.refused_count - len(listed)
    return [f"{head}:", *(f"  {line}" for line in listed), *([f"  and {more:,} more."] if more else [])]


def _next(done: Report, ident: int, *, publish: bool) -> list[str]:
    if not ident:
        return [DRY_RUN]
    if not done.created and not done.updated:
        return ["Nothing is new: all of it was here already."] if done.unchanged else []
    drafts = "" if publish else " New ones are drafts until staff publish them, or you import with --publish."
    counts = f"{done.created:,} new, {done.updated:,} changed, {done.unchanged:,} unchanged.{drafts}"
    return [counts, f"To undo it: bot.py import --undo {ident}"]


def undone(ident: int, done: Undone) -> CommandResult:
    kept = f" {done.kept:,} kept, because of changes that people made since." if done.kept else ""
    said = f"Import {ident} is undone: {done.removed:,} removed, {done.restored:,} put back.{kept}"
    return CommandResult((said,))


def followed(names: Sequence[str], known: Sequence[str], *, dry_run: bool) -> CommandResult:
    """Feeds and calendars that are followed from now on, and those that were already."""
    word = "would be followed" if dry_run else "followed"
    lines = [f"{len(names):,} {word}, {len(known):,} followed already."]
    lines += [f"  {name}" for name in names[:MOST_NOTES]]
    if names and not dry_run:
        lines.append("The bot reads them within ten minutes while it runs.")
    return CommandResult(tuple(lines))


def plain(line: str) -> str:
    """Without the signs that a terminal would obey; files of strangers are quoted here."""
    return "".join(sign if sign.isprintable() or sign == " " else "�" for sign in line)
