"""Brings a merge into a project: files first, then the index, under a journal."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from frameworkpick import process
from frameworkpick.merge import index as indexes
from frameworkpick.merge import journal as journals
from frameworkpick.merge.files import LINK, File, expected_refusals
from frameworkpick.merge.index import NEW_INDEX
from frameworkpick.merge.journal import Journal
from frameworkpick.merge.lock import locked
from frameworkpick.merge.losses import refuse_losses
from frameworkpick.merge.place import OWN_FOLDER, refuse_moved, refuse_unclean
from frameworkpick.merge.threeway import SUBMODULE
from frameworkpick.merge.undo import recover

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from frameworkpick.git import Stored
    from frameworkpick.merge.place import Place, Repository
    from frameworkpick.merge.threeway import Change, Merged, Workbench


@contextmanager
def applied(
    place: Place,
    bench: Workbench,
    merged: Merged,
    message: str,
    waiting: Callable[[], None] = lambda: None,
) -> Iterator[None]:
    """Write a merge, and what is done within the block as a part of it.

    All of that is undone when one of both cannot be brought to its end, be it by Ctrl-C. Git's lock
    is held from before the index is read until the new one is in its place.

    Args:
        place: The project.
        bench: Where the merge was worked out.
        merged: The merge.
        message: The prepared commit message.
        waiting: Called once when somebody else has the index.

    Raises:
        FrameworkpickError: A file is in the way or was changed meanwhile; nothing is changed.
    """
    with expected_refusals():
        found = refuse_losses(place, bench, merged)
        pairs = _pairs(place, bench, merged, found)
        prepared, steps = journals.prepare(place.journal, pairs)
        repository = place.repository
        try:
            with locked(place, prepared, waiting):
                before = _staged(place, prepared, merged, found)
                after = {full: merged.result.get(_inner(place, full)) for full in before}
                head = repository.head if repository else None
                journal = Journal(
                    place.journal, steps, head, message, before, after, tuple(sorted(merged.stages))
                )
                with process.held_signals():
                    journals.begin(journal, prepared)
                    journals.replay(journal, place.folder)
                    if repository is not None:
                        indexes.swap(repository, journal.folder / NEW_INDEX)
                        (repository.folder / "MERGE_MSG").write_text(message, encoding="utf-8")
                        Journal(place.folder / OWN_FOLDER, (), None, "", {}).remove()
            yield
            process.too_late_to_cancel()
            journal.mark_done()
        except BaseException:
            with process.held_signals():
                journals.discard(prepared)
                recover(place)
            raise


def _staged(
    place: Place, prepared: Path, merged: Merged, found: Iterable[str]
) -> Mapping[str, Stored | None]:
    """Prepare the index under git's lock; return what it holds now of the paths that change."""
    repository = place.repository
    if repository is None:
        return {}
    refuse_moved(repository)
    touched = sorted({*found, *merged.stages})
    before = {repository.prefix + path: merged.yours.get(path) for path in touched}
    indexes.prepare(repository, prepared / NEW_INDEX, merged, before)
    refuse_unclean(repository)
    return before


def _inner(place: Place, full: str) -> str:
    return full.removeprefix(place.repository.prefix) if place.repository else full


def _pairs(
    place: Place, bench: Workbench, merged: Merged, found: Mapping[str, File | None]
) -> dict[str, tuple[File | None, File | None]]:
    """Pair what is on disk with what is to be there, as a checkout would write it."""
    changes, repository = merged.changes(), place.repository
    wanted = [new[1] for _, new in changes.values() if new]
    data = dict(zip(wanted, bench.git.contents(wanted), strict=True))
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
