"""A dropped file's message, from the first look to Undo, and the form that corrects its columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from copbot.imports.drops.values import Drop
from copbot.imports.files.columns import NAMES
from copbot.slack.answers import Block, Message, View
from copbot.slack.blocks import (
    Option,
    actions,
    button,
    confirm,
    context,
    field,
    form,
    message,
    option,
    particulars,
    search_select,
    words,
)
from copbot.slack.text import counted, cut

DRAFTS, PUBLISH, CANCEL, UNDO, COLUMNS, CORRECTED, HEADING = (
    "imports.as_drafts", "imports.published", "imports.cancel", "imports.undo", "imports.columns",
    "imports.corrected", "imports.heading",
)  # fmt: skip
NONE = "none"
_NO_COLUMN = "No column"
_MOST_OPTIONS = 40


def drop_message(drop: Drop) -> Message:
    """To whoever dropped it; drawn again at each step."""
    name = cut(drop.name, 100)
    match drop.state:
        case "reading":
            return _line(f"Reading {name}. This message shows what was found in a minute.")
        case "ready":
            return _preview(drop, name)
        case "importing":
            far = f" {drop.done:,} of {drop.of:,} rows are done." if drop.of else ""
            return _line(f"Importing {name}.{far}")
        case "done":
            return _report(drop, name)
        case "undoing":
            return _line(f"Undoing the import of {name}.")
        case "undone":
            return _line(f"The import of {name} was undone. {_undone(drop)}")
        case "cancelled":
            return _line(f"{name} was not imported.")
        case _:
            return _refused(drop, name)


def _line(text: str) -> Message:
    return message(text, [words(text)])


def _preview(drop: Drop, name: str) -> Message:
    counts = drop.seen.get("counts", {})
    taken = sum(counts.get(each, 0) for each in ("created", "updated", "unchanged"))
    text = f"{name}: {taken:,} would be taken, {counts.get('refused', 0):,} refused."
    blocks = [words(text), *_details(drop), *_found(drop)]
    buttons = [
        button("Import as drafts", DRAFTS, drop.uid, style="primary"),
        button("Import and publish", PUBLISH, drop.uid),
        *([button("Correct columns", COLUMNS, drop.uid)] if drop.headings else []),
        button("Cancel", CANCEL, drop.uid),
    ]
    return message(text, [*blocks, actions(buttons if taken else buttons[2:])])


def _report(drop: Drop, name: str) -> Message:
    counts = drop.seen.get("counts", {})
    parts = [f"{counts.get('created', 0):,} added", f"{counts.get('updated', 0):,} changed"]
    if counts.get("unchanged"):
        parts.append(f"{counts['unchanged']:,} as they were")
    parts.append(f"{counts.get('refused', 0):,} refused")
    state = "published" if drop.publish else "as drafts"
    text = f"{name} is imported {state}: {', '.join(parts)}."
    hint = [] if drop.publish else [context("Drafts wait under Review in Home.")]
    return message(text, [words(text), *_details(drop), *hint, actions([_undo(drop)])])


def _undo(drop: Drop) -> dict[str, Any]:
    sure = confirm("Undo this import?", "What it added is deleted, and what it changed is put back.", "Undo")
    return button("Undo", UNDO, drop.uid, confirm=sure)


def _refused(drop: Drop, name: str) -> Message:
    if drop.import_id is not None:
        text = f"The import of {name} stopped. {drop.trouble}"
        return message(
            text,
            [words(text), words("What was added before that is in the library."), actions([_undo(drop)])],
        )
    text = f"{name} was not imported. {drop.trouble}"
    buttons = [
        button("Correct columns", COLUMNS, drop.uid, style="primary"),
        button("Cancel", CANCEL, drop.uid),
    ]
    return message(text, [words(text), *([actions(buttons)] if drop.headings else [])])


def _details(drop: Drop) -> list[Block]:
    """Refused lines by number, what was left out, and what was left out of rows that are taken."""
    seen, lines = drop.seen, list[str]()
    refused = seen.get("refused", [])
    lines += [f"Refused: line {line}: {said}" for line, said in refused]
    more = seen.get("counts", {}).get("refused", 0) - len(refused)
    lines += [f"{more:,} more were refused."] if more > 0 else []
    lines += [f"Left out, {why}: {count:,}" for why, count in sorted(seen.get("withheld", {}).items())]
    notes = seen.get("notes", [])
    lines += [f"Line {line}: {said}" for line, said in notes]
    lines += seen.get("problems", [])
    return [words("\n".join(lines))] if lines else []


def _found(drop: Drop) -> list[Block]:
    """Which column is which field, and how the file is written."""
    mapping = drop.seen.get("mapping", {})
    rows = {NAMES.get(each, each): str(heading) for each, heading in mapping.items()}
    encoding = str(drop.seen.get("encoding", ""))
    guess = " (a guess: check that names with accents look right)" if drop.seen.get("guessed") else ""
    left = drop.seen.get("left", 0)
    ends = [f"Text encoding: {encoding}{guess}."]
    if left:
        ends.append(f"{counted(left, 'column is', 'columns are')} not used.")
    return [particulars(rows, 200), words(" ".join(ends))] if rows else []


def _undone(drop: Drop) -> str:
    counts = drop.seen.get("undone", {})
    if not counts:
        return ""
    parts = [
        f"{counted(counts.get('removed', 0), 'resource')} deleted",
        f"{counts.get('restored', 0):,} put back",
    ]
    if counts.get("kept"):
        parts.append(f"{counts['kept']:,} kept, because people have changed them since")
    return f"{', '.join(parts)}."


def columns_form(drop: Drop) -> View:
    """A choice of headings for each field."""
    mapping = drop.seen.get("mapping", {})
    blocks = [words("Choose which column of your file holds each field. Only Title is needed.")]
    blocks += [
        _column(name, label, str(mapping.get(name, "")), drop.headings) for name, label in NAMES.items()
    ]
    return form(CORRECTED, "Correct columns", blocks, submit="Check again", meta={"drop": drop.uid})


def _column(name: str, label: str, heading: str, headings: Sequence[str]) -> dict[str, Any]:
    at = headings.index(heading) if heading in headings else None
    chosen = _heading(at, heading) if at is not None else option(_NO_COLUMN, NONE)
    chooser = search_select(f"{HEADING}:{name}", chosen=chosen, placeholder="Choose a column")
    return field(name, label, chooser, optional=name != "title")


def heading_options(headings: Sequence[str], typed: str) -> tuple[Option, ...]:
    """The headings that hold what was typed, and the choice of none."""
    wanted = typed.casefold()
    found = [(at, each) for at, each in enumerate(headings) if each and wanted in each.casefold()]
    return (option(_NO_COLUMN, NONE), *(_heading(at, each) for at, each in found[:_MOST_OPTIONS]))


def _heading(at: int, heading: str) -> Option:
    return option(heading, str(at))
