"""The program profile: the words and facts of one program, read from YAML once at start."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cached_property, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import chain
from pathlib import Path
from typing import Literal, Self, TypeVar
from zoneinfo import ZoneInfo

from pydantic import ConfigDict

from copbot.program.calendar.hours import BusinessHours
from copbot.program.schema.areas import Area, AreaFile, areas_in, is_said_as_a_place, spoken
from copbot.program.schema.checks import check_areas, check_groups, check_program
from copbot.program.schema.faults import ProfileFault, ProfileFaultLine, did_you_mean
from copbot.program.schema.source import ParsedSource, read_source
from copbot.program.schema.structure import typed
from copbot.program.schema.vocabulary import (
    AgencyKind,
    ByWhen,
    Choice,
    CloseReason,
    Hotline,
    Kind,
    ProgramFile,
    Topic,
    TopicGroup,
)

__all__ = ["Area", "Profile", "ProfileFault", "State", "load", "shipped"]

DEFAULT_PROFILE = "harm_reduction_wi.yaml"
UNSURE = "unsure"
"""The kind of help that is chosen until somebody chooses another."""

State = Literal[
    "new",
    "triaged",
    "assigned",
    "in_progress",
    "waiting_requester",
    "waiting_partner",
    "delivered",
    "closed",
]

Choices = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


N = TypeVar("N", bound=Choice | Area | Hotline)


class Profile(ProgramFile):
    """Look-ups by id answer None, and labels the id itself: a row may be older than the profile."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    areas: tuple[Area, ...]

    def __copy__(self) -> Self:
        """A changed copy must not carry along what was worked out from the old values."""
        copy = super().__copy__()
        for name in copy.__dict__.keys() - type(self).model_fields.keys():
            del copy.__dict__[name]
        return copy

    @cached_property
    def filed(self) -> Self:
        """The profile as its file says it; this one may be the same with people's choices in it."""
        return self

    def with_choices(self, made: Self) -> Self:
        """`made`, which was made from this profile by people's choices and remembers where it came from."""
        vars(made)["filed"] = self.filed
        return made

    @cached_property
    def hours(self) -> BusinessHours:
        return BusinessHours(self.time_zone, self.business_hours.days(), self.holidays.closed_days())

    @cached_property
    def _topics(self) -> dict[str, Topic]:
        return _by_id(topic for group in self.topics for topic in group.topics)

    @cached_property
    def _group_of_topic(self) -> dict[str, TopicGroup]:
        return {topic.id: group for group in self.topics for topic in group.topics}

    @cached_property
    def _areas(self) -> dict[str, Area]:
        return _by_id(self.areas)

    def topic(self, topic_id: str) -> Topic | None:
        return self._topics.get(topic_id)

    def topic_label(self, topic_id: str) -> str:
        return _label(self.topic(topic_id), topic_id)

    def topic_group(self, topic_id: str) -> TopicGroup | None:
        return self._group_of_topic.get(topic_id)

    def topics_in_groups(self) -> tuple[tuple[str, tuple[Topic, ...]], ...]:
        return tuple((group.label, group.topics) for group in self.topics)

    def today(self, now: datetime) -> date:
        """The day it is by the program's clock."""
        return now.astimezone(ZoneInfo(self.time_zone)).date()

    def find_topic(self, words: str) -> Topic | None:
        """The topic these words name by its id, label or another word for it; None when they name none or several.

        Only a guess to fill a form with, which the person sees and can change.
        """
        said = _said(words)
        heard = {topic.id: _longest_heard(said, _names(topic)) for topic in self._topics.values()}
        best = max(heard, key=lambda topic_id: len(heard[topic_id]))
        others = {name for topic_id, name in heard.items() if name and topic_id != best}
        # A shorter name inside the longest one says nothing of its own; any other makes it unclear.
        clear = all(name != heard[best] and name in heard[best] for name in others)
        return self._topics[best] if heard[best] and clear else None

    def kind(self, kind_id: str) -> Kind | None:
        return _find(self.kinds, kind_id)

    def kind_label(self, kind_id: str) -> str:
        return _label(self.kind(kind_id), kind_id)

    def agency_kind(self, kind_id: str) -> AgencyKind | None:
        return _find(self.agency_kinds, kind_id)

    def agency_kind_label(self, kind_id: str) -> str:
        return _label(self.agency_kind(kind_id), kind_id)

    def close_reason(self, reason_id: str) -> CloseReason | None:
        return _find(self.close_reasons, reason_id)

    def close_reason_label(self, reason_id: str) -> str:
        return _label(self.close_reason(reason_id), reason_id)

    def by_when_option(self, option_id: str) -> ByWhen | None:
        return _find(self.by_when, option_id)

    def is_urgent(self, by_when: str) -> bool:
        found = self.by_when_option(by_when)
        return found is not None and found.urgent

    def by_when_label(self, option_id: str) -> str:
        return _label(self.by_when_option(option_id), option_id)

    def hotline(self, hotline_id: str) -> Hotline | None:
        return _find(self.hotlines, hotline_id)

    def area(self, area_id: str) -> Area | None:
        return self._areas.get(area_id)

    def area_label(self, area_id: str) -> str:
        return _label(self.area(area_id), area_id)

    def region_of(self, area_id: str) -> str | None:
        """The region a county lies in; a region's own id; None for nations and wider areas."""
        area = self.area(area_id)
        if area is None:
            return None
        return area.id if area.kind == "region" else area.region

    def is_elsewhere(self, areas: Sequence[str]) -> bool:
        """Whether all of these are outside the state: people there get what all get, and a referral."""
        found = list(map(self.area, areas))
        return bool(found) and all(area is not None and area.kind == "outside" for area in found)

    def areas_in_groups(self) -> tuple[tuple[str, tuple[Area, ...]], ...]:
        """Heading and areas, as the form shows them."""
        groups: dict[str, list[Area]] = {}
        for area in self.areas:
            groups.setdefault(area.group, []).append(area)
        return tuple((heading, tuple(areas)) for heading, areas in groups.items())

    @cached_property
    def topic_choices(self) -> Choices:
        """What the form offers, the same for every form: heading, then text and id of each."""
        groups = self.topics_in_groups()
        return tuple((heading, tuple((each.label, each.id) for each in topics)) for heading, topics in groups)

    @cached_property
    def area_choices(self) -> Choices:
        groups = self.areas_in_groups()
        return tuple((heading, tuple((a.option_text, a.id) for a in areas)) for heading, areas in groups)

    def find_areas(self, words: str) -> tuple[Area, ...]:
        """Areas named in these words, by label or by a city: one city may lie in several counties."""
        said = _said(words)
        heard = {area.id: len(_longest_heard(said, (area.label, *area.cities))) for area in self.areas}
        best = max(heard.values())
        return tuple(area for area in self.areas if best and heard[area.id] == best)

    def areas_like(self, typed: str) -> tuple[Area, ...]:
        """Areas of which a word, or a town's, begins as typed so far: for lists that are searched while typing."""
        begun = {f" {typed.casefold().strip()}", _said(typed).rstrip()}
        named = ((area, "".join(chain(*map(_name_said, (area.label, *area.cities))))) for area in self.areas)
        return tuple(area for area, names in named if any(each in names for each in begun))

    def place_in(self, words: str) -> Area | None:
        """The one area that these words name as a place; None when they name none or several.

        A city's name counts alone, after a word such as “in”, or with a capital inside the sentence: “superior
        training” is about no city.
        """
        found = self.find_areas(words)
        if len(found) != 1:
            return None
        area = found[0]
        said = _said(words)
        if _longest_heard(said, (area.label,)):
            return area
        name = _longest_heard(said, area.cities)
        return area if is_said_as_a_place(words, name.split()) else None

    def state_word(self, state: State) -> str:
        """Staff's word."""
        word: str = getattr(self.words.state_words, state)
        return word

    def requester_word(self, state: State) -> str:
        """One of the four words a requester reads."""
        four = self.words.requester_words
        if state in ("new", "triaged"):
            return four.received
        if state == "waiting_requester":
            return four.need_you
        return four.done if state in ("delivered", "closed") else four.working


