"""How the chart of a lead looks in a terminal, in a pipe, and where only plain characters show."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from frameworkpick.core import bars, wording

if TYPE_CHECKING:
    from frameworkpick.report.chart import Bar, Chart
    from frameworkpick.report.page import Page, Tone

_INDENT = 2
#: Columns between the parts of a line: before the axis, and before the number.
_GAP = 2
_LONGEST_LABEL = 34
#: Columns for the number behind a bar, with the factor it was multiplied by.
_NUMBER = 12
#: Cells for one point, as long as all bars have room.
_CELLS = 2.0


def write(page: Page, chart: Chart) -> None:
    """Write one bar for each answer: to the right for the verdict, to the left against it."""
    page.heading(f"For and against {chart.subject}, in points of its lead over {chart.rival}")
    label = min(max((len(bar.label) for bar in chart.bars), default=0), _LONGEST_LABEL)
    low = max((-bar.points for bar in chart.bars if bar.points < 0), default=0)
    high = max((bar.points for bar in chart.bars if bar.points > 0), default=0)
    hint = max((len(bar.hint) for bar in chart.bars), default=0)
    room = page.width - _INDENT - label - 2 * _GAP - 1 - _NUMBER - hint
    cells = min(_CELLS, max(room, 8) / (low + high)) if low + high else _CELLS
    left = _cells(low, cells)
    for bar in chart.bars:
        _line(page, bar, label, cells, left)
    total = wording.signed(chart.total)
    page.verbatim(f"{'all together':<{label}}{' ' * (_GAP + left)}= {total}", indent=_INDENT)
    for name in chart.ruled_out:
        page.line(f"{name} is ruled out, whatever the points say.", indent=_INDENT)


def _line(page: Page, bar: Bar, label: int, cells: float, left: int) -> None:
    first, *more = textwrap.wrap(bar.label, label)
    drawn = bars.length(bar.points, cells, page.glyphs)
    tone: Tone = "good" if bar.points > 0 else "bad"
    before, after = ("", drawn) if bar.points > 0 else (drawn, "")
    page.pieces(
        (" " * _INDENT + f"{first:<{label}}" + " " * _GAP, "plain"),
        (f"{before:>{left}}", tone),
        (page.glyphs.axis, "plain"),
        (after, tone),
        (f" {bar.number}{bar.hint}", "plain"),
    )
    for part in more:
        page.verbatim(part, indent=_INDENT)


def _cells(points: float, cells: float) -> int:
    """Return the cells of the longest bar, rounded as bars are."""
    return -(-round(points * cells * 2) // 2)
