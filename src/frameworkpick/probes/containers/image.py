"""The project's image: built from its Dockerfile, looked into, run locked down, and asked."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from frameworkpick.probes import sandbox, setup
from frameworkpick.probes.client import ProbeFailed
from frameworkpick.probes.result import ProbeResult, Status, outcome, skipped, tail
from frameworkpick.probes.server import START_DEADLINE, WEAK_SECRET

from . import container, decoys
from .engine import BUILD_TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from frameworkpick.probes.visit import Questions

    from .container import Container
    from .engine import Engine

#: Where the database of the run is mounted in the container.
DATA = "/data"
#: Names and groups of the probes around the contract's questions.
BUILT = (("not root", "image"), (decoys.NAME, "image"), ("migrations", "setup"))
STARTED = (("server starts", "setup"),)
STOPPED = (("health check", "image"), ("server stops", "server"), ("log clean", "image"))
WEAK = ("weak secret refused", "server")


@dataclass(frozen=True, slots=True)
class ImageProof:
    """One image of one copy."""

    engine: Engine  #: The engine that builds and runs it.
    context: Path  #: A copy of the project; decoys are put into it.
    questions: Questions  #: What the server is asked.

    def run(self) -> list[ProbeResult]:
        """Prove the image; nothing of it is left in the engine afterwards."""
        settings = sandbox.production_settings("") | {
            # Failed logins are counted in memory, so by each worker for itself: one must see all.
            "WEB_CONCURRENCY": "1",
        }
        engine = replace(self.engine, hidden=(settings["APP_SECRET_KEY"],))
        return engine.proving(lambda: _ImageRound(engine, self, settings).prove())


@dataclass(slots=True)
class _ImageRound:
    engine: Engine
    proof: ImageProof
    settings: dict[str, str]

    def prove(self) -> list[ProbeResult]:
        self.engine.progress("building the image")
        text = decoys.put(self.proof.context)
        built = self._build()
        if not built.passed:
            return [built, *skipped("image builds", [*BUILT, *self._served_names()])]
        facts = self.engine.inspect("image", self.engine.name)
        config: dict[str, Any] = facts.get("Config") or {}
        built = replace(built, evidence=f"{int(facts.get('Size', 0)) / 1e6:.0f} MB")
        self.engine.progress("looking into the image")
        looked = [built, not_root(config), decoys.look(self.engine, self.engine.name, text)]
        self.engine.progress("applying migrations in the image")
        try:
            self._make_database(config)
        except ProbeFailed as failure:
            migrated = ProbeResult("migrations", "setup", Status.FAILED, 0.0, str(failure))
        else:
            migrated = self._in_image(setup.MIGRATE, "setup")
        if not migrated.passed:
            return [*looked, migrated, *skipped("migrations", self._served_names())]
        served = self._serve(config)
        self.engine.progress("comparing models and migrations")
        return [*looked, migrated, *served, self._in_image(setup.MIGRATION_CHECK, "checks")]

    def _build(self) -> ProbeResult:
        done = self.engine.run(
            "build", "--tag", self.engine.name, *self.engine.label, str(self.proof.context),
            timeout=BUILD_TIMEOUT,
        )  # fmt: skip
        return outcome("image builds", "image", done, "docker build")

    def _make_database(self, config: Mapping[str, Any]) -> None:
        """Make a volume for a new SQLite file, where the image's own user may write."""
        self._must("volume", "create", *self.engine.label, self.engine.name)
        folder = DATA
        if DATA not in (config.get("Volumes") or {}):
            # A volume takes its owner from the image's folder; here there is none to take it from.
            folder = f"{DATA}/database"
            empty = self.engine.folder / "database"
            empty.mkdir()
            # The image's user is unknown here, and nobody else can reach the volume.
            empty.chmod(0o777)
            self._must(
                "create", "--name", f"{self.engine.name}-data", *self.engine.label,
                "--volume", f"{self.engine.name}:{DATA}", self.engine.name,
            )  # fmt: skip
            self._must("cp", str(empty), f"{self.engine.name}-data:{DATA}")
        self.settings["APP_DATABASE_URL"] = f"sqlite:///{folder}/verify.db"

    def _must(self, *words: str) -> None:
        done = self.engine.run(*words)
        if not done.ok:
            raise ProbeFailed(f"No place for a database can be made.\n\n{tail(done.output)}")

    def _options(self, name: str, settings: Mapping[str, str]) -> tuple[str, ...]:
        file = sandbox.write_settings(self.engine.folder / f"{name}.env", settings)
        return "--env-file", str(file), "--volume", f"{self.engine.name}:{DATA}"

    def _in_image(self, check: setup.Check, group: str) -> ProbeResult:
        """Run one of the project's own commands in a container of its own."""
        done = self.engine.run(
            "run", "--rm", *self.engine.label, *container.LOCKED,
            *self._options("command", self.settings), self.engine.name, *check.argv,
        )  # fmt: skip
        return outcome(check.name, group, done, f"docker run IMAGE {' '.join(check.argv)}")

    def _start(
        self, name: str, config: Mapping[str, Any], settings: Mapping[str, str]
    ) -> Container:
        port = served_port(config)
        name = f"{self.engine.name}-{name}"
        options = self._options(name, {**settings, "PORT": str(port)})
        return container.start(self.engine, name, port, *options, image=self.engine.name)

    def _serve(self, config: Mapping[str, Any]) -> list[ProbeResult]:
        self.engine.progress("starting the container")
        try:
            served = self._start("server", config, self.settings)
        except ProbeFailed as failure:
            failed = ProbeResult("server starts", "setup", Status.FAILED, 0.0, str(failure))
            return [failed, *skipped("server starts", self._served_names()[1:])]
        started = served.wait_until_up()
        if not started.passed:
            return [started, *skipped("server starts", self._served_names()[1:])]
        results = [started, *self.proof.questions.ask(served.running)]
        self.engine.progress("waiting for the health check")
        results.append(served.health_check(config.get("Healthcheck")))
        self.engine.progress("stopping the container")
        results += [served.stop(), container.log_clean(served.log(), "image")]
        if self.proof.questions.accounts:
            self.engine.progress("starting with a weak secret")
            results.append(self._weak_secret(config))
        return results

    def _weak_secret(self, config: Mapping[str, Any]) -> ProbeResult:
        (name, group), began = WEAK, time.monotonic()
        weak = {**self.settings, "APP_SECRET_KEY": WEAK_SECRET}
        try:
            served = self._start("weak-secret", config, weak)
        except ProbeFailed as failure:
            return ProbeResult(name, group, Status.FAILED, 0.0, str(failure))
        code = None
        while (seconds := time.monotonic() - began) < START_DEADLINE and not served.answers():
            if (code := served.exit_code()) is not None:
                break
        if code:
            return ProbeResult(name, group, Status.PASSED, seconds, f"ended with {code}")
        sentence = "The container does not refuse to start with a weak APP_SECRET_KEY."
        return served.failed(name, group, seconds, sentence)

    def _served_names(self) -> list[tuple[str, str]]:
        weak = [WEAK] if self.proof.questions.accounts else []
        return [
            *STARTED,
            *self.proof.questions.names(),
            *STOPPED,
            *weak,
            ("alembic check", "checks"),
        ]


def not_root(config: Mapping[str, Any]) -> ProbeResult:
    """Read which user the image runs as."""
    user = str(config.get("User") or "")
    if user.partition(":")[0] in {"", "root", "0"}:
        sentence = f"The image runs as root (USER is {user or 'not set'})."
        return ProbeResult("not root", "image", Status.FAILED, 0.0, sentence)
    return ProbeResult("not root", "image", Status.PASSED, 0.0, f"user {user}")


def served_port(config: Mapping[str, Any]) -> int:
    """Return the port the image says it listens on; 8000 when it says nothing, or too much."""
    exposed = [port for port in config.get("ExposedPorts") or {} if port.endswith("/tcp")]
    return int(exposed[0].partition("/")[0]) if len(exposed) == 1 else 8000
