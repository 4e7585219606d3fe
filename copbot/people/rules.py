"""Who somebody is and what they may do: decisions on what Slack says of a person, and on names of agencies."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, process

from copbot.slack.text import clean, cut, size

if TYPE_CHECKING:
    from copbot.program.profile import Profile

LONGEST_AGENCY = 120
LONGEST_ROLE = 120
LONGEST_NOTE = 200
MOST_NAMED = 20
"""So many topics or areas somebody may name."""
MOST_CAPACITY = 999
LONGEST_AWAY = timedelta(days=366)
_NEAR = 60
"""How alike, of a hundred, a name must be spelt to be offered."""
_SAME = 90
"""How alike, of a hundred, two names must be for staff to be asked whether they are one agency."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
SLACKBOT = "USLACKBOT"

_CLOSED = {
    "is_deleted": "Your account in this workspace is deactivated.",
    "is_bot": "Only people can do this, not apps.",
    "is_stranger": "Only people of this workspace can do this.",
    "is_foreign": "You belong to another workspace, and only people of this one can do this.",
}


@dataclass(frozen=True)
class Flags:
    """What Slack says of a person, in our own words."""

    user: str
    name: str
    tz: str
    team: str = ""
    is_admin: bool = False
    is_owner: bool = False
    is_guest: bool = False
    is_bot: bool = False
    is_deleted: bool = False
    is_stranger: bool = False
    is_foreign: bool = False

    @property
    def full_member(self) -> bool:
        """Somebody who may be staff: of this workspace, active, a human, and no guest."""
        return not (self.is_guest or self.is_bot or self.is_deleted or self.is_stranger or self.is_foreign)


def from_slack(told: Mapping[str, Any], home_team: str = "", zone: str = "UTC") -> Flags:
    """A Slack user object read; what is missing counts as no, a missing team as the home one.

    `zone` stands in for a time zone that is missing or unknown.
    """
    user = str(told.get("id") or "")
    team = str(told.get("team_id") or told.get("team") or "")
    guest = _yes(told, "is_restricted", "is_ultra_restricted")
    bot = user == SLACKBOT or _yes(told, "is_bot", "is_workflow_bot", "is_connector_bot")
    return Flags(
        user=user,
        name=_name(told) or user,
        tz=_zone(str(told.get("tz") or ""), zone),
        team=team,
        is_admin=_yes(told, "is_admin"),
        is_owner=_yes(told, "is_owner", "is_primary_owner"),
        is_guest=guest,
        is_bot=bot,
        is_deleted=_yes(told, "deleted"),
        is_stranger=_yes(told, "is_stranger"),
        is_foreign=bool(home_team and team) and home_team not in {team, *_teams(told)},
    )


def _yes(told: Mapping[str, Any], *names: str) -> bool:
    return any(told.get(name) is True for name in names)


def _name(told: Mapping[str, Any]) -> str:
    """What the person is called in Slack: the display name, else the full name, else the old handle."""
    found = told.get("profile")
    profile: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
    tries = (profile.get("display_name"), profile.get("real_name"), told.get("real_name"), told.get("name"))
    names = (" ".join(clean(name).split()) for name in tries if isinstance(name, str))
    return cut(next((name for name in names if visible(name)), ""), 200)


def _teams(told: Mapping[str, Any]) -> list[str]:
    """On Enterprise Grid one person belongs to several workspaces."""
    grid = told.get("enterprise_user")
    teams = grid.get("teams") if isinstance(grid, Mapping) else None
    return [str(team) for team in teams] if isinstance(teams, list) else []


@cache
def _known_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


def _zone(name: str, otherwise: str) -> str:
    return name if name and _known_zone(name) else otherwise


def refused_words(flags: Flags) -> str | None:
    """The sentence for somebody who may use nothing here, or None."""
    return next((words for name, words in _CLOSED.items() if getattr(flags, name)), None)


def is_admin(flags: Flags, named: Collection[str]) -> bool:
    """Administrators are those named in the environment; when nobody is, the workspace's admins and owners."""
    if not flags.full_member:
        return False
    return flags.user in named if named else flags.is_admin or flags.is_owner


