"""The invented workspace: nobody here is a real person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

TEAM = {
    "id": "T0SANDBOX1",
    "name": "Harm Reduction Commons",
    "domain": "harm-reduction-commons",
}
FOREIGN_TEAM = "T0ELSEWHERE"
BOT_USER, BOT_ID, APP_ID = "U0TABOT0001", "B0TABOT0001", "A0TAAPP0001"


@dataclass(frozen=True)
class InventedPerson:
    handle: str
    name: str
    title: str
    zone: str = "America/Chicago"
    flags: tuple[str, ...] = ()
    team: str = TEAM["id"]


PEOPLE = (
    InventedPerson("kim", "Kim Alder", "Outreach worker, Lakeside Exchange"),
    InventedPerson("juno", "Juno Vale", "Nurse, Northwoods Health", "America/New_York"),
    InventedPerson("noor", "Noor Hassel", "Peer specialist, River County"),
    InventedPerson("ravi", "Ravi Tallow", "Technical assistance staff"),
    InventedPerson("mei", "Mei Brook", "Technical assistance staff", "America/Denver"),
    InventedPerson("tomas", "Tomas Quill", "Technical assistance staff", "America/Los_Angeles"),
    InventedPerson("ada", "Ada Fenn", "Technical assistance lead"),
    InventedPerson("lou", "Lou Marsh", "Program administrator", flags=("is_admin",)),
    InventedPerson(
        "ines",
        "Ines Croft",
        "Program director",
        flags=("is_admin", "is_owner", "is_primary_owner"),
    ),
    InventedPerson("gus", "Gus Penn", "Evaluator", "Europe/London", ("is_restricted",)),
    InventedPerson(
        "sol",
        "Sol Reed",
        "Visiting trainer",
        "America/Phoenix",
        ("is_restricted", "is_ultra_restricted"),
    ),
    InventedPerson("dee", "Dee Stone", "Left in spring", flags=("deleted",)),
    InventedPerson("pollbot", "Poll Bot", "", flags=("is_bot",)),
    InventedPerson(
        "zed",
        "Zed Farrow",
        "Works elsewhere",
        "Asia/Tokyo",
        ("is_stranger",),
        FOREIGN_TEAM,
    ),
)

FULL_MEMBERS = ("kim", "juno", "noor", "ravi", "mei", "tomas", "ada", "lou", "ines")

CHANNELS: tuple[tuple[str, bool, tuple[str, ...]], ...] = (
    ("general", False, (*FULL_MEMBERS, "gus", "pollbot")),
    ("overdose-response", False, ("kim", "juno", "mei", "gus", "ines")),
    ("ssp-operations", False, ("kim", "noor", "ravi", "sol", "zed")),
    ("ta-staff", True, ("ravi", "mei", "tomas", "ada", "bot")),
)
"""Name, private, who is in it; `bot` is the installed app."""

STAFF_CHANNEL = "ta-staff"
FLAGS = (
    "is_admin",
    "is_owner",
    "is_primary_owner",
    "is_restricted",
    "is_ultra_restricted",
    "is_bot",
)


def user_record(user_id: str, person: InventedPerson, now: float) -> dict[str, Any]:
    """A user as `users.info` shows it to an app that may read e-mail addresses."""
    offset = datetime.now(ZoneInfo(person.zone)).utcoffset()
    record: dict[str, Any] = {
        "id": user_id,
        "team_id": person.team,
        "name": person.handle,
        "deleted": "deleted" in person.flags,
        "color": "9f69e7",
        "real_name": person.name,
        "tz": person.zone,
        "tz_label": person.zone.split("/")[-1].replace("_", " "),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": {
            "title": person.title,
            "real_name": person.name,
            "real_name_normalized": person.name,
            "display_name": person.name,
            "display_name_normalized": person.name,
            "email": f"{person.handle}@example.org",
            "first_name": person.name.split()[0],
            "last_name": person.name.split()[-1],
            "team": person.team,
        },
        "is_app_user": False,
        "updated": int(now),
        **{flag: flag in person.flags for flag in FLAGS},
    }
    if person.team != TEAM["id"]:
        record["is_stranger"] = "is_stranger" in person.flags
    if record["is_bot"]:
        del record["profile"]["email"]
    return record
