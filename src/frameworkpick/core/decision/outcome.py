"""The verdict alone: exit ramps, then vetoes, then signed points with a dead band."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from frameworkpick.core.decision.recommendation import CONFLICT, NEITHER, Standing
from frameworkpick.core.decision.tally import tally

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from frameworkpick.core.decision.knowledge import Alternative, Criterion, Knowledge
    from frameworkpick.core.decision.recommendation import Strength
    from frameworkpick.core.decision.tally import Weights


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict without its explanation, cheap enough to compute for every other answer."""

    verdict: str  #: A framework's id, "neither" or "conflict".
    strength: Strength  #: How firm it is.
    ranking: tuple[Standing, ...]  #: Best first: those not ruled out, then by points.
    tie_break: str | None = None  #: What settled "too close": a criterion's id or "default".

    def lead(self, framework: str) -> float:
        """Return a framework's lead over the best of the others, in points."""
        own = next(place.points for place in self.ranking if place.framework == framework)
        others = (place.points for place in self.ranking if place.framework != framework)
        return own - max(others, default=0)

    @property
    def points(self) -> dict[str, float]:
        """The points by framework id."""
        return {place.framework: place.points for place in self.ranking}

    @property
    def vetoed(self) -> frozenset[str]:
        """Ids of the frameworks that are ruled out."""
        return frozenset(place.framework for place in self.ranking if place.vetoed)

    @property
    def first(self) -> str:
        """Id of the framework that leads the ranking."""
        return self.ranking[0].framework

    @property
    def margin(self) -> float:
        """The lead of the first of the ranking over the second, in points."""
        second = self.ranking[1].points if len(self.ranking) > 1 else 0
        return self.ranking[0].points - second


def decide(
    knowledge: Knowledge,
    chosen: Mapping[str, str],
    weights: Weights | None = None,
    *,
    ramps: bool = True,
) -> Outcome:
    """Come to a verdict.

    Args:
        knowledge: The questions and the frameworks' verdicts.
        chosen: Criterion id to option id; what is missing counts nothing.
        weights: A factor by criterion id.
        ramps: Whether an exit ramp among the answers makes the verdict "neither".
    """
    points, vetoed = tally(knowledge, chosen, weights)
    if ramps and exit_ramps(knowledge, chosen):
        return Outcome(NEITHER, "constraint", _ranking(knowledge, points, vetoed))
    return judge(knowledge, chosen, points, vetoed)


def judge(
    knowledge: Knowledge,
    chosen: Mapping[str, str],
    points: Mapping[str, float],
    vetoed: Collection[str],
) -> Outcome:
    """Come to a verdict by points and vetoes.

    Args:
        knowledge: The frameworks, the thresholds and the tie-break.
        chosen: Criterion id to option id; only the tie-break looks at it.
        points: The sum by framework id.
        vetoed: Ids of the frameworks ruled out.
    """
    ranking = _ranking(knowledge, points, vetoed)
    left = [place for place in ranking if not place.vetoed]
    if not left:
        return Outcome(CONFLICT, "constraint", ranking)
    if len(left) == 1:
        return Outcome(left[0].framework, "constraint", ranking)
    lead = left[0].points - left[1].points
    if lead >= knowledge.clear_from:
        return Outcome(left[0].framework, "clear", ranking)
    if lead >= knowledge.lean_from:
        return Outcome(left[0].framework, "lean", ranking)
    tied = [p.framework for p in left if left[0].points - p.points < knowledge.lean_from]
    verdict, settled_by = preferred(knowledge, chosen, tied)
    return Outcome(verdict, "too_close", ranking, settled_by)


def _ranking(
    knowledge: Knowledge, points: Mapping[str, float], vetoed: Collection[str]
) -> tuple[Standing, ...]:
    places = [Standing(f.id, points[f.id], f.id in vetoed) for f in knowledge.frameworks]
    return tuple(sorted(places, key=lambda place: (place.vetoed, -place.points)))


def exit_ramps(knowledge: Knowledge, chosen: Mapping[str, str]) -> tuple[Alternative, ...]:
    """Collect what the answers lead to that is no framework here."""
    options = [c.option(chosen[c.id]) for c in knowledge.criteria if c.id in chosen]
    return tuple(way for option in options if option for way in option.instead)


def has_ramp(criteria: Sequence[Criterion]) -> bool:
    """Say whether any option of these criteria is an exit ramp."""
    return any(option.instead for criterion in criteria for option in criterion.options)


def preferred(
    knowledge: Knowledge, chosen: Mapping[str, str], tied: Sequence[str]
) -> tuple[str, str]:
    """Settle what is too close to call.

    Args:
        knowledge: Its ``tie_break`` names the answers that settle, the most telling first.
        chosen: Criterion id to option id.
        tied: Ids of the frameworks to choose from, at least one.

    Returns:
        The framework's id, and what settled it: a criterion's id or "default" (the lowest rank).
    """
    left = [framework for framework in knowledge.frameworks if framework.id in tied]
    for criterion, options in knowledge.tie_break:
        if chosen.get(criterion) not in options:
            continue
        points = {f.id: f.verdicts[criterion][chosen[criterion]].points for f in left}
        best = max(points.values())
        left = [framework for framework in left if points[framework.id] == best]
        if len(left) == 1:
            return left[0].id, criterion
    return min(left, key=lambda framework: (framework.rank, framework.id)).id, "default"
