"""The button that opens a form again when Slack gave us too little time to open it the first time."""

from __future__ import annotations

from copbot.slack.answers import Message
from copbot.slack.blocks import actions, button, message, section, typed

ACTION = "open_again"


def offer(kind: str, ident: str, value: str, words: str) -> Message:
    """A message with the button; `words` are shown back so that nothing typed is lost.

    `kind`, `ident` and `value` are those of the press that came too late; none of them holds words.
    """
    text = "That took Slack too long, so the form did not open. Press the button to open it."
    blocks = [section(text)]
    if words:
        blocks += [section("You had typed this; you can copy it into the form:"), typed(words)]
    blocks.append(actions([button("Open the form", ACTION, f"{kind}|{ident}|{value}", style="primary")]))
    return message(text, blocks)


def target(value: str) -> tuple[str, str, str]:
    """The entrance (kind, id) that the button's value names, and the value to hand to it."""
    kind, _, rest = value.partition("|")
    ident, _, inner = rest.partition("|")
    return kind, ident, inner
