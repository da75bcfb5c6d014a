"""How a project's files compare with its template's, reading those files and running nothing.

No git looks at the project here: a repository that somebody else configured could run programs. It
only looks at pristine renders, in a repository of our own.
Links are not followed, and only the template's own paths are read.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from frameworkpick.merge.files import (
    LINK,
    NOTHING,
    REGULAR,
    File,
    Files,
    expected_refusals,
    read_file,
    same_text,
)
from frameworkpick.merge.threeway import Workbench

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from frameworkpick.core.drift import State

#: Larger files are different from a template's without being read.
LARGEST = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class TemplateFiles:
    """The template's files in a project."""

    files: Files  #: By path; with the template's line ends where only those differ.

    def states(self) -> dict[str, State]:
        """Return what is compared."""
        return states(self.files)


def states(files: Mapping[str, File]) -> dict[str, State]:
    """Return mode and hash of each file."""
    return {path: (file.mode, file.digest) for path, file in files.items()}


@expected_refusals()
def find(project: Path, paths: Iterable[str], *like: Mapping[str, File]) -> TemplateFiles:
    """Read the template's paths in a project.

    Args:
        project: The project's folder.
        paths: What to look for.
        like: Renders of the template; a file that differs from one by its line ends alone, as a
            checkout on Windows does, counts as equal.

    Raises:
        FrameworkpickError: A file cannot be read.
    """
    files: Files = {}
    for path in sorted(paths):
        file = _read(project, path)
        if file is None:
            continue
        for render in like:
            model = render.get(path)
            if model and model.mode != LINK != file.mode and same_text(file.data, model.data):
                file = File(_mode(file, model), model.data)
                break
        files[path] = file
    return TemplateFiles(files)


def _mode(file: File, model: File) -> str:
    return model.mode if os.name == "nt" else file.mode


def _read(project: Path, path: str) -> File | None:
    for parent in reversed(PurePosixPath(path).parents):
        if (project / parent).is_symlink() and parent != PurePosixPath():
            return None
    try:
        size = (project / path).lstat().st_size
    except ValueError:
        return None
    except OSError as error:
        if error.errno in NOTHING:
            return None
        raise
    if size > LARGEST:
        return File(REGULAR, f"{size} bytes".encode())
    return read_file(project / path)


def left_out(scratch: Path, render: Path) -> frozenset[str]:
    """Return the files of a pristine render that its own ``.gitignore`` keeps out of git.

    It is the template's word alone: neither the project's rules nor the person's are asked.
    """
    listed = Workbench(scratch, attributes_of=render).git(
        "ls-files", "-z", "--others", "--ignored", "--exclude-standard"
    )
    return frozenset(os.fsdecode(path) for path in listed.split(b"\0") if path)


def would_conflict(scratch: Path, base: Files, found: TemplateFiles, new: Files) -> frozenset[str]:
    """Return the paths where merging ``new`` would leave a conflict."""
    merged = Workbench(scratch).merge(base, found.files, new, ("yours", "new"))
    return frozenset(merged.conflicts)
