"""Puts faults into a project, one at a time, and asks its own tests whether they notice."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tomllib
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Self

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
    script, libraries = folder / "runner.py", folder / "libraries.txt"
    script.write_text(RUNNER, encoding="utf-8")
    project.check("python", str(script), str(libraries))
    with ExitStack() as stack:
        free: SimpleQueue[Runner] = SimpleQueue()
        for copied in copies(project, folder):
            free.put(stack.enter_context(Runner(copied, script, libraries)))

        def lives(fault: Fault) -> bool:
            runner = free.get()
            try:
                return passes_with(fault, runner)
            finally:
                free.put(runner)

        with ThreadPoolExecutor(AT_A_TIME) as pool:
            alive = list(pool.map(lives, faults))
    return [fault for fault, lived in zip(faults, alive, strict=True) if lived]


#: Is Python with all libraries of a project loaded, and becomes pytest once for every line it
#: reads: to load them takes most of a test file's time. Without a line it lists them first.
RUNNER = """
import importlib, json, os, site, sys
import pytest

listed = sys.argv[1]
if not os.path.exists(listed):
    pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider"])
    places = tuple(site.getsitepackages())
    found = [name for name, module in list(sys.modules.items())
             if str(getattr(module, "__file__", "")).startswith(places)]
    with open(listed, "w") as file:
        file.write("\\n".join(found))
    sys.exit()
for name in open(listed).read().split():
    if not name.startswith("_editable"):
        importlib.import_module(name)
for line in sys.stdin:
    output, words = json.loads(line)
    child = os.fork()
    if child == 0:
        code = 4
        try:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
            os.dup2(1, 2)
            # What is loaded cannot be rewritten any more; a library's own asserts need it not.
            code = int(pytest.main([*words, "-W", "ignore::pytest.PytestAssertRewriteWarning"]))
        finally:
            sys.stdout.flush()
            os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Runner:
    """Runs a copy's tests again and again."""

    def __init__(self, project: Project, script: Path, libraries: Path) -> None:
        self.project = project
        self._output = project.folder.with_suffix(".log")
        own = {"PYTHONPATH": str(project.folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
        self._process = subprocess.Popen(
            ["python", script, libraries], cwd=project.folder, env=project.environ(own), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def run(self, *words: str) -> tuple[int, str]:
        """Run pytest; give its exit code and what it said."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([str(self._output), words]) + "\n")
        self._process.stdin.flush()
        code = self._process.stdout.readline()
        output = self._output.read_text(encoding="utf-8", errors="replace")
        assert code, f"the runner ended:\n{output}"
        return int(code), output


def passes_with(fault: Fault, runner: Runner) -> bool:
    """Run the tests that should notice, and only if they do not, all of them."""
    path = fault.path(runner.project)
    before, times = path.read_text(encoding="utf-8"), path.stat()
    path.write_text(fault.put_into(before), encoding="utf-8")
    try:
        return passes(fault, runner, [f"tests/{name}" for name in fault.tests]) and passes(
            fault, runner, []
        )
    finally:
        path.write_text(before, encoding="utf-8")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # its bytecode is still good


def passes(fault: Fault, runner: Runner, tests: Sequence[str]) -> bool:
    """Whether the tests pass; a project that cannot even be imported shows no fault."""
    code, output = runner.run("-x", "-q", "-p", "no:cacheprovider", *tests)
    assert code in {0, 1}, f"{fault.id} is no fault that can be put in:\n{output}"
    return code == 0
