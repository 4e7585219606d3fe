"""A library of 300 generated resources, and searches with what should be found: for search quality, and for pictures.

Each resource is about one subject in one area and mentions others, as real ones do. A search names its subject and,
perhaps, its area in a practitioner's words. `grade` says how right a resource is: 3 best, 0 wrong.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from copbot.program.profile import load
from copbot.resources.index.rules import fold
from copbot.resources.library.values import ResourceFields
from tests.days import NOON

PROFILE = load()
COUNTIES = (
    "wi-columbia", "wi-dane", "wi-milwaukee", "wi-brown", "wi-eau-claire", "wi-marathon", "wi-la-crosse", "wi-rock",
    "wi-kenosha", "wi-door", "wi-sauk", "wi-wood",
)  # fmt: skip
SUBJECTS: dict[str, tuple[str, ...]] = {
    "naloxone": ("Naloxone", "Narcan", "Overdose reversal"),
    "drug_checking": ("Test strips", "Fentanyl test strips", "Drug checking"),
    "supply_alert": ("Xylazine", "Tranq", "Drug supply alerts"),
    "stimulants": ("Overamping", "Stimulant overdose", "Stimulants"),
    "ssp_start": ("Starting a syringe services program", "New SSP", "Opening a syringe program"),
    "ssp_ops": ("Sharps disposal", "Used syringes", "Syringe disposal"),
    "safer_use": ("Safer smoking", "Smoking supplies", "Pipes"),
    "delivery": ("Vending machines", "Mail delivery", "Mobile outreach"),
    "wound_care": ("Wound care", "Abscess care", "Wounds"),
    "hiv_hcv_sti": ("Hepatitis C testing", "Hep C testing", "HCV testing"),
    "moud_linkage": ("Buprenorphine", "Suboxone", "MOUD"),
    "perinatal_youth": ("Pregnancy and substance use", "Parents and young people", "Perinatal care"),
    "pwud_lead": ("Peer leadership", "Advisory boards of people who use drugs", "Drug user union"),
    "equity": ("Language access", "Racial equity", "Accessible outreach"),
    "tribal": ("Working with tribal nations", "Tribal health partners", "Native communities"),
    "housing": ("Shelter beds", "Housing first", "Emergency shelter"),
    "justice_safety": ("Jail reentry", "Naloxone at jail release", "Deflection programs"),
    "law_policy": ("Good Samaritan law", "Immunity for callers", "Paraphernalia law"),
    "stigma_comms": ("Person-first language", "Stigma", "Messaging guide"),
    "workforce": ("Staff burnout", "Grief and supervision", "Peer support for staff"),
    "org_money": ("Grant budgets", "Settlement funds", "Nonprofit sustainability"),
    "data_eval": ("Program evaluation", "Needs assessment", "Survey design"),
    "hiv": ("PrEP clinics", "HIV testing", "HIV prevention"),
    "methadone": ("Methadone clinics", "Opioid treatment programs", "Take-home methadone"),
    "disposal_youth": ("Lock boxes", "Medication take-back", "Drug take-back day"),
}
_TOPIC = {"hiv": "hiv_hcv_sti", "methadone": "moud_linkage", "disposal_youth": "safer_use"}
_SHAPES = (
    ("link", "{0}: a guide", "A plain guide to {1} for front-line staff.", "national"),
    ("document", "{1} checklist", "Two pages to print about {0}. See also {2}.", "statewide"),
    (
        "document",
        "How to talk about {0}",
        "Words that help when the subject is {1}. Mentions {3}.",
        "statewide",
    ),
    ("event", "Webinar on {1}", "One hour, with questions. Recorded. Touches {3}.", "statewide"),
    (
        "answer",
        "Who pays for {0}?",
        "Ask your county first. The state pays for {1} in some places.",
        "statewide",
    ),
    ("service", "{0} program", "Walk in. {0} and {2} in the region.", "region"),
    ("service", "{0} at the health department", "Free {1}, no questions. {3} on request.", "county"),
    ("service", "{1} van", "Comes every week with {0} and supplies.", "county"),
    ("service", "Community center", "Ask at the desk for {0}. Also {2} and {3}.", "county"),
    ("service", "{2} drop-in", "Open in the afternoon. {0}, coffee, a place to sit.", "county"),
    ("link", "National {2} network", "Members share protocols on {0} and {3}.", "national"),
    ("service", "{0} by appointment", "Call ahead for {1}.", "county"),
)


@dataclass(frozen=True)
class Made:
    """A generated resource with what it is about."""

    fields: ResourceFields
    subject: str


@dataclass(frozen=True)
class Judged:
    """A search as typed, the subject it is about, and the county it is for (or none)."""

    typed: str
    subject: str
    area: str = ""


@cache
def library() -> tuple[Made, ...]:
    subjects = list(SUBJECTS)
    return tuple(
        _made(number, subject, shape, subjects)
        for number, (subject, shape) in enumerate(
            (each, shape) for each in subjects for shape in range(len(_SHAPES))
        )
    )


def _inside(name: str) -> str:
    """As it stands in a sentence: an abbreviation stays as it is."""
    return name if name[1:2].isupper() or name.startswith("PrEP") else name[0].lower() + name[1:]


def _made(number: int, subject: str, shape: int, subjects: Sequence[str]) -> Made:
    kind, title, summary, where = _SHAPES[shape]
    names = SUBJECTS[subject]
    place = subjects.index(subject)
    other = SUBJECTS[subjects[(place + shape + 1) % len(subjects)]][0].lower()
    words = (names[0], _inside(names[1]), _inside(names[2]), other)
    county = COUNTIES[(place + shape * 5) % len(COUNTIES)]
    area = PROFILE.area(county)
    assert area is not None
    areas = {
        "national": (),
        "statewide": ("statewide",),
        "region": (area.region or "",),
        "county": (county,),
    }[where]
    said = f" {area.cities[0] if area.cities else area.label}" if where == "county" else ""
    return Made(
        ResourceFields(
            kind=kind,
            title=title.format(*words)[:1].upper() + title.format(*words)[1:] + said,
            summary=summary.format(*words),
            url=f"https://example.org/{number}",
            topics=(_TOPIC.get(subject, subject),),
            areas=areas,
            starts_at=NOON + timedelta(days=14) if kind == "event" else None,
            address=f"{number} Main Street, {area.label}" if where == "county" else "",
            phones=(f"608-555-{number:04d}",) if kind == "service" else (),
            hours="Mon–Fri 9 AM–4 PM" if kind == "service" else "",
            service_kind=names[0] if kind == "service" else "",
            source="An invented source",
        ),
        subject,
    )


_PLAIN = (
    ("naloxone", "naloxone"), ("narcan", "naloxone"), ("nalxone", "naloxone"), ("NALOXONE!!", "naloxone"),
    ('naloxone -"', "naloxone"), ("where can I get narcan", "naloxone"), ("overdose reversal", "naloxone"),
    ("test strips", "drug_checking"), ("fentanyl test strip", "drug_checking"), ("drug cheking", "drug_checking"),
    ("FTS", "drug_checking"), ("xylazine", "supply_alert"), ("tranq", "supply_alert"), ("xilazine", "supply_alert"),
    ("overamping", "stimulants"), ("stimulant overdose", "stimulants"), ("start an SSP", "ssp_start"),
    ("sharps", "ssp_ops"), ("used syringes", "ssp_ops"), ("syringe disposal", "ssp_ops"), ("sharp disposal", "ssp_ops"),
    ("safer smoking", "safer_use"), ("smoking supplies", "safer_use"), ("vending machine", "delivery"),
    ("mail delivery", "delivery"), ("wound care", "wound_care"), ("abscess", "wound_care"), ("wounds", "wound_care"),
    ("hep c testing", "hiv_hcv_sti"), ("hcv", "hiv_hcv_sti"), ("hepatitis c", "hiv_hcv_sti"),
    ("suboxone", "moud_linkage"), ("buprenorphine", "moud_linkage"), ("bupenorphine", "moud_linkage"),
    ("pregnancy", "perinatal_youth"), ("drug user union", "pwud_lead"), ("language access", "equity"),
    ("tribal nations", "tribal"), ("shelter", "housing"), ("housing", "housing"), ("jail reentry", "justice_safety"),
    ("good samaritan", "law_policy"), ("immunity", "law_policy"), ("stigma", "stigma_comms"),
    ("person first language", "stigma_comms"), ("burnout", "workforce"), ("settlement funds", "org_money"),
    ("grant budget template", "org_money"), ("evaluation", "data_eval"), ("needs assesment", "data_eval"),
    ("prep clinic", "hiv"), ("hiv testing", "hiv"), ("methadone", "methadone"), ("methodone", "methadone"),
    ("lock box", "disposal_youth"), ("take-back", "disposal_youth"),
)  # fmt: skip
_PLACED = (
    ("naloxone milwaukee", "naloxone", "wi-milwaukee"), ("narcan near portage", "naloxone", "wi-columbia"),
    ("test strips columbia", "drug_checking", "wi-columbia"), ("test strips door county", "drug_checking", "wi-door"),
    ("test strips milwakee", "drug_checking", "wi-milwaukee"), ("suboxone in Madison", "moud_linkage", "wi-dane"),
    ("wound care green bay", "wound_care", "wi-brown"), ("hep c test wausau", "hiv_hcv_sti", "wi-marathon"),
    ("sharps la crosse", "ssp_ops", "wi-la-crosse"), ("shelter kenosha county", "housing", "wi-kenosha"),
    ("methadone eau claire", "methadone", "wi-eau-claire"), ("safer smoking near rock", "safer_use", "wi-rock"),
    ("xylazine dane county", "supply_alert", "wi-dane"), ("narcan baraboo", "naloxone", "wi-sauk"),
    ("vending machine kenosha", "delivery", "wi-kenosha"), ("hiv testing milwaukee", "hiv", "wi-milwaukee"),
    ("jail reentry in wood county", "justice_safety", "wi-wood"), ("overamping janesville", "stimulants", "wi-rock"),
)  # fmt: skip
SEARCHES = tuple(Judged(*each) for each in (*_PLAIN, *_PLACED))


def grade(search: Judged, made: Made) -> int:
    if made.subject != search.subject:
        return 0
    areas = made.fields.areas or ()
    if search.area:
        region = PROFILE.region_of(search.area)
        return (
            3
            if search.area in areas
            else 2
            if region in areas or "statewide" in areas
            else 1
            if not areas
            else 0
        )
    names = [fold(each) for each in SUBJECTS[made.subject]]
    return 3 if any(name in fold(made.fields.title or "") for name in names) else 2


def quality(find: Callable[[str], Sequence[int]]) -> tuple[float, float]:
    """nDCG@5 and success@1 over all searches; `find` gives the places in `library()` of what it shows, in order."""
    gains, firsts = [], []
    for search in SEARCHES:
        grades = [grade(search, made) for made in library()]
        shown = [grades[place] for place in find(search.typed)[:5]]
        best = sorted(grades, reverse=True)[:5]
        gains.append(_dcg(shown) / _dcg(best))
        firsts.append(bool(shown) and shown[0] == best[0])
    return sum(gains) / len(gains), sum(firsts) / len(firsts)


def _dcg(grades: Sequence[int]) -> float:
    return sum((2**each - 1) / math.log2(place + 2) for place, each in enumerate(grades))
