"""Staff's copies stand under the notice, wherever that stands now, and nowhere else."""

from __future__ import annotations

import pytest

from copbot.assistance.jobs import UPKEEP
from copbot.assistance.workflow import service
from copbot.conversations import replies
from copbot.conversations.copies import FAILED, RELAYED
from copbot.delivery import service as delivery
from copbot.people import service as people
from copbot.sandbox import posting
from copbot.sandbox.people import BOT_USER
from copbot.store import Store
from tests.assistance.given import profile
from tests.conversations.kit import Office

CANARY = "kanarienvogel"


@pytest.fixture
def office(sqlite_store: Store) -> Office:
    return Office(sqlite_store)


def everywhere(office: Office, words: str) -> list[str]:
    """The conversations in which the app says this."""
    return [
        channel.user or channel.name
        for channel in office.state.channels.values()
        for message in channel.messages.values()
        if message.get("user") == BOT_USER and words in str(message)
    ]


def test_marked_confidential_the_copies_leave_staffs_thread_for_the_leads(office: Office) -> None:
    ident = office.asks()
    office.says("kim", f"They are all {CANARY}.")
    office.hears()
    assert everywhere(office, CANARY) == ["ta-staff"]
    with office.store.writing() as session:
        service.confide(session, request_id=ident, person=office.person("kim"), now=office.clock.now())
    office.works()
    assert everywhere(office, CANARY) == [office.slack.user("tomas")]
    office.says("kim", f"More {CANARY}.")
    office.hears()
    assert set(everywhere(office, CANARY)) == {office.slack.user("tomas")}


def test_what_is_confidential_from_the_start_never_stands_in_the_staff_channel(office: Office) -> None:
    ident = office.asks(confidential=True)
    office.says("kim", f"They are all {CANARY}.")
    office.hears()
    office.does(service.hand_over, "tomas", ident, version=1, to=office.person("ravi").id)
    office.runs(UPKEEP)
    office.delivers()
    assert sorted(everywhere(office, CANARY)) == sorted(map(office.slack.user, ("ravi", "tomas")))


def test_removed_details_leave_the_copies_too(office: Office) -> None:
    ident = office.asks()
    office.says("kim", f"They are all {CANARY}.")
    office.hears()
    with office.store.writing() as session:
        service.remove_details(session, request_id=ident, person=office.person("kim"), now=office.clock.now())
    office.works()
    assert everywhere(office, CANARY) == []
    assert service.REMOVED in office.thread(ident)[0]


def test_a_request_held_for_want_of_a_channel_brings_its_conversation_along(office: Office) -> None:
    channel, office.channel = office.staff_channel, None
    ident = office.asks()
    office.says("kim", "Ten kits.")
    office.hears()
    assert office.rows(RELAYED) == []
    office.channel = channel
    office.runs("assistance.announce")
    office.runs(UPKEEP)
    office.delivers()
    assert "Ten kits." in office.thread(ident)[0]


@pytest.mark.parametrize("is_gone", [False, True], ids=["tombstone", "without a trace"])
def test_a_thread_whose_root_is_gone_gets_a_new_one_and_nothing_lies_loose(
    office: Office, *, is_gone: bool
) -> None:
    ident = office.asks()
    office.says("kim", "One.")
    office.hears()
    channel, root = office.state.channels[office.staff_channel], str(office.notice(ident).ts)
    if is_gone:
        office.state.drop_message(channel, root)
    else:
        posting.delete(office.world, channel, channel.messages[root])
        office.hears()
    office.says("kim", "Two.")
    office.hears()
    office.runs(UPKEEP)
    office.delivers()
    assert office.notice(ident).ts != root
    assert [sum(words in each for each in office.thread(ident)) for words in ("One.", "Two.")] == [1, 1]
    assert everywhere(office, "One.") == everywhere(office, "Two.") == ["ta-staff"]
    assert office.loose() == []


def test_what_slack_refuses_is_kept_its_author_told_and_it_goes_out_later(office: Office) -> None:
    ident = office.asks()
    channel = office.state.channels[office.staff_channel]
    channel.archived = True
    office.says("kim", "Ten kits.")
    office.hears()
    for _ in range(2):
        office.runs(UPKEEP)
        office.delivers()
    [told] = office.has("kim", "hasn't reached staff's channel")
    assert profile().contact.phone in told
    assert [each.text for each in office.entries()] == ["Ten kits."]
    channel.archived = False
    with office.store.writing() as session:
        delivery.channel_back(session, channel.id, now=office.clock.now())
    office.delivers()
    office.runs(UPKEEP)
    office.delivers()
    assert "Ten kits." in office.thread(ident)[0]
    assert office.has("kim", "hasn't reached") == []
    assert len(office.rows(FAILED)) == 1


@pytest.mark.parametrize("is_archived", [False, True])
def test_the_conversation_follows_to_another_staff_channel(office: Office, *, is_archived: bool) -> None:
    ident, old = office.asks(), office.state.channels[office.staff_channel]
    office.says("kim", "Ten kits.")
    office.hears()
    old.archived = is_archived
    office.says("kim", "Twelve kits.")
    office.hears()
    new = office.state.dm(office.slack.user("mei")).id
    moves_staff_to(office, new)
    left = ["ta-staff"] if is_archived else []
    assert everywhere(office, "Ten kits.") == [*left, office.slack.user("mei")]
    assert everywhere(office, "Twelve kits.") == [office.slack.user("mei")]
    roots = {each.get("thread_ts") for each in office.state.channels[new].messages.values()}
    assert roots == {office.notice(ident).ts}
    assert office.has("kim", "hasn't reached") == []


