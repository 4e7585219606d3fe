"""Names of people who are served: how they are led up to in this trade, and what only looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, takewhile

_SERVED = r"(?:clients?|patients?|participants?|consumers?|pts?|residents?|tenants?|inmates?|cliente|paciente|participante)"
_SOMEBODY = (
    r"(?:individual|person|someone|somebody|man|woman|guy|girl|boy|lady|gentleman|kid|teen|teenager|youth|veteran|"
    r"mom|mother|dad|father|son|daughter|brother|sister|husband|wife|girlfriend|boyfriend|friend|neighbor|caller|"
    r"baby|infant|child|walk-in|regular|guest)"
)
_ONE = r"(?:[A-Z][A-Za-zÀ-ÿ']{0,20}[a-zà-ÿ](?:-[A-Z][a-zà-ÿ]{1,20})?|[A-Z]{4,15}|[A-Z]\.(?!\w))"
_NAME = rf"(?P<name>{_ONE}(?:\s[A-Z]\.?(?=\s))?(?:\s{_ONE}){{0,2}})"
_TWO = rf"(?P<name>{_ONE}(?:\s[A-Z]\.?)?\s{_ONE})"
_TITLED = rf"(?P<titled>(?:Mrs?|Ms|Miss|Mx)\.?\s{_ONE})"

_NAMED = r"(?:named|nicknamed|by the name of|goes by|going by|known as|se llama|llamad[oa]|whose (?:\w+ )?name is)\s"
NAMED_NEXT = re.compile(_NAMED)
"""In lower case, as the other `…_NEXT`: where a pattern that is slower to search with may find something."""
NAMED = re.compile(rf"\b(?i:{_NAMED})\s*{_NAME}")
CALLED = re.compile(rf"\b(?i:called)\s+{_NAME}")
WHOM = re.compile(rf"\b(?:(?P<served>{_SERVED})|(?P<somebody>{_SOMEBODY}))\b")
"""In lower case, as `COLLEAGUE`."""
COLLEAGUE = re.compile(
    r"\b(?:trainers?|speakers?|staff|coworker|colleague|nurse|doctor|providers?|coordinator|director|supervisor|"
    r"volunteer|officer|agency|organization|program|group|sites?|clinic|town|city|county|street|place|bar|church|"
    r"pharmacy|strain|brand|product|curriculum|training|navigator|counselor|advocate|worker|specialist|educator|"
    r"facilitator|intern|manager|clinician|pharmacist|lawyer|attorney|judge|sheriff|reporter|author|model|tool|app|"
    r"presenter|contact|peer)\b",
)
NAME_IS = re.compile(rf"(?i:names?)(?i:\s+is|\s+was|'s|\s?[:=])?\s+{_NAME}")
WHOSE_NAME = re.compile(
    rf"(?:\b(?:(?:{_SERVED}|{_SOMEBODY})(?:'s|s')?|her|his|baby's)\s+|(?:^|\n|[.;]\s)\s*)"
    r"(?:(?:first|last|full|real|legal|birth)\s+(?:and last\s+)?)?$",
    re.IGNORECASE,
)
DIRECT_NEXT = re.compile(
    r"(?:clients?|patients?|participants?|consumer|pt|resident|inmate|tenant|cliente|paciente)[ \s.,:(-]"
)
DIRECT = re.compile(
    rf"\b(?i:clients?|patients?|participants?|consumer|pt|resident|inmate|tenant|cliente|paciente)"
    rf"(?:\.?\s|\s?[,:(-]\s?)(?i:initials?\s+(?:are\s+|is\s+)?)?\s?(?:{_TITLED}|(?P<initials>[A-Z]\.\s?[A-Z]\.?)(?!\w)|{_TWO})"
)
OURS_NEXT = re.compile(r"(?:my|our|her|his|this)\s+(?:\w+\s)?(?:client|patient|participant),?\s")
OURS = re.compile(
    rf"\b(?i:my|our|her|his|this)\s+(?:\w+\s)?(?i:client|patient|participant),?\s(?P<name>{_ONE})(?=[\s,.]+[a-z(])"
)
IS_ONE = re.compile(
    rf"(?P<name>{_ONE}(?:\s{_ONE})?)(?:\s?[,(-]\s?|\s(?:is|was|who is|, who is)\s)(?:(?:also|now)\s)?"
    r"(?:an?|our|my|one of (?:our|my)|this)?\s?(?:(?:new|former|current|long-?time|regular|[\w-]{2,16})\s)?$"
)
BESIDE = re.compile(
    rf"(?P<name>(?:(?:Mrs?|Ms|Miss|Mx)\.?\s{_ONE}|{_ONE}(?:\s[A-Z]\.?)?\s{_ONE}))(?:'s)?\s?[,;:(-]{{0,2}}\s?"
    r"(?:\(?(?:[Dd]\.?[Oo]\.?[Bb]\.?|[Dd]ate of birth|[Bb]irth\s?date|(?:was\s|is\s)?[Bb]orn|SSN|[Ss]ocial(?: [Ss]ecurity)?(?: number)?)"
    r"\b[^\n\d]{0,12})$"
)
_TITLE_WORDS = re.compile(
    r"\s*[-']?\s*(?:cent(?:er|re)ed|services?|navigat|coordinat|advoca|advisory|manage|liaison|engagement|educat|"
    r"represent|specialist|support|outreach|rights|facing|led|based|care|level|council|board|satisfaction|choice|"
    r"assistance|in the (?:study|program|project|network|coalition)|organization|agency|site|state|county)",
    re.IGNORECASE,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEVER = _words(
    """
    a address advisory african after all american an and any april as asian at august because before bill black
    but by city client clients code community confidentiality covid december dob each east email english every
    february federal first food for free friday from good google harm harmless he hep her hipaa his hispanic
    homeless housing how i if in indigenous it january july june last latino march may medicaid medicare
    medication monday mrn my native never new next no north not november october of on or our participant
    participants patient patients peer peers phone please poison privacy public recovery rights safe saturday
    september services she slack somali some south spanish spanish-speaking ssn state stigma stories street
    sunday support survey thank thanks that the their these they this those thursday to today tomorrow
    transportation treatment tribal tuesday upper we wednesday west what when where white who why wic with wound
    yes you zoom
    """
)
ORGANIZATION = _words(
    """
    access act advisory advocacy advocate agency agreement alliance alone assessment assistance association
    avenue bill board bridge care center centered centre choice church clinic coalition college committee
    confidentiality consent control coordinator council counselor county court cvs data demographics
    department director education educator engagement enrollment experience experiences feedback focus form
    forms foundation group guide handbook health healthcare helpline home hospital hotline house inc
    information institute intake interview interviews kit kits level liaison lifeline line llc manager
    manual nation navigation navigator network nurse office outreach pharmacy plan planning police policy
    portal portals privacy program project protection questionnaire records representative resource
    resources rights road safety satisfaction school screening service services shelter society specialist
    spray stories story street strips summit support survey system systems team toolkit training tribe unit
    university use voice voices walgreens worker workshop
    """
)
MOST = 60
"""Places looked at; no text that is not made for it has more."""
_PLURAL = re.compile(r"s$", re.IGNORECASE)
_SERVED_WORDS = ("clien", "patien", "partic", "consumer", "pt", "resident", "inmate", "tenant", "pacien")
_OURS_WORDS = ("client", "patient", "participant")
"""One of these stands in a text, in lower case, of which the patterns would find something."""
_ONE_SERVED = re.compile(r"\b(?:client|patient|participant)\b")
_THEY_CALLED = re.compile(r"s\s+$|\bthe\s+\w+\s+$", re.IGNORECASE)
_AS = re.compile(r"\s+(?:as|because|among)\b")
_SO_CALLED = re.compile(r"([\w-]+)\s+(?:named|nicknamed|called|known as)\s+$", re.IGNORECASE)


def spans(text: str, lower: str, dated: list[int], things: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Begin and end of each name. `lower`: the text in lower case. `dated`: where a birth date or social security number begins.

    `things`: the program's own words, in lower case, that are no person's name and whose names are none.
    """
    for start, end in _spans(text, lower, dated):
        whose = _SO_CALLED.search(text[max(0, start - 40) : start])
        if whose and whose.group(1).lower() in things:
            continue
        kept = list(takewhile(lambda word: word.strip(".,'").lower() not in things, text[start:end].split()))
        if kept:
            yield start, start + len(" ".join(kept))


