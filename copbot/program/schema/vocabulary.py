"""The parts of a program profile as typed, unchangeable values: exactly what a profile's YAML may say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from copbot.program.calendar.closed_days import ClosedDays, day_mark, plain_name
from copbot.program.schema.faults import refuse
from copbot.program.schema.fields import (
    AppName,
    Clock,
    Command,
    Day,
    DayOfYear,
    Email,
    Id,
    Label,
    Line,
    OpeningTimes,
    Paragraph,
    Phone,
    TimeZone,
)

OPTIONS = 100
"""Slack takes so many options in a group and so many groups in a list."""


class ProfilePart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _a_setting_left_blank_is_absent(cls, data: Any) -> Any:
        if isinstance(data, dict):
            blank = {name for name, value in data.items() if value is None and name in cls.model_fields}
            return {name: value for name, value in data.items() if name not in blank}
        return data


class Choice(ProfilePart):
    """Something to choose by its label, and to find again by its id."""

    id: Id
    label: Label


class Contact(ProfilePart):
    """Where people turn when the app cannot help: shown in About and in every error."""

    phone: Phone = Field(examples=["608-555-0100"])
    email: Email = Field(examples=["help@example.org"])


class Commands(ProfilePart):
    ta: Command = "/ta"
    community: Command = "/community"
    resources: Command = "/resources"
    digest: Command = "/digest"

    def all(self) -> tuple[str, ...]:
        return (self.ta, self.community, self.resources, self.digest)


class RequesterWords(ProfilePart):
    """The only four words in which a requester reads where the request stands."""

    received: Label = Field(examples=["Received"])
    working: Label = Field(examples=["Someone is on it"])
    need_you: Label = Field(examples=["Waiting for your answer"])
    done: Label = Field(examples=["Done"])


class StateWords(ProfilePart):
    """Staff's word for each state."""

    new: Label
    triaged: Label
    assigned: Label
    in_progress: Label
    waiting_requester: Label
    waiting_partner: Label
    delivered: Label
    closed: Label


class Words(ProfilePart):
    staff_word: Label = Field(examples=["TA staff"])
    member_word: Label = Field(examples=["member"])
    community_word: Label = Field(examples=["community of practice"])
    request_word: Label = Field(examples=["request"])
    without_agency: Label = Field(examples=["I work or volunteer in this field"])
    seeks_care: Label | None = None
    requester_words: RequesterWords
    state_words: StateWords


class Calendar(Choice):
    """A reporting year. `named_by` says which of its two calendar years it is called after."""

    starts: DayOfYear = Field(examples=["07-01"])
    named_by: Literal["start", "end"] = "start"


