"""Whatever a person and the template do: no line is lost, and undoing brings everything back."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frameworkpick import merge

LINES = 12
PATHS = ("README.md", "src/app/main.py", "src/app/routes.py", "src/app/db.py", "docs/a.md")
BINARY = "logo.bin"


def original() -> dict[str, bytes]:
    files = {p: "".join(f"{p} line {n}\n" for n in range(LINES)).encode() for p in PATHS}
    return files | {BINARY: b"\0original"}


@dataclass
class Side:
    """One side's changes: the files, and every line that it wrote."""

    name: str
    files: dict[str, bytes] = field(default_factory=original)
    lines: set[bytes] = field(default_factory=set)

    def line(self) -> bytes:
        text = f"{self.name} wrote {len(self.lines)}".encode()
        self.lines.add(text)
        return text + b"\n"

    def do(self, action: str, path: str, number: int) -> None:
        if path not in self.files:
            return
        if action in {"change", "insert", "cut", "crlf"} and path != BINARY:
            self._edit(action, path, number)
        elif action == "delete":
            del self.files[path]
        elif action == "move":
            self.files[f"moved/{self.name}/{Path(path).name}"] = self.files.pop(path)
        elif action == "move folder":
            for each in [each for each in self.files if each.startswith("src/app/")]:
                self.files[each.replace("src/app", f"src/{self.name}")] = self.files.pop(each)
        elif action == "add":
            self.files[f"src/app/new{number}.py"] = self.line() * 3
        elif action == "binary":
            self.files[BINARY] = b"\0" + self.line()

    def _edit(self, action: str, path: str, number: int) -> None:
        lines = self.files[path].splitlines(keepends=True)
        if action == "change":
            lines[number % len(lines)] = self.line()
        elif action == "insert":
            lines.insert(number % (len(lines) + 1), self.line())
        elif action == "cut" and len(lines) > 1:
            del lines[number % len(lines)]
        elif action == "crlf" and self.name == "person":
            lines = [line.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") for line in lines]
        self.files[path] = b"".join(lines)

    def written(self) -> set[bytes]:
        """The lines that are still in its own files."""
        return {line for line in self.lines if any(line in data for data in self.files.values())}


ACTIONS = ("change", "insert", "cut", "delete", "move", "move folder", "add", "binary", "crlf")
edits = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.sampled_from((*PATHS, BINARY)), st.integers(0, LINES)),
    max_size=7,
)


def changed(name: str, actions: list[tuple[str, str, int]]) -> Side:
    side = Side(name)
    for action in actions:
        side.do(*action)
    return side


def write(folder: Path, files: dict[str, bytes]) -> None:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts and ".frameworkpick-update" not in path.parts
    }


def git(folder: Path, *words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=folder, capture_output=True, text=True, check=True
    ).stdout


def check(person: Side, template: Side, *, versioned: bool) -> None:
    root = Path(tempfile.mkdtemp(prefix="frameworkpick-test-"))
    try:
        project = root / "project"
        mine = {**person.files, ".copier-answers.yml": b"_commit: 1\n", ".gitignore": b".env\n"}
        write(project, {**mine, ".env": b"SECRET"})
        write(root / "base", original())
        write(root / "new", template.files | {".env": b"TEMPLATE"})
        if versioned:
            git(project, "init", "-q")
            git(project, "add", "--all")
            git(project, "commit", "-q", "-m", "mine")
        place = merge.find_place(project)
        scratch = root / "scratch"
        scratch.mkdir()
        plan = merge.plan(place, scratch, base=root / "base", new=root / "new", label="template")
        before = content(project)
        assert before == {**mine, ".env": b"SECRET"}
        merge.apply(place, plan.bench, plan.merged, "Update")
        after = content(project)
        everything = b"\n".join(after.values())
        assert after[".env"] == b"SECRET"
        lost = {line for line in person.written() if line not in everything}
        assert not lost, (lost, plan.merged)
        staged = b""
        if versioned and plan.merged.conflicts:  # the other side of a binary is in the index
            names = git(project, "ls-files", "--unmerged").splitlines()
            staged = b"\n".join(
                subprocess.check_output(["git", "cat-file", "blob", name.split()[1]], cwd=project)
                for name in names
            )
        if not plan.merged.kept_deleted:
            came = everything + staged
            missing = {line for line in template.written() if line not in came}
            binaries = {p for p, why in plan.merged.conflicts.items() if "binary" in why}
            assert not missing or (binaries and not versioned), (missing, plan.merged)
        if versioned:
            unmerged = set(git(project, "diff", "--name-only", "--diff-filter=U").split())
            assert unmerged == set(plan.merged.conflicts)
            assert not git(project, "ls-files", "--others", "--exclude-standard")
            clean = set(git(project, "diff", "--name-only").split()) - unmerged
            assert not clean
        merge.undo_last(merge.find_place(project))
        assert content(project) == before
        if versioned:
            assert not git(project, "status", "--porcelain")
    finally:
        shutil.rmtree(root)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(mine=edits, theirs=edits, versioned=st.booleans())
def test_every_line_survives_or_is_in_a_conflict(
    mine: list[tuple[str, str, int]], theirs: list[tuple[str, str, int]], *, versioned: bool
) -> None:
    check(changed("person", mine), changed("template", theirs), versioned=versioned)


@pytest.mark.matrix
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(mine=edits, theirs=edits, versioned=st.booleans())
def test_every_line_survives_or_is_in_a_conflict_at_length(
    mine: list[tuple[str, str, int]], theirs: list[tuple[str, str, int]], *, versioned: bool
) -> None:
    check(changed("person", mine), changed("template", theirs), versioned=versioned)
