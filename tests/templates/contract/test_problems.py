"""Errors are problem documents that echo nothing, and no input makes a server error."""

from __future__ import annotations

import json
import socket
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx2
import pytest

from .deployment import V1, assert_problem, tokens_only

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .deployment import Account, Deployment

ITEMS = f"{V1}/items"
JSON = {"Content-Type": "application/json"}
CANARY = "canary-7f3a"


@pytest.mark.parametrize(
    "path",
    [
        *("/nowhere", f"{V1}/nowhere", f"{ITEMS}/x/y", "/.env", "/static"),
        pytest.param(f"/{'a' * 8000}", id="long"),
    ],
)
def test_an_unknown_path_is_404(deployment: Deployment, path: str) -> None:
    assert_problem(deployment.client.get(path), 404)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", ITEMS),
        ("POST", f"{ITEMS}/00000000-0000-4000-8000-000000000000"),
        ("DELETE", "/health"),
        ("PATCH", "/ready"),
    ],
)
def test_another_method_is_405_and_says_what_is_allowed(
    deployment: Deployment, method: str, path: str
) -> None:
    answer = deployment.client.request(method, path)
    assert_problem(answer, 405)
    assert answer.headers["allow"]


@pytest.mark.parametrize("path", [ITEMS, "/health", "/docs/swagger-ui.css"])
def test_options_is_a_method_that_is_not_there(deployment: Deployment, path: str) -> None:
    assert_problem(deployment.client.options(path), 405)


def test_an_offer_of_a_websocket_is_passed_over(deployment: Deployment) -> None:
    handshake = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    for path in ("/health", "/docs"):
        answer = httpx2.get(f"{deployment.url}{path}", headers=handshake)
        assert answer.status_code == HTTPStatus.OK
        assert answer.content == deployment.client.get(path).content
    answer = httpx2.post(f"{deployment.url}/health", headers=handshake)
    assert_problem(answer, 405)
    answer = httpx2.get(f"{deployment.url}/nowhere", headers=handshake)
    assert_problem(answer, 404)
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_of_a_query_value_that_comes_twice_the_last_counts(
    deployment: Deployment, headers: dict[str, str]
) -> None:
    query = "?limit=7&limit=3&offset=1&offset=0"
    page = deployment.client.get(f"{ITEMS}{query}", headers=headers).json()
    assert (page["limit"], page["offset"]) == (3, 0)
    wrong = deployment.client.get(f"{ITEMS}?limit=3&limit=x", headers=headers)
    assert_problem(wrong, 422, pointer="/limit", location="query")


@tokens_only
def test_two_authorization_headers_let_nobody_in(deployment: Deployment, account: Account) -> None:
    good = account.headers["Authorization"]
    for values in ((good, good), (good, "Bearer x"), ("Basic eDp4", good)):
        two = [("Authorization", value) for value in values]
        assert_problem(deployment.client.get(f"{V1}/users/me", headers=two), 401)


@pytest.mark.parametrize(
    "content",
    [b'{"title": "x"', b"{", b"{'title': 'x'}", b'{"title": }', b"\xff\xfe\xfd", b"[" * 50_000],
    ids=["cut", "brace", "quotes", "hole", "not-utf-8", "deep"],
)
def test_malformed_json_is_400(
    deployment: Deployment, headers: dict[str, str], content: bytes
) -> None:
    answer = deployment.client.post(ITEMS, content=content, headers=headers | JSON)
    assert_problem(answer, 400)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b'{"title": "x"}', "text/plain"),
        (b'{"title": "x"}', "application/octet-stream"),
        (b"title=x", "application/x-www-form-urlencoded"),
        (b'{"title": "x"}', "application/jsonx"),
        (b'{"title": "x"}', None),
    ],
)
def test_another_content_type_is_415(
    deployment: Deployment, headers: dict[str, str], content: bytes, content_type: str | None
) -> None:
    kind = {"Content-Type": content_type} if content_type else {}
    answer = deployment.client.post(ITEMS, content=content, headers=headers | kind)
    assert_problem(answer, 415)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "APPLICATION/JSON"])
