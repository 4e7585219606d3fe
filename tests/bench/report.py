"""The page that a run writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.bench.acks import Rounds, burst_table, over_budget, paced_table
from tests.bench.lists import BUDGET_MS, OPEN, Listed, lists_table
from tests.bench.lists import over_budget as lists_over_budget
from tests.bench.notices import notices_table
from tests.bench.screen import Screened, screen_table
from tests.bench.sending import Outcome, sending_table
from tests.bench.standing import BUDGET_MB, Standing, standing_table
from tests.bench.strict import Strict, strict_table

PARTS = ("acks", "notices", "lists", "standing", "strict", "sending", "screen")

HOW = """\
Every figure is taken from Slack's side: a load generator in a process of its own speaks the server's side of
Socket Mode, sends an envelope and takes the time until its ack comes back. The floor is a bare Bolt app (Socket
Mode over websocket-client, `process_before_response=True`) whose listener commits one row to the same kind of
database and acks; SQLite in WAL mode with `synchronous=FULL`, PostgreSQL with `fsync` on. Both apps run in each
round, in turn, with fresh processes and databases; a figure is the median of the rounds, a ratio the median of
the rounds' own ratios. Differences below 15 % are noise here.
"""

PACED = """\
Milliseconds to the ack. At one a second a round has {slow} samples, so its p99 is its worst. Budget: p99 ratio ≤ 2.
The form saves some fifteen rows (request, topics, areas, event, two messages, claim, journal), the floor one.
"""

BURSTS = """\
Milliseconds to the ack when so many arrive at the same moment. Slack gives up after 3 seconds. \
“Refused” were told within their time that nothing was saved and that they may try again. \
Requests acknowledged as saved and missing from the database afterwards: {missing}.
"""


KEPT_FAST = """\
What the answers owe their speed to, so that nobody takes it away unknowingly:

- Statements on the way to an ack are built once, when their module is loaded, and told their values when they run;
  building one costs several times its running.
- The parts of the form that never change are built once a profile.
- Writers on SQLite stand in one line, people before work that nobody waits for; people who save at the same moment
  share one commit. What nobody waits for also moves SQLite's log into the file, which a commit would otherwise do.
- Forms open and messages go when nobody waits for an ack, or after a short while anyway.
- Only those threads are woken by a commit for whom it brought work. Threads switch every half millisecond.
- What stands at the start is kept out of the garbage collector's walks.
"""


@dataclass
class Report:
    """What was measured so far. `load`: how many processes wanted a core on average, before and after."""

    machine: str
    rounds: int
    seconds: int
    load: list[float] = field(default_factory=list)
    acks: dict[str, tuple[Rounds, int]] = field(default_factory=dict)
    notices: dict[str, list[list[float]]] = field(default_factory=dict)
    lists: dict[str, Listed] = field(default_factory=dict)
    standing: Standing = field(default_factory=dict)
    strict: Strict = field(default_factory=dict)
    sending: list[Outcome] = field(default_factory=list)
    screen: Screened = field(default_factory=dict)

    def text(self) -> str:
        parts = [
            "# Performance",
            f"Written by `make bench` (`python -m tests.bench`) on {datetime.now(UTC):%Y-%m-%d}: {self.machine}; "
            f"{self.rounds} rounds. Ratios hold on other machines, absolute figures do not. "
            f"Load average before and after: {' and '.join(f'{each:.1f}' for each in self.load)}.",
            HOW.strip(),
        ]
        for name, (found, missing) in self.acks.items():
            parts += [f"## Answers, {name}", PACED.format(slow=self.seconds * 4).strip(), paced_table(found)]
            parts += [_verdict(found), BURSTS.format(missing=missing).strip(), burst_table(found)]
        if self.strict:
            parts += ["## Through the strict sandbox", _STRICT, strict_table(self.strict)]
        if self.notices:
            parts += ["## From the form to staff's notice", _NOTICES, notices_table(self.notices)]
        if self.lists:
            parts += ["## Lists of many requests", _LISTS, lists_table(self.lists), self._lists_verdict()]
        if self.standing:
            parts += ["## Starting and standing", _STANDING, standing_table(self.standing)]
        if self.sending:
            parts += ["## Sending to many", _SENDING, sending_table(self.sending)]
        if self.screen:
            parts += ["## Screening what people write", _SCREEN, screen_table(self.screen)]
        return "\n\n".join([*parts, "## What keeps it fast", KEPT_FAST.strip()]) + "\n"

    def _lists_verdict(self) -> str:
        missed = lists_over_budget(self.lists)
        return f"Over the budget: {', '.join(missed)}." if missed else "All within the budget."


def _verdict(found: Rounds) -> str:
    missed = over_budget(found)
    return f"Over the budget: {', '.join(missed)}." if missed else "All within the budget."


_STRICT = (
    "The sandbox checks what Slack checks and keeps its own records on the same cores, so these figures hold "
    "its time too. SQLite."
)
_NOTICES = "Milliseconds until the notice is in Slack's hands, nothing else standing in line. Budget: median ≤ 1,000."
_LISTS = (
    f"Milliseconds to the ack of a list, a page or an overview, asked for by staff with {OPEN:,} requests open. "
    f"Budget: p99 ≤ {BUDGET_MS}, a tenth of what Slack waits."
)
_STANDING = f"Resident memory of the process. Budget: idle ≤ {BUDGET_MB} MB, and flat. SQLite."
_SCREEN = (
    "Milliseconds of one core that the screen for personal data adds before a form's ack. Budget: 2. The floor finds "
    "the words of the same text with one pattern, in the same round."
)
_SENDING = (
    "In the strict sandbox with its rates enforced (300 a minute for the workspace, 60 at once). What is not "
    "urgent goes at half of the learned rate, 100 a minute at the start; what is urgent goes as it comes until Slack "
    "says that it is too much, then at the learned rate for a minute."
)
