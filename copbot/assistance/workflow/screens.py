"""The small forms behind staff's and the requester's buttons: one question each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from copbot.assistance.rules import Somebody
from copbot.assistance.texts import MOST_TOPICS
from copbot.contacts.screens import NO_CLIENTS, level_options
from copbot.people.fields import choice_groups
from copbot.people.values import StaffFacts
from copbot.program.profile import Profile
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, Message, View
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
NOT_OFFERED = ("withdrawn", "completed")
"""Close reasons that have a button of their own."""


Meta = dict[str, object]


def hand_over_form(
    number: str, meta: Meta, staff: Sequence[StaffFacts], *, away: StaffFacts | None = None, why: str = ""
) -> View:
    """`staff` are everybody it can go to. More than a list holds are found by Slack's own search.

    `away`: they were chosen and are away, so it is asked once more.
    """
    title = f"Hand over {number}"
    if not staff:
        nobody = "There is nobody else on staff yet. Invite a colleague to the staff channel first."
        return kit.notice(title, [kit.section(nobody)])
    chooser: dict[str, Any] = {"type": "users_select", "action_id": "to"}
    if len(staff) <= 100:
        options = [kit.option(_called(each), str(each.id)) for each in staff]
        chooser = kit.select(
            "to", options=options, chosen=[str(away.id)] if away else [], placeholder="Choose"
        )
    blocks: list[Block] = []
    if away:
        until = weekday(away.away_until) if away.away_until else "later"
        sure = f"{away.name} is away until {until}. Choose somebody else, or hand over anyway."
        blocks, meta = [kit.words(sure)], {**meta, "away": away.id}
    blocks += [
        kit.field("to", "Hand over to", chooser),
        _text("why", "What should they know?", why, optional=True),
    ]
    return kit.form(HAND_OVER, title, blocks, submit="Hand over anyway" if away else "Hand over", meta=meta)


def question_form(number: str, meta: Meta, reader: Somebody) -> View:
    gets = f"{unformatted(reader.name)} gets this as a direct message with an *Answer* button."
    blocks = [
        *unreachable(reader),
        kit.context(f"{gets} Your reply clock is paused until they answer."),
        _text("question", "Your question"),
    ]
    return kit.form(ASK, f"Ask about {number}", blocks, submit="Send", meta=meta)


def triage_form(number: str, meta: Meta, topics: Sequence[str], level: str, profile: Profile) -> View:
    """How much help it needs, and whether its topics are the right ones."""
    groups = choice_groups(profile.topic_choices)
    blocks = [
        kit.field("topics", "Topics", kit.select("topics", groups=groups, chosen=topics, many=MOST_TOPICS)),
        kit.field(
            "level", "How much help does it need?", kit.radio("level", options=level_options(), chosen=level)
        ),
    ]
    return kit.form(TRIAGE, f"Review {number}", blocks, submit="Save", meta=meta)


def wait_form(number: str, meta: Meta, reader: Somebody) -> View:
    hears = f"{unformatted(reader.name)} hears that you're waiting for a partner."
    blocks = [
        _text("why", "Who are you waiting for, and for what?"),
        kit.context(
            f"Only staff read this. {hears} The clocks are paused until you press *Partner answered*."
        ),
    ]
    return kit.form(WAIT, f"{number} waits", blocks, submit="Wait", meta=meta)


def merge_form(number: str, meta: Meta, reader: Somebody) -> View:
    box = kit.text_input("into", most=20, placeholder="TA-1042")
    blocks = [
        kit.field("into", "Number of the request that stays open", box),
        kit.context(f"{number} is closed. {_soon(reader)}"),
    ]
    return kit.form(MERGE, f"{number} is a duplicate", blocks, submit="Close as duplicate", meta=meta)


def done_form(number: str, meta: Meta, reader: Somebody, more: Sequence[Block] = ()) -> View:
    """`more` asks what nobody has said of the dose yet."""
    given = _text("given", "What did you give them?")
    blocks = [*unreachable(reader), given, *more, kit.context(_soon(reader))]
    return kit.form(DONE, f"Mark {number} as done", blocks, submit="Done", meta=meta)


def close_form(number: str, meta: Meta, reader: Somebody, profile: Profile, *, reason: str = "") -> View:
    """The reason first; it decides what else is asked, and whether that is required.

    A decline always carries a sentence, and it or a referral says who can help instead.
    """
    reasons = [
        kit.option(each.label, each.id) for each in profile.close_reasons if each.id not in NOT_OFFERED
    ]
    chooser = kit.select(CLOSE_REASON, options=reasons, chosen=[reason], placeholder="Choose")
    blocks = [*unreachable(reader), kit.field("reason", "Why?", chooser, dispatch=True)]
    chosen = profile.close_reason(reason)
    if chosen is not None:
        hint, is_optional = f"{reader.name} gets this text. {NO_CLIENTS}", not chosen.declined
        blocks.append(_text("words", f"A sentence for {reader.name}", optional=is_optional, hint=hint))
        blocks += [referral_field("Who can help instead?")] if chosen.needs_referral else []
        blocks.append(kit.context(_soon(reader)))
    return kit.form(CLOSE, f"Close {number}", blocks, submit="Close request", close="Cancel", meta=meta)


def referral_field(label: str) -> Block:
    return _text("referral", label, hint="")


def reopen_form(number: str, meta: Meta, readers: str) -> View:
    """`readers` are those who read the reason: staff, or the requester's name."""
    blocks = [_text("why", "What is still open?", hint=f"{readers} will read this. {NO_CLIENTS}")]
    return kit.form(REOPEN_CALLBACK, f"Reopen {number}", blocks, submit="Reopen", meta=meta)


