"""The composition root: the only file that knows every part. It holds no behaviour of its own."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from slack_bolt import App

from copbot.assistance import asking_listeners
from copbot.assistance import jobs as assistance_jobs
from copbot.assistance import listeners as assistance_listeners
from copbot.assistance import notices as assistance_notices
from copbot.clock import Clock, FollowedClock, SystemClock
from copbot.delivery import listeners as delivery_listeners
from copbot.delivery.render import Notices
from copbot.delivery.rules import Timing
from copbot.delivery.sender import Sender
from copbot.errands import jobs as errand_jobs
from copbot.errands.runner import Runner
from copbot.errands.schedule import tick
from copbot.errands.work import Errand
from copbot.errors import Misconfigured
from copbot.home import listeners as home_listeners
from copbot.people import jobs as people_jobs
from copbot.people import listeners as people_listeners
from copbot.people import notices as people_notices
from copbot.people import service as people
from copbot.people.words import problem_words
from copbot.program.faults import ProfileFault
from copbot.program.profile import Profile, load
from copbot.settings import Settings
from copbot.slack import bolt
from copbot.slack import manifest as manifests
from copbot.slack.entrances import Entrances, Wiring
from copbot.slack.errors import SlackError
from copbot.slack.frame import Frame, Parts
from copbot.slack.gateway import Gateway
from copbot.slack.http import SlackHttp
from copbot.slack.person import Person
from copbot.slack.replies import Replies
from copbot.slack.scopes import needed
from copbot.slack.socket import SocketMode
from copbot.store import Session, Store
from copbot.store.deployment import claim_database, secret
from copbot.store.migrate import prepare
from copbot.store.one_run import only_run
from copbot.web.server import WebServer

if TYPE_CHECKING:
    from copbot.sandbox.server import Sandbox

log = structlog.get_logger("app")

SANDBOX_STATE = Path("data/sandbox.db")
DRAIN = 9.0
"""Seconds from a signal to the end: a supervisor kills after ten."""
FIRST_LOOK = 3.0
"""Seconds that a start waits at most for the first look at the staff channel."""


def entrances() -> Entrances:
    """Every way in, from all rooms."""
    rooms = (asking_listeners, assistance_listeners, home_listeners, people_listeners, delivery_listeners)
    return Entrances(row for room in rooms for row in room.ENTRANCES)


def notices() -> Notices:
    """Every kind of message, from all rooms."""
    return {**assistance_notices.NOTICES, **people_notices.NOTICES}


def errands() -> tuple[Errand, ...]:
    """Every errand, from all rooms."""
    rooms: Sequence[Iterable[Errand]] = (people_jobs.ERRANDS, assistance_jobs.ERRANDS, errand_jobs.ERRANDS)
    return tuple(errand for room in rooms for errand in room)


@dataclass(frozen=True)
class Check:
    """One line of `doctor`."""

    name: str
    ok: bool
    words: str


class Bot:
    """The running bot: built once from settings, started, and drained."""

    def __init__(self, settings: Settings, *, timing: Timing | None = None) -> None:
        settings.need_slack()
        self.settings = settings
        self.profile = profile_of(settings)
        self.store = Store(settings.database_url.get_secret_value())
        self.gateway = gateway_of(settings)
        self.clock: Clock = FollowedClock(settings.clock_url) if settings.clock_url else SystemClock()
        self.replies = Replies(self.gateway)
        self.wiring = Wiring(settings.staff_channel, settings.admins, not settings.on_slack)
        parts = (self.gateway, notices(), self.clock, self.profile)
        self.sender = Sender(self.store, *parts, timing=timing, zone=ZoneInfo(self.profile.time_zone))
        self.runner = Runner(
            self.store, errands(), self.gateway, self.clock, self.profile, wiring=self.wiring
        )
        jobs = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self.scheduler = BackgroundScheduler(timezone="UTC", job_defaults=jobs)
        self.socket: SocketMode | None = None
        self.web: WebServer | None = None

    def start(self) -> None:
        """Listening when this returns. Raises `Misconfigured` when it cannot be."""
        say_hello(self.gateway)
        app = bolt.build(self._frame(self._claim()), self.gateway)
        self.web = self._web(app)
        self.web.start()
        self.store.on_commit(self.sender.wake)
        self.store.on_commit(self.runner.wake)
        self.sender.start()
        self.runner.start()
        people_jobs.ask_at_start(self.store, self.clock.now())
        self._schedule()
        people_jobs.wait_for_staff_channel(self.store, FIRST_LOOK)
        if self.settings.slack_app_token is not None:
            self.socket = self._socket(app, self.settings.slack_app_token.get_secret_value())
            connect(self.socket)
        log.info("started", team=self.gateway.team, mode=self.settings.mode)

    def stop(self, within: float = DRAIN) -> None:
        """Take nothing new, finish what has begun, leave; all within so many seconds."""
        until = time.monotonic() + within
        steps: list[tuple[float, Callable[[float], object]]] = [
            (3.0, self.socket.stop if self.socket else _nothing),
            (2.5, self.replies.stop),
            (1.0, self.web.stop if self.web else _nothing),
            (2.0, self.runner.stop),
            (within, self.sender.stop),
        ]
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)
        for most, step in steps:
            step(max(0.1, min(most, until - time.monotonic())))
        if isinstance(self.clock, FollowedClock):
            self.clock.close()
        self.store.close()
        log.info("stopped")

    def ready(self) -> dict[str, bool]:
        """What readiness means: the database answers, and Slack can reach us and be reached."""
        listening = self.socket.connected if self.socket is not None else self.settings.mode == "http"
        return {"database": self.store.answers(), "slack": listening and not self.sender.trouble}

    def measures(self) -> dict[str, float]:
        return {**self.sender.measures(), **self.runner.measures()}

    def _claim(self) -> bytes:
        place = "slack" if self.settings.on_slack else "sandbox"
        with self.store.writing() as session:
            claim_database(session, team=self.gateway.team, place=place, now=self.clock.now())
            return secret(session)

    def _frame(self, key: bytes) -> Frame:
        return Frame(
            Parts(
                store=self.store,
                gateway=self.gateway,
                clock=self.clock,
                profile=self.profile,
                entrances=entrances(),
                identify=self._identify,
                replies=self.replies,
                secret=key,
                wiring=self.wiring,
            )
        )

    def _identify(self, session: Session, user: str, seen: dict[str, Any] | None = None) -> Person | None:
        named, zone = self.settings.admins, self.profile.time_zone
        now = self.clock.now() if seen is not None else None
        return people.identify(session, user, seen, self.gateway.team, named=named, zone=zone, now=now)

    def _socket(self, app: App, token: str) -> SocketMode:
        return SocketMode(partial(self.gateway.socket_url, token), partial(bolt.dispatch, app))

    def _web(self, app: App) -> WebServer:
        held = self.settings.slack_signing_secret
        over_http = self.settings.mode == "http" and held is not None
        handle = (
            SlackHttp(held.get_secret_value(), partial(bolt.dispatch, app)) if over_http and held else None
        )
        host, port = self.settings.http_host, self.settings.http_port
        return WebServer(host, port, ready=self.ready, measures=self.measures, slack_events=handle)

    def _schedule(self) -> None:
        """APScheduler only looks at the clock; what is due is decided by unique rows in the database."""
        self.scheduler.add_job(partial(tick, self.store, self.runner), "interval", seconds=1, id="errands")
        self.scheduler.start()


def run(settings: Settings) -> int:
    """Start the bot and stay until a signal."""
    settings.need_slack()
    return _stay(settings)


def sandbox(settings: Settings, alone: bool) -> int:
    """Start the practice workspace, and the bot in it unless `alone`."""
    from copbot.sandbox.server import Sandbox

    workspace = Sandbox(manifest_of(settings), state_path=SANDBOX_STATE, port=settings.sandbox_port)
    workspace.start()
    try:
        if alone:
            return _serve_alone(workspace)
        inside = settings.with_environment(workspace.environment())
        return _stay(inside, lambda: _welcome(workspace))
    finally:
        workspace.stop()


def manifest(settings: Settings) -> str:
    return manifests.as_yaml(manifest_of(settings))


def manifest_of(settings: Settings) -> dict[str, Any]:
    return manifests.manifest(entrances(), profile_of(settings))


def doctor(settings: Settings) -> list[Check]:
    """Each part on its own, so that one fault does not hide another."""
    checks: list[tuple[str, Callable[[], str]]] = [
        ("profile", lambda: profile_of(settings).name),
        ("database", lambda: _checked_database(settings)),
        ("slack", lambda: _checked_slack(settings)),
        ("staff channel", lambda: _checked_staff(settings)),
    ]
    return [_check(name, look) for name, look in checks]


def profile_of(settings: Settings) -> Profile:
    """The programme's profile; its faults, with file and line, as one `Misconfigured`."""
    try:
        return load(settings.program)
    except ProfileFault as fault:
        raise Misconfigured(str(fault)) from None


