"""A knowledge file, read into plain values; what is wrong is noted, not raised."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from frameworkpick.core.plain_text import decoded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class KnowledgeFile:
    """One TOML file, and what is wrong with it."""

    def __init__(self, path: Path, label: str) -> None:
        import tomllib  # noqa: PLC0415 (not paid for by `--help`)

        self.label = label
        #: Everything found wrong, one sentence each.
        self.faults: list[str] = []
        #: Whether it is TOML at all; if not, nothing else about it is worth saying.
        self.readable = True
        try:
            self.data = tomllib.loads(decoded(path.read_bytes()))
        except (OSError, ValueError) as error:
            self.data = {}
            self.readable = False
            self.fault(f"cannot be read: {error}")

    def fault(self, what: str) -> None:
        """Note one thing that is wrong, as the rest of a sentence about the file."""
        self.faults.append(f"{self.label} {what.rstrip('.')}.")

    def table(self, *keys: str) -> Mapping[str, Any]:
        """Return the table at these keys; an empty one if there is none."""
        found: Mapping[str, Any] = self.data
        for depth, key in enumerate(keys, 1):
            inner = found.get(key, {})
            if not isinstance(inner, dict):
                self.fault(f"has something else than a table at {'.'.join(keys[:depth])}")
                return {}
            found = inner
        return found

    def text(self, table: Mapping[str, Any], key: str, where: str) -> str:
        """Return a text that must be there and not be empty."""
        value = table.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self.fault(f"has no text {key!r} in {where}")
        return ""

    def day(self, table: Mapping[str, Any], key: str, where: str) -> date:
        """Return a date, or note that it is missing."""
        value = table.get(key)
        if type(value) is date:  # a datetime is a date too, and not meant
            return value
        self.fault(f"has no date {key!r} in {where}")
        return date.min

    def number(self, table: Mapping[str, Any], key: str, where: str) -> int:
        """Return a whole number that must be there."""
        value = table.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.fault(f"has no whole number {key!r} in {where}")
        return 0
