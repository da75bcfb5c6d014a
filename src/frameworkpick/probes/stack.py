"""The project's compose file: brought up apart from everything else, asked, stopped, up again."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from . import composed, container, keeping, sandbox, setup
from .client import Client
from .compose import Compose
from .engine import BUILD_TIMEOUT
from .items import BODY_LIMIT
from .result import ProbeResult, Status, outcome, skipped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .engine import Engine
    from .questions import Questions
    from .visit import Visit

#: The names of a compose file, the best first.
FILES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
#: Names and groups of the probes around the contract's questions.
READ = (("ports on loopback", "compose"), ("image builds", "compose"))
STARTED = (("services start", "compose"),)
STOPPED = (
    ("item stored", "server"), ("alembic check", "checks"), ("services stop", "compose"),
    ("log clean", "compose"), ("services start again", "compose"), ("item kept", "server"),
)  # fmt: skip


def compose_file(folder: Path) -> Path | None:
    """Return a project's compose file, or ``None``."""
    return next((path for name in FILES if (path := folder / name).is_file()), None)


@dataclass(frozen=True, slots=True)
class StackProof:
    """The services of one copy."""

    #: The engine that runs them.
    engine: Engine
    #: The compose file in a copy of the project.
    file: Path
    #: What the server is asked.
    questions: Questions

    def run(self) -> list[ProbeResult]:
        """Prove the services; nothing of them is left in the engine afterwards."""
        given = {name: secrets.token_hex(32) for name in ("APP_SECRET_KEY", "POSTGRES_PASSWORD")}
        # Where compose looks for the owner's own.
        sandbox.write_settings(self.file.parent / ".env", given)
        engine = replace(self.engine, hidden=tuple(given.values()))
        compose = Compose(engine, self.file.parent)
        return engine.proving(lambda: _Round(engine, self, compose).prove())


@dataclass(slots=True)
class _Round:
    engine: Engine
    proof: StackProof
    compose: Compose

    def prove(self) -> list[ProbeResult]:
        self.engine.progress("reading the compose file")
        read, model = self._read()
        if not read.passed:
            return [read, *skipped("compose file", [*READ, *STARTED, *self._served_names()])]
        results = [read, _loopback(model)]
        self._set_apart(model)
        self.engine.progress("building the services")
        done = self.compose.run("build", timeout=BUILD_TIMEOUT)
        results.append(outcome("image builds", "compose", done, "docker compose build"))
        if not done.ok:
            return [*results, *skipped("image builds", [*STARTED, *self._served_names()])]
        self.engine.progress("starting the services")
        results.append(started := self.compose.up("services start"))
        if not started.passed:
            return [*results, *skipped("services start", self._served_names())]
        return [*results, *self._served()]

    def _read(self) -> tuple[ProbeResult, dict[str, Any]]:
        """Let compose fill in the file, and make sure that it stays within the copy."""
        printed = self.engine.folder / "compose.json"
        done = self.compose.run(
            "config", "--format", "json", "--output", str(printed), file=self.proof.file
        )
        result = outcome("compose file", "compose", done, "docker compose config")
        if not result.passed:
            return result, {}
        model: dict[str, Any] = json.loads(printed.read_text("utf-8"))
        trouble = composed.beyond(model, self.proof.file.parent)
        found = composed.web(model)
        if found is None:
            trouble.append("no service publishes a port, so none can be asked")
        if trouble or found is None:
            text = f"The services cannot be tried apart from this machine: {'; '.join(trouble)}."
            return replace(result, status=Status.FAILED, evidence=text), {}
        self.compose.service, self.compose.port = found
        self.compose.own = tuple(composed.own(model))
        return replace(result, evidence=", ".join(composed.services(model))), model

    def _set_apart(self, model: Mapping[str, Any]) -> None:
        settings = {
            "APP_LOGIN_RATE": sandbox.LOGIN_RATE,
            "APP_MAX_BODY_BYTES": str(BODY_LIMIT),
            "APP_DOCS": "true",
            # Failed logins are counted in memory, so by each worker for itself: one must see all.
            "WEB_CONCURRENCY": "1",
        }
        apart = composed.set_apart(
            model, name=self.engine.name, labels=self.engine.labels, settings=settings
        )
        sandbox.write_private(self.compose.file, json.dumps(apart))

    def _served(self) -> list[ProbeResult]:
        ask, running = self.proof.questions.ask, self.compose.follow()
        visit = self.proof.questions.visit(running)
        results = ask(running, visit=visit)
        [stored] = ask(running, visit=visit, probes=[keeping.BEFORE])
        self.engine.progress("comparing models and migrations")
        results += [stored, self._compare()]
        self.engine.progress("stopping the services")
        stopped = self.compose.stop()
        running.process.stop(1.0)
        clean = container.log_clean(self.compose.own_log(), "compose")
        self.compose.take_down()
        self.engine.progress("starting the services again")
        again = self.compose.up("services start again")
        results += [stopped, clean, again]
        if failed := next((each for each in (again, stored) if not each.ok), None):
            return [*results, *skipped(failed.name, [STOPPED[-1]])]
        return [*results, *self._kept(visit)]

    def _compare(self) -> ProbeResult:
        check = setup.MIGRATION_CHECK
        done = self.compose.run(
            "run", "--rm", "--no-deps", "--no-TTY", self.compose.service, *check.argv, timeout=120.0
        )
        return outcome(check.name, "checks", done, f"docker compose run {' '.join(check.argv)}")

    def _kept(self, visit: Visit) -> list[ProbeResult]:
        running = self.compose.follow()
        visit.client = Client(running.port)
        kept = self.proof.questions.ask(running, visit=visit, probes=[keeping.AFTER])
        running.process.stop(1.0)
        return kept

    def _served_names(self) -> list[tuple[str, str]]:
        return [*self.proof.questions.names(), *STOPPED]


def _loopback(model: Mapping[str, Any]) -> ProbeResult:
    name, group = READ[0]
    if found := composed.exposed(model):
        evidence = f"Reachable from other machines: {'; '.join(found)}."
        return ProbeResult(name, group, Status.FAILED, 0.0, evidence)
    return ProbeResult(name, group, Status.PASSED, 0.0, "nothing is published beyond it")
