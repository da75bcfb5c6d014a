"""What is still there of an update: in the work tree, in the index, and in the last commit.

That the last commit is another one does not say that the update is in it: each path is compared.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from frameworkpick.git import stored_files
from frameworkpick.merge import index as indexes
from frameworkpick.merge.files import File, read_file

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from frameworkpick.git import Stored
    from frameworkpick.merge.journal import Journal, JournalEntry
    from frameworkpick.merge.place import Place, Repository


@dataclass(frozen=True, slots=True)
class Remains:
    """The paths of an update, in the project."""

    written: frozenset[str] = frozenset()  #: On the disk as the update wrote them.
    staged: frozenset[str] = frozenset()  #: In the index as it left them.
    restaged: frozenset[str] = frozenset()  #: Staged by somebody since, as something else.
    committed: frozenset[str] = frozenset()  #: In the last commit otherwise than before it.
    taken: frozenset[str] = frozenset()  #: Of those: as the update wrote them.


def remains_of(place: Place, journal: Journal) -> Remains:
    """Compare an update with what is there."""
    written = frozenset(step.path for step in journal.steps if _is_written(place, step))
    repository = place.repository
    if repository is None or not journal.index:
        return Remains(written)
    held, head = indexes.listed(repository), _committed(repository)
    staged, restaged, committed = set(), set(), set()
    for full, before in journal.index.items():
        path = full.removeprefix(repository.prefix)
        if head.get(full) != before:
            committed.add(path)
        entries = held.get(full, [])
        if entries == _stage(before):
            continue
        unmerged = any(not entry.endswith(" 0") for entry in entries)
        if unmerged or full not in journal.after or entries == _stage(journal.after[full]):
            staged.add(path)
        else:
            restaged.add(path)
    taken = _taken(repository, journal, head, committed)
    return Remains(
        written, frozenset(staged), frozenset(restaged), frozenset(committed), frozenset(taken)
    )


def _is_written(place: Place, step: JournalEntry) -> bool:
    """Whether a path is as the update wrote it, and not as it was before."""
    found = read_file(place.folder / step.path)
    if step.open:
        return True
    if step.new is None:
        return step.old is not None and not os.path.lexists(place.folder / step.path)
    if found is None or not step.new.fits(found):
        return False
    if step.old is None or not step.old.fits(found):
        return True
    return found.mode == step.new.mode != step.old.mode  # its executable bit is all that changed


def _taken(
    repository: Repository,
    journal: Journal,
    head: Mapping[str, Stored],
    committed: Collection[str],
) -> set[str]:
    """Find what is committed as the update wrote it."""
    found = set()
    for step in journal.steps:
        if step.path not in committed:
            continue
        full = repository.prefix + step.path
        entry = head.get(full)
        if full in journal.after:
            same = entry == journal.after[full]
        elif entry and step.new:  # an older journal: as a checkout would write it
            same = step.new.fits(File(entry[0], repository.checked_out(step.path, entry[1])))
        else:
            same = entry is None and step.new is None
        if same:
            found.add(step.path)
    return found


def _committed(repository: Repository) -> dict[str, Stored]:
    """List the project's files in the last commit."""
    return stored_files(repository.git("ls-tree", "-r", "-z", "--full-name", "HEAD"))


def _stage(entry: Stored | None) -> list[str]:
    return [f"{entry[0]} {entry[1]} 0"] if entry else []
