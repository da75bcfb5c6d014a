"""The compose program, told about the services of one run."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .container import KILLED
from .engine import ASK_TIMEOUT, BUILD_TIMEOUT
from .result import ProbeResult, Status, outcome, tail
from .server import STOP_GRACE, Running

if TYPE_CHECKING:
    from pathlib import Path

    from frameworkpick.process import Completed

    from .engine import Engine

#: Seconds until all services must be healthy.
UP_TIMEOUT = 180
#: A service of somebody else's may pass the signal on.
CLEAN_ELSEWHERE = frozenset({0, 143})


@dataclass(slots=True)
class Compose:
    """The services of one copy, set apart from all others."""

    #: The engine that runs them.
    engine: Engine
    #: The copy of the project.
    folder: Path
    #: The service that is asked, and its port inside.
    service: str = ""
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
        if code == KILLED:
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
