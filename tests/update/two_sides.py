"""Two sides, a person and a template, that change a project, and what must come of it."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from .small import git

if TYPE_CHECKING:
    from collections.abc import Collection

LINES = 12
ODD = 'docs/\u00fc "a"\\b.md'
MAIN = "src/app/main.py"
PATHS = ("README.md", MAIN, "src/app/db.py", ODD)
BINARY = "logo.bin"
IGNORED = "local/own.txt"
#: Where both sides add a file, so that they often meet.
ADDED = ("src/app/both.py", "both.bin", "docs/both.md")
LINK = b"\0a link to "
TEXT = ("change", "insert", "cut", "crlf", "no end")
PLACE = ("delete", "move", "move folder", "mode", "link", "folder", "binary")


def original() -> dict[str, bytes]:
    files = {p: "".join(f"{n} of {p!a}\n" for n in range(LINES)).encode() for p in PATHS}
    return files | {BINARY: b"\0original"}


@dataclass
class Side:
    """One side's changes: the files, and every line that it wrote."""

    name: str
    files: dict[str, bytes] = field(default_factory=original)
    lines: set[bytes] = field(default_factory=set)
    executable: set[str] = field(default_factory=set)
    ignored: bytes | None = None

    def line(self) -> bytes:
        text = f"{self.name} wrote {len(self.lines)}".encode()
        self.lines.add(text)
        return text + b"\n"

    def do(self, action: str | None, path: str, number: int) -> None:
        """Do one thing, if it can be done to the path as it is now."""
        if action == "add":
            self._add(ADDED[number % len(ADDED)])
        elif action == "ignored":
            self.ignored = self.line()
        elif path not in self.files or self.files[path].startswith(LINK):
            return
        elif action in TEXT and path != BINARY:
            self._edit(action, path, number)
        elif action in PLACE:
            self._place(action, path)

    def _place(self, action: str, path: str) -> None:
        match action:
            case "move":
                self._move(path, f"moved/{self.name}/{Path(path).name}")
            case "move folder":
                for each in [each for each in self.files if each.startswith("src/app/")]:
                    self._move(each, each.replace("src/app", f"src/{self.name}"))
            case "mode":
                self.executable ^= {path}
            case "link":
                self.files[path] = LINK + b"elsewhere"
            case "binary":
                self.files[path] = b"\0" + self.line()
            case _:
                del self.files[path]
                if action == "folder":
                    self.files[f"{path}/inner.txt"] = self.line()

    def _add(self, path: str) -> None:
        if not self._taken(path):
            self.files[path] = (b"\0" if path.endswith("bin") else b"") + self.line() * 3

    def _taken(self, path: str) -> bool:
        return any(each == path or each.startswith(f"{path}/") for each in self.files)

    def _move(self, path: str, to: str) -> None:
        if not self._taken(to):
            self.files[to] = self.files.pop(path)
            if path in self.executable:
                self.executable ^= {path, to}

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
        elif action == "no end":
            lines[-1] = lines[-1].rstrip(b"\r\n")
        self.files[path] = b"".join(lines)

    def written(self) -> set[bytes]:
        """The lines that are still in its own files."""
        return {line for line in self.lines if any(line in data for data in self.files.values())}


ACTIONS = (*TEXT, *PLACE, "add", "ignored", "change", "delete", "move")
ANY = st.sampled_from(ACTIONS) | st.none()
#: Where both sides meet: the path, what the person and the template do there, and in which line.
meetings = st.lists(
    st.tuples(st.sampled_from((*PATHS, BINARY)), ANY, ANY, st.integers(0, LINES)),
    min_size=1,
    max_size=6,
)
Meeting = tuple[str, str | None, str | None, int]


def sides(met: list[Meeting]) -> tuple[Side, Side]:
    """Let both do what they do."""
    person, template = Side("person"), Side("template")
    for path, mine, theirs, number in met:
        person.do(mine, path, number)
        template.do(theirs, path, number)
    return person, template


def write(folder: Path, files: dict[str, bytes], executable: Collection[str] = ()) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if data.startswith(LINK):
            path.symlink_to(data.removeprefix(LINK).decode())
        else:
            path.write_bytes(data)
            path.chmod(0o755 if name in executable else 0o644)


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): LINK + os.fsencode(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        for path in folder.rglob("*")
        if (path.is_symlink() or path.is_file())
        and ".git" not in path.parts
        and ".frameworkpick-update" not in path.parts
    }


def executables(folder: Path) -> set[str]:
    return {
        path
        for path, data in content(folder).items()
        if not data.startswith(LINK) and os.access(folder / path, os.X_OK)
    }


def blob(project: Path, name: str) -> bytes:
    return subprocess.check_output(["git", "cat-file", "blob", name], cwd=project)


@dataclass(frozen=True)
class Told:
    """What is said of a merge."""

    conflicts: Collection[str]
    kept_deleted: Collection[str]


def nothing_is_lost(
    project: Path, person: Side, template: Side, told: Told, *, versioned: bool
) -> None:
    """Assert that every line is in the project, or on a side of a conflict that git knows.

    Args:
        project: The project after the merge.
        person: What a person did to it.
        template: What the template did meanwhile.
        told: What is said of the merge.
        versioned: Whether it is in git.
    """
    after, conflicts = content(project), told.conflicts
    everything = b"\n".join(after.values())
    assert after[".env"] == b"SECRET"
    if person.ignored:
        assert after[IGNORED] == person.ignored
    lost = {line for line in person.written() if line not in everything}
    assert not lost, (lost, told)
    staged = b""
    if versioned and conflicts:  # the other side of what takes no markers is in the index
        names = git(project, "ls-files", "--unmerged").splitlines()
        staged = b"\n".join(blob(project, name.split()[1]) for name in names)
    # git 2.39 itself drops what a template adds in a folder that takes a file's place, if the
    # person moved the folder around it: nothing of the person's.
    dropped = "inner.txt" in "".join(template.files) and "src/person/" in "".join(person.files)
    if not (told.kept_deleted or dropped or (conflicts and not versioned)):
        came = everything + staged
        missing = {line for line in template.written() if line not in came}
        assert not missing, (missing, told)
    for path in original().keys() & person.files.keys() & template.files.keys() & after.keys():
        if conflicts or after[path].startswith(LINK):
            continue  # with a conflict a path may hold another file than before
        changed_by = person if path in person.executable else template
        assert (path in executables(project)) == (path in changed_by.executable), path
    for path in original().keys() - person.files.keys():
        moved = any(Path(each).name == Path(path).name for each in person.files)
        if moved and template.files.get(path, b"").startswith(LINK):
            continue  # to git a link in a file's place is a new one
        assert conflicts or path not in after, f"{path} came back"
    if versioned:
        unmerged = set(git(project, "diff", "-z", "--name-only", "--diff-filter=U").split("\0"))
        assert unmerged - {""} == set(conflicts)
        assert not git(project, "ls-files", "--others", "--exclude-standard")
        clean = set(git(project, "diff", "-z", "--name-only").split("\0")) - unmerged
        assert not clean
