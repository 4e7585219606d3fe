"""What the tests of delivery share: a programme time, renderers with fixed words, quick timings, waiting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from copbot.clock import FixedClock
from copbot.delivery import service
from copbot.delivery.render import Look
from copbot.delivery.rules import SendTiming
from copbot.delivery.sender import Sender
from copbot.delivery.tables import MessageRow
from copbot.sandbox.driver.views import SeenMessage as Seen
from copbot.sandbox.driver.workspace import Workspace
from copbot.slack.answers import Message, Nothing
from copbot.slack.gateway import Gateway
from copbot.store import Session, Store
from tests.days import NOON
from tests.waiting import eventually

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Copbot"},
    "features": {
        "bot_user": {"display_name": "copbot"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "chat:write",
                "channels:history",
                "groups:history",
                "im:history",
                "mpim:history",
                "im:write",
                "mpim:write",
                "channels:join",
                "channels:read",
                "groups:read",
            ]
        }
    },
    "settings": {"socket_mode_enabled": True, "interactivity": {"is_enabled": True}},
}

QUICK = SendTiming(
    look_after=0.05,
    lease=20.0,
    http_timeout=2.0,
    tick=0.05,
    recheck_after=0.05,
    per_destination=0.0,
    backoff=0.01,
    between_pages=0.0,
)
"""Every wait of the sender's shortened; nothing else about it changed."""


class Words:
    """A room's renderer whose words a test sets: subject → text, `Nothing`, or an error to raise."""

    def __init__(self) -> None:
        self.of: dict[str, str | Nothing | Exception] = {}
        self.looks: list[Look] = []
        self.during: Callable[[str], object] = lambda subject: None

    def __call__(self, session: Session, subject: str, look: Look) -> Message | Nothing:
        self.looks.append(look)
        words = self.of.get(subject, f"about {subject}")
        self.during(subject)  # what happens after the words were read and before Slack has them
        if isinstance(words, Exception):
            raise words
        return words if isinstance(words, Nothing) else Message(words, (section(words),))


def section(words: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "plain_text", "text": words}}


class House:
    """A database, a workspace and a sender that works only when told to: `work()`."""

    urgent = False
    """What is said, unless it says so itself."""

    def __init__(
        self, store: Store, workspace: Workspace, gateway: Gateway, timing: SendTiming = QUICK
    ) -> None:
        self.store = store
        self.ws = workspace
        self.gateway = gateway
        self.timing = timing
        self.clock = FixedClock(NOON)
        self.words = Words()
        self.sender = self.another()

    def another(self, store: Store | None = None, **more: Any) -> Sender:
        """One more sender, on the same rows."""
        options = {"timing": self.timing, **more}
        gateway = options.pop("gateway", self.gateway)
        profile = options.pop("profile", None)
        return Sender(store or self.store, gateway, {"note": self.words}, self.clock, profile, **options)

    def say(self, subject: str, *, to: str = "ta-staff", kind: str = "note", **more: Any) -> int:
        target = self.place(to)
        with self.store.writing() as session:
            key = more.pop("key", f"{subject}@{to}")
            more.setdefault("urgent", self.urgent)
            return service.say(session, kind, subject, to=target, key=key, now=self.clock.now(), **more)

    def place(self, name: str) -> str:
        """The id of a channel or a person by name."""
        users = self.ws.users()
        if name in users:
            return str(users[name]["id"])
        channels = self.ws.channels()
        return str(channels[name]["id"]) if name in channels else name

    def refresh(self, subject: str, **more: Any) -> int:
        with self.store.writing() as session:
            return service.refresh(session, subject, now=self.clock.now(), **more)

    def unsay(self, subject: str) -> int:
        with self.store.writing() as session:
            return service.unsay(session, subject)

    def tells_of_deletion(self, message: Seen) -> None:
        """Slack's event about a message that somebody deleted."""
        with self.store.writing() as session:
            service.vanished(session, message.channel, message.ts, self.clock.now())

    def row(self, ident: int) -> MessageRow:
        with self.store.reading() as session:
            row = session.get(MessageRow, ident)
            assert row is not None
            return row

    def work(self, *, within: float = 15.0) -> None:
        """Let the sender do all there is to do, look-ups and second looks included."""
        eventually(lambda: not self.sender.turn() and self._at_rest(), within=within)

    def step(self) -> None:
        """One turn, for which there must be something to do."""
        assert eventually(self.sender.turn)

    def _at_rest(self) -> bool:
        with self.store.reading() as session:
            rows = session.query(MessageRow).all()
            now = self.clock.now()
            busy = [r for r in rows if r.state in ("due", "sending", "unsure") and r.due_at <= now]
            return not busy and not [r for r in rows if r.look_at is not None]

    def seen(self, channel: str = "ta-staff") -> list[str]:
        """The texts that stand in a channel, in order."""
        return [message.text() for message in self.messages(channel)]

    def messages(self, channel: str = "ta-staff") -> list[Seen]:
        return self.ws.channel(channel).messages()

    def dm(self, person: str) -> list[str]:
        return [message.text() for message in self.ws.person(person).dm()]

    def calls(self, method: str) -> int:
        return len(self.ws.calls(method))
