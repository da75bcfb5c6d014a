"""One container of the project's image, run as locked down as a careful host would."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from frameworkpick.probes.client import Client, ProbeFailed
from frameworkpick.probes.result import ProbeResult, Status, tail
from frameworkpick.probes.server import START_DEADLINE, STOP_GRACE
from frameworkpick.probes.visit import Running

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .engine import Engine

#: Read-only root, one place to write, no rights at all and no way to get any.
LOCKED = (
    "--read-only", "--tmpfs", "/tmp",  # noqa: S108 (of the container) # nosec B108
    "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
)  # fmt: skip
#: Exit code of a program that was killed.
KILLED = 137
#: What a clean log does not hold.
_TROUBLE = re.compile(r"\b(ERROR|CRITICAL|FATAL)\b|Traceback \(most recent call last\)")


@dataclass(frozen=True, slots=True)
class Container:
    """A container that serves."""

    engine: Engine  #: The engine it runs in.
    name: str  #: Its name.
    running: Running  #: Its published port on 127.0.0.1, and its log.

    def state(self) -> dict[str, Any]:
        """Return what the engine says about its state."""
        state = self.engine.inspect("container", self.name).get("State", {})
        return state if isinstance(state, dict) else {}

    def exit_code(self) -> int | None:
        """Return the exit code once it has ended, else ``None``."""
        state = self.state()
        return None if state.get("Running") else int(state.get("ExitCode", -1))

    def failed(self, name: str, group: str, seconds: float, sentence: str) -> ProbeResult:
        """Return a failure with the end of the log."""
        evidence = f"{sentence}\n\nThe container's log:\n{tail(self.running.new_log())}"
        return ProbeResult(name, group, Status.FAILED, seconds, evidence)

    def wait_until_up(self) -> ProbeResult:
        """Wait until the server answers at all, whatever it answers."""
        name, group, began = "server starts", "setup", time.monotonic()
        while (seconds := time.monotonic() - began) < START_DEADLINE:
            if self.answers():
                told = "answers, on a read-only root and without capabilities"
                return ProbeResult(name, group, Status.PASSED, seconds, told)
            if (code := self.exit_code()) is not None:
                return self.failed(name, group, seconds, f"The container ended with {code}.")
        sentence = f"The server did not answer within {START_DEADLINE:.0f} seconds."
        return self.failed(name, group, seconds, sentence)

    def answers(self) -> bool:
        """Whether the server answers."""
        try:
            Client(self.running.port).get("/health")
        except ProbeFailed:
            return False
        return True

    def health_check(self, declared: Mapping[str, Any] | None) -> ProbeResult:
        """Wait until the engine calls the container healthy.

        Args:
            declared: The image's HEALTHCHECK as the engine describes it.
        """
        name, group, began = "health check", "image", time.monotonic()
        if not declared or declared.get("Test", ["NONE"])[0] == "NONE":
            sentence = "The image declares no HEALTHCHECK: nothing notices a server that hangs."
            return ProbeResult(name, group, Status.FAILED, 0.0, sentence)
        patience = _patience(declared)
        health: dict[str, Any] = {}
        while (seconds := time.monotonic() - began) < patience and not _given_up(health, declared):
            health = self.state().get("Health") or {}
            if health.get("Status") == "healthy":
                return ProbeResult(name, group, Status.PASSED, seconds, "healthy")
            time.sleep(0.2)
        said = [str(each.get("Output", "")).strip() for each in health.get("Log") or ()]
        sentence = f"The container is {health.get('Status', 'gone')} by its own HEALTHCHECK"
        evidence = f"{sentence}: {' '.join(declared['Test'])}\n\n{tail((said or [''])[-1])}"
        return ProbeResult(name, group, Status.FAILED, seconds, evidence)

    def log(self) -> str:
        """Return all it has logged."""
        return self.engine.run("logs", self.name).output

    def stop(self) -> ProbeResult:
        """Stop it as every host does, and expect exit code 0 soon."""
        name, group, began = "server stops", "server", time.monotonic()
        if (code := self.exit_code()) is not None:
            sentence = f"The container was gone before it was asked to end; it ended with {code}."
            return self.failed(name, group, 0.0, sentence)
        self.engine.run("stop", "-t", f"{STOP_GRACE:.0f}", self.name)
        seconds, code = time.monotonic() - began, self.exit_code()
        if code == 0:
            return ProbeResult(name, group, Status.PASSED, seconds, "ended with 0")
        sentence = f"The container ended with {code} after SIGTERM."
        if code == KILLED:
            sentence = f"The container did not end within {STOP_GRACE:.0f} seconds of SIGTERM."
        return self.failed(name, group, seconds, sentence)


def start(engine: Engine, name: str, port: int, *options: str, image: str) -> Container:
    """Start a container in the background, its port published on the loopback address.

    Args:
        engine: The engine.
        name: Name of the container and of its log file.
        port: Where its server listens inside.
        options: More options of ``docker run``.
        image: The image.

    Raises:
        ProbeFailed: The engine does not start it.
    """
    made = engine.run(
        "run", "--detach", "--name", name, *engine.label, *LOCKED,
        "--publish", f"127.0.0.1::{port}", *options, image,
    )  # fmt: skip
    if not made.ok:
        raise ProbeFailed(f"The engine does not start the container.\n\n{tail(made.output)}")
    log = engine.folder / f"{name}.log"
    follower = engine.follow("logs", "--follow", name, log=log)
    return Container(engine, name, Running(follower, _published(engine, name, port), log))


def _published(engine: Engine, name: str, port: int) -> int:
    """Return the published port; one that has died at once has none, and no server either."""
    found = engine.inspect("container", name).get("NetworkSettings", {}).get("Ports") or {}
    bound = found.get(f"{port}/tcp") or [{"HostPort": "0"}]
    return int(bound[0]["HostPort"])


def log_clean(text: str, group: str) -> ProbeResult:
    """Look for errors in the log of a run that gave no reason to log one."""
    lines = text.splitlines()
    if not (found := [line for line in lines if _TROUBLE.search(line)]):
        told = f"{len(lines)} lines, no error"
        return ProbeResult("log clean", group, Status.PASSED, 0.0, told)
    shown = "\n".join(found[:10])
    evidence = f"Of {len(lines)} lines, {len(found)} tell of an error:\n\n{shown}"
    return ProbeResult("log clean", group, Status.FAILED, 0.0, evidence)


def _patience(declared: Mapping[str, Any]) -> float:
    """Return the seconds after which a HEALTHCHECK must have come to a verdict."""

    def seconds(key: str, usual: float) -> float:
        return float(declared.get(key) or usual * 1e9) / 1e9

    once = seconds("Interval", 30.0) + seconds("Timeout", 30.0)
    return seconds("StartPeriod", 0.0) + _rounds(declared) * once + 15.0


def _rounds(declared: Mapping[str, Any]) -> int:
    return int(declared.get("Retries") or 3)


def _given_up(health: Mapping[str, Any], declared: Mapping[str, Any]) -> bool:
    """Whether it fails for good: one that only was too busy recovers in as many rounds again."""
    return int(health.get("FailingStreak") or 0) >= 2 * _rounds(declared)
