"""The wanted list as YAML, in and out; and how the communities stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import yaml
from pydantic import AfterValidator, Field, StringConstraints

from copbot.communities import rules, tables
from copbot.communities.activity import service as activity
from copbot.communities.news import service as news_of_staff
from copbot.communities.rules import CommunityState
from copbot.communities.tables import CommunityRow
from copbot.communities.values import ForStaff, StatusSummary
from copbot.delivery import service as delivery
from copbot.people.profiles import service as profiles
from copbot.people.values import PersonProfile
from copbot.program.profile import Profile
from copbot.program.schema.faults import ProfileFault, did_you_mean, refuse
from copbot.program.schema.fields import Id
from copbot.program.schema.source import read_source
from copbot.program.schema.structure import typed
from copbot.program.schema.vocabulary import ProfilePart
from copbot.slack.person import Person
from copbot.store import Session

MOST = 1000
MOST_FOUND = 20
HEAD = "# The communities: one channel each. `bot.py import communities FILE` reads this file.\n"


def _channel_name(value: str) -> str:
    name = rules.channel_name(value)
    if not name:
        refuse("has no letters or digits that Slack takes", "write it in small letters, such as wound-care")
    if len(value) > rules.NAME_LENGTH:
        refuse("is too long", f"Slack takes {rules.NAME_LENGTH} characters; shorten it")
    return name


def _user(value: str) -> str:
    if value and not (value[0] in "UW" and value.isalnum() and value.isupper()):
        right = "open the person's profile in Slack, press ⋮ and Copy member ID, such as U012AB3CD"
        refuse("is not a member's id", right)
    return value


class CatalogEntry(ProfilePart):
    """One community as the file has it."""

    id: Id
    name: Annotated[str, AfterValidator(_channel_name)] = Field(examples=["wound-care"])
    purpose: Annotated[str, StringConstraints(max_length=1000)] = ""
    topics: tuple[str, ...] = ()
    lead: Annotated[str, AfterValidator(_user)] = ""
    welcome: Annotated[str, StringConstraints(max_length=2000)] = ""
    rhythm: Annotated[str, StringConstraints(max_length=200)] = ""
    digest: bool = True
    private: bool = False


class ListFile(ProfilePart):
    communities: Annotated[tuple[CatalogEntry, ...], Field(max_length=MOST)]


@dataclass(frozen=True)
class Imported:
    """What an import did. `left` are communities that the file does not name; they stay as they are."""

    new: int = 0
    changed: int = 0
    same: int = 0
    left: tuple[str, ...] = ()


def read(name: str, text: str, profile: Profile) -> tuple[CatalogEntry, ...]:
    """The list in this text. Raises `ProfileFault` with every fault and its line."""
    source = read_source(name, text)
    found = typed(ListFile, source) if source.data is not None else None
    seen: dict[str, set[str]] = {"id": set(), "name": set()}
    known = [topic.id for _, topics in profile.topics_in_groups() for topic in topics]
    for loc, entry in source.entries("communities"):
        for field, taken in seen.items():
            value = str(entry.get(field) or "").strip()
            value = rules.channel_name(value) if field == "name" else value
            if value and value in taken:
                source.fault((*loc, field), f"“{value}” is listed twice", "give each community its own")
            taken.add(value)
        topics = entry.get("topics")
        for at, topic in enumerate(topics if isinstance(topics, list) else ()):
            if topic not in known:
                wrong = f"“{topic}” is not a topic"
                source.fault((*loc, "topics", at), wrong, did_you_mean(str(topic), known))
    if source.faults or found is None:
        raise ProfileFault(source.faults)
    return found.communities


def take(session: Session, listed: tuple[CatalogEntry, ...], *, now: datetime) -> Imported:
    """The file's word counts for what it names; what it does not name stays. Channels change at the next apply."""
    rows = {row.slug: row for row in tables.every_community(session)}
    new = changed = 0
    for each in listed:
        values = {**each.model_dump(exclude={"id"}), "topics": list(each.topics)}
        row = rows.get(each.id)
        if row is None:
            session.add(CommunityRow(slug=each.id, made_at=now, state=CommunityState.ACTIVE, **values))
            new += 1
        elif changes := {name: value for name, value in values.items() if getattr(row, name) != value}:
            for name, value in changes.items():
                setattr(row, name, value)
            session.flush()
            delivery.refresh(session, f"community:{row.id}", kind="community.welcome", now=now)
            changed += 1
    session.flush()
    named = {each.id for each in listed}
    left = tuple(sorted(row.name for slug, row in rows.items() if slug not in named))
    return Imported(new, changed, len(listed) - new - changed, left)


