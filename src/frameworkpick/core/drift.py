"""How far a project is from its template: one status for each of the template's files."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

#: A file as far as it is compared: its mode and a hash of its content.
State = tuple[str, str]


class FileStatus(StrEnum):
    """What became of one of the template's files in a project."""

    UNCHANGED = "unchanged"  #: As the template wrote it, or already as the newest one would.
    CUSTOMISED = "customised"  #: Somebody changed it; an update would carry the change along.
    MISSING = "missing"  #: Somebody removed it; an update would leave it away.
    CONFLICTING = "conflicting"  #: Somebody and the newest template changed the same lines.
    ADDED = "added by the template"  #: Only in the newest template.
    REMOVED = "removed by the template"  #: Not in the newest template any more.


class Unfit(StrEnum):
    """Why a project cannot be compared."""

    NO_PROJECT = "no_project"  #: There is no record of a template in the folder.
    UNREADABLE = "unreadable"  #: A record, or a file of its own, cannot be read.
    PRESET = "preset"  #: Its preset cannot be used.
    UNKNOWN_TEMPLATE = "unknown_template"  #: Nobody named its template, or it cannot be reached.
    UNKNOWN_VERSION = "unknown_version"  #: Its template has no such version.
    NOT_RENDERED = "not_rendered"  #: The template cannot be rendered with its answers.


#: Patterns of files to ignore; a project that is not trusted could keep `check` busy with more.
MOST_PATTERNS = 1000
#: What counts as drift.
DRIFT = frozenset({FileStatus.CUSTOMISED, FileStatus.MISSING, FileStatus.CONFLICTING})


def compare(
    base: Mapping[str, State],
    head: Mapping[str, State],
    new: Mapping[str, State],
    conflicts: Collection[str] = (),
) -> dict[str, FileStatus]:
    """Give each file of the template its status, in the order of the paths.

    Args:
        base: The files as the project's own version of the template writes them.
        head: The files of the project; others than the template's are not looked at.
        new: The files as the newest version writes them; ``base`` when that is the same.
        conflicts: Paths where merging the newest version would leave a conflict.
    """
    return {
        path: FileStatus.CONFLICTING
        if path in conflicts
        else _status(base.get(path), head.get(path), new.get(path))
        for path in sorted({*base, *new})
    }


def _status(base: State | None, head: State | None, new: State | None) -> FileStatus:
    if base is None:
        if head is None:
            return FileStatus.ADDED
        return FileStatus.UNCHANGED if head == new else FileStatus.CUSTOMISED
    if head is None:
        return FileStatus.REMOVED if new is None else FileStatus.MISSING
    if head == base:
        return FileStatus.REMOVED if new is None else FileStatus.UNCHANGED
    return FileStatus.UNCHANGED if head == new else FileStatus.CUSTOMISED


def without_ignored(
    statuses: Mapping[str, FileStatus], patterns: Sequence[str], left_out: Collection[str] = ()
) -> tuple[dict[str, FileStatus], tuple[str, ...]]:
    """Split off what somebody wants ignored, and what no update would touch.

    Args:
        statuses: By path.
        patterns: Shell patterns for whole paths, where ``*`` crosses folders; one that names a
            folder covers what is in it. At most :data:`MOST_PATTERNS` of them.
        left_out: Paths that the template itself keeps out of git.

    Returns:
        The statuses that count, and the ignored paths.
    """
    matches = _matcher(patterns)
    ignored = {
        path: None
        for path in statuses
        if path in left_out or any(map(matches, _with_folders(path)))
    }
    counted = {path: status for path, status in statuses.items() if path not in ignored}
    return counted, tuple(ignored)


def _matcher(patterns: Iterable[str]) -> Callable[[str], object]:
    """Join patterns into one; ``./`` and ``/`` in front mean the project, ``**/`` any folder."""
    from fnmatch import translate  # noqa: PLC0415 (only `check` ignores)

    plain = [
        pattern.removeprefix(".").lstrip("/").rstrip("/")
        if pattern.startswith(("./", "/"))
        else pattern.rstrip("/")
        for pattern in patterns
    ]
    plain += [each.removeprefix("**/") for each in plain]
    return re.compile("|".join(map(translate, dict.fromkeys(plain))) or r"(?!)").match


def _with_folders(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
