"""Headers of every answer: security, the request id, and CORS."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

import pytest

from .deployment import V1, assert_problem

if TYPE_CHECKING:
    import httpx2

    from .deployment import Deployment

ORIGIN = "https://app.example"
PREFLIGHT = {
    "Origin": ORIGIN,
    "Access-Control-Request-Method": "PATCH",
    "Access-Control-Request-Headers": "authorization,content-type",
}

#: Like an origin that is let in, and none.
FOREIGN = (
    "https://evil.example",
    "https://app.example.evil.example",
    "https://xapp.example",
    "https://appxexample",
    "http://app.example",
    "https://app.example:8443",
    "https://app.example/",
    "HTTPS://APP.EXAMPLE",
    "http://localhost:3000.evil.example",
    "http://localhost:30001",
    "http://localhost",
    "null",
    "*",
)


def some_answers(server: Deployment) -> list[httpx2.Response]:
    """One answer of each kind: good, not found, refused, unreadable, too large."""
    client = server.client
    json = {"Content-Type": "application/json"}
    answers = [
        client.get("/health"),
        client.get("/nowhere"),
        client.put("/health"),
        client.post(f"{V1}/items", content=b"{", headers=json),
        client.post(f"{V1}/items", content=b"x" * 1_200_000, headers=json),
    ]
    if server.auth == "tokens":
        answers.append(client.get(f"{V1}/users/me"))
    return answers


def test_security_headers_are_on_every_answer(deployment: Deployment) -> None:
    for answer in some_answers(deployment):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_hsts_is_for_production(deployment: Deployment, restricted: Deployment) -> None:
    for answer in some_answers(deployment):
        # of this host alone: its siblings may not have TLS
        assert re.fullmatch(r"max-age=\d{7,}", answer.headers["strict-transport-security"])
    for path in ("/health", "/nowhere"):
        answer = restricted.client.get(path)
        assert "strict-transport-security" not in answer.headers


def test_a_request_id_comes_back_and_is_logged(deployment: Deployment) -> None:
    given = f"test-{uuid.uuid4().hex}"
    answer = deployment.client.get("/health", headers={"X-Request-ID": given})
    assert answer.headers["x-request-id"] == given
    if deployment.log is not None:
        assert deployment.wait_for_log(given)


def test_a_request_id_is_made(deployment: Deployment) -> None:
    made = [deployment.client.get("/health").headers["x-request-id"] for _ in range(2)]
    assert made[0] != made[1]
    assert all(made)


@pytest.mark.parametrize(
    "bad", [b"", b"a b", b"x" * 500, b"<script>", b"\xe9\xff", b'"; DROP TABLE items']
)
def test_a_strange_request_id_is_replaced(deployment: Deployment, bad: bytes) -> None:
    answer = deployment.client.get("/health", headers={b"X-Request-ID": bad})
    assert re.fullmatch(r"[\w.-]{8,128}", answer.headers["x-request-id"], re.ASCII)
    assert answer.headers["x-request-id"].encode() != bad


def test_cors_is_closed(deployment: Deployment) -> None:
    for answer in (
        deployment.client.get("/health", headers={"Origin": ORIGIN}),
        deployment.client.options(f"{V1}/items", headers=PREFLIGHT),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_cors_lets_a_named_origin_in(restricted: Deployment) -> None:
    client = restricted.client
    preflight = client.options(f"{V1}/items/{uuid.uuid4()}", headers=PREFLIGHT)
    assert (preflight.status_code, preflight.content) == (204, b"")
    assert preflight.headers["access-control-allow-origin"] == ORIGIN
    assert "PATCH" in preflight.headers["access-control-allow-methods"]
    allowed = preflight.headers["access-control-allow-headers"].lower()
    assert "authorization" in allowed
    assert "content-type" in allowed
    assert "access-control-allow-credentials" not in preflight.headers
    # A browser must be able to read errors too.
    for path in ("/health", "/nowhere", f"{V1}/items/x"):
        answer = client.get(path, headers={"Origin": ORIGIN})
        assert answer.headers["access-control-allow-origin"] == ORIGIN, path
        assert "Origin" in answer.headers["vary"]
    exposed = client.get("/health", headers={"Origin": ORIGIN})
    names = exposed.headers["access-control-expose-headers"].lower()
    for name in ("location", "retry-after", "x-request-id"):
        assert name in names


def test_cors_keeps_other_origins_out(restricted: Deployment) -> None:
    for origin in FOREIGN:
        preflight = restricted.client.options(f"{V1}/items", headers=PREFLIGHT | {"Origin": origin})
        assert_problem(preflight, 405)
        for answer in (preflight, restricted.client.get("/health", headers={"Origin": origin})):
            assert not [name for name in answer.headers if name.startswith("access-control-")]
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert restricted.wait_for_log(answer.headers["x-request-id"])
