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

    #: Mode and object by path from the top of the repository, or ``None`` for no entry.
    Entries = Mapping[str, tuple[str, str] | None]

#: The project's next index, in the journal; and the one that undoing puts back.
NEW_INDEX, _OLD_INDEX = "index.new", "index.old"


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
        _take(lock, new)
    except FileExistsError:
        raise _busy(lock) from None
    lock.replace(repository.index)


def refuse_locked(repository: Repository) -> None:
    """Refuse while another git holds the index.

    Raises:
        FrameworkpickError: It does, or was ended while it did.
    """
    if (lock := _lock(repository)).exists():
        raise _busy(lock)


def release(repository: Repository, journal: Path) -> None:
    """Remove a lock that a sudden end of ours left; it is one of the journal's indexes."""
    lock = _lock(repository)
    for own in (journal / NEW_INDEX, journal / _OLD_INDEX):
        if own.exists() and lock.exists() and own.samefile(lock):
            lock.unlink()


def holds(repository: Repository, entries: Entries) -> bool:
    """Whether the index has these entries, and nothing unmerged in their place."""
    held: dict[str, list[str]] = {}
    for line in repository.git("ls-files", "--stage", "--full-name", "-z").split(b"\0"):
        facts, _, path = line.partition(b"\t")
        held.setdefault(os.fsdecode(path), []).append(facts.decode())
    return all(
        held.get(path, []) == ([f"{entry[0]} {entry[1]} 0"] if entry else [])
        for path, entry in entries.items()
    )


def restore(repository: Repository, journal: Path, entries: Entries) -> None:
    """Put paths of the index back to what they were.

    Args:
        repository: The project's repository.
        journal: Where the index is prepared.
        entries: Mode and object by path, or ``None`` where there was nothing.

    Raises:
        FrameworkpickError: Another git holds the lock.
    """
    prepared = journal / _OLD_INDEX
    # What a sudden end left may be the index itself under another name: never written to.
    for left in (prepared, prepared.with_name(f"{prepared.name}.lock")):
        left.unlink(missing_ok=True)
    prepared.write_bytes(repository.index.read_bytes())
    lines: list[bytes] = []
    for full, entry in entries.items():
        lines.append(_line(_nothing(repository), full))
        if entry:
            lines.append(_line(f"{entry[0]} {entry[1]} 0", full))
    env = {"GIT_INDEX_FILE": str(prepared)}
    repository.git("update-index", "-z", "--index-info", stdin=b"".join(lines), env=env)
    swap(repository, prepared)


def _lock(repository: Repository) -> Path:
    return repository.index.with_name(f"{repository.index.name}.lock")


def _take(lock: Path, prepared: Path) -> None:
    """Take git's lock with what the index is to be."""
    try:
        # A link, so that a lock left by a sudden end can be told from another program's.
        os.link(prepared, lock)
    except FileExistsError:
        raise
    except OSError:  # the file system has no hard links
        with lock.open("xb") as file:
            file.write(prepared.read_bytes())


def _busy(lock: Path) -> FrameworkpickError:
    return FrameworkpickError(
        f"Another git is at work: {lock} exists.",
        "Wait for it to end, or remove that file if none runs, and run it again.",
    )


def _nothing(repository: Repository) -> str:
    return "0 " + "0" * (40 if repository.format == "sha1" else 64)


def _line(entry: str, path: str) -> bytes:
    return f"{entry}\t".encode() + os.fsencode(path) + b"\0"
