"""The project's compose file: brought up apart from everything else, asked, stopped, up again."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from frameworkpick.probes import sandbox, setup
from frameworkpick.probes.client import Client
from frameworkpick.probes.contract import AFTER_RESTART, BEFORE_RESTART
from frameworkpick.probes.items import BODY_LIMIT
from frameworkpick.probes.result import ProbeResult, Status, outcome, skipped, tail
from frameworkpick.probes.server import STOP_GRACE
from frameworkpick.probes.visit import Running

from . import compose_model, container
from .engine import ASK_TIMEOUT, BUILD_TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from frameworkpick.probes.visit import Questions, Visit
    from frameworkpick.process import Completed

    from .engine import Engine

#: The names of a compose file, the best first.
FILES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
#: Names and groups of the probes around the contract's questions.
READ = (("ports on loopback", "compose"), ("image builds", "compose"))
STARTED = (("services start", "compose"),)
STOPPED = (
    ("item stored", "server"), ("alembic check", "checks"), ("services stop", "compose"),
    ("log clean", "compose"), ("services start again", "compose"), ("item kept", "server"),
)  # fmt: skip
#: Seconds until all services must be healthy.
UP_TIMEOUT = 180
#: A service of somebody else's may pass the signal on.
CLEAN_ELSEWHERE = frozenset({0, 143})


def compose_file(folder: Path) -> Path | None:
    """Return a project's compose file, or ``None``."""
    return next((path for name in FILES if (path := folder / name).is_file()), None)


@dataclass(slots=True)
class Compose:
    """The services of one copy, set apart from all others."""

    engine: Engine  #: The engine that runs them.
    folder: Path  #: The copy of the project.
    service: str = ""  #: The service that is asked, and its port inside.
    port: int = 0
    #: Names of the services that are built from the project.
    own: tuple[str, ...] = field(default=())

    @property
    def file(self) -> Path:
        """The file that says how the services are set apart."""
        return self.engine.folder / "apart.json"

    def words(self, file: Path | None = None) -> tuple[str, ...]:
        """Return how every compose command of this run begins."""
        name, folder = self.engine.name, str(self.folder)
        which = ("--project-name", name, "--project-directory", folder)
        return ("compose", *which, "--file", str(file or self.file))

    def run(self, *words: str, timeout: float = ASK_TIMEOUT, file: Path | None = None) -> Completed:
        """Run one compose command to its end."""
        return self.engine.run(*self.words(file), *words, timeout=timeout)

    def up(self, name: str) -> ProbeResult:
        """Start all services and wait until they are healthy, or done."""
        done = self.run(
            "up", "--detach", "--no-build", "--quiet-pull",
            "--wait", "--wait-timeout", str(UP_TIMEOUT),
            timeout=BUILD_TIMEOUT,
        )  # fmt: skip
        result = outcome(name, "compose", done, "docker compose up --wait")
        if result.passed:
            return replace(result, evidence="healthy, or done")
        states = self.run("ps", "--all", "--format", "table {{.Service}}\t{{.Status}}").output
        evidence = f"{result.evidence}\n\n{states}\n{tail(self.log(), 60)}"
        return replace(result, evidence=evidence)

    def log(self) -> str:
        """Return what all services have logged."""
        return self.run("logs", "--no-color", "--tail", "100").output

    def own_log(self) -> str:
        """Return what the project's own services have logged."""
        return self.run("logs", "--no-color", *self.own).output

    def follow(self) -> Running:
        """Find the published port, and follow the log of the project's services."""
        said = self.run("port", self.service, str(self.port)).output.split()
        port = said[-1].rpartition(":")[2] if said else ""
        log = self.engine.folder / "compose.log"
        words = (*self.words(), "logs", "--no-color", "--follow", *self.own)
        return Running(self.engine.follow(*words, log=log), int(port) if port.isdigit() else 0, log)

    def stop(self) -> ProbeResult:
        """Stop all services, and read how each has ended."""
        began = time.monotonic()
        self.run("stop", "--timeout", f"{STOP_GRACE:.0f}", timeout=120.0)
        seconds = time.monotonic() - began
        ends = self._ends()
        told = ", ".join(f"{name} {code}" for name, code, _ in ends)
        wrong = [f"{name} {fault}" for name, *how in ends if (fault := self._fault(name, *how))]
        if ends and not wrong:
            return ProbeResult("services stop", "compose", Status.PASSED, seconds, told)
        evidence = f"{'; '.join(wrong) or 'No service was there to stop'}.\n\nExit codes: {told}"
        return ProbeResult("services stop", "compose", Status.FAILED, seconds, evidence)

    def _fault(self, name: str, code: int, restarts: int) -> str:
        if restarts:
            return f"had to be restarted ({restarts})"
        if code == container.KILLED:
            return f"did not end within {STOP_GRACE:.0f} seconds of SIGTERM"
        clean = {0} if name in self.own else CLEAN_ELSEWHERE
        return "" if code in clean else f"ended with {code}"

    def _ends(self) -> list[tuple[str, int, int]]:
        """Return name, exit code and number of restarts of each service's container."""
        found = []
        for identity in self.engine.containers():
            facts = self.engine.inspect("container", identity)
            labels = facts.get("Config", {}).get("Labels") or {}
            name = str(labels.get("com.docker.compose.service", identity))
            code = int(facts.get("State", {}).get("ExitCode", -1))
            found.append((name, code, int(facts.get("RestartCount", 0))))
        return sorted(found)

    def take_down(self) -> None:
        """Remove containers and networks, and keep the volumes that have a name."""
        self.run("rm", "--force", "--volumes")  # `down` would forget those without one.
        self.run("down", timeout=120.0)


