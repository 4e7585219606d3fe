"""The small forms behind staff's and the requester's buttons: one question each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from copbot.program.profile import Profile
from copbot.slack.answers import Block, View
from copbot.slack.blocks import context, field, form, option, section, select, text_input, typed
from copbot.slack.text import cut, escape, unformatted

HAND_OVER = "request.hand_over"
ASK = "request.ask_requester"
DONE = "request.done"
CLOSE = "request.close"
ANSWER = "request.answer"
NO_CLIENTS = "Please name no clients: no names, phones, birth dates or record numbers."
LONGEST = 3000


def hand_over_form(
    number: str, meta: dict[str, object], staff: Sequence[tuple[int, str, date | None]]
) -> View:
    """`staff` are everybody it can go to: id, name, last day away if they are. More than a list holds are asked for by Slack's own search."""
    if not staff:
        words = "There is nobody else on the staff yet. Invite a colleague to the staff channel first."
        return form("notice", f"Hand over {number}", [section(words)], close="Close")
    if len(staff) <= 100:
        options = [option(_called(name, away), str(ident)) for ident, name, away in staff]
        chooser = select("to", options=options, placeholder="Choose")
    else:
        chooser = {"type": "users_select", "action_id": "to"}
    blocks: list[Block] = [
        field("to", "To whom?", chooser),
        field("why", "What should they know?", _box("why"), optional=True, hint=NO_CLIENTS),
    ]
    return form(HAND_OVER, f"Hand over {number}", blocks, submit="Hand over", meta=meta)


def question_form(number: str, meta: dict[str, object], name: str) -> View:
    blocks: list[Block] = [
        context(
            f"{unformatted(name)} gets this as a direct message, with a button to answer. Until they do, "
            "the time you have to reply stands still."
        ),
        field("question", "Your question", _box("question"), hint=NO_CLIENTS),
    ]
    return form(ASK, f"Ask about {number}", blocks, submit="Send", meta=meta)


def done_form(number: str, meta: dict[str, object], name: str) -> View:
    blocks: list[Block] = [
        field("given", "What was given, in a sentence?", _box("given"), hint=NO_CLIENTS),
        context(_soon(name)),
    ]
    return form(DONE, f"{number} is done", blocks, submit="Done", meta=meta)


def close_form(number: str, meta: dict[str, object], name: str, profile: Profile) -> View:
    """All three questions at once: which of them are needed depends on the reason, and is said at the field."""
    reasons = [
        option(reason.label, reason.id) for reason in profile.close_reasons if reason.id != "withdrawn"
    ]
    blocks: list[Block] = [
        field("reason", "Why?", select("reason", options=reasons, placeholder="Choose")),
        field(
            "words",
            f"A sentence for {name}",
            _box("words"),
            optional=True,
            hint="Needed when you cannot help. " + NO_CLIENTS,
        ),
        field(
            "referral",
            "Who can help instead?",
            _box("referral"),
            optional=True,
            hint="Needed when you cannot help.",
        ),
        context(_soon(name)),
    ]
    return form(CLOSE, f"Close {number}", blocks, submit="Close it", close="Cancel", meta=meta)


def answer_form(number: str, meta: dict[str, object], question: str, profile: Profile) -> View:
    blocks: list[Block] = [context(escape(profile.notices.client_data))]
    if question:
        blocks += [section("You were asked:"), typed(question)]
    label = "Your answer" if question else "What would you like to add?"
    blocks.append(field("text", label, _box("text")))
    return form(ANSWER, f"About {number}", blocks, submit="Send", meta=meta)


def _called(name: str, away: date | None) -> str:
    return f"{cut(name, 45)} (away until {away:%B} {away.day})" if away else name


def _soon(name: str) -> str:
    return f"{unformatted(name)} is told in a minute. You can undo this for ten minutes; within the first, they hear nothing."


def _box(action: str) -> dict[str, object]:
    return text_input(action, long=True, most=LONGEST)
