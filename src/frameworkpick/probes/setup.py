"""Makes the copy ready to run, and runs the project's own checks."""

from __future__ import annotations

import os
import re
import sys
import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from frameworkpick import process

from .result import ProbeResult, Status, outcome

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping, Sequence

    from .sandbox import Sandbox

#: Seconds until a step is ended. A first install downloads everything; a test suite may be long.
INSTALL_TIMEOUT = 900.0
STEP_TIMEOUT = 120.0
CHECK_TIMEOUT = 900.0


@dataclass(frozen=True, slots=True)
class Check:
    """One command of the project's own."""

    name: str  #: Name in the pass table.
    argv: tuple[str, ...]  #: The program and its arguments.


#: The checks that need no server and no database.
CHECKS = (
    Check("ruff check", ("ruff", "check", "--no-cache")),
    Check("ruff format", ("ruff", "format", "--check", "--no-cache")),
    Check("mypy", ("mypy",)),
    Check("tests", ("pytest",)),
)
MIGRATE = Check("migrations", ("alembic", "upgrade", "head"))
MIGRATION_CHECK = Check("alembic check", ("alembic", "check"))


def install(sandbox: Sandbox) -> ProbeResult:
    """Install the copy with uv, as its lock file says when it has one."""
    uv = process.find_uv()
    if uv is None:
        evidence = "uv was not found. Install it: https://docs.astral.sh/uv/"
        return ProbeResult("install", "setup", Status.FAILED, 0.0, evidence)
    argv = [uv, "sync"]
    if (sandbox.project / "uv.lock").exists():
        argv.append("--locked")
    argv += _python(sandbox)
    done = process.run(argv, cwd=sandbox.project, env=sandbox.environment, timeout=INSTALL_TIMEOUT)
    return _result("install", "setup", done)


def _python(sandbox: Sandbox) -> list[str]:
    """Return the option that makes uv use our own interpreter, when the project allows it.

    uv would look on PATH, where a version manager's shim can stand that starts nothing.
    """
    # The base, so that the copy does not hang on the environment this tool is installed in.
    base: str | None = getattr(sys, "_base_executable", None)
    project = sandbox.project
    if not base or "UV_PYTHON" in sandbox.environment or (project / ".python-version").exists():
        return []
    try:
        data = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))
        requires = str(data["project"]["requires-python"])
    except (OSError, ValueError, KeyError, TypeError):
        return []  # uv will say what is wrong with it.
    return ["--python", base] if allows(requires, sys.version_info[:3]) else []


def allows(requires: str, version: tuple[int, int, int]) -> bool:
    """Whether a ``requires-python`` surely allows a version; what is not understood does not."""
    for clause in requires.split(","):
        found = re.fullmatch(r"\s*(>=|>|<=|<)\s*(\d+(?:\.\d+){0,2})\s*", clause)
        if not found:
            return False
        numbers = [int(part) for part in found[2].split(".")]
        bound = tuple([*numbers, 0, 0][:3])
        holds = {
            ">=": version >= bound,
            ">": version > bound,
            "<=": version <= bound,
            "<": version < bound,
        }
        if not holds[found[1]]:
            return False
    return True


def run_check(
    sandbox: Sandbox,
    check: Check,
    *,
    group: str = "checks",
    settings: Mapping[str, str] | None = None,
    cancel: threading.Event | None = None,
) -> ProbeResult:
    """Run one command of the project's own in the copy.

    Args:
        sandbox: The copy.
        check: The command.
        group: Its part of the pass table.
        settings: More variables. A test suite gets no ``APP_*``: it sets its own.
        cancel: Ends the command when set.
    """
    done = process.run(
        [sandbox.program(check.argv[0]), *check.argv[1:]],
        cwd=sandbox.project,
        env={**sandbox.environment, **(settings or {})},
        timeout=CHECK_TIMEOUT if group == "checks" else STEP_TIMEOUT,
        cancel=cancel,
    )
    return _result(check.name, group, done)


def run_checks(
    sandbox: Sandbox,
    checks: Sequence[Check],
    *,
    settings: Mapping[str, str],
    cancel: threading.Event,
) -> list[ProbeResult]:
    """Run commands of the project's own one after another."""
    return [run_check(sandbox, check, settings=settings, cancel=cancel) for check in checks]


def _summary(output: str) -> str:
    """Return the line that says how much was done: uv's, alembic's, or the last one."""
    lines = output.rstrip().splitlines()
    told = [line for line in lines if line.startswith(("Installed ", "INFO  [alembic"))]
    return [*lines[-1:], *told[-1:]][-1].strip(" =") if lines else ""


def _result(name: str, group: str, done: process.Completed) -> ProbeResult:
    program = os.path.basename(done.argv[0])  # noqa: PTH119 (a string in, a string out)
    result = outcome(name, group, done, " ".join([program, *done.argv[1:]]))
    return replace(result, evidence=_summary(done.output)) if done.ok else result
