"""The composition root: the only file that knows every part. It holds no behaviour of its own."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from copbot.about import listeners as about_listeners
from copbot.alerts.plugs import Alerts
from copbot.assistance import jobs as assistance_jobs
from copbot.assistance import listeners as assistance_listeners
from copbot.assistance import notices as assistance_notices
from copbot.assistance.intake import listeners as asking_listeners
from copbot.clock import Clock, FollowedClock, SystemClock
from copbot.communities import jobs as community_jobs
from copbot.communities import listeners as community_listeners
from copbot.communities import notices as community_notices
from copbot.conversations import plugs as conversations
from copbot.delivery import listeners as delivery_listeners
from copbot.delivery import service as delivery
from copbot.delivery.gate import Gate
from copbot.delivery.readers import Kinds
from copbot.delivery.render import Notices
from copbot.delivery.rules import SendTiming
from copbot.delivery.sender import Sender
from copbot.delivery.tables import MESSAGES
from copbot.digests import plugs as digests
from copbot.errors import Misconfigured
from copbot.followup import plugs as followup
from copbot.home import jobs as home_jobs
from copbot.home import listeners as home_listeners
from copbot.imports import plugs as imports
from copbot.jobs import housekeeping
from copbot.jobs.runner import Runner
from copbot.jobs.schedule import ask_for_rereads, look_again_later, tick
from copbot.jobs.tables import JOBS
from copbot.jobs.work import Job
from copbot.joining import jobs as joining_jobs
from copbot.joining import listeners as joining_listeners
from copbot.joining import notices as joining_notices
from copbot.people import jobs as people_jobs
from copbot.people import plugs as people_plugs
from copbot.people import service as people
from copbot.people.staff_channel.jobs import StaffChannelReader
from copbot.people.staff_channel.service import may_read
from copbot.program.profile import Profile, load
from copbot.program.schema.faults import ProfileFault
from copbot.program.settings import edits
from copbot.resources import plugs as resources
from copbot.screening.plug import Screening
from copbot.settings import Settings
from copbot.slack import bolt
from copbot.slack import manifest as manifests
from copbot.slack.entrances import Entrances, Wiring
from copbot.slack.errors import NeverConnected, RateLimited, SlackError, Unsure
from copbot.slack.frame import Frame, Parts
from copbot.slack.gateway import Gateway
from copbot.slack.http import SlackHttp
from copbot.slack.in_flight import InFlight
from copbot.slack.person import Person
from copbot.slack.replies import Replies
from copbot.slack.scopes import needed
from copbot.slack.socket import SocketMode
from copbot.store import Session, Store
from copbot.store.deployment import claim_database, clear_restored, restored_at, secret
from copbot.store.migrate import prepare
from copbot.store.one_run import only_run
from copbot.web.server import WebServer

log = structlog.get_logger("app")

_SWITCH = 0.0005
"""Seconds a thread may keep the interpreter: with Python's 5 ms, answers stand in line behind sending and jobs."""

DRAIN = 7.0
"""Seconds for finishing what has begun: a supervisor kills ten after its signal, and a busy machine is slow."""
FIRST_LOOK = 3.0
"""Seconds that a start waits at most for the first look at the staff channel."""


alerts = Alerts(*digests.CHOSEN)


def entrances() -> Entrances:
    """Every way in, from all rooms."""
    rooms = (
        asking_listeners, conversations, assistance_listeners, joining_listeners, community_listeners,
        home_listeners, people_plugs, resources, digests, alerts, imports, followup, about_listeners, delivery_listeners,
    )  # fmt: skip
    return Entrances(row for room in rooms for row in room.ENTRANCES)


_NOTICES = (
    assistance_notices, conversations, joining_notices, community_notices, people_plugs, resources, digests, alerts,
    imports, followup,
)  # fmt: skip


def notices() -> Notices:
    """Every kind of message, from all rooms."""
    return {kind: render for room in _NOTICES for kind, render in room.NOTICES.items()}


def readers() -> Kinds:
    """Whom each kind of message is for, from all rooms."""
    return {kind: whom for room in _NOTICES for kind, whom in room.READERS.items()}


def all_jobs() -> tuple[Job, ...]:
    """Every job, from all rooms."""
    rooms = (
        people_plugs, assistance_jobs, conversations, joining_jobs, community_jobs, resources, digests, alerts, imports,
        followup, housekeeping,
    )  # fmt: skip
    return tuple(job for room in rooms for job in room.JOBS)


