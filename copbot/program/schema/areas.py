"""The places a program serves: what an area file may say, and the areas made of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from copbot.program.schema.fields import Fips, Label, Line
from copbot.program.schema.vocabulary import OPTIONS, Choice, ProfilePart
from copbot.signs import plain_signs

AreaKind = Literal["county", "nation", "region", "statewide", "outside"]
_OPTION_TEXT = 75


class Region(Choice):
    """Counties that the form lists together."""


class County(Choice):
    region: str
    cities: tuple[Label, ...] = ()
    fips: Fips | None = None


class Nation(Choice):
    cities: tuple[Label, ...] = ()


class Headings(ProfilePart):
    wide: Label = "Larger areas"
    nations: Label = "Tribal nations"


class AreaFile(ProfilePart):
    state: Line
    headings: Headings = Headings()
    statewide: Choice
    outside: Choice
    regions: Annotated[tuple[Region, ...], Field(min_length=1, max_length=OPTIONS - 2)]
    nations: Annotated[tuple[Nation, ...], Field(max_length=OPTIONS)] = ()
    counties: Annotated[tuple[County, ...], Field(min_length=1)]


class Area(ProfilePart):
    """`group` is the heading it stands under; `region` the id of the region it lies in, if it lies in one."""

    id: str
    kind: AreaKind
    label: str
    group: str
    region: str | None = None
    cities: tuple[str, ...] = ()
    fips: str | None = None

    @property
    def option_text(self) -> str:
        """The label with as many towns as Slack's option takes, so that typing a town finds its county."""
        text = self.label
        for at, city in enumerate(self.cities):
            longer = f"{text}, {city}" if at else f"{text}: {city}"
            if len(longer) > _OPTION_TEXT:
                break
            text = longer
        return text


_LONG = {"st": "saint", "ste": "saint", "sainte": "saint", "mt": "mount", "ft": "fort"}
_BEFORE_A_PLACE = {"in", "at", "near", "around", "from", "outside", "of"}


def _written(words: str) -> list[str]:
    """The words without accents, apostrophes and what stands between them: Lees Summit for Lee's Summit."""
    letters = unicodedata.normalize("NFKD", plain_signs(words).replace("'", ""))
    return re.findall(r"[^\W_]+", "".join(sign for sign in letters if not unicodedata.combining(sign)))


def spoken(words: str) -> list[str]:
    """The words as they are compared: small letters, and “St.” and “Ste.” like “Saint”."""
    return _compared(_written(words))


def _compared(written: list[str]) -> list[str]:
    return [_LONG.get(word, word) for word in map(str.casefold, written)]


def is_said_as_a_place(words: str, name: Sequence[str]) -> bool:
    """Whether these words speak of the place called `name` (as `spoken`), and not of something else so called."""
    written, wanted = _written(words), list(name)
    said, size = _compared(written), len(wanted)
    if said == wanted:
        return True
    for at in range(len(said) - size + 1):
        if said[at : at + size] == wanted:
            before = said[at - 1] if at else ""
            if before in _BEFORE_A_PLACE or (at and written[at][:1].isupper() and not words.isupper()):
                return True
    return False


def areas_in(file: AreaFile) -> tuple[Area, ...]:
    """In the order of the form: what spans many counties, nations, then counties region by region."""
    wide, nations = file.headings.wide, file.headings.nations
    areas = [Area(id=file.statewide.id, kind="statewide", label=file.statewide.label, group=wide)]
    areas += [Area(id=region.id, kind="region", label=region.label, group=wide) for region in file.regions]
    areas.append(Area(id=file.outside.id, kind="outside", label=file.outside.label, group=wide))
    for nation in file.nations:
        areas.append(Area(**dict(nation), kind="nation", group=nations))
    for region in file.regions:
        inside = [county for county in file.counties if county.region == region.id]
        areas += [Area(**dict(county), kind="county", group=region.label) for county in inside]
    return tuple(areas)