def visible(text: str) -> bool:
    """Whether a reader would see anything: not only spaces, zero-width signs and direction marks."""
    return any(unicodedata.category(sign)[0] not in "ZC" and sign not in _BLANKS for sign in text)


# Letters by category, yet drawn as nothing: Hangul fillers, the blank braille pattern, variation selectors.
_BLANKS = {"\u115f", "\u1160", "\u3164", "\uffa0", "\u2800", "\u034f", *map(chr, range(0xFE00, 0xFE10))}


def agency_name(typed: str) -> str:
    """An agency's name as it is shown: one line, single spaces."""
    return " ".join(clean(typed).split())


def agency_key(name: str) -> str:
    """What makes two spellings of an agency the same: letters and digits without case, accents or signs."""
    plain = unicodedata.normalize("NFKD", clean(name).casefold())
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = re.sub(r"[^\w]|_", " ", letters.replace("&", " and ").replace("'", "").replace("’", ""))
    return " ".join(words.split())


def agency_trouble(typed: str) -> str | None:
    """Why this cannot be an agency's name; None when it can."""
    name = agency_name(typed)
    if not agency_key(name):
        return "Please type your agency's name, with letters or digits."
    if size(name) > LONGEST_AGENCY or len(agency_key(name)) > 255:
        return f"Please shorten the agency's name to {LONGEST_AGENCY} characters or fewer."
    return None


def closest(words: str, names: Iterable[tuple[int, str]], limit: int) -> list[int]:
    """Ids of the (id, normalised name) pairs nearest to the normalised words, best first.

    Names that begin so, then those that hold every word, then those spelt nearly so.
    """
    holding: list[tuple[bool, float, str, int]] = []
    others: dict[int, str] = {}
    for ident, key in names:
        if all(word in key for word in words.split()):
            holding.append((not key.startswith(words), -fuzz.ratio(words, key), key, ident))
        else:
            others[ident] = key
    # An agency may be known by several names.
    best = list(dict.fromkeys(ident for *_, ident in sorted(holding)))[:limit]
    others = {ident: key for ident, key in others.items() if ident not in best}
    near = process.extract(words, others, scorer=fuzz.WRatio, score_cutoff=_NEAR, limit=limit - len(best))
    return best + [ident for _, _, ident in near]


def alike(names: Iterable[tuple[int, str]]) -> list[tuple[int, int]]:
    """Pairs of ids (newer, older) whose normalised names are nearly the same, the likeliest first."""
    known = dict(names)
    found: dict[tuple[int, int], float] = {}
    for ident, key in known.items():
        near = process.extract(key, known, scorer=fuzz.token_sort_ratio, score_cutoff=_SAME, limit=5)
        for _, score, other in near:
            if other != ident:
                found[max(ident, other), min(ident, other)] = -score
    return sorted(found, key=lambda pair: (found[pair], pair))


Faults = dict[str, str]


def profile_faults(
    profile: Profile,
    *,
    areas: Sequence[str] | None,
    topics: Sequence[str] | None,
    role: str | None,
    language: str | None,
) -> Faults:
    """What a person may not say of themselves, by field; None was not given."""
    faults = named_faults(profile, areas=areas or (), topics=topics or ())
    if role is not None and size(clean(role)) > LONGEST_ROLE:
        faults["role"] = f"Please say it in {LONGEST_ROLE} characters or fewer."
    if language and not _LANGUAGE.fullmatch(language):
        faults["language"] = "Please choose a language from the list."
    return faults


def named_faults(profile: Profile, *, areas: Sequence[str], topics: Sequence[str]) -> Faults:
    faults: Faults = {}
    if any(profile.area(each) is None for each in areas):
        faults["areas"] = "One of these areas is no longer in the list. Please choose again."
    if any(profile.topic(each) is None for each in topics):
        faults["topics"] = "One of these topics is no longer in the list. Please choose again."
    for name, chosen in (("areas", areas), ("topics", topics)):
        if len(set(chosen)) > MOST_NAMED:
            faults[name] = f"Please choose {MOST_NAMED} or fewer."
    return faults