class Bot:
    """The running bot: built once from settings, started, and drained."""

    def __init__(self, settings: Settings, *, timing: SendTiming | None = None) -> None:
        settings.need_slack()
        self.settings = settings
        self.profile = profile_of(settings)
        self.store = Store(settings.database_url.get_secret_value())
        self.gateway = gateway_of(settings)
        self.clock: Clock = FollowedClock(settings.clock_url) if settings.clock_url else SystemClock()
        self.calm = InFlight()
        self.replies = Replies(self.gateway, calm=self.calm)
        self.wiring = Wiring(
            settings.staff_channel,
            settings.admins,
            is_sandbox=not settings.on_slack,
            fetch_allow=settings.fetch_allow,
        )
        known = (self.store, self.gateway, self.clock, self.profile)
        self.staff_channel = StaffChannelReader(*known, self.wiring)
        may = partial(may_read, admins=settings.admins)
        gate = Gate(readers(), may, self.staff_channel.read_first, conversations.closed_to)
        parts = (self.gateway, notices(), self.clock, self.profile)
        self.sender = Sender(self.store, *parts, timing=timing, calm=self.calm, gate=gate)
        doing = (all_jobs(), self.gateway, self.clock, self.profile)
        self.runner = Runner(self.store, *doing, wiring=self.wiring)
        self.homes = home_jobs.Refresher(*known, self._identify, wiring=self.wiring)
        self.replies.on_publish(self.homes.published)
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
        self.store.on_commit(self.sender.wake, about=MESSAGES)
        self.store.on_commit(self.runner.wake, about=JOBS)
        self.store.on_change(self.homes.heard)
        self.sender.start()
        self.runner.start()
        self.homes.start()
        self._reread()
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
            (1.0, self.homes.stop),
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
        """What readiness means: the database answers and saves, and Slack can reach us and be reached."""
        listening = self.socket.connected if self.socket is not None else self.settings.mode == "http"
        database = {"database": self.store.answers(), "storage": self.store.saves()}
        return {**database, "slack": listening and not self.sender.trouble}

    def measures(self) -> dict[str, float]:
        return {**self.store.measures(), **self.sender.measures(), **self.runner.measures()}

    def _claim(self) -> bytes:
        place = "slack" if self.settings.on_slack else "sandbox"
        with self.store.writing() as session:
            claim_database(session, team=self.gateway.team, place=place, now=self.clock.now())
            edits.seed(session, self.profile, self.clock.now())
            if restored_at(session) is not None:
                delivery.restored(session, now=self.clock.now())
                clear_restored(session)
            return secret(session)

    def _frame(self, key: bytes) -> Frame:
        parts = (self.store, self.gateway, self.clock, self.profile, entrances(), self._identify)
        return Frame(Parts(*parts, self.replies, key, self.wiring, Screening(resources.is_known_contact)))

    def _identify(self, session: Session, user: str, seen: dict[str, Any] | None = None) -> Person | None:
        named, zone = self.settings.admins, self.profile.time_zone
        now = self.clock.now() if seen is not None else None
        return people.identify(session, user, seen, self.gateway.team, named=named, zone=zone, now=now)

    def _socket(self, app: bolt.SlackApp, token: str) -> SocketMode:
        url, dispatch = partial(self.gateway.socket_url, token), partial(bolt.dispatch, app)
        socket = SocketMode(url, dispatch, calm=self.calm)
        socket.on_gap = self._reread
        return socket

    def _web(self, app: bolt.SlackApp) -> WebServer:
        held = self.settings.slack_signing_secret
        dispatch = partial(bolt.dispatch, app)
        over_http = self.settings.mode == "http"
        handle = SlackHttp(held.get_secret_value(), dispatch, calm=self.calm) if over_http and held else None
        host, port = self.settings.http_host, self.settings.http_port
        return WebServer(host, port, ready=self.ready, measures=self.measures, slack_events=handle)

    def _reread(self) -> None:
        """What Slack told nobody while we were away is read again."""
        ask_for_rereads(self.store, self.runner.jobs, self.clock.now())

    def _schedule(self) -> None:
        """APScheduler only looks at the clock; what is due is decided by unique rows in the database."""
        look = partial(self.scheduler.add_job, look_again_later, "interval")
        look([partial(tick, self.store, self.runner)], seconds=1, id="jobs")
        look([self.staff_channel.ask_while_unfit], seconds=10, id="staff_channel")
        self.scheduler.start()


