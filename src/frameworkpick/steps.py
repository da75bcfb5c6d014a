"""The steps after a project is written: install its dependencies, make the first commit."""

from __future__ import annotations

import os
import re
import shutil
import sys
from typing import TYPE_CHECKING

from frameworkpick import process
from frameworkpick.core.plan import Status, Step, StepOutcome

if TYPE_CHECKING:
    from pathlib import Path

#: Seconds a step may take before it is ended; a first install downloads every dependency.
INSTALL_TIMEOUT = 600.0
GIT_TIMEOUT = 120.0

_LAST_LINES = 12
_NOBODY = (
    "git does not know who you are: set user.name and user.email with `git config --global` first."
)
#: Variables of the caller that would make uv or git work on another environment or repository.
_NOT_INHERITED = re.compile(
    r"VIRTUAL_ENV|UV_PROJECT_ENVIRONMENT|GIT_(DIR|WORK_TREE|INDEX_FILE|PREFIX)"
)


def install(step: Step, project: Path, minimum_python: str) -> StepOutcome:
    """Lock and install the project's dependencies with uv.

    Args:
        step: The step, for the outcome.
        project: The project's folder.
        minimum_python: The project's lowest Python, such as ``3.12``.
    """
    command = "uv sync"
    uv = process.find_uv()
    if uv is None:
        return _undone(step, "uv was not found.", command)
    env = _environment(minimum_python)
    done = process.run([uv, "sync", "--quiet"], cwd=project, env=env, timeout=INSTALL_TIMEOUT)
    if done.ok:
        return StepOutcome(step, "done", "", "", done.seconds)
    return _undone(step, _tail(done.output), command, done.seconds)


def lock(project: Path, minimum_python: str | None, *, inherited: int | None = None) -> str:
    """Lock the project's dependencies anew with uv; return why that was not possible.

    Args:
        project: The project's folder.
        minimum_python: The project's lowest Python, such as ``3.12``, if that is known.
        inherited: A handle that stays open as long as uv runs.
    """
    uv = process.find_uv()
    if uv is None:
        return "uv was not found."
    env = _environment(minimum_python)
    done = process.run(
        [uv, "lock", "--quiet"],
        cwd=project, env=env, timeout=INSTALL_TIMEOUT, inherited=inherited,
    )  # fmt: skip
    return "" if done.ok else _tail(done.output) or "uv lock failed."


def commit(step: Step, project: Path, message: str) -> StepOutcome:
    """Create a git repository, unless there is one, and make the first commit.

    A project inside another repository gets none of its own, unless the step was asked for by name.
    """
    command = f'git init && git add --all && git commit -m "{message}"'
    git = shutil.which("git")
    if git is None:
        return _undone(step, "git was not found.", command)
    env = _environment()
    seconds = 0.0
    if not (project / ".git").exists():
        inside = process.run(
            [git, "rev-parse", "--show-toplevel"], cwd=project, env=env, timeout=GIT_TIMEOUT
        )
        if inside.ok and not step.required:
            outer = inside.output.strip()
            return StepOutcome(
                step, "not_done", f"The folder lies in the repository {outer}.", "git add ."
            )
        started = process.run(
            [git, "-c", "init.defaultBranch=main", "init", "--quiet"],
            cwd=project, env=env, timeout=GIT_TIMEOUT,
        )  # fmt: skip
        if not started.ok:
            return _undone(step, _tail(started.output), command)
        seconds += started.seconds
    for words in (["add", "--all"], ["commit", "--quiet", "-m", message]):
        done = process.run([git, *words], cwd=project, env=env, timeout=GIT_TIMEOUT)
        seconds += done.seconds
        if not done.ok:
            said = _tail(done.output) if _knows_who(git, project, env) else _NOBODY
            return _undone(step, said, command, seconds)
    return StepOutcome(step, "done", "", "", seconds)


def _knows_who(git: str, project: Path, env: dict[str, str]) -> bool:
    """Whether git has a name and an address to commit with; its own words differ by language."""
    return all(
        process.run([git, "var", name], cwd=project, env=env, timeout=GIT_TIMEOUT).ok
        for name in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT")
    )


def python_for(minimum: str) -> str | None:
    """Return this process's base interpreter when it is new enough for a project, else ``None``.

    uv would look on PATH, where a version manager's shim can stand that starts nothing.

    Args:
        minimum: The project's lowest Python, such as ``3.12``.
    """
    lowest = tuple(int(part) for part in minimum.split("."))
    # The base, so that the project does not hang on the environment this tool is installed in.
    base: str | None = getattr(sys, "_base_executable", None)
    return base if sys.version_info[: len(lowest)] >= lowest else None


def _environment(minimum_python: str | None = None) -> dict[str, str]:
    env = {key: value for key, value in os.environ.items() if not _NOT_INHERITED.fullmatch(key)}
    base = python_for(minimum_python) if minimum_python else None
    return env | {"UV_PYTHON": base} if base and "UV_PYTHON" not in env else env


def _undone(step: Step, detail: str, command: str, seconds: float = 0.0) -> StepOutcome:
    status: Status = "failed" if step.required else "not_done"
    return StepOutcome(step, status, detail, command, seconds)


def _tail(output: str) -> str:
    return "\n".join(output.strip().splitlines()[-_LAST_LINES:])
