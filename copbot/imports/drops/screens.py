"""A dropped file's message, from the first look to Undo, and the form that corrects its columns."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.imports.drops.rules import Drop
from copbot.imports.files.columns import NAMES
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, Message, View
from copbot.slack.blocks import Option, words
from copbot.slack.text import counted, cut

DRAFTS, PUBLISH, CANCEL, UNDO, COLUMNS, CORRECTED, HEADING = (
    "imports.as_drafts", "imports.published", "imports.cancel", "imports.undo", "imports.columns",
    "imports.corrected", "imports.heading",
)  # fmt: skip
_NO_COLUMN = kit.option("No column", "none")
_MOST_OPTIONS = 40


def drop_message(drop: Drop) -> Message:
    """To whoever dropped it; drawn again at each step."""
    name = cut(drop.name, 100)
    match drop.state:
        case "reading":
            text = f"Reading {name}. In about a minute, this message shows what is in it."
        case "ready":
            return _preview(drop, name)
        case "importing":
            far = f" {drop.done:,} of {drop.of:,} rows are done." if drop.of else ""
            text = f"Importing {name}.{far}"
        case "done":
            return _report(drop, name)
        case "undoing":
            text = f"Undoing the import of {name}."
        case "undone":
            text = f"The import of {name} was undone. {_undone(drop)}"
        case "cancelled":
            text = f"{name} was not imported."
        case _:
            return _refused(drop, name)
    return kit.say(text)


def _preview(drop: Drop, name: str) -> Message:
    counts = drop.seen.get("counts", {})
    taken = sum(counts.get(each, 0) for each in ("created", "updated", "unchanged"))
    refused = counts.get("refused", 0)
    text = f"{name}: {counted(taken, 'row')} can be imported{f', {refused:,} cannot' if refused else ''}."
    buttons = [
        kit.button("Import as drafts", DRAFTS, drop.uid, style="primary"),
        kit.button("Import and publish", PUBLISH, drop.uid),
        *([kit.button("Correct columns", COLUMNS, drop.uid)] if drop.headings else []),
        kit.button("Cancel", CANCEL, drop.uid),
    ]
    ends = kit.actions(buttons if taken else buttons[2:])
    return kit.say(text, *_details(drop), *_found(drop), ends)


def _report(drop: Drop, name: str) -> Message:
    counts = drop.seen.get("counts", {})
    parts = [f"{counts.get('created', 0):,} added", f"{counts.get('updated', 0):,} changed"]
    if counts.get("unchanged"):
        parts.append(f"{counts['unchanged']:,} unchanged")
    if counts.get("refused"):
        parts.append(f"{counts['refused']:,} not imported")
    state = "and published" if drop.publish else "as drafts"
    text = f"{name} was imported {state}: {', '.join(parts)}."
    hint = [] if drop.publish else [kit.context("Drafts wait under Review in Home.")]
    return kit.say(text, *_details(drop), *hint, _undo(drop))


def _undo(drop: Drop) -> Block:
    what = "What it added is deleted, and what it changed is put back."
    sure = kit.confirm("Undo this import?", what, "Undo")
    return kit.actions([kit.button("Undo", UNDO, drop.uid, confirm=sure)])


def _refused(drop: Drop, name: str) -> Message:
    if drop.import_id is not None:
        text = f"The import of {name} stopped. {drop.trouble}"
        left = words("What was added before that is in the library.")
        return kit.say(text, left, _undo(drop))
    text = f"{name} was not imported. {drop.trouble}"
    buttons = [
        kit.button("Correct columns", COLUMNS, drop.uid, style="primary"),
        kit.button("Cancel", CANCEL, drop.uid),
    ]
    return kit.say(text, *([kit.actions(buttons)] if drop.headings else []))


def _details(drop: Drop) -> list[Block]:
    """Refused lines by number, what was left out, and what was left out of rows that are taken."""
    seen, refused = drop.seen, drop.seen.get("refused", [])
    more = seen.get("counts", {}).get("refused", 0) - len(refused)
    lines = [
        *(f"Line {line} can't be imported. {said}" for line, said in refused),
        *([f"{counted(more, 'more line')} can't be imported."] if more > 0 else []),
        *(f"Left out, {why}: {count:,}" for why, count in sorted(seen.get("withheld", {}).items())),
        *(f"Line {line}: {said}" for line, said in seen.get("notes", [])),
        *seen.get("problems", []),
    ]
    return [words("\n".join(lines))] if lines else []


def _found(drop: Drop) -> list[Block]:
    """Which column is which field, and how the file is written."""
    mapping, left = drop.seen.get("mapping", {}), drop.seen.get("left", 0)
    rows = {NAMES.get(each, each): str(heading) for each, heading in mapping.items()}
    guess = " (a guess: check that names with accents look right)" if drop.seen.get("guessed") else ""
    ends = f"Text encoding: {drop.seen.get('encoding', '')}{guess}."
    if left:
        ends += f" {counted(left, 'column is', 'columns are')} not used."
    return [kit.particulars(rows, 200), words(ends)] if rows else []


def _undone(drop: Drop) -> str:
    counts = drop.seen.get("undone")
    if not counts:
        return ""
    kept = f", {counts['kept']:,} kept, because people have changed them since" if counts["kept"] else ""
    return f"{counted(counts['removed'], 'resource')} deleted, {counts['restored']:,} put back{kept}."


def columns_form(drop: Drop) -> View:
    """A choice of headings for each field."""
    mapping = drop.seen.get("mapping", {})
    blocks = [words("Choose which column of your file holds each field. Only Title is needed.")]
    for name, label in NAMES.items():
        heading = str(mapping.get(name, ""))
        known = heading in drop.headings
        chosen = kit.option(heading, str(drop.headings.index(heading))) if known else _NO_COLUMN
        chooser = kit.search_select(f"{HEADING}:{name}", chosen=chosen, placeholder="Choose a column")
        blocks.append(kit.field(name, label, chooser, optional=name != "title"))
    return kit.form(CORRECTED, "Correct columns", blocks, submit="Check again", meta={"drop": drop.uid})


def heading_options(headings: Sequence[str], typed: str) -> tuple[Option, ...]:
    """The headings that hold what was typed, and the choice of none."""
    wanted = typed.casefold()
    found = [(at, each) for at, each in enumerate(headings) if each and wanted in each.casefold()]
    return (_NO_COLUMN, *(kit.option(each, str(at)) for at, each in found[:_MOST_OPTIONS]))
