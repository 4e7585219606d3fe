"""What can go wrong in a way a person can act on: each error carries the sentence they will read."""

from __future__ import annotations

from collections.abc import Mapping


class CopbotError(Exception):
    """A refusal in plain words. `words` is shown to the person; it must hold nothing private of others."""

    def __init__(self, words: str) -> None:
        super().__init__(type(self).__name__)  # the words stay out of tracebacks and logs
        self.words = words


class NotAllowed(CopbotError):
    """The person may not do this."""


class NotFound(CopbotError):
    """The thing named does not exist, or is not theirs to see."""


class Conflict(CopbotError):
    """Somebody else was first, or the thing has moved on."""


class InvalidInput(CopbotError):
    """Something typed needs changing. `fields` maps a form's block id to its own sentence."""

    def __init__(self, words: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(words)
        self.fields = fields or {}

    @classmethod
    def at(cls, field: str, words: str) -> InvalidInput:
        return cls(words, {field: words})


def check_fields(found: Mapping[str, str | None]) -> None:
    """Raises `InvalidInput` when any field (block id → sentence, empty for what is right) has a sentence."""
    troubles = {name: words for name, words in found.items() if words}
    if troubles:
        raise InvalidInput(next(iter(troubles.values())), troubles)


class UnknownPerson(CopbotError):
    """Slack's user of this id has no row yet. The frame asks Slack once who they are, and runs the listener again."""

    def __init__(self, user: str) -> None:
        super().__init__("We couldn't look this person up. Please try again.")
        self.user = user


class Busy(CopbotError):
    """The database did not answer in time; nothing was saved, or `words` say that this is not sure."""


class StorageFailed(Busy):
    """The disk is full or fails; nothing was saved. `code` is the driver's own and may stand in a log."""

    def __init__(self, words: str, code: str) -> None:
        super().__init__(words)
        self.code = code


class Misconfigured(CopbotError):
    """The process cannot start as it is set up; `words` says what to change."""
