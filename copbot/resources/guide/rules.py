"""How a guide is arranged. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from copbot.program.profile import Profile
from copbot.resources.library.values import Resource

OTHER = "Other services"


@dataclass(frozen=True)
class Group:
    """Services of one kind, by title."""

    heading: str
    items: tuple[Resource, ...]


@dataclass(frozen=True)
class Part:
    """A place with its services. `is_wide`: statewide and national ones."""

    title: str
    groups: tuple[Group, ...]
    is_wide: bool = False


@dataclass(frozen=True)
class Guide:
    """`areas` are the ids that it is for; `title` names them."""

    areas: tuple[str, ...]
    title: str
    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        return sum(len(group.items) for part in self.parts for group in part.groups)


def grouped(items: Sequence[Resource], profile: Profile) -> tuple[Group, ...]:
    """By kind of service, the kinds and the services by name."""
    found: dict[str, list[Resource]] = {}
    headings: dict[str, str] = {}
    for each in items:
        heading = each.service_kind or (profile.topic_label(each.topics[0]) if each.topics else OTHER)
        headings.setdefault(heading.casefold(), heading)
        found.setdefault(heading.casefold(), []).append(each)
    order = sorted(found, key=lambda key: (headings[key] == OTHER, key))
    by_title = {key: sorted(found[key], key=lambda each: (each.title.casefold(), each.id)) for key in order}
    return tuple(Group(headings[key], tuple(items)) for key, items in by_title.items())


def page_of(guide: Guide, start: int, most: int) -> Guide:
    """The guide with only so many of its services, from this one on; headings without any are left out."""
    parts: list[Part] = []
    at = 0
    for part in guide.parts:
        groups: list[Group] = []
        for group in part.groups:
            shown = tuple(each for place, each in enumerate(group.items, at) if start <= place < start + most)
            at += len(group.items)
            if shown:
                groups.append(Group(group.heading, shown))
        if groups:
            parts.append(Part(part.title, tuple(groups), part.is_wide))
    return Guide(guide.areas, guide.title, tuple(parts))
