"""Bars made of characters: points as lengths that read well in any terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from frameworkpick.core.knowledge import Knowledge
    from frameworkpick.core.recommendation import Recommendation

#: Cells on each side of the middle of a running bar, one point each.
_REACH = 14


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters that bars are made of."""

    full: str  #: A whole cell.
    half_right: str  #: The end of a bar that grows to the right, half a cell.
    half_left: str  #: The same of one that grows to the left.
    axis: str  #: The zero line.
    reach: str  #: A cell that open answers could still fill.
    empty: str  #: A cell out of reach.


BLOCKS = Glyphs("█", "▌", "▐", "│", "░", "·")
#: For terminals and files that show nothing else.
PLAIN = Glyphs("#", "", "", "|", "-", ".")


def length(points: float, cells: float, glyphs: Glyphs) -> str:
    """Return a bar that grows to the right for positive points, to the left for negative ones.

    Args:
        points: What the bar stands for.
        cells: Cells for one point.
        glyphs: The characters to use; without half ones, lengths are rounded to whole cells.
    """
    half = glyphs.half_right if points > 0 else glyphs.half_left
    halves = round(abs(points) * cells * 2)
    if not half:
        return glyphs.full * ((halves + 1) // 2)
    bar = glyphs.full * (halves // 2)
    rest = half if halves % 2 else ""
    return bar + rest if points > 0 else rest + bar


def running(knowledge: Knowledge, advice: Recommendation, glyphs: Glyphs) -> str:
    """Draw the lead between the two first frameworks, and how far open answers could move it.

    Args:
        knowledge: Says which of the two stands right: the one it names first.
        advice: Where the answers lead so far.
        glyphs: The characters to use.

    Returns:
        One line, or nothing when there are no two frameworks to compare.
    """
    if len(advice.ranking) < 2:  # noqa: PLR2004 (a lead needs two)
        return ""
    two = [place.framework for place in advice.ranking[:2]]
    right, left = (f for f in knowledge.frameworks if f.id in two)
    sign = 1 if right.id == two[0] else -1
    done = advice.completeness
    low, high = sorted((sign * done.worst, sign * done.best))
    lead = sign * advice.margin

    def cell(place: int) -> str:
        # The cell covers the points from place - 1 to place on the right, mirrored on the left.
        if 0 < place <= lead or lead <= place < 0:
            return glyphs.full
        within = low < place <= high if place > 0 else low <= place < high
        return glyphs.reach if within else glyphs.empty

    before = "".join(cell(place) for place in range(-_REACH, 0))
    after = "".join(cell(place) for place in range(1, _REACH + 1))
    return f"{left.name} {before}{glyphs.axis}{after} {right.name}"
