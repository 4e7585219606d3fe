"""Settings: read once, all faults in one go, and never a secret in a word of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from copbot import settings
from copbot.errors import Misconfigured
from copbot.settings import NAMES, Settings, UnknownSetting
from tests.databases import ROOT

BOT, APP, SECRET = "xoxb-1111-bot-token", "xapp-1-2222-app-token", "3333signing"
SECRETS = {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP, "SLACK_SIGNING_SECRET": SECRET}


def load(env_file: Path | None = None, **environ: str) -> Settings:
    return settings.load(environ, env_file)


def words_of(**environ: str) -> str:
    with pytest.raises(Misconfigured) as refused:
        load(**environ)
    return refused.value.words


def test_an_empty_environment_gives_the_defaults_of_the_contract() -> None:
    plain = load()
    assert plain.database_url.get_secret_value() == "sqlite:///data/copbot.db"
    assert plain.slack_api_url == "https://slack.com/api/"
    assert (plain.http_host, plain.http_port, plain.sandbox_port) == ("127.0.0.1", 8080, 8090)
    assert (plain.admins, plain.staff_channel, plain.program) == ((), "", None)
    assert plain.mode is None
    assert plain.on_slack


def test_every_variable_is_read() -> None:
    full = load(
        **SECRETS,
        SLACK_API_URL="http://127.0.0.1:8090/api",
        DATABASE_URL="postgres://u:p@h/d",
        COPBOT_PROGRAM="mine.yaml",
        COPBOT_STAFF_CHANNEL="#ta-staff",
        COPBOT_ADMINS="U0AAAAAAA, W0BBBBBBB U0AAAAAAA",
        COPBOT_HTTP_HOST="::1",
        COPBOT_HTTP_PORT="0",
        COPBOT_SANDBOX_PORT="9001",
        COPBOT_CLOCK_URL="http://127.0.0.1:8090/clock",
        COPBOT_FETCH_ALLOW="10.20.0.0/16, fd00::/8",
        COPBOT_LOG="JSON",
    )
    assert full.model_fields_set == set(Settings.model_fields)
    assert full.slack_api_url == "http://127.0.0.1:8090/api/"
    assert full.admins == ("U0AAAAAAA", "W0BBBBBBB")
    assert full.program == Path("mine.yaml")
    assert (full.staff_channel, full.http_host, full.http_port) == ("ta-staff", "::1", 0)
    assert (full.log, full.mode, full.on_slack) == ("json", "socket", False)


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().http_port = 1  # type: ignore[misc]


def test_an_empty_value_counts_as_not_set() -> None:
    assert load(SLACK_BOT_TOKEN=" ", COPBOT_HTTP_PORT="") == load()


def test_a_signing_secret_alone_means_http() -> None:
    assert load(SLACK_SIGNING_SECRET=SECRET).mode == "http"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("COPBOT_STAF_CHANNEL", "COPBOT_STAFF_CHANNEL"),
        ("COPBOT_PORT", "COPBOT_HTTP_PORT"),
        ("COPBOT_PROGRAMME", "COPBOT_PROGRAM"),
        ("copbot_admins", "COPBOT_ADMINS"),
        ("COPBOT_QQQQ", "COPBOT_"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_right_one(typed: str, meant: str) -> None:
    with pytest.raises(UnknownSetting) as refused:
        load(**{typed: "x"})
    assert typed in refused.value.words
    assert f"Did you mean {meant}" in refused.value.words


def test_an_unknown_name_in_the_file_is_refused_too(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("COPBOT_INTAK=on\n")
    with pytest.raises(UnknownSetting):
        load(file)


def test_names_of_other_programs_are_none_of_our_business() -> None:
    assert load(PATH="/bin", SLACK_WEBHOOK_URL="x", COPBO_X="1") == load()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("COPBOT_HTTP_PORT", "eighty", "between 0 and 65535"),
        ("COPBOT_HTTP_PORT", "65536", "between 0 and 65535"),
        ("COPBOT_SANDBOX_PORT", "-1", "between 0 and 65535"),
        ("COPBOT_HTTP_HOST", "not a host", "address to listen on"),
        ("COPBOT_LOG", "xml", "json or text"),
        ("COPBOT_INTAKE", "on", "not part of this release"),
        ("COPBOT_FETCH_ALLOW", "the office", "networks such as"),
        ("COPBOT_ADMINS", "kim@example.org", "Slack user ids"),
        ("COPBOT_STAFF_CHANNEL", "two words", "channel's name or id"),
        ("SLACK_API_URL", "slack.com/api", "web address"),
        ("SLACK_API_URL", "http://slack.com/api/", "https://"),
        ("SLACK_API_URL", "http://me:secret@127.0.0.1/api/", "web address"),
        ("SLACK_API_URL", "http://127.0.0.1:99999/", "web address"),
        ("SLACK_API_URL", "http://[::1/", "web address"),
        ("COPBOT_CLOCK_URL", "ftp://127.0.0.1/", "web address"),
        ("DATABASE_URL", "mysql://h/d", "sqlite:/// or postgresql://"),
        ("DATABASE_URL", "sqlite:///:memory:", "must name a file"),
        ("SLACK_BOT_TOKEN", "xoxb-two words", "copy it again"),
    ],
)
def test_a_wrong_value_is_refused_by_name_with_what_would_be_right(name: str, value: str, said: str) -> None:
    words = words_of(**{name: value})
    assert words.startswith(name)
    assert said in words


def test_all_faults_are_told_together_one_a_line() -> None:
    words = words_of(
        COPBOT_HTTP_PORT="x",
        COPBOT_LOG="y",
        COPBOT_NONE="z",
        SLACK_APP_TOKEN=BOT,
        COPBOT_CLOCK_URL="http://c/",
    )
    assert len(words.splitlines()) == 5
    for name in ("COPBOT_HTTP_PORT", "COPBOT_LOG", "COPBOT_NONE", "SLACK_APP_TOKEN", "COPBOT_CLOCK_URL"):
        assert name in words


def test_a_foreign_clock_is_refused_with_slack_itself() -> None:
    assert "COPBOT_CLOCK_URL" in words_of(COPBOT_CLOCK_URL="http://127.0.0.1/clock")
    own = load(COPBOT_CLOCK_URL="http://127.0.0.1/clock", SLACK_API_URL="http://127.0.0.1/api/")
    assert own.clock_url == "http://127.0.0.1/clock"


@pytest.mark.parametrize("host", ["slack.com", "wisconsin.slack.com", "SLACK.com.", "slack-gov.com"])
def test_slacks_own_hosts_are_known(host: str) -> None:
    assert load(SLACK_API_URL=f"https://{host}/api/").on_slack


@pytest.mark.parametrize("host", ["notslack.com", "slack.com.example.org", "127.0.0.1"])
def test_other_hosts_are_not_slack(host: str) -> None:
    assert not load(SLACK_API_URL=f"https://{host}/api/").on_slack


def test_tokens_in_each_others_place_are_told_without_showing_them() -> None:
    words = words_of(SLACK_BOT_TOKEN=APP, SLACK_APP_TOKEN=BOT)
    assert "SLACK_BOT_TOKEN must begin with xoxb-" in words
    assert "SLACK_APP_TOKEN must begin with xapp-" in words
    assert "1111" not in words
    assert "2222" not in words


def test_another_server_may_use_tokens_of_its_own_shape() -> None:
    other = load(SLACK_BOT_TOKEN="anything", SLACK_API_URL="http://127.0.0.1/api/")
    assert other.slack_bot_token is not None


def test_no_secret_stands_in_any_printed_form() -> None:
    loaded = load(**SECRETS, DATABASE_URL="postgresql://kim:hunter2@db/copbot")
    shown = f"{loaded!r} {loaded} {loaded.model_dump()} {loaded.model_dump_json()}"
    for secret in (*SECRETS.values(), "hunter2"):
        assert secret not in shown


def test_no_secret_stands_in_a_refusal_or_its_cause() -> None:
    with pytest.raises(Misconfigured) as refused:
        load(
            SLACK_BOT_TOKEN="xoxb-se cret",
            SLACK_APP_TOKEN="xapp-sé-cret",
            DATABASE_URL="oracle://kim:hunter2@x/",
        )
    error: BaseException | None = refused.value
    told = refused.value.words
    while error is not None:
        told += f"{error!r} {error}"
        error = None if error.__suppress_context__ else error.__context__
    assert "cret" not in told
    assert "hunter2" not in told


def test_the_environment_is_stronger_than_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(
        "\ufeffCOPBOT_HTTP_PORT=1234\nexport COPBOT_LOG='json' # why\nSLACK_BOT_TOKEN=\n".encode()
    )
    assert load(file).http_port == 1234
    assert load(file).log == "json"
    assert load(file, COPBOT_HTTP_PORT="4321").http_port == 4321


def test_an_unreadable_file_is_one_of_the_faults(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"COPBOT_LOG=\xff\xfe")
    with pytest.raises(Misconfigured) as refused:
        load(file)
    assert "UTF-8" in refused.value.words


def test_the_sandbox_has_a_database_of_its_own() -> None:
    assert load().for_sandbox().database_url != load().database_url
    chosen = load(DATABASE_URL="sqlite:///elsewhere.db")
    assert chosen.for_sandbox().database_url == chosen.database_url


def test_what_the_sandbox_tells_replaces_only_what_it_names() -> None:
    before = load(COPBOT_HTTP_PORT="1234", SLACK_BOT_TOKEN=BOT)
    told = {"SLACK_BOT_TOKEN": "xoxb-other", "SLACK_API_URL": "http://127.0.0.1:8090/api/"}
    after = before.with_environment(told)
    assert after.slack_bot_token is not None
    assert after.slack_bot_token.get_secret_value() == "xoxb-other"
    assert (after.slack_api_url, after.http_port) == ("http://127.0.0.1:8090/api/", 1234)


def test_missing_credentials_are_named_all_at_once() -> None:
    with pytest.raises(Misconfigured) as refused:
        load().need_slack()
    assert "SLACK_BOT_TOKEN" in refused.value.words
    assert "SLACK_APP_TOKEN" in refused.value.words
    load(**SECRETS).need_slack()


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_stands_in_the_example_and_the_readme(name: str) -> None:
    assert f"{name}=" in (ROOT / ".env.example").read_text()
    readme = ROOT / "README.md"
    assert name in readme.read_text()


def test_the_example_file_is_itself_accepted() -> None:
    assert settings.load({}, ROOT / ".env.example") == load()