def test_json_may_be_named_in_other_words(
    deployment: Deployment, headers: dict[str, str], content_type: str
) -> None:
    kind = {"Content-Type": content_type}
    answer = deployment.client.post(ITEMS, content=b'{"title": "x"}', headers=headers | kind)
    assert answer.status_code == 201


@pytest.mark.parametrize(
    "content", [b"null", b"[]", b'"text"', b"1", b"true", b'"{\\"title\\": 1}"']
)
def test_json_that_is_no_object_is_422(
    deployment: Deployment, headers: dict[str, str], content: bytes
) -> None:
    answer = deployment.client.post(ITEMS, content=content, headers=headers | JSON)
    assert_problem(answer, 422, pointer="")


def test_an_empty_body_is_refused(deployment: Deployment, headers: dict[str, str]) -> None:
    answer = deployment.client.post(ITEMS, content=b"", headers=headers | JSON)
    assert_problem(answer, 422, pointer="")


def test_every_invalid_field_is_named(deployment: Deployment, headers: dict[str, str]) -> None:
    answer = deployment.client.post(ITEMS, json={"description": 1}, headers=headers)
    problem = assert_problem(answer, 422, pointer="/title")
    assert_problem(answer, 422, pointer="/description")
    kinds = {error["pointer"]: error["type"] for error in problem["errors"]}
    assert kinds["/title"] == "missing"


@pytest.mark.parametrize("members", [100, 60_000])
def test_at_most_a_hundred_errors_are_named(
    deployment: Deployment, headers: dict[str, str], members: int
) -> None:
    """Else a body of 1 MB would be answered with seven."""
    body = dict.fromkeys(map(str, range(members)))
    problem = assert_problem(deployment.client.post(ITEMS, json=body, headers=headers), 422)
    assert len(problem["errors"]) == 100


def test_pointers_are_escaped(deployment: Deployment, headers: dict[str, str]) -> None:
    """RFC 6901: ``~`` and ``/`` in a name are written ``~0`` and ``~1``."""
    answer = deployment.client.post(ITEMS, json={"title": "x", "a/b~c": 1}, headers=headers)
    if answer.status_code == 422:
        assert_problem(answer, 422, pointer="/a~1b~0c")
    else:
        assert answer.status_code == 201
        assert "a/b~c" not in answer.json()


@pytest.mark.parametrize(
    "body",
    [
        {"title": [CANARY]},
        {"title": {"a": CANARY}},
        {"title": CANARY * 50},
        {"title": "x", "description": {CANARY: CANARY}},
        {"title": f"{CANARY}\n", "description": 7},
    ],
)
def test_errors_never_echo_the_input(
    deployment: Deployment, headers: dict[str, str], body: dict[str, Any]
) -> None:
    answer = deployment.client.post(ITEMS, json=body, headers=headers)
    assert_problem(answer, 422)
    assert CANARY not in answer.text


