"""Slack's rate limits: a tier a method, one message a second a channel, several hundred a minute a workspace."""

from dataclasses import dataclass

from copbot.sandbox.clock import machine_seconds

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
SPECIAL_PER_MINUTE = 600
CHANNEL_BURST = 4
WORKSPACE_PER_MINUTE = 300
WORKSPACE_BURST = 60


@dataclass
class Bucket:
    """Holds `size` calls and refills by `per_second`."""

    size: float
    per_second: float
    level: float
    at: float

    def take(self, now: float) -> float:
        """0 when the call may pass, else the seconds until one may."""
        self.level = min(self.size, self.level + (now - self.at) * self.per_second)
        self.at = now
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.per_second


class Rates:
    def __init__(self, *, enforced: bool) -> None:
        self.enforced = enforced
        self._buckets: dict[str, Bucket] = {}

    def method(self, name: str, tier: int) -> float:
        minute = TIERS.get(tier, SPECIAL_PER_MINUTE)
        return self._take(f"method {name}", minute, minute / 60)

    def posting(self, place: str) -> float:
        """`place` is a channel, or a channel and the one person who sees an ephemeral reply there."""
        wait = self._take(f"channel {place}", CHANNEL_BURST, 1.0)
        return wait or self._take("workspace", WORKSPACE_BURST, WORKSPACE_PER_MINUTE / 60)

    def _take(self, name: str, size: float, per_second: float) -> float:
        if not self.enforced:
            return 0.0
        now = machine_seconds()
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._buckets[name] = Bucket(size, per_second, size, now)
        return bucket.take(now)
