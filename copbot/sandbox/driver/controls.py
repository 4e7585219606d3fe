"""The workspace's side of the driver: channels, administration, clock and faults."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from copbot.sandbox.driver.views import SeenMessage
from copbot.sandbox.driver.wire import PATIENCE, DriverWire

Json = dict[str, Any]
SLACKS_OWN = ("channel_", "group_")


def message_of(raw: Json, channel: str, names: Mapping[str, str]) -> SeenMessage:
    return SeenMessage(raw, channel, names)


class Room:
    """A channel as it really is, whoever may see it."""

    def __init__(self, wire: DriverWire, name: str) -> None:
        self._wire = wire
        self.name = name

    def _read(self) -> Json:
        return self._wire.must("channel", channel=self.name)

    @property
    def id(self) -> str:
        return str(self._read()["channel"]["id"])

    def record(self) -> Json:
        return dict(self._read()["channel"])

    def messages(self) -> list[SeenMessage]:
        """In order of time, replies too, without Slack's own lines."""
        return _messages(self._read())

    def last(self) -> SeenMessage:
        found = self.messages()
        assert found, f"nothing has been said in {self.name}"
        return found[-1]

    def replies(self, first: SeenMessage) -> list[SeenMessage]:
        return [m for m in self.messages() if m.thread_ts == first.ts and m.ts != first.ts]

    def shows(self, text: str, count: int = 1, timeout: float = PATIENCE) -> list[SeenMessage]:
        """Waits until at least `count` messages say it."""

        def pick(answer: Json) -> list[SeenMessage] | None:
            found = [m for m in _messages(answer) if text in m.text()]
            return found if len(found) >= count else None

        def missing(answer: Json) -> str:
            return f"{self.name} does not show {text!r}; the newest: {[m.text() for m in _messages(answer)[-5:]]}"

        return self._wire.until("channel", {"channel": self.name}, pick, timeout, missing)


def _messages(answer: Json) -> list[SeenMessage]:
    kept = [raw for raw in answer["messages"] if not str(raw.get("subtype", "")).startswith(SLACKS_OWN)]
    return [message_of(raw, answer["channel"]["id"], answer["names"]) for raw in kept]


class Admin:
    def __init__(self, wire: DriverWire) -> None:
        self._wire = wire

    def _do(self, verb: str, **args: Any) -> Json:
        return self._wire.must("admin", verb=verb, args=args)

    def flags(self, person: str, **flags: bool) -> None:
        self._do("set_flags", person=person, flags=flags)

    def deactivate(self, person: str) -> None:
        self.flags(person, deleted=True)

    def reactivate(self, person: str) -> None:
        self.flags(person, deleted=False)

    def rename_person(self, person: str, display_name: str) -> None:
        self._do("rename_person", person=person, display_name=display_name)

    def add_person(self, handle: str, name: str, **more: Any) -> str:
        return str(self._do("add_person", handle=handle, name=name, **more)["user"]["id"])

    def add_people(self, count: int, prefix: str = "member", flags: tuple[str, ...] = ()) -> list[str]:
        """Their ids; no events."""
        return list(self._do("add_people", count=count, prefix=prefix, flags=list(flags))["ids"])

    def add_channel(self, name: str, *, private: bool = False, members: tuple[str, ...] = ()) -> str:
        answer = self._do("add_channel", name=name, private=private, members=list(members))
        return str(answer["channel"]["id"])

    def invite(self, person: str, channel: str) -> None:
        self._do("invite", person=person, channel=channel)

    def invite_bot(self, channel: str) -> None:
        self.invite("bot", channel)

    def remove(self, person: str, channel: str) -> None:
        self._do("remove", person=person, channel=channel)

    def archive(self, channel: str) -> None:
        self._do("archive", channel=channel)

    def unarchive(self, channel: str) -> None:
        self._do("unarchive", channel=channel)

    def rename(self, channel: str, name: str) -> None:
        self._do("rename", channel=channel, name=name)

    def delete_channel(self, channel: str) -> None:
        self._do("delete_channel", channel=channel)

    def make_public(self, channel: str, *, public: bool = True, tell: bool = True) -> None:
        self._do("make_public", channel=channel, public=public, tell=tell)

    def share(self, channel: str, *, shared: bool = True, tell: bool = True) -> None:
        self._do("share", channel=channel, shared=shared, tell=tell)

    def change_id(self, channel: str, *, tell: bool = True) -> tuple[str, str]:
        """The old id and the new one."""
        answer = self._do("change_id", channel=channel, tell=tell)
        return str(answer["old"]), str(answer["new"])

    def tell_id_changed(self, old: str, new: str) -> None:
        self._do("tell_id_changed", old=old, new=new)

    def switch(self, **values: Any) -> None:
        self._do("switch", **values)

    def uninstall(self) -> None:
        self._do("uninstall")


class ClockControl:
    """Workspace time; it runs on from what it was set to."""

    def __init__(self, wire: DriverWire) -> None:
        self._wire = wire

    def now(self) -> float:
        return float(self._wire.must("clock")["now"])

    def set(self, moment: datetime | float) -> None:
        seconds = moment.timestamp() if isinstance(moment, datetime) else moment
        self._wire.must("clock", set=seconds)

    def advance(self, by: timedelta | float) -> None:
        seconds = by.total_seconds() if isinstance(by, timedelta) else by
        self._wire.must("clock", advance=seconds)


class FaultBox:
    """What goes wrong next. `faults.KINDS` says what there is."""

    def __init__(self, wire: DriverWire) -> None:
        self._wire = wire

    def add(self, method: str = "*", kind: str = "http_500", **how: Any) -> None:
        """`times`, `match` (channel, thread, contains), `error`, `seconds`, `retry_after`, `effect`, `late`, `pid`."""
        self._wire.must("faults", fault={"method": method, "kind": kind, **how})

    def clear(self) -> None:
        self._wire.must("faults", clear=True)

    def waiting(self) -> list[Json]:
        return list(self._wire.must("faults")["waiting"])

    def socket_drop(self) -> int:
        return int(self._wire.must("socket", do="drop")["dropped"])

    def refresh(self, reason: str = "refresh_requested", seconds: float = 10.0) -> None:
        """Slack asks for a new connection; the old one works for `seconds` more."""
        self._wire.must("socket", do="refresh", reason=reason, seconds=seconds)

    def duplicate_next(self, kind: str, times: int = 1) -> None:
        """The next event, interactive or command is delivered once more."""
        self._wire.must("socket", do="duplicate", kind=kind, times=times)

    def address(self, person: str, channel: str) -> Json:
        """What a hand-made envelope cannot invent: this `user`, `channel` (id), a `trigger_id`, a `response_url`."""
        return self._wire.must("socket", do="address", person=person, channel=channel)

    def raw(self, payload: Json, *, kind: str = "interactive", **how: Any) -> Json:
        """Any hand-made envelope (interactive, slash_commands, events_api …); returns what became of it."""
        return dict(self._wire.must("socket", do="raw", type=kind, payload=payload, **how)["envelope"])
