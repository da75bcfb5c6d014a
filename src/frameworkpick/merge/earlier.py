"""What a project's previous commit held, read from its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.errors import FrameworkpickError
from frameworkpick.git import stored_files
from frameworkpick.merge.files import File
from frameworkpick.merge.place import find_place
from frameworkpick.merge.threeway import SUBMODULE

if TYPE_CHECKING:
    from pathlib import Path

    from frameworkpick.merge.files import Files


def earlier_files(folder: Path, part: str) -> tuple[Files, str]:
    """Read a part of a project as its previous commit has it.

    That is the last commit while something is not committed, and else the one before.

    Args:
        folder: The project's folder.
        part: A folder in it.

    Returns:
        The files by their path in the project; or none, and why.
    """
    quiet = {"GIT_OPTIONAL_LOCKS": "0"}  # nothing of the repository is written
    try:
        repository = find_place(folder).repository
        if repository is None:
            return {}, "The project is not in git."
        changed = repository.git("status", "--porcelain", "-z", "--", ".", env=quiet)
        commit = "HEAD" if changed else "HEAD~1"
        if not repository.git.commit(commit):
            return {}, "There is no earlier commit."
        stored = stored_files(repository.git("ls-tree", "-r", "-z", commit, "--", part))
        kept = {path: entry for path, entry in stored.items() if entry[0] != SUBMODULE}
        contents = repository.git.contents([name for _, name in kept.values()])
        pairs = zip(kept.items(), contents, strict=True)
        files = {path: File(mode, data) for (path, (mode, _)), data in pairs}
    except FrameworkpickError as error:
        return {}, error.message
    return files, "" if files else f"The earlier commit has no {part}."
