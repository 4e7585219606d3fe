"""Text as Slack treats it: who is notified, what a person reads."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from copbot.sandbox.text import message_pings, message_reading, pings, reading, spans, unescape
from tests.rows import for_each
from tests.sandbox.kit import mrkdwn, plain, rich, section

NAMES = {"U1": "Kim", "C1": "general", "S1": "@staff"}


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


PINGS: list[tuple[str, set[str]]] = [
    ("hello", set()),
    ("hello <@U1> and <@W2|ada>", {"U1", "W2"}),
    ("<!here>", {"here"}),
    ("<!channel|channel> <!everyone>", {"channel", "everyone"}),
    ("<!subteam^S1|@staff>", {"S1"}),
    ("<#C1|general> <https://a.org|@here> <!date^1^{date}|@channel>", set()),
    ("`<!channel>`", {"channel"}),
    ("&lt;!channel&gt; &lt;@U1&gt;", set()),
    ("<!unknown> <@kim> <@>", set()),
    ("kim@here.org, @hereafter", set()),
]


@for_each(("text", "who"), PINGS, ids=[row[0] for row in PINGS])
def test_markup_notifies(text: str, who: set[str]) -> None:
    assert pings(text, verbatim=True) == who
    assert pings(text, verbatim=False) == who
    assert pings(text, mrkdwn=False) == set()


@for_each("word", ["here", "channel", "everyone"])
def test_plain_words_notify_where_slack_parses_names(word: str) -> None:
    text = f"hello @{word}!"
    assert pings(text, verbatim=False) == {word}
    assert pings(text, verbatim=True) == set()
    assert pings(text, verbatim=True, link_names=True) == {word}
    assert pings(f"@{word} @kim", verbatim=True, parse="full") == {word, "@kim"}


@given(st.text(max_size=60))
def test_escaped_verbatim_text_notifies_nobody(text: str) -> None:
    assert pings(escaped(text), verbatim=True) == set()


@given(st.text(alphabet="ab <>@!#|&;^U1CS:/\n*`", max_size=60))
def test_the_pieces_of_a_text_are_the_text(text: str) -> None:
    assert "".join(span.raw for span in spans(text)) == text


@given(st.text(max_size=60))
def test_escaping_is_undone(text: str) -> None:
    assert unescape(escaped(text)) == text


READ: list[tuple[str, str]] = [
    ("hello", "hello"),
    ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
    ("ask <@U1> or <@U9>", "ask @Kim or @U9"),
    ("<@U9|ada>", "@ada"),
    ("in <#C1> or <#C9|random> or <#C8>", "in #general or #random or #private channel"),
    ("<!subteam^S1> <!subteam^S9|@leads> <!subteam^S8>", "@staff @leads @S8"),
    ("<!here> <!channel> <!everyone>", "@here @channel @everyone"),
    ("<https://a.org/?a=1&amp;b=2> <https://a.org|the page>", "https://a.org/?a=1&b=2 the page"),
    ("<mailto:kim@a.org> <mailto:kim@a.org|Kim>", "kim@a.org Kim"),
    ("due <!date^1700000000^{date_short} at {time}|Nov 14>", "due Nov 14"),
    ("<!date^1700000000^{date}>", "<!date^1700000000^{date}>"),
    ("<not a link> <b>", "<not a link> <b>"),
    ("*bold* _it_ ~gone~ *_both_*", "bold it gone both"),
    ("2*3*4 snake_case_name ~ a", "2*3*4 snake_case_name ~ a"),
    ("`*kept*` and ```_kept_```", "*kept* and _kept_"),
    ("* not bold *", "* not bold *"),
    ("&gt; quoted\n> also", "quoted\nalso"),
    ("*<@U1>*", "@Kim"),
]


@for_each(("text", "read"), READ, ids=[row[0] for row in READ])
def test_mrkdwn_as_a_person_reads_it(text: str, read: str) -> None:
    assert reading(text, NAMES) == read


@given(st.text(alphabet=st.characters(exclude_characters="*_~`>&<"), max_size=80))
def test_text_without_marks_is_read_as_it_stands(text: str) -> None:
    assert reading(text, {}) == text


@given(st.text(alphabet="a*_~`<>@!|&U1 \n\ue000", max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    reading(text, NAMES)


def test_names_with_marks_in_them_are_not_formatted() -> None:
    assert reading("*<@U1>* \ue0000\ue001", {"U1": "*Kim*"}) == "@*Kim* \ue0000\ue001"


CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
THEN = int(datetime(2026, 3, 11, 4, 30, 5, tzinfo=UTC).timestamp())

DATES: list[tuple[str, str]] = [
    ("{date_num}", "2026-03-10"),
    ("{date}", "March 10th"),
    ("{date_short}", "Mar 10, 2026"),
    ("{date_long}", "Tuesday, March 10th"),
    ("{date_pretty}", "today"),
    ("{date_short_pretty}", "today"),
    ("{date_long_pretty}", "today"),
    ("{time}", "11:30 PM"),
    ("{time_secs}", "11:30:05 PM"),
    ("{ago}", "in 13 hours"),
    ("by {date_short_pretty} at {time}", "by today at 11:30 PM"),
    ("{fortnight}", "soon"),
]


@for_each(("form", "words"), DATES, ids=[row[0] for row in DATES])
def test_dates_are_read_in_the_readers_zone(form: str, words: str) -> None:
    text = f"<!date^{THEN}^{form}|soon>"
    assert reading(text, now=NOW, tz=CHICAGO) == words
    assert reading(text) == "soon"
    node = rich({"type": "date", "timestamp": THEN, "format": form, "fallback": "soon"})
    assert message_reading({"blocks": [node]}, now=NOW, tz=CHICAGO) == words


@for_each(
    ("then", "form", "words"),
    [
        (datetime(2026, 3, 9, 15, tzinfo=UTC), "{date_pretty}", "yesterday"),
        (datetime(2026, 3, 11, 15, tzinfo=UTC), "{date_pretty}", "tomorrow"),
        (datetime(2026, 3, 1, 15, tzinfo=UTC), "{date_pretty}", "March 1st"),
        (datetime(2026, 3, 22, 15, tzinfo=UTC), "{date}", "March 22nd"),
        (datetime(2026, 3, 23, 15, tzinfo=UTC), "{date}", "March 23rd"),
        (datetime(2026, 3, 12, 15, tzinfo=UTC), "{date}", "March 12th"),
        (datetime(2025, 3, 12, 15, tzinfo=UTC), "{date}", "March 12th, 2025"),
        (datetime(2026, 3, 10, 14, 58, tzinfo=UTC), "{ago}", "2 minutes ago"),
        (datetime(2026, 3, 10, 15, 0, 30, tzinfo=UTC), "{ago}", "just now"),
        (datetime(2026, 3, 9, 15, 0, tzinfo=UTC), "{ago}", "1 day ago"),
        (datetime(2026, 3, 10, 5, 0, tzinfo=UTC), "{time}", "12:00 AM"),
    ],
)
def test_dates_near_and_far(then: datetime, form: str, words: str) -> None:
    assert reading(f"<!date^{int(then.timestamp())}^{form}|x>", now=NOW, tz=CHICAGO) == words


def test_a_moment_that_is_none_falls_back() -> None:
    assert reading("<!date^soon^{date}|later>", now=NOW, tz=CHICAGO) == "later"
    assert reading("<!date^99999999999999999^{date}|later>", now=NOW, tz=CHICAGO) == "later"


def test_everyone_a_message_notifies_by_any_of_its_parts() -> None:
    message = {
        "text": "<@U1>",
        "blocks": [
            section("<@U2>"),
            {"type": "context", "elements": [mrkdwn("<!subteam^S3>"), plain("<@U99>")]},
            rich(
                {"type": "user", "user_id": "U4"},
                {"type": "broadcast", "range": "here"},
                {"type": "text", "text": "<@U99>"},
            ),
            rich({"type": "usergroup", "usergroup_id": "S5"}),
            {"type": "markdown", "text": "<@U6>"},
            {"type": "table", "rows": [[{"type": "raw_text", "text": "<@U99>"}]]},
        ],
        "attachments": [
            {"text": "<@U7>", "fields": [{"value": "<@U8>"}]},
            {"blocks": [section("<!channel>")]},
        ],
    }
    assert message_pings(message) == {"U1", "U2", "S3", "U4", "here", "S5", "U6", "U7", "U8", "channel"}


def test_plain_broadcast_words_notify_in_text_objects_but_not_in_message_text() -> None:
    assert message_pings({"text": "@channel"}) == set()
    assert message_pings({"text": "@channel", "link_names": True}) == {"channel"}
    assert message_pings({"text": "@channel", "parse": "full"}) == {"channel"}
    assert message_pings({"blocks": [section("@channel")]}) == {"channel"}
    safe = {"type": "section", "text": {**mrkdwn("@channel"), "verbatim": True}}
    assert message_pings({"blocks": [safe, {"type": "section", "text": plain("@channel")}]}) == set()


def test_nothing_notifies_nobody() -> None:
    assert message_pings({}) == set()
