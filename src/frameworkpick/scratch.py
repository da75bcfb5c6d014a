"""Temporary folders: made, gone afterwards however often Ctrl-C comes, swept after a kill."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

from frameworkpick import process

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What the temporary folders begin with.
PREFIX = ".frameworkpick-"

_NAME = re.compile(re.escape(PREFIX) + "[a-z0-9_]{8}")
_LOCK = "lock"


@contextlib.contextmanager
def temporary(parent: Path | None = None) -> Iterator[Path]:
    """Make a temporary folder and remove it on the way out; remove what a killed run left there.

    Without ``parent``, in the system's own temporary folder.
    """
    made: tuple[Path, IO[str]] | None = None
    try:
        # A folder that nobody knows of yet could not be removed, nor the file that tempfile tries.
        with process.held_signals():
            parent = parent or Path(tempfile.gettempdir())
            sweep(parent)
            made = make(parent)
        yield made[0]
    finally:
        if made:
            with process.held_signals():
                remove(made[0])
                made[1].close()


def make(parent: Path) -> tuple[Path, IO[str]]:
    """Make a temporary folder, in use until the file returned is closed or this process is gone."""
    while True:
        scratch = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        try:
            handle = (scratch / _LOCK).open("w", encoding="utf-8")
        except FileNotFoundError:  # another run took it for a leftover
            continue
        except OSError:
            scratch.rmdir()
            raise
        if not _held_elsewhere(handle) and (scratch / _LOCK).exists():
            return scratch, handle
        handle.close()  # the same, a moment later


def remove(scratch: Path) -> None:
    """Remove a temporary folder; its lock last, so that what a sudden end leaves is found."""
    with contextlib.suppress(OSError):
        for path in list(scratch.iterdir()):
            if path.name != _LOCK:
                shutil.rmtree(path, ignore_errors=True)
    shutil.rmtree(scratch, ignore_errors=True)


def sweep(parent: Path) -> None:
    """Remove the temporary folders in a place whose process is gone.

    A repository that such a run had in its hands is given back first; where that is not possible,
    its folder stays.
    """
    if sys.platform == "win32":  # nothing tells there whether a process holds a folder
        return
    with contextlib.suppress(OSError):
        for scratch in list(parent.iterdir()):
            if _NAME.fullmatch(scratch.name) and not scratch.is_symlink():
                with contextlib.suppress(OSError):
                    _clear(scratch)


def _clear(scratch: Path) -> None:
    if sys.platform != "win32" and scratch.lstat().st_uid != os.geteuid():
        return  # in a shared place, somebody else could put a link where it was
    if not (scratch / _LOCK).exists():
        scratch.rmdir()  # empty: it came to no lock, or was about to go
        return
    with (scratch / _LOCK).open("r+", encoding="utf-8") as handle:
        _lock(handle)  # or sweep leaves it: it is in use, or nobody can tell
        for repository in _repositories(scratch):
            home = scratch.parent / repository.parent.name
            home.mkdir(exist_ok=True)
            if (home / ".git").exists():
                return
            repository.rename(home / ".git")
        remove(scratch)


def _repositories(scratch: Path) -> Iterator[Path]:
    for project in list(scratch.iterdir()):
        if (project / ".git").exists():
            yield project / ".git"


def _held_elsewhere(handle: IO[str]) -> bool:
    """Take a lock, and say whether somebody else has it; nobody has where there are no locks."""
    try:
        _lock(handle)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _lock(handle: IO[str]) -> None:
    """Take a lock; it is an OSError where somebody else has it, or there are no locks."""
    if sys.platform == "win32":
        return
    import fcntl  # noqa: PLC0415 (POSIX only)

    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@functools.cache
def until_exit() -> Path:
    """Return a temporary folder that is kept until this process ends."""
    with process.held_signals():
        folder, handle = make(Path(tempfile.gettempdir()))

    def end() -> None:
        remove(folder)
        handle.close()

    atexit.register(end)
    return folder


def stays_inside(link: Path, root: Path) -> bool:
    """Whether a symbolic link leads to something in a folder, or to nothing, and is no loop."""
    try:
        inside = link.resolve().is_relative_to(root.resolve())
        if inside:
            link.stat()  # from Python 3.13 on, only this notices a loop
    except FileNotFoundError:  # leads nowhere, inside
        return True
    except (OSError, RuntimeError):
        return False
    return inside
