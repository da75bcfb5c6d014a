"""The project's production server: started, watched, stopped."""

from __future__ import annotations

import signal
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from frameworkpick import process

from .client import Client, ProbeFailed
from .result import ProbeResult, Status, tail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from .sandbox import Sandbox

#: Loopback; nobody else can reach it.
HOST = "127.0.0.1"
#: Attempts at a login are counted in each process.
ONE_WORKER = {"WEB_CONCURRENCY": "1"}
#: Seconds a server may take until it answers.
START_DEADLINE = 60.0
#: Seconds a server may take to end after SIGTERM.
STOP_GRACE = 10.0
#: A clean end: zero, or the signal passed on after the server has shut down, as uvicorn does.
CLEAN = frozenset({0, -signal.SIGTERM, 128 + signal.SIGTERM})
#: A secret that production must refuse: too short.
WEAK_SECRET = "change-me"  # noqa: S105 (weak on purpose) # nosec B105


@dataclass(slots=True)
class Running:
    """A started server."""

    #: The process.
    process: process.Server
    #: Port on 127.0.0.1.
    port: int
    #: File with everything it printed.
    log: Path
    #: How much of the log was shown already, in bytes.
    read: int = 0

    def new_log(self) -> str:
        """Return what was logged since the last call."""
        with self.log.open("rb") as stream:
            stream.seek(self.read)
            text = stream.read()
        self.read += len(text)
        return text.decode("utf-8", "replace")


def free_port() -> int:
    """Return a port of the loopback address that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def launch(
    sandbox: Sandbox, command: Sequence[str], settings: Mapping[str, str], *, name: str
) -> Running:
    """Start the production server in the copy.

    Args:
        sandbox: The copy.
        command: The framework's command; where to listen stands in ``{host}`` and ``{port}``, or
            is read from ``HOST`` and ``PORT``.
        settings: ``APP_*`` variables.
        name: Name of the log file.

    Raises:
        OSError: The server's program is not there.
    """
    port = free_port()
    values = {"{package}": sandbox.package, "{host}": HOST, "{port}": str(port)}
    words = list(command)
    for key, value in values.items():
        words = [word.replace(key, value) for word in words]
    log = sandbox.root / f"{name}.log"
    started = process.start(
        [sandbox.program(words[0]), *words[1:]],
        cwd=sandbox.project,
        env={**sandbox.environment, **ONE_WORKER, "HOST": HOST, "PORT": str(port), **settings},
        log=log,
    )
    return Running(started, port, log)


def wait_until_up(server: Running) -> ProbeResult:
    """Wait until the server answers at all, whatever it answers."""
    began = time.monotonic()
    while (seconds := time.monotonic() - began) < START_DEADLINE:
        if (code := server.process.poll()) is not None:
            return _start_result(Status.FAILED, seconds, f"The server ended with {code}.", server)
        try:
            Client(server.port, timeout=START_DEADLINE - seconds).get("/health")
        except ProbeFailed:
            time.sleep(0.05)
        else:
            return ProbeResult("server starts", "setup", Status.PASSED, seconds, "answers")
    problem = f"The server did not answer within {START_DEADLINE:.0f} seconds."
    return _start_result(Status.FAILED, seconds, problem, server)


def _start_result(status: Status, seconds: float, sentence: str, server: Running) -> ProbeResult:
    evidence = f"{sentence}\n\nThe server's log:\n{tail(server.new_log())}"
    return ProbeResult("server starts", "setup", status, seconds, evidence)


def weak_secret_refused(
    sandbox: Sandbox, command: Sequence[str], settings: Mapping[str, str]
) -> ProbeResult:
    """Start the server with a weak secret; it must end by itself, with an error."""
    name, began = "weak secret refused", time.monotonic()
    weak = {**settings, "APP_SECRET_KEY": WEAK_SECRET}
    server = launch(sandbox, command, weak, name="weak-secret")
    try:
        while (seconds := time.monotonic() - began) < START_DEADLINE:
            code = server.process.poll()
            if code is not None and code != 0:
                text = f"ended with {code}"
                return ProbeResult(name, "server", Status.PASSED, seconds, text)
            if code == 0 or _answers(server.port):
                break
            time.sleep(0.05)
        sentence = "The production server does not refuse to start with a weak APP_SECRET_KEY."
        evidence = f"{sentence}\n\nThe server's log:\n{tail(server.new_log())}"
        return ProbeResult(name, "server", Status.FAILED, seconds, evidence)
    finally:
        server.process.stop(1.0)


def _answers(port: int) -> bool:
    try:
        return Client(port).get("/health").status < 500  # noqa: PLR2004 (a class of codes)
    except ProbeFailed:
        return False


def stop(server: Running) -> ProbeResult:
    """Send SIGTERM, as every supervisor does, and expect a clean end soon."""
    began = time.monotonic()
    code = server.process.poll()
    died = code is not None
    if code is None:
        code = server.process.stop(STOP_GRACE)
    seconds = time.monotonic() - began
    if not died and code in CLEAN:
        return ProbeResult("server stops", "server", Status.PASSED, seconds, f"ended with {code}")
    if died:
        sentence = f"The server was gone before it was asked to end; it ended with {code}."
    elif code == -signal.SIGKILL:
        sentence = f"The server did not end within {STOP_GRACE:.0f} seconds of SIGTERM."
    else:
        sentence = f"The server ended with {code} after SIGTERM."
    evidence = f"{sentence}\n\nThe server's log:\n{tail(server.new_log())}"
    return ProbeResult("server stops", "server", Status.FAILED, seconds, evidence)
