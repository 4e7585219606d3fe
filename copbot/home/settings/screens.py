"""The programme's choices: lists of what can be changed, the form for one, the lines, and where the file differs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from copbot.about.lead_screens import LIST as ABOUT_PAGES
from copbot.program.calendar.hours import spoken_hours
from copbot.program.settings.editable import Field
from copbot.program.settings.edits import Edited
from copbot.program.settings.filed import FROM_FILE, Called
from copbot.routing.screens import OPEN as ROUTING
from copbot.slack.answers import Block, View
from copbot.slack.blocks import actions, button, confirm, context, form, notice, section, words
from copbot.slack.differences import FileDifference, box, meanwhile, opening
from copbot.slack.text import counted, cut, escape, when

GROUP, OPEN, SAVE, BACK = "choices.group", "choices.open", "choices.save", "choices.back"
CONFIRM, REMOVE, ADD, PUT_BACK = "lines.confirm", "lines.remove", "lines.add", "lines.put_back"
DIFFERENCES = opening("choices")
NEW_LINE = "new"
"""Stands for the name of a part that is not there yet."""

LINES_GROUP = "Care and crisis lines"
STAFF_GROUP = "Staff"
PAGE, LINES_PAGE = 25, 10
_SHOWN = 300


def overview(groups: Sequence[str], differing: int, due: int) -> list[Block]:
    """Home's section: a button a group and one for the About pages, and what asks for attention."""
    about = "Texts, hours and lists that you can edit. Each change shows who made it and when."
    buttons = [button(group, f"{GROUP}:{place}", group) for place, group in enumerate(groups)]
    buttons += [button("Routing", ROUTING), button("About pages", ABOUT_PAGES, "0")]
    blocks: list[Block] = [section(f"*The program*\n{about}"), actions(buttons)]
    if due:
        told = f"{counted(due, 'care and crisis line needs', 'care and crisis lines need')} to be confirmed."
        check = button("Check the lines", f"{GROUP}:lines", LINES_GROUP)
        blocks.append(section(told, accessory=check))
    if differing:
        told = f"The program's file differs in {counted(differing, 'place')}. Nothing was overwritten."
        blocks.append(section(told, accessory=button("See differences", DIFFERENCES)))
    return blocks


def group_view(
    group: str, parts: Sequence[Edited], *, page: int, called: Called, zone: str, note: str = ""
) -> View:
    """Everything of one group, each with its button."""
    shown = parts[page * PAGE : (page + 1) * PAGE]
    blocks: list[Block] = [context(escape(note))] if note else []
    blocks.append(context("Items with no name beside them haven't been changed."))
    for part in shown:
        label = "View" if part.fixed_by_environment else "Change"
        change = button(label, OPEN, f"{part.name}:{page}")
        blocks.append(_channel(part, change) or words(_summary(part), accessory=change))
        if not _is_filed(part):
            blocks.append(context(_changed(part, called, zone)))
    blocks += _pages(GROUP, group, page, len(parts), PAGE)
    return notice(_title(group), blocks if shown else [section("This list is empty.")])


CHANNEL = re.compile(r"[CG][A-Z0-9]{5,}")


def _channel(part: Edited, change: dict[str, Any]) -> Block | None:
    """A channel as its link, which only mrkdwn can hold; None for anything else."""
    ident = (part.value or {}).get("staff_channel", "")
    return section(f"{part.label}\n<#{ident}>", accessory=change) if CHANNEL.fullmatch(ident) else None


def edit_form(
    part: Edited,
    *,
    texts: Mapping[str, str],
    seen: int,
    group: str,
    page: int,
    called: Called,
    zone: str,
    note: str = "",
    instead: Mapping[str, str] | None = None,
) -> View:
    """The form for one part. `note` and `instead`: somebody saved this meanwhile, and what it says now."""
    blocks = meanwhile(note, [] if instead is None else [_values(part.fields, instead)])
    if part.fixed_by_environment:
        blocks += [words(_summary(part)), context(_changed(part, called, zone))]
        return notice(_title(part.label), blocks)
    blocks += [box(each, spoken_hours(texts.get(each.name, ""))) for each in part.fields]
    leave = actions([button("Back without saving", BACK, f"{group}:{page}")])
    blocks += [context(_changed(part, called, zone)), leave]
    meta = {"name": part.name, "seen": seen, "group": group, "page": page}
    return form(SAVE, _title(part.label), blocks, submit="Save", meta=meta)


# Care and crisis lines


