"""Whether requests are routed, and by which rules: one choice, edited by leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from copbot.errors import Conflict, InvalidInput, NotAllowed, check_fields
from copbot.people import service as people
from copbot.program.settings.service import choice, choose, chosen, lock_choice
from copbot.routing.grammar import StaffName, read, written
from copbot.routing.rules import RoutingRule, RoutingSettings, WrittenRule
from copbot.slack.person import Person
from copbot.slack.text import clean
from copbot.store import Session

if TYPE_CHECKING:
    from copbot.program.profile import Profile

NAME = "routing"


def is_on(session: Session) -> bool:
    return bool(choice(session, NAME, {}).get("on"))


def lock_rules(session: Session) -> tuple[RoutingRule, ...]:
    """The rules; until this transaction ends nobody else gives out a request, so turns and limits hold."""
    return _rules(lock_choice(session, NAME) or {})


def rules_now(session: Session) -> tuple[RoutingRule, ...]:
    return _rules(choice(session, NAME, {}))


def settings(session: Session, profile: Profile) -> RoutingSettings:
    """As they are now, each rule as text."""
    row = chosen(session, NAME)
    if row is None:
        return RoutingSettings()
    rules = _rules(row.value)
    staff = _staff(session) if rules else ()
    left = {ident for rule in rules for ident in rule.people} - {each.id for each in staff}
    gone = {ident: people.person_of(session, ident) for ident in sorted(left)}
    names = [*staff, *(StaffName(ident, each.user, each.name) for ident, each in gone.items())]
    shown = tuple(
        WrittenRule(
            written(each, profile, names), each, tuple(gone[i].name for i in each.people if i in gone)
        )
        for each in rules
    )
    return RoutingSettings(bool(row.value.get("on")), shown, row.version)


def save(
    session: Session,
    texts: Mapping[str, str],
    *,
    on: bool,
    seen: int,
    by: Person,
    profile: Profile,
    now: datetime,
) -> None:
    """Switch it on or off, and replace the rules. `texts` are by form field, in order; `seen` is the form's version.

    Raises `InvalidInput` by field, `Conflict`, `NotAllowed`. A rule left as it was stays, whoever it names.
    """
    if not (by.is_lead or by.is_admin):
        raise NotAllowed("Only a lead or an administrator can do this.")
    lock_choice(session, NAME)
    before = settings(session, profile)
    if before.version != seen:
        raise Conflict(
            "Somebody else changed this after you opened it. Open it again to see it as it is now."
        )
    kept = {each.text: each.rule for each in before.rules}
    staff, faults, rules = _staff(session), dict[str, str](), list[RoutingRule]()
    for field, typed in texts.items():
        text = " ".join(clean(typed).split())
        try:
            rules += [kept.get(text) or read(text, profile, staff)] if text else []
        except InvalidInput as error:
            faults[field] = error.words
    check_fields(faults)
    value = {"on": on, "rules": [_with(list, tuple, asdict(each)) for each in rules]}
    choose(session, NAME, value, by=by.user, now=now)


def _staff(session: Session) -> Sequence[StaffName]:
    return [StaffName(each.id, each.user, each.name) for each in people.staff_list(session)]


def _rules(value: Mapping[str, Any]) -> tuple[RoutingRule, ...]:
    return tuple(RoutingRule(**_with(tuple, list, each)) for each in value.get("rules", ()))


def _with(kind: type, other: type, rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule's values with lists as tuples, or with tuples as the lists that JSON has."""
    return {name: kind(each) if isinstance(each, other) else each for name, each in rule.items()}
