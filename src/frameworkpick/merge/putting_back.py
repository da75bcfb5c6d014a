"""Puts a project's files back to what a journal keeps of them."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from frameworkpick.errors import FrameworkpickError
from frameworkpick.merge.files import clear, place_file, prune, read_file

if TYPE_CHECKING:
    from pathlib import Path

    from frameworkpick.merge.files import File
    from frameworkpick.merge.journal import Journal, Step

#: Somebody made a folder of a file, or a file of a folder.
_IN_THE_WAY = (FileExistsError, IsADirectoryError, NotADirectoryError)
_BEFORE = ".before-update"


def put_back(
    journal: Journal, project: Path, *, keep: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Put back every file that is as the update wrote it.

    Args:
        journal: The update.
        project: The project's folder.
        keep: Write what an edited file was before the update beside it: without git there is no
            other copy.

    Returns:
        The paths that somebody edited since, and that are left as they are; and what lies beside
        them.
    """
    numbered = [(n, step) for n, step in enumerate(journal.steps) if not step.kept]
    for number, step in numbered:
        clear(project, number, step.path)
    for _, step in numbered:
        path = project / step.path
        if step.old is None and (found := read_file(path)) and _is_ours(step, found):
            path.unlink()
            prune(path.parent, project)
    left = [n for n, step in numbered if not _one(journal, project, n, step)]
    beside = [_keep_beside(journal, project, number) for number in left] if keep else []
    return tuple(journal.steps[number].path for number in left), tuple(filter(None, beside))


def _one(journal: Journal, project: Path, number: int, step: Step) -> bool:
    """Make one path what it was; say whether it is."""
    path = project / step.path
    if step.old is None:
        return not os.path.lexists(path)
    found = read_file(path)
    if not _is_ours(step, found):
        return step.old.fits(found)
    try:
        place_file(project, number, step.path, step.old.mode, journal.content(number, "old"))
    except (FrameworkpickError, *_IN_THE_WAY):
        clear(project, number, step.path)
        return False
    return True


def _is_ours(step: Step, found: File | None) -> bool:
    """Whether what is found is what the update made of a path, as far as that is known."""
    return step.open or (step.new.fits(found) if step.new else found is None)


def _keep_beside(journal: Journal, project: Path, number: int) -> str | None:
    """Write what an edited file was before the update beside it; return where that is."""
    step = journal.steps[number]
    beside = f"{step.path}{_BEFORE}"
    if step.old is None:
        return None
    with contextlib.suppress(OSError), (project / beside).open("xb") as copy:
        copy.write(journal.content(number, "old"))
    return beside if (project / beside).is_file() else None
