"""What a project's previous commit held, read from its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.errors import FrameworkpickError
from frameworkpick.merge.files import File
from frameworkpick.merge.place import find_place

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
        known = repository.git.ask("rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}")
        if known.returncode:
            return {}, "There is no earlier commit."
        listed = repository.git("ls-tree", "-r", "-z", commit, "--", part)
        files: Files = {}
        for entry in filter(None, listed.decode("utf-8", "surrogateescape").split("\0")):
            facts, _, path = entry.partition("\t")
            mode, kind, name = facts.split(" ")
            if kind == "blob":
                files[path] = File(mode, repository.git("cat-file", "blob", name))
    except FrameworkpickError as error:
        return {}, error.message
    return files, "" if files else f"The earlier commit has no {part}."
