"""What a room asks of the screen about a text that came by no form."""

from __future__ import annotations

from copbot.program.profile import Profile
from copbot.screening.rules import Context, Finding, find, phones_in


def program_context(profile: Profile) -> Context:
    """The program's own contact, its hotlines and its words may always be written."""
    lines = " ".join(line.number for line in profile.hotlines)
    return Context(
        phones_in(f"{lines} {profile.contact.phone}"),
        emails=frozenset({profile.contact.email.lower()}),
        things=frozenset(each.lower() for each in profile.not_names),
    )


def found_in(text: str, profile: Profile) -> tuple[Finding, ...]:
    """What stands in a text that came by no form; empty when it may be kept."""
    return find(text, program_context(profile))
