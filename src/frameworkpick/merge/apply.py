"""Brings a merge into a project: files first, then the index, under a journal."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from frameworkpick import process
from frameworkpick.errors import FrameworkpickError
from frameworkpick.merge import index as indexes
from frameworkpick.merge import journal as journals
from frameworkpick.merge.files import LINK, File
from frameworkpick.merge.index import NEW_INDEX
from frameworkpick.merge.journal import Journal
from frameworkpick.merge.place import refuse_unclean
from frameworkpick.merge.placing import clear
from frameworkpick.merge.putting_back import put_back
from frameworkpick.merge.refusals import said
from frameworkpick.merge.refusing import refuse_losses
from frameworkpick.merge.threeway import SUBMODULE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from frameworkpick.merge.place import Place, Repository
    from frameworkpick.merge.threeway import Change, Merged, Stored, Workbench


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing an update left."""

    left: tuple[str, ...]  #: Paths that were edited since, and stay so.
    beside: tuple[str, ...] = ()  #: Without git: where what they were before the update is kept.
    committed: bool = False  #: A commit was made since: nothing was touched.


@contextmanager
def applied(place: Place, bench: Workbench, merged: Merged, message: str) -> Iterator[None]:
    """Write a merge, and what is done within the block as a part of it.

    All of that is undone when one of both cannot be brought to its end, be it by Ctrl-C.

    Raises:
        FrameworkpickError: A file is in the way or was changed meanwhile; nothing is changed.
    """
    with said():
        prepared, journal = _prepared(place, bench, merged, message)
        try:
            with process.held_signals():
                journals.begin(journal, prepared)
                journals.replay(journal, place.folder)
                if (repository := place.repository) is not None:
                    indexes.swap(repository, journal.folder / NEW_INDEX)
                    (repository.folder / "MERGE_MSG").write_text(message, encoding="utf-8")
            yield
            journal.mark_done()
        except BaseException:
            with process.held_signals():
                recover(place)
            raise


def _prepared(place: Place, bench: Workbench, merged: Merged, message: str) -> tuple[Path, Journal]:
    """Put together what is to be written, beside the journal's place."""
    found = refuse_losses(place, bench, merged)
    pairs = _pairs(place, bench, merged, found)
    prepared, steps = journals.prepare(place.journal, pairs)
    repository = place.repository
    before: Mapping[str, Stored | None] = {}
    if repository is not None:
        touched = {*found, *merged.stages}
        before = {repository.prefix + path: merged.yours.get(path) for path in sorted(touched)}
        indexes.prepare(repository, prepared / NEW_INDEX, merged, before)
        refuse_unclean(repository)
        indexes.refuse_locked(repository)
    head = repository.head if repository else None
    return prepared, Journal(place.journal, steps, head, message, before)


@said()
def recover(place: Place) -> Undone | None:
    """Undo an update that was interrupted; ``None`` when there was none."""
    journal = journals.read(place.journal)
    return None if journal is None or journal.done else undo(place, journal)


@said()
def undo_last(place: Place) -> Undone:
    """Undo the last update, whether it came to its end or not.

    Raises:
        FrameworkpickError: There is none that could be undone.
    """
    journal = journals.read(place.journal)
    undone = undo(place, journal) if journal else None
    if undone is None or (undone.committed and journal is not None):
        raise FrameworkpickError(
            "There is no update to undo.",
            "One that is committed is undone by `git revert`." if place.repository else "",
        )
    return undone


def undo(place: Place, journal: Journal) -> Undone:
    """Put files and index back, and forget the journal.

    Raises:
        FrameworkpickError: Another git holds the index; the next run goes on undoing.
    """
    repository = place.repository
    if repository is not None and journal.head != repository.head:
        for number, step in enumerate(journal.steps):
            clear(place.folder, number, step)
        journal.remove()
        return Undone((), committed=True)
    staged = False
    if repository is not None:
        indexes.release(repository, journal.folder)
        if staged := not indexes.holds(repository, journal.index):
            indexes.refuse_locked(repository)
    journal.begin_undoing()
    left, beside = put_back(journal, place.folder, keep=repository is None)
    if repository is not None:
        if staged:
            indexes.restore(repository, journal.folder, journal.index)
        prepared = repository.folder / "MERGE_MSG"
        if prepared.is_file() and prepared.read_text("utf-8", "replace") == journal.message:
            prepared.unlink()
    journal.remove()
    return Undone(left, beside)


def _pairs(
    place: Place, bench: Workbench, merged: Merged, found: Mapping[str, File | None]
) -> dict[str, tuple[File | None, File | None]]:
    """Pair what is on disk with what is to be there, as a checkout would write it."""
    changes, repository = merged.changes(), place.repository
    wanted = [new[1] for _, new in changes.values() if new]
    data = dict(zip(wanted, bench.contents(wanted), strict=True))
    if repository is not None:
        _unpack(repository, bench, merged, changes)
    pairs: dict[str, tuple[File | None, File | None]] = {}
    for path, (_, new) in changes.items():
        if new is None:
            pairs[path] = (found[path], None)
            continue
        content = data[new[1]]
        if repository is not None and new[0] != LINK:
            content = repository.checked_out(path, new[1])
        pairs[path] = (found[path], File(new[0], content))
    return pairs


def _unpack(
    repository: Repository,
    bench: Workbench,
    merged: Merged,
    changes: Mapping[str, Change],
) -> None:
    stored = [new for _, new in changes.values() if new]
    stored += [each for versions in merged.stages.values() for each in versions.values()]
    names = sorted({name for mode, name in stored if mode != SUBMODULE})
    repository.git("unpack-objects", "-q", stdin=bench.pack(names))