def _spans(text: str, lower: str, dated: list[int]) -> Iterator[tuple[int, int]]:
    yield from _named(text, lower)
    if "called" in lower:
        yield from _called(text, lower)
    for found in islice(NAME_IS.finditer(text), MOST) if "name" in lower else ():
        if WHOSE_NAME.search(text[max(0, found.start() - 35) : found.start()]):
            yield from _if_name(found)
    if any(each in lower for each in _SERVED_WORDS):
        yield from _served(text, lower)
    for at in dated:
        start = max(0, at - 70)
        if beside := BESIDE.search(text[start:at]):
            yield from _if_name(beside, start)


def _served(text: str, lower: str) -> Iterator[tuple[int, int]]:
    for found in (*_matches(DIRECT, DIRECT_NEXT, text, lower), *_matches(OURS, OURS_NEXT, text, lower)):
        yield from _if_name(found)
    if any(each in lower for each in _OURS_WORDS):
        yield from _is_one(text, lower)


def _matches(
    pattern: re.Pattern[str], near: re.Pattern[str], text: str, lower: str
) -> Iterator[re.Match[str]]:
    for each in near.finditer(lower):
        if found := pattern.match(text, each.start()):
            yield found


def _named(text: str, lower: str) -> Iterator[tuple[int, int]]:
    for found in islice(_matches(NAMED, NAMED_NEXT, text, lower), MOST):
        whom = _whom(lower, found.start(), 60)
        if whom and not (_PLURAL.search(whom) and _AS.match(text, found.end())):
            yield from _if_name(found)


