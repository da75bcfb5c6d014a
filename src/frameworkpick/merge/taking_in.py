"""Adds a file that a step after the merge changed to what is staged, and to what can be undone."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from frameworkpick.merge import journal as journals
from frameworkpick.merge.files import read_file, write_down

if TYPE_CHECKING:
    from frameworkpick.merge.files import File
    from frameworkpick.merge.place import Place, Repository


def take_in(place: Place, path: str, before: File | None) -> bool:
    """Stage a file, if git knows it, and let ``update --abort`` put it back too.

    Args:
        place: The project, which a merge was just brought into.
        path: The file, in the project.
        before: What it was.

    Returns:
        Whether it is another than it was.
    """
    journal, after = journals.read(place.journal), read_file(place.folder / path)
    if journal is None or after == before:
        return False
    number, sides = len(journal.steps), []
    for side, file in (("old", before), ("new", after)):
        if file is not None:
            write_down(journal.folder / side / str(number), file.data)
        sides.append(journals.Side(file.mode, file.digest) if file else None)
    index = dict(journal.index)
    repository = place.repository
    if repository is not None and (entry := _entry(repository, path)):
        index[repository.prefix + path] = entry
    step = journals.Step(path, *sides)
    journals.rewrite(replace(journal, steps=(*journal.steps, step), index=index))
    if repository is not None and repository.prefix + path in index:
        repository.git("add", "--", path)
    return True


def _entry(repository: Repository, path: str) -> tuple[str, str] | None:
    """Return mode and object of a file that git knows."""
    listed = os.fsdecode(repository.git("ls-files", "--stage", "-z", "--", path))
    if not listed:
        return None
    mode, stored, _ = listed.split("\t")[0].split()
    return mode, stored
