"""Clients that send slowly, stop halfway or never hang up: the others do not feel it."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2
import pytest

from .deployment import V1

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .deployment import Deployment

#: More than any server here has threads.
MANY = 50
#: Seconds in which a server answers that is kept busy by nobody, on a busy machine.
PROMPT = 3.0
ITEM = b'{"title":"x"}'


def post(path: str, *lines: bytes, body: bytes = b"") -> bytes:
    head = (f"POST {path} HTTP/1.1".encode(), b"Host: x", *lines, b"", body)
    return b"\r\n".join(head)


#: What each of them sends, to send nothing more.
UNFINISHED = {
    "nothing": b"",
    "half a head": b"GET /health HTTP/1.1\r\nHost: x\r\nX-A: ",
    "half a body": post(f"{V1}/items", b"Content-Length: 13", body=ITEM[:5]),
    "half a form": post(
        f"{V1}/auth/login",
        b"Content-Type: application/x-www-form-urlencoded",
        b"Content-Length: 100",
        body=b"username=a",
    ),
    "half of too large a body": post("/nowhere", b"Content-Length: 20000000", body=b"a"),
    "what looks like the last chunk": post(
        f"{V1}/auth/login",
        b"Content-Type: application/x-www-form-urlencoded",
        b"Transfer-Encoding: chunked",
        body=b"5\r\n0\r\n\r\n\r\n",
    ),
    "all, and does not hang up": b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "all, and does not read": b"GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n",
}


def connect(deployment: Deployment) -> socket.socket:
    where = urlsplit(deployment.url)
    return socket.create_connection((where.hostname, where.port), timeout=30)


@contextmanager
def many(deployment: Deployment, request: bytes) -> Iterator[None]:
    with ExitStack() as stack:
        for _ in range(MANY):
            connection = stack.enter_context(closing(connect(deployment)))
            connection.sendall(request)
        yield


def assert_prompt(deployment: Deployment) -> None:
    """Ask anew each time: an open connection may have a place that others do not get."""
    for _ in range(3):
        answer = httpx2.get(f"{deployment.url}/health", timeout=PROMPT)
        assert answer.status_code == httpx2.codes.OK


@pytest.mark.parametrize("name", UNFINISHED)
def test_they_keep_nobody_out(deployment: Deployment, name: str) -> None:
    with many(deployment, UNFINISHED[name]):
        assert_prompt(deployment)


@pytest.mark.matrix
def test_the_one_that_waits_longest_makes_room(deployment: Deployment) -> None:
    """No number of them fills the server, or takes its last file descriptor."""
    with ExitStack() as stack:
        for _ in range(12):
            stack.enter_context(many(deployment, UNFINISHED["half a head"]))
        assert_prompt(deployment)


@pytest.mark.matrix
def test_a_request_that_does_not_come_is_given_up(deployment: Deployment) -> None:
    with closing(connect(deployment)) as silent, closing(connect(deployment)) as half:
        half.sendall(UNFINISHED["half a head"])
        for _ in range(8):  # it goes on, a byte in a second: that does not count as progress
            time.sleep(1)
            half.sendall(b"a")
        assert half.recv(1000).startswith(b"HTTP/1.1 408 ")
        assert silent.recv(1000) == b""


@pytest.mark.matrix
def test_a_slow_client_is_served(deployment: Deployment, headers: dict[str, str]) -> None:
    lines = [f"{name}: {value}".encode() for name, value in headers.items()]
    lines += [b"Content-Type: application/json", b"Content-Length: 13"]
    request = post(f"{V1}/items", *lines, body=ITEM)
    with closing(connect(deployment)) as connection:
        pieces = range(0, len(request), len(request) // 12)
        for piece in pieces:
            time.sleep(0.6 if request.find(b"\r\n\r\n") > piece else 4)
            connection.sendall(request[piece : piece + pieces.step])
        assert connection.recv(1000).startswith(b"HTTP/1.1 201 ")
