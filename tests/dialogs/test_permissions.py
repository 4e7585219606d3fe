"""Who each way in is for, written down a second time: a permission lost in a room's table is noticed here."""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from fnmatch import fnmatchcase

from copbot.app import entrances
from copbot.slack.entrances import Entrance, Who
from tests.dialogs.test_entrances import name_of
from tests.rows import for_each

ROWS = entrances().rows

MEANT: dict[Who, str] = {
    "slack": """event channel_* | event group_* | event member_* | event message_deleted | event message_changed
        event team_join | event user_change""",
    "admin": "action home.open_leads | action home.run_again | action home.staff_channel | "
    "action home.zone_right",
    "lead": """action people.all_staff | action people.open_move_all | view request.move_all | action request.load
        command digest here | command digest not | command digest status | command digest preview
        command digest send | command digest skip | action digests.status | action digests.stop_sending
        action digests.send_on | command community news | action community.open_news | view community.news
        action community.remove_news
        action alerts.correct | view alerts.corrected
        action followup.see_feedback | action followup.remove_comment""",
    "lead_or_admin": """view home.leads | action choices.* | view choices.* | action lines.* | action routing.* | view routing.*
        action about.* | view about.*
        command community channels | action community.apply | action digests.where | view digests.placed""",
    "staff": """action agencies.* | view agencies.* | action joining.* | view joining.* | command community invite
        action community.make | action community.decline | action delivery.retry
        action people.agency | action people.open_staff | view people.staff
        action people.open_away | view people.away | action people.come_back
        action request.take | action request.give_back | action request.undo
        action request.open_hand_over | view request.hand_over | action request.open_done | view request.done
        action request.open_close | view request.close | action request.open_ask | view request.ask_requester
        action request.open_triage | view request.triage | action request.open_wait | view request.wait
        action request.open_merge | view request.merge | action request.partner_answered | action request.replied
        action request.close_reason | action community.undo
        command digest alert | action alerts.write | view alerts.written | action alerts.approve
        action alerts.end | action imports.* | view imports.* | options imports.*
        action contact.* | view contact.* | options contact.*
        action conversation.open_reply | action conversation.insert | options conversation.insert
        view conversation.reply | action conversation.undo_reply | action conversation.send_this
        action conversation.answers | action conversation.edit_answer
        action conversation.delete_answer | view conversation.answer_edited
        action followup.open_answer | view followup.written | action followup.approve_answer
        action followup.leave_answer | action followup.open_peer | view followup.peer
        command resources review | action resources.open_review | view resources.review
        action resources.review_next | action resources.reviewed | action resources.publish*
        action resources.edit | view resources.edited | action resources.right | action resources.same
        action resources.retire | view resources.retired""",
    "member": """command community propose | action community.open_propose | view community.propose
        command resources add | action resources.add | message_shortcut resource_from_message
        action resources.kind | action resources.fetch | view resources.added
        command digest | command digest topics | command digest weekly | command digest monthly
        command digest pause | command digest stop | command digest start | action digests.mine
        action digests.rhythm | view digests.chosen | options digests.areas | action digests.pause
        view digests.paused | action digests.stop | action digests.start | action digests.past
        action digests.preview | view digests.preview | action digests.edit | view digests.edited
        options digests.add | action digests.skip | view digests.skipped | action digests.send
        action digests.approve | action digests.monthly | action digests.settings | view digests.scheduled""",
}
"""Everything else is open to whoever is let in at all: guests too."""
JUDGED_BY_THE_VERB = [
    "community.archive",
    "community.revive",
    "community.settled",
    "conversation.choose",
    "conversation.files_fine",
    "conversation.fine",
    "conversation.no_files",
    "followup.barrier",
    "followup.outcome",
    "followup.peer_answer",
    "followup.rated",
    "people.exclude",
    "request.add",
    "request.add_colleague",
    "request.add_details",
    "request.answer",
    "request.confide",
    "request.remove_colleague",
    "request.remove_details",
    "request.reopen",
    "request.solved",
    "request.withdraw",
]
"""Open in the table, because who may depends on whose it is: the verb decides, and is tested in its room."""
FOR_EVERYBODY = [
    "community.join",
    "community.leave",
    "community.keep",
    "digests.everything",
    "digests.item",
    "digests.only_requests",
    "file_share",
    "me_message",
    "message",
    "people.profile",
    "request.agency",
    "request.ask",
    "request.by_when",
    "request.choice",
    "request.start_over",
    "resources.gap",
    "resources.opened",
    "resources.outdated",
    "resources.save",
    "resources.send_guide",
    "resources.shared",
    "resources.useful",
    "thread_broadcast",
]


def patterns(words: str) -> list[str]:
    return [each.strip() for line in words.splitlines() for each in line.split(" | ") if each.strip()]


def meant(row: Entrance) -> Who:
    found: list[Who] = [
        who for who, words in MEANT.items() if any(fnmatchcase(name_of(row), one) for one in patterns(words))
    ]
    assert len(found) <= 1, f"{name_of(row)} is written down twice"
    return found[0] if found else "anyone"


@for_each("row", ROWS, ids=name_of)
def test_each_way_in_is_for_those_it_was_meant_for_inv7(row: Entrance) -> None:
    assert row.who == meant(row)


def test_nothing_is_written_down_that_is_not_there() -> None:
    names = [name_of(row) for row in ROWS]
    lost = defaultdict(list)
    for who, words in MEANT.items():
        for pattern in patterns(words):
            if not any(fnmatchcase(name, pattern) for name in names):
                lost[who].append(pattern)
    assert set().union(*lost.values()) <= {"action about.*", "view about.*"}


def test_what_anybody_can_change_is_their_own_or_judged_by_the_verb_inv7() -> None:
    writing = {row.id for row in ROWS if row.who == "anyone" and row.effect == "write"}
    commands = {"community join", "community leave"}
    assert writing - commands <= {*JUDGED_BY_THE_VERB, *FOR_EVERYBODY}


def test_what_saves_and_then_opens_a_form_says_that_it_saved_inv1() -> None:
    """A form alone is no effect: without the word the frame takes back what was written."""
    writing = [inspect.getsource(row.run) for row in ROWS if row.effect == "write"]
    opening = [source for source in writing if re.search(r"\b(?:Open|Push)\(", source)]
    assert opening
    assert [source for source in opening if "saved=True" not in source] == []
