"""Who gets a request: a table of staff, rules and requests, each with the one decision and its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from copbot.program.profile import load
from copbot.routing.rules import RoutedRequest, RoutingRule, StaffCandidate, cover_for, decide
from tests.days import DAY
from tests.people.given import NOW
from tests.rows import for_each

WI = load()
DANE, ROCK, SOUTH = "wi-dane", "wi-brown", "wi-region-southern"
BACK = DAY + timedelta(days=3)
UNTIL = f"{BACK:%a, %b} {BACK.day}"
NALOXONE = WI.topic_label("naloxone")

ADA = StaffCandidate(1, "U0ADA", "Ada", is_lead=True)
MEI = StaffCandidate(2, "U0MEI", "Mei", handed_at=NOW)
RAVI = StaffCandidate(3, "U0RAVI", "Ravi", handed_at=NOW - timedelta(days=1))
ASKED = RoutedRequest(("naloxone",), (DANE,))
RULE = RoutingRule(topics=("naloxone",), areas=(DANE,), to=(3,), backup=2)
SAID = f"rule 1 (topic {NALOXONE} in Dane County)"


def away(who: StaffCandidate) -> StaffCandidate:
    return replace(who, away_until=BACK)


def full(who: StaffCandidate) -> StaffCandidate:
    return replace(who, capacity=2, open=2)


def on(who: StaffCandidate, *topics: str, **more: Any) -> StaffCandidate:
    return replace(who, topics=topics or ("naloxone",), **more)


CASES: list[tuple[str, list[RoutingRule], list[StaffCandidate], RoutedRequest, str, str]] = [
    ("whoever got nothing for longest", [], [MEI, RAVI], ASKED, "Ravi", "takes all topics, next in turn"),
    ("somebody new before everybody", [], [ADA, MEI, RAVI], ASKED, "Ada", "takes all topics, next in turn"),
    ("who named the topic comes first", [], [ADA, on(MEI)], ASKED, "Mei", f"takes {NALOXONE}"),
    ("not their topic", [], [on(ADA, "wound_care"), RAVI], ASKED, "Ravi", "takes all topics"),
    ("not their area", [], [replace(ADA, areas=(ROCK,)), RAVI], ASKED, "Ravi", "takes all topics"),
    ("their region", [], [on(ADA, areas=(SOUTH,))], ASKED, "Ada", f"takes {NALOXONE}"),
    ("the specialist is away", [], [away(on(ADA)), RAVI], ASKED, "Ravi", "takes all topics"),
    ("the specialist has enough", [], [full(on(ADA)), RAVI], ASKED, "Ravi", "takes all topics"),
    (
        "a backup on another topic", [], [away(on(ADA, backup=3)), on(RAVI, "wound_care")], ASKED,
        "Ravi", f"as backup: Ada is away until {UNTIL}",
    ),
    (
        "everybody is away", [], [away(MEI), away(RAVI)], ASKED,
        "", f"everyone on {NALOXONE} is away until {UNTIL}",
    ),
    (
        "everybody has enough", [], [full(MEI), full(RAVI)], ASKED,
        "", "Mei has 2 open of at most 2, Ravi has 2 open of at most 2",
    ),
    (
        "one away and one full", [], [away(MEI), full(RAVI)], ASKED,
        "", f"Mei is away until {UNTIL}, Ravi has 2 open of at most 2",
    ),
    (
        "the only one is away", [], [away(MEI), on(RAVI, "wound_care")], ASKED,
        "", f"Mei is away until {UNTIL}",
    ),
    ("nobody takes it", [], [on(MEI, "wound_care")], ASKED, "", f"nobody on staff takes {NALOXONE}"),
    (
        "nobody takes it there", [], [replace(MEI, areas=(ROCK,))], ASKED,
        "", f"nobody on staff takes {NALOXONE} in Dane County",
    ),
    ("nobody is on staff", [], [], ASKED, "", f"nobody on staff takes {NALOXONE}"),
    ("a rule beats topics", [RULE], [on(MEI), RAVI], ASKED, "Ravi", SAID),
    (
        "the rule's backup", [RULE], [MEI, away(RAVI)], ASKED,
        "Mei", f"{SAID}, as backup: Ravi is away until {UNTIL}",
    ),
    (
        "the rule's own people are away or full: leads", [RULE], [ADA, full(MEI), away(RAVI)], ASKED,
        "", f"{SAID}: Ravi is away until {UNTIL}, Mei has 2 open of at most 2",
    ),
    ("whoever the rule names has left", [RULE], [ADA], ASKED, "Ada", "takes all topics"),
    ("only the backup is left", [RULE], [ADA, MEI], ASKED, "Mei", f"{SAID}, as backup"),
    (
        "the person's own backup, where the rule names none", [replace(RULE, backup=None)],
        [ADA, away(replace(RAVI, backup=1))], ASKED, "Ada", f"{SAID}, as backup: Ravi is away until {UNTIL}",
    ),
    (
        "a group takes turns", [replace(RULE, to=(2, 3))], [MEI, RAVI], ASKED, "Ravi", f"{SAID}, next in turn",
    ),
    ("another topic", [RULE], [ADA, RAVI], replace(ASKED, topics=("wound_care",)), "Ada", "takes all topics, next in turn"),
    ("another place", [RULE], [ADA, RAVI], replace(ASKED, areas=(ROCK,)), "Ada", "takes all topics, next in turn"),
    (
        "a region's rule", [RoutingRule(areas=(SOUTH,), to=(3,))], [ADA, RAVI], ASKED,
        "Ravi", "rule 1 (in Southern region)",
    ),
    (
        "a county's rule is not for the whole state", [RULE], [ADA, RAVI], replace(ASKED, areas=("statewide",)),
        "Ada", "takes all topics, next in turn",
    ),
    (
        "an urgent rule and one that is not", [RoutingRule(urgent=True, to=(2,))], [ADA, MEI], ASKED,
        "Ada", "takes all topics, next in turn",
    ),
    (
        "urgent", [RoutingRule(urgent=True, to=(2,))], [ADA, MEI], replace(ASKED, urgent=True),
        "Mei", "rule 1 (urgent)",
    ),
    (
        "the first that fits", [RoutingRule(kinds=("visit",), to=(2,)), RoutingRule(to=(3,))], [ADA, MEI, RAVI],
        ASKED, "Ravi", "rule 2 (anything)",
    ),
    (
        "a language", [RoutingRule(languages=("es",), to=(2,))], [ADA, MEI], replace(ASKED, language="es"),
        "Mei", "rule 1 (language Spanish)",
    ),
    (
        "who speaks the requester's language", [], [ADA, replace(MEI, languages=("es",))],
        replace(ASKED, language="es"), "Mei", "takes all topics",
    ),
    ("not to whoever asked", [RULE], [ADA, RAVI], replace(ASKED, requester_id=3), "Ada", "takes all topics"),
    ("a confidential one goes to a lead", [RULE], [ADA, RAVI], replace(ASKED, confidential=True), "Ada", "takes all topics"),
    (
        "no lead takes it", [], [on(ADA, "wound_care"), MEI], replace(ASKED, confidential=True),
        "", f"no lead takes {NALOXONE}",
    ),
]  # fmt: skip


@for_each(("case", "rules", "staff", "asked", "who", "why"), CASES)
def test_one_decision_with_its_reason(
    case: str, rules: list[RoutingRule], staff: list[StaffCandidate], asked: RoutedRequest, who: str, why: str
) -> None:
    for order in (staff, staff[::-1]):
        found = decide(asked, rules, order, WI)
        assert (found.to.name if found.to else "", found.why) == (who, why), case


def test_a_backup_stands_in_when_they_are_here_and_may_read_it() -> None:
    owner = replace(away(MEI), backup=3)
    assert cover_for(owner, {3: RAVI}, confidential=False) == RAVI
    for staff in ({3: away(RAVI)}, {3: full(RAVI)}, {1: ADA}):
        assert cover_for(owner, staff, confidential=False) is None
    assert cover_for(owner, {3: RAVI}, confidential=True) is None
    assert cover_for(replace(owner, backup=1), {1: ADA}, confidential=True) == ADA
