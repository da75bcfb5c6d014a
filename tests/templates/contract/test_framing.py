"""Requests that are framed wrongly, and what else only bytes on a socket can say.

The server's own parser answers most of them, without a problem document: what it refuses never
reaches the application. Those that reach it are answered as the contract has it.
"""

from __future__ import annotations

import re
import socket
from contextlib import closing, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from .deployment import V1

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .deployment import Deployment

pytestmark = pytest.mark.matrix

ITEM = b'{"title":"x"}'
CHUNKED = b"Transfer-Encoding: chunked\r\n"
#: One chunk of a good body, and the end of it.
CHUNK = b"d\r\n" + ITEM + b"\r\n"
END = b"0\r\n\r\n"
#: What stands behind a request on the same connection: a proxy may take it for part of the first.
NEXT = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def post(framing: bytes, body: bytes) -> tuple[bytes, bytes]:
    """Give the header lines of a request for an item that concern its body, and the body."""
    return b"Content-Type: application/json\r\n" + framing, body


def send(
    deployment: Deployment,
    headers: Mapping[str, str],
    lines: bytes,
    *bodies: bytes,
    start: bytes = f"POST {V1}/items HTTP/1.1".encode(),
    hang_up: bool = False,
) -> bytes:
    """Send a request as bytes, and give all that comes until the server closes or says no more."""
    mine = b"".join(f"{name}: {value}\r\n".encode() for name, value in headers.items())
    head = start + b"\r\nHost: x\r\n" + mine + lines + b"\r\n"
    return exchange(deployment, head, *bodies, hang_up=hang_up)


def exchange(deployment: Deployment, *parts: bytes, hang_up: bool = False) -> bytes:
    where = urlsplit(deployment.url)
    received = b""
    with closing(socket.create_connection((where.hostname, where.port), timeout=30)) as connection:
        with suppress(OSError):  # refused, perhaps closed already, before the last byte was sent
            for part in parts:
                connection.sendall(part)
            if hang_up:
                connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError, TimeoutError):
            while part := connection.recv(65536):
                received += part
                connection.settimeout(1)  # a connection that is kept open says no more
    return received


def statuses(received: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"HTTP/1\.[01] (\d{3}) ", received)]


def count(deployment: Deployment, headers: Mapping[str, str]) -> int:
    answer = deployment.client.get(f"{V1}/items?limit=1", headers=headers)
    total: int = answer.json()["total"]
    return total


def test_the_sender_can_send(deployment: Deployment, headers: dict[str, str]) -> None:
    """What makes the requests beside it fail is what is wrong with them."""
    good = (
        post(b"Content-Length: 13\r\n", ITEM + NEXT),
        post(CHUNKED, CHUNK + END + NEXT),
        post(CHUNKED, b"d;name=value\r\n" + ITEM + b"\r\n" + END + NEXT),
        post(CHUNKED, b"".join(b"1\r\n%c\r\n" % byte for byte in ITEM) + END + NEXT),
    )
    for lines, body in good:
        assert statuses(send(deployment, headers, lines, body)) == [201, 200], body


WRONG_BODIES = {
    "chunk longer than it says": post(CHUNKED, b"5\r\n" + ITEM + b"\r\n" + END + NEXT),
    "chunk size not hexadecimal": post(CHUNKED, b"zz\r\n" + ITEM + b"\r\n" + END + NEXT),
    "chunk size with 0x": post(CHUNKED, b"0x" + CHUNK + END + NEXT),
    "chunk size with a sign": post(CHUNKED, b"+" + CHUNK + END + NEXT),
    "chunk size below zero": post(CHUNKED, b"-1\r\n" + ITEM + b"\r\n" + END + NEXT),
    "chunk size with an underscore": post(CHUNKED, b"0_" + CHUNK + END + NEXT),
    "chunks with bare line feeds": post(CHUNKED, (CHUNK + END).replace(b"\r", b"") + NEXT),
    "broken after the first chunk": post(CHUNKED, CHUNK + b"zz\r\n" + END + NEXT),
    "broken over the limit": post(CHUNKED, b"1e8480\r\n" + b"y" * 2_000_000 + b"zz\r\n" + END),
    "length below zero": post(b"Content-Length: -1\r\n", ITEM),
    "length in words": post(b"Content-Length: abc\r\n", ITEM),
    "length with a sign": post(b"Content-Length: +13\r\n", ITEM + NEXT),
    "length with an underscore": post(b"Content-Length: 1_3\r\n", ITEM + NEXT),
    "length in other digits": post("Content-Length: \uff11\uff13\r\n".encode(), ITEM + NEXT),
    "length of nothing": post(b"Content-Length: \r\n", ITEM),
    "length of 4,301 digits": post(b"Content-Length: %s\r\n" % (b"9" * 4301), ITEM),
    "length in small digits": post("Content-Length: \xb9\xb3\r\n".encode("latin-1"), ITEM),
    "length of the same twice": post(b"Content-Length: 5\r\n" * 2, ITEM[:5]),
    "length shorter than the body": post(b"Content-Length: 5\r\n", ITEM + NEXT),
}


