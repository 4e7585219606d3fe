"""The form's entrances: every way to open it, what happens while it is filled, and sending it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from copbot.assistance import rules
from copbot.assistance.intake import screens as screen
from copbot.assistance.intake import service as intake
from copbot.assistance.intake.screens import Filled, UrgentTimes
from copbot.assistance.intake.service import Submission, submit, submitted_before
from copbot.assistance.texts import SOURCES, Details, RequestForm
from copbot.assistance.views.requester_screens import START
from copbot.assistance.views.staff_screens import pressed
from copbot.assistance.workflow import screens as steps
from copbot.assistance.workflow import service
from copbot.errors import InvalidInput, UnknownPerson
from copbot.people import fields as people_fields
from copbot.people import service as people
from copbot.program.deadlines import closed_until, first_reply_due
from copbot.routing import service as routing
from copbot.slack.answers import Answer, Done, Nothing, Open, Options, Update, View
from copbot.slack.entrances import Call, Entrance, number
from copbot.slack.help import meant
from copbot.slack.person import Person
from copbot.slack.text import cut, size, weekday


def open_form(call: Call, *, confidential: bool = False) -> Answer:
    """`/ta`, `/ta some words`, the shortcuts and the buttons: what is known is filled in.

    Of a message that somebody else wrote only a link is: their words are not this person's to send.
    """
    note = ""
    if call.author not in ("", call.person.user):
        note, call = screen.OTHERS_MESSAGE, replace(call, text=call.message_url)
    topic = call.profile.find_topic(call.text) if call.text and not note else None
    place = call.profile.place_in(call.text) if call.text and not note else None
    filled, since = _begun(call)
    filled = replace(
        filled,
        topics=(topic.id,) if topic else filled.topics,
        need=cut(call.text, screen.LONGEST),
        areas=(place.id,) if place else filled.areas,
        confidential=confidential,
    )
    view = _view(call, filled, note or _note(call), since)
    return Update(view, saved=False) if call.in_modal else Open(view, words=call.text)


def _begun(call: Call) -> tuple[Filled, str]:
    """What the form begins with: what somebody had chosen in one they did not send, and on which day, else their own."""
    before = people.remembered(call.session, call.person.id)
    agency, areas = before.agency, tuple(area for area in before.areas if call.profile.area(area))
    filled = Filled(areas=areas)
    if before.not_agency:
        filled = Filled(
            agency=people_fields.NONE,
            agency_label=people_fields.NO_AGENCY,
            not_agency=screen.WORKS,
            areas=areas,
        )
    found = None if call.text else intake.kept_choices(call.session, call.person, call.now)
    kept, since = found or ({}, None)  # with words something else is asked
    if kept.get("agency"):
        agency = people.agency_known(call.session, kept["agency"]) or agency
    if agency is not None:
        filled = replace(filled, agency=f"agency:{agency.id}", agency_label=agency.name, not_agency="")
    if since is None:
        return filled, ""
    day, profile = _day(kept.get("date", "")), call.profile
    chosen = replace(
        filled,
        topics=tuple(each for each in kept.get("topics", ()) if profile.topic(each)),
        kind=kept["kind"] if profile.kind(kept.get("kind", "")) else filled.kind,
        areas=tuple(each for each in kept.get("areas", ()) if profile.area(each)),
        by_when=kept["by_when"] if profile.by_when_option(kept.get("by_when", "")) else "",
        date=day.isoformat() if day is not None and day >= profile.today(call.now) else "",
    )
    return chosen, weekday(profile.today(since))


def keep(call: Call) -> Answer:
    """Something was chosen: it is there when the form is opened again."""
    _keep(call, filled_in(call))
    return Done()


def _keep(call: Call, filled: Filled) -> None:
    """What was chosen, but nothing of what is confidential, nor of somebody without an agency: they may need care."""
    is_private = filled.confidential or filled.agency == people_fields.NONE
    choices: dict[str, Any] = {
        "topics": list(filled.topics), "areas": list(filled.areas), "by_when": filled.by_when, "kind": filled.kind,
        "agency": people_fields.agency_id(filled.agency), "date": filled.date,
    }  # fmt: skip
    has_begun = filled.topics or filled.by_when
    intake.keep_choices(
        call.session,
        person=call.person,
        form_key=call.form_key,
        choices=choices if has_begun and not is_private else {},
        now=call.now,
    )


def start_over(call: Call) -> Answer:
    intake.forget_choices(call.session, call.person)
    return Update(screen.cleared_view())


def _note(call: Call) -> str:
    """What to say of the typed words before anything else."""
    if size(call.text) > screen.LONGEST:
        return f"Only the first {screen.LONGEST:,} characters of your text fit here."
    other = meant(call.entrances, "ta", call.text, person=call.person, profile=call.profile)
    return f"Did you mean {other}? Cancel this form and type that. If not, go on." if other else ""


def redraw(call: Call) -> Answer:
    """An agency or a date was chosen: the form may need one more field."""
    filled = filled_in(call)
    _keep(call, filled)
    return Update(_view(call, filled))


def without_agency(call: Call) -> Answer:
    """Who is with no agency says why: somebody in need of care has the lines at once, over the form."""
    return show_care(call) if call.value == screen.CARE else Nothing("they work in the field")


def show_care(call: Call) -> Answer:
    """The lines to call. Nothing is stored, not even that somebody looked."""
    return Open(screen.care_view(call.profile))


def agency_options(call: Call) -> Answer:
    found = people.agencies_like(call.session, call.text)
    exact = people.agency_found(call.session, call.text) is not None if call.text else False
    pairs = [(agency.id, agency.name) for agency in found]
    return Options(screen.agency_options(pairs, call.text, exact=exact))


def send(call: Call) -> Answer:
    """Save the request; or send the form back for what is missing; or, for somebody in need of care, the lines."""
    filled = filled_in(call)
    if filled.agency == people_fields.NONE and filled.not_agency == screen.CARE:
        return Update(screen.care_view(call.profile), saved=False)
    if _lacks_field(call, filled):
        return Update(_view(call, filled), saved=False)
    for_whom = _on_behalf(call, filled)
    try:
        saved = submit(
            call.session,
            person=call.person,
            form=to_request(filled),
            form_key=call.form_key,
            profile=call.profile,
            staff_channel=people.notice_channel(call.session),
            now=call.now,
            routed=routing.is_on(call.session),
            on_behalf=for_whom,
            source=filled.source,
        )
    except InvalidInput as error:
        raise InvalidInput(error.words, _at_fields(error.fields, call)) from None
    return _answered(call, filled, saved)


def _on_behalf(call: Call, filled: Filled) -> Person | None:
    """Whom staff enter it for; None for themselves. Raises `InvalidInput` at the field that is wrong."""
    if filled.behalf in ("", call.person.user):
        return None
    found = people.identify(call.session, filled.behalf)
    if found is None:
        raise UnknownPerson(filled.behalf)
    if found.refused:
        trouble = f"{found.name} can't get messages here: their account is deactivated or isn't a person's."
        raise InvalidInput(trouble, {"behalf": trouble})
    if not filled.source:
        raise InvalidInput(_HOW, {"source": _HOW})
    return found


_HOW = "Please choose how they asked."


def send_again(call: Call) -> Answer:
    """The same delivery once more: what it has saved is shown again."""
    filled = filled_in(call)
    saved = submitted_before(
        call.session, person=call.person, form=to_request(filled), form_key=call.form_key
    )
    return Done() if saved is None else _answered(call, filled, saved)


def _answered(call: Call, filled: Filled, saved: Submission) -> Answer:
    if saved.changed and not filled.source:
        return Update(screen.addition_view(saved.label, saved.id, filled.need), saved=False)
    return Update(_receipt(call, saved, filled), saved=not saved.already)


def add(call: Call) -> Answer:
    """The words that came after the form was saved."""
    ident, text = number(call.meta.get("request")), call.form.one("more")
    made = service.add_words(call.session, request_id=ident, person=call.person, text=text, now=call.now)
    return Update(steps.added_view(made.label, text, answered=False))


def add_details(call: Call) -> Answer:
    form, which = call.form, service.id_of(call.session, str(call.meta.get("uid") or ""))
    texts = {name: form.one(name) for name in ("text", "access_needs", "audience", "outcome")}
    details = Details(**texts, may_share="yes" in form.many("may_share"))
    made = intake.add_details(
        call.session, request_id=which, person=call.person, details=details, now=call.now
    )
    return Update(_added(made.label, texts))


def details_again(call: Call) -> Answer:
    """The same delivery once more: what was added is shown again."""
    label = rules.label(service.id_of(call.session, str(call.meta.get("uid") or "")))
    names = ("text", "access_needs", "audience", "outcome")
    return Update(_added(label, {name: call.form.one(name) for name in names}))


def _added(label: str, texts: dict[str, str]) -> View:
    said = "\n".join(filter(None, (each.strip() for each in texts.values())))
    return steps.added_view(label, said, answered=False)


def add_again(call: Call) -> Answer:
    """The same delivery once more: what was added is shown again."""
    label = rules.label(number(call.meta.get("request")))
    return Update(steps.added_view(label, call.form.one("more"), answered=False))


def filled_in(call: Call) -> Filled:
    """What stands in the form right now."""
    form = call.form
    return Filled(
        topics=form.many("topics"),
        kind=form.one("kind"),
        need=form.one("need"),
        agency=form.one("agency"),
        agency_label=form.label("agency"),
        agency_name=form.one("agency_name"),
        not_agency=form.one("not_agency"),
        areas=form.many("areas"),
        by_when=form.one("by_when"),
        urgent_reason=form.one("urgent_reason"),
        date=form.one("by_when_date"),
        confidential="yes" in form.many("confidential"),
        behalf=form.one("behalf") if call.person.is_staff else "",
        source=form.one("source") if call.person.is_staff and form.one("source") in SOURCES else "",
    )


def to_request(filled: Filled) -> RequestForm:
    """The form's values as the register takes them."""
    return RequestForm(
        topics=filled.topics,
        kind=filled.kind,
        need=filled.need,
        areas=filled.areas,
        agency_id=people_fields.agency_id(filled.agency),
        agency_name=filled.agency_name if people_fields.is_new(filled.agency) else "",
        not_agency=filled.agency == people_fields.NONE,
        by_when=filled.by_when,
        by_when_date=_day(filled.date),
        urgent_reason=filled.urgent_reason,
        confidential=filled.confidential,
    )


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _lacks_field(call: Call, filled: Filled) -> bool:
    """Whether a choice asks for a field that was not on the form when it was sent."""
    by_when = call.profile.by_when_option(filled.by_when)
    needed = {
        "agency_name": people_fields.is_new(filled.agency),
        "not_agency": filled.agency == people_fields.NONE,
        "urgent_reason": by_when is not None and by_when.urgent,
        "by_when_date": by_when is not None and by_when.asks_date,
    }
    return any(wanted and name not in call.form.values for name, wanted in needed.items())


