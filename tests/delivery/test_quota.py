"""Who may write to whom unasked: one message a day, three a week (own requests and alerts apart)."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

from copbot.app import notices

ROOMS = Path(__file__).parents[2] / "copbot"

UNASKED = {
    "community.question": "the app noticed that a question has no answer",
    "community.quiet": "the app noticed that a community is quiet",
    "community.noticed": "the app noticed what somebody else did to a channel",
    "digests.nowhere": "no channel was named yet",
    "imports.dead_link": "the app looked whether addresses lead somewhere",
    "imports.held": "a feed brought much at once; Home and the list of feeds say so too",
    "joining.welcome": "somebody joined the workspace, not the program",
    "people.hotlines_due": "a number has not been confirmed for six months",
    "resources.still_right": "a new quarter began; the list of reviews has them too",
    "resources.useful": "good to know, nothing to do",
}
"""Kinds of message that obey the quota, and what brings them up. Each is said with `unasked=True`."""

APART = {
    "one's own request, or one that the reader works on": (
        "request.receipt", "request.notice", "request.told", "request.yours", "request.added",
        "request.unreached", "request.released", "request.removed", "request.unshared", "request.late", "request.today",
        "request.due_soon", "request.unrouted", "followup.feedback", "followup.outcome", "followup.share",
        "conversation.relayed", "conversation.held", "conversation.files", "conversation.which",
        "conversation.reply", "conversation.sent", "conversation.failed",
    ),
    "an answer to what the reader has just done": (
        "community.run", "community.wish", "digests.not_in", "imports.drop",
        "imports.library_file", "resources.guide_file",
    ),
    "a decision about what the reader has asked for": (
        "peers.introduced", "peers.ended",
        "community.decided", "community.archived", "resources.decided",
    ),
    "chosen by the reader": ("digests.personal",),
    "about an edition of the digest that the reader has to approve or sees to": (
        "digests.ahead", "digests.skipped",
    ),
    "somebody has asked for something that waits for the reader": (
        "peers.asked", "alerts.card", "joining.card", "community.proposal", "community.revive", "resources.outdated",
    ),
    "in a channel, not to a person": (
        "community.welcome", "community.closing", "digests.edition", "digests.rest", "resources.shared",
        "followup.answer", "resources.waiting", "resources.gap", "request.confidential",
        "request.summary",
    ),
    "an alert that two people have read, or its correction": ("alerts.alert", "alerts.correction"),
    "an alert: the app cannot work, or who may read requests has changed": (
        "people.staff_channel", "people.staff_joined", "people.staff_unread", "people.unread",
        "people.no_lead", "people.named_lead", "community.trouble",
    ),
}  # fmt: skip
"""Kinds of message outside the quota, by the reason why."""


def said() -> Iterator[tuple[str, str, str]]:
    """Every `delivery.say` of the product: kind ("" where a caller names it), its `unasked`, and where."""
    for path in sorted(ROOMS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "delivery.say"):
                continue
            unasked = [ast.unparse(each.value) for each in node.keywords if each.arg == "unasked"]
            named = node.args[1]
            kind = "" if ast.unparse(named) == "kind" else _value(path, named)
            yield kind, "".join(unasked) or "False", f"{path.relative_to(ROOMS)}:{node.lineno}"


def _value(path: Path, named: ast.expr) -> str:
    """What a kind is, written out or as a constant that the module knows."""
    module = ".".join(path.relative_to(ROOMS.parent).with_suffix("").parts)
    return str(eval(ast.unparse(named), vars(importlib.import_module(module))))


def test_every_kind_of_message_is_decided_once() -> None:
    apart = [kind for kinds in APART.values() for kind in kinds]
    decided = [*UNASKED, *apart]
    assert sorted(decided) == sorted(set(decided))
    assert set(decided) == set(notices())


def test_what_nobody_asked_for_obeys_the_quota_and_nothing_else_does() -> None:
    found = list(said())
    assert len(found) > 15
    wrong = [
        f"{where}: {kind} is said with unasked={unasked}"
        for kind, unasked, where in found
        if kind and unasked != str(kind in UNASKED)
    ]
    assert wrong == []
    by_callers = {"resources.useful"}
    """Said by a function that several kinds go through, which is told whether it is unasked."""
    assert {kind for kind, unasked, _ in found if unasked == "True"} == set(UNASKED) - by_callers
