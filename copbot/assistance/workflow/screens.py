"""The small forms behind staff's and the requester's buttons: one question each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from copbot.assistance.texts import MOST_TOPICS
from copbot.contacts.screens import level_options
from copbot.program.profile import Profile
from copbot.program.schema.vocabulary import CloseReason
from copbot.slack.answers import Block, Message, View
from copbot.slack.blocks import (
    context,
    field,
    form,
    group,
    message,
    option,
    radio,
    section,
    select,
    text_input,
    typed,
    words,
)
from copbot.slack.text import cut, escape, unformatted, weekday

HAND_OVER = "request.hand_over"
ASK = "request.ask_requester"
DONE = "request.done"
CLOSE = "request.close"
CLOSE_REASON = "request.close_reason"
TRIAGE, WAIT, MERGE = "request.triage", "request.wait", "request.merge"
ANSWER = "request.answer"
REOPEN_CALLBACK = "request.reopen"
REMOVE_DETAILS, CONFIDE = "request.remove_details", "request.confide"
NO_CLIENTS = "No names, phone numbers, birth dates or record numbers of people you serve."
LONGEST = 3000
NOT_OFFERED = ("withdrawn", "completed")
"""Close reasons that have a button of their own."""


@dataclass(frozen=True)
class Reader:
    """Whoever gets what is typed here. `gone`: their account is deactivated, so Slack brings them nothing."""

    name: str
    gone: bool = False


@dataclass(frozen=True)
class Receiver:
    """Somebody of the staff; `away_until` is their last day away, None for somebody who is here."""

    id: int
    name: str
    away_until: date | None


def hand_over_form(
    number: str,
    meta: dict[str, object],
    staff: Sequence[Receiver],
    *,
    away: Receiver | None = None,
    why: str = "",
) -> View:
    """`staff` are everybody it can go to. More than a list holds are found by Slack's own search.

    `away`: they were chosen and are away, so it is asked once more.
    """
    if not staff:
        nobody = "There is nobody else on staff yet. Invite a colleague to the staff channel first."
        return form("notice", f"Hand over {number}", [section(nobody)], close="Close")
    if len(staff) <= 100:
        options = [option(_called(each), str(each.id)) for each in staff]
        chooser = select("to", options=options, chosen=[str(away.id)] if away else [], placeholder="Choose")
    else:
        chooser = {"type": "users_select", "action_id": "to"}
    blocks: list[Block] = [words(_warning(away))] if away else []
    blocks += [
        field("to", "Hand over to", chooser),
        field("why", "What should they know?", _box("why", why), optional=True, hint=NO_CLIENTS),
    ]
    submit = "Hand over anyway" if away else "Hand over"
    meta = {**meta, "away": away.id} if away else meta
    return form(HAND_OVER, f"Hand over {number}", blocks, submit=submit, meta=meta)


def question_form(number: str, meta: dict[str, object], reader: Reader) -> View:
    blocks: list[Block] = [
        *unreachable(reader),
        context(
            f"{unformatted(reader.name)} gets this as a direct message with an *Answer* button. "
            "Your reply clock is paused until they answer."
        ),
        field("question", "Your question", _box("question"), hint=NO_CLIENTS),
    ]
    return form(ASK, f"Ask about {number}", blocks, submit="Send", meta=meta)


def triage_form(
    number: str, meta: dict[str, object], topics: Sequence[str], level: str, profile: Profile
) -> View:
    """How much help it needs, and whether its topics are the right ones."""
    groups = [
        group(heading, [option(text, ident) for text, ident in each])
        for heading, each in profile.topic_choices
    ]
    blocks = [
        field("topics", "Topics", select("topics", groups=groups, chosen=topics, many=MOST_TOPICS)),
        field("level", "How much help does it need?", radio("level", options=level_options(), chosen=level)),
    ]
    return form(TRIAGE, f"Review {number}", blocks, submit="Save", meta=meta)


def wait_form(number: str, meta: dict[str, object], reader: Reader) -> View:
    blocks: list[Block] = [
        field("why", "Who are you waiting for, and for what?", _box("why"), hint=NO_CLIENTS),
        context(
            f"Only staff read this. {unformatted(reader.name)} hears that you're waiting for a partner. "
            "The clocks are paused until you press *Partner answered*."
        ),
    ]
    return form(WAIT, f"{number} waits", blocks, submit="Wait", meta=meta)


def merge_form(number: str, meta: dict[str, object], reader: Reader) -> View:
    number_box = text_input("into", most=20, placeholder="TA-1042")
    blocks: list[Block] = [
        field("into", "Number of the request that stays open", number_box),
        context(f"{number} is closed. {_soon(reader)}"),
    ]
    return form(MERGE, f"{number} is a duplicate", blocks, submit="Close as duplicate", meta=meta)


def done_form(number: str, meta: dict[str, object], reader: Reader, more: Sequence[Block] = ()) -> View:
    """`more` asks what nobody has said of the dose yet."""
    blocks: list[Block] = [
        *unreachable(reader),
        field("given", "What did you give them?", _box("given"), hint=NO_CLIENTS),
        *more,
        context(_soon(reader)),
    ]
    return form(DONE, f"{number} is done", blocks, submit="Done", meta=meta)


def close_form(
    number: str, meta: dict[str, object], reader: Reader, profile: Profile, *, reason: str = ""
) -> View:
    """The reason first; it decides what else is asked, and whether that is required."""
    reasons = [option(each.label, each.id) for each in profile.close_reasons if each.id not in NOT_OFFERED]
    chooser = select(CLOSE_REASON, options=reasons, chosen=[reason], placeholder="Choose")
    blocks: list[Block] = [*unreachable(reader), field("reason", "Why?", chooser, dispatch=True)]
    chosen = profile.close_reason(reason)
    if chosen is not None:
        blocks += [*close_fields(chosen, reader.name), context(_soon(reader))]
    return form(CLOSE, f"Close {number}", blocks, submit="Close request", close="Cancel", meta=meta)


def close_fields(reason: CloseReason, name: str) -> list[Block]:
    """A decline always carries a sentence, and it or a referral says who can help instead."""
    hint = f"{name} gets this text. {NO_CLIENTS}"
    said = field("words", f"A sentence for {name}", _box("words"), optional=not reason.declined, hint=hint)
    if not reason.needs_referral:
        return [said]
    return [said, referral_field("Who can help instead?")]


def referral_field(label: str) -> Block:
    return field("referral", label, _box("referral"))


def reopen_form(number: str, meta: dict[str, object], readers: str) -> View:
    """`readers` are those who read the reason: staff, or the requester's name."""
    hint = f"{readers} will read this. {NO_CLIENTS}"
    blocks = [field("why", "What is still open?", _box("why"), hint=hint)]
    return form(REOPEN_CALLBACK, f"Reopen {number}", blocks, submit="Reopen", meta=meta)


