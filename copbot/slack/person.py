"""Who is pressing: the value every listener gets instead of a Slack user id."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """A person as the database knows them at this click.

    `id` is the person's row, `user` the Slack user id, `tz` an IANA zone.
    `refused` holds the sentence for somebody who may use nothing here (deactivated, a bot,
    from another workspace); the frame shows it and runs nothing.
    """

    id: int
    user: str
    name: str
    tz: str
    is_admin: bool = False
    is_staff: bool = False
    is_lead: bool = False
    is_guest: bool = False
    refused: str | None = None
