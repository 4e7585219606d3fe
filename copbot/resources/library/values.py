"""What the library hands out and takes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

OriginKind = Literal["staff", "member", "csv", "feed", "calendar", "hsds"]


@dataclass(frozen=True)
class ResourceFields:
    """What a resource says. None means "not said": empty in a new resource, unchanged in one that is there.

    `topics` and `areas` are ids of the profile; no areas means the whole country. `language` is the one it is
    written in ("en"), `languages` those in which a service is given. A service uses `service_kind` ("Legal
    aid"), `address`, `phones`, `hours` (as text), `eligibility`; its areas are those it serves. An event uses
    `starts_at`, `ends_at`, `all_day`, and `address` as its place. An answer's text is its `summary`.
    `private`: its source says it is not for the public, so it is never published, searched or exported.
    """

    kind: str | None = None
    title: str | None = None
    summary: str | None = None
    url: str | None = None
    topics: tuple[str, ...] | None = None
    areas: tuple[str, ...] | None = None
    audience: str | None = None
    jurisdiction: str | None = None
    source: str | None = None
    reviewed_on: date | None = None
    review_by: date | None = None
    language: str | None = None
    service_kind: str | None = None
    address: str | None = None
    phones: tuple[str, ...] | None = None
    hours: str | None = None
    eligibility: str | None = None
    languages: tuple[str, ...] | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    all_day: bool | None = None
    private: bool | None = None
    owner: str | None = None


@dataclass(frozen=True)
class Identity:
    """Under which name a source knows a resource: ("feed", the feed's address, the entry's guid). One name, one resource."""

    kind: OriginKind
    source: str
    external_id: str


@dataclass(frozen=True)
class IncomingResource:
    """A row, an entry or an event to take in. `uid` names a resource of ours (a spreadsheet that was exported)."""

    fields: ResourceFields
    identity: Identity | None = None
    uid: str = ""


Effect = Literal["created", "updated", "unchanged", "known", "refused"]


@dataclass(frozen=True)
class Outcome:
    """What became of one incoming row, in the order in which they came.

    `known`: another source's resource with the same address and nearly the same title; it now answers to this
    identity too, and keeps its words. `refused`: `faults` has a sentence for each field, and nothing was saved.
    """

    effect: Effect
    id: int = 0
    uid: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Resource:
    """A resource as it is. Times are UTC; `owner` and `state_by` are Slack user ids, or empty."""

    id: int
    uid: str
    kind: str
    title: str
    summary: str
    url: str
    topics: tuple[str, ...]
    areas: tuple[str, ...]
    audience: str
    jurisdiction: str
    source: str
    reviewed_on: date | None
    review_by: date | None
    language: str
    service_kind: str
    address: str
    phones: tuple[str, ...]
    hours: str
    eligibility: str
    languages: tuple[str, ...]
    starts_at: datetime | None
    ends_at: datetime | None
    all_day: bool
    private: bool
    owner: str
    origin: str
    state: str
    state_by: str
    state_at: datetime
    state_why: str
    same_as: int | None
    created_by: str
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True)
class Shown:
    """A resource as one person sees it.

    `channels`: id and name of those they may share into. `doubles` are there for staff who decide on it.
    """

    resource: Resource
    is_saved: bool
    channels: Mapping[str, str] = field(default_factory=dict)
    doubles: tuple[Resource, ...] = ()