def answer_form(number: str, meta: dict[str, object], question: str, profile: Profile) -> View:
    blocks: list[Block] = [section("You were asked:"), typed(question)]
    blocks.append(field("text", "Your answer", _box("text"), hint=NO_CLIENTS))
    blocks.append(context(escape(profile.notices.client_data)))
    return form(ANSWER, f"About {number}", blocks, submit="Send", meta=meta)


def sure_form(callback: str, number: str, meta: dict[str, object]) -> View:
    """Asked once more before what cannot be taken back."""
    if callback == REMOVE_DETAILS:
        about = (
            f"Everything that was written about {number} is overwritten here and in the app's messages. "
            "This can't be undone."
        )
        return form(callback, "Remove client details", [section(about)], submit="Remove", meta=meta)
    about = (
        "Only the person who asked, colleagues on it, its owner and leads can read it from now on. The app's messages about "
        "it elsewhere are deleted. This can't be undone."
    )
    return form(callback, "Mark confidential", [section(about)], submit="Mark", meta=meta)


_DELETE_YOURS = (
    "Words that you typed in Slack yourself stay there until you delete them: point at your message or hold it, then "
    "choose More actions and Delete message."
)


def removed(by: str, number: str) -> Message:
    """To whoever wrote about a request, and to whoever took its words out: theirs in Slack may still stand."""
    text = f"Client details were removed from {number}"
    return message(text, [words(f"{by} removed the client details from {number}. {_DELETE_YOURS}")])


def confided(number: str) -> Message:
    text = f"{number} is confidential now. The app's messages about it elsewhere are being deleted."
    return message(text, [words(text)])


def added_view(number: str, text: str, *, answered: bool) -> View:
    """What was written is with staff now."""
    said = (
        f"*Your answer about {number} was sent.*" if answered else f"*Added to {number}.* Staff can see it."
    )
    return form("notice", number, [section(said), *([typed(text)] if text else [])], close="Close")


def _called(each: Receiver) -> str:
    return f"{cut(each.name, 45)} (away until {weekday(each.away_until)})" if each.away_until else each.name


def _warning(away: Receiver) -> str:
    until = weekday(away.away_until) if away.away_until else "later"
    return f"{away.name} is away until {until}. Choose somebody else, or hand over anyway."


def unreachable(reader: Reader) -> list[Block]:
    if not reader.gone:
        return []
    return [
        words(
            f"{reader.name}'s Slack account is deactivated, so they won't get this. Reach them another way."
        )
    ]


def _soon(reader: Reader) -> str:
    if reader.gone:
        return "You can undo this for ten minutes."
    return (
        f"{unformatted(reader.name)} gets this text in one minute. Undo before then and nothing is sent. "
        "You can undo for ten minutes."
    )


def _box(action: str, first: str = "") -> dict[str, object]:
    return text_input(action, first=first, long=True, most=LONGEST)
