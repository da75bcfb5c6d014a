"""Puts faults into a project, one at a time, and asks its own tests whether they notice."""

from __future__ import annotations

import os
import shutil
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from .projects import Project

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FAULTS = Path(__file__).parent / "faults"
#: Each is a process that computes.
AT_A_TIME = 2


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake that the owner of a project could make."""

    id: str
    kind: str
    #: Below the package, or below the project when it begins with ``/``.
    file: str
    #: Must stand in the file exactly once.
    old: str
    new: str
    #: The test files that are most likely to notice, below ``tests/``.
    tests: tuple[str, ...]

    def path(self, project: Project) -> Path:
        """The file in a project."""
        folder = project.folder if self.file.startswith("/") else project.package
        return folder / self.file.removeprefix("/")

    def put_into(self, text: str) -> str:
        """The file's text with the mistake in it."""
        found = text.count(self.old)
        assert found == 1, f"{self.id}: {found} times in {self.file}: {self.old}"
        return text.replace(self.old, self.new)


def faults_of(framework: str) -> list[Fault]:
    """The faults of both frameworks' files, and of one framework's own."""
    found = []
    for name in ("shared", framework):
        listed = tomllib.loads((FAULTS / f"{name}.toml").read_text(encoding="utf-8"))
        for kind, faults in listed.items():
            found += [
                Fault(
                    id=each["id"],
                    kind=kind,
                    file=each["file"],
                    old=each["old"],
                    new=each["new"],
                    tests=tuple(each["tests"].split()),
                )
                for each in faults
            ]
    return found


def copies(project: Project, folder: Path) -> Iterator[Project]:
    """The project without its environment, which all of them use."""
    leave_out = shutil.ignore_patterns(".venv", ".git", ".pytest_cache")
    for number in range(AT_A_TIME):
        copied = folder / f"copy-{number}"
        shutil.copytree(project.folder, copied, ignore=leave_out)
        (copied / ".venv").symlink_to(project.folder / ".venv")
        yield Project(project.variant, copied)


def survivors(project: Project, faults: Sequence[Fault], folder: Path) -> list[Fault]:
    """The faults with which the project's own tests pass."""
    free: SimpleQueue[Project] = SimpleQueue()
    for each in copies(project, folder):
        free.put(each)

    def lives(fault: Fault) -> bool:
        copied = free.get()
        try:
            return passes_with(fault, copied)
        finally:
            free.put(copied)

    with ThreadPoolExecutor(AT_A_TIME) as pool:
        alive = list(pool.map(lives, faults))
    return [fault for fault, lived in zip(faults, alive, strict=True) if lived]


def passes_with(fault: Fault, project: Project) -> bool:
    """Run the tests that should notice, and only if they do not, all of them."""
    path = fault.path(project)
    before, times = path.read_text(encoding="utf-8"), path.stat()
    path.write_text(fault.put_into(before), encoding="utf-8")
    try:
        return passes(fault, project, [f"tests/{name}" for name in fault.tests]) and passes(
            fault, project, []
        )
    finally:
        path.write_text(before, encoding="utf-8")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # its bytecode is still good


def passes(fault: Fault, project: Project, tests: Sequence[str]) -> bool:
    """Whether the tests pass; a project that cannot even be imported shows no fault."""
    own = {"PYTHONPATH": str(project.folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = project.run("pytest", "-x", "-q", "-p", "no:cacheprovider", *tests, env=own)
    assert done.returncode in {0, 1}, f"{fault.id} is no fault that can be put in:\n{done.output}"
    return done.ok
