"""A suggestion as both people read it before and after they accept, and staff's form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from copbot.assistance.views.staff_screens import PEER
from copbot.followup.peers.rules import MINUTES, NO, YES, PeerMatch
from copbot.program.profile import Profile
from copbot.slack.answers import Message, Nothing, View
from copbot.slack.blocks import actions, button, context, field, form, message, option, section, select, words
from copbot.slack.text import day_and_time, escape

if TYPE_CHECKING:
    from copbot.assistance.views.facts import RequestFacts

OPEN, SUGGESTED, ANSWER = PEER, "followup.peer", "followup.peer_answer"
_BOTH = "You see each other’s names only if you both say yes."


def suggest_form(facts: RequestFacts, found: Sequence[tuple[int, str]]) -> View:
    if not found:
        text = (
            "Nobody who follows these topics has agreed to be found, or they have all been suggested already."
        )
        return form("notice", "Suggest a peer", [words(text)], close="Close")
    chooser = select("peer", options=[option(name, str(ident)) for ident, name in found])
    hint = "Those in the request’s area come first. Both are asked, and neither sees the other’s name until both accept."
    return form(
        SUGGESTED, "Suggest a peer", [field("peer", f"Who could help with {facts.label}?", chooser, hint=hint)],
        submit="Ask both", meta={"uid": facts.uid},
    )  # fmt: skip


def suggested() -> View:
    line = (
        "Both have been asked. You get a message when they are introduced, or after 14 days if they aren’t."
    )
    return form("notice", "Asked", [words(line)], close="Close")


def asked(facts: RequestFacts, found: PeerMatch, side: str, profile: Profile) -> Message:
    """The question to one side: topics and region, nobody's name and none of the request's words."""
    topics = ", ".join(map(profile.topic_label, facts.topics))
    regions = dict.fromkeys(filter(None, map(profile.region_of, facts.areas)))
    where = f" in {', '.join(map(profile.area_label, regions))}" if regions else ""
    text = f"Staff think you could help a colleague with {topics}{where}. May we introduce you?"
    if side == "requester":
        text = f"For {facts.label}, staff know a colleague who may help with {topics}. May we introduce you?"
    if found.is_matched or not found.is_open:
        over = "You have been introduced." if found.is_matched else "This introduction has ended."
        return message(text, [words(text), context(over)])
    until = day_and_time(found.until, profile.time_zone)
    said = {
        YES: f"You said yes. If the other person says yes by {until}, we introduce you.",
        NO: "You said not now. Nobody is told that you did.",
    }
    yes = button("Yes, introduce us", f"{ANSWER}:yes", f"{found.uid}:{YES}", style="primary")
    buttons = [] if found.says == YES else [yes]
    buttons += [] if found.says == NO else [button("Not now", f"{ANSWER}:no", f"{found.uid}:{NO}")]
    return message(text, [words(text), context(said.get(found.says, _BOTH)), actions(buttons)])


def introduced(facts: RequestFacts, found: PeerMatch, side: str, profile: Profile) -> Message:
    """Each sees who the other is, as Slack names them now; whoever suggested it sees both."""
    topics = escape(", ".join(map(profile.topic_label, facts.topics)))
    requester, peer = f"<@{facts.requester.user}>", f"<@{found.peer.user}>"
    line = {
        "requester": f"Meet {peer}, who may help with {facts.label}. Send them a message.",
        "peer": f"Meet {requester}, who asked about {topics}. They know your name too.",
    }.get(side, f"{requester} and {peer} are introduced about {facts.label}. {MINUTES} minutes are logged.")
    return Message(line, (section(line),))


def ended(facts: RequestFacts, found: PeerMatch, _side: str, _profile: Profile) -> Message | Nothing:
    if found.is_matched:
        return Nothing("they are introduced")
    text = f"Nobody was introduced for {facts.label}. You can suggest somebody else."
    return message(text, [words(text)])
