"""The project's index: merged files staged, conflicting ones unmerged, as git leaves them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from frameworkpick.errors import FrameworkpickError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from frameworkpick.merge.place import Repository
    from frameworkpick.merge.threeway import Merged


def prepare(repository: Repository, path: Path, merged: Merged, touched: Iterable[str]) -> None:
    """Write the index as it is to be to a file of its own.

    Args:
        repository: The project's repository.
        path: The file to write.
        merged: What is merged.
        touched: The paths that change, from the top of the repository.
    """
    path.write_bytes(repository.index.read_bytes())
    lines: list[bytes] = []
    for full in touched:
        name = full.removeprefix(repository.prefix)
        lines.append(_line(_nothing(repository), full))
        if versions := merged.stages.get(name):
            lines += [_line(f"{m} {o} {stage}", full) for stage, (m, o) in sorted(versions.items())]
        elif name in merged.result:
            mode, stored = merged.result[name]
            lines.append(_line(f"{mode} {stored} 0", full))
    env = {"GIT_INDEX_FILE": str(path)}
    repository.git("update-index", "-z", "--index-info", stdin=b"".join(lines), env=env)


def swap(repository: Repository, new: Path) -> None:
    """Move a prepared index to its place, under git's own lock.

    Raises:
        FrameworkpickError: Another git holds the lock.
    """
    env = {"GIT_INDEX_FILE": str(new)}
    repository.git("update-index", "-q", "--refresh", ok=(0, 1), env=env)
    lock = _lock(repository)
    try:
        # A link, so that a lock left by a sudden end can be told from another program's.
        os.link(new, lock)
    except FileExistsError:
        raise FrameworkpickError(
            f"Another git is at work: {lock} exists.",
            "Wait for it to end, or remove that file if none runs, and run it again.",
        ) from None
    lock.replace(repository.index)


def restore(
    repository: Repository, new: Path, entries: Mapping[str, tuple[str, str] | None]
) -> None:
    """Put paths of the index back to what they were.

    Args:
        repository: The project's repository.
        new: The index that was prepared; a lock that is a link to it is removed.
        entries: Mode and object by path, or ``None`` where there was nothing.
    """
    lock = _lock(repository)
    if new.exists() and lock.exists() and new.samefile(lock):
        lock.unlink()
    lines: list[bytes] = []
    for full, entry in entries.items():
        lines.append(_line(_nothing(repository), full))
        if entry:
            lines.append(_line(f"{entry[0]} {entry[1]} 0", full))
    if lines:
        repository.git("update-index", "-z", "--index-info", stdin=b"".join(lines))
        repository.git("update-index", "-q", "--refresh", ok=(0, 1))


def _lock(repository: Repository) -> Path:
    return repository.index.with_name(f"{repository.index.name}.lock")


def _nothing(repository: Repository) -> str:
    return "0 " + "0" * (40 if repository.format == "sha1" else 64)


def _line(entry: str, path: str) -> bytes:
    return f"{entry}\t".encode() + os.fsencode(path) + b"\0"
