"""The driver's line to a sandbox, in this process or by HTTP, waiting on its change counter instead of sleeping."""

import ssl
import time
from collections.abc import Callable
from typing import Any, TypeVar

import httpx

Json = dict[str, Any]
T = TypeVar("T")
SLICE = 1.0
PATIENCE = 60.0
"""Seconds until what has not come is said never to come."""


class NotSeen(AssertionError):
    """It did not come within the time given."""


class DriverWire:
    def __init__(self, url: str, beside: Callable[[str, Json], Json] | None = None) -> None:
        """`beside` answers for a sandbox in this process; without it, `url` does."""
        self.url = url.rstrip("/")
        self._beside = beside
        limits = httpx.Limits(max_connections=600, max_keepalive_connections=50)
        # Certificates are never asked for here, and reading the system's takes as long as starting a sandbox.
        none = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._http = httpx.Client(base_url=self.url, timeout=90, limits=limits, trust_env=False, verify=none)

    def close(self) -> None:
        self._http.close()

    def ask(self, name: str, body: Json) -> Json:
        """The answer, also when there is nothing there yet (`ok` false, `wait` true). Raises when it was wrong."""
        answer: Json
        if self._beside is not None:
            answer = self._beside(name, body)
        else:
            answer = self._http.post(f"/control/{name}", json=body).json()
        if not answer["ok"] and not answer.get("wait"):
            raise ValueError(answer["error"])
        return answer

    def must(self, name: str, **body: Any) -> Json:
        """What has to be there now."""
        answer = self.ask(name, body)
        if not answer["ok"]:
            raise NotSeen(answer["error"])
        return answer

    def until(
        self,
        name: str,
        body: Json,
        pick: Callable[[Json], T | None],
        timeout: float,
        missing: Callable[[Json], str],
    ) -> T:
        """Asks again after every change until `pick` finds something or the time is over."""
        deadline = time.monotonic() + timeout
        while True:
            answer = self.ask(name, body)
            found = pick(answer) if answer["ok"] else None
            if found is not None:
                return found
            left = deadline - time.monotonic()
            if left <= 0:
                raise NotSeen(missing(answer) if answer["ok"] else answer["error"])
            self.ask("wait", {"since": answer["version"], "timeout": min(left, SLICE)})
