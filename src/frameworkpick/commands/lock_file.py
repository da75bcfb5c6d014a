"""Keeps a project's ``uv.lock`` in step with a ``pyproject.toml`` that was merged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from frameworkpick import merge, project, steps
from frameworkpick.errors import FrameworkpickError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from frameworkpick.merge import Place

_PROJECT, LOCK = "pyproject.toml", "uv.lock"


@dataclass(frozen=True, slots=True)
class Locked:
    """What became of the lock."""

    changed: bool = False  #: Whether it is another than it was.
    fault: str = ""  #: Why it is older than ``pyproject.toml``; empty when it is not.


def lock(
    place: Place,
    whats: Mapping[str, str],
    progress: Callable[[str], None],
    waiting: Callable[[], None],
) -> Locked:
    """Lock the dependencies anew where a merge changed them; what cannot be done is said.

    A merge never fails by it: nobody asked for it, and it needs uv and the network.

    Args:
        place: The project, which a merge is being brought into.
        whats: What that did, by path.
        progress: Called with a few words when it begins.
        waiting: Called once when somebody else has the index.
    """
    path, what = place.folder / LOCK, whats.get(_PROJECT, "removed")
    if what == "removed" or path.is_symlink() or not path.is_file():
        return Locked()
    for name in (_PROJECT, LOCK):
        if whats.get(name) == "conflict":
            return Locked(fault=f"{name} has to be settled first.")
    progress("locking the dependencies")
    python = _python(place.folder)
    try:
        return Locked(
            *merge.rewritten(
                place,
                LOCK,
                lambda: steps.lock(place.folder, python, inherited=place.hold),
                waiting,
            )
        )
    except FrameworkpickError as error:  # another git is at work
        return Locked(fault=error.message)


def _python(folder: Path) -> str | None:
    """Return the project's lowest Python, where its record can be read and says so."""
    try:
        said = project.read_recorded(folder).answers.get("python_version")
    except FrameworkpickError:  # it has conflicts
        return None
    return said if isinstance(said, str) and said.replace(".", "").isdecimal() else None
