"""Who may write to whom unasked: one message a day, three a week (own requests and alerts apart)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOMS = Path(__file__).parents[2] / "copbot"

APART = {
    # about something the reader has asked for, or holds
    "request.receipt", "request.notice", "request.told", "request.yours", "request.added", "receipt",
    "request.unreached", "request.released", "request.removed", "resources.decided", "resources.still_right",
    "community.wish", "community.decided", "community.run", "community.archived",
    # somebody has asked for something that waits for the reader
    "joining.card", "community.proposal", "community.revive",
    # in a channel, not to a person
    "community.welcome", "community.closing", "resources.shared", "resources.waiting", "resources.gap",
    # alerts: the app, or who may read requests
    "people.staff_channel", "people.staff_joined", "people.staff_unread", "people.unread", "people.no_lead",
    "people.named_lead", "community.trouble",
}  # fmt: skip
"""Kinds of message outside the quota. Whatever else is said to a person is said with `unasked=True`."""


def said() -> Iterator[tuple[str, bool, str]]:
    """Every `delivery.say` of the product: kind (or the name it goes by), whether unasked, and where."""
    for path in sorted(ROOMS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "delivery.say"):
                continue
            unasked = any(
                each.arg == "unasked" and ast.unparse(each.value) == "True" for each in node.keywords
            )
            kind = node.args[1]
            name = kind.value if isinstance(kind, ast.Constant) else ast.unparse(kind)
            yield str(name), unasked, f"{path.relative_to(ROOMS)}:{node.lineno}"


KNOWN_BY_NAME = {
    "WELCOME",
    "EDITION",
    "REST",
    "service.PERSONAL",
    "DEAD_LINK",
    "DROP",
    "HELD",
    "NOT_IN",
    "kind",
}
"""`WELCOME`, `EDITION` and `REST` are channels'; a digest of one's own was chosen; `kind` comes from a caller that says one of the kinds above."""


def test_whatever_nobody_asked_for_obeys_the_quota() -> None:
    found = list(said())
    assert len(found) > 15
    for kind, unasked, where in found:
        assert unasked or kind in APART | KNOWN_BY_NAME, (
            f"{where}: is {kind} unasked? Then say it with unasked=True; else name it in APART, and why"
        )


def test_what_a_leads_communities_bring_up_by_themselves_is_unasked() -> None:
    kinds = {kind for kind, unasked, _ in said() if unasked}
    assert kinds >= {
        "community.question",
        "community.quiet",
        "community.noticed",
        "people.hotlines_due",
        "joining.welcome",
    }
