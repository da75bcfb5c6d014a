"""SIGTERM under load: the server finishes what it has begun, and ends."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ..projects import FRAMEWORKS  # noqa: TID252 (one folder up is the nearest place both share)
from .deployment import GIVEN, production, serve
from .load import PATIENCE, Load
from .targets import Target
from .test_memory import processes

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.templates.projects import Project

    from .databases import Databases
    from .deployment import Deployment

pytestmark = [
    pytest.mark.matrix,
    pytest.mark.skipif(bool(GIVEN), reason="needs to end the server"),
    pytest.mark.parametrize("framework", FRAMEWORKS),
]
#: Requests that are answered before the signal comes.
WARM_UP = 40


@pytest.mark.parametrize("workers", [1, 2])
def test_sigterm_under_load_loses_no_accepted_request(
    framework: str,
    workers: int,
    installed: Callable[..., Project],
    databases: Databases,
    free_port: Callable[[], int],
    tmp_path: Path,
) -> None:
    """What the server accepted before the signal is answered; what it did, somebody was told.

    A request counts as accepted when its connection has left the queue of the listening socket and
    the request is sent, or when the server asked for its body (100 Continue). Each of those gets
    its whole answer, although many get it after the signal. That fails if the server drops what
    waits for a thread, or for the rest of a body.

    Clients that just go on may be refused, or see a connection close before any byte of an answer
    comes: one between two requests (RFC 9112 section 9.5 lets a server close it at any time), or
    one that the kernel queued for a server that accepts no more. To send such a request again has
    to be safe, so none of them may have had an effect: the items in the database are exactly those
    that were answered with 201. No answer may be cut short or be an error.
    """
    target = Target(framework, workers=workers)
    url = databases.migrated(target)
    # Cheap passwords: on a busy machine too, all is done before the server's patience ends.
    quick = {"APP_ARGON2_TIME_COST": "1", "APP_ARGON2_MEMORY_KIB": "8192"}
    quick |= {"APP_HASHES_AT_ONCE": "8"}  # and none of them is told to come back
    environment = production(url) | quick | {"WEB_CONCURRENCY": str(workers)}
    with serve(target.project(installed), environment, tmp_path, free_port()) as server:
        account = server.account()
        load = Load(server.url, account.tokens["access_token"], account.email)
        for _ in range(2):
            load.start(load.write_with_new_connections)
            load.start(load.write_and_read_on_one_connection)
        wait_until(lambda: len(load.requests) > WARM_UP)

        accepted = [load.item(padding=" " * 200_000) for _ in range(3)]
        for request in accepted:
            load.start(load.write_slowly, request)
            assert request.begun.wait(PATIENCE)
        logins = [load.login() for _ in range(12)]  # more than gunicorn has threads
        for request in logins:
            load.start(load.log_in, request)
        assert all(request.begun.wait(PATIENCE) for request in logins)
        wait_until(lambda: waiting_connections(server) == 0)
        time.sleep(0.05)  # for what was accepted last to be read
        signalled = send_sigterm(server)
        wait_until(lambda: has_ended(server))  # with a clean exit code: serve() checks it
        load.finish()

    assert [str(request) for request in load.requests if request.answer and not request.fine] == []
    assert [str(request) for request in (*accepted, *logins) if not request.fine] == []
    assert all(request.ended > signalled for request in accepted)
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
        stored = {title for (title,) in database.execute("SELECT title FROM items")}
    assert stored == {request.title for request in load.requests if request.status == 201}


def test_a_client_that_stalls_does_not_keep_the_server_from_ending(
    framework: str,
    installed: Callable[..., Project],
    databases: Databases,
    free_port: Callable[[], int],
    tmp_path: Path,
) -> None:
    """Docker waits for ten seconds before it kills; left alone, uvicorn waits for ever."""
    target = Target(framework)
    environment = production(databases.migrated(target))
    with serve(target.project(installed), environment, tmp_path, free_port()) as server:
        account = server.account()
        load = Load(server.url, account.tokens["access_token"], account.email)
        with load.stalled():
            send_sigterm(server)
            wait_until(lambda: has_ended(server))


def test_a_killed_server_leaves_nobody_behind(
    framework: str,
    installed: Callable[..., Project],
    databases: Databases,
    free_port: Callable[[], int],
    tmp_path: Path,
) -> None:
    """Workers that go on serve the release before, and keep the port from the one that starts."""
    target = Target(framework, workers=2)
    project, port = target.project(installed), free_port()
    environment = production(databases.migrated(target)) | {"WEB_CONCURRENCY": "2"}
    second = tmp_path / "second"
    second.mkdir()
    with pytest.raises(AssertionError, match="gave -9"):  # noqa: PT012, SIM117 # the end of the first, and no other
        with serve(project, environment, tmp_path, port) as server:
            assert server.process is not None
            workers = list(processes(server.process.pid))[1:]
            os.kill(server.process.pid, signal.SIGKILL)
            with serve(project, environment, second, port):
                wait_until(lambda: not any(map(lives, workers)))
    assert len(workers) >= target.workers


def lives(pid: int) -> bool:
    """Whether a process runs; one that has ended and is not reaped has no arguments any more."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except (FileNotFoundError, ProcessLookupError):
        return False


def send_sigterm(server: Deployment) -> float:
    """Ask the server to end, and say when that was."""
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGTERM)
    return time.monotonic()


def has_ended(server: Deployment) -> bool:
    assert server.process is not None
    return server.process.poll() is not None


def waiting_connections(server: Deployment) -> int:
    """How many connections the kernel has made that the server has not accepted yet."""
    port = server.url.rpartition(":")[2]
    address = f"0100007F:{int(port):04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()]
    (row,) = [row for row in rows if row[1] == address and row[3] == "0A"]  # it listens
    return int(row[4].partition(":")[2], 16)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
