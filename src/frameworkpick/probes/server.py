"""The project's production server on a database of its own: started, asked, stopped."""

from __future__ import annotations

import signal
import socket
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from frameworkpick import process

from . import sandbox, setup
from .client import Client, ProbeFailed
from .database import EARLIER, Earlier, Postgres
from .result import ProbeResult, Status, skipped
from .visit import Running

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .sandbox import Sandbox
    from .visit import Questions

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


def free_port() -> int:
    """Return a port of the loopback address that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def launch(
    box: Sandbox, command: Sequence[str], settings: Mapping[str, str], *, name: str
) -> Running:
    """Start the production server in the copy.

    Args:
        box: The copy.
        command: The framework's command; where to listen stands in ``{host}`` and ``{port}``, or
            is read from ``HOST`` and ``PORT``.
        settings: ``APP_*`` variables.
        name: Name of the log file.

    Raises:
        OSError: The server's program is not there.
    """
    port = free_port()
    values = {"{package}": box.package, "{host}": HOST, "{port}": str(port)}
    words = list(command)
    for key, value in values.items():
        words = [word.replace(key, value) for word in words]
    log = box.root / f"{name}.log"
    started = process.start(
        [box.program(words[0]), *words[1:]],
        cwd=box.project,
        env={**box.environment, **ONE_WORKER, "HOST": HOST, "PORT": str(port), **settings},
        log=log,
    )
    return Running(started, port, log)


def wait_until_up(server: Running) -> ProbeResult:
    """Wait until the server answers at all, whatever it answers."""
    name, group, began = "server starts", "setup", time.monotonic()
    while (seconds := time.monotonic() - began) < START_DEADLINE:
        if (code := server.process.poll()) is not None:
            return server.failed(name, group, seconds, f"The server ended with {code}.")
        try:
            Client(server.port, timeout=START_DEADLINE - seconds).get("/health")
        except ProbeFailed:
            time.sleep(0.05)
        else:
            return ProbeResult(name, group, Status.PASSED, seconds, "answers")
    sentence = f"The server did not answer within {START_DEADLINE:.0f} seconds."
    return server.failed(name, group, seconds, sentence)


def weak_secret_refused(
    box: Sandbox, command: Sequence[str], settings: Mapping[str, str]
) -> ProbeResult:
    """Start the server with a weak secret; it must end by itself, with an error."""
    name, began = "weak secret refused", time.monotonic()
    weak = {**settings, "APP_SECRET_KEY": WEAK_SECRET}
    server = launch(box, command, weak, name="weak-secret")
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
        return server.failed(name, "server", seconds, sentence)
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
    return server.failed("server stops", "server", seconds, sentence)


@dataclass(frozen=True, slots=True)
class ServerProof:
    """The server of one installed copy."""

    box: Sandbox  #: The copy.
    command: Sequence[str]  #: The framework's production command.
    database_url: str | None  #: Address of a PostgreSQL server; ``None``: a new SQLite file.
    questions: Questions  #: What the server is asked.
    progress: Callable[[str], None]  #: Told what is being done.
    earlier: Earlier  #: What the project's previous commit migrated to.

    def run(self) -> list[ProbeResult]:
        """Prove the server on a new database, which is gone afterwards."""
        if self.database_url is None:
            results = self._with_database(f"sqlite:///{self.box.root / 'verify.db'}")
            return [*results, self._earlier(f"sqlite:///{self.box.root / 'earlier.db'}")]
        self.progress("creating a database")
        database = Postgres(self.box, self.database_url)
        created = database.create()
        if not created.passed:
            return [created, *skipped("create database", [*self._served_names(), EARLIER])]
        try:
            results = self._with_database(database.url)
        except BaseException:
            database.drop()
            raise
        dropped = replace(database.drop(), group="server")
        return [created, *results, dropped, self._earlier_on_server(self.database_url)]

    def names(self) -> list[tuple[str, str]]:
        """Return name and group of everything that needs the installed copy."""
        return [
            ("migrations", "setup"),
            ("server starts", "setup"),
            *self._served_names(),
            (setup.MIGRATION_CHECK.name, "checks"),
            EARLIER,
        ]

    def _earlier(self, url: str) -> ProbeResult:
        self.progress("migrating a database of the earlier commit")
        return self.earlier.prove(self.box, sandbox.production_settings(url))

    def _earlier_on_server(self, server: str) -> ProbeResult:
        database = Postgres(self.box, server)
        created = database.create()
        if not created.passed:
            return replace(created, name=EARLIER[0], group=EARLIER[1])
        try:
            return self._earlier(database.url)
        finally:
            database.drop()

    def _with_database(self, url: str) -> list[ProbeResult]:
        settings = sandbox.production_settings(url)
        self.progress("applying migrations")
        migrated = setup.run_check(self.box, setup.MIGRATE, group="setup", settings=settings)
        if not migrated.passed:
            return [migrated, *skipped("migrations", self._served_names())]
        served = self._serve(settings)
        self.progress("comparing models and migrations")
        compared = setup.run_check(self.box, setup.MIGRATION_CHECK, settings=settings)
        return [migrated, *served, compared]

    def _serve(self, settings: Mapping[str, str]) -> list[ProbeResult]:
        self.progress("starting the production server")
        try:
            running = launch(self.box, self.command, settings, name="server")
        except OSError as error:
            failed = ProbeResult("server starts", "setup", Status.FAILED, 0.0, str(error))
            return [failed, *skipped("server starts", self._served_names())]
        try:
            started = wait_until_up(running)
            if not started.passed:
                return [started, *skipped("server starts", self._served_names())]
            results = [started, *self.questions.ask(running)]
            self.progress("stopping the server")
            results.append(stop(running))
        finally:
            running.process.stop(1.0)
        if self.questions.accounts:
            self.progress("starting with a weak secret")
            results.append(weak_secret_refused(self.box, self.command, settings))
        return results

    def _served_names(self) -> list[tuple[str, str]]:
        weak = [("weak secret refused", "server")] if self.questions.accounts else []
        return [*self.questions.names(), *weak, ("server stops", "server")]