@dataclass(frozen=True)
class ShownLine:
    """A line as it is listed. `is_due`: to be confirmed; `from_file`: it can be restored.

    `check` says how to confirm one that is not called to test it; an `essential` one cannot be removed.
    """

    part: Edited
    is_due: bool
    verified: date | None
    verified_by: str
    from_file: bool
    check: str = ""
    essential: bool = False

    @property
    def ident(self) -> str:
        return self.part.name.partition(".")[2]


_CALL_EACH = (
    "Call each line once. If it works as described, press Confirm. You're asked again after six months."
)


def lines_view(lines: Sequence[ShownLine], *, page: int, called: Called, note: str = "") -> View:
    """Every line with its number, who confirmed it and when, and what can be done with it."""
    blocks: list[Block] = [words(note)] if note else []
    if page == 0:
        blocks.append(context(_CALL_EACH))
    for line in lines[page * LINES_PAGE : (page + 1) * LINES_PAGE]:
        blocks += [words(_line(line, called)), actions(_line_buttons(line, page))]
    blocks.append(actions([button("Add a line", ADD, f"{NEW_LINE}:{page}")]))
    blocks += _pages(GROUP, LINES_GROUP, page, len(lines), LINES_PAGE)
    return notice("Care and crisis lines", blocks)


def _line(line: ShownLine, called: Called) -> str:
    part, value = line.part, line.part.value
    if value is None:
        return f"{part.label}\nRemoved by {called(part.by)}. It is no longer shown."
    told = [f"{value.get('name', '')}: {value.get('number', '')}", value.get("text", "")]
    told += [f"Source: {value.get('source', '')}", *([line.check] if line.check else [])]
    return "\n".join([*told, _confirmed(line, called)])


def _confirmed(line: ShownLine, called: Called) -> str:
    if line.verified is None:
        return "⚠ Not yet confirmed by your program."
    day = f"{line.verified:%B} {line.verified.day}, {line.verified.year}"
    by = f" by {called(line.verified_by)}" if line.verified_by else ""
    again = f"⚠ Last confirmed on {day}{by}. Please check it again."
    return again if line.is_due else f"✓ Confirmed on {day}{by}."


def _line_buttons(line: ShownLine, page: int) -> list[dict[str, Any]]:
    value = f"{line.ident}:{line.part.version}:{page}"
    if line.part.value is None:
        edit = button("Edit and restore", OPEN, f"{line.part.name}:{page}")
        return [button("Restore", PUT_BACK, value) if line.from_file else edit]
    sure = confirm("Remove this line?", "It is no longer shown. You can restore it.", "Remove", "Keep")
    return [
        button("Confirm", CONFIRM, value, style="primary" if line.is_due else ""),
        button("Change", OPEN, f"{line.part.name}:{page}"),
        *([] if line.essential else [button("Remove", REMOVE, value, confirm=sure)]),
    ]


# Where the file differs


def difference(found: Edited, mark: str) -> FileDifference:
    here, file = (_values(found.fields, each) for each in (found.value, found.file))
    return FileDifference(found.name, f"{found.group}: {found.label}", here, file, mark)


# Shared


def _summary(part: Edited) -> str:
    value = cut(_values(part.fields, part.value), _SHOWN)
    return part.label if value == part.label else f"{part.label}\n{value}"


def _values(fields: Sequence[Field], value: Mapping[str, str] | None) -> str:
    """The texts one under the other; a label only where there is more than one."""
    if value is None:
        return "Removed."
    if len(fields) == 1:
        return value.get(fields[0].name, "") or "–"
    filled = [(each.label, value[each.name]) for each in fields if value.get(each.name)]
    return spoken_hours("\n".join(f"{label}: {text}" for label, text in filled)) or "–"


def _is_filed(part: Edited) -> bool:
    """Nobody has changed it here."""
    return not part.fixed_by_environment and (part.by == FROM_FILE or part.at is None)


def _changed(part: Edited, called: Called, zone: str) -> str:
    if part.fixed_by_environment:
        return "Set where the app runs (its environment), and can only be changed there."
    if _is_filed(part) or part.at is None:
        return "As in the program's file. Nobody has changed it here."
    return f"Changed by {escape(called(part.by))}, {when(part.at, zone)}."


def _pages(action: str, name: str, page: int, count: int, size: int) -> list[Block]:
    turns = [button("Back", f"{action}:back", f"{name}:{page - 1}")] if page else []
    if count > (page + 1) * size:
        turns.append(button("More", f"{action}:more", f"{name}:{page + 1}"))
    return [actions(turns)] if turns else []


def _title(text: str) -> str:
    return cut(text, 24)