def _called(text: str, lower: str) -> Iterator[tuple[int, int]]:
    """Who has called somebody is no name: “the client called Kim”, “clients called”."""
    for found in islice(CALLED.finditer(text), MOST):
        before = text[max(0, found.start() - 25) : found.start()]
        if _whom(lower, found.start(), 25) and not _THEY_CALLED.search(before):
            yield from _if_name(found)


def _is_one(text: str, lower: str) -> Iterator[tuple[int, int]]:
    for whom in islice(_ONE_SERVED.finditer(lower), MOST):
        start = max(0, whom.start() - 70)
        said = IS_ONE.search(text[start : whom.start()])
        if said and not _TITLE_WORDS.match(text, whom.end()) and not _is_fixed(said):
            yield from _if_name(said, start)


def _is_fixed(said: re.Match[str]) -> bool:
    """Whether one word alone, at a sentence's start, says what is one: “Housing is a participant …”."""
    return " " not in said.group("name") and not re.search(
        r"(?:a|our|my)\s", said.group(0)[len(said.group("name")) :]
    )


def _whom(lower: str, at: int, reach: int) -> str:
    """The person served that the words before `at` speak of; empty when they speak of a colleague or a thing."""
    before = lower[max(0, at - reach) : at]
    people = list(WHOM.finditer(before))
    if not people:
        return ""
    others = list(COLLEAGUE.finditer(before, people[-1].end()))
    # Nothing but a comma or “is” stands between the colleague's word and the name's.
    is_theirs = bool(others) and len(before[others[-1].end() :].split()) <= 1
    return "" if is_theirs else people[-1].group()


def _if_name(found: re.Match[str], start: int = 0) -> Iterator[tuple[int, int]]:
    groups = found.groupdict()
    which = next((each for each in ("titled", "initials") if groups.get(each)), "name")
    begin, end = found.span(which)
    words = [each.strip(".,'").lower() for each in found.group(which).split()]
    if which != "name":
        yield start + begin, start + end
        return
    kept = len(list(takewhile(lambda word: word not in NEVER, words)))  # “Maria Monday” ends before the day
    if kept and ORGANIZATION.isdisjoint(words):
        length = len(" ".join(found.group(which).split()[:kept]))
        yield start + begin, start + begin + length
