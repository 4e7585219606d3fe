"""What must not be kept: personal data of people who are served, found in what somebody writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Literal, NamedTuple

from copbot.screening import names
from copbot.screening import patterns as at
from copbot.signs import plain_signs

if TYPE_CHECKING:
    from copbot.program.profile import Profile

Kind = Literal["ssn", "record_number", "birth_date", "email", "phone", "address", "name"]
CONTACT: frozenset[Kind] = frozenset({"phone", "email", "address"})
"""What may be the writer's own work contact."""
Span = tuple[int, int]


class Finding(NamedTuple):
    """One piece of personal data: its kind, and where it stands in the text (`text[start:end]`)."""

    kind: Kind
    start: int
    end: int


class Context(NamedTuple):
    """What may be written: phones as ten digits, e-mails in lower case.

    `things`: the program's own words in lower case, which name no person.
    """

    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    things: frozenset[str] = frozenset()


_DIGIT = re.compile(r"\d")
MOST = 20
"""Of each kind; whoever pastes a list reads of the first ones, and the form comes back again for the others."""


def found_in(text: str, profile: Profile) -> tuple[Finding, ...]:
    """What must not be kept of a text."""
    return find(text, context_of(profile))


def context_of(profile: Profile) -> Context:
    """The program's own contact, its hotlines and its words may always be written."""
    numbers = " ".join([*(line.number for line in profile.hotlines), profile.contact.phone])
    return Context(
        frozenset(digits(each.group()) for each in at.PHONE.finditer(plain_signs(numbers))),
        emails=frozenset({profile.contact.email.lower()}),
        things=frozenset(each.lower() for each in profile.not_names),
    )


def find(text: str, context: Context) -> tuple[Finding, ...]:
    """Every piece of personal data in the text, in its order; none overlaps another."""
    plain = plain_signs(text)
    lower = plain.lower()
    if len(lower) != len(plain):  # a few letters of other languages become two
        lower = "".join(each.lower()[:1] for each in plain)
    found: list[Finding] = []
    taken = bytearray(len(plain))

    def keep(kind: Kind, spans: Iterator[Span]) -> None:
        for start, end in islice(spans, MOST):
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(Finding(kind, start, end))

    if _DIGIT.search(plain):
        for kind, spans in _NUMBERS:
            keep(kind, spans(plain, lower, context))
    keep("email", _emails(plain, lower, context))
    dated = [each.start for each in found if each.kind in ("birth_date", "ssn")]
    keep("name", names.spans(plain, lower, dated, context.things))
    return tuple(sorted(found, key=lambda each: each.start))


def holds(lower: str, words: tuple[str, ...]) -> bool:
    """Whether any of these stands in a text in lower case."""
    return any(each in lower for each in words)


def digits(text: str) -> str:
    """A phone number as its ten digits, without the country's."""
    kept = re.sub(r"\D", "", text)
    return kept[1:] if len(kept) == 11 and kept[0] == "1" else kept


def street(text: str) -> str:
    """The beginning of an address by which two are compared: number and street, in lower case."""
    return " ".join(re.sub(r"[^\w\s]", " ", text.lower()).split()[:3])


def around(text: str, finding: Finding, others: tuple[Finding, ...]) -> str:
    """Up to three words before a finding, by which its writer knows the place; empty at the text's beginning.

    No part of another finding stands in it.
    """
    begin = max((each.end for each in others if each.end <= finding.start), default=0)
    return " ".join(text[max(begin, finding.start - 60) : finding.start].split()[-3:]).strip(" ,;:(-")


# --- one class after the other ------------------------------------------------------------------------


def _ssns(text: str, lower: str, _context: Context) -> Iterator[Span]:
    for found in at.SSN.finditer(text):
        if re.search(r"\d", found.group()[:3]) or found.group()[0] in "xX*":
            yield found.span()
    for found in at.SSN_SAID.finditer(lower) if holds(lower, at.SSN_WORDS) else ():
        group = next(each for each in ("value", "last", "four") if found.group(each))
        yield found.span(group)