def as_yaml(session: Session) -> str:
    """Every community that is not archived, as `read` takes it."""
    rows = [row for row in tables.every_community(session) if row.state != CommunityState.ARCHIVED]
    names = [name for name in CatalogEntry.model_fields if name != "id"]
    listed = [{"id": row.slug, **{name: getattr(row, name) for name in names}} for row in rows]
    return HEAD + yaml.safe_dump({"communities": listed}, sort_keys=False, allow_unicode=True, width=100)


def standing(session: Session, person: Person, now: datetime) -> StatusSummary:
    rows = tables.every_community(session)
    mine = tables.communities_of(session, person.user)
    active = [row for row in rows if row.state != CommunityState.ARCHIVED]
    channels = tuple(row.channel for row in active if row.id in mine and row.channel)
    return StatusSummary(channels, len(active), _for_staff(session, rows, now) if person.is_staff else None)


def _for_staff(session: Session, rows: list[CommunityRow], now: datetime) -> ForStaff:
    states = [row.state for row in rows]
    month = activity.counted(session, since=now - timedelta(days=28)).values()
    return ForStaff(
        being_made=sum(row.channel is None and row.state == CommunityState.ACTIVE for row in rows),
        quiet=sum(row.quiet_notified_at is not None and row.state == CommunityState.ACTIVE for row in rows),
        closing=states.count(CommunityState.CLOSING),
        archived=states.count(CommunityState.ARCHIVED) + states.count(CommunityState.REVIVING),
        posts=sum(each.posts for each in month),
        answers=sum(each.answers for each in month),
        reactions=sum(each.reactions for each in month),
        troubles=tuple(
            (row.name, row.trouble, row.lead if row.trouble == "lead" else row.name)
            for row in rows
            if row.trouble and row.state != CommunityState.ARCHIVED
        ),
    )


def news(session: Session, now: datetime, zone: str) -> tuple[str, ...]:
    """What we have been up to: what staff said, new communities, and the month in numbers."""
    active = (row for row in tables.every_community(session) if row.state == CommunityState.ACTIVE)
    new = [f"#{row.name}" for row in active if row.channel and now - row.made_at <= timedelta(days=60)]
    month = activity.counted(session, since=now - timedelta(days=28)).values()
    said = news_of_staff.newest(session, now)
    lines = [f"{each.at.astimezone(ZoneInfo(zone)):%a, %b %d}: {each.text}" for each in said]
    lines += [f"New communities: {', '.join(new)}"] if new else []
    posts, answers = sum(each.posts for each in month), sum(each.answers for each in month)
    counted = f"In the last four weeks: {posts} posts and {answers} answers in {len(month)} communities"
    lines += [counted] if posts else []
    return tuple(lines)


def people_like(session: Session, words: str, person: Person, profile: Profile) -> tuple[PersonProfile, ...]:
    """People who agreed to be found: on the topic or in the area of these words, or on one's own topics."""
    topics, areas = profiles.profile_of(session, person.id).topics, tuple[str, ...]()
    if words:
        topic = profile.find_topic(words)
        places = () if topic else profile.find_areas(words) or profile.find_areas(f"{words} county")
        topics, areas = (topic.id,) if topic else (), tuple(area.id for area in places)
        if not topics and not areas:
            return ()
    found = profiles.audience(session, profile=profile, topics=topics, areas=areas, agreed="found")
    told = (profiles.profile_of(session, ident) for ident in found[:MOST_FOUND])
    return tuple(each for each in told if each.user != person.user)
