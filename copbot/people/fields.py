"""Fields that several of this room's forms have: topics, areas, languages, agencies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from copbot.people.rules import LONGEST_AGENCY
from copbot.program.profile import Choices, Profile
from copbot.slack.blocks import LABEL, Option, field, group, option, search_select, select
from copbot.slack.text import cut_middle, size

AGENCY = "people.agency"
NEW, NONE = "agency:new", "agency:none"
NO_AGENCY = "I am not with an agency"
_ADD, _END = "Add “", "”"

LANGUAGES = {
    "": "The program's language",
    "en": "English",
    "es": "Spanish",
    "hmn": "Hmong",
    "so": "Somali",
    "ar": "Arabic",
    "zh": "Chinese",
    "fr": "French",
    "de": "German",
    "hi": "Hindi",
    "kar": "Karen",
    "ko": "Korean",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "tl": "Tagalog",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
}

Block = dict[str, Any]


@lru_cache(maxsize=8)
def choice_groups(choices: Choices) -> tuple[dict[str, Any], ...]:
    """Option groups. They are most of a form and the same in every form, so each profile's are built once."""
    return tuple(group(heading, [option(text, ident) for text, ident in each]) for heading, each in choices)


def chooser(
    name: str, choices: Choices, chosen: Iterable[str] = (), *, most: int = 0, placeholder: str = ""
) -> Block:
    """A select of what a profile offers under headings; `most` > 0: several at once."""
    return select(name, groups=choice_groups(choices), chosen=chosen, many=most, placeholder=placeholder)


def topics(profile: Profile, chosen: Iterable[str], *, label: str, most: int = 20) -> Block:
    box = chooser("topics", profile.topic_choices, chosen, most=most, placeholder="Choose topics")
    return field("topics", label, box, optional=True)


def areas(profile: Profile, chosen: Iterable[str], *, label: str) -> Block:
    box = chooser("areas", profile.area_choices, chosen, most=20, placeholder="Type to search")
    return field("areas", label, box, optional=True)


def area(profile: Profile, chosen: str) -> Block:
    box = chooser("area", profile.area_choices, [chosen], placeholder="Type to search")
    return field("area", "Area", box, hint="Where it is based, or the whole state", optional=True)


def language(chosen: str) -> Block:
    """One for reading; the program's own stands for no choice, and Slack takes no empty value."""
    options = [option(name, code or "own") for code, name in LANGUAGES.items()]
    return field("language", "Language", select("language", options=options, chosen=[chosen or "own"]))


def languages(chosen: Iterable[str]) -> Block:
    options = [option(name, code) for code, name in LANGUAGES.items() if code]
    box = select("languages", options=options, chosen=chosen, many=10, placeholder="Choose languages")
    return field("languages", "Languages you can help in", box, optional=True)


def agency(known: tuple[int, str] | None, *, not_agency: bool) -> Block:
    """Searched for while it is typed; `known` is the one it starts with."""
    chosen = agency_option(known[1], f"agency:{known[0]}") if known else None
    if not_agency:
        chosen = option(NO_AGENCY, NONE)
    box = search_select(AGENCY, chosen=chosen, placeholder="Type to search")
    return field("agency", "Your agency", box, optional=True)


def agency_options(
    found: Sequence[tuple[int, str]], typed: str, *, exact: bool, adds: bool
) -> tuple[Option, ...]:
    """The agencies found; `adds` offers to add what was typed, and not to be with one."""
    options = [agency_option(name, f"agency:{ident}") for ident, name in found[:90]]
    if not adds:
        return tuple(options)
    if typed.strip() and not exact:
        options.append(_new_option(" ".join(typed.split())))
    return (*options, option(NO_AGENCY, NONE))


def agency_option(name: str, value: str) -> Option:
    """An option with the agency's name; of one too long, its two ends, and below them what lies between."""
    shown, left_out = cut_middle(name, LABEL)
    return option(shown, value, f"…{left_out}…" if left_out else "")


def _new_option(name: str) -> Option:
    """Offers to add a name. One that does not fit in the words of an option comes back in its value."""
    room = LABEL - size(_ADD + _END)
    if size(name) <= room:
        return option(f"{_ADD}{name}{_END}", NEW)
    if size(name) > LONGEST_AGENCY:
        return option(f"Add a new agency, of at most {LONGEST_AGENCY} characters", NEW)
    return option(f"{_ADD}{cut_middle(name, room)[0]}{_END}", f"{NEW}:{name}", cut_middle(name, LABEL)[1])


def is_new(value: str) -> bool:
    """Whether the option chosen offers to add an agency."""
    return value == NEW or value.startswith(f"{NEW}:")


def name_to_add(value: str, label: str) -> str:
    """The whole name that an option offers to add, from its value and its words; empty when it holds none."""
    if value.startswith(f"{NEW}:"):
        return value.removeprefix(f"{NEW}:")
    return label.removeprefix(_ADD).removesuffix(_END) if label.startswith(_ADD) else ""


def agency_id(value: str) -> int | None:
    ident = value.removeprefix("agency:")
    return int(ident) if ident.isascii() and ident.isdecimal() and len(ident) < 10 else None