def chunks(count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield b"y" * 65_536


def test_a_body_over_the_limit_is_413(deployment: Deployment, headers: dict[str, str]) -> None:
    body = {"title": "x", "description": "y" * 1_100_000}
    assert_problem(deployment.client.post(ITEMS, json=body, headers=headers), 413)


def test_a_chunked_body_over_the_limit_is_413(
    deployment: Deployment, headers: dict[str, str]
) -> None:
    answer = deployment.client.post(ITEMS, content=chunks(40), headers=headers | JSON)
    assert_problem(answer, 413)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    if deployment.auth == "tokens":
        answer = deployment.client.post(f"{V1}/auth/login", content=chunks(40), headers=form)
        assert_problem(answer, 413)


def test_a_chunked_body_whose_end_is_late_is_413(
    deployment: Deployment, headers: dict[str, str]
) -> None:
    def just_over() -> Iterator[bytes]:
        yield b"y" * (1_048_576 + 2)
        time.sleep(0.3)
        yield b"y"

    answer = deployment.client.post(ITEMS, content=just_over(), headers=headers | JSON)
    assert_problem(answer, 413)


def test_the_body_limit_is_a_setting(restricted: Deployment) -> None:
    path = f"{V1}/auth/refresh" if restricted.auth == "tokens" else ITEMS
    for size, over in ((19_900, False), (20_100, True)):
        body = json.dumps({"title": "x" * size}).encode()
        for content in (body, iter([body])):
            answer = restricted.client.post(path, content=content, headers=JSON)
            assert (answer.status_code == 413) is over, (size, answer.text)


def test_the_server_goes_on_after_a_refused_body(
    deployment: Deployment, headers: dict[str, str]
) -> None:
    """What is left of a refused body must not be read as the next request of the connection."""
    for _ in range(3):
        answer = deployment.client.post(ITEMS, content=b"z" * 3_000_000, headers=headers | JSON)
        assert answer.status_code == 413
        assert deployment.client.get("/health").status_code == 200


@tokens_only
def test_a_large_body_without_a_token_is_401_or_413(deployment: Deployment) -> None:
    """Unread or not: the client gets the answer, and the connection goes on."""
    for _ in range(3):
        answer = deployment.client.post(ITEMS, content=b"z" * 3_000_000, headers=JSON)
        assert answer.status_code in {401, 413}
        assert deployment.client.get("/health").status_code == 200


HOSTILE = {
    "lone surrogate": b'{"title": "\\ud800"}',
    "lone surrogate in a name": b'{"title": "x", "\\udfff": 1}',
    "NUL": b'{"title": "a\\u0000b"}',
    "NUL in prose": b'{"title": "x", "description": "a\\u0000b"}',
    "huge integer": b'{"title": ' + b"9" * 5000 + b"}",
    "huge float": b'{"title": 1e999999}',
    "not a number": b'{"title": NaN}',
    "infinity": b'{"title": "x", "description": -Infinity}',
    "wrong UTF-8": b'{"title": "\xff\xfe"}',
    "overlong UTF-8": b'{"title": "\xc0\xaf"}',
    "UTF-16": '{"title": "x"}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"title": "x"}',
    "deep list": b'{"title": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    "deep object": b'{"a":' * 30_000 + b"1" + b"}" * 30_000,
    "long name": b'{"title": "x", "' + b"k" * 100_000 + b'": 1}',
    "same name twice": b'{"title": "x", "title": "y"}',
    "prototype": b'{"__proto__": {"x": 1}, "title": "x"}',
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_hostile_json_is_never_a_server_error(
    deployment: Deployment, headers: dict[str, str], name: str, method: str
) -> None:
    path = ITEMS
    if method == "PATCH":
        made = deployment.client.post(ITEMS, json={"title": "x"}, headers=headers)
        path = f"{ITEMS}/{made.json()['id']}"
    answer = deployment.client.request(method, path, content=HOSTILE[name], headers=headers | JSON)
    assert answer.status_code in {200, 201, 400, 422}, answer.text
    if answer.is_error:
        assert_problem(answer, answer.status_code)


@tokens_only
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("path", ["register", "refresh", "logout"])
def test_hostile_json_is_never_a_server_error_in_auth(
    deployment: Deployment, name: str, path: str
) -> None:
    keys = {"register": b"email", "refresh": b"refresh_token", "logout": b"refresh_token"}
    content = HOSTILE[name].replace(b'"title"', b'"' + keys[path] + b'"')
    answer = deployment.client.post(f"{V1}/auth/{path}", content=content, headers=JSON)
    assert answer.status_code in {204, 400, 401, 422}, answer.text
    if answer.is_error:
        assert_problem(answer, answer.status_code)


@tokens_only
@pytest.mark.parametrize(
    "content",
    [
        b"username=%ff%fe&password=%00",
        b"username=a%00b@example.com&password=correct+horse+battery",
        b"username=%ed%a0%80&password=%ed%a0%80",
        b"username=a&username=b&password=c",
        b"username[]=a&password[]=b",
        b"&&&===%",
        b"\xff\xfe\x00",
        b"grant_type=password&username=a&password=b&client_id=" + b"[" * 50_000,
        b"&".join(b"a%d=1" % i for i in range(3000)),
    ],
)
def test_hostile_forms_are_never_a_server_error(deployment: Deployment, content: bytes) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = deployment.client.post(f"{V1}/auth/login", content=content, headers=kind)
    assert answer.status_code in {400, 401, 413, 422}, answer.text
    assert_problem(answer, answer.status_code)


@tokens_only
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"--x--", "multipart/form-data; boundary=" + "b" * 500),
        (
            (
                b'--x\r\nContent-Disposition: form-data; name="username"; filename="f"\r\n'
                b"\r\na\r\n--x--\r\n"
            ),
            "multipart/form-data; boundary=x",
        ),
    ],
)
def test_hostile_multipart_is_never_a_server_error(
    deployment: Deployment, content: bytes, kind: str
) -> None:
    headers = {"Content-Type": kind}
    answer = deployment.client.post(f"{V1}/auth/login", content=content, headers=headers)
    assert answer.status_code in {400, 413, 415, 422}, answer.text
    assert_problem(answer, answer.status_code)


