"""What the process is told from outside: environment and `.env`, read once at start and passed in from there."""

from __future__ import annotations

import difflib
import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import SplitResult, urlsplit

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails

from copbot.errors import Misconfigured

SLACK_API = "https://slack.com/api/"
DATABASE = "sqlite:///data/copbot.db"
SANDBOX_DATABASE = "sqlite:///data/sandbox-copbot.db"

_OURS = "COPBOT_"
_OFF = {"off", "0", "false", "no"}
_TO_COME = {"COPBOT_INTAKE": "the web form"}
"""Settings that may be named already: what they switch on is not built yet, so that only “off” is true."""


class UnknownSetting(Misconfigured):
    """A `COPBOT_*` name nobody reads: most often a typing error that would otherwise go unnoticed."""


class Settings(BaseModel):
    """Every variable of the environment that copbot reads; the alias is its name there."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, extra="ignore")

    slack_bot_token: SecretStr | None = Field(None, alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr | None = Field(None, alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr | None = Field(None, alias="SLACK_SIGNING_SECRET")
    slack_api_url: str = Field(SLACK_API, alias="SLACK_API_URL")
    database_url: SecretStr = Field(SecretStr(DATABASE), alias="DATABASE_URL")
    program: Path | None = Field(None, alias="COPBOT_PROGRAM")
    staff_channel: str = Field("", alias="COPBOT_STAFF_CHANNEL")
    admins: tuple[str, ...] = Field((), alias="COPBOT_ADMINS")
    http_host: str = Field("127.0.0.1", alias="COPBOT_HTTP_HOST")
    http_port: int = Field(8080, alias="COPBOT_HTTP_PORT")
    sandbox_port: int = Field(8090, alias="COPBOT_SANDBOX_PORT")
    clock_url: str | None = Field(None, alias="COPBOT_CLOCK_URL")
    fetch_allow: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = Field(
        (), alias="COPBOT_FETCH_ALLOW"
    )
    log: Literal["json", "text"] = Field("text", alias="COPBOT_LOG")

    @property
    def on_slack(self) -> bool:
        """Whether the API is Slack's own, and not another server that speaks like it."""
        return _is_slack(self.slack_api_url)

    @property
    def mode(self) -> Literal["socket", "http"] | None:
        """How Slack reaches us: an app token means Socket Mode, a signing secret alone HTTP."""
        if self.slack_app_token:
            return "socket"
        return "http" if self.slack_signing_secret else None

    def for_sandbox(self) -> Settings:
        """The same settings on the sandbox's own database: invented people never meet real ones."""
        if "database_url" in self.model_fields_set:
            return self
        return self.model_copy(update={"database_url": SecretStr(SANDBOX_DATABASE)})

    def with_environment(self, told: Mapping[str, str]) -> Settings:
        """The same settings with some variables said otherwise."""
        other = Settings.model_validate(dict(told))
        return self.model_copy(update={name: getattr(other, name) for name in other.model_fields_set})

    def need_slack(self) -> None:
        """Raise `Misconfigured` naming each credential that `run` needs and does not have."""
        missing = []
        if self.slack_bot_token is None:
            missing.append("SLACK_BOT_TOKEN is missing: the bot token of your Slack app (begins with xoxb-).")
        if self.mode is None:
            missing.append(
                "SLACK_APP_TOKEN is missing: the app-level token for Socket Mode (begins with xapp-); "
                "or set SLACK_SIGNING_SECRET to receive Slack over HTTP."
            )
        if missing:
            raise Misconfigured("\n".join(missing))

    @field_validator("slack_bot_token", "slack_app_token", "slack_signing_secret")
    @classmethod
    def _one_word(cls, value: SecretStr) -> SecretStr:
        if re.search(r"[^\x21-\x7e]", value.get_secret_value()):
            raise ValueError("holds a space or a character no token has; copy it again")
        return value

    @field_validator("slack_api_url", "clock_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        parts = _parts(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise ValueError("must be a web address such as https://example.org/path")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _ends_with_slash(cls, value: str) -> str:
        if value.startswith("http:") and _is_slack(value):
            raise ValueError("must begin with https:// for Slack itself")
        return value.rstrip("/") + "/"

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: SecretStr) -> SecretStr:
        scheme, _, rest = value.get_secret_value().partition("://")
        if scheme == "sqlite" and rest.strip("/") in ("", ":memory:"):
            raise ValueError("must name a file, such as sqlite:///data/copbot.db")
        if scheme not in ("sqlite", "postgres", "postgresql", "postgresql+psycopg"):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return value

    @field_validator("admins", mode="before")
    @classmethod
    def _user_ids(cls, value: str) -> tuple[str, ...]:
        users = tuple(dict.fromkeys(re.split(r"[\s,;]+", value.strip(" \t,;"))))
        if not all(re.fullmatch(r"[UW][A-Z0-9]{2,}", user) for user in users):
            raise ValueError("must be Slack user ids such as U012ABCDEF, separated by commas")
        return users

    @field_validator("staff_channel")
    @classmethod
    def _channel(cls, value: str) -> str:
        name = value.strip().removeprefix("#")
        if not re.fullmatch(r"[\w.-]{1,80}", name):
            raise ValueError("must be a channel's name or id, such as ta-staff or C012ABCDEF")
        return name

    @field_validator("http_port", "sandbox_port", mode="before")
    @classmethod
    def _port(cls, value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,5}", value.strip()) or int(value) > 65_535:
            raise ValueError("must be a port between 0 and 65535")
        return int(value)

    @field_validator("http_host")
    @classmethod
    def _host(cls, value: str) -> str:
        try:
            return str(ipaddress.ip_address(value.strip("[]")))
        except ValueError:
            if re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", value):
                return value
        raise ValueError("must be an address to listen on, such as 127.0.0.1 or 0.0.0.0")

    @field_validator("fetch_allow", mode="before")
    @classmethod
    def _networks(cls, value: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        try:
            return tuple(
                ipaddress.ip_network(part, strict=False)
                for part in re.split(r"[\s,;]+", value.strip(" \t,;"))
            )
        except ValueError:
            raise ValueError("must be networks such as 10.20.0.0/16, separated by commas") from None

    @field_validator("log", mode="before")
    @classmethod
    def _log(cls, value: str) -> str:
        if value.lower() not in ("json", "text"):
            raise ValueError("must be json or text")
        return value.lower()


NAMES = tuple(str(field.alias) for field in Settings.model_fields.values())
"""Every variable, in the order of `.env.example`."""


def load(environ: Mapping[str, str], env_file: Path | None = Path(".env")) -> Settings:
    """Settings from `env_file` and, stronger, `environ`. All faults are reported in one `Misconfigured`."""
    values, faults = _read(env_file)
    values |= {name: value for name, value in environ.items() if value.strip()}
    given = {name: values[name] for name in NAMES if name in values}
    unknown = _unknown(values)
    faults += _misfits(values)
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise _refusal(unknown, faults + [_words(detail) for detail in details]) from None
    if unknown or faults:
        raise _refusal(unknown, faults)
    return settings


def _refusal(unknown: list[str], faults: list[str]) -> Misconfigured:
    kind = UnknownSetting if unknown else Misconfigured
    return kind("\n".join(unknown + faults))


def _read(env_file: Path | None) -> tuple[dict[str, str], list[str]]:
    if env_file is None or not env_file.is_file():
        return {}, []
    try:
        # utf-8-sig: some editors put an invisible mark first, which would hide the first name.
        found = dotenv_values(env_file, interpolate=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return {}, [f"{env_file.name} cannot be read: it must be a readable text file in UTF-8."]
    return {name: value.strip() for name, value in found.items() if value and value.strip()}, []


def _unknown(values: Mapping[str, Any]) -> list[str]:
    ours = [name.removeprefix(_OURS) for name in NAMES if name.startswith(_OURS)]
    faults = []
    for name in sorted(values):
        if name.upper().startswith(_OURS) and name not in NAMES and name not in _TO_COME:
            # Without what they all share: it would make every name look like every other.
            near = difflib.get_close_matches(name.upper().removeprefix(_OURS), ours, n=1, cutoff=0)[0]
            faults.append(f"{name} is not a setting of copbot. Did you mean {_OURS}{near}?")
    return faults


def _misfits(values: Mapping[str, str]) -> list[str]:
    """What is right on its own and wrong together."""
    on_slack = _is_slack(values.get("SLACK_API_URL", SLACK_API))
    faults = []
    if "COPBOT_CLOCK_URL" in values and on_slack:
        faults.append("COPBOT_CLOCK_URL is only for a test server: with Slack itself, time is the real one.")
    for name, what in _TO_COME.items():
        if values.get(name, "off").lower() not in _OFF:
            faults.append(f"{name} must be off: {what} is not part of this release.")
    for name, start in (("SLACK_BOT_TOKEN", "xoxb-"), ("SLACK_APP_TOKEN", "xapp-")):
        given = values.get(name, start)
        other_kind = re.match(r"(xox[a-z]|xapp)-", given)  # another server's tokens may look as they like
        if not given.startswith(start) and (on_slack or other_kind):
            faults.append(f"{name} must begin with {start}")
    return faults


def _words(detail: ErrorDetails) -> str:
    said = detail.get("ctx", {}).get("error")
    words = str(said) if isinstance(said, ValueError) else "is not understood"
    return f"{detail['loc'][0]} {words}."


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # looked at only now: a port that is none raises here
    except ValueError:
        raise ValueError("must be a web address such as https://example.org/path") from None
    return parts


def _is_slack(url: str) -> bool:
    try:
        host = (urlsplit(url).hostname or "").lower().rstrip(".")
    except ValueError:
        return False
    return any(host == own or host.endswith(f".{own}") for own in ("slack.com", "slack-gov.com"))
