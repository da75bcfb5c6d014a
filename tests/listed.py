"""Lists releases in checkouts that tests make, as a contributor does in this one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.history import release_bundle
from frameworkpick.history.releases import PLACE, Release, read_releases
from release import write_list

if TYPE_CHECKING:
    from pathlib import Path


def list_release(root: Path, version: str, *, first: bool = False) -> None:
    """List the templates as they lie in a checkout; the first takes the place of a copied list."""
    file = root / PLACE
    if first:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("releases = [\n]\n")
    before = () if first else read_releases(file)
    write_list(root, (*before, Release(version, "2026-01-01", release_bundle.tree_of(root))))
