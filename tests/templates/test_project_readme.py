"""A generated project's README and AGENTS.md show only commands that work."""

from __future__ import annotations

import re
import shlex
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from frameworkpick.process import find_uv, start

from .projects import FRAMEWORKS

if TYPE_CHECKING:
    from collections.abc import Callable

    from .projects import Project

#: Commands that need a container engine; the containers have tests of their own.
NEEDS_ENGINE = ("docker ",)


def commands(project: Project) -> list[str]:
    """Every command line in a shell block of the two pages, without repeats."""
    found: dict[str, None] = {}
    for name in ("README.md", "AGENTS.md"):
        page = (project.folder / name).read_text(encoding="utf-8")
        for block in re.findall(r"```(?:sh|shell|bash|console)\n(.*?)```", page, re.DOTALL):
            for line in block.splitlines():
                command = shlex.join(shlex.split(line, comments=True))
                if command:
                    found[command] = None
    return list(found)


def serves(command: str) -> bool:
    return any(word in command for word in ("uvicorn", "gunicorn", "flask"))


@pytest.mark.matrix
@pytest.mark.parametrize("auth", ["tokens", "none"])
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_command_shown_works(
    installed: Callable[..., Project], framework: str, auth: str, tmp_path: Path
) -> None:
    project = installed(framework, auth)
    shown = commands(project)
    assert any("pytest" in command for command in shown)
    assert any(serves(command) for command in shown)
    uv = find_uv()
    assert uv
    path = f"{Path(uv).parent}:{project.environ({})['PATH']}"
    env = project.environ({"PATH": path, "APP_DATABASE_URL": f"sqlite:///{tmp_path}/readme.db"})
    for command in shown:
        if command.startswith(NEEDS_ENGINE):
            continue
        if serves(command):
            answers_to_health(command, project, env, tmp_path / "server.log")
            continue
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=project.folder, env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def answers_to_health(command: str, project: Project, env: dict[str, str], log: Path) -> None:
    """Start a server as shown, and ask it on the port it says."""
    server = start(["bash", "-c", f"exec {command}"], cwd=project.folder, env=env, log=log)
    deadline = time.monotonic() + 60
    try:
        while not answers(log.read_text()):
            assert server.poll() is None, f"{command}\n{log.read_text()}"
            assert time.monotonic() < deadline, f"{command}\n{log.read_text()}"
            time.sleep(0.1)
    finally:
        server.stop(10)


def answers(log: str) -> bool:
    """Whether the address in the log answers; a reloader names it before anybody listens there."""
    url = re.search(r"http://(?:127\.0\.0\.1|0\.0\.0\.0|localhost):(\d+)", log)
    if not url:
        return False
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{url[1]}/health", timeout=10) as answer:
            return bool(answer.status == 200)
    except urllib.error.URLError:
        return False
