"""A workspace as a test drives it: its people, its channels, and what was sent."""

from collections.abc import Callable

from copbot.sandbox.driver.controls import Admin, ClockControl, FaultBox, Room
from copbot.sandbox.driver.person import DrivenPerson, Json
from copbot.sandbox.driver.wire import PATIENCE, DriverWire


class Workspace:
    """A running sandbox, in this process or another one."""

    def __init__(self, url: str, beside: Callable[[str, Json], Json] | None = None) -> None:
        self.wire = DriverWire(url, beside)
        self.url = self.wire.url
        self.admin, self.clock, self.faults = Admin(self.wire), ClockControl(self.wire), FaultBox(self.wire)

    def close(self) -> None:
        self.wire.close()

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def person(self, handle: str) -> "DrivenPerson":
        return DrivenPerson(self.wire, handle)

    def channel(self, name: str) -> Room:
        return Room(self.wire, name)

    def connected(self, links: int = 1, timeout: float = PATIENCE) -> int:
        """Waits until the app holds that many open connections."""
        return self.wire.until(
            "workspace",
            {},
            lambda answer: int(answer["connections"]) if answer["connections"] >= links else None,
            timeout,
            lambda answer: f"{answer['connections']} connections",
        )

    def disconnected(self, timeout: float = PATIENCE) -> None:
        self.wire.until(
            "workspace",
            {},
            lambda answer: True if answer["connections"] == 0 else None,
            timeout,
            lambda answer: f"{answer['connections']} connections",
        )

    def settled(self, timeout: float = PATIENCE) -> None:
        """Waits until no event is waiting for its ack any more."""
        self.wire.until(
            "inspect",
            {"what": "events"},
            lambda answer: True if answer["pending_events"] == 0 else None,
            timeout,
            lambda answer: f"{answer['pending_events']} events are not acknowledged",
        )

    def users(self) -> dict[str, Json]:
        """By handle."""
        return {user["name"]: user for user in self.wire.must("workspace")["users"]}

    def channels(self) -> dict[str, Json]:
        """By name, without direct messages."""
        return {c["name"]: c for c in self.wire.must("workspace")["channels"] if c["kind"] != "im"}

    def command(self, verb: str = "") -> str:
        """The app's first slash command; with `verb`, the one whose hint offers that. Programmes choose their own."""
        listed = self.wire.must("start")["commands"]
        fit = (one["name"] for one in listed if not verb or verb in one["usage_hint"].split())
        return str(next(fit, ""))

    def inside(self, channel: str, *handles: str, timeout: float = PATIENCE) -> None:
        """Waits until all of them are in that channel."""

        def missing(answer: Json) -> list[str]:
            ids = {user["name"]: user["id"] for user in answer["users"]}
            members: list[str] = next((c["members"] for c in answer["channels"] if c["name"] == channel), [])
            return [handle for handle in handles if ids[handle] not in members]

        self.wire.until(
            "workspace",
            {},
            lambda answer: None if missing(answer) else True,
            timeout,
            lambda answer: f"not in {channel}: {', '.join(missing(answer))}",
        )

    def calls(self, method: str | None = None, newest: int = 0) -> list[Json]:
        """Web API calls, all that are kept or only the `newest`: args, answer, status, ms, fault."""
        return list(self.wire.must("inspect", what="calls", method=method, newest=newest)["calls"])

    def waits_for_call(self, method: str, count: int = 1, timeout: float = PATIENCE) -> list[Json]:
        """Until the app has called it that often, answered or not."""
        return self.wire.until(
            "inspect",
            {"what": "calls", "method": method},
            lambda answer: answer["calls"] if len(answer["calls"]) >= count else None,
            timeout,
            lambda answer: f"{method} was called {len(answer['calls'])} times",
        )

    def envelopes(self, kind: str | None = None, newest: int = 0) -> list[Json]:
        """What was sent to the app, all that is kept or only the `newest`: ack body, ms to ack, its size, attempts."""
        return list(self.wire.must("inspect", what="envelopes", kind=kind, newest=newest)["envelopes"])

    def refusals(self) -> list[Json]:
        return list(self.wire.must("inspect", what="refusals")["refusals"])
