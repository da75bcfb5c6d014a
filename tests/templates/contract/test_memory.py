"""What large and deep bodies, and many passwords, cost the server: it refuses what is too much."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from .deployment import V1, assert_problem, new_email, tokens_only

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx2

    from .deployment import Deployment
    from .targets import Target

pytestmark = pytest.mark.matrix

MIB = 1024 * 1024
#: Requests at once, and how many in all.
AT_ONCE, IN_ALL = 6, 12
#: Six bodies of the permitted size, some copies of each, and room; six of 10 MB do not fit.
MOST_GROWTH = 40 * MIB
#: A head that is refused has 64 KiB; what both servers read at once is not much more.
MOST_GROWTH_OF_A_HEAD = 8 * MIB
ITEMS = f"{V1}/items"
LOGIN = f"{V1}/auth/login"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def processes(pid: int) -> Iterator[int]:
    """Give a process and all it started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            yield from processes(int(child))


def resident(pid: int, which: str) -> int:
    """Give the bytes of memory a process has (``VmRSS``) or had at most (``VmHWM``)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    (line,) = [line for line in status.splitlines() if line.startswith(which)]
    return int(line.split()[1]) * 1024


def growth(server: Deployment, attack: Callable[[], None]) -> int:
    """Give the bytes by which the server's peak lies above what it had before."""
    assert server.process is not None
    pids = list(processes(server.process.pid))
    for pid in pids:
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
    before = {pid: resident(pid, "VmRSS") for pid in pids}
    attack()
    return sum(resident(pid, "VmHWM") - before[pid] for pid in pids)


def pieces(body: bytes) -> Iterator[bytes]:
    for at in range(0, len(body), 65_536):
        yield body[at : at + 65_536]


BODIES = {
    "10 MB": (ITEMS, JSON, b'{"title": "' + b"y" * 10 * MIB + b'"}', 413),
    "deep arrays": (ITEMS, JSON, b"[" * 100_000 + b"]" * 100_000, 400),
    "deep objects": (ITEMS, JSON, b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400),
    "10 MB form": (LOGIN, FORM, b"username=" + b"y" * 10 * MIB, 413),
}


@pytest.mark.parametrize("framing", ["length", "chunked"])
@pytest.mark.parametrize("name", BODIES)
def test_hostile_bodies_are_refused_and_not_kept(
    deployment: Deployment, headers: dict[str, str], name: str, framing: str
) -> None:
    if deployment.process is None:
        pytest.skip("the processes of this server are elsewhere")
    path, kind, body, status = BODIES[name]
    if path == LOGIN and deployment.auth == "none":
        pytest.skip("no form without users")

    def send(_: int) -> int:
        content = body if framing == "length" else pieces(body)
        sent = headers | {"Content-Type": kind}
        return deployment.client.post(path, content=content, headers=sent).status_code

    def attack() -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            assert set(pool.map(send, range(IN_ALL))) == {status}

    for _ in range(3):  # what each worker allocates once and keeps is not what this is about
        attack()
    assert growth(deployment, attack) < MOST_GROWTH
    assert deployment.client.get("/health").status_code == 200


#: Requests that have no end: what they repeat stands behind how they begin.
ENDLESS = {
    "header lines": (b"GET / HTTP/1.1\r\nHost: x\r\n", b"X-A: aaaaaaaaaa\r\n" * 4096),
    "one header": (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ", b"a" * 65_536),
    "path": (b"GET /", b"a" * 65_536),
    "trailers": (
        b"POST /nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
        b"X-A: aaaaaaaaaa\r\n" * 4096,
    ),
    "chunk extension": (
        b"POST /nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;",
        b"a" * 65_536,
    ),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_a_request_without_an_end_is_not_kept(deployment: Deployment, name: str) -> None:
    if deployment.process is None:
        pytest.skip("the processes of this server are elsewhere")
    begin, more = ENDLESS[name]

    def attack() -> None:
        where = urlsplit(deployment.url)
        address = (where.hostname, where.port)
        with closing(socket.create_connection(address, timeout=30)) as connection:  # noqa: SIM117
            with suppress(ConnectionError):
                connection.sendall(begin)
                for _ in range(60 * MIB // len(more)):
                    connection.sendall(more)

    assert growth(deployment, attack) < MOST_GROWTH_OF_A_HEAD
    assert deployment.client.get("/health").status_code == 200


#: Logins at once; the memory of one hash, and room for what fifty connections take.
LOGINS = 50
ONE_HASH, ROOM = 64 * MIB, 48 * MIB


@tokens_only
def test_many_logins_at_once_take_the_memory_of_one_and_let_others_through(
    deployment: Deployment, target: Target
) -> None:
    """A worker hashes one password at a time; some wait, and the others are told to come back."""
    if deployment.process is None:
        pytest.skip("the processes of this server are elsewhere")
    answers: list[httpx2.Response] = []
    slowest = 0.0
    began = time.perf_counter()
    deployment.login(new_email(), "wrong wrong wrong")
    alone = time.perf_counter() - began

    def log_in(_: int) -> httpx2.Response:
        return deployment.login(new_email(), "wrong wrong wrong")

    def attack() -> None:
        nonlocal slowest
        with ThreadPoolExecutor(LOGINS) as pool:
            logins = [pool.submit(log_in, number) for number in range(LOGINS)]
            while not all(login.done() for login in logins):
                began = time.perf_counter()
                assert deployment.client.get("/health").status_code == 200
                slowest = max(slowest, time.perf_counter() - began)
                time.sleep(0.05)
        answers.extend(login.result() for login in logins)

    assert growth(deployment, attack) < target.workers * (ONE_HASH + ROOM)
    assert slowest < max(1, 5 * alone)  # on a busy machine both take longer
    assert 401 in {answer.status_code for answer in answers}
    for answer in answers:
        if answer.status_code != 401:
            assert_problem(answer, 503)
            assert int(answer.headers["retry-after"]) > 0
