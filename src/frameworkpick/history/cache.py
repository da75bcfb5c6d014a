"""Keeps repositories in the user's cache folder, or in a temporary one if that is read-only."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick.scratch import temporary, until_exit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


_WEEK = 7 * 24 * 3600.0


def cache_folder() -> Path | None:
    """Return where caches of this tool belong; ``None`` when the user has no home."""
    if given := os.environ.get("XDG_CACHE_HOME"):
        base = Path(given)
    else:
        try:
            home = Path.home()
        except RuntimeError:
            return None
        base = home / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    return base / "frameworkpick" if base.is_absolute() else None


def kept(
    name: str, make: Callable[[Path], None], whole: Callable[[Path], bool] = Path.is_dir
) -> Path:
    """Return a folder of the cache, made whole by the first who asks.

    Args:
        name: Its name, which says what it holds.
        make: Makes it, at the path given.
        whole: Whether what is there can be used; what cannot is made anew.
    """
    for folder in _folders():
        target = folder / name
        if target.is_dir() and whole(target):
            return target
        shutil.rmtree(target, ignore_errors=True)
        if target.exists():  # broken, and not ours to remove
            continue
        with contextlib.ExitStack() as stack:
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                scratch = stack.enter_context(temporary(folder))
            except OSError:
                continue
            make(scratch / "made")
            with contextlib.suppress(OSError):  # another process was faster
                (scratch / "made").rename(target)
        return target
    raise AssertionError("a temporary folder can be written to")


def forget_old(pattern: str) -> None:
    """Remove what was made more than a week ago from the cache."""
    folder = cache_folder()
    for path in folder.glob(pattern) if folder else ():
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _WEEK:
                shutil.rmtree(path)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other processes that ask for the same folder waiting; without a lock file, go ahead."""
    if sys.platform == "win32":  # no such locks there
        yield
        return
    import fcntl  # noqa: PLC0415 (POSIX only)

    try:
        handle = (folder.parent / f"{folder.name}.lock").open("w")
    except OSError:
        yield
        return
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _folders() -> Iterator[Path]:
    if (folder := cache_folder()) is not None:
        yield folder
    yield until_exit()