def _at_fields(fields: dict[str, str], call: Call) -> dict[str, str]:
    """A sentence about a new agency stands at its name, where it can be mended."""
    if "agency" in fields and people_fields.is_new(call.form.one("agency")):
        return {("agency_name" if name == "agency" else name): words for name, words in fields.items()}
    return fields


def _view(call: Call, filled: Filled, note: str = "", since: str = "") -> View:
    urgent = UrgentTimes(first_reply_due(call.profile, call.now, True), closed_until(call.profile, call.now))
    has_leads = people.has_lead(call.session)
    return screen.ask_form(
        call.profile,
        filled,
        urgent=urgent,
        note=note,
        tz=call.person.tz,
        has_leads=has_leads,
        since=since,
        staff=call.person.is_staff,
    )


def _receipt(call: Call, saved: Submission, filled: Filled) -> View:
    behalf = filled.behalf if filled.behalf != call.person.user else ""
    return screen.receipt_view(
        saved.label,
        more=pressed(saved.uid, 1),
        due=saved.first_reply_due,
        tz=call.person.tz,
        held=saved.held,
        already=saved.already,
        closed_until=saved.closed_until,
        profile=call.profile,
        behalf=people.name_of(call.session, behalf) if behalf else "",
        areas=filled.areas,
    )