@pytest.mark.parametrize("name", WRONG_BODIES)
def test_a_body_framed_wrongly_is_refused(
    deployment: Deployment, headers: dict[str, str], name: str
) -> None:
    before = count(deployment, headers)
    answers = statuses(send(deployment, headers, *WRONG_BODIES[name]))
    assert answers, "no answer"
    assert set(answers) <= {400, 413}, answers
    assert count(deployment, headers) == before


@pytest.mark.parametrize(
    ("lines", "body"),
    [
        post(b"Content-Length: 50\r\n", ITEM),
        post(CHUNKED, CHUNK),
        post(CHUNKED, b"ff\r\n" + ITEM),
        post(CHUNKED, b"f"),
        post(CHUNKED, b""),
        post(CHUNKED, b"f" * 40 + b"\r\n" + ITEM),
        post(b"Content-Length: 99999999999999999999\r\n", ITEM),
    ],
    ids=[
        "length",
        "no last chunk",
        "half a chunk",
        "half a size",
        "nothing",
        "chunk of 160 bits",
        "length over 64 bits",
    ],
)
def test_half_a_body_is_no_body(
    deployment: Deployment, headers: dict[str, str], lines: bytes, body: bytes
) -> None:
    """The client hangs up before the end: what came until then must not be taken for all."""
    before = count(deployment, headers)
    answers = statuses(send(deployment, headers, lines, body, hang_up=True))
    assert set(answers) <= {400, 413}, answers
    assert count(deployment, headers) == before


#: Each says two things about where the body ends. Proxy and server may believe different ones.
AMBIGUOUS = {
    "length and chunks": post(b"Content-Length: 5\r\n" + CHUNKED, END + NEXT),
    "chunks and length": post(CHUNKED + b"Content-Length: 5\r\n", END + NEXT),
    "both, and a body": post(b"Content-Length: 23\r\n" + CHUNKED, CHUNK + END + NEXT),
    "two lengths": post(b"Content-Length: 13\r\nContent-Length: 5\r\n", ITEM + NEXT),
    "a list of lengths": post(b"Content-Length: 13, 5\r\n", ITEM + NEXT),
    "not chunked at last": post(b"Transfer-Encoding: chunked, identity\r\n", CHUNK + END + NEXT),
    "two codings": post(CHUNKED + b"Transfer-Encoding: identity\r\n", CHUNK + END + NEXT),
    "an unknown coding": post(
        b"Transfer-Encoding: xchunked\r\nContent-Length: 13\r\n", ITEM + NEXT
    ),
    "a space before the colon": post(
        b"Transfer-Encoding : chunked\r\nContent-Length: 23\r\n", CHUNK + END + NEXT
    ),
    "a vertical tab": post(
        b"Transfer-Encoding: \x0bchunked\r\nContent-Length: 23\r\n", CHUNK + END + NEXT
    ),
    "a folded line": post(
        b"X-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: 23\r\n", CHUNK + END + NEXT
    ),
    "a bare carriage return": post(
        b"X-A: b\rTransfer-Encoding: chunked\r\nContent-Length: 23\r\n", CHUNK + END + NEXT
    ),
}


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_nothing_is_smuggled_behind_a_body(
    deployment: Deployment, headers: dict[str, str], name: str
) -> None:
    """RFC 9112, 6: such a request is refused, and what stands behind it is not answered."""
    before = count(deployment, headers)
    answers = statuses(send(deployment, headers, *AMBIGUOUS[name]))
    # 501 is what the RFC asks for when a transfer coding is not known.
    assert answers in ([400], [501] if name == "an unknown coding" else [400]), answers
    assert count(deployment, headers) == before


def test_a_client_may_ask_before_it_sends(deployment: Deployment, headers: dict[str, str]) -> None:
    """RFC 9110, 10.1.1: ``Expect: 100-continue``."""
    lines, body = post(b"Expect: 100-continue\r\nContent-Length: 13\r\n", ITEM + NEXT)
    assert statuses(send(deployment, headers, lines, body)) == [100, 201, 200]
    size = 10 * 1024 * 1024
    lines, body = post(
        b"Connection: close\r\nExpect: 100-continue\r\nContent-Length: %d\r\n" % size, b"y" * size
    )
    received = send(deployment, headers, lines, body)
    assert statuses(received)[-1] == 413
    assert b"application/problem+json" in received


