"""Questions after Done and what leads see of the answers; an answer to share; a suggestion of one peer to another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from copbot.assistance.views.staff_screens import SHARE
from copbot.followup.rules import (
    ANSWERS,
    BARRIERS,
    LONGEST_COMMENT,
    MINUTES,
    NO,
    OUTCOMES,
    PUBLISHED,
    QUESTIONS,
    WAITING,
    YES,
    CameOfIt,
    Counts,
    PeerMatch,
    SharedAnswer,
    places_in,
)
from copbot.people import fields
from copbot.program.language import suggestions
from copbot.program.profile import Profile
from copbot.resources.library.rules import LONGEST_SUMMARY
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, Message, Nothing, View
from copbot.slack.text import counted, day_and_time, escape, unformatted

if TYPE_CHECKING:
    from copbot.assistance.views.facts import RequestFacts

OPEN_RATE, RATED = "followup.open_rate", "followup.rated"
SEE, REMOVE_COMMENT = "followup.see_feedback", "followup.remove_comment"
SAY_OUTCOME, AGAIN = "followup.outcome", "followup.again"
OPEN_BARRIER, BARRIER = "followup.open_barrier", "followup.barrier"
WRITTEN, APPROVE, LEAVE = "followup.written", "followup.approve_answer", "followup.leave_answer"
SUGGESTED, ANSWER_PEER = "followup.peer", "followup.peer_answer"
LONGEST_QUESTION = 150
NO_NAME = "Your name and your request aren't kept with your answers. Staff see answers only in groups of five or more."


def feedback(facts: RequestFacts, profile: Profile, *, answered: bool) -> Message:
    """The question how it went; afterwards only thanks."""
    about = f"{facts.label} ({', '.join(map(profile.topic_label, facts.topics))})"
    if answered:
        return kit.say(f"Thank you for telling us how it went with {about}.")
    text, asks = f"How did it go with {about}?", "Answer three questions"
    ends = kit.actions([kit.button(asks, OPEN_RATE, facts.uid, style="primary")])
    return kit.say(text, kit.context(NO_NAME), ends)


def rate_form(label: str, uid: str, profile: Profile) -> View:
    options = [kit.option(text, name) for name, text in ANSWERS.items()]
    asked = [kit.field(name, text, kit.radio(name, options=options)) for name, text in QUESTIONS.items()]
    blocks = [kit.context(NO_NAME), *asked, *_more("comment", profile)]
    return kit.form(RATED, f"How was {label}?", blocks, submit="Send", meta={"uid": uid})


def _more(name: str, profile: Profile) -> list[Block]:
    box = kit.text_input(name, long=True, most=LONGEST_COMMENT)
    warning = kit.context(escape(profile.notices.client_data))
    return [warning, kit.field(name, "Anything to add?", box, optional=True)]


def thanks() -> View:
    return kit.notice("Thank you", [kit.words("Your answers are saved without your name.")])


def outcome(facts: RequestFacts, profile: Profile, *, said: str, barrier: str) -> Message:
    """The question after 90 days with what was asked and given; then what was said, and the ways on."""
    topics = ", ".join(map(profile.topic_label, facts.topics))
    text = f"Three months ago we helped you with {facts.label} ({topics}). What came of it?"
    blocks: list[Block] = [kit.words(text), kit.context("You asked:"), kit.typed(facts.need)]
    blocks += [kit.context("We wrote:"), kit.typed(facts.given)] if facts.given else []
    ends = []
    for name, label in OUTCOMES.items():
        style = "primary" if name == said else ""
        ends.append(kit.button(label, f"{SAY_OUTCOME}:{name}", f"{facts.uid}:{name}", style=style))
    blocks.append(kit.actions(ends))
    if said:
        why = f" What got in the way: {BARRIERS[barrier]}." if barrier in BARRIERS else ""
        blocks.append(kit.context(f"You said: {OUTCOMES[said]}. Thank you.{why}"))
        ways = {"What got in the way?": OPEN_BARRIER, "I need more help": AGAIN}
        blocks.append(kit.actions(kit.button(label, action, facts.uid) for label, action in ways.items()))
    return kit.message(text, blocks)


def barrier_form(label: str, uid: str, profile: Profile) -> View:
    options = [kit.option(text, name) for name, text in BARRIERS.items()]
    chooser = kit.field("barrier", "What got in the way?", kit.radio("barrier", options=options))
    return kit.form(BARRIER, label, [chooser, *_more("words", profile)], submit="Send", meta={"uid": uid})


def overview(found: CameOfIt) -> list[Block]:
    """In leads' Home once somebody was asked: the numbers, and the way to the rest."""
    said = _counts(OUTCOMES, found.outcomes)
    if not (found.asked or said):
        return []
    asked = counted(found.asked, "request")
    lines = ["*What came of it*", f"Feedback: we asked about {asked}. Answers are shown five at a time."]
    if found.feedback:
        shown = counted(found.feedback["useful"].total(), "answer")
        answered = f"Feedback: {shown} shown. {found.answered} of {asked} answered."
        lines[1:] = [answered, _line(found.feedback)]
    if said:
        stood = _counts(BARRIERS, found.barriers)
        lines.append(f"After 90 days: {said}.{f' What got in the way: {stood}.' if stood else ''}")
    more = kit.button("See feedback", SEE) if found.feedback else None
    return [kit.section("\n".join(lines), accessory=more)]


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
    blocks: list[Block] = [kit.context("A topic group or kind of help is shown once it has five answers.")]
    blocks += _cells("By topic", by_group, lambda each: groups.get(each, each))
    blocks += _cells("By kind of help", by_kind, profile.kind_label)
    for key, quarter, said in comments:
        sure = kit.confirm("Remove this comment?", "Its text is deleted. The answers stay.", "Remove")
        gone = kit.button("Remove", f"{REMOVE_COMMENT}:{key}", key, confirm=sure)
        blocks += [kit.typed(said), kit.actions([gone]), kit.context(quarter)]
    return kit.notice("Feedback", blocks)


