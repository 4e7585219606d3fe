"""Plain values into typed models; what does not fit becomes faults with lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from copbot.program.schema.faults import did_you_mean, nearest
from copbot.program.schema.source import Loc, ParsedSource

M = TypeVar("M", bound=BaseModel)

_YES_NO = ("is not yes or no", "write true or false")
_NUMBER = ("is not a whole number", "write digits only, such as 14")
_DATE = ("is not a date", "write it as 2026-07-01")
_LIST = ("is not a list", "start each entry on a line of its own with `- `, or write [one, two]")
_GROUP = ("is not a group of settings", "write its settings below it as `name: value`, a little to the right")

_WORDS: Mapping[str, Callable[[Mapping[str, Any]], tuple[str, str]]] = {
    "profile": lambda ctx: (ctx["wrong"], ctx["right"]),
    "string_type": lambda _: ("is not a text", "write one line of words, in quotes if it holds a colon"),
    "string_too_short": lambda _: ("is empty", "write the words"),
    "string_too_long": lambda ctx: (
        "is too long",
        f"Slack takes at most {ctx['max_length']} characters here; shorten it",
    ),
    "bool_type": lambda _: _YES_NO,
    "bool_parsing": lambda _: _YES_NO,
    "int_type": lambda _: _NUMBER,
    "int_parsing": lambda _: _NUMBER,
    "date_type": lambda _: _DATE,
    "date_parsing": lambda _: _DATE,
    "date_from_datetime_parsing": lambda _: _DATE,
    "tuple_type": lambda _: _LIST,
    "model_type": lambda _: _GROUP,
    "model_attributes_type": lambda _: _GROUP,
    "literal_error": lambda ctx: ("is not one of the choices", f"it can be {ctx['expected']}"),
    "too_short": lambda _: ("has no entries", "write at least one"),
    "too_long": lambda ctx: (
        f"has {ctx['actual_length']} entries",
        f"Slack shows at most {ctx['max_length']} in one group; split the group or leave some out",
    ),
    "greater_than_equal": lambda ctx: ("is too small", f"write {ctx['ge']} or more"),
    "less_than_equal": lambda ctx: ("is too large", f"write {ctx['le']} or less"),
}


def typed(model: type[M], source: ParsedSource) -> M | None:
    """The model, or None with the reasons added to the source's faults."""
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        found = error.errors(include_url=False)
    misspelt = {_meant(model, details) for details in found if details["type"] == "extra_forbidden"}
    for details in found:
        # What is only misspelt is not missing as well.
        if details["type"] != "missing" or details["loc"] not in misspelt:
            wrong, right = words_of(model, details)
            source.fault(details["loc"], wrong, right)
    return None


def words_of(model: type[BaseModel], details: ErrorDetails) -> tuple[str, str]:
    """What is wrong, and what would be right."""
    loc: Loc = details["loc"]
    kind = details["type"]
    if kind == "missing":
        return "is missing", _how_to_add(model, loc)
    if kind == "extra_forbidden":
        return "is not a setting here", did_you_mean(str(loc[-1]), _fields_at(model, loc[:-1]))
    if details["input"] is None:
        return "is empty", "write its value, or remove the line"
    if kind in _WORDS:
        return _WORDS[kind](details.get("ctx", {}))
    return details["msg"], "compare it with the profile that comes with the program"


def _meant(model: type[BaseModel], details: ErrorDetails) -> Loc:
    """Where a misspelt setting should stand."""
    loc: Loc = details["loc"]
    return (*loc[:-1], nearest(str(loc[-1]), _fields_at(model, loc[:-1])) or "")


def _how_to_add(model: type[BaseModel], loc: Loc) -> str:
    name = str(loc[-1])
    field = _fields_at(model, loc[:-1]).get(name)
    examples = (field.examples or []) if field else []
    if examples:
        return f"add a line such as `{name}: {examples[0]}`"
    return f"add `{name}:` as in the profile that comes with the program"


def _fields_at(model: type[BaseModel], loc: Loc) -> Mapping[str, FieldInfo]:
    """The settings of the model found by walking `loc` down from `model`."""
    fields: Mapping[str, FieldInfo] = model.model_fields
    for step in loc:
        if isinstance(step, int):
            continue
        field = fields.get(step)
        inner = _model_in(field.annotation) if field else None
        if inner is None:
            return {}
        fields = inner.model_fields
    return fields


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in get_args(annotation):
        if (found := _model_in(part)) is not None:
            return found
    return None
