"""Writes one file of a project: beside its place, then moved there, and never through a link."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from frameworkpick.errors import FrameworkpickError
from frameworkpick.merge.files import EXECUTABLE, LINK

if TYPE_CHECKING:
    from pathlib import Path

    from frameworkpick.merge.journal import Side, Step


def temporary(project: Path, number: int, step: Step) -> Path:
    """Return where a file is written before it is moved to its place."""
    return (project / step.path).parent / f".frameworkpick-{number}.tmp"


def clear(project: Path, number: int, step: Step) -> None:
    """Remove what a sudden end left beside the place of a file."""
    with suppress(FileNotFoundError, NotADirectoryError):
        temporary(project, number, step).unlink()


def place_file(project: Path, number: int, step: Step, side: Side, data: bytes) -> None:
    """Write one file beside its place and move it there."""
    path = project / step.path
    for parent in path.relative_to(project).parents:
        if (project / parent).is_symlink():
            raise FrameworkpickError(
                f"{step.path} leads through the link {parent}.", "Nothing is written through links."
            )
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = temporary(project, number, step)
    clear(project, number, step)
    if side.mode == LINK:
        scratch.symlink_to(os.fsdecode(data))
    else:
        executable = side.mode == EXECUTABLE
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(scratch, flags, 0o777 if executable else 0o666), "wb") as file:
            file.write(data)
        if path.is_file() and not path.is_symlink():
            bits = path.stat().st_mode & 0o777
            scratch.chmod(bits | (bits & 0o444) >> 2 if executable else bits & ~0o111)
    scratch.replace(path)
