"""Undoes an update: one that was interrupted, or the last one as long as it is not committed."""

from __future__ import annotations

import contextlib
import os
import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from frameworkpick import process
from frameworkpick.errors import FrameworkpickError
from frameworkpick.merge import habits
from frameworkpick.merge import index as indexes
from frameworkpick.merge import journal as journals
from frameworkpick.merge.files import clear, expected_refusals, place_file, prune, read_file
from frameworkpick.merge.lock import locked, release
from frameworkpick.merge.place import Place
from frameworkpick.merge.remains import Remains, remains_of

if TYPE_CHECKING:
    from pathlib import Path

    from frameworkpick.merge.files import File
    from frameworkpick.merge.journal import Journal, JournalEntry

_NONE = "There is no update to undo"
#: Somebody made a folder of a file, or a file of a folder.
_IN_THE_WAY = (FileExistsError, IsADirectoryError, NotADirectoryError)
_BEFORE = ".before-update"


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing an update left."""

    left: tuple[str, ...]  #: Paths that were edited or staged since, and stay so.
    beside: tuple[str, ...] = ()  #: Without git: where what they were before the update is kept.
    committed: tuple[str, ...] = ()  #: Paths that are committed, and stay so.
    #: Paths that were committed half-made: what takes them back is staged.
    taken_back: tuple[str, ...] = ()


@expected_refusals()
def recover(place: Place, *, asked: bool = False) -> Undone | None:
    """Undo an update that was interrupted; ``None`` when there was nothing to undo.

    Args:
        place: The project.
        asked: A person asked for it: what was committed of it is taken back too.

    Raises:
        FrameworkpickError: A part of it was committed since, or another git holds the index.
    """
    if place.repository is not None:
        release(place.repository)
    journal = journals.read(place.journal)
    if journal is None or journal.done:
        return None
    with locked(place, journal.folder):
        remains, kept = remains_of(place, journal), _kept(journal)
        taken = remains.taken - kept
        if taken and _is_whole(place, journal, remains):
            _clear(place, journal)
            _forget_open(journal)
            journal.mark_done()
            return None
        if taken and not asked:
            raise _half(place, journal, len(taken))
        if not (remains.written | remains.staged) - kept:
            _clear(place, journal)
            _forget(place, journal)
            return None
        if asked:
            process.too_late_to_cancel()
        undone = _undo(place, journal, remains, kept)
        return replace(undone, committed=tuple(sorted(kept)), taken_back=tuple(sorted(taken)))


@expected_refusals()
def undo_last(place: Place) -> Undone:
    """Undo the last update, which came to its end.

    What is committed of it stays so. The journal is kept when nothing can be undone: a commit can
    be taken back, and what was put aside can return.

    Raises:
        FrameworkpickError: There is none that could be undone.
    """
    for each in (place, Place(place.folder, None)):
        if (journal := journals.read(each.journal)) is not None:
            break
    else:
        raise FrameworkpickError(f"{_NONE}.", _hint(place))
    with locked(each, journal.folder):
        remains = remains_of(each, journal)
        nothing = not (remains.written | remains.staged) - remains.committed
        if nothing and journal.steps:
            why = "the last one is committed" if remains.taken else "nothing of the last is left"
            raise FrameworkpickError(f"{_NONE}: {why}.", _hint(place))
        steps = tuple(replace(s, kept=s.path in remains.committed) for s in journal.steps)
        journal = replace(journal, steps=steps)
        process.too_late_to_cancel()
        journals.rewrite(journal)
        undone = _undo(each, journal, remains, remains.committed)
        return replace(undone, committed=tuple(sorted(remains.committed)))


def _undo(place: Place, journal: Journal, remains: Remains, kept: frozenset[str]) -> Undone:
    """Put files and index back, and forget the journal; git's lock is held."""
    repository = place.repository
    with process.held_signals():
        journal.begin_undoing()
        left, beside = _put_back(journal, place.folder, keep=journal.head is None)
        if repository is not None:
            staged = {
                full: entry
                for full, entry in journal.index.items()
                if (path := full.removeprefix(repository.prefix)) in remains.staged
                and path not in kept
            }
            if staged:
                indexes.restore(repository, journal.folder, staged)
        _forget(place, journal)
    return Undone(tuple(sorted({*left, *(remains.restaged - kept)})), beside)


def _forget(place: Place, journal: Journal) -> None:
    """Forget an update that is undone, and what git was told of it."""
    if (repository := place.repository) is not None:
        habits.forget(repository)
        prepared = repository.folder / "MERGE_MSG"
        if prepared.is_file() and prepared.read_text("utf-8", "replace") == journal.message:
            prepared.unlink()
    journal.remove()


def _is_whole(place: Place, journal: Journal, remains: Remains) -> bool:
    """Whether all of an update is committed, with no conflict left as the update wrote it."""
    prefix = place.repository.prefix if place.repository else ""
    wanted = {s.path for s in journal.steps if not s.open and prefix + s.path in journal.index}
    return wanted <= remains.committed and not remains.taken.intersection(journal.unmerged)


def _forget_open(journal: Journal) -> None:
    """Leave to the person what another program was at."""
    steps = tuple(replace(step, kept=step.kept or step.open) for step in journal.steps)
    if steps != journal.steps:
        journals.rewrite(replace(journal, steps=steps))


def _kept(journal: Journal) -> frozenset[str]:
    return frozenset(step.path for step in journal.steps if step.kept)


def _clear(place: Place, journal: Journal) -> None:
    for number, step in enumerate(journal.steps):
        clear(place.folder, number, step.path)


def _half(place: Place, journal: Journal, count: int) -> FrameworkpickError:
    folder = shlex.quote(os.path.relpath(place.folder))
    return FrameworkpickError(
        f"An update was ended half way, and {count} of its {len(journal.steps)} files were "
        "committed since.",
        f"Take them back with `frameworkpick update {folder} --abort`, or, to keep them, remove "
        f"{journal.folder}.",
    )


def _hint(place: Place) -> str:
    return "One that is committed is undone by `git revert`." if place.repository else ""


def _put_back(
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
    left = [n for n, step in numbered if not _put_one_back(journal, project, n, step)]
    beside = [_keep_beside(journal, project, number) for number in left] if keep else []
    return tuple(journal.steps[number].path for number in left), tuple(filter(None, beside))


def _put_one_back(journal: Journal, project: Path, number: int, step: JournalEntry) -> bool:
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


def _is_ours(step: JournalEntry, found: File | None) -> bool:
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
