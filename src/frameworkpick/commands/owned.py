"""What belongs to the project once it is there: no verb writes or compares it, migrations first."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from frameworkpick.merge import File

#: The folder of the revisions; beside it is how alembic runs, which the template keeps.
VERSIONS = "migrations/versions"


def leave_migrations(project: Path, *renders: Path) -> None:
    """Take the revisions out of two renders, so that merging them touches none of the project's.

    A project that never had one gets those of a feature that brings its first database.

    Args:
        project: The project's folder.
        renders: The template before, and after.
    """
    before, *_ = renders
    if (before / VERSIONS).is_dir() or (project / VERSIONS).is_dir():
        for render in renders:
            shutil.rmtree(render / VERSIONS, ignore_errors=True)


def leave_given(project: Path, once: Sequence[str], *renders: Path) -> None:
    """Take out of two renders what their template writes only where it is not there yet.

    Args:
        project: The project's folder.
        once: The files that the template gives away.
        renders: The template before, and after.
    """
    for path in once:
        if os.path.lexists(project / path):
            for render in renders:
                (render / path).unlink(missing_ok=True)


def without_migrations(
    base: Mapping[str, File], new: Mapping[str, File]
) -> tuple[dict[str, File], dict[str, File]]:
    """Return two renders without what :func:`leave_migrations` takes out of them."""
    if not any(map(_is_revision, base)):
        return dict(base), dict(new)
    kept = [{p: file for p, file in files.items() if not _is_revision(p)} for files in (base, new)]
    return kept[0], kept[1]


def _is_revision(path: str) -> bool:
    return path.startswith(f"{VERSIONS}/")