def moves_staff_to(office: Office, channel: str) -> None:
    with office.store.writing() as session:
        people.set_staff_channel(session, channel, "", now=office.clock.now())
    office.runs("assistance.announce")
    office.delivers()
    office.runs(UPKEEP)
    office.delivers()


def test_a_channel_that_others_can_read_shows_no_words_until_it_is_staffs_alone_again(
    office: Office,
) -> None:
    ident = office.asks()
    office.says("kim", f"They are all {CANARY}.")
    office.hears()
    office.becomes("public")
    office.says("kim", f"More {CANARY}.")
    office.hears()
    assert everywhere(office, CANARY) == []
    assert office.has("kim", "hasn't reached") == []
    office.becomes("")
    assert everywhere(office, CANARY) == ["ta-staff", "ta-staff"]
    assert len(office.thread(ident)) == 2


def test_an_owner_who_left_is_not_mentioned(office: Office) -> None:
    ident = office.asks()
    office.does(service.take, "ravi", ident, version=1)
    with office.store.writing() as session:
        people.set_staff(session, [office.slack.user(each) for each in ("mei", "tomas")], office.clock.now())
    office.says("kim", "Are you there?")
    office.hears()
    assert "<@" not in office.thread(ident)[0]


def test_a_shared_copy_that_cannot_hold_all_says_how_many_more_and_keeps_its_buttons(office: Office) -> None:
    ident = office.asks()
    sent = [office.says("kim", f"Word {n}.") for n in range(50)]
    for ts in sent:
        office.edits("kim", ts, "Changed.")
    office.hears()
    shared = office.thread(ident)[-1]
    assert "wrote (30 messages)" in shared
    assert "And 7 more messages, in *Conversation*." in shared
    assert "conversation.open_reply" in shared


def test_what_is_deleted_or_edited_leaves_the_replies_that_quote_it(office: Office) -> None:
    ident = office.asks()
    ts = office.says("kim", f"They are all {CANARY}.")
    office.hears()
    with office.store.writing() as session:
        who = {"person": office.person("ravi"), "now": office.clock.now(), "profile": profile()}
        replies.send(session, request_id=ident, text="Thank you.", form_key="f1", **who)
    office.later(minutes=1)
    office.delivers()
    assert office.slack.user("kim") in everywhere(office, CANARY)
    office.edits("kim", ts, "They are all finches.")
    office.hears()
    assert "finches" in office.has("kim", "Thank you.")[0]
    office.deletes("kim", ts)
    office.hears()
    assert everywhere(office, "finches") == everywhere(office, CANARY) == []


def test_whoever_is_renamed_is_renamed_in_the_conversation_too(office: Office) -> None:
    """The old name may be one they want nobody to read."""
    ident = office.asks()
    office.says("kim", "Ten kits.")
    office.hears()
    with office.store.writing() as session:
        who = {"person": office.person("ravi"), "now": office.clock.now(), "profile": profile()}
        replies.send(session, request_id=ident, text="Thank you.", form_key="f1", **who)
    office.later(minutes=1)
    office.delivers()
    for handle, name in (("kim", "Kay Newname"), ("ravi", "Rae Newname")):
        user = office.state.users[office.slack.user(handle)]
        user["profile"] |= {"display_name": name, "real_name": name}
        user["real_name"] = name
        with office.store.writing() as session:
            people.learn(session, [user], home_team=user["team_id"], now=office.clock.now())
        office.runs("assistance.renamed", {"person": office.person(handle).id})
    office.delivers()
    assert office.person("kim").name == "Kay Newname"
    assert everywhere(office, "Kim Alder") == everywhere(office, "Ravi Tallow") == []
    assert everywhere(office, "Kay Newname")
    assert "Rae Newname replied" in office.has("kim", "Thank you.")[0]


def test_a_reply_quotes_what_was_written_last_whatever_came_in_last(office: Office) -> None:
    ident = office.asks()
    office.says("kim", "Written first.")
    office.later(minutes=1)
    office.says("kim", "Written last.")
    *others, first, last = office.events()
    office.hears([*others, last, first])
    with office.store.writing() as session:
        who = {"person": office.person("ravi"), "now": office.clock.now(), "profile": profile()}
        replies.send(session, request_id=ident, text="Thank you.", form_key="f1", **who)
    office.later(minutes=1)
    office.delivers()
    assert "You wrote: Written last." in office.has("kim", "Thank you.")[0]


def test_somebody_of_another_workspace_now_can_still_take_back_what_they_wrote(office: Office) -> None:
    ident = office.asks()
    ts = office.says("kim", f"They are all {CANARY}.")
    office.hears()
    user = office.state.users[office.slack.user("kim")]
    with office.store.writing() as session:
        people.learn(session, [user], home_team="T0OTHER", now=office.clock.now())
    assert office.person("kim").refused
    office.edits("kim", ts, "An edit by nobody we know.")
    office.deletes("kim", ts)
    office.hears()
    assert office.thread(ident) == []
    assert [each.text for each in office.entries()] == [""]


def test_an_edit_that_is_heard_after_client_details_were_removed_brings_nothing_back(office: Office) -> None:
    ident = office.asks()
    ts = office.says("kim", "They are all here.")
    office.hears()
    office.edits("kim", ts, f"They are all {CANARY}.")
    late = office.events()
    with office.store.writing() as session:
        service.remove_details(
            session, request_id=ident, person=office.person("tomas"), now=office.clock.now()
        )
    office.works()
    office.hears(late)
    assert everywhere(office, CANARY) == []
    assert [each.text for each in office.entries()] == [service.REMOVED]
    office.deletes("kim", ts)
    office.hears()
    assert office.thread(ident) == []
