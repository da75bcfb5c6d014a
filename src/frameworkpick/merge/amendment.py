"""Makes a file that another program rewrote, or made, a part of the merge that was just brought."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from frameworkpick.errors import FrameworkpickError
from frameworkpick.merge import index as indexes
from frameworkpick.merge import journal as journals
from frameworkpick.merge.files import REGULAR, File, place_file, read_file, write_down
from frameworkpick.merge.journal import Journal, JournalEntry, Side
from frameworkpick.merge.lock import locked

if TYPE_CHECKING:
    from collections.abc import Callable

    from frameworkpick.merge.place import Place, Repository


def rewritten(
    place: Place,
    path: str,
    program: Callable[[], str],
    waiting: Callable[[], None] = lambda: None,
) -> tuple[bool, str]:
    """Have a file rewritten, and stage it if git knows it.

    The journal notes it first: whenever this run ends, the merge is undone with this file.

    Args:
        place: The project, which a merge is being brought into.
        path: The file, in the project.
        program: Rewrites it; returns why that was not possible, and then the file stays as it was.
        waiting: Called once when somebody else has the index.

    Returns:
        Whether it is another than it was, and why not if that was the program's fault.

    Raises:
        FrameworkpickError: It is rewritten, but another git holds the index.
    """
    journal, before = journals.read(place.journal), read_file(place.folder / path)
    if journal is None or before is None:
        return False, ""
    opened, number = _opened(place, journal, path, before)
    fault = program()
    after = read_file(place.folder / path)
    if fault or after is None or after == before:
        if after != before:
            side = Side(before.mode, before.digest)
            place_file(place.folder, number, opened.steps[number].path, side.mode, before.data)
        journals.rewrite(journal)
        return False, fault
    write_down(journal.folder / "new" / str(number), after.data)
    step = replace(opened.steps[number], new=Side(after.mode, after.digest), open=False)
    entry = _stored(place, path)
    if place.repository is None or entry is None:
        journals.rewrite(_with(opened, number, step))
        return True, ""
    full = place.repository.prefix + path
    noted = replace(opened, after={**opened.after, full: entry})
    journals.rewrite(_with(noted, number, step))
    with locked(place, journal.folder, waiting):  # what `git add` does
        indexes.restore(place.repository, journal.folder, {full: entry})
    return True, ""


def added(place: Place, path: str, data: bytes, waiting: Callable[[], None] = lambda: None) -> None:
    """Write a new file, and stage it.

    The journal notes it first: whenever this run ends, the merge is undone with this file.

    Args:
        place: The project, which a merge is being brought into.
        path: The file, in the project.
        data: Its content.
        waiting: Called once when somebody else has the index.

    Raises:
        FrameworkpickError: Something lies there, or another git holds the index.
    """
    journal = journals.read(place.journal)
    if journal is None:
        return
    if os.path.lexists(place.folder / path):
        raise FrameworkpickError(f"{path} exists.", "Move it away.")
    number, file = len(journal.steps), File(REGULAR, data)
    side = Side(file.mode, file.digest)
    step = JournalEntry(path, None, side)
    write_down(journal.folder / "new" / str(number), data)
    with locked(place, journal.folder, waiting):
        index, repository = dict(journal.index), place.repository
        if repository is not None:
            index[repository.prefix + path] = None
        begun = _with(replace(journal, index=index), number, step)
        journals.rewrite(begun)
        place_file(place.folder, number, step.path, side.mode, data)
        if repository is not None:
            full, entry = repository.prefix + path, (file.mode, _hashed(repository, path))
            journals.rewrite(replace(begun, after={**begun.after, full: entry}))
            indexes.restore(repository, journal.folder, {full: entry})


def _opened(place: Place, journal: Journal, path: str, before: File) -> tuple[Journal, int]:
    """Note that a file is being rewritten; return the new journal, and which step it is."""
    index, numbers = dict(journal.index), [step.path for step in journal.steps]
    if path in numbers:  # the merge brought it: what it was before that counts
        number = numbers.index(path)
        step = replace(journal.steps[number], new=None, open=True)
    else:
        number = len(numbers)
        write_down(journal.folder / "old" / str(number), before.data)
        step = JournalEntry(path, Side(before.mode, before.digest), None, open=True)
        repository = place.repository
        if repository is not None and (entry := _entry(repository, path)):
            index[repository.prefix + path] = entry
    opened = _with(replace(journal, index=index), number, step)
    journals.rewrite(opened)
    return opened, number


def _with(journal: Journal, number: int, step: JournalEntry) -> Journal:
    return replace(journal, steps=(*journal.steps[:number], step, *journal.steps[number + 1 :]))


def _stored(place: Place, path: str) -> tuple[str, str] | None:
    """Store a file as git would; return what stands for it in the index, if git knows it."""
    repository = place.repository
    if repository is None or (entry := _entry(repository, path)) is None:
        return None
    return entry[0], _hashed(repository, path)


def _hashed(repository: Repository, path: str) -> str:
    return repository.git("hash-object", "-w", "--", path).decode().strip()


def _entry(repository: Repository, path: str) -> tuple[str, str] | None:
    """Return mode and object of a file that git knows."""
    listed = os.fsdecode(repository.git("ls-files", "--stage", "-z", "--", path))
    if not listed:
        return None
    mode, stored, _ = listed.split("\t")[0].split()
    return mode, stored
