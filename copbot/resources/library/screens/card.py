"""One resource in full, with what a reader and staff can do; and the same as a message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from copbot.program.profile import Profile
from copbot.resources import words as said
from copbot.resources.library.rules import DRAFT, PUBLISHED, RETIRED
from copbot.resources.library.values import Resource, Shown
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, Message, View
from copbot.slack.text import escape, unformatted

OPENED, SAVE, USEFUL, OUTDATED = (
    "resources.opened", "resources.save", "resources.useful", "resources.outdated",
)  # fmt: skip
SHARE, SHARED, EDIT, PUBLISH, RETIRE, SAME, RIGHT = (
    "resources.share", "resources.shared", "resources.edit", "resources.publish", "resources.retire",
    "resources.same", "resources.right",
)  # fmt: skip
_STATE = {DRAFT: "Waiting for review", RETIRED: "No longer in the library"}


def card(shown: Shown, profile: Profile, *, today: date, is_staff: bool, note: str = "") -> View:
    """The resource in full. `note` says what the last press did."""
    found = shown.resource
    blocks: list[Block] = [kit.context(escape(note))] if note else []
    blocks += [kit.header(found.title), *_facts(found, profile, today)]
    is_public = found.state == PUBLISHED
    blocks.append(kit.actions(_for_readers(shown)) if is_public else kit.context(_STATE.get(found.state, "")))
    blocks += _for_staff(shown) if is_staff else []
    return kit.notice("Resource", blocks)


def _facts(found: Resource, profile: Profile, today: date) -> list[Block]:
    blocks: list[Block] = [kit.words(found.summary)] if found.summary else []
    facts = {
        "When": said.event_words(found, profile),
        "Place" if found.kind == "event" else "Address": found.address,
        "Phone": ", ".join(found.phones),
        "Hours": found.hours,
        "For": found.eligibility or found.audience,
        "Languages": ", ".join(found.languages),
        "Kind": " · ".join(filter(None, (said.KINDS.get(found.kind, found.kind), found.service_kind))),
        "Area": said.area_words(found.areas, profile, 8),
        "Topics": ", ".join(map(profile.topic_label, found.topics)),
        "Source": " · ".join(filter(None, (found.source, found.jurisdiction))),
    }
    blocks.append(kit.particulars(facts, 300))
    ends = [said.reviewed_words(found), said.overdue_words(found, today)]
    return [*blocks, kit.context(escape(" · ".join(filter(None, ends))))]


def _for_readers(shown: Shown) -> list[dict[str, Any]]:
    found = shown.resource
    told = "The person who looks after this resource is asked to check it."
    sure = kit.confirm("Out of date?", told, "Yes, tell them")
    return [
        *([_open(found)] if found.url else []),
        kit.button("Remove from saved" if shown.is_saved else "Save", SAVE, found.uid),
        kit.button("Useful", USEFUL, found.uid),
        kit.button("Out of date", OUTDATED, found.uid, confirm=sure),
        *([kit.button("Share", SHARE, found.uid)] if shown.channels else []),
    ]


def _open(found: Resource) -> dict[str, Any]:
    return {**kit.link("Open", found.url, f"{OPENED}:{found.uid}"), "value": found.uid, "style": "primary"}


def _for_staff(shown: Shown) -> list[Block]:
    found = shown.resource
    elements = [kit.button("Edit", EDIT, found.uid)]
    if found.state != PUBLISHED and not found.private:
        elements.insert(0, kit.button("Publish", PUBLISH, found.uid, style="primary"))
    if found.state == PUBLISHED:
        elements.append(kit.button("Still right", RIGHT, found.uid))
    if found.state != RETIRED:
        elements.append(kit.button("Decline" if found.state == DRAFT else "Retire", RETIRE, found.uid))
    blocks: list[Block] = [kit.section("*For staff*"), kit.actions(elements)]
    if found.private:
        blocks.append(kit.context("Its source marks this as not public, so it can't be published."))
    if found.state_why:
        blocks.append(kit.context(escape(f"{found.state.title()}: {found.state_why}")))
    for double in shown.doubles:
        same = kit.button("Same as this", f"{SAME}:{double.uid}", f"{found.uid}|{double.uid}")
        blocks.append(kit.section(f"Already in the library? *{unformatted(double.title)}*", accessory=same))
    return blocks


def share_form(uid: str, title: str, channels: Mapping[str, str]) -> View:
    options = [kit.option(f"#{name}", channel) for channel, name in channels.items()]
    chooser = kit.select("channel", options=options, chosen=list(channels) if len(channels) == 1 else ())
    blocks = [kit.words(title), kit.field("channel", "Community", chooser)]
    return kit.form(SHARED, "Share a resource", blocks, submit="Share", meta={"resource": uid})


def shared(channel: str) -> View:
    return kit.notice("Shared", [kit.section(f"It will be in <#{channel}> in a moment.")])


def shared_message(found: Resource, by: str, profile: Profile) -> Message:
    """In a community's channel: what somebody found worth sharing. It names them and pings nobody."""
    text = f"{by} shared: {found.title}"
    facts = said.facts_line(found, profile) or found.summary
    blocks = [
        kit.section(f"*{unformatted(found.title)}*"),
        *([kit.words(facts[:300])] if facts else []),
        kit.context(unformatted(f"Shared by {by} · {said.reviewed_words(found)}")),
        kit.actions([*([_open(found)] if found.url else []), said.details(found)]),
    ]
    return kit.message(text, blocks)


def asks_owner(found: Resource) -> Message:
    """To its owner: somebody says that it is out of date."""
    text = f"Somebody says this is out of date: {found.title}"
    if found.state != PUBLISHED:
        return kit.say(text, kit.context("Done: it is no longer in the library."))
    return kit.message(
        text, [kit.words(text), kit.context(escape(said.reviewed_words(found))), _upkeep(found)]
    )


def found_useful(found: Resource, number: int) -> Message:
    """To its owner: how many people said so this month."""
    people = "1 person" if number == 1 else f"{number} people"
    text = f"{people} found this useful this month: {found.title}"
    return kit.say(text)


def decided(found: Resource) -> Message:
    """To whoever suggested it."""
    if found.state == PUBLISHED:
        text = f"Your suggestion is in the library: {found.title}. Thank you!"
        return kit.say(text, kit.actions([said.details(found)]))
    why = f" Reason: {found.state_why}." if found.state_why else ""
    no = (
        f"Staff did not add your suggestion “{found.title}” to the library.{why} Thank you for suggesting it."
    )
    return kit.say(no)


def still_right(items: Sequence[Resource], left: int, profile: Profile) -> Message:
    """To a service's owner, each quarter: one button for each service that nobody has looked at since."""
    if not items:
        text = "Thank you: all your services are confirmed for this quarter."
        return kit.say(text)
    text = "Is this still right? Please check the services you look after."
    blocks: list[Block] = [kit.section(f"*{text}*")]
    for each in items:
        line = f"*{unformatted(each.title)}*\n{unformatted(said.facts_line(each, profile)[:200])}"
        blocks += [kit.section(line), _upkeep(each)]
    if left:
        blocks.append(kit.context(f"{left} more appear here as you confirm these."))
    return kit.message(text, blocks)


def _upkeep(found: Resource) -> Block:
    """What its owner can decide."""
    right = kit.button("Still right", f"{RIGHT}:{found.uid}", found.uid, style="primary")
    edit = kit.button("Edit", f"{EDIT}:{found.uid}", found.uid)
    return kit.actions([right, edit, kit.button("Retire", f"{RETIRE}:{found.uid}", found.uid)])
