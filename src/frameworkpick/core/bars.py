"""Points as bars: what makes the lead, answer by answer, and lengths made of characters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from frameworkpick.core.sentences import signed

if TYPE_CHECKING:
    from frameworkpick.core.decision import Decision

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


def running(decision: Decision, glyphs: Glyphs) -> str:
    """Draw the lead between the two first frameworks, and how far open answers could move it.

    Args:
        decision: Where the answers lead so far; the framework that is known first stands right.
        glyphs: The characters to use.

    Returns:
        One line, or nothing when there are no two frameworks to compare.
    """
    advice = decision.advice
    if len(advice.ranking) < 2:  # noqa: PLR2004 (a lead needs two)
        return ""
    two = [place.framework for place in advice.ranking[:2]]
    right, left = (f for f in decision.knowledge.frameworks if f.id in two)
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


@dataclass(frozen=True, slots=True)
class Bar:
    """What one answer adds to the lead."""

    criterion: str  #: Id of the criterion or interaction.
    option: str  #: Id of the option; of an interaction, the answers that met.
    label: str  #: The answer in one short line: ``long_lived: core``.
    question: str  #: The question, or what meets in an interaction.
    answer: str  #: The answer as a person reads it; empty for an interaction.
    points: float  #: Positive speaks for the verdict, negative for its rival.
    weight: float = 1  #: The factor somebody set; an interaction shows none.
    suggested: bool = False  #: Whether only the use case says so.

    @property
    def number(self) -> str:
        """The points with their sign, and the factor somebody set; empty without any."""
        factor = f" (x {self.weight:g})" if self.weight != 1 else ""
        return f"{signed(self.points)}{factor}" if self.points else ""

    @property
    def hint(self) -> str:
        """What to read behind an answer that nobody confirmed."""
        return " (suggested)" if self.suggested else ""


@dataclass(frozen=True, slots=True)
class Chart:
    """The lead of one framework over the next, split by answers."""

    subject: str  #: Name of the framework that is recommended.
    rival: str  #: Name of the next one.
    bars: tuple[Bar, ...]  #: What speaks for it first, largest first; what speaks against it last.
    total: float  #: Their sum: the lead.
    ruled_out: tuple[str, ...]  #: Names of the frameworks that an answer rules out.

    @property
    def low(self) -> float:
        """The points of the longest bar against the verdict."""
        return max((-bar.points for bar in self.bars if bar.points < 0), default=0)

    @property
    def high(self) -> float:
        """The points of the longest bar for the verdict."""
        return max((bar.points for bar in self.bars if bar.points > 0), default=0)

    @property
    def sum(self) -> str:
        """The lead in words: ``+5 for FastAPI``; the rival has it where a constraint decides."""
        if not self.total:
            return "level"
        name = self.subject if self.total > 0 else self.rival
        return f"{signed(abs(self.total))} for {name}"


def chart(decision: Decision) -> Chart | None:
    """Split the verdict's lead over its rival by answers.

    Returns:
        ``None`` when no framework is recommended or there is no other to compare with.
    """
    advice = decision.advice
    places = {place.framework: place for place in advice.ranking}
    rival = next((p for p in advice.ranking if p.framework != advice.verdict), None)
    if advice.verdict not in places or rival is None:
        return None
    points: dict[tuple[str, str], float] = {}
    for reason in advice.reasons:
        side = {advice.verdict: 1, rival.framework: -1}.get(reason.framework, 0)
        key = (reason.criterion, reason.option)
        points[key] = points.get(key, 0) + side * reason.points
    bars = [bar(decision, *answer, number) for answer, number in points.items() if number]
    return Chart(
        subject=decision.name_of(advice.verdict),
        rival=decision.name_of(rival.framework),
        bars=tuple(sorted(bars, key=lambda each: -each.points)),
        total=places[advice.verdict].points - rival.points,
        ruled_out=tuple(decision.name_of(p.framework) for p in advice.ranking if p.vetoed),
    )


def bar(decision: Decision, name: str, option: str, points: float = 0) -> Bar:
    """Describe one answer, or the meeting of several, with its points and labels.

    Args:
        decision: Questions, labels, and the factors that somebody set.
        name: Id of the criterion or interaction.
        option: Id of the option; of an interaction, the answers that met.
        points: What it adds to the lead.
    """
    knowledge, suggested = decision.knowledge, name in decision.unconfirmed
    criterion = knowledge.criterion(name)
    if criterion is None:
        title = next((each.title for each in knowledge.interactions if each.id == name), name)
        return Bar(name, option, f"{name}: {title}", title, "", points, suggested=suggested)
    label, weight = knowledge.label(name, option), decision.said.weights.get(name, 1)
    question = criterion.question
    return Bar(name, option, f"{name}: {option}", question, label, points, weight, suggested)
