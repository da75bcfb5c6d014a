"""The released templates as git history: of this installation, or of a team's own repository."""

from __future__ import annotations

from frameworkpick.core.versions import ADDRESS, is_release
from frameworkpick.errors import FrameworkpickError

from .address import read_address, same_repository
from .builtin import current_version, repository
from .cache import mirror_of
from .file import read_file
from .releases import INCOMPLETE, is_listed
from .source import Source, is_built_in, upgrades_of

__all__ = [
    "ADDRESS",
    "INCOMPLETE",
    "Source",
    "current_version",
    "is_built_in",
    "is_listed",
    "is_release",
    "open_source",
    "read_address",
    "read_file",
    "same_repository",
    "upgrades_of",
]

_OPEN: dict[str, Source] = {}


def open_source(address: str, *, allowed: bool = False) -> Source:
    """Open a template repository; the same one is asked for its versions once.

    Args:
        address: The built-in address, a git URL, or the path of a repository.
        allowed: Whether a person named it, by a flag or a preset. An address that only a project
            names is not asked: whoever wrote the project would choose what runs here.

    Raises:
        FrameworkpickError: It is not allowed, or this installation has no history.
        InputError: It is no address that is used here.
    """
    if is_built_in(address):
        return Source(repository())
    if not allowed:
        raise FrameworkpickError(
            f"The template address {address!r} is not one that you named.",
            "Name it yourself if you trust it.",
        )
    where = read_address(address)
    if where.recorded not in _OPEN:
        _OPEN[where.recorded] = Source(mirror_of(where), where)
    return _OPEN[where.recorded]
