"""Reads what the templates say about their own versions."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from frameworkpick.core.plain_text import decoded
from frameworkpick.core.upgrades import Upgrade, read_upgrades
from frameworkpick.errors import CatalogError

if TYPE_CHECKING:
    from pathlib import Path

#: The file beside ``copier.yml``; it is never rendered.
UPGRADES_FILE = "UPGRADES.toml"


def upgrades_of(templates: Path) -> tuple[Upgrade, ...]:
    """Return the manual steps and breaking changes that templates know of, oldest first.

    Args:
        templates: The folder that :meth:`Source.tree` returned; without the file there are none.

    Raises:
        CatalogError: The file is not valid; the message lists every fault.
    """
    path = templates / UPGRADES_FILE
    if not path.is_file():
        return ()
    try:
        content = tomllib.loads(decoded(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise CatalogError(
            f"{UPGRADES_FILE} of the template cannot be read: {error}", "Correct the file."
        ) from error
    return read_upgrades(content, UPGRADES_FILE)