def gateway_of(settings: Settings) -> Gateway:
    token = settings.slack_bot_token
    return Gateway(token.get_secret_value() if token else "", base_url=settings.slack_api_url)


def say_hello(gateway: Gateway) -> None:
    """Learn who we are and whether we may do what we do. Raises `Misconfigured` in one line."""
    try:
        gateway.hello()
    except SlackError as error:
        raise Misconfigured(
            _HELLO_WORDS.get(error.code, f"Slack did not let the bot in ({error.code}).")
        ) from None
    missing = sorted(set(needed()) - gateway.scopes) if gateway.scopes else []
    if missing:
        raise Misconfigured(
            f"The app lacks these permissions: {', '.join(missing)}. Take the manifest that `bot.py manifest` "
            "prints into the app's settings and install it to the workspace again."
        )


def connect(socket: SocketMode) -> None:
    try:
        socket.start()
    except SlackError as error:
        words = f"Slack refused SLACK_APP_TOKEN ({error.code}). It needs the scope connections:write."
        raise Misconfigured(words) from None
    except OSError:
        raise Misconfigured("The socket to Slack could not be opened. Is the network up?") from None


_REFUSED = "Slack refused SLACK_BOT_TOKEN ({}). Copy it again from OAuth & Permissions in the app's settings."
_HELLO_WORDS = {
    **{
        code: _REFUSED.format(code)
        for code in ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired")
    },
    "unreachable": "Slack cannot be reached (SLACK_API_URL). Check the network and try again.",
    "no_answer": "Slack did not answer (SLACK_API_URL). Check the network and try again.",
}