def answer_form(number: str, meta: Meta, question: str, profile: Profile) -> View:
    blocks = [
        kit.section("You were asked:"),
        kit.typed(question),
        _text("text", "Your answer"),
        kit.context(escape(profile.notices.client_data)),
    ]
    return kit.form(ANSWER, f"About {number}", blocks, submit="Send", meta=meta)


def sure_form(callback: str, number: str, meta: Meta) -> View:
    """Asked once more before what cannot be taken back."""
    title, yes, about = (
        "Mark confidential",
        "Mark",
        (
            "Only the person who asked, colleagues on it, its owner and leads can read it from now on. The app's messages about "
            "it elsewhere are deleted."
        ),
    )
    if callback == REMOVE_DETAILS:
        title, yes = "Remove client details", "Remove"
        about = f"Everything that was written about {number} is overwritten here and in the app's messages."
    return kit.form(callback, title, [kit.section(f"{about} This can't be undone.")], submit=yes, meta=meta)


_DELETE_YOURS = (
    "Words that you typed in Slack yourself stay there until you delete them: point at your message or hold it, then "
    "choose More actions and Delete message."
)


def removed(by: str, number: str) -> Message:
    """To whoever wrote about a request, and to whoever took its words out: theirs in Slack may still stand."""
    text = f"Client details were removed from {number}"
    return kit.message(text, [kit.words(f"{by} removed the client details from {number}. {_DELETE_YOURS}")])


def confided(number: str) -> Message:
    return kit.say(f"{number} is confidential now. The app's messages about it elsewhere are being deleted.")


def added_view(number: str, text: str, *, answered: bool) -> View:
    """What was written is with staff now."""
    said = f"*Added to {number}.* Staff can see it."
    said = f"*Your answer about {number} was sent.*" if answered else said
    return kit.notice(number, [kit.section(said), *([kit.typed(text)] if text else [])])


def _called(each: StaffFacts) -> str:
    return f"{cut(each.name, 45)} (away until {weekday(each.away_until)})" if each.away_until else each.name


def unreachable(reader: Somebody) -> list[Block]:
    gone = f"{reader.name}'s Slack account is deactivated, so they won't get this. Reach them another way."
    return [kit.words(gone)] if reader.gone else []


def _soon(reader: Somebody) -> str:
    if reader.gone:
        return "You can undo this for ten minutes."
    gets = f"{unformatted(reader.name)} gets this text in one minute."
    return f"{gets} Undo before then and nothing is sent. You can undo for ten minutes."


def _text(name: str, label: str, first: str = "", *, optional: bool = False, hint: str = NO_CLIENTS) -> Block:
    return kit.field(name, label, kit.text_input(name, first=first, long=True), optional=optional, hint=hint)
