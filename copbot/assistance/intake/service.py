"""How a request comes in: saved once per form, its notice and receipt said, held while staff have no channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from copbot.assistance import rules, tables
from copbot.assistance.clocks.rules import started
from copbot.assistance.intake import tables as queries
from copbot.assistance.intake.routed import Said, beginning, decided, first_events, news
from copbot.assistance.tables import RequestRow
from copbot.assistance.texts import Details, RequestForm, details_troubles, form_troubles, tidied
from copbot.assistance.workflow.participants import settle
from copbot.assistance.workflow.service import add_words
from copbot.assistance.workflow.transitions import Moved, lock_request, missing, subject
from copbot.contacts.rules import UNIVERSAL
from copbot.delivery import service as delivery
from copbot.errors import InvalidInput, check_fields
from copbot.people import service as people
from copbot.program.deadlines import closed_until
from copbot.slack.person import Person
from copbot.store import Session, hold, insert_once, new_uid

if TYPE_CHECKING:
    from copbot.program.profile import Profile


@dataclass(frozen=True)
class Submission:
    """A saved request. `already`: this form had saved it before; `changed`: with other words than now.

    `held`: staff have no channel yet, so its notice waits. `closed_until`: it is urgent and nobody is in.
    """

    id: int
    uid: str
    label: str
    first_reply_due: datetime
    held: bool
    already: bool = False
    changed: bool = False
    closed_until: datetime | None = None


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
    staff_channel = None if form.confidential else staff_channel
    try:
        agency = _checked(session, form, profile, now)
    except InvalidInput:
        before = tables.by_form(session, form_key)
        if before is None:
            raise
        return _again(session, before, form, person)
    urgent = profile.is_urgent(form.by_when)
    clocks = started(profile, now, urgent)
    routed = routed and (form.confidential or staff_channel is not None)
    routing = decided(session, form, asker, profile, now) if routed else None
    columns: dict[str, Any] = {name: getattr(form, name) for name in _AS_ASKED} | vars(clocks)
    columns |= {
        "requester_id": asker.id,
        "entered_by_id": person.id if is_entered else None,
        "source": source,
    }
    columns |= {"agency_id": agency, "asked_at": now, "staff_channel": staff_channel}
    columns["level"] = UNIVERSAL if profile.is_elsewhere(form.areas) else ""
    columns |= beginning(routing, now)
    made = insert_once(session, RequestRow, uid=(uid := new_uid()), form_key=form_key, **columns)
    if made is None:
        before = tables.by_form(session, form_key)
        assert before is not None  # it was saved before, or while we waited
        return _again(session, before, form, person)
    verb = "entered" if is_entered else "received"
    tables.add_choices(session, made, form.topics, form.areas)
    events = tables.add_events(session, first_events(made, person, routing, now, verb))
    said = _first_messages(made, asker, staff_channel)
    delivery.say_all(session, [*said, *news(events[-1], routing)], now=now)
    if form.confidential:
        staff_channel = _announce_closed(session, made, now)
    if not is_entered:
        people.remember(session, person.id, agency_id=agency, not_agency=form.not_agency, areas=form.areas)
    closed, due = closed_until(profile, now) if urgent else None, clocks.first_reply_due
    return Submission(made, uid, rules.label(made), due, staff_channel is None, closed_until=closed)


_AS_ASKED = ("not_agency", "kind", "need", "by_when", "by_when_date", "urgent_reason", "confidential")
"""Fields of the form that are columns of the request."""


def keep_choices(
    session: Session, *, person: Person, form_key: str, choices: Mapping[str, Any], now: datetime
) -> None:
    """What they have chosen so far, until the form is sent, for seven days at most. Nothing chosen: none is kept."""
    if choices:
        queries.keep_draft(session, person.id, form_key, choices, now)
    else:
        queries.forget_draft(session, person.id)


def kept_choices(
    session: Session, person: Person, now: datetime
) -> tuple[Mapping[str, Any], datetime] | None:
    """What they had chosen in the form that they did not send, and when."""
    return queries.draft_of(session, person.id, now)


def forget_choices(session: Session, person: Person) -> None:
    queries.forget_draft(session, person.id)


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
        _say_notice(session, ident, channel, now, key=f"request.notice:{ident}:{now.isoformat()}")
        delivery.refresh(session, subject(ident), kind="request.receipt", now=now)
    session.flush()
    return len(found)


def _checked(session: Session, form: RequestForm, profile: Profile, now: datetime) -> int | None:
    """The form's agency, when nothing stands against saving it."""
    check_fields(form_troubles(form, profile, now))
    return _agency(session, form)


def _agency(session: Session, form: RequestForm) -> int | None:
    if form.agency_name:
        return people.agency_named(session, form.agency_name).id
    if form.agency_id is None:
        return None
    known = people.agency_known(session, form.agency_id)
    if known is None:
        words = "That agency is no longer in the list. Please choose again."
        raise InvalidInput(words, {"agency": words})
    return known.id


def _first_messages(ident: int, person: Person, channel: str | None) -> list[Said]:
    about = subject(ident)
    receipt = ("request.receipt", about, person.user, f"request.receipt:{ident}")
    notice = [("request.notice", about, channel, f"request.notice:{ident}")] if channel is not None else []
    return [*notice, receipt]


def _announce_closed(session: Session, ident: int, now: datetime) -> str | None:
    """A confidential request's notice, where its readers are; where that is, None while there is no lead."""
    row = hold(session, RequestRow, ident)
    settle(session, row, now)
    return row.staff_channel


def _say_notice(session: Session, ident: int, channel: str, now: datetime, *, key: str) -> None:
    delivery.say(session, "request.notice", subject(ident), to=channel, key=key, now=now, urgent=True)


def _again(session: Session, row: RequestRow, form: RequestForm, person: Person) -> Submission:
    """The same form once more: the saved request, and whether the form has changed since."""
    if (row.entered_by_id or row.requester_id) != person.id:
        raise missing()
    return Submission(
        row.id,
        row.uid,
        rules.label(row.id),
        row.first_reply_due,
        row.staff_channel is None,
        already=True,
        changed=_saved(session, row) != _sent(session, form),
    )


def _saved(session: Session, row: RequestRow) -> Sequence[object]:
    topics = tuple(tables.topics_of(session, (row.id,)).get(row.id, ()))
    areas = tuple(tables.areas_of(session, (row.id,)).get(row.id, ()))
    agency = (row.agency_id, row.not_agency)
    return topics, areas, agency, row.kind, row.need, row.by_when, row.by_when_date, row.urgent_reason


def _sent(session: Session, form: RequestForm) -> Sequence[object]:
    found = people.agency_found(session, form.agency_name) if form.agency_name else None
    agency = (found.id if found else form.agency_id, form.not_agency)
    words = (form.kind, form.need, form.by_when, form.by_when_date, form.urgent_reason)
    return form.topics, form.areas, agency, *words
