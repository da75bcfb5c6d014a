"""Reads ``data/releases.toml``: which releases there are, and git's id of each one's templates."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from frameworkpick.core.versions import is_release, version_key
from frameworkpick.errors import FrameworkpickError

_PACKAGE = Path(__file__).parents[1]
_LIST = Path("data/releases.toml")
#: Where the list lies in a checkout.
PLACE = "src/frameworkpick/data/releases.toml"

#: What to do where a release is listed and not packed.
INCOMPLETE = (
    "This frameworkpick was built from a shallow clone or an archive: install it from a whole clone"
)


@dataclass(frozen=True, slots=True)
class Release:
    """A version that is out there for good."""

    version: str  #: Such as ``0.2.0``.
    date: str  #: The day it was made, such as ``2026-12-01``.
    tree: str  #: Git's id of the tree of ``templates/``.


def read_releases(file: Path = _PACKAGE / _LIST) -> tuple[Release, ...]:
    """Return the releases that a list holds, oldest first; of this package if none is named.

    Raises:
        FrameworkpickError: The list is missing, or it is not in order.
    """
    try:
        listed = tomllib.loads(file.read_text(encoding="utf-8"))["releases"]
        releases = [Release(each["version"], str(each["date"]), each["tree"]) for each in listed]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FrameworkpickError(f"{file} cannot be read: {error}", "Put it back.") from error
    keys = [
        key for each in releases if is_release(each.version) and (key := version_key(each.version))
    ]
    if not keys or len(keys) < len(releases) or keys != sorted(set(keys), reverse=True):
        raise FrameworkpickError(
            f"{file} does not list releases, the newest first.", "Put it back."
        )
    return tuple(reversed(releases))


def is_listed(version: str) -> bool:
    """Whether a version is a release of the built-in templates, packed here or not."""
    return version in {each.version for each in read_releases()}