def agency_faults(profile: Profile, *, name: str | None, kind: str | None, area: str | None) -> Faults:
    faults: Faults = {}
    if name is not None and (trouble := agency_trouble(name)):
        faults["name"] = trouble
    if kind is not None and profile.agency_kind(kind) is None:
        faults["kind"] = "Please choose a kind from the list."
    if area and profile.area(area) is None:
        faults["area"] = "Please choose an area from the list."
    return faults


def staff_faults(
    profile: Profile,
    *,
    topics: Sequence[str],
    areas: Sequence[str],
    languages: Sequence[str],
    capacity: int | None,
) -> Faults:
    faults = named_faults(profile, areas=areas, topics=())
    if any(profile.topic(each) is None for each in topics):
        faults["topics"] = "One of these topics is no longer in the list. Please choose again."
    if not all(_LANGUAGE.fullmatch(each) for each in languages):
        faults["languages"] = "Please choose languages from the list."
    if capacity is not None and not 0 <= capacity <= MOST_CAPACITY:
        faults["capacity"] = (
            f"Please write a number from 0 to {MOST_CAPACITY}, or leave it empty for no limit."
        )
    return faults


def away_faults(
    first: date, last: date, note: str, known: Iterable[tuple[date, date]], today: date
) -> Faults:
    """Why these days away cannot be entered, by field. `known` are those that stand."""
    faults: Faults = {}
    if last < first:
        faults["last"] = "The last day is before the first."
    elif last < today:
        faults["last"] = "These days are in the past."
    elif last - first > LONGEST_AWAY:
        faults["last"] = "Please enter at most a year at a time."
    elif any(first <= end and begin <= last for begin, end in known):
        faults["first"] = "Some of these days are already entered. Remove those first, or choose others."
    if size(note) > LONGEST_NOTE:
        faults["note"] = f"Please say it in {LONGEST_NOTE} characters or fewer."
    return faults


def areas_reached(profile: Profile, areas: Collection[str]) -> set[str]:
    """Where people who are meant by these areas may have said they are.

    Who works in a whole region or state is meant by each of its counties, and the other way round.
    """
    reached: set[str] = set()
    for wanted in areas:
        found = profile.area(wanted)
        if found is None:
            continue
        reached.add(found.id)
        if found.kind == "outside":
            continue
        reached |= {area.id for area in profile.areas if area.kind == "statewide"}
        reached |= {found.region} if found.region else set()
        inside = found.kind == "statewide"
        reached |= {
            area.id
            for area in profile.areas
            if area.region == found.id or (inside and area.kind != "outside")
        }
    return reached


@dataclass(frozen=True)
class StaffPlan:
    """What a re-read of the staff channel changes: persons' ids. `refused` says why nothing may change."""

    joining: tuple[int, ...] = ()
    leaving: tuple[int, ...] = ()
    refused: str = ""


def plan_staff(
    current: Collection[int], members: Mapping[int, Flags], excluded: Collection[str], *, admit: bool = True
) -> StaffPlan:
    """Staff after a complete re-read: the channel's full members, less those a lead excluded.

    An empty result is refused: a channel that lost all its people says more about the reading than about them.
    Without `admit` (others can read the channel) people may leave the list, and none may join it.
    """
    wanted = {person for person, flags in members.items() if flags.full_member and flags.user not in excluded}
    if not wanted:
        return StaffPlan(refused="empty")
    joining = wanted - set(current) if admit else set()
    return StaffPlan(joining=tuple(sorted(joining)), leaving=tuple(sorted(set(current) - wanted)))


def channel_trouble(info: Mapping[str, Any]) -> str:
    """Why a channel may not be the staff channel, as a code; empty when it may.

    `info` is Slack's channel object. Staff read what is asked there, so nobody else may be able to.
    """
    if info.get("is_archived") is True:
        return "archived"
    # Older private channels are groups, and not every server says both.
    if info.get("is_private") is not True and info.get("is_group") is not True:
        return "public"
    if info.get("is_ext_shared") is True or info.get("is_pending_ext_shared") is True:
        return "shared"
    return ""