def _cells(title: str, cells: Mapping[str, Counts], label: Callable[[str], str]) -> list[Block]:
    lines = [f"*{title}*"]
    for each, counts in sorted(cells.items()):
        lines.append(f"{unformatted(label(each))} ({counts['useful'].total()}): {_line(counts)}")
    return [kit.section("\n".join(lines))] if cells else []


# -- answers shared with everybody


def offer(facts: RequestFacts, drafted: SharedAnswer | None) -> Message:
    text = f"{facts.requester.name} agreed that the answer to {facts.label} may be shared without names."
    if drafted is not None:
        return kit.say(text, kit.context("A draft is in the staff channel."))
    asks = kit.actions([kit.button("Draft a shared answer", SHARE, facts.uid, style="primary")])
    return kit.message(text, [kit.words(f"{text} Write it for others, and somebody else approves it."), asks])


def answer_form(facts: RequestFacts, found: SharedAnswer | None, profile: Profile) -> View:
    """Beside what was asked and given, so that nothing but what others need is written down."""
    question = kit.text_input("question", first=found.question if found else "", most=LONGEST_QUESTION)
    answer = kit.text_input("answer", first=found.answer if found else "", long=True, most=LONGEST_SUMMARY)
    blocks: list[Block] = [kit.context("They asked:"), kit.typed(facts.need)]
    blocks += [kit.context("We wrote:"), kit.typed(facts.given)] if facts.given else []
    blocks += [
        kit.context(
            f"{escape(profile.notices.client_data)} Leave out who asked, their agency and their place."
        ),
        kit.field("question", "Question, as others would ask it", question),
        kit.field("answer", "Answer", answer),
        fields.topics(profile, found.topics if found else facts.topics, label="Topics") | {"optional": False},
    ]
    meta = {"uid": facts.uid, "seen": found.version if found else 0}
    return kit.form(WRITTEN, "Share an answer", blocks, submit="Save", meta=meta)


def answer_saved(facts: RequestFacts, found: SharedAnswer, profile: Profile) -> View:
    line = "Saved. Its card is in the staff channel. It goes into the library when somebody else approves it."
    return kit.notice("Saved", [kit.words(line), *_hints(facts, found, profile)])