def _records(_text: str, lower: str, _context: Context) -> Iterator[Span]:
    for found in (*at.NUMBERED.finditer(lower), *at.RECORD_DIRECT.finditer(lower)):
        before, value = lower[max(0, found.start() - 35) : found.start()], found.group("value")
        whose = at.RECORD.search(before) if found.re is at.NUMBERED else None
        if (found.re is at.NUMBERED and not whose) or at.OWN_NUMBER.fullmatch(value):
            continue
        is_counted = whose and at.NO_RECORD.search(before[: whose.start()]) and "#" not in found.group()
        if sum(map(str.isdigit, value)) >= (2 if "#" in found.group() else 3) and not is_counted:
            yield found.span("value")
    bare = at.RECORD_BARE.finditer(lower) if holds(lower, at.RECORD_WORDS) else ()
    for found in (*bare, *at.COURT.finditer(lower)):
        yield found.span("value")


def _births(text: str, lower: str, _context: Context) -> Iterator[Span]:
    for cue in at.BIRTH.finditer(lower) if holds(lower, at.BIRTH_WORDS) else ():
        if cue.group("born") and at.BORN_OF_MANY.match(text, cue.end()):
            continue
        whose = lower[max(0, cue.start() - 35) : cue.start()]
        if at.OUR_BIRTHDAY.search(whose) and not names.WHOM.search(whose):
            continue
        after = text[cue.end() : cue.end() + 45]
        ends = at.SENTENCE_END.search(after)
        after = after[: ends.start()] if ends else after
        found = at.DATE.search(after) or (at.YEAR_OR_DIGITS.search(after) if cue.group("strong") else None)
        if found is not None:
            yield cue.end() + found.start(), cue.end() + found.end()
            continue
        start = max(0, cue.start() - 35)
        before = list(at.DATE.finditer(text[start : cue.start()]))
        if before and not at.SENTENCE_END.search(text, start + before[-1].end(), cue.start()):
            yield start + before[-1].start(), start + before[-1].end()


def _phones(text: str, lower: str, context: Context) -> Iterator[Span]:
    found = list(at.PHONE.finditer(text))
    starts = [0, *(each.end() for each in found)]
    ends = [*(each.start() for each in found[1:]), len(text) + at.BESIDE]
    for each, begin, end in zip(found, starts, ends, strict=False):
        before = lower[max(begin, each.start() - 45) : each.start()]
        # Words between two numbers belong to the second.
        after = lower[each.end() : each.end() + 30] if end - each.end() > at.BESIDE else ""
        if not each.group("c").endswith("11") and not _is_harmless(each, before, after, context):
            yield each.span()
    for each in at.SHORT_PHONE.finditer(text):
        if at.SHORT_CUE.search(lower[max(0, each.start() - 35) : each.start()]):
            yield each.span()


def _is_harmless(found: re.Match[str], before: str, after: str, context: Context) -> bool:
    """Whether it is a helpline's, a known one, or no phone at all but an award's or a meeting's number."""
    area = found.group("a") or found.group("b")
    if area in at.TOLL_FREE or digits(found.group()) in context.phones:
        return True
    if not found.group("a") and at.OTHER_NUMBER.search(before):
        return True
    return bool(at.HELPLINE.search(f"{before} {after}")) and not at.SOMEBODYS.search(before)


def _emails(text: str, lower: str, context: Context) -> Iterator[Span]:
    signed = at.EMAIL.finditer(text) if "@" in text else ()
    # In words, looked for before each “dot com” alone.
    spelled = (
        at.EMAIL_SPELLED.search(text, max(0, ends.start() - at.LONGEST_SPELLED), ends.end())
        for ends in at.DOT_COM.finditer(lower)
    )
    for found in filter(None, (*signed, *spelled)):
        said = found.group().lower()
        if said not in context.emails and not at.ROLE_MAILBOX.match(said):
            yield found.span()


def _addresses(text: str, lower: str, _context: Context) -> Iterator[Span]:
    for found in at.ADDRESS.finditer(text):
        if at.NOT_A_HOUSE.match(lower, found.start()):
            continue
        start = max(0, found.start() - 70)
        ends = list(at.SENTENCE_END.finditer(text[start : found.start()]))
        before = lower[start + (ends[-1].end() if ends else 0) : found.start()]
        after = lower[found.end() : found.end() + 40].split("\n", maxsplit=1)[0]
        if at.LIVES_THERE.search(before) or not at.WORKS_THERE.search(f"{before} {after}"):
            yield found.span()


_NUMBERS: tuple[tuple[Kind, Callable[[str, str, Context], Iterator[Span]]], ...] = (
    ("ssn", _ssns),
    ("record_number", _records),
    ("birth_date", _births),
    ("phone", _phones),
    ("address", _addresses),
)
