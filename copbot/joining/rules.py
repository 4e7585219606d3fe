"""Pure decisions about newcomers: who is one, what an e-mail address must look like, which first steps fit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from copbot.people.rules import refused_words
from copbot.people.slack_user import from_slack

NEW, INVITED, NOT_NOW, JOINED = "new", "invited", "not_now", "joined"
OPEN = (NEW, INVITED)
_EMAIL = re.compile(r"[^@\s<>,;:.][^@\s<>,;:]{0,63}@[^@\s<>,;:.]+(\.[^@\s<>,;:.]+)+")
LONGEST_EMAIL = 254


def email_key(typed: str) -> str:
    """The address as it is compared; empty when it is none. `<mailto:a@b.c|a@b.c>` is Slack's way to write it."""
    found = _EMAIL.search(typed.replace("mailto:", " ").replace("|", " "))
    key = found.group(0).casefold() if found else ""
    return key if len(key) <= LONGEST_EMAIL else ""


def is_newcomer(user: Mapping[str, Any], team: str) -> bool:
    """Somebody who can read a welcome: no bot, not gone, of this workspace. False while Slack leaves that unsaid."""
    flags = from_slack(user, team)
    return flags is not None and refused_words(flags) is None


def may_become(state: str, wanted: str) -> bool:
    """Whether staff may still say so: somebody who has joined stays joined."""
    return state in OPEN and state != wanted and wanted in (INVITED, NOT_NOW)