def load(path: Path | None = None) -> Profile:
    """The profile at `path`, by default the shipped one. Raises `ProfileFault` naming everything wrong in it."""
    source = _read(path) if path is not None else _read(shipped() / DEFAULT_PROFILE)
    program: ProgramFile | None = None
    area_sources: list[ParsedSource] = []
    if source.data is not None:
        program = typed(ProgramFile, source)
        check_program(source)
        area_sources = _area_sources(source, path)
    area_files = [typed(AreaFile, areas) if areas.data is not None else None for areas in area_sources]
    check_areas(area_sources)
    areas = tuple(area for file in area_files if file is not None for area in areas_in(file))
    check_groups(source, areas)
    faults = [fault for each in (source, *area_sources) for fault in each.faults]
    if faults or program is None:
        raise ProfileFault(faults)
    return Profile.model_construct(**dict(program), areas=areas)


def shipped() -> Traversable:
    """The folder of profiles that come with the program."""
    return resources.files("copbot.program") / "profiles"


def _area_sources(source: ParsedSource, path: Path | None) -> list[ParsedSource]:
    """Each area file is looked for beside the profile, then among the shipped ones."""
    written = source.data.get("area_files")
    beside: Traversable = path.parent if path is not None else shipped()
    found: list[ParsedSource] = []
    for at, name in enumerate(written if isinstance(written, list) else []):
        if not isinstance(name, str):
            continue
        places = [folder.joinpath(name) for folder in (beside, shipped())]
        place = next((place for place in places if place.is_file()), None)
        if place is not None:
            found.append(_read(place))
            continue
        known = [f"areas/{file.name}" for file in (shipped() / "areas").iterdir()]
        where = "Its place is beside the profile or among the shipped ones"
        right = f"{did_you_mean(name, sorted(known))} {where}"
        source.fault(("area_files", at), f"there is no file “{name}”", right)
    return found


