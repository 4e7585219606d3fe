"""Routing as leads see it: its line in Home, the form with the switch and the rules, and the dry run."""

from __future__ import annotations

from copbot.people import fields
from copbot.program.profile import Profile
from copbot.routing.grammar import LONGEST, example
from copbot.routing.rules import MOST_RULES, Decision, RoutingSettings
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, View

OPEN, SAVE, OPEN_TRY, TRY = "routing.open", "routing.save", "routing.open_try", "routing.try"
ON, OFF = "on", "off"
FIELDS = tuple(f"rule{number}" for number in range(1, MOST_RULES + 1))


def gone(found: RoutingSettings) -> list[Block]:
    return [
        kit.words(
            f"⚠ Routing rule {number} names {', '.join(each.gone)}, no longer on staff. Please change it."
        )
        for number, each in enumerate(found.rules, 1)
        if each.gone
    ]


def rules_form(found: RoutingSettings, profile: Profile) -> View:
    switch = kit.radio(
        "switch",
        options=[
            kit.option("On", ON, "Each new request gets an owner at once, who gets a message"),
            kit.option("Off", OFF, "New requests wait until somebody takes them"),
        ],
        chosen=ON if found.on else OFF,
    )
    blocks: list[Block] = [
        kit.field("switch", "Routing", switch),
        kit.words(
            "Requests go in turn to staff who take the topic and area, but not to anyone who is away or full. "
            "Rules are exceptions: the first one that fits decides."
        ),
        kit.actions([kit.button("Who would get this?", OPEN_TRY)]),
        *gone(found),
    ]
    for number, name in enumerate(FIELDS, 1):
        text = found.rules[number - 1].text if number <= len(found.rules) else ""
        element = kit.text_input(
            "rule", first=text, most=LONGEST, placeholder=example(profile) if number == 1 else ""
        )
        hint = _HINT if number == 1 else ""
        blocks.append(kit.field(name, f"Rule {number}", element, hint=hint, optional=True))
    return kit.form(SAVE, "Routing", blocks, submit="Save", meta={"seen": found.version})


_HINT = (
    "What it is about (topic, in, kind, language, urgent, or anything), an arrow ->, then who gets it. "
    "Several people take turns. Add a backup if you like."
)


def try_form(profile: Profile, decision: Decision | None = None, *, on: bool = True) -> View:
    """Who would get such a request; the answer stands above the fields it is about."""
    blocks: list[Block] = []
    if decision:
        who = f"{decision.to.name} would get it" if decision.to else "Leads would decide"
        off = "" if on else " Routing is off, so it would wait until somebody takes it."
        blocks = [kit.words(f"{who}: {decision.why}.{off}"), kit.divider()]
    urgency = [kit.option(each.label, each.id) for each in profile.by_when if each.id != "date"]
    kinds = [kit.option(each.label, each.id) for each in profile.kinds]
    blocks += [
        fields.topics(profile, (), label="Topics", most=3),
        fields.areas(profile, (), label="Areas"),
        kit.field("kind", "Kind of help", kit.select("kind", options=kinds), optional=True),
        kit.field("by_when", "By when", kit.select("by_when", options=urgency), optional=True),
        kit.context("Nothing is sent or saved."),
    ]
    return kit.form(TRY, "Who would get this?", blocks, submit="Show", close="Close")
