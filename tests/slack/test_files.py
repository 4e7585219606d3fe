"""Files of Slack over real sockets: sent in three steps, read with the token, and the token goes nowhere else."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import pytest

from copbot.slack import files
from copbot.slack.errors import Refused, SlackError
from copbot.slack.gateway import Gateway
from copbot.slack.scopes import needed
from tests.days import Sandbox
from tests.delivery.kit import MANIFEST
from tests.fetch.site import Site, moved, page, site

APP = {**MANIFEST, "oauth_config": {"scopes": {"bot": list(needed())}}}
LIST = "Title\nÉducation\n".encode()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(APP, enforce_rates=False) as running:
        yield running


@pytest.fixture
def gateway(sandbox: Sandbox) -> Gateway:
    return Gateway(sandbox.bot_token, base_url=sandbox.api_url)


def dropped(sandbox: Sandbox, content: bytes = LIST) -> dict[str, str]:
    """A file that Kim sends to the app, as Slack tells of it."""
    message = sandbox.workspace().person("kim").drops("list.csv", content)
    [file] = message.raw["files"]
    return dict(file)


def test_what_somebody_drops_is_read_with_the_token_and_no_further_than_allowed(
    sandbox: Sandbox, gateway: Gateway
) -> None:
    file = gateway.call("files.info", file=dropped(sandbox)["id"])["file"]
    assert (file["name"], file["size"]) == ("list.csv", len(LIST))
    assert gateway.download(file["url_private"], most=len(LIST)) == LIST
    with pytest.raises(Refused, match="too_large"):
        gateway.download(file["url_private"], most=len(LIST) - 1)
    stranger = Gateway("xoxb-somebody-elses", base_url=sandbox.api_url)
    with pytest.raises(Refused, match="no_file"):  # Slack's sign-in page is not the file
        stranger.download(file["url_private"], most=5000)


def test_a_file_is_sent_in_three_steps_and_seen_only_after_the_last(
    sandbox: Sandbox, gateway: Gateway
) -> None:
    kim = sandbox.workspace().person("kim")
    channel = gateway.call("conversations.open", users=kim.id)["channel"]["id"]
    file = files.begin(gateway, "report.csv", LIST)
    assert files.shares(gateway, file, channel) == ()
    files.share(gateway, file, channel, "October", "Here it is")
    [ts] = files.shares(gateway, file, channel)
    assert kim.dm()[-1].ts == ts
    told = gateway.call("files.info", file=file)["file"]
    assert [*told["shares"]["private"]] == [channel]
    assert told["title"] == "October"
    assert gateway.download(told["url_private"], most=5000) == LIST
    kim.sees("Here it is", in_="dm")
    begun = gateway.call("files.getUploadURLExternal", filename="x.csv", length=3)
    with pytest.raises(Refused):
        gateway.upload(begun["upload_url"], b"more than three")
    with pytest.raises(SlackError, match="file_not_found"):
        gateway.call("files.completeUploadExternal", files=[{"id": begun["file_id"]}], channel_id=channel)


@pytest.mark.parametrize(
    "url",
    [
        "https://files.slack.com.evil.example/x", "http://files.slack.com/x", "https://evil.example/x", "file:///etc/passwd",
        "https://files.slack.com:8443/x", "https://files.slack.com@evil.example/", "https://notslack.com/x", "", "https://[",
        "ftp://files.slack.com/x",
    ],
)  # fmt: skip
def test_the_token_goes_to_slacks_own_hosts_alone(url: str) -> None:
    place = files.FilePlace("xoxb-1", "https://slack.com/api/", ssl.create_default_context())
    assert not place.owns(url)
    with pytest.raises(Refused, match="not_slacks_address"):
        files.download(place, url, most=10)
    with pytest.raises(Refused, match="not_slacks_address"):
        files.upload(place, url, b"x")


def test_slacks_own_hosts_and_the_configured_server_are_known() -> None:
    tls = ssl.create_default_context()
    assert files.FilePlace("t", "https://slack.com/api/", tls).owns(
        "https://files.slack.com/files-pri/T1-F1/list.csv"
    )
    assert files.FilePlace("t", "http://127.0.0.1:8090/api/", tls).owns(
        "http://127.0.0.1:8090/files-pri/T1-F1/x"
    )
    assert not files.FilePlace("t", "http://127.0.0.1:8090/api/", tls).owns(
        "http://127.0.0.1:8091/files-pri/T1-F1/x"
    )


def test_a_redirect_is_refused_and_nobody_behind_it_sees_the_token() -> None:
    with site({"/secret": page(b"x")}) as elsewhere, site({}) as here:
        here.pages["/file"] = moved(f"{elsewhere.url}/secret")
        gateway = _of(here)
        with pytest.raises(Refused, match="http_302"):
            gateway.download(f"{here.url}/file", most=100)
        assert elsewhere.connections == 0
    assert "xoxb" not in repr(gateway._web_files())


def test_an_answer_that_breaks_off_is_an_error_of_the_gateways() -> None:
    with site({"/file": page(b"half")[:-2], "/busy": page(status="503 Busy")}) as here:
        for path in ("/file", "/busy"):
            with pytest.raises(SlackError):
                _of(here).download(f"{here.url}{path}", most=100)


def _of(here: Site) -> Gateway:
    return Gateway("xoxb-1", base_url=f"{here.url}/api/")