def _read(place: Traversable) -> ParsedSource:
    name = str(place)
    try:
        return read_source(name, place.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        wrong, right = "does not exist", "check the path; without one the shipped profile is used"
    except UnicodeDecodeError:
        wrong, right = "is not text in UTF-8", "save it as UTF-8 text"
    except OSError as error:
        wrong, right = f"cannot be read ({error.strerror})", "name a file this program may read"
    return ParsedSource(name, faults=[ProfileFaultLine(name, 1, "the whole file", wrong, right)])


def _by_id(named: Iterable[N]) -> dict[str, N]:
    return {one.id: one for one in named}


def _find(named: Iterable[N], wanted: str) -> N | None:
    return next((one for one in named if one.id == wanted), None)


def _label(one: Choice | Area | None, missing: str) -> str:
    return one.label if one is not None else missing


def _names(topic: Topic) -> tuple[str, ...]:
    return (topic.id, topic.label, *topic.also)


def _said(words: str) -> str:
    """Words between single spaces, so that a name is found only as whole words."""
    return f" {' '.join(spoken(words))} "


@lru_cache(maxsize=4096)
def _name_said(name: str) -> tuple[str, ...]:
    """The same of a name in the profile, which every form's first words are compared with; also as one word: LaCrosse."""
    said = spoken(name)
    return tuple(dict.fromkeys((f" {' '.join(said)} ", f" {''.join(said)} "))) if said else ()


def _longest_heard(said: str, names: Iterable[str]) -> str:
    heard = [form for name in names for form in _name_said(name) if form in said]
    return max(heard, key=len, default="")
