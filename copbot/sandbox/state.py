"""What the workspace knows: people, channels, messages, views. One thread owns it; every change is noted for the file."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Any

from copbot.sandbox.clock import WorkspaceClock
from copbot.sandbox.people import (
    BOT_ID,
    BOT_USER,
    CHANNELS,
    PEOPLE,
    STAFF_CHANNEL,
    InventedPerson,
    user_record,
)
from copbot.sandbox.storage import RecordFile

Json = dict[str, Any]
ID_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass
class Channel:
    """A public channel, a private one ("group") or a direct message with the app ("im")."""

    id: str
    name: str
    kind: str
    creator: str
    created: int
    members: list[str] = field(default_factory=list)
    archived: bool = False
    shared: bool = False
    left_by_archiving: bool = False
    topic: str = ""
    purpose: str = ""
    user: str = ""
    bookmarks: list[Json] = field(default_factory=list)
    pins: list[str] = field(default_factory=list)
    last: int = 0
    messages: dict[str, Json] = field(default_factory=dict)

    def record(self) -> Json:
        return {name: value for name, value in vars(self).items() if name != "messages"}


@dataclass
class View:
    """A modal or Home as one person has it in front of them; `values` is `state.values` of the payloads."""

    id: str
    user: str
    body: Json
    values: Json
    hash: str
    root: str
    previous: str = ""

    def record(self) -> Json:
        return vars(self)


class WorkspaceState:
    def __init__(self, file: RecordFile, clock: WorkspaceClock) -> None:
        self.clock = clock
        self.staff_channel = ""
        self.users: dict[str, Json] = {}
        self.channels: dict[str, Channel] = {}
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[str, str] = {}
        self.events: dict[str, Json] = {}
        self.notices: dict[str, list[Json]] = {}
        self.typed: dict[str, Json] = {}
        self.files: dict[str, Json] = {}
        self.late: dict[tuple[str, str], float] = {}
        self.reads: dict[str, Json] = {}
        self.tried: dict[str, Json] = {}
        self.touched: dict[str, int] = {}
        self.version = 1
        self._counter = 0
        self._file = file
        self._dirty: dict[tuple[str, str], Json | None] = {}
        self._wake = asyncio.Event()
        self._load()

    # -- identity and time

    def new_id(self, prefix: str) -> str:
        self._counter += 1
        rest, letters = self._counter, ""
        while rest:
            rest, digit = divmod(rest, 36)
            letters = ID_LETTERS[digit] + letters
        self._touch_meta()
        return prefix + letters.rjust(9, "0")

    def next_ts(self, channel: Channel) -> str:
        """Strictly increasing in a channel, also when the clock goes back."""
        channel.last = max(int(self.clock.now() * 1_000_000), channel.last + 1)
        self.save_channel(channel)
        return f"{channel.last // 1_000_000}.{channel.last % 1_000_000:06d}"

    def set_clock(self, offset: float) -> None:
        self.clock.offset = offset
        self._touch_meta()

    # -- looking up

    def user_named(self, word: str) -> Json | None:
        """By id or by handle."""
        return self.users.get(word) or next((u for u in self.users.values() if u["name"] == word), None)

    def channel_named(self, word: str) -> Channel | None:
        name = word.removeprefix("#")
        return self.channels.get(word) or next(
            (c for c in self.channels.values() if c.kind != "im" and c.name == name), None
        )

    def dm(self, user_id: str) -> Channel:
        """The direct message between a person and the app, made on first use."""
        for channel in self.channels.values():
            if channel.kind == "im" and channel.user == user_id:
                return channel
        channel = Channel(
            self.new_id("D"), "", "im", BOT_USER, int(self.clock.now()), [user_id, BOT_USER], user=user_id
        )
        self.channels[channel.id] = channel
        self.save_channel(channel)
        return channel

    def names(self) -> dict[str, str]:
        """Words for ids in text: people by display name, channels by name."""
        known = {user["id"]: str(user["profile"]["display_name"]) for user in self.users.values()}
        return known | {c.id: c.name for c in self.channels.values() if c.kind != "im"}

    # -- changing: each notes the record for the next flush

    def save_user(self, user: Json) -> None:
        self.users[user["id"]] = user
        self._note("user", user["id"], user)

    def save_channel(self, channel: Channel) -> None:
        self.channels[channel.id] = channel
        self._note("channel", channel.id, channel.record())

    def forget_channel(self, channel_id: str) -> None:
        self.channels.pop(channel_id, None)
        self._note("channel", channel_id, None)

    def change_id(self, channel: Channel) -> str:
        """Slack knows the channel by another id from now on; what was said in it moves along. The old id."""
        old = channel.id
        self.forget_channel(old)
        for ts in channel.messages:
            self._note("message", f"{old}:{ts}", None)
        channel.id = self.new_id("C")
        self.save_channel(channel)
        for message in channel.messages.values():
            self.save_message(channel, message)
        if self.staff_channel == old:
            self.staff_channel = channel.id
            self._touch_meta()
        return old

    def save_message(self, channel: Channel, message: Json) -> None:
        channel.messages[message["ts"]] = message
        self._note("message", f"{channel.id}:{message['ts']}", message)

    def drop_message(self, channel: Channel, ts: str) -> None:
        channel.messages.pop(ts, None)
        self._note("message", f"{channel.id}:{ts}", None)

    def save_view(self, view: View) -> None:
        self.views[view.id] = view
        self._note("view", view.id, view.record())

    def drop_view(self, view_id: str) -> None:
        self.views.pop(view_id, None)
        self._note("view", view_id, None)

    def save_stack(self, user: str, stack: list[str]) -> None:
        self.stacks[user] = stack
        self._note("stack", user, {"views": stack} if stack else None)

    def save_home(self, user: str, view_id: str) -> None:
        self.homes[user] = view_id
        self._note("home", user, {"view": view_id})

    def save_event(self, key: str, record: Json | None) -> None:
        """Events the app has not acknowledged yet; None once it has, or once Slack gives up."""
        if record is None:
            self.events.pop(key, None)
        else:
            self.events[key] = record
        self._note("event", key, record)

    def save_file(self, file: Json) -> None:
        self.files[file["id"]] = file
        self._note("file", file["id"], file)

    def save_read(self, user: str, place: str, ts: str) -> None:
        """How far a person has read: `place` is a channel, or `channel:ts` for a thread."""
        marks = self.reads.setdefault(user, {})
        if ts > str(marks.get(place, "")):
            marks[place] = ts
            self._note("read", user, marks)
            if ":" in place:
                self.touch(place.partition(":")[0])

    def save_tried(self, key: str, record: Json) -> None:
        """What somebody has done of the page's list of things to try."""
        self.tried[key] = record
        self._note("tried", key, record)

    def tell(self, user: str, notice: Json) -> None:
        """Something only this person sees: an ephemeral message, an error of a command, a warning sign."""
        kept = self.notices.setdefault(user, [])
        kept.append(notice | {"seq": self.version + 1, "at": self.clock.now()})
        self.touch(str(notice.get("channel", "")))
        del kept[:-200]
        self.changed()

    # -- the file and those who wait

    def changed(self) -> None:
        self.version += 1
        self._wake.set()
        self._wake = asyncio.Event()

    def flush(self) -> None:
        """Called before anything is answered, so that what was answered is kept."""
        if self._dirty:
            changes, self._dirty = self._dirty, {}
            self._file.write(changes)
            self.changed()

    async def wait(self, since: int, timeout: float) -> int:
        """Returns the version once it is above `since`, or after the timeout."""
        if self.version <= since:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), timeout)
        return self.version

    def close(self) -> None:
        self.flush()
        self._file.close()

    def _note(self, kind: str, key: str, record: Json | None) -> None:
        self._dirty[(kind, key)] = record
        if kind in ("message", "channel"):
            self.touch(key.split(":", maxsplit=1)[0])
        elif kind == "user":
            self.touch("users")

    def touch(self, place: str) -> None:
        """Counts changes of a channel, or of the people, so that the page asks anew only for what changed."""
        self.touched[place] = self.touched.get(place, 0) + 1

    def _touch_meta(self) -> None:
        kept = {"counter": self._counter, "clock": self.clock.offset, "staff_channel": self.staff_channel}
        self._note("meta", "meta", kept)

    def _load(self) -> None:
        for _, meta in self._file.read("meta"):
            self._counter, self.clock.offset = meta["counter"], meta["clock"]
            self.staff_channel = meta.get("staff_channel", "")
        self.users = dict(self._file.read("user"))
        self.channels = {key: Channel(**record) for key, record in self._file.read("channel")}
        for key, message in self._file.read("message"):
            self.channels[key.split(":")[0]].messages[message["ts"]] = message
        self.views = {key: View(**record) for key, record in self._file.read("view")}
        self.stacks = {key: record["views"] for key, record in self._file.read("stack")}
        self.homes = {key: record["view"] for key, record in self._file.read("home")}
        self.events = dict(self._file.read("event"))
        self.reads = dict(self._file.read("read"))
        self.files = dict(self._file.read("file"))
        self.tried = dict(self._file.read("tried"))


def seed(state: WorkspaceState, bot_name: str) -> None:
    """The invented workspace, once: a state file that knows people is left as it is."""
    if state.users:
        return
    now = state.clock.now()
    bot = user_record(BOT_USER, InventedPerson("tabot", bot_name or "app", "", flags=("is_bot",)), now)
    bot["profile"] |= {"bot_id": BOT_ID, "api_app_id": "A0TAAPP0001"}
    state.save_user(bot)
    ids = {"bot": BOT_USER}
    for person in PEOPLE:
        ids[person.handle] = state.new_id("U")
        state.save_user(user_record(ids[person.handle], person, now))
    for name, private, members in CHANNELS:
        channel = Channel(
            id=state.new_id("C"),
            name=name,
            kind="group" if private else "channel",
            creator=ids["ines"],
            created=int(now),
            members=[ids[handle] for handle in members],
        )
        state.save_channel(channel)
        if name == STAFF_CHANNEL:
            state.staff_channel = channel.id
    state.set_clock(state.clock.offset)
    state.flush()
