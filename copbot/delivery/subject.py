"""What a message is about, as a value: rooms name it when they say something, renderers get it back."""

from __future__ import annotations


class Subject(str):
    """A kind of thing, which one, and perhaps something about it; in the store `kind:ident` or `kind:ident:detail`."""

    __slots__ = ()

    @property
    def kind(self) -> str:
        return self.split(":", 1)[0]

    @property
    def ident(self) -> str:
        """The id of the thing; empty for a subject there is only one of."""
        return [*self.split(":", 2), ""][1]

    @property
    def number(self) -> int:
        """The id of something that is known by a row's number."""
        return int(self.ident)

    @property
    def detail(self) -> str:
        return [*self.split(":", 2), "", ""][2]
