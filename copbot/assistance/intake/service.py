"""How a request comes in: saved once per form, given an owner, its messages said, held while staff have no channel."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from copbot.assistance import rules, tables
from copbot.assistance.clocks.rules import started
from copbot.assistance.intake import tables as queries
from copbot.assistance.rules import subject
from copbot.assistance.tables import RequestRow
from copbot.assistance.texts import Details, RequestForm, Submission, details_troubles, form_troubles, tidied
from copbot.assistance.views.lists import candidates
from copbot.assistance.workflow.participants import settle
from copbot.assistance.workflow.service import add_words
from copbot.assistance.workflow.transitions import (
    Moved,
    lock_request,
    missing,
    move_by_clock,
    redraw,
    write_event,
)
from copbot.contacts.rules import UNIVERSAL
from copbot.delivery import service as delivery
from copbot.errors import InvalidInput, check_fields
from copbot.people import service as people
from copbot.program.deadlines import closed_until
from copbot.routing import service as routing
from copbot.routing.rules import Decision, RoutedRequest, decide
from copbot.slack.person import Person
from copbot.store import Session, hold, insert_once, new_uid

if TYPE_CHECKING:
    from copbot.program.profile import Profile

Said = tuple[str, str, str, str]
"""A message: its kind, subject, whom to, key."""
_AS_ASKED = ("kind", "need", "not_agency", "by_when", "by_when_date", "urgent_reason")
"""Fields of the form that are columns of the request."""


def submit(
    session: Session,
    *,
    person: Person,
    form: RequestForm,
    form_key: str,
    profile: Profile,
    staff_channel: str | None,
    now: datetime,
    routed: bool = False,
    on_behalf: Person | None = None,
    source: str = "",
) -> Submission:
    """Save what was asked; `routed`: and give it an owner. Raises `InvalidInput` with a sentence per field.

    `form_key` is one per opened form, so sending it again saves nothing twice. `on_behalf`, `source`: staff enter it
    for this member, or, as they stay in between, for somebody who is not in Slack; and how it came.
    """
    form, asker, is_entered = tidied(form), on_behalf or person, bool(on_behalf or source)
    is_secret, is_urgent = form.confidential, profile.is_urgent(form.by_when)
    channel = None if is_secret else staff_channel
    try:
        check_fields(form_troubles(form, profile, now))
        agency = _agency(session, form)
    except InvalidInput:
        if (before := tables.by_form(session, form_key)) is None:
            raise
        return _again(session, before, form, person)
    is_routed = routed and (is_secret or channel is not None)
    found, readers = None, list[str]()
    if is_routed:
        found, readers = _route(session, _asked(session, form, asker.id, profile), profile, now)
    clocks, uid, to = started(profile, now, is_urgent), new_uid(), found.to if found else None
    columns = {name: getattr(form, name) for name in _AS_ASKED} | vars(clocks)
    columns |= {"state": rules.NEW, "level": UNIVERSAL if profile.is_elsewhere(form.areas) else ""}
    if to is not None:
        columns |= {"state": rules.ASSIGNED, "owner_id": to.id, "assigned_at": now, "version": 2}
    by = person.id if is_entered else None
    columns |= {"requester_id": asker.id, "entered_by_id": by, "source": source, "asked_at": now}
    columns |= {"agency_id": agency, "staff_channel": channel, "confidential": is_secret}
    made = insert_once(session, RequestRow, uid=uid, form_key=form_key, **columns)
    if made is None:
        before = tables.by_form(session, form_key)
        assert before is not None  # it was saved before, or while we waited
        return _again(session, before, form, person)
    tables.add_choices(session, made, form.topics, form.areas)
    events = _events(made, person.id, "entered" if is_entered else "received", found, now)
    *_, event = tables.add_events(session, events)
    first = {"request.notice": channel, "request.receipt": asker.user}
    said: list[Said] = [(kind, subject(made), whom, f"{kind}:{made}") for kind, whom in first.items() if whom]
    said += _news(event, found, readers) if found else []
    delivery.say_all(session, said, now=now)
    if is_secret:  # its notice stands where its readers are, and waits while there is no lead
        row = hold(session, RequestRow, made)
        settle(session, row, now)
        channel = row.staff_channel
    if not is_entered:
        people.remember(session, person.id, agency_id=agency, not_agency=form.not_agency, areas=form.areas)
    closed = closed_until(profile, now) if is_urgent else None
    return Submission(made, uid, clocks.first_reply_due, channel is None, closed_until=closed)


def _asked(session: Session, form: RequestForm, asker_id: int, profile: Profile) -> RoutedRequest:
    is_urgent, language = profile.is_urgent(form.by_when), people.language_of(session, asker_id)
    about = (form.topics, form.areas, form.kind, is_urgent, language, form.confidential)
    return RoutedRequest(*about, requester_id=asker_id)


def _route(
    session: Session, asked: RoutedRequest, profile: Profile, now: datetime, had: Collection[int] = ()
) -> tuple[Decision, list[str]]:
    """Who gets it, and the users who hear why: they, or when nobody does the leads.

    Two statements: the rules, locked, so that turns and limits hold; and everybody on staff. `had`: persons it does
    not go to, because they have had it.
    """
    exceptions, staff = routing.lock_rules(session), candidates(session, profile, now)
    others = [each for each in staff if each.id not in had]
    found = decide(asked, exceptions, others, profile)
    if found.to is None and len(others) < len(staff):
        found = Decision(None, "nobody else can take it now")
    leads = [each.user for each in staff if each.is_lead and each.id != asked.requester_id]
    return found, [found.to.user] if found.to else leads


def _news(event: int, found: Decision, readers: Sequence[str]) -> list[Said]:
    """To whoever got it; when nobody did, to the leads. Each reads why."""
    kind = "request.yours" if found.to is not None else "request.unrouted"
    return [(kind, f"event:{event}", user, f"{kind}:{event}:{user}") for user in readers]


def route_next(session: Session, *, now: datetime, profile: Profile) -> int:
    """With routing on, a request that was given back, reopened or left goes to somebody who has not had it yet.

    When there is nobody, leads are told once. Returns 1, or 0 when no request waits for this.
    """
    for ident in queries.ids_that_came_back(session) if routing.is_on(session) else ():
        row = hold(session, RequestRow, ident)
        if row.owner_id is not None or row.state != rules.TRIAGED or row.staff_channel is None:
            continue
        asked = _asked(session, _form_of(session, row), row.requester_id, profile)
        found, readers = _route(session, asked, profile, now, queries.had_by(session, ident))
        if found.to is None:
            event = write_event(session, row, "unrouted", None, now, why=found.why)
            redraw(session, row, now)
        else:
            whom, whose = (
                people.person_of(session, found.to.id),
                {"owner_id": found.to.id, "assigned_at": now},
            )
            event = move_by_clock(
                session,
                row,
                "route",
                profile=profile,
                now=now,
                whom=whom,
                told=True,
                columns=whose,
                why=found.why,
            )
            settle(session, row, now)
        delivery.say_all(session, _news(event, found, readers), now=now)
        return 1
    return 0


def _events(
    ident: int, person_id: int, verb: str, found: Decision | None, now: datetime
) -> list[dict[str, Any]]:
    """That it came, and who got it or why nobody did."""
    came = {
        "request_id": ident, "at": now, "person_id": person_id, "verb": verb, "from_state": "",
        "to_state": rules.NEW, "version": 1, "whom_id": None, "why": None,
    }  # fmt: skip
    if found is None:
        return [came]
    more: dict[str, Any] = {"verb": "unrouted"}
    if found.to is not None:
        more = {"verb": "route", "to_state": rules.ASSIGNED, "version": 2, "whom_id": found.to.id}
    return [came, {**came, "person_id": None, "from_state": rules.NEW, "why": found.why, **more}]


def submitted_before(
    session: Session, *, person: Person, form: RequestForm, form_key: str
) -> Submission | None:
    """What this form has saved already, without writing anything."""
    before = tables.by_form(session, form_key)
    return None if before is None else _again(session, before, tidied(form), person)


def add_details(
    session: Session, *, request_id: int, person: Person, details: Details, now: datetime
) -> Moved:
    """What the requester adds once their request is saved; a field stands as it was last sent.

    Raises `InvalidInput` with a sentence per field, also when nothing is new.
    """
    check_fields(details_troubles(details))
    row = lock_request(session, request_id, person)
    fields = {**details.lines, "may_share": details.may_share and not row.confidential}
    is_new = any(getattr(row, name) != value for name, value in fields.items())
    made = add_words(
        session, request_id=request_id, person=person, text=details.text, now=now, only=not is_new
    )
    for name, value in fields.items():
        setattr(row, name, value)
    return made


def announce_held(session: Session, *, channel: str, now: datetime, most: int = 50) -> int:
    """Say the notices of open requests that have none in this channel: those held, and after a move all others.

    Returns how many; call again until it is none.
    """
    found = queries.ids_without_notice(session, channel, (*rules.OPEN, rules.DELIVERED), most)
    for ident in found:
        row = hold(session, RequestRow, ident)
        if row.staff_channel == channel:
            continue
        if row.staff_channel is not None:
            delivery.unsay(session, subject(ident), kind="request.notice")
        row.staff_channel = channel
        key = f"request.notice:{ident}:{now.isoformat()}"
        delivery.say(session, "request.notice", subject(ident), to=channel, key=key, now=now, urgent=True)
        delivery.refresh(session, subject(ident), kind="request.receipt", now=now)
    session.flush()
    return len(found)


def _agency(session: Session, form: RequestForm) -> int | None:
    if form.agency_name:
        return people.agency_named(session, form.agency_name).id
    if form.agency_id is None:
        return None
    known = people.agency_known(session, form.agency_id)
    if known is None:
        raise InvalidInput.at("agency", "That agency is no longer in the list. Please choose again.")
    return known.id


def _again(session: Session, row: RequestRow, form: RequestForm, person: Person) -> Submission:
    """The same form once more: the saved request, and whether the form has changed since."""
    if (row.entered_by_id or row.requester_id) != person.id:
        raise missing()
    saved = _form_of(session, row)
    found = people.agency_found(session, form.agency_name) if form.agency_name else None
    agency = found.id if found else form.agency_id
    sent = replace(form, agency_id=agency, agency_name="", confidential=row.confidential)
    is_held = row.staff_channel is None
    return Submission(row.id, row.uid, row.first_reply_due, is_held, already=True, changed=saved != sent)


def _form_of(session: Session, row: RequestRow) -> RequestForm:
    """The form that the request was saved from."""
    found = tables.around(session, row.id)
    assert found is not None
    columns = {name: getattr(row, name) for name in (*_AS_ASKED, "agency_id", "confidential")}
    return RequestForm(topics=found.topics, areas=found.areas, **columns)
