"""A PostgreSQL that stands still while people work: each gets an answer in time, and all goes on when it moves again."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import event, select

from copbot.jobs import service as jobs
from copbot.jobs.tables import JobRow
from copbot.sandbox.driver.wire import NotSeen
from tests.databases import Postgres
from tests.faults.bot import BotProcess
from tests.faults.kit import ACK, FORM, House, house
from tests.faults.test_database_faults import stays_with_its_text, works_again
from tests.live import living, workspace
from tests.waiting import PATIENCE, eventually


@dataclass
class Frozen:
    """A house on a server that can be stopped in its tracks."""

    home: House
    server: Postgres


@pytest.fixture
def there(postgres: Postgres, postgres_url: str, tmp_path: Path) -> Iterator[Frozen]:
    with house(postgres_url, tmp_path) as home:
        yield Frozen(home, postgres)


def readiness(bot: BotProcess) -> tuple[int, object]:
    answer = httpx.get(f"http://127.0.0.1:{bot.port}/readyz", timeout=60)
    return answer.status_code, answer.json()


def test_frozen_the_form_stays_with_its_text_and_when_it_thaws_all_goes_on_inv1(there: Frozen) -> None:
    home = there.home
    bot = home.bot()
    person = home.fills("kim")
    with there.server.frozen():
        stays_with_its_text(home, person)
        stays_with_its_text(home, person)
        assert readiness(bot) == (503, {"database": False, "storage": True, "slack": True})
    works_again(home, person)
    assert readiness(bot) == (200, {"database": True, "storage": True, "slack": True})
    home.takes("ravi", home.requests()[0])
    home.checked()


def test_whoever_only_looks_is_told_in_time_too(there: Frozen) -> None:
    home = there.home
    home.bot()
    kim, ravi = home.fills("kim"), home.person("ravi")
    home.quiet()
    with there.server.frozen():
        for act in (lambda: ravi.types("/ta list", channel="general"), lambda: ravi.types("/ta")):
            began = time.monotonic()
            act()
            assert "did not answer in time" in ravi.told()
            assert time.monotonic() - began < ACK.ack
            assert ravi.error() == ""
        with pytest.raises(NotSeen, match="no option"):
            kim.fills(agency={"type": "Lakeside", "pick": "I am not with an agency"})
    ravi.opens_home()
    ravi.types("/ta list", channel="general").told("No open requests.")
    works_again(home, kim)


def test_all_its_threads_come_back_when_many_wait_at_once(there: Frozen) -> None:
    home = there.home
    home.bot()
    people = [home.person(handle) for handle in ("kim", "juno", "noor", "gus", "lou", "ines")]
    home.quiet()
    with there.server.frozen():
        typing = [
            threading.Thread(target=person.types, args=("/ta list", "general"), daemon=True)
            for person in people * 8
        ]
        for each in typing:
            each.start()
        for each in typing:
            each.join(30)
    for person in people:
        person.types("/ta", channel="general").modal(text="What do you need?", timeout=PATIENCE)


def test_a_notice_under_way_when_it_freezes_stands_once_inv2_inv5(there: Frozen) -> None:
    home = there.home
    bot = home.bot()
    home.ws.faults.add("chat.postMessage", "slow", seconds=0.5, times=2)
    home.fills("kim").submits()
    home.ws.waits_for_call("chat.postMessage")
    with there.server.frozen():
        eventually(lambda: home.ws.calls("chat.postMessage")[0]["status"], "Slack to have answered")
        for _ in range(2):
            assert readiness(bot)[0] == 503  # each look takes as long as writing down in vain what came of it
    home.checked()
    assert len(home.requests()) == len(home.rows("request.notice")) == 1


def test_jobs_asked_for_after_it_thawed_run_as_before(there: Frozen) -> None:
    home = there.home
    bot = home.bot()
    home.quiet()
    with there.server.frozen():
        for _ in range(2):
            assert readiness(bot)[0] == 503  # each look takes longer than the runner's own
    with home.store.writing() as session:
        jobs.enqueue(
            session,
            "store.purge",
            key="by hand",
            by="U1",
            now=datetime.fromtimestamp(home.ws.clock.now(), UTC),
        )

    def is_done() -> bool:
        with home.store.reading() as session:
            state = select(JobRow.state).where(JobRow.key == "by hand")
            return session.execute(state).scalar_one() == "done"

    eventually(is_done, "the job to be done")


def test_a_commit_without_an_answer_is_called_unsure_and_sent_again_it_is_one_request_inv1_inv3(
    postgres: Postgres, postgres_url: str
) -> None:
    with workspace(timing=ACK) as sandbox, living(postgres_url, sandbox) as live:
        kim = live.person("kim")
        kim.types("/ta", channel="general").modal(text="What do you need?", timeout=PATIENCE)
        kim.fills(FORM).fills(agency={"type": "Lakeside", "pick": "I am not with an agency"})
        kim.modal(text="Which is true?", timeout=PATIENCE).fills(not_agency="work")
        armed = [True]

        def freeze(_connection: object) -> None:
            if armed and threading.current_thread().name.startswith("listener"):
                armed.clear()
                postgres.freeze()

        event.listen(live.bot.store.engine, "commit", freeze)
        try:
            began = time.monotonic()
            result = kim.submits()
            assert time.monotonic() - began < ACK.ack
        finally:
            postgres.thaw()
        assert result.trouble == ""
        [words] = result.errors.values()
        assert "not sure whether this was saved" in words
        assert "nothing was saved" not in words
        assert FORM["need"] in str(kim.modal().values())
        again = kim.submits()
        assert again.updated
        assert "TA-1001" in kim.modal().text()
        live.room().shows("TA-1001")
        kim.types("/ta list", channel="general")
        assert "TA-1002" not in kim.told("TA-1001")
        live.checked()
