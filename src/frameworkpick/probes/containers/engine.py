"""The Docker engine: found, told what to do, and left without anything this run has made.

All that a run makes bears one label with the run's id; it is removed by that label, whatever
happened in between.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from frameworkpick import process
from frameworkpick.errors import FrameworkpickError
from frameworkpick.probes import sandbox
from frameworkpick.probes.result import ProbeResult, Status, tail

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from frameworkpick.process import Completed

#: The label; its value is the id of the run.
LABEL = "frameworkpick.verify"
#: Seconds for a question to the engine, and for one step of the work.
ASK_TIMEOUT = 60.0
STEP_TIMEOUT = 180.0
#: Seconds a build may take: a first one downloads everything.
BUILD_TIMEOUT = 1800.0
#: How each kind of thing is listed and removed; containers first, since they hold on to the others.
#: Volumes go by their name: the engine makes one that is missing, without a label, for a container
#: that it was about to start.
_KINDS = (
    (("ps", "--all", "--format", "id={{.ID}}"), "label", ("rm", "--force", "--volumes")),
    (("network", "ls", "--format", "id={{.ID}}"), "label", ("network", "rm")),
    (("volume", "ls", "--format", "id={{.Name}}"), "name", ("volume", "rm", "--force")),
    (("image", "ls", "--format", "id={{.ID}}"), "label", ("image", "rm", "--force")),
)
#: Finds an answer among the program's own warnings, which come with it.
_ANSWER = re.compile(r"^id=(\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Engine:
    """A Docker engine that answers, and one run's things in it."""

    program: str  #: The docker program.
    environment: Mapping[str, str]  #: Environment for the docker program alone.
    folder: Path  #: A folder of this run's own.
    place: str  #: Where probes look that use it: "image" or "compose".
    progress: Callable[[str], None]  #: Told what is being done.
    hidden: tuple[str, ...] = ()  #: Texts that must never be shown.
    #: Id of this run, the value of the label.
    run_id: str = field(default_factory=lambda: secrets.token_hex(6))

    @property
    def name(self) -> str:
        """A name for what this run makes, unlike any other."""
        return f"frameworkpick-verify-{self.run_id}"

    @property
    def labels(self) -> dict[str, str]:
        """The label of everything that is made."""
        return {LABEL: self.run_id}

    @property
    def label(self) -> tuple[str, str]:
        """The same as an option."""
        return "--label", f"{LABEL}={self.run_id}"

    def run(self, *words: str, timeout: float = STEP_TIMEOUT) -> Completed:
        """Run the docker program to its end."""
        return process.run(
            [self.program, *words], cwd=self.folder, env=self.environment, timeout=timeout
        )

    def follow(self, *words: str, log: Path) -> process.Server:
        """Start the docker program in the background, its output going to a file."""
        return process.start([self.program, *words], cwd=self.folder, env=self.environment, log=log)

    def inspect(self, kind: str, name: str) -> dict[str, Any]:
        """Return what the engine knows about a thing, or nothing at all."""
        done = self.run("inspect", "--type", kind, name, timeout=ASK_TIMEOUT)
        begin = re.search(r"^\[", done.output, re.MULTILINE)
        try:
            found = json.loads(done.output[begin.start() if begin else 0 :])[0]
        except (ValueError, LookupError, TypeError):
            return {}
        return found if isinstance(found, dict) else {}

    def proving(self, prove: Callable[[], list[ProbeResult]]) -> list[ProbeResult]:
        """Run probes, and remove all they have made, also when they are interrupted.

        Args:
            prove: Runs them.

        Returns:
            Their results, with no secret in the evidence, and one for the removal.
        """
        try:
            results = prove()
        except BaseException:
            with process.held_signals():
                self.remove_all()
                # The engine may have been about to make something when its client was stopped.
                time.sleep(1.0)
                self.remove_all()
            raise
        self.progress("removing what was made")
        with process.held_signals():
            results.append(self._removed())
        return [replace(r, place=self.place, evidence=self._clean(r.evidence)) for r in results]

    def _clean(self, text: str) -> str:
        for secret in self.hidden:
            text = text.replace(secret, "(secret)")
        return text

    def _removed(self) -> ProbeResult:
        began = time.monotonic()
        words = self.remove_all()
        left = [name for listing, by, _ in _KINDS for name in self._list(listing, by)]
        seconds = time.monotonic() - began
        if not left:
            return ProbeResult("removed", "server", Status.PASSED, seconds, "nothing is left")
        evidence = f"Left in the engine: {', '.join(left)}.\n\n{tail(words)}"
        return ProbeResult("removed", "server", Status.FAILED, seconds, evidence)

    def remove_all(self) -> str:
        """Remove everything that bears this run's label; return what the engine said."""
        said = []
        for listing, by, removal in _KINDS:
            if names := self._list(listing, by):
                said.append(self.run(*removal, *names).output)
        return "".join(said)

    def containers(self) -> list[str]:
        """Return the ids of this run's containers."""
        return self._list(*_KINDS[0][:2])

    def _list(self, listing: tuple[str, ...], by: str) -> list[str]:
        ours = f"{LABEL}={self.run_id}" if by == "label" else self.name
        done = self.run(*listing, "--filter", f"{by}={ours}", timeout=ASK_TIMEOUT)
        return list(dict.fromkeys(_ANSWER.findall(done.output))) if done.ok else []


