"""What waits for staff: suggestions and drafts, ten at a time, each decided with one press."""

from __future__ import annotations

from copbot.program.profile import Profile
from copbot.resources import words as said
from copbot.resources.library.screens.card import RETIRE
from copbot.resources.library.values import Resource
from copbot.slack.answers import Block, Message, View
from copbot.slack.blocks import (
    actions,
    button,
    confirm,
    context,
    divider,
    field,
    form,
    message,
    option,
    section,
    select,
    text_input,
)
from copbot.slack.text import counted, cut, escape, unformatted

REVIEW, REVIEWED, ALL, NEXT, RETIRED = (
    "resources.review", "resources.reviewed", "resources.publish_all", "resources.review_next", "resources.retired",
)  # fmt: skip
OPEN_REVIEW = "resources.open_review"
DECLINE_REASONS = (
    "Already in the library",
    "Not about our work",
    "Source not reliable enough",
    "Out of date",
)
RETIRE_REASONS = ("Out of date", "No longer exists", "Replaced by another resource", "Wrong")


def review_view(
    items: tuple[Resource, ...], following: int | None, total: int, profile: Profile, *, after: int = 0
) -> View:
    """Drafts, the oldest first. `following`: after which id the next ten begin; `after`: where this page began."""
    if not items:
        return form("notice", "Review", [section("Nothing waits for review.")], close="Close")
    blocks: list[Block] = [section(f"*{counted(total, 'resource')} to review*")]
    for each in items:
        facts = " · ".join(filter(None, (said.facts_line(each, profile), each.url, each.summary)))
        about = [
            said.KINDS.get(each.kind, each.kind),
            said.area_words(each.areas, profile),
            *map(profile.topic_label, each.topics),
        ]
        by = f" · from <@{each.created_by}>" if each.origin == "member" else ""
        line = f"*{unformatted(each.title)}*\n{unformatted(cut(' '.join(facts.split()), 220))}\n{unformatted(' · '.join(about))}{by}"
        blocks.append(section(line))
        blocks.append(actions(_buttons(each)))
    ends = [_all(items)] if len(items) > 1 else []
    if following is not None:
        ends.append(button("Skip these", NEXT, str(following)))
    return form(
        REVIEW,
        "Review",
        [*blocks, *([divider(), actions(ends)] if ends else [])],
        close="Close",
        meta={"after": after},
    )


def _buttons(each: Resource) -> list[dict[str, object]]:
    # One action id may stand once in a view's block; the detail tells them apart.
    return [
        button("Publish", f"{REVIEWED}:{each.uid}", each.uid, style="primary"),
        said.details(each),
        button("Decline", f"{RETIRE}:{each.uid}", each.uid),
    ]


def _all(items: tuple[Resource, ...]) -> dict[str, object]:
    sure = confirm("Publish all?", f"All {len(items)} on this page go into the library.", "Publish all")
    return button(f"Publish all {len(items)}", ALL, ",".join(each.uid for each in items), confirm=sure)


def retire_form(uid: str, title: str, *, is_draft: bool) -> View:
    """Why it is declined or retired: one choice, and a note if need be."""
    reasons = DECLINE_REASONS if is_draft else RETIRE_REASONS
    chooser = select("reason", options=[option(each, each) for each in reasons], chosen=[reasons[0]])
    blocks = [
        section(f"*{unformatted(title)}*"),
        field("reason", "Reason", chooser),
        field("note", "Anything to add", text_input("note", most=150), optional=True),
    ]
    name = "Decline" if is_draft else "Retire"
    return form(RETIRED, f"{name} a resource", blocks, submit=name, meta={"resource": uid})


def retired() -> View:
    return form("notice", "Done", [section("Done: it is not in the library.")], close="Close")


def waiting(number: int, profile: Profile) -> Message:
    """To the staff channel: how many suggestions wait; kept up to date."""
    if not number:
        return message("All suggestions are reviewed", [section("All suggestions are reviewed.")])
    text = f"{counted(number, 'resource')} to review"
    command = escape(f"{profile.commands.resources} review")
    blocks = [section(f"*{text}.*"), actions([button("Review", OPEN_REVIEW, style="primary")])]
    return message(text, [*blocks, context(f"Or type `{command}`.")])
