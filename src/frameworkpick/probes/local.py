"""The project's production server as a process of this machine, on a database of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from . import earlier, sandbox, server, setup
from .database import Postgres
from .result import ProbeResult, Status, skipped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .earlier import Earlier
    from .questions import Questions
    from .sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class ServerProof:
    """The server of one installed copy."""

    #: The copy.
    box: Sandbox
    #: The framework's production command.
    command: Sequence[str]
    #: Address of a PostgreSQL server; ``None``: a new SQLite file.
    database_url: str | None
    #: What the server is asked.
    questions: Questions
    #: Told what is being done.
    progress: Callable[[str], None]
    #: What the project's previous commit migrated to.
    earlier: Earlier

    def run(self) -> list[ProbeResult]:
        """Prove the server on a new database, which is gone afterwards."""
        if self.database_url is None:
            results = self._with_database(f"sqlite:///{self.box.root / 'verify.db'}")
            return [*results, self._earlier(f"sqlite:///{self.box.root / 'earlier.db'}")]
        self.progress("creating a database")
        database = Postgres(self.box, self.database_url)
        created = database.create()
        if not created.passed:
            return [created, *skipped("create database", [*self._served_names(), earlier.PROBE])]
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
            earlier.PROBE,
        ]

    def _earlier(self, url: str) -> ProbeResult:
        self.progress("migrating a database of the earlier commit")
        return self.earlier.prove(self.box, sandbox.production_settings(url))

    def _earlier_on_server(self, server: str) -> ProbeResult:
        database = Postgres(self.box, server)
        created = database.create()
        if not created.passed:
            return replace(created, name=earlier.PROBE[0], group=earlier.PROBE[1])
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
            running = server.launch(self.box, self.command, settings, name="server")
        except OSError as error:
            failed = ProbeResult("server starts", "setup", Status.FAILED, 0.0, str(error))
            return [failed, *skipped("server starts", self._served_names())]
        try:
            started = server.wait_until_up(running)
            if not started.passed:
                return [started, *skipped("server starts", self._served_names())]
            results = [started, *self.questions.ask(running)]
            self.progress("stopping the server")
            results.append(server.stop(running))
        finally:
            running.process.stop(1.0)
        if self.questions.accounts:
            self.progress("starting with a weak secret")
            results.append(server.weak_secret_refused(self.box, self.command, settings))
        return results

    def _served_names(self) -> list[tuple[str, str]]:
        weak = [("weak secret refused", "server")] if self.questions.accounts else []
        return [*self.questions.names(), *weak, ("server stops", "server")]
