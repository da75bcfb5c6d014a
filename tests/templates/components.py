"""What a test needs of this machine. Where it is missing a test is skipped, in CI it fails."""

from __future__ import annotations

import os
import shutil
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from frameworkpick.process import find_uv, run

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Paths of interpreters, as PATH separates them; without it they are looked for.
NAMED = "FRAMEWORKPICK_PYTHONS"


def missing(reason: str) -> NoReturn:
    """Skip a test for want of something; with FRAMEWORKPICK_CI=1 everything has to be there."""
    if os.environ.get("FRAMEWORKPICK_CI") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@cache
def interpreters() -> dict[str, str]:
    """Find interpreters by their version, such as ``3.12``."""
    found: dict[str, str] = {}
    for candidate in _candidates():
        done = run(
            [candidate, "-c", "import sys; print('python', *sys.version_info[:2])"],
            cwd=Path.cwd(),
            timeout=60,
        )
        if done.ok and (words := done.output.split())[:1] == ["python"]:
            found.setdefault(".".join(words[1:]), candidate)
    return found


def interpreter(version: str) -> str:
    """Give the interpreter of this version, or skip."""
    if version not in interpreters():
        missing(f"Python {version} is not here; {NAMED} can name the paths of interpreters")
    return interpreters()[version]


def _candidates() -> Iterator[str]:
    if named := os.environ.get(NAMED):
        yield from filter(None, named.split(os.pathsep))
        return
    yield getattr(sys, "_base_executable", sys.executable)
    for minor in range(11, 20):
        if on_path := shutil.which(f"python3.{minor}"):
            yield on_path
    if uv := find_uv():
        for minor in range(11, 20):
            words = ["python", "find", "--quiet", "--offline", f"3.{minor}"]
            done = run([uv, *words], cwd=Path.cwd(), timeout=60)
            if done.ok:
                yield done.output.strip()
