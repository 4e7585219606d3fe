"""The sandbox's two times: the workspace's, which people and tests set, and the machine's, which nobody sets."""

import time


class WorkspaceClock:
    """Workspace time drives message timestamps and dates; it keeps running after it was set."""

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset

    def now(self) -> float:
        return time.time() + self.offset

    def set(self, moment: float) -> None:
        self.offset = moment - time.time()

    def advance(self, seconds: float) -> None:
        self.offset += seconds


def machine_seconds() -> float:
    """For acks, triggers, rates and redelivery: never goes back, never jumps."""
    return time.monotonic()
