"""Questions after Done as their reader sees them, and what leads see of the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from copbot.followup.rules import ANSWERS, BARRIERS, LONGEST_COMMENT, OUTCOMES, QUESTIONS, CameOfIt, Counts
from copbot.program.profile import Profile
from copbot.slack.answers import Block, Message, View
from copbot.slack.blocks import (
    actions,
    button,
    confirm,
    context,
    field,
    form,
    message,
    option,
    radio,
    section,
    text_input,
    typed,
    words,
)
from copbot.slack.text import counted, escape, unformatted

if TYPE_CHECKING:
    from copbot.assistance.views.facts import RequestFacts

OPEN_RATE, RATED, SEE, REMOVE_COMMENT = (
    "followup.open_rate", "followup.rated", "followup.see_feedback", "followup.remove_comment",
)  # fmt: skip
SAY_OUTCOME, OPEN_BARRIER, BARRIER, AGAIN = (
    "followup.outcome", "followup.open_barrier", "followup.barrier", "followup.again",
)  # fmt: skip
NO_NAME = "Your name and your request aren’t kept with your answers. Staff see answers only in groups of five or more."


def feedback(facts: RequestFacts, profile: Profile, *, answered: bool) -> Message:
    """The question how it went; afterwards only thanks."""
    about = f"{facts.label} ({', '.join(map(profile.topic_label, facts.topics))})"
    text = (
        f"You answered how it went with {about}. Thank you." if answered else f"How did it go with {about}?"
    )
    asks = button("Answer three questions", OPEN_RATE, facts.uid, style="primary")
    return message(text, [words(text), *([] if answered else [context(NO_NAME), actions([asks])])])


def rate_form(label: str, uid: str, profile: Profile) -> View:
    options = [option(text, name) for name, text in ANSWERS.items()]
    asked = [field(name, text, radio(name, options=options)) for name, text in QUESTIONS.items()]
    box = text_input("comment", long=True, most=LONGEST_COMMENT)
    more = _text(field("comment", "Anything to add?", box, optional=True), profile)
    blocks = [context(NO_NAME), *asked, *more]
    return form(RATED, f"How was {label}?", blocks, submit="Send", meta={"uid": uid})


def _text(box: Block, profile: Profile) -> list[Block]:
    return [context(escape(profile.notices.client_data)), box]


def thanks() -> View:
    return form("notice", "Thank you", [words("Your answers are saved without your name.")], close="Close")


def outcome(facts: RequestFacts, profile: Profile, *, said: str, barrier: str) -> Message:
    """The question after 90 days with what was asked and given; then what was said, and the ways on."""
    topics = ", ".join(map(profile.topic_label, facts.topics))
    text = f"Three months ago we helped you with {facts.label} ({topics}). What came of it?"
    blocks: list[Block] = [words(text), context("You asked:"), typed(facts.need)]
    blocks += [context("We wrote:"), typed(facts.given)] if facts.given else []
    styles = {said: "primary"}
    blocks.append(
        actions(
            button(label, f"{SAY_OUTCOME}:{name}", f"{facts.uid}:{name}", style=styles.get(name, ""))
            for name, label in OUTCOMES.items()
        )
    )
    if said:
        why = f" What got in the way: {BARRIERS[barrier]}." if barrier in BARRIERS else ""
        blocks.append(context(f"You said: {OUTCOMES[said]}. Thank you.{why}"))
        ways = {"What got in the way?": OPEN_BARRIER, "I need more help": AGAIN}
        blocks.append(actions(button(label, action, facts.uid) for label, action in ways.items()))
    return message(text, blocks)


def barrier_form(label: str, uid: str, profile: Profile) -> View:
    options = [option(text, name) for name, text in BARRIERS.items()]
    box = text_input("words", long=True, most=LONGEST_COMMENT)
    blocks = [
        field("barrier", "What got in the way?", radio("barrier", options=options)),
        *_text(field("words", "Anything to add?", box, optional=True), profile),
    ]
    return form(BARRIER, label, blocks, submit="Send", meta={"uid": uid})


def overview(found: CameOfIt) -> list[Block]:
    """In leads' Home once somebody was asked: the numbers, and the way to the rest."""
    said = _counts(OUTCOMES, found.outcomes)
    if not (found.asked or said):
        return []
    asked = counted(found.asked, "request")
    lines = ["*What came of it*", f"Feedback: asked about {asked}. Answers are shown in groups of five."]
    if found.feedback:
        shown = counted(found.feedback["useful"].total(), "answer")
        answered = f"Feedback: {shown} shown. {found.answered} of {asked} answered."
        lines[1:] = [answered, _line(found.feedback)]
    if said:
        stood = _counts(BARRIERS, found.barriers)
        lines.append(f"After 90 days: {said}.{f' In the way: {stood}.' if stood else ''}")
    more = button("See feedback", SEE) if found.feedback else None
    return [section("\n".join(lines), accessory=more)]


def _line(counts: Counts) -> str:
    """`Was it useful? 4 yes, 1 partly · …`"""
    return " · ".join(f"{text} {_counts(ANSWERS, counts[name])}" for name, text in QUESTIONS.items())


def _counts(labels: Mapping[str, str], counts: Mapping[str, int]) -> str:
    return ", ".join(f"{counts[name]} {label.lower()}" for name, label in labels.items() if counts[name])


def details(
    by_group: Mapping[str, Counts], by_kind: Mapping[str, Counts], comments: Sequence[tuple[str, str, str]],
    profile: Profile,
) -> View:  # fmt: skip
    """What may be shown by topic group and by kind of help, and comments: key, quarter, words."""
    groups = {group.id: group.label for group in profile.topics}
    blocks: list[Block] = [context("A topic group or kind of help is shown once it has five answers.")]
    blocks += _cells("By topic", by_group, lambda each: groups.get(each, each))
    blocks += _cells("By kind of help", by_kind, profile.kind_label)
    for key, quarter, said in comments:
        sure = confirm("Remove this comment?", "Its text is deleted. The answers stay.", "Remove")
        gone = button("Remove", f"{REMOVE_COMMENT}:{key}", key, confirm=sure)
        blocks += [typed(said), actions([gone]), context(quarter)]
    return form("notice", "Feedback", blocks, close="Close")


def _cells(title: str, cells: Mapping[str, Counts], label: Callable[[str], str]) -> list[Block]:
    lines = [
        f"{unformatted(label(each))} ({counts['useful'].total()}): {_line(counts)}"
        for each, counts in sorted(cells.items())
    ]
    return [section("\n".join([f"*{title}*", *lines]))] if lines else []