class Week(ProfilePart):
    monday: OpeningTimes = ()
    tuesday: OpeningTimes = ()
    wednesday: OpeningTimes = ()
    thursday: OpeningTimes = ()
    friday: OpeningTimes = ()
    saturday: OpeningTimes = ()
    sunday: OpeningTimes = ()

    @model_validator(mode="after")
    def _opens_at_all(self) -> Week:
        if not any(self.days()):
            refuse("has no hours at all", "write one, such as `monday: 09:00-17:00`")
        return self

    def days(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        return tuple(getattr(self, day) for day in Week.model_fields)


class ExtraDay(ProfilePart):
    day: Day = Field(examples=["2026-11-27"])
    name: Line


class Holidays(ProfilePart):
    """The public holidays of a country and its part, the program's own closed days, and those it works on."""

    country: str | None = None
    subdivision: str | None = None
    saturday_closes_friday: bool = True
    extra: tuple[ExtraDay, ...] = ()
    removed: tuple[Line, ...] = ()

    def closed_days(self) -> ClosedDays:
        removed = [(day_mark(written), written) for written in self.removed]
        return ClosedDays(
            country=self.country,
            subdivision=self.subdivision,
            extra=tuple((extra.day, extra.name) for extra in self.extra),
            removed_days=tuple(mark for mark, _ in removed if mark),
            removed_names=frozenset(plain_name(written) for mark, written in removed if not mark),
            saturday_closes_friday=self.saturday_closes_friday,
        )


class FirstReply(ProfilePart):
    urgent: Clock = Field(examples=["4 business hours"])
    usual: Clock = Field(examples=["1 business day"])


class Clocks(ProfilePart):
    first_reply: FirstReply
    triage: Clock = Field(examples=["2 business days"])
    delivery: Clock = Field(examples=["20 business days"])


N = TypeVar("N", "Kind", "CloseReason")


class Topic(Choice):
    """`also` are other words people use for it."""

    also: tuple[Label, ...] = ()


class TopicGroup(Choice):
    topics: Annotated[tuple[Topic, ...], Field(min_length=1, max_length=OPTIONS)]


class Kind(Choice):
    """A kind of help."""


class AgencyKind(Choice):
    """A kind of agency."""


class CloseReason(Choice):
    declined: bool = False
    needs_referral: bool = False

    @model_validator(mode="after")
    def _a_decline_refers_on(self) -> CloseReason:
        if self.declined and not self.needs_referral:
            refuse("declines without a referral", "add `needs_referral: true`")
        return self


class ContactCategory(Choice):
    """A kind of staff's work. `unasked`: work that nobody requested, such as a webinar."""

    unasked: bool = False


class ByWhen(Choice):
    """`days` is how many calendar days the requester gives; none means that it can wait or names a date."""

    days: Annotated[int, Field(ge=0, le=366)] | None = None
    urgent: bool = False
    asks_date: bool = False


class Hotline(ProfilePart):
    """`text` says what it is for. `last_verified` is the day somebody of the program confirmed it; none yet: None.

    `check` says how to confirm a line that is not called to test it. An `essential` one cannot be removed.
    """

    id: Id
    name: Label
    number: Phone
    text: Line
    source: Line
    last_verified: date | None = None
    note: Line | None = None
    check: Line | None = None
    essential: bool = False


class Notices(ProfilePart):
    """The two short lines stand above a form, the long texts at its foot. No short one: the long one's beginning."""

    client_data: Paragraph
    not_an_emergency: Paragraph
    client_data_short: Line | None = None
    not_an_emergency_short: Line | None = None
    eligibility: Paragraph
    funding: Paragraph


def _with_ids(*needed: str) -> Callable[[tuple[N, ...]], tuple[N, ...]]:
    """The program itself uses these: what a clock or a button closes with, what the form starts from."""

    def check(entries: tuple[N, ...]) -> tuple[N, ...]:
        missing = [one for one in needed if one not in {entry.id for entry in entries}]
        if missing:
            refuse(f"lacks {', '.join(missing)}", "add an entry with each of these ids; its label is yours")
        return entries

    return check


def _one_urgent(options: tuple[ByWhen, ...]) -> tuple[ByWhen, ...]:
    if sum(option.urgent for option in options) != 1:
        refuse("needs exactly one urgent option", "write `urgent: true` in one of them")
    if sum(option.asks_date for option in options) > 1:
        refuse("asks for a date in two options", "write `asks_date: true` in one of them")
    return options


_CATEGORIES = (
    ContactCategory(id="consultation", label="Consultation"),
    ContactCategory(id="coordination", label="Coordination"),
    ContactCategory(id="monitoring", label="Monitoring"),
    ContactCategory(id="resource", label="Finding a resource"),
    ContactCategory(id="training", label="Training", unasked=True),
    ContactCategory(id="webinar", label="Webinar", unasked=True),
    ContactCategory(id="community_call", label="Community call", unasked=True),
    ContactCategory(id="materials", label="Materials", unasked=True),
)
_FORMATS = (
    Choice(id="video", label="Video call"),
    Choice(id="phone", label="Phone"),
    Choice(id="email", label="Email or message"),
    Choice(id="in_person", label="In person"),
)


def _asked_and_unasked(found: tuple[ContactCategory, ...]) -> tuple[ContactCategory, ...]:
    if len({each.unasked for each in found}) < 2:
        refuse("needs work of both kinds", "write `unasked: true` in what nobody requests, and in no other")
    return found


Alike = Annotated[tuple[Label, ...], Field(min_length=2, max_length=20)]
"""Words that mean the same when somebody searches the library."""


class PersonFirst(ProfilePart):
    """Words that put a label before the person, and what to say instead; in `but_not` they mean something else."""

    avoid: Annotated[tuple[Label, ...], Field(min_length=1, max_length=20)]
    instead: Label
    but_not: Annotated[tuple[Label, ...], Field(max_length=20)] = ()


class ProgramFile(ProfilePart):
    """A profile as written; `Profile` adds the areas its area files hold."""

    id: Id = Field(examples=["my_program"])
    name: Line = Field(examples=["Our Technical Assistance Center"])
    display_name: AppName = "TA Center"
    contact: Contact
    time_zone: TimeZone = Field(examples=["America/Chicago"])
    commands: Commands = Commands()
    words: Words
    notices: Notices
    business_hours: Week
    holidays: Holidays = Holidays()
    clocks: Clocks
    calendars: Annotated[tuple[Calendar, ...], Field(min_length=1, max_length=OPTIONS)]
    topics: Annotated[tuple[TopicGroup, ...], Field(min_length=1, max_length=OPTIONS)]
    kinds: Annotated[tuple[Kind, ...], Field(max_length=OPTIONS), AfterValidator(_with_ids("unsure"))]
    by_when: Annotated[tuple[ByWhen, ...], Field(max_length=OPTIONS), AfterValidator(_one_urgent)]
    close_reasons: Annotated[
        tuple[CloseReason, ...],
        Field(max_length=OPTIONS),
        AfterValidator(_with_ids("completed", "withdrawn", "no_response", "duplicate")),
    ]
    contact_categories: Annotated[
        tuple[ContactCategory, ...], Field(max_length=OPTIONS), AfterValidator(_asked_and_unasked)
    ] = _CATEGORIES
    contact_formats: Annotated[tuple[Choice, ...], Field(min_length=1, max_length=OPTIONS)] = _FORMATS
    fund_sources: Annotated[tuple[Choice, ...], Field(max_length=OPTIONS)] = ()
    agency_kinds: Annotated[tuple[AgencyKind, ...], Field(min_length=1, max_length=OPTIONS)]
    area_files: Annotated[tuple[Line, ...], Field(min_length=1)] = Field(examples=["[areas/our-state.yaml]"])
    hotlines: Annotated[tuple[Hotline, ...], Field(max_length=OPTIONS)] = ()
    synonyms: Annotated[tuple[Alike, ...], Field(max_length=OPTIONS * 5)] = ()
    person_first: Annotated[tuple[PersonFirst, ...], Field(max_length=OPTIONS)] = ()
    help_now_words: Annotated[tuple[Label, ...], Field(max_length=OPTIONS)] = ()
    care_words: Annotated[tuple[Label, ...], Field(max_length=OPTIONS)] = ()
    not_names: Annotated[tuple[Label, ...], Field(max_length=OPTIONS)] = ()
