"""Who gets a request: the leads' ordered rules, then what staff take; turn, days away, capacity, backup. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple

from copbot.people.fields import LANGUAGES
from copbot.people.rules import areas_reached
from copbot.slack.text import weekday

if TYPE_CHECKING:
    from copbot.program.profile import Profile

MOST_RULES = 10
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class RoutingRule:
    """An exception that leads wrote: what it is about (empty: whatever), the persons it goes to in turn, and a backup."""

    topics: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    urgent: bool = False
    to: tuple[int, ...] = ()
    backup: int | None = None

    @property
    def people(self) -> tuple[int, ...]:
        return self.to if self.backup is None else (*self.to, self.backup)


class WrittenRule(NamedTuple):
    """`gone`: names of people it names who are no longer on staff; without anybody else it is skipped."""

    text: str
    rule: RoutingRule
    gone: tuple[str, ...]


class RoutingSettings(NamedTuple):
    on: bool = False
    rules: tuple[WrittenRule, ...] = ()
    version: int = 0


@dataclass(frozen=True)
class RoutedRequest:
    """What of a request decides who gets it. `language` is the requester's, empty for the program's own."""

    topics: tuple[str, ...]
    areas: tuple[str, ...]
    kind: str = ""
    urgent: bool = False
    language: str = ""
    confidential: bool = False
    requester_id: int = 0


@dataclass(frozen=True)
class StaffCandidate:
    """Somebody on staff. `open`: requests they have, of them so many late and waiting for somebody else.

    No topics, areas or capacity: no limit. `handed_at`: when they last got a request; `away_until`: their last day away,
    None while they are here.
    """

    id: int
    user: str
    name: str
    is_lead: bool = False
    topics: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    capacity: int | None = None
    backup: int | None = None
    open: int = 0
    late: int = 0
    waiting: int = 0
    handed_at: datetime | None = None
    away_until: date | None = None

    @property
    def obstacle(self) -> str:
        """Why they get nothing new now; empty when they can."""
        if self.away_until is not None:
            return f"is away until {weekday(self.away_until)}"
        return f"has {self.open - self.waiting} open of at most {self.capacity}" if self.is_full else ""

    @property
    def is_full(self) -> bool:
        return self.capacity is not None and self.open - self.waiting >= self.capacity


class Decision(NamedTuple):
    """Who gets it, None for leads to decide; and why, as words that go on after a colon."""

    to: StaffCandidate | None
    why: str


def decide(
    asked: RoutedRequest, rules: Sequence[RoutingRule], staff: Sequence[StaffCandidate], profile: Profile
) -> Decision:
    """The first rule that fits and names somebody who is still here; without one, whoever takes its topics.

    Nobody gets their own request, and a confidential one goes to a lead.
    """
    able = {
        each.id: each
        for each in sorted(staff, key=lambda each: each.name)
        if each.id != asked.requester_id and (each.is_lead or not asked.confidential)
    }
    for number, rule in enumerate(rules, 1):
        if applies(rule, asked, profile) and able.keys() & rule.people:
            return _by_rule(f"rule {number} ({conditions(rule, profile)})", rule, able)
    return _by_topics(asked, able, profile)


def applies(rule: RoutingRule, asked: RoutedRequest, profile: Profile) -> bool:
    """Whether each thing the rule names is true of the request. A region's rule is for its counties, too."""
    covering = {place for area in asked.areas for place in _around(area, profile)}
    return (
        _meets(rule.topics, asked.topics)
        and _meets(rule.areas, covering)
        and _meets(rule.kinds, (asked.kind,))
        and _meets(rule.languages, (asked.language,))
        and (asked.urgent or not rule.urgent)
    )


def conditions(rule: RoutingRule, profile: Profile) -> str:
    """What a rule is about, as it is written: `urgent topic Wound care in Dane County`."""
    parts = [
        "urgent" if rule.urgent else "",
        _listed("topic", map(profile.topic_label, rule.topics)),
        _listed("kind", map(profile.kind_label, rule.kinds)),
        _listed("language", (LANGUAGES.get(each, each) for each in rule.languages)),
        _listed("in", map(profile.area_label, rule.areas)),
    ]
    return " ".join(filter(None, parts)) or "anything"