@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset=nonsense", "application/json;", "/", ";", "a" * 2000],
)
def test_odd_content_types_are_never_a_server_error(
    deployment: Deployment, headers: dict[str, str], content_type: str
) -> None:
    kind = {"Content-Type": content_type}
    answer = deployment.client.post(ITEMS, content=b'{"title": "x"}', headers=headers | kind)
    assert answer.status_code in {201, 400, 415}, answer.text


@pytest.mark.parametrize(
    "request_target",
    [
        f"{ITEMS}/%00",
        f"{ITEMS}/%ff%fe",
        f"{ITEMS}/%ed%a0%80",
        f"{ITEMS}/%F0%9F%98%80",
        f"{ITEMS}/..%2f..",
        f"{ITEMS}/{'1' * 300}",
        f"{ITEMS}/%0d%0aX-Injected:%201",
        f"{ITEMS}?limit=1e400",
        f"{ITEMS}?limit={'9' * 5000}",
        f"{ITEMS}?limit=%00&offset=%ff",
        f"{ITEMS}?limit=1&limit=2",
        f"{ITEMS}?%ed%a0%80=%ed%a0%80",
        f"{ITEMS}?offset={2**63}",
        f"{ITEMS}?offset={2**31}",
        f"{V1}//items",
        "//",
        "/%",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/\xe9",
        "*",
        "/" + "a" * 20_000,
    ],
)
def test_odd_request_targets_are_never_a_server_error(
    deployment: Deployment, headers: dict[str, str], request_target: str
) -> None:
    """Written by hand: a client library would tidy the target up."""
    status, head = ask(deployment.url, request_target, headers)
    assert status < 500, head
    assert "x-injected" not in head.lower()


def ask(url: str, target: str, headers: dict[str, str]) -> tuple[int, str]:
    """Send one GET as bytes; returns the status and the head of the answer."""
    host, port = urlsplit(url).hostname, urlsplit(url).port
    lines = [f"GET {target} HTTP/1.1", f"Host: {host}:{port}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    with socket.create_connection((host or "", port or 80), timeout=30) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        received = b""
        while b"\r\n\r\n" not in received and (part := connection.recv(65536)):
            received += part
    head = received.partition(b"\r\n\r\n")[0].decode("latin-1")
    return int(head.split()[1]), head
