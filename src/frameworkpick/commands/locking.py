"""Keeps a project's ``uv.lock`` in step with a ``pyproject.toml`` that was merged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from frameworkpick import merge, presets, steps
from frameworkpick.commands.merging import FileChange
from frameworkpick.errors import FrameworkpickError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from frameworkpick.commands.merging import MergeResult
    from frameworkpick.merge import Place

_PROJECT, _LOCK = "pyproject.toml", "uv.lock"


def relocked(place: Place, result: MergeResult, progress: Callable[[str], None]) -> MergeResult:
    """Lock the dependencies anew where a merge changed them; what cannot be done is said.

    A merge never fails by it: nobody asked for it, and it needs uv and the network.
    """
    what = {file.path: file.what for file in result.files}.get(_PROJECT, "removed")
    lock = place.folder / _LOCK
    if not result.written or what == "removed" or lock.is_symlink() or not lock.is_file():
        return result
    if what == "conflict":
        return replace(result, unlocked=f"{_PROJECT} has to be settled first.")
    progress("locking the dependencies")
    before = merge.read_file(lock)
    if fault := steps.lock(place.folder, _python(place.folder)):
        return replace(result, unlocked=fault)
    try:
        if not merge.take_in(place, _LOCK, before):
            return result
    except FrameworkpickError as error:  # another git is at work
        return replace(result, unlocked=error.message)
    files = (*result.files, FileChange(_LOCK, "changed"))
    return replace(result, files=tuple(sorted(files, key=lambda file: file.path)))


def _python(folder: Path) -> str | None:
    """Return the project's lowest Python, where its record can be read and says so."""
    try:
        said = presets.read_recorded(folder).answers.get("python_version")
    except FrameworkpickError:  # it has conflicts
        return None
    return said if isinstance(said, str) and said.replace(".", "").isdecimal() else None