def find(
    caller: Mapping[str, str], folder: Path, place: str, progress: Callable[[str], None]
) -> Engine:
    """Return the engine that the caller's docker program talks to.

    Args:
        caller: The environment of this process.
        folder: A folder for this run; it is made.
        place: What is run: "image" or "compose".
        progress: Told what is being done.

    Raises:
        FrameworkpickError: Docker, its engine or a part of it is missing.
    """
    program = shutil.which("docker", path=caller.get("PATH", os.defpath))
    if program is None:
        raise FrameworkpickError(
            "The docker program is not on PATH.",
            "Install Docker (https://docs.docker.com/get-started/get-docker/), or leave --docker"
            " and --compose out.",
        )
    environment = sandbox.engine_environment(caller) | {
        "DOCKER_BUILDKIT": "1",
        "DOCKER_CLI_HINTS": "false",
        "BUILDKIT_PROGRESS": "plain",
        "BUILDX_GIT_INFO": "false",
        # They would make several images of one.
        "BUILDX_NO_DEFAULT_ATTESTATIONS": "1",
    }
    folder.mkdir()
    engine = Engine(program, environment, folder, place, progress)
    answer = engine.run("version", "--format", "{{.Server.Version}}", timeout=ASK_TIMEOUT)
    if not answer.ok:
        raise FrameworkpickError(
            f"No Docker engine answers: {_last_line(answer.output)}",
            "Start Docker, or point DOCKER_HOST or docker's context at an engine of this machine.",
        )
    _must_be_near(engine)
    part, page = ("compose", "compose") if place == "compose" else ("buildx", "build")
    if not engine.run(part, "version", timeout=ASK_TIMEOUT).ok:
        raise FrameworkpickError(
            f"The docker program has no {part} plugin.",
            f"Install the package docker-{part}-plugin (https://docs.docker.com/{page}/).",
        )
    return engine


def _must_be_near(engine: Engine) -> None:
    """Refuse an engine whose loopback address is another machine's."""
    asked = ("context", "inspect", "--format", "id={{.Endpoints.docker.Host}}")
    found = _ANSWER.search(engine.run(*asked, timeout=ASK_TIMEOUT).output)
    parts = urlsplit(found[1] if found else "")
    if parts.hostname and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise FrameworkpickError(
            f"The Docker engine runs on another machine ({parts.hostname}): a port of its loopback"
            " address cannot be reached from here.",
            "Run verify on that machine, or use an engine of this one.",
        )


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing."
