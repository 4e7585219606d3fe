"""A community that somebody proposes: who decides, who is told, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest

from copbot.communities.activity import service as activity
from copbot.communities.proposals import service as proposals_service
from copbot.communities.rules import CommunityState
from copbot.communities.tables import CommunityRow
from copbot.communities.values import Proposal
from copbot.errors import Conflict, InvalidInput, NotFound
from copbot.store import Store
from tests.communities.kit import NOON, Commons


@pytest.fixture
def commons(commons: Commons) -> Commons:
    """With somebody who reads proposals."""
    commons.staff("ada")
    return commons


def proposes(commons: Commons, name: str = "Peer Workers!", *, leads_it: bool = False) -> Proposal:
    with commons.store.writing() as session:
        return proposals_service.propose(
            session,
            name=name,
            purpose="For those who work from lived experience.",
            topics=["workforce"],
            leads_it=leads_it,
            person=commons.person("kim"),
            now=NOON,
        )


def decides(commons: Commons, uid: str, *, yes: bool) -> Proposal:
    with commons.store.writing() as session:
        return proposals_service.decide(session, uid, yes=yes, person=commons.person("ada"), now=NOON)


def recipients(commons: Commons, kind: str) -> list[str]:
    users = {each["id"]: each["name"] for each in commons.slack.world.state.users.values()}
    return sorted(users[row.destination] for row in commons.messages(kind))


@pytest.mark.parametrize(
    ("leads", "told"),
    [((), ["ada", "juno"]), (("ada",), ["ada"])],
)
def test_without_a_staff_channel_leads_read_a_proposal_and_without_leads_all_staff(
    commons: Commons, leads: tuple[str, ...], told: list[str]
) -> None:
    commons.staff("ada", "juno", leads=leads)
    proposes(commons)
    assert recipients(commons, "community.proposal") == told


def test_the_proposer_hears_of_a_yes_and_the_channel_is_asked_for(commons: Commons) -> None:
    made = proposes(commons)
    assert made.name == "peer-workers"
    decided = decides(commons, made.uid, yes=True)
    assert (decided.state, decided.decided_by) == ("made", commons.slack.user("ada"))
    assert recipients(commons, "community.decided") == ["kim"]
    [row] = commons.rows()
    assert (row.name, row.topics, row.purpose) == ("peer-workers", ["workforce"], made.purpose)
    assert len(commons.asked("communities.apply")) == 1


def test_while_nobody_would_read_it_a_proposal_is_not_taken(sqlite_store: Store) -> None:
    alone = Commons(sqlite_store)
    alone.knows("kim")
    with pytest.raises(InvalidInput) as refused:
        proposes(alone)
    assert "There is no staff yet" in refused.value.fields["name"]
    assert alone.messages("community.proposal") == []


def test_the_proposer_hears_of_a_no_and_nothing_is_made(commons: Commons) -> None:
    decided = decides(commons, proposes(commons).uid, yes=False)
    assert decided.state == "declined"
    assert recipients(commons, "community.decided") == ["kim"]
    assert commons.rows() == []
    assert commons.asked("communities.apply") == []


@pytest.mark.parametrize(("leads_it", "lead"), [(True, "kim"), (False, "")])
def test_who_proposes_leads_it_only_if_they_said_so(commons: Commons, leads_it: bool, lead: str) -> None:
    decides(commons, proposes(commons, leads_it=leads_it).uid, yes=True)
    assert commons.rows()[0].lead == (commons.slack.user(lead) if lead else "")


@pytest.mark.parametrize("second", [True, False])
def test_what_is_decided_stays_decided_inv3(commons: Commons, second: bool) -> None:
    uid = proposes(commons).uid
    decides(commons, uid, yes=True)
    with pytest.raises(Conflict):
        decides(commons, uid, yes=second)
    assert len(commons.rows()) == 1
    assert len(commons.messages("community.decided")) == 1


def test_a_name_taken_meanwhile_leaves_the_proposal_open(commons: Commons) -> None:
    uid = proposes(commons).uid
    commons.wants("peer-workers")
    with pytest.raises(Conflict):
        decides(commons, uid, yes=True)
    assert decides(commons, uid, yes=False).state == "declined"


def test_a_proposal_nobody_knows_is_not_decided(commons: Commons) -> None:
    with pytest.raises(NotFound):
        decides(commons, "nothing-of-ours", yes=True)


def test_staffs_card_says_who_decided(commons: Commons) -> None:
    commons.staff("ada", leads=["ada"])
    uid = proposes(commons).uid
    assert commons.shown("ada", 'Create channel"')
    decides(commons, uid, yes=False)
    assert commons.shown("ada", 'Create channel"') == []
    assert commons.shown("ada", f"Declined by <@{commons.slack.user('ada')}>")


def test_two_communities_never_have_the_same_id_in_the_list(commons: Commons) -> None:
    commons.wants("peers", slug="peer-workers")
    commons.wants("others", slug="peer-workers-2")
    decides(commons, proposes(commons).uid, yes=True)
    assert {row.slug for row in commons.rows()} == {"peer-workers", "peer-workers-2", "peer-workers-3"}


def test_a_name_as_long_as_slack_takes_gets_an_id_that_fits(commons: Commons) -> None:
    for letter in ("a", "b"):
        decides(commons, proposes(commons, "x" * 79 + letter).uid, yes=True)
    assert all(len(row.slug) <= proposals_service.LONGEST_SLUG for row in commons.rows())
    assert len({row.slug for row in commons.rows()}) == 2


def sent(commons: Commons, handle: str, words: str) -> list[str]:
    """The ts of each message with these words that this person has from the app."""
    commons.delivers()
    said = commons.slack.world.state.dm(commons.slack.user(handle)).messages
    return [ts for ts, each in said.items() if words in each["text"]]


def undoes(commons: Commons, uid: str) -> None:
    with commons.store.writing() as session:
        activity.undo_proposal(session, uid, person=commons.person("ada"), now=commons.clock.now())


def test_a_proposer_reads_when_the_channel_is_there_and_why_it_is_not(commons: Commons) -> None:
    uid = proposes(commons).uid
    decides(commons, uid, yes=True)
    assert commons.told("kim", "approved your community #peer-workers")
    [asked] = commons.asked("communities.apply")
    commons.slack.refuses("conversations.create", "restricted_action")
    commons.does("communities.apply", **asked)
    assert commons.told("kim", "has no channel yet")
    assert commons.shown("ada", "doesn't allow apps to do that")
    commons.does("communities.apply", **asked)
    assert commons.told("kim", "#peer-workers is ready")
    assert commons.told("kim", "has no channel yet") == []


def test_the_card_says_what_will_be_created_and_it_can_be_undone(commons: Commons) -> None:
    commons.staff("ada", leads=["ada"])
    uid = proposes(commons, leads_it=True).uid
    assert commons.shown("ada", "makes the public channel #peer-workers")
    decides(commons, uid, yes=True)
    commons.does("communities.apply", **commons.asked("communities.apply")[0])
    [ready] = sent(commons, "kim", "#peer-workers is ready")
    undoes(commons, uid)
    assert commons.does("communities.close") == {"archived": 1}
    assert commons.furniture()["peer-workers"]["archived"]
    # Slack notifies of no edit: a message of its own says so, and the one that is no longer true is gone.
    [undone] = sent(commons, "kim", "won't be a community for now")
    assert float(undone) > float(ready)
    assert sent(commons, "kim", "is ready") == []
    assert commons.shown("ada", f"Undone by <@{commons.slack.user('ada')}>")
    with pytest.raises(Conflict):
        undoes(commons, uid)


def test_undone_before_it_has_a_channel_it_gets_none_and_its_name_is_free(commons: Commons) -> None:
    uid = proposes(commons).uid
    decides(commons, uid, yes=True)
    undoes(commons, uid)
    commons.does("communities.apply", **commons.asked("communities.apply")[0])
    commons.does("communities.close")
    assert "peer-workers" not in commons.furniture()
    assert len(sent(commons, "kim", "peer-workers")) == 1
    assert proposes(commons).name == "peer-workers"


def test_a_community_in_use_is_not_undone(commons: Commons) -> None:
    uid = proposes(commons).uid
    decides(commons, uid, yes=True)
    with commons.store.writing() as session:
        session.get_one(CommunityRow, commons.rows()[0].id).last_post_at = NOON
    with pytest.raises(Conflict):
        undoes(commons, uid)
    assert commons.rows()[0].state == CommunityState.ACTIVE


def test_a_proposer_who_is_renamed_has_their_new_name_on_the_card(commons: Commons) -> None:
    commons.staff("ada", leads=["ada"])
    proposes(commons)
    assert commons.shown("ada", "Kim")
    commons.slack.world.state.users[commons.slack.user("kim")]["profile"]["display_name"] = "Robin"
    commons.knows("kim")
    commons.does("communities.renamed", person=commons.person("kim").id)
    assert commons.shown("ada", "Robin")
    assert commons.shown("ada", "Kim Alder") == []


def test_undone_while_its_channel_is_being_made_it_stays_undone(commons: Commons) -> None:
    """Slack had been asked for the channel already: it is archived, and no later look brings it back."""
    uid = proposes(commons).uid
    decides(commons, uid, yes=True)
    perform = commons.slack._perform

    def meanwhile(method: str, args: dict[str, Any]) -> dict[str, Any]:
        if method == "conversations.create":
            undoes(commons, uid)
            commons.does("communities.close")
        return perform(method, args)

    commons.slack._perform = meanwhile  # type: ignore[method-assign]
    commons.does("communities.apply", **commons.asked("communities.apply")[0])
    commons.slack._perform = perform  # type: ignore[method-assign]
    assert commons.asked("communities.close")
    commons.does("communities.close")
    commons.does("communities.reconcile")
    assert commons.rows()[0].state == CommunityState.ARCHIVED
    assert commons.furniture()["peer-workers"]["archived"]
