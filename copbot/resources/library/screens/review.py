"""What waits for staff: suggestions and drafts, ten at a time, each decided with one press."""

from __future__ import annotations

from copbot.program.profile import Profile
from copbot.resources import words as said
from copbot.resources.library.screens.card import RETIRE
from copbot.resources.library.values import Resource
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, Message, View
from copbot.slack.text import counted, cut, escape, unformatted
from copbot.store import Page

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


def review_view(page: Page[Resource], total: int, profile: Profile, *, after: int = 0) -> View:
    """Drafts, the oldest first. `after`: where this page began."""
    items = page.items
    if not items:
        return kit.notice("Review", [kit.section("Nothing to review.")])
    blocks: list[Block] = [kit.section(f"*{counted(total, 'resource')} to review*")]
    for each in items:
        facts = " · ".join(filter(None, (said.facts_line(each, profile), each.url, each.summary)))
        place, topics = said.area_words(each.areas, profile), map(profile.topic_label, each.topics)
        about = " · ".join([said.KINDS.get(each.kind, each.kind), place, *topics])
        by = f" · from <@{each.created_by}>" if each.origin == "member" else ""
        lines = map(unformatted, (cut(" ".join(facts.split()), 220), about))
        blocks.append(kit.section("\n".join([f"*{unformatted(each.title)}*", *lines]) + by))
        # One action id may stand once in a view's block; the detail tells them apart.
        publish = kit.button("Publish", f"{REVIEWED}:{each.uid}", each.uid, style="primary")
        decline = kit.button("Decline", f"{RETIRE}:{each.uid}", each.uid)
        blocks.append(kit.actions([publish, said.details(each), decline]))
    ends = []
    if len(items) > 1:
        sure = kit.confirm(
            "Publish all?", f"All {len(items)} on this page go into the library.", "Publish all"
        )
        ends.append(
            kit.button(f"Publish all {len(items)}", ALL, ",".join(each.uid for each in items), confirm=sure)
        )
    if page.next is not None:
        ends.append(kit.button("Skip these", NEXT, str(page.next)))
    blocks += [kit.divider(), kit.actions(ends)] if ends else []
    return kit.form(REVIEW, "Review", blocks, close="Close", meta={"after": after})


def retire_form(uid: str, title: str, *, is_draft: bool) -> View:
    """Why it is declined or retired: one choice, and a note if need be."""
    reasons = DECLINE_REASONS if is_draft else RETIRE_REASONS
    chooser = kit.select("reason", options=[kit.option(each, each) for each in reasons], chosen=[reasons[0]])
    blocks = [
        kit.section(f"*{unformatted(title)}*"),
        kit.field("reason", "Reason", chooser),
        kit.field("note", "Anything to add", kit.text_input("note", most=150), optional=True),
    ]
    name = "Decline" if is_draft else "Retire"
    return kit.form(RETIRED, f"{name} a resource", blocks, submit=name, meta={"resource": uid})


def retired() -> View:
    return kit.notice("Done", [kit.section("Done: it is not in the library.")])


def waiting(number: int, profile: Profile) -> Message:
    """To the staff channel: how many suggestions wait; kept up to date."""
    if not number:
        return kit.message("All suggestions are reviewed", [kit.section("All suggestions are reviewed.")])
    text = f"{counted(number, 'resource')} to review"
    command = escape(f"{profile.commands.resources} review")
    blocks = [kit.section(f"*{text}.*"), kit.actions([kit.button("Review", OPEN_REVIEW, style="primary")])]
    return kit.message(text, [*blocks, kit.context(f"Or type `{command}`.")])
