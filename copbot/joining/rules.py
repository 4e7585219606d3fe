"""Pure decisions about newcomers: who is one, what an e-mail address must look like, which first steps fit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

NEW, INVITED, NOT_NOW, JOINED = "new", "invited", "not_now", "joined"
OPEN = (NEW, INVITED)
_EMAIL = re.compile(r"[^@\s<>,;:.][^@\s<>,;:]{0,63}@[^@\s<>,;:.]+(\.[^@\s<>,;:.]+)+")
LONGEST_EMAIL = 254


def email_key(typed: str) -> str:
    """The address as it is compared; empty when it is none. `<mailto:a@b.c|a@b.c>` is Slack's way to write it."""
    found = _EMAIL.search(typed.replace("mailto:", " ").replace("|", " "))
    key = found.group(0).casefold() if found else ""
    return key if len(key) <= LONGEST_EMAIL else ""


def email_of(user: Mapping[str, Any]) -> str:
    return email_key(str((user.get("profile") or {}).get("email") or ""))


def is_newcomer(user: Mapping[str, Any], team: str) -> bool:
    """Somebody who can read a welcome: no bot, not gone, not of another workspace."""
    if not user.get("id") or user.get("id") == "USLACKBOT":
        return False
    absent = user.get("deleted") or user.get("is_bot") or user.get("is_stranger")
    return not absent and str(user.get("team_id") or team) == team


def may_become(state: str, wanted: str) -> bool:
    """Whether staff may still say so: somebody who has joined stays joined."""
    return state in OPEN and state != wanted and wanted in (INVITED, NOT_NOW)
