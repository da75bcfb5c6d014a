"""A Docker engine for tests: what they make carries their name, and is removed at their end."""

from __future__ import annotations

import http.client
import math
import os
import time
import uuid
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick.process import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frameworkpick.process import Completed

#: Seconds until a container answers or is healthy, on a busy machine.
PATIENCE = 180.0
#: How a careful operator runs a service: nothing to write to but /tmp, and no rights.
LOCKED_DOWN = ("--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges")


@dataclass(frozen=True, slots=True)
class Container:
    """A container that was started; it may have ended since."""

    engine: Engine
    name: str

    def inspect(self, template: str) -> str:
        return self.engine.check("inspect", "--type=container", "--format", template, self.name)

    def logs(self) -> str:
        return self.engine.check("logs", self.name)

    def exec(self, *argv: str) -> str:
        return self.engine.check("exec", self.name, *argv)

    @property
    def port(self) -> int:
        """The port on this machine's loopback behind which it listens."""
        return int(self.engine.check("port", self.name).splitlines()[0].rpartition(":")[2])

    def get(self, path: str) -> int:
        """The status of a request; 0 while nobody answers."""
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with closing(client), suppress(OSError, http.client.HTTPException):
            client.request("GET", path)
            return client.getresponse().status
        return 0

    def stop(self) -> float:
        """End it with SIGTERM, and give the seconds that it took, by the engine's own clock."""
        since = time.time()
        self.engine.check("stop", "--time=10", self.name)
        until = math.ceil(time.time())
        only = (f"--filter=container={self.name}", "--filter=event=kill", "--filter=event=die")
        window = (f"--since={since:.6f}", f"--until={until}", "--format={{.Action}} {{.TimeNano}}")
        events = self.engine.check("events", *only, *window).splitlines()
        # the first of each: a second signal would be the one that cannot be caught
        at = {action: int(when) for action, when in map(str.split, reversed(events))}
        return (at["die"] - at["kill"]) / 1e9

    def wait(self, fact: str, seconds: float = PATIENCE) -> None:
        """Wait until it is ``healthy``, or answers on a path."""
        until = time.monotonic() + seconds
        while True:
            assert self.inspect("{{.State.Running}}") == "true", self.logs()
            if fact.startswith("/"):
                held = self.get(fact) == http.client.OK
            else:
                held = self.inspect("{{.State.Health.Status}}") == fact
            if held:
                return
            assert time.monotonic() < until, f"not {fact}:\n{self.logs()}"
            time.sleep(0.1)


@dataclass(frozen=True, slots=True)
class Engine:
    """The engine that the ``docker`` command on PATH speaks to."""

    #: Begins the name of everything made here.
    prefix: str = field(default_factory=lambda: f"containers-test-{uuid.uuid4().hex[:8]}")

    def run(
        self, *argv: str, cwd: Path | None = None, env: dict[str, str] | None = None
    ) -> Completed:
        quiet = {"BUILDX_GIT_INFO": "false"}  # the decoy .git is no repository
        environment = os.environ | quiet | (env or {})
        return run(["docker", *argv], cwd=cwd or Path.cwd(), env=environment, timeout=540)

    def check(self, *argv: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
        done = self.run(*argv, cwd=cwd, env=env)
        assert done.ok, f"docker {' '.join(argv)} exited {done.returncode}:\n{done.output}"
        return done.output.strip()

    def missing(self) -> str:
        """What these tests need and is not there; empty when all is."""
        for argv in (["info"], ["buildx", "version"], ["compose", "version"]):
            if not self.run(*argv).ok:
                return f"docker {' '.join(argv)} fails: no engine with BuildKit and Compose"
        return ""

    def build(self, folder: Path, tag: str) -> str:
        """Build an image, and give the log."""
        return self.check("build", "--progress=plain", f"--tag={tag}", ".", cwd=folder)

    def once(self, image: str, *argv: str, options: tuple[str, ...] = ()) -> Completed:
        """Run a command in a container that is removed when it ends."""
        return self.run("run", "--rm", f"--name={self.name()}", *options, image, *argv)

    def name(self) -> str:
        return f"{self.prefix}-{uuid.uuid4().hex[:6]}"

    @contextmanager
    def container(self, image: str, *options: str, port: int = 8000) -> Iterator[Container]:
        """Start an image as it is, locked down and published on loopback."""
        name = self.name()
        try:
            published = f"--publish=127.0.0.1::{port}"
            self.check(
                "run", "--detach", f"--name={name}", published, *LOCKED_DOWN, *options, image
            )
            yield Container(self, name)
        finally:
            self.run("rm", "--force", "--volumes", name)
