"""The project's index: merged files staged, conflicting ones unmerged, as git leaves them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

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
    """Move a prepared index to its place; git's lock is held."""
    env = {"GIT_INDEX_FILE": str(new)}
    repository.git("update-index", "-q", "--refresh", ok=(0, 1), env=env)
    new.replace(repository.index)


def listed(repository: Repository) -> dict[str, list[str]]:
    """List what the index has of the project: mode, object and stage by path."""
    found: dict[str, list[str]] = {}
    for line in repository.git("ls-files", "--stage", "--full-name", "-z").split(b"\0"):
        facts, _, path = line.partition(b"\t")
        if path:
            found.setdefault(os.fsdecode(path), []).append(facts.decode())
    return found


def restore(repository: Repository, journal: Path, entries: Entries) -> None:
    """Give paths of the index the entries that are told; git's lock is held.

    Args:
        repository: The project's repository.
        journal: Where the index is prepared.
        entries: Mode and object by path, or ``None`` where there was nothing.
    """
    prepared = journal / _OLD_INDEX
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


def _nothing(repository: Repository) -> str:
    return "0 " + "0" * (40 if repository.format == "sha1" else 64)


def _line(entry: str, path: str) -> bytes:
    return f"{entry}\t".encode() + os.fsencode(path) + b"\0"
