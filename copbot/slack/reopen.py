"""The button that opens a form again when Slack gave us too little time to open it the first time."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from copbot.slack.answers import Block, Message
from copbot.slack.blocks import actions, button, message, section, typed
from copbot.store import new_uid

ACTION = "open_again"


LATE = "That took Slack too long, so the form did not open. Press the button to open it."
MAYBE = "Slack had trouble, so the form may not have opened. If you do not see it, press the button."


MOST_KEPT = 300


class LateForms:
    """The words of forms that opened too late, for the button that opens them again.

    In this process' memory only: a button's value must not hold what somebody typed. Where they are gone (a restart,
    another process) the form opens without them, and they can be copied from the message.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._words: OrderedDict[str, str] = OrderedDict()

    def keep(self, words: str) -> str:
        """The key to find them by; empty for no words."""
        if not words:
            return ""
        key = new_uid()
        with self._lock:
            self._words[key] = words
            while len(self._words) > MOST_KEPT:
                self._words.popitem(last=False)
        return key

    def words(self, key: str) -> str:
        """The words; empty when they are no longer known. They stay: the button may be pressed again."""
        with self._lock:
            return self._words.get(key, "")


def offer(kind: str, ident: str, value: str, words: str, *, why: str = LATE) -> Message:
    """A message with the button; `words` are shown back so that nothing typed is lost.

    `kind`, `ident` and `value` are those of the press that came too late; none of them holds words.
    """
    again = actions([button("Open the form", ACTION, f"{kind}|{ident}|{value}", style="primary")])
    return message(why, [section(why), *_typed(words), again])


def cannot(code: str, words: str) -> Message:
    """Slack refuses the form itself: pressing again would not help. `code` is Slack's."""
    text = f"Slack would not open this form ({code}). Nothing was saved. Please tell an administrator."
    return message(text, [section(text), *_typed(words)])


def _typed(words: str) -> list[Block]:
    return [section("You typed this. You can copy it into the form:"), typed(words)] if words else []


def target(value: str) -> tuple[str, str, str]:
    """The entrance (kind, id) that the button's value names, and the value to hand to it."""
    kind, _, rest = value.partition("|")
    ident, _, inner = rest.partition("|")
    return kind, ident, inner
