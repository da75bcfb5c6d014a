"""``verify``: prove a project on a copy, without touching it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from frameworkpick.probes import VerifyResult

#: Told what is being done now, in a few words ("installing", "probing: login").
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """What to prove."""

    #: The project's folder.
    directory: Path
    #: A PostgreSQL server's URL; the run creates and drops its own database there. ``None``: a new SQLite file.
    database_url: str | None = None


def run(request: VerifyRequest, *, progress: Progress = lambda _: None) -> VerifyResult:
    """Prove a project on a copy.

    Args:
        request: The project and the database to prove it on.
        progress: Told about each long step as it begins; called from the calling thread only.

    Returns:
        Every probe with its evidence; ``exit_code`` is 3 when one failed.

    Raises:
        TargetError: There is no generated project in the folder.
        InputError: The database URL cannot be used with this project.
    """
    raise NotImplementedError
