"""Driving a sandbox from a test or a story: people who type, click and look, and a workspace that can go wrong."""

import base64
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from copbot.sandbox.driver.controls import message_of
from copbot.sandbox.driver.views import SeenForm, SeenHome, SeenMessage, SentView
from copbot.sandbox.driver.wire import PATIENCE, DriverWire
from copbot.sandbox.text import message_reading

Json = dict[str, Any]
T = TypeVar("T")


class DrivenPerson:
    """Somebody of the workspace at their keyboard."""

    def __init__(self, wire: DriverWire, handle: str) -> None:
        self._wire = wire
        self.handle = handle
        self._mark = 0

    @property
    def id(self) -> str:
        return str(self._look()["user"]["id"])

    # -- doing

    def types(self, text: str, channel: str = "") -> "DrivenPerson":
        """A slash command, or a message; waits for the ack."""
        self._does("types", text=text, channel=channel)
        return self

    def says(
        self, text: str, in_: str, thread: SeenMessage | None = None, blocks: list[Json] | None = None
    ) -> SeenMessage:
        root = (thread.thread_ts or thread.ts) if thread else ""
        answer = self._does("says", text=text, channel=in_, thread=root, blocks=blocks)
        return message_of(answer["message"], answer["channel"], self._look()["names"])

    def drops(self, name: str, content: bytes, in_: str = "dm", text: str = "") -> SeenMessage:
        """A file, into a conversation."""
        held = base64.b64encode(content).decode()
        answer = self._does("drops", name=name, content=held, channel=in_, text=text)
        return message_of(answer["message"], answer["channel"], self._look()["names"])

    def edits(self, message: SeenMessage, text: str) -> None:
        self._does("edits", channel=message.channel, ts=message.ts, text=text)

    def deletes(self, message: SeenMessage) -> None:
        self._does("deletes", channel=message.channel, ts=message.ts)

    def reacts(self, message: SeenMessage, name: str, *, remove: bool = False) -> None:
        self._does("reacts", channel=message.channel, ts=message.ts, name=name, remove=remove)

    def clicks(
        self, label: str, in_: str = "", text: str = "", *, confirm: bool = True, timeout: float = PATIENCE
    ) -> "DrivenPerson":
        """The newest such button this person can see; waits for it to come, then for the ack."""
        self._does("clicks", timeout, label=label, where=in_, text=text, confirm=confirm)
        return self

    def chooses(
        self,
        label: str,
        option: Any,
        in_: str = "",
        text: str = "",
        *,
        confirm: bool = True,
        timeout: float = PATIENCE,
    ) -> "DrivenPerson":
        """In a menu, radio buttons or an overflow of a message, modal or Home."""
        self._does("chooses", timeout, label=label, option=option, where=in_, text=text, confirm=confirm)
        return self

    def fills(self, fields: Mapping[str, Any] | None = None, **more: Any) -> "DrivenPerson":
        """Fields of the modal in front. `{"type": …, "pick": …}` types into an external menu and picks."""
        self._does("fills", fields={**(fields or {}), **more})
        return self

    def submits(self, view_id: str = "") -> SentView:
        answer = self._does("submits", view_id=view_id)
        return SentView(
            bool(answer["closed"]),
            bool(answer["updated"]),
            dict(answer["errors"]),
            str(answer["trouble"]),
            bool(answer.get("by_slack")),
        )

    def closes(self, *, everything: bool = False) -> None:
        """Cancel; with `everything` the X, which closes the views below too."""
        self._does("closes", everything=everything)

    def shortcut(self, name: str) -> "DrivenPerson":
        self._does("shortcut", name=name)
        return self

    def message_shortcut(self, name: str, message: SeenMessage) -> "DrivenPerson":
        self._does("message_shortcut", name=name, channel=message.channel, ts=message.ts)
        return self

    def joins(self, channel: str) -> None:
        self._does("joins", channel=channel)

    def leaves(self, channel: str) -> None:
        self._does("leaves", channel=channel)

    def opens_home(self, timeout: float = PATIENCE, *, again: bool = False) -> SeenHome:
        """Waits for a first Home; `again` waits for one published after this opening."""
        before = self._does("opens_home")["had"]

        def pick(answer: Json) -> SeenHome | None:
            home = answer["home"]
            fresh = home and (home["hash"] != before if again else True)
            return SeenHome(home, answer["names"]) if fresh else None

        return self._wait(pick, timeout, lambda _: "no Home was published")

    def opens_messages(self) -> None:
        """The app's Messages tab, which the app hears of as well."""
        self._does("opens_home", tab="messages")

    # -- looking

    def modal(self, timeout: float = PATIENCE, text: str = "") -> SeenForm:
        """The modal in front; with `text`, one that shows it."""

        def pick(answer: Json) -> SeenForm | None:
            view = answer["modal"]
            if view and text in message_reading(view, answer["names"]):
                return SeenForm(self, view, answer["names"])
            return None

        def missing(answer: Json) -> str:
            view = answer["modal"]
            front = message_reading(view, answer["names"]) if view else "none"
            return (
                f"{self.handle} has no form open that says {text!r}; in front: {front}; {_last_words(answer)}"
            )

        return self._wait(pick, timeout, missing)

    def answered(self, text: str, timeout: float = PATIENCE) -> bool:
        """Whether a form that shows `text` is in front, as soon as it is, or words or an error came instead of it."""

        def pick(answer: Json) -> bool | None:
            view = answer["modal"]
            if view and text in message_reading(view, answer["names"]):
                return True
            return False if any(notice["seq"] > self._mark for notice in answer["notices"]) else None

        return self._wait(
            pick, timeout, lambda _: f"{self.handle} has no form that says {text!r}, and no word"
        )

    def has_modal(self) -> bool:
        return self._look()["modal"] is not None

    def depth(self) -> int:
        """How many views lie on top of each other."""
        return int(self._look()["depth"])

    def home(self) -> SeenHome | None:
        answer = self._look()
        return SeenHome(answer["home"], answer["names"]) if answer["home"] else None

    def told(self, text: str = "", timeout: float = PATIENCE) -> str:
        """The newest words for this person's eyes only since their last doing, that contain `text`."""

        def pick(answer: Json) -> str | None:
            for notice in reversed(answer["notices"]):
                if notice["kind"] == "ephemeral" and notice["seq"] > self._mark:
                    words = message_reading(notice["message"], answer["names"])
                    if text in words:
                        return words
            return None

        return self._wait(
            pick, timeout, lambda answer: f"{self.handle} was not told {text!r}; {_last_words(answer)}"
        )

    def whisper(self, text: str = "", timeout: float = PATIENCE) -> SeenMessage:
        """The ephemeral message behind `told`."""

        def pick(answer: Json) -> SeenMessage | None:
            for notice in reversed(answer["notices"]):
                if notice["kind"] == "ephemeral" and notice["seq"] > self._mark:
                    message = message_of(notice["message"], notice["channel"], answer["names"])
                    if text in message.text():
                        return message
            return None

        return self._wait(
            pick, timeout, lambda answer: f"{self.handle} was not told {text!r}; {_last_words(answer)}"
        )

    def error(self) -> str:
        """What Slack itself said went wrong with the last doing, or nothing."""
        wrong = [n for n in self._look()["notices"] if n["kind"] != "ephemeral" and n["seq"] > self._mark]
        return str(wrong[-1]["text"]) if wrong else ""

    def dm(self) -> list[SeenMessage]:
        """Messages with the app."""
        return self.messages("dm")

    def messages(self, in_: str) -> list[SeenMessage]:
        answer = self._look(in_)
        return [message_of(m, m["channel"], answer["names"]) for m in answer["messages"]]

    def sees(self, text: str, in_: str = "", timeout: float = PATIENCE) -> SeenMessage:
        """Waits for a message that says it: anywhere this person looks, `dm`, or a channel."""

        def pick(answer: Json) -> SeenMessage | None:
            for raw in reversed(answer["messages"]):
                message = message_of(raw, raw["channel"], answer["names"])
                if text in message.text():
                    return message
            return None

        def missing(answer: Json) -> str:
            seen = [message_reading(raw, answer["names"]) for raw in answer["messages"][-5:]]
            return f"{self.handle} does not see {text!r} in {in_ or 'any channel'}; the newest there: {seen}"

        return self._wait(pick, timeout, missing, in_ or "*")

    def sees_home(self, text: str, timeout: float = PATIENCE) -> SeenHome:
        def pick(answer: Json) -> SeenHome | None:
            home = SeenHome(answer["home"], answer["names"]) if answer["home"] else None
            return home if home and text in home.text() else None

        return self._wait(pick, timeout, lambda _: f"{self.handle}'s Home does not show {text!r}")

    def does_not_see(self, text: str, in_: str = "") -> None:
        """Now; wait for what comes last before you ask."""
        answer = self._look(in_ or "*")
        seen = [message_reading(raw, answer["names"]) for raw in answer["messages"]]
        found = [words for words in seen if text in words]
        assert not found, f"{self.handle} sees {text!r}: {found}"

    # -- the line

    def _does(self, verb: str, timeout: float = 0.0, **args: Any) -> Json:
        body = {"person": self.handle, "verb": verb, "args": args}
        answer = self._wire.until("act", body, lambda found: found, timeout, str)
        self._mark = int(answer["before"])
        return answer

    def _look(self, where: str = "") -> Json:
        return self._wire.must("look", person=self.handle, where=where)

    def _wait(
        self,
        pick: Callable[[Json], T | None],
        timeout: float,
        missing: Callable[[Json], str],
        where: str = "",
    ) -> T:
        return self._wire.until("look", {"person": self.handle, "where": where}, pick, timeout, missing)


def _last_words(answer: Json) -> str:
    """What the person was told instead, for whoever reads a failed test."""
    words = [n.get("text") or message_reading(n["message"], answer["names"]) for n in answer["notices"][-2:]]
    return f"last told: {words}" if words else "nothing was told"