def _stay(settings: Settings, started: Callable[[], None] = lambda: None) -> int:
    """Prepare the database, start, wait for a signal, drain."""
    asked = threading.Event()

    def leave(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    url = settings.database_url.get_secret_value()
    with only_run(url):
        prepare(url, now=SystemClock().now())
        bot = Bot(settings)
        try:
            bot.start()
            started()
            asked.wait()
        finally:
            bot.stop()
    return 0


def _serve_alone(workspace: Sandbox) -> int:
    for name, value in workspace.environment().items():
        _print(f"{name}={value}")
    asked = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    signal.signal(signal.SIGINT, lambda *_: asked.set())
    asked.wait()
    return 0


def _welcome(workspace: Sandbox) -> None:
    from copbot.sandbox.story import FIRST_TRY, live_a_little

    _print(f"\nThe practice workspace is open: {workspace.url}\n")
    if live_a_little(workspace.workspace()):
        _print("Its people have just asked for help for the first time; look at #ta-staff.")
    _print(f"{FIRST_TRY}\nCtrl-C stops it; what you did stays.\n")


def _print(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def _nothing(_within: float) -> None:
    """A part that was never started needs no stopping."""


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except Misconfigured as fault:
        return Check(name, False, fault.words)


def _checked_database(settings: Settings) -> str:
    store = Store(settings.database_url.get_secret_value())
    try:
        if not store.answers():
            raise Misconfigured("The database does not answer. Check DATABASE_URL.")
        return "answers"
    finally:
        store.close()


def _checked_slack(settings: Settings) -> str:
    settings.need_slack()
    gateway = gateway_of(settings)
    say_hello(gateway)
    return f"connected to {gateway.team_name or gateway.team}"


def _checked_staff(settings: Settings) -> str:
    store = Store(settings.database_url.get_secret_value())
    try:
        with store.reading() as session:
            channel, staff = people.staff_channel(session), len(people.staff_list(session))
    finally:
        store.close()
    if channel.problem:
        raise Misconfigured(problem_words(channel.problem))
    return f"{staff} people are staff"
