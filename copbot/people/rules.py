"""Who somebody is and what they may do: decisions on what Slack says of a person, and on names of agencies."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz, process

from copbot.errors import NotAllowed
from copbot.people.slack_user import Flags
from copbot.slack.text import clean, size

if TYPE_CHECKING:
    from copbot.program.profile import Profile

STAFF_REREAD = "people.staff_reread"
"""The job that reads the staff channel anew."""
LONGEST_AGENCY = 120
LONGEST_ROLE = 120
LONGEST_NOTE = 200
MOST_NAMED = 20
"""So many topics or areas somebody may name."""
MOST_CAPACITY = 999
LONGEST_AWAY = timedelta(days=366)
ENOUGH = 3
"""With fewer staff than this there may be nobody else to ask to look at what one of them wrote for everybody."""
HOLD = timedelta(minutes=10)
_NEAR = 60
"""How alike, of a hundred, a name must be spelt to be offered."""
_SAME = 90
"""How alike, of a hundred, two names must be for staff to be asked whether they are one agency."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")

_CLOSED = {
    "is_deleted": "Your account in this workspace is deactivated.",
    "is_bot": "Only people can do this, not apps.",
    "is_stranger": "Only people of this workspace can do this.",
    "is_foreign": "You belong to another workspace, and only people of this one can do this.",
}


def refused_words(flags: Flags) -> str | None:
    """The sentence for somebody who may use nothing here, or None."""
    return next((words for name, words in _CLOSED.items() if getattr(flags, name)), None)


def is_admin(flags: Flags, named: Collection[str]) -> bool:
    """Administrators are those named in the environment; when nobody is, the workspace's admins and owners."""
    if not flags.full_member:
        return False
    return flags.user in named if named else flags.is_admin or flags.is_owner


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


def alike(
    names: Iterable[tuple[int, str]], progress: Callable[[int, int], None] = lambda _done, _of: None
) -> list[tuple[int, int]]:
    """Pairs of ids (newer, older) whose normalised names are nearly the same, the likeliest first."""
    known = dict(names)
    found: dict[tuple[int, int], float] = {}
    for number, (ident, key) in enumerate(known.items()):
        if number % 50 == 0:
            progress(number, len(known))
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
        words = f"Please write a number from 0 to {MOST_CAPACITY}, or leave it empty for no limit."
        faults["capacity"] = words
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


def channel_is_told(info: Any) -> bool:
    """Whether Slack's channel object says what decides who can read it. What is unsaid is unknown, not "no"."""
    if not isinstance(info, Mapping):
        return False
    if info.get("is_archived") is True or info.get("is_private") is False:
        return True
    is_private = info.get("is_private") is True or info.get("is_group") is True
    return is_private and isinstance(info.get("is_ext_shared"), bool)


def channel_trouble(info: Mapping[str, Any]) -> str:
    """Why a channel may not be the staff channel, as a code; empty when it may.

    `info` is Slack's channel object. Staff read what is asked there, so nobody else may be able to.
    """
    if info.get("is_archived") is True:
        return "archived"
    # Older private channels are groups, and not every server says both; where the two differ, the worse one counts.
    is_private = info.get("is_private")
    if is_private is False or (is_private is not True and info.get("is_group") is not True):
        return "public"
    if info.get("is_ext_shared") is True or info.get("is_pending_ext_shared") is True:
        return "shared"
    return ""


def second_look(*, author: str, approver: str, staff: int, now: datetime) -> datetime:
    """From when something may go out that one of so many staff approves.

    Somebody else's approval counts at once. Nobody approves what they wrote; only where there are fewer than three
    staff do they, and then it waits ten minutes. Raises `NotAllowed`.
    """
    if author != approver:
        return now
    if staff >= ENOUGH:
        raise NotAllowed("You wrote this, so somebody else has to approve it.")
    return now + HOLD