@dataclass(frozen=True, slots=True)
class StackProof:
    """The services of one copy."""

    engine: Engine  #: The engine that runs them.
    file: Path  #: The compose file in a copy of the project.
    questions: Questions  #: What the server is asked.

    def run(self) -> list[ProbeResult]:
        """Prove the services; nothing of them is left in the engine afterwards."""
        given = {name: secrets.token_hex(32) for name in ("APP_SECRET_KEY", "POSTGRES_PASSWORD")}
        # Where compose looks for the owner's own.
        sandbox.write_settings(self.file.parent / ".env", given)
        engine = replace(self.engine, hidden=tuple(given.values()))
        compose = Compose(engine, self.file.parent)
        return engine.proving(lambda: _StackRound(engine, self, compose).prove())


@dataclass(slots=True)
class _StackRound:
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
        trouble = compose_model.beyond(model, self.proof.file.parent)
        found = compose_model.web(model)
        if found is None:
            trouble.append("no service publishes a port, so none can be asked")
        if trouble or found is None:
            text = f"The services cannot be tried apart from this machine: {'; '.join(trouble)}."
            return replace(result, status=Status.FAILED, evidence=text), {}
        self.compose.service, self.compose.port = found
        self.compose.own = tuple(compose_model.own(model))
        return replace(result, evidence=", ".join(compose_model.services(model))), model

    def _set_apart(self, model: Mapping[str, Any]) -> None:
        settings = {
            "APP_LOGIN_RATE": sandbox.LOGIN_RATE,
            "APP_MAX_BODY_BYTES": str(BODY_LIMIT),
            "APP_DOCS": "true",
            # Failed logins are counted in memory, so by each worker for itself: one must see all.
            "WEB_CONCURRENCY": "1",
        }
        apart = compose_model.set_apart(
            model, name=self.engine.name, labels=self.engine.labels, settings=settings
        )
        sandbox.write_private(self.compose.file, json.dumps(apart))

    def _served(self) -> list[ProbeResult]:
        ask, running = self.proof.questions.ask, self.compose.follow()
        visit = self.proof.questions.visit(running)
        results = ask(running, visit=visit)
        [stored] = ask(running, visit=visit, probes=[BEFORE_RESTART])
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
        kept = self.proof.questions.ask(running, visit=visit, probes=[AFTER_RESTART])
        running.process.stop(1.0)
        return kept

    def _served_names(self) -> list[tuple[str, str]]:
        return [*self.proof.questions.names(), *STOPPED]


def _loopback(model: Mapping[str, Any]) -> ProbeResult:
    name, group = READ[0]
    if found := compose_model.exposed(model):
        evidence = f"Reachable from other machines: {'; '.join(found)}."
        return ProbeResult(name, group, Status.FAILED, 0.0, evidence)
    return ProbeResult(name, group, Status.PASSED, 0.0, "nothing is published beyond it")
