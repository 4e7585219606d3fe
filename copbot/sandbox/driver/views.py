"""What a person or a test looks at: messages, forms, Home, and what came of sending a form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from copbot.sandbox.blocks import elements_of, walk
from copbot.sandbox.finding import BUTTONS, bare
from copbot.sandbox.text import message_pings, message_reading

Json = dict[str, Any]


def _elements(blocks: Any) -> Iterator[tuple[Json, Json]]:
    for _, block in walk(blocks):
        for _, element in elements_of(block):
            yield block, element


@dataclass(frozen=True)
class SeenMessage:
    """One message as it stands now; `raw` is Slack's own form of it."""

    raw: Json
    channel: str
    names: Mapping[str, str] = field(repr=False)

    @property
    def ts(self) -> str:
        return str(self.raw["ts"])

    @property
    def author(self) -> str:
        return self.names.get(self.raw.get("user", ""), str(self.raw.get("user", "")))

    @property
    def ephemeral(self) -> bool:
        return bool(self.raw.get("is_ephemeral"))

    @property
    def thread_ts(self) -> str:
        return str(self.raw.get("thread_ts", ""))

    @property
    def blocks(self) -> list[Json]:
        return list(self.raw.get("blocks") or [])

    def text(self) -> str:
        """As a person reads it."""
        return message_reading(self.raw, self.names)

    def says(self, *words: str) -> "SeenMessage":
        """Fails unless all of it is there to read."""
        for part in words:
            assert part in self.text(), f"{part!r} is not in: {self.text()!r}"
        return self

    def buttons(self) -> list[str]:
        return [bare(e.get("text")) for _, e in _elements(self.blocks) if e["type"] in BUTTONS]

    def pings(self) -> set[str]:
        """Everybody it notifies."""
        return message_pings(self.raw)


@dataclass(frozen=True)
class SentView:
    """`errors` by block_id, from Slack's own checks (`by_slack`) or the app's."""

    closed: bool
    updated: bool
    errors: dict[str, str]
    trouble: str
    by_slack: bool = False


class SeenHome:
    def __init__(self, view: Json, names: Mapping[str, str]) -> None:
        self.view = view
        self._names = names

    def text(self) -> str:
        shown = {
            name: part for name, part in self.view.items() if name != "title" or self.view["type"] == "modal"
        }
        return message_reading(shown, self._names)

    def buttons(self) -> list[str]:
        return [bare(e.get("text")) for _, e in _elements(self.view["blocks"]) if e["type"] in BUTTONS]


class Filler(Protocol):
    """Whoever has a form in front of them."""

    def fills(self, fields: Mapping[str, Any] | None = None, **more: Any) -> Any: ...

    def submits(self, view_id: str = "") -> "SentView": ...

    def closes(self) -> None: ...


class SeenForm(SeenHome):
    """The modal in front of a person when it was looked at."""

    def __init__(self, person: "Filler", view: Json, names: Mapping[str, str]) -> None:
        super().__init__(view, names)
        self._person = person
        self.errors: dict[str, str] = {}

    @property
    def id(self) -> str:
        return str(self.view["id"])

    @property
    def title(self) -> str:
        return str(self.view["title"]["text"])

    @property
    def metadata(self) -> str:
        return str(self.view["private_metadata"])

    def labels(self) -> list[str]:
        return [bare(block["label"]) for _, block in walk(self.view["blocks"]) if block["type"] == "input"]

    def values(self) -> dict[str, Json]:
        """What stands in the fields, by action_id."""
        found: dict[str, Json] = {}
        for held in self.view["state"]["values"].values():
            found |= held
        return found

    def options(self, name: str) -> list[str]:
        """The visible options of a field, by label, action_id or block_id."""
        for block, element in _elements(self.view["blocks"]):
            if name in (bare(block.get("label")), element.get("action_id"), block.get("block_id")):
                groups = [
                    option for group in element.get("option_groups") or [] for option in group["options"]
                ]
                return [bare(option["text"]) for option in [*(element.get("options") or []), *groups]]
        raise AssertionError(f"the form has no field {name}; there are {self.labels()}")

    def fills(self, fields: Mapping[str, Any] | None = None, **more: Any) -> "SeenForm":
        self._person.fills(fields, **more)
        return self

    def submits(self) -> SentView:
        result = self._person.submits(view_id=self.id)
        self.errors = result.errors
        return result

    def closes(self) -> None:
        self._person.closes()
