"""Git's own lock on the index: taken before the index is read, kept until the new one is there.

Meanwhile no other git changes the index: it says that ``index.lock`` exists. The lock says which
project of the repository it is taken for, so that one that a sudden end left is known for ours.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick import process
from frameworkpick.errors import FrameworkpickError
from frameworkpick.merge.files import write_down
from frameworkpick.merge.place import held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from frameworkpick.merge.place import Place, Repository

#: In a journal: what the lock says, to be linked to its place in one move.
NOTE = "lock"
#: Seconds to wait for another update in the same repository, and for another program.
UPDATE, PROGRAM = 60.0, 1.0
_PAUSE = 0.1
_MARK = b"frameworkpick update of /"


@contextmanager
def locked(
    place: Place, journal: Path, waiting: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Hold the index, after waiting for a while for whoever has it.

    Args:
        place: The project, which this run keeps others out of.
        journal: A folder of this run in the git directory.
        waiting: Called once when there is something to wait for.

    Raises:
        FrameworkpickError: Another program kept the lock.
    """
    repository = place.repository
    if repository is None:
        yield
        return
    note = journal / NOTE
    if not note.exists():
        write_down(note, _said(repository))
    try:
        began, told = time.monotonic(), False
        while not _taken(repository, note):
            owner = _owner(place, repository)
            if time.monotonic() - began > (PROGRAM if owner is None else UPDATE):
                raise _busy(lock_of(repository), owner)
            if not told:
                waiting()
            told = True
            time.sleep(_PAUSE)
        yield
    finally:
        with process.held_signals():
            release(repository)


def release(repository: Repository) -> None:
    """Remove the lock if it is this project's; only who keeps others out of it may ask."""
    lock = lock_of(repository)
    if _read(lock) == _said(repository):
        lock.unlink()


def lock_of(repository: Repository) -> Path:
    """Return where git locks the index."""
    return repository.index.with_name(f"{repository.index.name}.lock")


def _taken(repository: Repository, note: Path) -> bool:
    """Take the lock, unless somebody has it."""
    lock = lock_of(repository)
    release(repository)  # what a sudden end of ours left
    with process.held_signals():
        try:
            os.link(note, lock)  # with its content at once, or a sudden end left an empty one
        except FileExistsError:
            return False
        except OSError:  # the file system has no hard links
            try:
                with lock.open("xb") as file:
                    file.write(note.read_bytes())
            except FileExistsError:
                return False
    return True


def _owner(place: Place, repository: Repository) -> Path | None:
    """Return which project the lock is taken for, if it is one; give back a dead run's."""
    lock = lock_of(repository)
    said = _read(lock)
    if not said.startswith(_MARK) or not said.endswith(b"\n"):
        return None
    top = place.folder
    for _ in Path(repository.prefix).parts:
        top = top.parent
    owner = top / os.fsdecode(said[len(_MARK) : -1])
    if sys.platform != "win32":
        with suppress(FrameworkpickError), held(owner):
            if _read(lock) == said:
                lock.unlink()
    return owner


def _said(repository: Repository) -> bytes:
    return _MARK + os.fsencode(repository.prefix) + b"\n"


def _read(lock: Path) -> bytes:
    try:
        with lock.open("rb") as file:
            return file.read(len(_MARK) + 4096 + 1)
    except OSError:
        return b""


def _busy(lock: Path, owner: Path | None) -> FrameworkpickError:
    who = "Another git" if owner is None else f"The update of {owner}"
    return FrameworkpickError(
        f"{who} is at work: {lock} exists.",
        "Wait for it to end, or remove that file if none runs, and run it again.",
    )
