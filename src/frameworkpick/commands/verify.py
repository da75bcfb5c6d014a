"""``verify``: prove a project on a copy, without touching it.

The copy is installed, migrated and served by its production server; the contract's questions are
asked over a real socket while the project's own checks run beside them.

A contract route is *absent*, not failed, when its handler (the function named like the operationId)
is no longer in the package and openapi.json does not describe it: the owner took it out. A handler
that stands in the code but is not served is a failure: a forgotten registration looks like that.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick import catalog, presets, process
from frameworkpick.errors import FrameworkpickError, TargetError
from frameworkpick.probes import GROUPS, ProbeResult, Status, VerifyResult, sandbox, server, setup
from frameworkpick.probes.client import Client
from frameworkpick.probes.contract import CONTRACT
from frameworkpick.probes.database import Postgres, check_url
from frameworkpick.probes.visit import Visit, run_probes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from frameworkpick.probes.sandbox import Sandbox

    #: Told what is being done now, in a few words ("installing", "probing: login").
    Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """What to prove."""

    #: The project's folder.
    directory: Path
    #: Address of a PostgreSQL server, where the run makes and drops a database of its own;
    #: ``None``: a new SQLite file.
    database_url: str | None = None


def run(request: VerifyRequest, *, progress: Progress = lambda _: None) -> VerifyResult:
    """Prove a project on a copy.

    Args:
        request: The project and the database to prove it on.
        progress: Told about each step as it begins; called from the calling thread only.

    Returns:
        Every probe with its evidence; ``exit_code`` is 3 when one failed.

    Raises:
        FrameworkpickError: There is no generated project in the folder, or it cannot be copied.
        InputError: The database URL cannot be used with this project.
    """
    began = time.monotonic()
    project = presets.read_project(request.directory)
    framework = catalog.load_knowledge().framework(project.framework)
    if framework is None:
        raise FrameworkpickError(
            f"The project's framework is {project.framework}, which is not known here.",
            "Use the version of frameworkpick that generated it, or a newer one.",
        )
    if request.database_url:
        check_url(request.database_url, project_database=str(project.options.get("database")))
    with (
        process.tidy_end(),
        tempfile.TemporaryDirectory(
            prefix="frameworkpick-verify-", ignore_cleanup_errors=True
        ) as folder,
        process.no_survivors(),
    ):
        box = _copy(request.directory, Path(folder), project.package)
        proof = _Proof(
            box=box,
            command=framework.serve.command,
            accounts=project.options.get("auth", "none") != "none",
            database_url=request.database_url,
            progress=progress,
        )
        results = proof.run()
    return VerifyResult(
        project=str(project.options.get("project_name", project.package)),
        framework=project.framework,
        database="postgresql" if request.database_url else "sqlite",
        probes=tuple(sorted(results, key=lambda result: GROUPS.index(result.group))),
        seconds=time.monotonic() - began,
    )


def _copy(source: Path, root: Path, package: str) -> Sandbox:
    project = root / "project"
    try:
        sandbox.copy_project(source, project)
    except OSError as error:
        raise TargetError(
            f"The project cannot be copied: {error.filename}: {error.strerror}.",
            "verify works on a copy and must be able to read every file of the project.",
        ) from error
    box = sandbox.Sandbox(root, project, package, {})
    return replace(box, environment=sandbox.clean_environment(os.environ, box.programs))


@dataclass(slots=True)
class _Proof:
    """One run over one copy."""

    box: Sandbox
    command: Sequence[str]
    accounts: bool
    database_url: str | None
    progress: Progress

    def run(self) -> list[ProbeResult]:
        self.progress("installing")
        installed = setup.install(self.box)
        if not installed.passed:
            return [installed, *_skipped("install", self._all_names())]
        cancel = threading.Event()
        with ThreadPoolExecutor(max_workers=1) as lane, ExitStack() as stack:
            # Comes before the pool waits for its thread: Ctrl-C must not wait for the checks.
            stack.callback(cancel.set)
            # The projects' tests make and drop databases of their own where this leads.
            settings = {"TEST_DATABASE_URL": self.database_url} if self.database_url else {}
            checks = lane.submit(
                setup.run_checks, self.box, setup.CHECKS, settings=settings, cancel=cancel
            )
            results = [installed, *self._on_database()]
            self.progress("running the project's tests and linters")
            return [*results, *checks.result()]

    def _on_database(self) -> list[ProbeResult]:
        if self.database_url is None:
            return self._with_database(f"sqlite:///{self.box.root / 'verify.db'}")
        self.progress("creating a database")
        database = Postgres(self.box, self.database_url)
        created = database.create()
        if not created.passed:
            return [created, *_skipped("create database", self._served_names())]
        try:
            results = self._with_database(database.url)
        except BaseException:
            database.drop()
            raise
        return [created, *results, replace(database.drop(), group="server")]

    def _with_database(self, url: str) -> list[ProbeResult]:
        settings = sandbox.production_settings(url)
        self.progress("applying migrations")
        migrated = setup.run_check(self.box, setup.MIGRATE, group="setup", settings=settings)
        if not migrated.passed:
            return [migrated, *_skipped("migrations", self._served_names())]
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
            return [failed, *_skipped("server starts", self._served_names())]
        try:
            started = server.wait_until_up(running)
            if not started.passed:
                return [started, *_skipped("server starts", self._served_names())]
            results = [started, *self._ask(running)]
            self.progress("stopping the server")
            results.append(server.stop(running))
        finally:
            running.process.stop(1.0)
        if self.accounts:
            self.progress("starting with a weak secret")
            results.append(server.weak_secret_refused(self.box, self.command, settings))
        return results

    def _ask(self, running: server.Running) -> list[ProbeResult]:
        visit = Visit(
            client=Client(running.port),
            accounts=self.accounts,
            handlers=sandbox.handler_names(self.box),
            source=sandbox.source_text(self.box),
        )
        return run_probes(
            CONTRACT,
            visit,
            log=running.new_log,
            progress=lambda name: self.progress(f"probing: {name}"),
        )

    def _served_names(self) -> list[tuple[str, str]]:
        """Return name and group of everything that needs the running server."""
        asked = [(p.name, p.group) for p in CONTRACT if p.accounts in {None, self.accounts}]
        weak = [("weak secret refused", "server")] if self.accounts else []
        return [*asked, *weak, ("server stops", "server")]

    def _all_names(self) -> list[tuple[str, str]]:
        setup_names = [("migrations", "setup"), ("server starts", "setup")]
        checks = [(check.name, "checks") for check in (setup.MIGRATION_CHECK, *setup.CHECKS)]
        return [*setup_names, *self._served_names(), *checks]


def _skipped(reason: str, names: Iterable[tuple[str, str]]) -> list[ProbeResult]:
    return [
        ProbeResult(name, group, Status.SKIPPED, 0.0, f"needs: {reason}") for name, group in names
    ]
