"""What people say of themselves: their section of Home, and the form to change it."""

from __future__ import annotations

from typing import Any

from copbot.people import fields
from copbot.people.values import PersonProfile
from copbot.program.profile import Profile
from copbot.slack.answers import Block, View
from copbot.slack.blocks import button, context, field, form, option, section, text_input, words
from copbot.slack.text import escape

OPEN, SAVE = "people.open_profile", "people.profile"
FOUND, SHARES = "found", "shares"
_MISSING = {"agency": "your agency", "areas": "your areas", "role": "what you do", "topics": "your topics"}


def about_you(found: PersonProfile, profile: Profile) -> list[Block]:
    """What is kept about them, and what could still be said."""
    blocks: list[Block] = [section("*About you*", accessory=button("Change", OPEN))]
    if lines := [line for line in _lines(found, profile) if line]:
        blocks.append(words("\n".join(lines)))
    if found.missing:
        missing = _and([_MISSING[name] for name in found.missing])
        blocks.append(context(escape(f"Add {missing} to make the form shorter.")))
    return blocks


def _lines(found: PersonProfile, profile: Profile) -> list[str]:
    agency = found.agency.name if found.agency else ("Not with an agency" if found.not_agency else "")
    areas = ", ".join(map(profile.area_label, found.areas))
    topics = ", ".join(map(profile.topic_label, found.topics))
    language = fields.LANGUAGES.get(found.language, found.language) if found.language else ""
    return [
        " · ".join(part for part in (found.role, agency) if part),
        f"Areas: {areas}" if areas else "",
        f"Topics: {topics}" if topics else "",
        f"Language: {language}" if language else "",
        "Others can find you here." if found.may_be_found else "",
    ]


def profile_form(found: PersonProfile, profile: Profile, *, is_guest: bool) -> View:
    agency = (found.agency.id, found.agency.name) if found.agency else None
    role = text_input("role", first=found.role, most=120)
    blocks: list[Block] = [
        field("role", "What you do", role, hint="Such as outreach worker", optional=True),
        fields.agency(agency, not_agency=found.not_agency),
        fields.areas(profile, found.areas, label="Areas you work in"),
        fields.topics(profile, found.topics, label="Topics you care about"),
        fields.language(found.language),
        _consent(found, is_guest=is_guest),
        context(escape(f"Your time zone is {found.tz}, from your Slack settings.")),
    ]
    return form(SAVE, "About you", blocks, submit="Save")


def _consent(found: PersonProfile, *, is_guest: bool) -> Block:
    """Two ticks, both off until somebody sets them, and each taken back the same way."""
    seen = "Colleagues see your name and topics. Staff may suggest you as a peer."
    find = [] if is_guest else [option("Others may find me", FOUND, seen)]
    shared = "With everybody, without your name or your agency's."
    options = [*find, option("Answers I get may be shared", SHARES, shared)]
    given = {FOUND: found.may_be_found, SHARES: found.may_share}
    boxes: dict[str, Any] = {"type": "checkboxes", "action_id": "consent", "options": options}
    if first := [each for each in options if given[each["value"]]]:
        boxes["initial_options"] = first
    return field("consent", "What you agree to", boxes, optional=True)


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