def test_what_is_too_large_is_refused_unread(
    deployment: Deployment, headers: dict[str, str]
) -> None:
    """The head says it all. gunicorn invites the body all the same, before the application runs."""
    lines = b"Expect: 100-continue\r\nContent-Length: 20000000\r\n"
    received = send(deployment, headers, *post(lines, b""))
    assert [status for status in statuses(received) if status != 100] == [413]
    assert b"application/problem+json" in received


def get(*lines: bytes, target: bytes = b"/health", version: bytes = b"HTTP/1.1") -> bytes:
    """Give a request without a body, after which the server is to close."""
    start = b" ".join((b"GET", target, version))
    return b"\r\n".join((start, b"Host: x", b"Connection: close", *lines, b"", b""))


HEADS = {
    "binary": bytes(range(256)) * 4 + b"\r\n\r\n",
    "TLS": bytes.fromhex("16030100c8010000c403035f") + bytes(190),
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/9.9": get(version=b"HTTP/9.9"),
    "HTTP/0.9": b"GET /health\r\n\r\n",
    "no host": get().replace(b"Host: x\r\n", b""),
    "two hosts": get(b"Host: y"),
    "odd host": get().replace(b"Host: x", b"Host: ]:[\x80@/?#:99999999"),
    "another host": get(target=b"http://evil.example/health"),
    "broken host": get(target=b"http://[::/health"),
    "proxy": get(target=b"evil.example:443").replace(b"GET", b"CONNECT"),
    "method": get().replace(b"GET", b"XYZZY"),
    "path with NUL": get(target=b"/\x00"),
    "path that is not UTF-8": get(target=b"/\xff\xfe\xc0\xaf"),
    "path with a space": get(target=b"/a b"),
    "length after 4,300 zeros": get(b"Content-Length: " + b"0" * 4301),
    "path upwards": get(target=b"/docs/../../../../etc/passwd"),
    "path of 100,000": get(target=b"/" + b"a" * 100_000),
    "header of 3,000,000": get(b"X-A: " + b"a" * 3_000_000),
    "5,000 headers": get(*(b"X-%d: a" % number for number in range(5000))),
    "header with NUL": get(b"X-Request-ID: a\x00b"),
    "header with a carriage return": get(b"X-Request-ID: a\rX-Injected: 1"),
    "header with a line feed": get(b"X-Request-ID: a\nX-Injected: 1"),
    "header that is not ASCII": get(b"X-Request-ID: \xff\xfe\xe9"),
    "header with encoded lines": get(b"X-Request-ID: a%0d%0aX-Injected: 1"),
    "expectation": get(b"Expect: 200-ok"),
    "WebSocket": get(
        b"Upgrade: websocket",
        b"Sec-WebSocket-Version: 13",
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ).replace(b"close", b"Upgrade"),
    "HTTP/2 instead": get(b"Upgrade: h2c").replace(b"close", b"close, Upgrade, HTTP2-Settings"),
}


@pytest.mark.parametrize("name", HEADS)
def test_odd_heads_are_never_a_server_error(deployment: Deployment, name: str) -> None:
    received = exchange(deployment, HEADS[name], hang_up=name in {"TLS", "WebSocket"})
    assert all(status < 500 for status in statuses(received)), received[:500]
    assert b"\nx-injected" not in received.lower()
    assert b"root:" not in received
    assert deployment.client.get("/health").status_code == 200


def test_two_slashes_are_not_one(deployment: Deployment) -> None:
    """A proxy's rule for a path would be passed by, and a redirect could lead to any host."""
    for target in (b"//health", b"/docs//index.html", b"/api//v1/items"):
        received = exchange(deployment, get(target=target).replace(b"Host: x", b"Host: evil.test"))
        assert statuses(received) == [404], target
        assert b"application/problem+json" in received
        assert b"evil.test" not in received


@pytest.mark.parametrize(
    "line",
    [
        b"SCRIPT_NAME: /x",
        b"Script-Name: /x",
        b"X-Forwarded-Prefix: /x",
        b"PATH_INFO: /health",
        b"X-Original-URL: /health",
    ],
    ids=bytes.decode,
)
def test_no_header_says_what_the_path_is(deployment: Deployment, line: bytes) -> None:
    assert statuses(exchange(deployment, get(line, target=b"/x/health"))) == [404]
    assert statuses(exchange(deployment, get(line))) == [200]