def cover_for(
    owner: StaffCandidate, staff: Mapping[int, StaffCandidate], *, confidential: bool
) -> StaffCandidate | None:
    """The backup of somebody who is away, when the backup is here and may read it."""
    backup = staff.get(owner.backup or 0)
    if backup is None or backup.obstacle or (confidential and not backup.is_lead):
        return None
    return backup


def _by_rule(label: str, rule: RoutingRule, able: Mapping[int, StaffCandidate]) -> Decision:
    named = [able[ident] for ident in rule.to if ident in able]
    free = [each for each in named if not each.obstacle]
    if free:
        return Decision(_next(free), f"{label}, next in turn" if len(named) > 1 else label)
    to = _backup([rule.backup] if rule.backup is not None else [each.backup for each in named], able)
    if to is not None:
        return Decision(to, f"{label}, as backup" + (f": {_obstacles(named)}" if named else ""))
    return Decision(None, f"{label}: {_obstacles(able[ident] for ident in rule.people if ident in able)}")


def _by_topics(asked: RoutedRequest, able: Mapping[int, StaffCandidate], profile: Profile) -> Decision:
    about = " or ".join(map(profile.topic_label, asked.topics))
    on_topic = [each for each in able.values() if not each.topics or _meets(each.topics, asked.topics)]
    reached = areas_reached(profile, asked.areas)
    pool = [each for each in on_topic if _meets(each.areas, reached)]
    if not pool:
        whom = "no lead" if asked.confidential else "nobody on staff"
        place = f" in {' or '.join(map(profile.area_label, asked.areas))}" if on_topic else ""
        return Decision(None, f"{whom} takes {about}{place}")
    free = [each for each in pool if not each.obstacle]
    if free:
        best = min(_fit(each, asked) for each in free)
        first = [each for each in free if _fit(each, asked) == best]
        named = [profile.topic_label(each) for each in asked.topics if each in first[0].topics]
        turn = ", next in turn" if len(first) > 1 else ""
        return Decision(_next(first), f"takes {named[0] if named else 'all topics'}{turn}")
    to = _backup([each.backup for each in pool], able)
    if to is not None:
        return Decision(to, f"as backup: {_obstacles(each for each in pool if each.backup == to.id)}")
    away = [each.away_until for each in pool if each.away_until is not None]
    if len(away) == len(pool) > 1:
        return Decision(None, f"everyone on {about} is away until {weekday(min(away))}")
    return Decision(None, _obstacles(pool))


def _backup(idents: Iterable[int | None], able: Mapping[int, StaffCandidate]) -> StaffCandidate | None:
    """Whose turn it is of the backups who are here and not full."""
    found = [able[ident] for ident in idents if ident is not None and ident in able]
    here = [each for each in found if not each.obstacle]
    return _next(here) if here else None


def _fit(each: StaffCandidate, asked: RoutedRequest) -> tuple[bool, bool]:
    """Whoever named the topic comes before who takes all, then whoever speaks the requester's language."""
    speaks = not asked.language or asked.language in each.languages
    return not (each.topics and _meets(each.topics, asked.topics)), not speaks


def _obstacles(blocked: Iterable[StaffCandidate]) -> str:
    return ", ".join(f"{each.name} {each.obstacle}" for each in blocked)


def _next(some: Sequence[StaffCandidate]) -> StaffCandidate:
    """Whoever got nothing for the longest time."""
    return min(some, key=lambda each: (each.handed_at or _LONG_AGO, each.id))


def _meets(wanted: Collection[str], found: Collection[str]) -> bool:
    return not wanted or not set(wanted).isdisjoint(found)


def _around(area_id: str, profile: Profile) -> set[str]:
    """The area itself, its region and the whole state."""
    found = profile.area(area_id)
    if found is None or found.kind == "outside":
        return {area_id}
    wide = {each.id for each in profile.areas if each.kind == "statewide"}
    return {area_id, profile.region_of(area_id) or area_id} | wide


def _listed(word: str, names: Iterable[str]) -> str:
    found = " or ".join(names)
    return f"{word} {found}" if found else ""
