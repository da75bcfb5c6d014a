"""A temporary folder that is gone afterwards, however often Ctrl-C comes."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from frameworkpick import process

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def temporary() -> Iterator[Path]:
    """Make a temporary folder, and remove it on the way out."""
    folder: Path | None = None
    try:
        with process.held_signals():  # a folder that nobody knows of yet could not be removed
            folder = Path(tempfile.mkdtemp(prefix="frameworkpick-"))
        yield folder
    finally:
        if folder is not None:
            with process.held_signals():
                shutil.rmtree(folder, ignore_errors=True)
