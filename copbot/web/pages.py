"""Health, readiness and metrics."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from anyio import fail_after, to_thread
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

Ready = Callable[[], Mapping[str, bool]]
Measures = Callable[[], Mapping[str, float]]
Found = TypeVar("Found")
Endpoint = Callable[[Request], Awaitable[Response]]

PATIENCE = 3.0
"""Seconds a check may take before its silence is the answer."""


async def healthz(_request: Request) -> Response:
    """The process is up and can answer; nothing else is asked."""
    return PlainTextResponse("ok\n")


def readyz(ready: Ready) -> Endpoint:
    """200 while every part is ready, 503 with the parts that are not."""

    async def show(request: Request) -> Response:
        if not is_near(request):
            return _not_here()
        found = await _asked(ready)
        fine = found is not None and all(found.values())
        return JSONResponse(dict(found or {"answering": False}), 200 if fine else 503)

    return show


def metrics(measures: Measures) -> Endpoint:
    """What the parts measure, and the process itself, in Prometheus' text."""

    async def show(request: Request) -> Response:
        if not is_near(request):
            return _not_here()
        found = await _asked(measures)
        if found is None:
            return PlainTextResponse("", 503)
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        registry.register(_Measured(found))
        return Response(generate_latest(registry), media_type="text/plain; version=0.0.4; charset=utf-8")

    return show


def is_near(request: Request) -> bool:
    """Whether the peer, and everybody whom a proxy says it asks for, is this machine or a private network."""
    peer = request.client.host if request.client else ""
    return all(map(_is_near_address, [peer, *_forwarded(request)]))


def _forwarded(request: Request) -> Iterator[str]:
    """The addresses that proxies name. A header can be forged, but only to add an address: each has to be near."""
    for name in ("x-forwarded-for", "x-real-ip"):
        for value in request.headers.getlist(name):
            yield from value.split(",")
    for value in request.headers.getlist("forwarded"):
        yield from _FORWARDED_FOR.findall(value)


_FORWARDED_FOR = re.compile(r"""(?i)\bfor\s*=\s*("[^"]*"|[^;,\s]*)""")
_WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d+)?|([^:]*):\d+")


def _is_near_address(told: str) -> bool:
    """False also for what is no address, such as `unknown`: nothing shows that it is near."""
    told = told.strip().strip('"').strip()
    if (found := _WITH_PORT.fullmatch(told)) is not None:
        told = found.group(1) or found.group(2) or ""
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_loopback or address.is_private


class _Measured(Collector):
    """Numbers that their owners keep; a name's part in brackets is its label: `queued[urgent]`."""

    def __init__(self, found: Mapping[str, float]) -> None:
        self._found = found

    def collect(self) -> Iterable[Metric]:
        families: dict[str, GaugeMetricFamily] = {}
        for given, value in self._found.items():
            name, _, label = given.partition("[")
            name = re.sub(r"[^a-z0-9_]", "_", name.lower())
            labels = ["of"] if label else []
            family = families.setdefault(name, GaugeMetricFamily(f"copbot_{name}", name, labels=labels))
            family.add_metric([label.rstrip("]")] if label else [], float(value))
        return families.values()


async def _asked(ask: Callable[[], Found]) -> Found | None:
    try:
        with fail_after(PATIENCE):
            return await to_thread.run_sync(ask, abandon_on_cancel=True)
    except TimeoutError:
        return None


def _not_here() -> Response:
    return PlainTextResponse("not found\n", 404)
