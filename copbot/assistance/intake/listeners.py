"""The form's entrances: every way to open it, what happens while it is filled, and sending it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from copbot.assistance import rules
from copbot.assistance.intake import screens as screen
from copbot.assistance.intake import service as intake
from copbot.assistance.intake import tables as drafts
from copbot.assistance.intake.screens import Filled
from copbot.assistance.intake.service import submit, submitted_before
from copbot.assistance.texts import SOURCES, Details, RequestForm, Submission, day_of
from copbot.assistance.views.listeners import request_of
from copbot.assistance.views.requester_screens import START
from copbot.assistance.workflow import screens as steps
from copbot.assistance.workflow import service
from copbot.errors import InvalidInput, UnknownPerson
from copbot.people import fields as people_fields
from copbot.people import service as people
from copbot.routing import service as routing
from copbot.slack.answers import Answer, Done, Nothing, Open, Options, Update, View
from copbot.slack.entrances import Call, Entrance, command, number
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
        none, label = people_fields.NONE, people_fields.NO_AGENCY
        filled = Filled(agency=none, agency_label=label, not_agency=screen.WORKS, areas=areas)
    draft = None if call.text else drafts.draft_of(call.session, call.person.id, call.now)
    kept, since = draft or ({}, None)  # with words something else is asked
    if kept.get("agency"):
        agency = people.agency_known(call.session, kept["agency"]) or agency
    if agency is not None:
        filled = replace(filled, agency=f"agency:{agency.id}", agency_label=agency.name, not_agency="")
    if since is None:
        return filled, ""
    day, profile = day_of(kept.get("date", "")), call.profile
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
    if is_private or not (filled.topics or filled.by_when):
        return drafts.forget_draft(call.session, call.person.id)
    choices: dict[str, Any] = {
        "topics": list(filled.topics), "areas": list(filled.areas), "by_when": filled.by_when, "kind": filled.kind,
        "agency": people_fields.agency_id(filled.agency), "date": filled.date,
    }  # fmt: skip
    return drafts.keep_draft(call.session, call.person.id, call.form_key, choices, call.now)


def start_over(call: Call) -> Answer:
    drafts.forget_draft(call.session, call.person.id)
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
    return Options(people_fields.agency_options(pairs, call.text, exact=exact, adds=True))


def send(call: Call) -> Answer:
    """Save the request; or send the form back for what is missing; or, for somebody in need of care, the lines."""
    filled = filled_in(call)
    if filled.agency == people_fields.NONE and filled.not_agency == screen.CARE:
        return Update(screen.care_view(call.profile), saved=False)
    if _lacks_field(call, filled):
        return Update(_view(call, filled), saved=False)
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
            on_behalf=_on_behalf(call, filled),
            source=filled.source,
        )
    except InvalidInput as error:
        if not people_fields.is_new(filled.agency):
            raise
        # A sentence about a new agency stands at its name, where it can be mended.
        at = {"agency_name" if name == "agency" else name: words for name, words in error.fields.items()}
        raise InvalidInput(error.words, at) from None
    return _answered(call, filled, saved)


def _on_behalf(call: Call, filled: Filled) -> Person | None:
    """Whom staff enter it for; None for themselves. Raises `InvalidInput` at the field that is wrong."""
    if filled.behalf in ("", call.person.user):
        return None
    found = people.identify(call.session, filled.behalf)
    if found is None:
        raise UnknownPerson(filled.behalf)
    if found.refused:
        gone = f"{found.name} can't get messages here: their account is deactivated or isn't a person's."
        raise InvalidInput.at("behalf", gone)
    if not filled.source:
        raise InvalidInput.at("source", "Please choose how they asked.")
    return found


def send_again(call: Call) -> Answer:
    """The same delivery once more: what it has saved is shown again."""
    filled = filled_in(call)
    saved = submitted_before(
        call.session, person=call.person, form=to_request(filled), form_key=call.form_key
    )
    return Done() if saved is None else _answered(call, filled, saved)


def _answered(call: Call, filled: Filled, saved: Submission) -> Answer:
    if saved.changed and not filled.source:
        return Update(screen.addition_view(saved, filled.need), saved=False)
    behalf = filled.behalf if filled.behalf != call.person.user else ""
    name = people.name_of(call.session, behalf) if behalf else ""
    view = screen.receipt_view(saved, call.profile, call.person.tz, behalf=name, areas=filled.areas)
    return Update(view, saved=not saved.already)


def add(call: Call) -> Answer:
    ident, text = number(call.meta.get("request")), call.form.one("more")
    service.add_words(call.session, request_id=ident, person=call.person, text=text, now=call.now)
    return add_again(call)


def add_again(call: Call) -> Answer:
    """What was added is shown, for the same delivery once more, too."""
    label = rules.label(number(call.meta.get("request")))
    return Update(steps.added_view(label, call.form.one("more"), answered=False))


_DETAILS = ("text", "access_needs", "audience", "outcome")


def add_details(call: Call) -> Answer:
    ident, form = request_of(call), call.form
    texts = {name: form.one(name) for name in _DETAILS}
    details = Details(**texts, may_share="yes" in form.many("may_share"))
    intake.add_details(call.session, request_id=ident, person=call.person, details=details, now=call.now)
    return _added(call, ident)


def details_again(call: Call) -> Answer:
    """The same delivery once more: what was added is shown again."""
    return _added(call, request_of(call))


def _added(call: Call, ident: int) -> Answer:
    said = "\n".join(filter(None, (call.form.one(name).strip() for name in _DETAILS)))
    return Update(steps.added_view(rules.label(ident), said, answered=False))


def filled_in(call: Call) -> Filled:
    form, is_staff = call.form, call.person.is_staff
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
        behalf=form.one("behalf") if is_staff else "",
        source=form.one("source") if is_staff and form.one("source") in SOURCES else "",
    )


_SAME = ("topics", "kind", "need", "areas", "by_when", "urgent_reason", "confidential")


def to_request(filled: Filled) -> RequestForm:
    return RequestForm(
        **{name: getattr(filled, name) for name in _SAME},
        agency_id=people_fields.agency_id(filled.agency),
        agency_name=filled.agency_name if people_fields.is_new(filled.agency) else "",
        not_agency=filled.agency == people_fields.NONE,
        by_when_date=day_of(filled.date),
    )


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


def _view(call: Call, filled: Filled, note: str = "", since: str = "") -> View:
    has_leads, is_staff = people.has_lead(call.session), call.person.is_staff
    how = {"has_leads": has_leads, "staff": is_staff}
    return screen.ask_form(call.profile, filled, call.now, call.person.tz, note=note, since=since, **how)


_HELP = "ask for help in a short form"
ENTRANCES = (
    command("ta", open_form, _HELP, words="what you need"),
    Entrance("shortcut", "request_assistance", open_form, help=_HELP, example="Request assistance"),
    Entrance(
        "message_shortcut",
        "ask_for_help_with_this",
        open_form,
        help="ask for help, with that message in the form",
        example="Ask for help with this",
    ),
    Entrance("action", START, open_form),
    Entrance("action", screen.AGENCY, redraw, effect="write"),
    Entrance("action", screen.BY_WHEN, redraw, effect="write"),
    Entrance("action", screen.CHOICE, keep, effect="write"),
    Entrance("action", screen.START_OVER, start_over, effect="write"),
    Entrance("action", screen.NOT_AGENCY, without_agency),
    Entrance("action", screen.CARE_LINES, show_care),
    Entrance("options", screen.AGENCY, agency_options),
    Entrance(
        "view",
        screen.CALLBACK,
        send,
        effect="write",
        again=send_again,
        free_text=("need", "urgent_reason"),
        public_text=("agency_name",),
        can_call=True,
    ),
    Entrance(
        "view",
        screen.DETAILS_CALLBACK,
        add_details,
        effect="write",
        again=details_again,
        free_text=_DETAILS,
        can_call=True,
    ),
    Entrance(
        "view", screen.ADD_CALLBACK, add, effect="write", again=add_again, free_text=("more",), can_call=True
    ),
)
