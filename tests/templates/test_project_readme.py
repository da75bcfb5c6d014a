"""A generated project's README and AGENTS.md show only commands that work."""

from __future__ import annotations

import re
import shlex
import subprocess
import time
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
    try:
        deadline = time.monotonic() + 30
        while True:
            url = re.search(r"http://(?:127\.0\.0\.1|0\.0\.0\.0|localhost):(\d+)", log.read_text())
            if url:
                break
            assert server.poll() is None, f"{command}\n{log.read_text()}"
            assert time.monotonic() < deadline, f"{command}\n{log.read_text()}"
            time.sleep(0.1)
        address = f"http://127.0.0.1:{url[1]}/health"
        with urllib.request.urlopen(address, timeout=10) as answer:
            assert answer.status == 200
    finally:
        server.stop(10)