def manifest(settings: Settings) -> str:
    return manifests.as_yaml(manifest_of(settings))


def manifest_of(settings: Settings) -> dict[str, Any]:
    return manifests.manifest(entrances(), profile_of(settings))


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
        words = f"Slack did not let the bot in ({error.code})."
        raise Misconfigured(_passing(error) or _HELLO_WORDS.get(error.code, words)) from None
    missing = sorted(set(needed()) - gateway.scopes) if gateway.scopes else []
    if missing:
        raise Misconfigured(
            f"The app lacks these permissions: {', '.join(missing)}. Take the manifest that `bot.py manifest` "
            "prints into the app's settings and install it to the workspace again."
        )


def connect(socket: SocketMode) -> None:
    try:
        socket.start()
    except (NeverConnected, Unsure) as error:
        raise Misconfigured(_passing(error) or _HELLO_WORDS.get(error.code, _NO_SOCKET)) from None
    except SlackError as error:
        words = f"Slack refused SLACK_APP_TOKEN ({error.code}). It needs the scope connections:write."
        raise Misconfigured(_passing(error) or words) from None
    except OSError:
        raise Misconfigured(_NO_SOCKET) from None


def _passing(error: SlackError) -> str:
    """The sentence for what is Slack's own trouble and no fault of a setting; empty for anything else."""
    if isinstance(error, RateLimited):
        return f"Slack asks for a pause. Start again in {error.retry_after:.0f} seconds."
    broken = error.code.startswith("http_5") or error.code in ("internal_error", "fatal_error")
    return f"Slack is having trouble ({error.code}). Try again in a few minutes." if broken else ""


_NO_SOCKET = "The socket to Slack could not be opened. Is the network up?"
_REFUSED = "Slack refused SLACK_BOT_TOKEN ({}). Copy it again from OAuth & Permissions in the app's settings."
_HELLO_WORDS = {
    **{
        code: _REFUSED.format(code)
        for code in ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired")
    },
    "unreachable": "Slack cannot be reached (SLACK_API_URL). Check the network and try again.",
    "no_answer": "Slack did not answer (SLACK_API_URL). Check the network and try again.",
    "http_200": "What answers at SLACK_API_URL is not Slack. Check the address, and whether a proxy stands between.",
    "http_404": "What answers at SLACK_API_URL is not Slack. It ends with /api/; check the address.",
}


def stay(settings: Settings, started: Callable[[ShutdownSignal], None] = lambda _asked: None) -> int:
    """Prepare the database, start, wait for a signal, drain. `started` runs beside it once all is up."""
    asked = asked_to_leave()
    sys.setswitchinterval(_SWITCH)
    url = settings.database_url.get_secret_value()
    with only_run(url):
        prepare(url, now=SystemClock().now())
        bot = Bot(settings)
        try:
            with _left_at_once(asked):
                bot.start()
            # What stands now stays: a full collection would walk through all of it, 0.1 s in which nobody is answered.
            gc.collect()
            gc.freeze()
            threading.Thread(target=started, args=(asked,), name="started", daemon=True).start()
            asked.wait()
        finally:
            bot.stop()
    return 0


_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class ShutdownSignal:
    """Whether somebody wants us to leave.

    Not an `Event`: set in a signal's handler it can lock its thread against itself, and a signal that comes just
    before a wait begins would not end it. The system writes each signal into the pipe at once.
    """

    def __init__(self) -> None:
        self.is_set = False
        self._heard, told = os.pipe()
        os.set_blocking(told, False)
        signal.set_wakeup_fd(told, warn_on_full_buffer=False)

    def wait(self) -> None:
        while not self.is_set:
            os.read(self._heard, 1)


def asked_to_leave() -> ShutdownSignal:
    """Set by Ctrl-C and SIGTERM from now on."""
    asked = ShutdownSignal()

    def leave(_number: int, _frame: FrameType | None) -> None:
        asked.is_set = True

    for each in _SIGNALS:
        signal.signal(each, leave)
    return asked


@contextmanager
def _left_at_once(asked: ShutdownSignal) -> Iterator[None]:
    """In this block a signal ends the wait for Slack's answer as well: nobody has been let in yet."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        asked.is_set = True
        raise SystemExit(0)

    before = {each: signal.signal(each, leave) for each in _SIGNALS}
    try:
        if asked.is_set:
            raise SystemExit(0)
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _nothing(_within: float) -> None:
    """A part that was never started needs no stopping."""
