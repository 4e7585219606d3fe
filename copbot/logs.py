"""Log lines that can hold nothing private: names of events, a few known fields, and where something broke.

Our own lines may carry only the fields in `FIELDS`, with values that look like ids, codes or numbers. Lines of
libraries lose their text (Bolt writes whole requests, drivers whole statements) and keep who spoke and where.
Exceptions keep their type, their code and their frames, never their message.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TextIO

import structlog

Event = MutableMapping[str, Any]

_WHAT = ("kind", "entrance", "job", "method", "command", "state", "step", "slot", "mode", "reason")
_WHICH = (
    "id",
    "uid",
    "row",
    "message",
    "team",
    "destination",
    "room",
    "revision",
    "version",
    "url",
    "port",
    "pid",
)
_HOW = (
    "code",
    "error",
    "status",
    "signal",
    "slack",
    "database",
    "count",
    "lost",
    "attempt",
    "connections",
    "workers",
)
_WHEN = ("ms", "seconds", "again_in", "within", "due")

FIELDS = frozenset(_WHAT + _WHICH + _HOW + _WHEN)
"""What a line of ours may say beside its event. A new field is added here on purpose or not at all."""

_EVENT = re.compile(r"[a-z][a-z0-9_]{0,60}")
_ID = re.compile(r"[\w.:/@#+=-]{0,100}")
_ENTRANCE = re.compile(r"[\w.:/@#+= -]{0,100}")  # a command's is two words: "ta list"
_REASON = re.compile(r"[A-Za-z0-9 ,;'_./-]{0,80}")  # words of ours: why nothing was sent
_TOKEN = re.compile(r"xox[a-z]|xapp|://[^/]*@", re.IGNORECASE)
_ROOT = Path(__file__).resolve().parent.parent
_QUIET = (
    "slack_bolt",
    "slack_sdk",
    "sqlalchemy",
    "apscheduler",
    "alembic",
    "uvicorn",
    "websocket",
    "websockets",
)
_FRAMES = 12

WITHHELD = "withheld"


class _Line:
    """Where lines end up: one at a time, and never a reason to fail."""

    lock = threading.Lock()

    def __init__(self, out: TextIO | None, name: str = "") -> None:
        self._out = out
        self.name = name

    def msg(self, line: str) -> None:
        with self.lock, contextlib.suppress(OSError, ValueError):
            out = self._out or sys.stderr
            out.write(line + "\n")
            out.flush()

    debug = info = warning = error = critical = exception = fatal = log = msg


def set_up_logs(form: Literal["json", "text"] = "text", out: TextIO | None = None) -> None:
    """Send every line of this process, ours and the libraries', through the guard to stderr."""
    render = _as_json if form == "json" else _as_text
    structlog.configure(
        processors=[
            _name_part,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            _reduce_exception,
            guard,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *names: _Line(out, *names[:1]),
        cache_logger_on_first_use=False,
    )
    _reroute_libraries(out, render)
    _reroute_last_words()


def guard(_logger: Any, _method: str, event: Event) -> Event:
    """Drop what is not known to be harmless, and say that something was dropped."""
    own = ("at", "level", "part", *(("error", "frames") if "frames" in event else ()))
    kept = {key: event[key] for key in own if key in event}
    name = event.get("event")
    kept["event"] = name if isinstance(name, str) and _EVENT.fullmatch(name) else WITHHELD
    dropped = []
    for key, value in event.items():
        if key in kept:
            continue
        if key in FIELDS and _is_harmless(key, value):
            kept[key] = value
        else:
            dropped.append(key if _EVENT.fullmatch(key) else "?")
    if dropped:
        kept[WITHHELD] = sorted(dropped)
    return kept


def _is_harmless(key: str, value: Any) -> bool:
    if value is None or isinstance(value, bool | int | float):
        return True
    shape = {"reason": _REASON, "entrance": _ENTRANCE}.get(key, _ID)
    return isinstance(value, str) and bool(shape.fullmatch(value)) and not _TOKEN.search(value)


def _name_part(logger: Any, _method: str, event: Event) -> Event:
    if logger.name:
        event["part"] = logger.name
    return event


def _reduce_exception(_logger: Any, method: str, event: Event) -> Event:
    given = event.pop("exc_info", None) or (method == "exception")
    event.pop("frames", None)  # ours alone to give
    error = given if isinstance(given, BaseException) else given[1] if isinstance(given, tuple) else None
    if error is None and given:
        error = sys.exc_info()[1]
    if error is not None:
        event["error"] = kinds_of(error)
        event["frames"] = frames_of(error)
    return event


def kinds_of(error: BaseException) -> str:
    """The types and codes of an exception and its causes: `Busy < OperationalError(55P03)`."""
    found: list[str] = []
    at: BaseException | None = error
    while at is not None and len(found) < 5:
        code = _code_of(at)
        found.append(type(at).__name__ + (f"({code})" if code else ""))
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return " < ".join(found)


def _code_of(error: BaseException) -> str:
    orig = getattr(error, "orig", None)
    for holder, name in ((orig, "sqlstate"), (orig, "sqlite_errorname"), (error, "code"), (error, "errno")):
        code = getattr(holder, name, None)
        if isinstance(code, int) or (isinstance(code, str) and re.fullmatch(r"[\w.-]{1,60}", code)):
            return str(code)
    return ""


def frames_of(error: BaseException) -> list[str]:
    """Where it happened, outermost first: file, line and function; no source, no values."""
    walked = list(traceback.walk_tb(error.__traceback__))[-_FRAMES:]
    return [f"{_short(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}" for frame, line in walked]


def _short(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(_ROOT / "copbot"):
        return str(path.relative_to(_ROOT))
    return "/".join(path.parts[-2:])


def _as_json(_logger: Any, _method: str, event: Event) -> str:
    return json.dumps(dict(event), default=str)


def _as_text(_logger: Any, _method: str, event: Event) -> str:
    rest = dict(event)
    head = [str(rest.pop(key, "")) for key in ("at", "level", "part", "event")]
    frames = rest.pop("frames", [])
    said = [f"{key}={value}" for key, value in rest.items()]
    return " ".join(word for word in (*head, *said) if word) + "".join(f"\n    {frame}" for frame in frames)


class _Foreign(logging.Handler):
    """Lines of libraries, without their text."""

    def __init__(self, out: TextIO | None, render: Any) -> None:
        super().__init__()
        self._line = _Line(out)
        self._render = render

    def emit(self, record: logging.LogRecord) -> None:
        event: Event = {
            "at": structlog.processors.TimeStamper(fmt="iso", utc=True)(None, "", {})["timestamp"],
            "level": record.levelname.lower(),
            "part": record.name,
            "event": "library",
            "where": f"{_short(record.pathname)}:{record.lineno}",
        }
        if record.exc_info and record.exc_info[1] is not None:
            event["error"] = kinds_of(record.exc_info[1])
            event["frames"] = frames_of(record.exc_info[1])
        self._line.msg(self._render(None, "", event))


def _reroute_libraries(out: TextIO | None, render: Any) -> None:
    logging.raiseExceptions = False  # a line that fails would print itself
    root = logging.getLogger()
    root.handlers[:] = [_Foreign(out, render)]
    root.setLevel(logging.WARNING)
    known = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in _QUIET]
    for name in (*_QUIET, *known):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        if logger.level != logging.NOTSET:  # any change makes every logger find out its level anew
            logger.setLevel(logging.NOTSET)
    logging.getLogger("uvicorn.access").disabled = True
    logging.captureWarnings(True)


def _reroute_last_words() -> None:
    """An exception nobody caught is printed by Python with its message; here it is a line like any other."""
    log = structlog.get_logger("process")

    def in_main(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        log.critical("died", exc_info=error.with_traceback(trace))

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            log.error("thread_died", exc_info=args.exc_value)

    def unraisable(args: Any) -> None:
        if args.exc_value is not None:
            log.error("unraisable", exc_info=args.exc_value)

    sys.excepthook, threading.excepthook, sys.unraisablehook = in_main, in_thread, unraisable
