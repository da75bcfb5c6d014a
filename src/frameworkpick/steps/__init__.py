"""The steps after a project is written: install its dependencies, make the first commit."""

from __future__ import annotations

from .committing import commit
from .installing import install, lock, python_for
from .outcomes import CANCELLED, undone

__all__ = ["CANCELLED", "commit", "install", "lock", "python_for", "undone"]
