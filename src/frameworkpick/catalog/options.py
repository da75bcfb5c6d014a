"""Reads ``options.toml``: flags, effects of answers, and refusals with their reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frameworkpick.catalog.file import KnowledgeFile
from frameworkpick.core.options import Effect, ProjectOption

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


class OptionsFile(KnowledgeFile):
    """What a template says of its options, and what is wrong with that."""

    def __init__(self, path: Path, label: str) -> None:
        super().__init__(path, label)
        #: What is known of each option, by the id of its question.
        self.options = {name: self._option(name) for name in self.data}

    def _option(self, name: str) -> ProjectOption:
        table = self.table(name)
        if unknown := sorted(set(table) - {"flag", "moved", "refused"}):
            self.fault(f"has the unknown {', '.join(map(repr, unknown))} in {name}")
        flag = self.text(table, "flag", name) if "flag" in table else ""
        reasons = self.table(name, "refused")
        refused = tuple((value, self.text(reasons, value, f"{name}.refused")) for value in reasons)
        return ProjectOption(flag, tuple(self._effects(name, table)), refused)

    def _effects(self, name: str, table: Mapping[str, Any]) -> Iterator[Effect]:
        rows = table.get("moved", [])
        for row in rows if isinstance(rows, list) else [rows]:
            match row:
                case {"by": dict(by), "note": str(note)} if len(by) == 1 and isinstance(
                    row.get("to"), str | bool | None
                ):
                    [(criterion, answer)] = by.items()
                    yield Effect(str(criterion), str(answer), row.get("to"), note)
                case _:
                    self.fault(f"has a row in {name}.moved that is not {{ by, to, note }}")
