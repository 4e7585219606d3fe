"""Every Web API method and event we use, with the bot scopes it needs and why we call it.

The manifest's scopes are the union of these; a method that is not listed cannot be called.
"""

from __future__ import annotations

METHODS: dict[str, tuple[tuple[str, ...], str]] = {
    "auth.test": ((), "learn which workspace and which bot user the token belongs to"),
    "chat.postMessage": (("chat:write",), "send notices and answers"),
    "chat.update": (("chat:write",), "keep a notice true after it was sent"),
    "chat.delete": (("chat:write",), "take back a notice that no longer holds"),
    "chat.postEphemeral": (("chat:write",), "answer so that only the person sees it"),
    "conversations.history": (
        ("channels:history", "groups:history", "im:history"),
        "after a lost answer, look whether our notice arrived before sending it again; read what is posted in the "
        "communities' channels to count posts, answers and reactions: numbers are kept, never words or names; read "
        "what people with an open request wrote to the app, when events may have missed it",
    ),
    "conversations.replies": (
        ("channels:history", "groups:history", "im:history"),
        "the same look-up inside a thread; read a requester's message again that they say is fine to pass on, a "
        "message of staff's that they want to send, and the threads of open requests, when events may have missed something",
    ),
    "conversations.open": (("im:write",), "find the direct message in which to look for a notice"),
    "conversations.join": (("channels:join",), "join a public channel that we are asked to post to"),
    "conversations.list": (
        ("channels:read", "groups:read"),
        "find the staff channel by its name; see the communities' channels, and archived ones, which hold their names",
    ),
    "conversations.info": (
        ("channels:read", "groups:read"),
        "check that the channels of staff and of leads are private, and that a digest's channel is there",
    ),
    "conversations.members": (
        ("channels:read", "groups:read"),
        "know who staff are: the staff channel's members; know who is in each community",
    ),
    "users.list": (
        ("users:read", "users:read.email"),
        "know who is a member, a guest, deactivated or a bot; know by their address who was expected",
    ),
    "users.info": (("users:read",), "the same for one person seen for the first time"),
    "conversations.create": (("channels:manage", "groups:write"), "make a community's channel"),
    "conversations.rename": (("channels:manage", "groups:write"), "give a community's channel its new name"),
    "conversations.setTopic": (("channels:manage", "groups:write"), "say above a channel what it is about"),
    "conversations.setPurpose": (("channels:manage", "groups:write"), "say in a channel what it is for"),
    "conversations.invite": (
        ("channels:manage", "groups:write"),
        "let somebody into a community that they asked to join",
    ),
    "conversations.kick": (
        ("channels:manage", "groups:write"),
        "take somebody out of a community that they asked to leave",
    ),
    "conversations.archive": (("channels:manage", "groups:write"), "archive a community its lead has closed"),
    "conversations.unarchive": (("channels:manage", "groups:write"), "bring a community back"),
    "bookmarks.list": (("bookmarks:read",), "see which bookmarks a channel has before adding one"),
    "bookmarks.add": (
        ("bookmarks:write",),
        "put asking for help above a channel",
    ),
    "bookmarks.edit": (("bookmarks:write",), "keep their titles"),
    "bookmarks.remove": (("bookmarks:write",), "remove its own that lead nowhere any more"),
    "pins.list": (("pins:read",), "see whether the welcome is pinned"),
    "pins.add": (("pins:write",), "pin the welcome of a channel"),
    "users.conversations": (("channels:read", "groups:read"), "see which channels a lead is in already"),
    "bots.info": (("users:read",), "learn the address of this app's Home, for the bookmarks"),
    "files.info": (
        ("files:read",),
        "read a spreadsheet that staff send to the app, when they ask for it to be imported; look where a file that we sent stands",
    ),
    "files.getUploadURLExternal": (
        ("files:write",),
        "send a file, such as the library as CSV, to somebody who asked for it",
    ),
    "files.completeUploadExternal": (("files:write",), "the last step of the same"),
    "views.open": ((), "open a form"),
    "views.push": ((), "open a form on top of a form"),
    "views.update": ((), "add a field to an open form"),
    "views.publish": ((), "show a person's Home"),
}

EVENTS: dict[str, tuple[tuple[str, ...], str]] = {
    "app_home_opened": ((), "show a person's Home when they open it"),
    "team_join": (("users:read", "users:read.email"), "welcome a new person, and know who was expected"),
    "user_change": (("users:read",), "notice a name, a deactivation or a new role at once"),
    "member_joined_channel": (("channels:read", "groups:read"), "notice new staff at once"),
    "member_left_channel": (("channels:read", "groups:read"), "notice staff who left at once"),
    "group_archive": (("groups:read",), "notice that the staff channel was archived"),
    "group_rename": (("groups:read",), "notice that the staff channel was renamed"),
    "group_unarchive": (("groups:read",), "notice that a private community is back"),
    "group_deleted": (("groups:read",), "notice that a private community's channel was deleted"),
    "group_left": (("groups:read",), "notice that the app was taken out of a private channel"),
    "channel_rename": (("channels:read",), "notice that a community's channel was renamed"),
    "channel_archive": (("channels:read",), "notice that a community's channel was archived"),
    "channel_unarchive": (("channels:read",), "notice that a community's channel is back"),
    "channel_deleted": (("channels:read",), "notice that a community's channel was deleted"),
    "channel_left": (("channels:read",), "notice that the app was taken out of a channel"),
    "message.channels": (
        ("channels:history",),
        "notice that one of our notices was deleted; answer whoever mentions the app, so that only they see it",
    ),
    "message.groups": (
        ("groups:history",),
        "the same in private channels; tell staff who write under a notice that only staff see it; notice that the "
        "staff channel became public",
    ),
    "message.im": (
        ("im:history",),
        "pass on to staff what a requester writes to the app, edits and deletions too; notice deleted messages",
    ),
    "channel_id_changed": (("channels:read",), "follow a channel whose id Slack changed"),
    "channel_shared": (
        ("channels:read", "groups:read"),
        "hold what is for staff when other workspaces can read the staff channel",
    ),
    "channel_unshared": (("channels:read", "groups:read"), "send it once they cannot any more"),
}

SURFACES: dict[str, tuple[str, str]] = {"commands": ("commands", "slash commands and shortcuts")}


def needed() -> dict[str, list[str]]:
    """Scope → the reasons for it, sorted by scope."""
    reasons: dict[str, list[str]] = {}
    for table in (METHODS, EVENTS):
        for name, (scopes, why) in table.items():
            for scope in scopes:
                reasons.setdefault(scope, []).append(f"`{name}`: {why}")
    for name, (scope, why) in SURFACES.items():
        reasons.setdefault(scope, []).append(f"{name}: {why}")
    return dict(sorted(reasons.items()))
