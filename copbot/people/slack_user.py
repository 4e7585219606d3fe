"""Slack's description of a person, read: what it says, and what it leaves unsaid. A missing fact is never a "no"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from copbot.slack.text import clean, cut, visible

SLACKBOT = "USLACKBOT"
_ID = re.compile(r"[A-Za-z0-9._-]{1,32}")


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


def from_slack(
    told: Mapping[str, Any], home_team: str = "", zone: str = "UTC", known: Flags | None = None
) -> Flags | None:
    """A Slack user object read; what it does not say stays as `known`.

    None when it is about nobody, or leaves unsaid what decides whether somebody unknown may do anything here.
    `zone` stands in for a time zone that is missing or not one.
    """
    user = told.get("id")
    if not (isinstance(user, str) and _ID.fullmatch(user)):
        return None
    said, whole = _said_flags(told, home_team), is_whole(told, home_team)
    if known is None and not whole:
        return None
    if whole:  # then nothing is said of being a stranger only to those who are none
        said["is_stranger"] = said["is_stranger"] or False
    before = known or Flags(user, "", zone)
    flags = {name: getattr(before, name) if value is None else value for name, value in said.items()}
    tz, team = _zone(str(told.get("tz") or "")) or before.tz, _team(told) or before.team
    return Flags(user, _name(told) or before.name or user, tz, team, **flags)


def is_whole(told: Mapping[str, Any], home_team: str = "") -> bool:
    """Whether the object says everything that decides what somebody may do."""
    said = _said_flags(told, home_team)
    # Whatever else is unsaid, these may do nothing here.
    is_out = any(said[name] for name in ("is_deleted", "is_bot", "is_stranger", "is_foreign"))
    return is_out or all(
        said[name] is not None for name in ("is_deleted", "is_bot", "is_guest", "is_foreign")
    )


def belongs(told: Mapping[str, Any], home_team: str) -> bool | None:
    """Whether somebody is of this workspace: the one reading of it. None when nothing is said of it.

    On Enterprise Grid the `team_id` may be another workspace's, the organization's, or absent; then the list of
    workspaces decides. While our own workspace is unknown, everybody is taken to be of it.
    """
    if not home_team:
        return True
    team, teams = _team(told), _teams(told)
    if home_team == team or home_team in teams:
        return True
    is_workspace = bool(team) and not team.startswith("E")
    return False if is_workspace or teams else None


def _said_flags(told: Mapping[str, Any], home_team: str) -> dict[str, bool | None]:
    belonging = belongs(told, home_team)
    is_bot = _said(told, "is_bot", "is_workflow_bot", "is_connector_bot")
    return {
        "is_admin": _said(told, "is_admin"),
        "is_owner": _said(told, "is_owner", "is_primary_owner"),
        "is_guest": _said(told, "is_restricted", "is_ultra_restricted"),
        "is_bot": True if told.get("id") == SLACKBOT else is_bot,
        "is_deleted": _said(told, "deleted"),
        "is_stranger": _said(told, "is_stranger"),
        "is_foreign": None if belonging is None else not belonging,
    }


def _said(told: Mapping[str, Any], *names: str) -> bool | None:
    """True if any is; False if the first is; else nothing is said. Only plain booleans count."""
    if any(told.get(name) is True for name in names):
        return True
    return False if told.get(names[0]) is False else None


def _name(told: Mapping[str, Any]) -> str:
    """What the person is called in Slack: the display name, else the full name, else the old handle."""
    found = told.get("profile")
    profile: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
    tries = (profile.get("display_name"), profile.get("real_name"), told.get("real_name"), told.get("name"))
    names = (" ".join(clean(name).split()) for name in tries if isinstance(name, str))
    return cut(next((name for name in names if visible(name)), ""), LONGEST_NAME)


LONGEST_NAME = 200
"""Slack lets a name have 80 characters."""


def _team(told: Mapping[str, Any]) -> str:
    found = told.get("team_id") or told.get("team")
    return found if isinstance(found, str) and _ID.fullmatch(found) else ""


def _teams(told: Mapping[str, Any]) -> list[str]:
    """On Enterprise Grid one person belongs to several workspaces."""
    grid = told.get("enterprise_user")
    found = [told.get("teams"), grid.get("teams") if isinstance(grid, Mapping) else None]
    return [team for teams in found if isinstance(teams, list) for team in teams if isinstance(team, str)]


@cache
def _zone(told: str) -> str:
    """The name of a time zone; empty for anything else."""
    try:
        return ZoneInfo(told).key
    except (ValueError, OSError, KeyError):
        return ""


FLAGS = tuple(each.name for each in fields(Flags))
"""The names of what is kept of a person, as the columns have them."""
