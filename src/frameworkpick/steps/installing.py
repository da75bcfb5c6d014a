"""Locks and installs a project's dependencies with uv."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick import process
from frameworkpick.core.plan import StepOutcome

from .outcomes import CANCELLED, undone, why

if TYPE_CHECKING:
    import threading

    from frameworkpick.core.plan import Step

#: Seconds a step may take before it is ended; a first install downloads every dependency.
TIMEOUT = 600.0
#: Seconds uv may take to say where a project belongs; it reads files only.
_ASK_TIMEOUT = 30.0

_COMMAND, _LOCK = "uv sync", "uv.lock"
_NO_UV = f"No uv of {'.'.join(map(str, process.OLDEST_UV))} or newer was found."


def install(
    step: Step, project: Path, minimum_python: str, cancel: threading.Event | None = None
) -> StepOutcome:
    """Lock and install the project's dependencies with uv; leave nothing half-made.

    Args:
        step: The step, for the outcome.
        project: The project's folder.
        minimum_python: The project's lowest Python, such as ``3.12``.
        cancel: Ends it when set.
    """
    uv = process.find_uv()
    if uv is None:
        return undone(step, _NO_UV, _COMMAND)
    env = _environment(minimum_python)
    if root := _workspace_of(uv, project, env):
        return undone(step, _member(root, project), _COMMAND)
    if cancel and cancel.is_set():
        return undone(step, CANCELLED, _COMMAND)
    lock_file = project / _LOCK
    before = lock_file.read_bytes() if lock_file.is_file() else None
    done = process.run(
        [uv, "sync", "--quiet"], cwd=project, env=env, timeout=TIMEOUT, cancel=cancel
    )
    if done.ok and (fault := _missing(project)):
        return undone(step, fault, _COMMAND, done.seconds)
    if done.ok:
        return StepOutcome(step, "done", _to_know(), "", done.seconds)
    shutil.rmtree(project / ".venv", ignore_errors=True)
    if done.ended_early:  # what it was writing may be half there
        lock_file.unlink(missing_ok=True)
        if before is not None:
            lock_file.write_bytes(before)
    return undone(step, why(done), _COMMAND, done.seconds)


def lock(project: Path, minimum_python: str | None, *, inherited: int | None = None) -> str:
    """Lock the project's dependencies anew with uv; return why that was not possible.

    Args:
        project: The project's folder.
        minimum_python: The project's lowest Python, such as ``3.12``, if that is known.
        inherited: A handle that stays open as long as uv runs.
    """
    uv = process.find_uv()
    if uv is None:
        return _NO_UV
    env = _environment(minimum_python)
    if root := _workspace_of(uv, project, env):
        return _member(root, project)
    done = process.run(
        [uv, "lock", "--quiet"], cwd=project, env=env, timeout=TIMEOUT, inherited=inherited
    )
    if not done.ok:
        return why(done, "uv lock failed.")
    return "" if (project / _LOCK).is_file() else f"uv wrote no {_LOCK} into the project."


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


def _environment(minimum_python: str | None) -> dict[str, str]:
    env = {key: value for key, value in os.environ.items() if not process.foreign_to_uv(key)}
    base = python_for(minimum_python) if minimum_python else None
    return env | {"UV_PYTHON": base} if base and "UV_PYTHON" not in env else env


def _missing(project: Path) -> str:
    """Say what uv did not leave in the project although it says that all is done."""
    missing = [name for name in (_LOCK, ".venv") if not (project / name).exists()]
    if not missing:
        return ""
    return f"uv left no {' and no '.join(missing)} in the project; is a uv workspace around it?"


def _workspace_of(uv: str, project: Path, env: dict[str, str]) -> Path | None:
    """Return the folder of the uv workspace that takes a project in, if one does."""
    words = [uv, "workspace", "dir", "--color", "never"]
    done = process.capture(words, cwd=project, env=env, timeout=_ASK_TIMEOUT)
    said = os.fsdecode(done.stdout).strip()
    if done.returncode or not said:  # one older than 0.10 cannot say
        return None
    root = Path(said).resolve()
    return root if root in project.resolve().parents else None


def _member(root: Path, project: Path) -> str:
    inside = project.resolve().relative_to(root).as_posix()
    return (
        f"The uv workspace {root} takes the folder in, so that the project would get no {_LOCK} "
        "of its own, which its image and pipelines need.\n"
        f'First leave it out there, by exclude = ["{inside}"] under [tool.uv.workspace] of '
        f"{root / 'pyproject.toml'}."
    )


def _to_know() -> str:
    """Say what of the caller's variables misleads a person's own uv, or another's."""
    aside = sorted(
        name
        for name in os.environ
        if name.startswith("UV_") and process.foreign_to_uv(name) and os.environ[name]
    )
    lines = [
        f"{name} is set and was left aside; unset it before you run uv here." for name in aside
    ]
    if newest := os.environ.get("UV_EXCLUDE_NEWER"):
        lines.append(
            f"{_LOCK} holds UV_EXCLUDE_NEWER, and --locked refuses it where that is not set: write "
            f'exclude-newer = "{newest}" under [tool.uv] in pyproject.toml.'
        )
    return "\n".join(lines)
