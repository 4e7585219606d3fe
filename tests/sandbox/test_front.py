"""What meets every request: a page elsewhere must not reach this server through somebody's browser."""

from __future__ import annotations

import json

import pytest
import websocket
from slack_sdk import WebClient

from copbot.sandbox.driver.workspace import Workspace
from tests.days import Sandbox
from tests.sandbox.peer import fetch

FOREIGN = "http://evil.example"


@pytest.mark.parametrize("path", ["/", "/clock", "/api/api.test", "/control/workspace", "/response/x"])
@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Host": "evil.example:80"}, {"Origin": FOREIGN}]
)
def test_foreign_hosts_and_origins_are_turned_away(
    sandbox: Sandbox, path: str, headers: dict[str, str]
) -> None:
    method = "GET" if path in ("/", "/clock") else "POST"
    assert fetch(sandbox.url + path, method, b"{}", **headers)[0] == 403


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_this_machines_own_names_are_welcome(sandbox: Sandbox, name: str) -> None:
    port = sandbox.url.rsplit(":", 1)[1]
    own = {"Host": f"{name}:{port}", "Origin": f"http://{name}:{port}"}
    assert fetch(f"{sandbox.url}/clock", **own)[0] == 200


def test_another_port_is_another_origin(sandbox: Sandbox) -> None:
    assert fetch(f"{sandbox.url}/clock", Origin="http://127.0.0.1:1")[0] == 403


def test_a_socket_from_elsewhere_is_turned_away(sandbox: Sandbox) -> None:
    url = WebClient(base_url=sandbox.api_url).apps_connections_open(app_token=sandbox.app_token)["url"]
    with pytest.raises(websocket.WebSocketBadStatusException):
        websocket.create_connection(url, timeout=5, origin=FOREIGN)


def test_the_first_page_is_strict_about_what_runs_in_it(sandbox: Sandbox, ws: Workspace) -> None:
    ws.person("kim").says("<script>alert(1)</script>", in_="general")
    status, headers, text = fetch(sandbox.url + "/")
    policy = headers["content-security-policy"]
    assert status == 200
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "<script>alert" not in text


def test_paths_that_lead_nowhere(sandbox: Sandbox) -> None:
    assert fetch(f"{sandbox.url}/nowhere")[0] == 404
    assert fetch(f"{sandbox.url}/control/nothing", "POST", b"{}")[0] == 404
    assert fetch(f"{sandbox.url}/response/unknown", "POST", b'{"text": "x"}')[:1] == (404,)


def test_control_explains_what_was_wrong(sandbox: Sandbox) -> None:
    status, _, text = fetch(
        f"{sandbox.url}/control/act", "POST", json.dumps({"person": "nemo", "verb": "types"}).encode()
    )
    answer = json.loads(text)
    assert (status, answer["ok"], answer["wait"]) == (400, False, False)
    assert "nobody is called nemo" in answer["error"]