def _opens(kind: str, ident: str, *, words: str = "", example: str = "") -> Entrance:
    return Entrance(kind=kind, id=ident, run=open_form, help=words, example=example)  # type: ignore[arg-type]


ENTRANCES = (
    _opens("command", "ta", words="ask for help in a short form", example="/ta what you need"),
    _opens(
        "shortcut", "request_assistance", words="ask for help in a short form", example="Request assistance"
    ),
    _opens(
        "message_shortcut",
        "ask_for_help_with_this",
        words="ask for help, with that message in the form",
        example="Ask for help with this",
    ),
    _opens("action", START),
    Entrance(kind="action", id=screen.AGENCY, run=redraw, effect="write"),
    Entrance(kind="action", id=screen.BY_WHEN, run=redraw, effect="write"),
    Entrance(kind="action", id=screen.CHOICE, run=keep, effect="write"),
    Entrance(kind="action", id=screen.START_OVER, run=start_over, effect="write"),
    Entrance(kind="action", id=screen.NOT_AGENCY, run=without_agency),
    Entrance(kind="action", id=screen.CARE_LINES, run=show_care),
    Entrance(kind="options", id=screen.AGENCY, run=agency_options),
    Entrance(
        kind="view",
        id=screen.CALLBACK,
        run=send,
        effect="write",
        again=send_again,
        free_text=("need", "urgent_reason"),
        public_text=("agency_name",),
        can_call=True,
    ),
    Entrance(
        kind="view",
        id=screen.DETAILS_CALLBACK,
        run=add_details,
        effect="write",
        again=details_again,
        free_text=("text", "access_needs", "audience", "outcome"),
        can_call=True,
    ),
    Entrance(
        kind="view",
        id=screen.ADD_CALLBACK,
        run=add,
        effect="write",
        again=add_again,
        free_text=("more",),
        can_call=True,
    ),
)