def answer_card(facts: RequestFacts, found: SharedAnswer, profile: Profile) -> Message:
    """In the staff channel: how it stands, what everybody would read, and what can be done with it."""
    goes = "It goes into the library when somebody else approves it."
    status = f"{found.author} drafted an answer to share. {goes}"
    if found.state != WAITING:
        status = f"Written by {found.author}, approved by {found.approver}."
        if found.author == found.approver:
            hold = "with a ten-minute hold because there are fewer than three staff"
            status = f"Written and approved by {found.author}, {hold}."
        if found.state == PUBLISHED:
            status += " It is in the library, and goes into the next digest."
    topics = ", ".join(map(profile.topic_label, found.topics))
    blocks = [
        kit.header(found.question),
        kit.words(status),
        kit.typed(found.answer),
        kit.particulars({"Topics": topics}),
    ]
    value, ends = f"{facts.uid}:{found.version}", []
    if found.state == WAITING:
        blocks += _hints(facts, found, profile)
        read = "Everybody can read it, and it goes into the next digest."
        sure = kit.confirm("Share this answer?", read, "Approve")
        ends.append(kit.button("Approve", APPROVE, value, style="primary", confirm=sure))
        ends.append(kit.button("Change", SHARE, value))
    if found.state != PUBLISHED:
        blocks.append(kit.actions([*ends, kit.button("Don't share", LEAVE, value)]))
    return kit.message(f"Shared answer: {found.question}", blocks)


def _hints(facts: RequestFacts, found: SharedAnswer, profile: Profile) -> list[Block]:
    """What staff may want to put differently, while they still can."""
    text = f"{found.question}\n{found.answer}"
    said = [*places_in(text, map(profile.area_label, facts.areas)), *suggestions(text, profile.person_first)]
    return [kit.context(*map(escape, said))] if said else []


# -- peers

_BOTH = "You see each other's names only if you both say yes."


def suggest_form(facts: RequestFacts, found: Sequence[tuple[int, str]]) -> View:
    if not found:
        none = (
            "Nobody who follows these topics has agreed to be found, or they have all been suggested already."
        )
        return kit.notice("Suggest a peer", [kit.words(none)])
    chooser = kit.select("peer", options=[kit.option(name, str(ident)) for ident, name in found])
    hint = "Those in the request's area come first. Both are asked, and neither sees the other's name until both accept."
    box = kit.field("peer", f"Who could help with {facts.label}?", chooser, hint=hint)
    return kit.form(SUGGESTED, "Suggest a peer", [box], submit="Ask both", meta={"uid": facts.uid})


def suggested() -> View:
    line = "You get a message when they are introduced, or after 14 days if they aren't."
    return kit.notice("Asked", [kit.words(f"Both have been asked. {line}")])


def peer_asked(facts: RequestFacts, found: PeerMatch, side: str, profile: Profile) -> Message:
    """The question to one side: topics and region, nobody's name and none of the request's words."""
    topics = ", ".join(map(profile.topic_label, facts.topics))
    regions = dict.fromkeys(filter(None, map(profile.region_of, facts.areas)))
    where = f" in {', '.join(map(profile.area_label, regions))}" if regions else ""
    text = f"Staff think you could help a colleague with {topics}{where}. May we introduce you?"
    if side == "requester":
        text = f"For {facts.label}, staff know a colleague who may help with {topics}. May we introduce you?"
    if found.is_matched or not found.is_open:
        over = "You have been introduced." if found.is_matched else "This introduction has ended."
        return kit.say(text, kit.context(over))
    until = day_and_time(found.until, profile.time_zone)
    said = {
        YES: f"You said yes. If the other person says yes by {until}, we introduce you.",
        NO: "You said not now. Nobody is told that you did.",
    }
    yes = kit.button("Yes, introduce us", f"{ANSWER_PEER}:yes", f"{found.uid}:{YES}", style="primary")
    buttons = [] if found.says == YES else [yes]
    buttons += [] if found.says == NO else [kit.button("Not now", f"{ANSWER_PEER}:no", f"{found.uid}:{NO}")]
    return kit.say(text, kit.context(said.get(found.says, _BOTH)), kit.actions(buttons))


def peers_introduced(facts: RequestFacts, found: PeerMatch, side: str, profile: Profile) -> Message:
    """Each sees who the other is, as Slack names them now; whoever suggested it sees both."""
    topics = escape(", ".join(map(profile.topic_label, facts.topics)))
    requester, peer = f"<@{facts.requester.user}>", f"<@{found.peer.user}>"
    line = {
        "requester": f"Meet {peer}, who may help with {facts.label}. Send them a message.",
        "peer": f"Meet {requester}, who asked about {topics}. They know your name too.",
    }.get(side, f"{requester} and {peer} are introduced about {facts.label}. {MINUTES} minutes are logged.")
    return Message(line, (kit.section(line),))


def suggestion_ended(facts: RequestFacts, found: PeerMatch, *_: object) -> Message | Nothing:
    if found.is_matched:
        return Nothing("they are introduced")
    return kit.say(f"Nobody was introduced for {facts.label}. You can suggest somebody else.")
