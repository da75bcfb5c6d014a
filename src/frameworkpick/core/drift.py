"""How far a project is from its template: one status for each of the template's files."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

#: A file as far as it is compared: its mode and a hash of its content.
State = tuple[str, str]


class Status(StrEnum):
    """What became of one of the template's files in a project."""

    UNCHANGED = "unchanged"  #: As the template wrote it, or already as the newest one would.
    CUSTOMISED = "customised"  #: Somebody changed it; an update would carry the change along.
    MISSING = "missing"  #: Somebody removed it; an update would leave it away.
    CONFLICTING = "conflicting"  #: Somebody and the newest template changed the same lines.
    ADDED = "added by the template"  #: Only in the newest template.
    REMOVED = "removed by the template"  #: Not in the newest template any more.


#: What counts as drift.
DRIFT = frozenset({Status.CUSTOMISED, Status.MISSING, Status.CONFLICTING})


def compare(
    base: Mapping[str, State],
    head: Mapping[str, State],
    new: Mapping[str, State],
    conflicts: Collection[str] = (),
) -> dict[str, Status]:
    """Give each file of the template its status, in the order of the paths.

    Args:
        base: The files as the project's own version of the template writes them.
        head: The files of the project; others than the template's are not looked at.
        new: The files as the newest version writes them; ``base`` when that is the same.
        conflicts: Paths where merging the newest version would leave a conflict.
    """
    return {
        path: Status.CONFLICTING
        if path in conflicts
        else _status(base.get(path), head.get(path), new.get(path))
        for path in sorted({*base, *new})
    }


def _status(base: State | None, head: State | None, new: State | None) -> Status:
    if base is None:
        if head is None:
            return Status.ADDED
        return Status.UNCHANGED if head == new else Status.CUSTOMISED
    if head is None:
        return Status.REMOVED if new is None else Status.MISSING
    if head == base:
        return Status.REMOVED if new is None else Status.UNCHANGED
    return Status.UNCHANGED if head == new else Status.CUSTOMISED


def without_ignored(
    statuses: Mapping[str, Status], patterns: Sequence[str]
) -> tuple[dict[str, Status], tuple[str, ...]]:
    """Split off what somebody wants ignored.

    Args:
        statuses: By path.
        patterns: Shell patterns for whole paths, where ``*`` crosses folders; one that names a
            folder covers what is in it.

    Returns:
        The statuses that count, and the ignored paths.
    """
    ignored = tuple(path for path in statuses if _matches(path, patterns))
    return {path: status for path, status in statuses.items() if path not in ignored}, ignored


def _matches(path: str, patterns: Iterable[str]) -> bool:
    from fnmatch import fnmatchcase  # noqa: PLC0415 (only `check` ignores)

    parts = path.split("/")
    folders = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
    return any(
        fnmatchcase(each, pattern.rstrip("/")) for pattern in patterns for each in (path, *folders)
    )
