"""``frameworkpick compare``: the frameworks side by side, with reasons, sources and dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from frameworkpick import catalog
from frameworkpick.commands.inputs import recorded_date
from frameworkpick.core import comparison
from frameworkpick.core.forms import SCHEMA, plain

if TYPE_CHECKING:
    from frameworkpick.core.comparison import Comparison


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """What is to be shown."""

    stale: bool = False  #: Only the sources that were read more than a year ago.
    today: date | None = None  #: Counted from; None is SOURCE_DATE_EPOCH, else today.


@dataclass(frozen=True, slots=True)
class CompareResult:
    """The comparison, and which part of it was asked for."""

    comparison: Comparison  #: Every row with every framework's verdict, and the stale sources.
    stale: bool  #: Whether only the stale sources were asked for.

    def as_json(self) -> dict[str, object]:
        """Return JSON-ready data with a fixed order of keys; with ``stale`` only the sources."""
        if self.stale:
            return {"schema": SCHEMA, "stale": plain(self.comparison.stale)}
        found: dict[str, object] = plain(self.comparison)
        return found

    def as_markdown(self) -> str:
        """Return a Markdown page, the one that stands in the documentation."""
        return comparison.comparison_markdown(self.comparison)


def run(request: CompareRequest) -> CompareResult:
    """Put everything that is known about the frameworks side by side.

    Raises:
        CatalogError: The knowledge files hold a fault.
    """
    today = request.today or date.fromisoformat(recorded_date(None))
    return CompareResult(comparison.compare(catalog.load_knowledge(), today), request.stale)
