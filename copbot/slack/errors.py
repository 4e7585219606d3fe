"""What can come back from a call to Slack, sorted by what the caller may do next.

The message of each holds the method and Slack's error code, never an argument of the call.
"""

from __future__ import annotations


class SlackError(Exception):
    """Slack, or the way to it, did not do what was asked. `code` is Slack's word, or ours for the network."""

    def __init__(self, code: str, method: str = "") -> None:
        super().__init__(f"{method}: {code}" if method else code)
        self.code = code
        self.method = method


class RateLimited(SlackError):
    """Nothing happened; this method may be called again after `retry_after` seconds."""

    def __init__(self, retry_after: float, method: str = "", code: str = "ratelimited") -> None:
        super().__init__(code, method)
        self.retry_after = retry_after


class NeverConnected(SlackError):
    """The request never left, so repeating it at once is safe."""


class Unsure(SlackError):
    """Timeout, reset, 5xx and Slack's own internal errors: the effect may or may not have happened."""


class Refused(SlackError):
    """Slack said no. `needed` names the scope when `code` is `missing_scope`."""

    def __init__(self, code: str, method: str = "", needed: str = "") -> None:
        super().__init__(code, method)
        self.needed = needed
