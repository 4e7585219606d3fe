"""A profile's text as plain values, each with the line it stands on.

Every value arrives as the text that was typed: `988`, `no` and `08:00` mean what a reader takes them for, and
the typed models decide what is a number or a yes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from copbot.program.schema.faults import ProfileFaultLine

Loc = tuple[str | int, ...]

_Noted = tuple[Loc, int, str, str]
"""Place, line, what is wrong and what would be right: kept until the places have names."""

_NULL = "tag:yaml.org,2002:null"
_DEEPEST = 20
# Both read the same YAML; the first is written in C and absent from some builds.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class ParsedSource:
    """`data` is None when the text could not be read at all; then `faults` says why."""

    file: str
    data: Any = None
    lines: dict[Loc, int] = field(default_factory=dict)
    faults: list[ProfileFaultLine] = field(default_factory=list)

    def line(self, loc: Loc) -> int:
        """The line of this place, or of the nearest place around it that is written down."""
        while loc not in self.lines and loc:
            loc = loc[:-1]
        return self.lines.get(loc, 1)

    def name(self, loc: Loc) -> str:
        """`topics.housing.label`: entries of lists go by their id where they have one."""
        parts: list[str] = []
        here = self.data
        for step in loc:
            here = _inside(here, step)
            if isinstance(step, str):
                parts.append(step)
            else:
                own_id = here.get("id") if isinstance(here, dict) else None
                parts.append(own_id if isinstance(own_id, str) else f"entry {step + 1}")
        return ".".join(parts) or "the whole file"

    def fault(self, loc: Loc, wrong: str, right: str) -> None:
        self.faults.append(ProfileFaultLine(self.file, self.line(loc), self.name(loc), wrong, right))

    def entries(self, *loc: str | int) -> Iterator[tuple[Loc, dict[str, Any]]]:
        """The well-formed entries of the list at this place; none when there is no such list."""
        rows: Any = self.data
        for step in loc:
            rows = _inside(rows, step)
        if isinstance(rows, list):
            yield from (((*loc, at), row) for at, row in enumerate(rows) if isinstance(row, dict))


def read_source(file: str, text: str) -> ParsedSource:
    source = ParsedSource(file)
    try:
        _look_through(source, text)
        if not source.faults:
            _fill(source, yaml.compose(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        _not_yaml(source, error)
    return source


def _fill(source: ParsedSource, node: yaml.Node | None) -> None:
    if node is None:
        source.fault((), "is empty", "start from a copy of the profile that comes with the program")
        return
    noted: list[_Noted] = []
    data = _plain(source, node, (), noted)
    if not isinstance(data, dict):
        source.fault((), "is not a list of settings", "write each as `name: value` on a line of its own")
        return
    source.data = data
    for loc, line, wrong, right in noted:
        source.faults.append(ProfileFaultLine(source.file, line, source.name(loc), wrong, right))


def _plain(source: ParsedSource, node: yaml.Node, loc: Loc, noted: list[_Noted]) -> Any:
    # A value in a mapping goes by the line of its name, which is already known here.
    source.lines.setdefault(loc, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(source, node, loc, noted)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(source, item, (*loc, at), noted) for at, item in enumerate(node.value)]
    return None if node.tag == _NULL else node.value


def _mapping(source: ParsedSource, node: yaml.MappingNode, loc: Loc, noted: list[_Noted]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or key.value in ("", "<<"):
            noted.append((loc, line, "has a value without a name", "write `name: value`"))
        elif key.value in read:
            wrong = f"is listed twice, first on line {source.lines[(*loc, key.value)]}"
            noted.append(((*loc, key.value), line, wrong, "keep one of them"))
        else:
            source.lines[(*loc, key.value)] = line
            read[key.value] = _plain(source, value, (*loc, key.value), noted)
    return read


def _look_through(source: ParsedSource, text: str) -> None:
    """Refuses what a profile never needs, before any of it is built.

    Tags make objects, aliases repeat parts unseen, and very deep nesting exhausts the stack of the C reader.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 1
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            right = "a profile has a few levels; look for brackets left open"
            _refuse(source, line, "is nested too deep", right)
            return
        tag = getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            right = "write the value out; put a text with & or * in quotes"
            _refuse(source, line, "uses a YAML anchor (& or *)", right)
        elif tag:
            right = "remove it; put a text that starts with ! in quotes"
            _refuse(source, line, f"uses the YAML tag {tag}", right)


def _refuse(source: ParsedSource, line: int, wrong: str, right: str) -> None:
    source.faults.append(ProfileFaultLine(source.file, line, "the whole file", wrong, right))


def _not_yaml(source: ParsedSource, error: yaml.YAMLError) -> None:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark is not None else 1
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    wrong = f"is not YAML ({problem})"
    right = "look at this line and the one above: colons, quotes and the spaces each line starts with"
    _refuse(source, line, wrong, right)


def _inside(here: Any, step: str | int) -> Any:
    if isinstance(here, dict):
        return here.get(step)
    if isinstance(here, list) and isinstance(step, int) and step < len(here):
        return here[step]
    return None
