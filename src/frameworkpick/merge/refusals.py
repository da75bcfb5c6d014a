"""Says in a sentence what the file system refused."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from frameworkpick.errors import FrameworkpickError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def said() -> Iterator[None]:
    """Turn a refusal of the file system into an expected failure; also a decorator."""
    try:
        yield
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        raise FrameworkpickError(
            f"The project's files could not be read or written: {error.strerror or error}{where}.",
            "Put that right and run it again; what is half-done is undone by the next run.",
        ) from error
