"""What would change the answer: every single other answer, else the smallest pair."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from frameworkpick.core.decision.outcome import decide, judge
from frameworkpick.core.decision.recommendation import NEITHER, Change, Flip, Pair

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from frameworkpick.core.decision.knowledge import Knowledge
    from frameworkpick.core.decision.outcome import Outcome
    from frameworkpick.core.decision.tally import Weights

#: One criterion, another option of it, and the outcome with that option.
Move = tuple[str, str, "Outcome"]

#: Sums of weighted points are rounded to six digits; sizes that differ less are the same.
_DIGITS = 5


def single_moves(
    knowledge: Knowledge,
    chosen: Mapping[str, str],
    weights: Weights | None = None,
    *,
    ramps: bool = True,
) -> list[Move]:
    """Try every other option of every criterion, in the order of the knowledge."""
    return [
        (
            criterion.id,
            option.id,
            decide(knowledge, {**chosen, criterion.id: option.id}, weights, ramps=ramps),
        )
        for criterion in knowledge.criteria
        for option in criterion.options
        if option.id != chosen.get(criterion.id)
    ]


def flips(chosen: Mapping[str, str], now: Outcome, moves: Sequence[Move]) -> tuple[Flip, ...]:
    """Keep the moves that change verdict or strength, the smallest change first."""
    found: list[tuple[bool, float, Flip]] = []
    for criterion, option, then in moves:
        if (then.verdict, then.strength) != (now.verdict, now.strength):
            size = abs(then.lead(now.first) - now.lead(now.first))
            flip = Flip(criterion, chosen.get(criterion), option, then.verdict, then.strength)
            # What decides by constraint has no size; it follows what points can do.
            found.append((then.strength == "constraint", size, flip))
    found.sort(key=lambda item: item[:2])
    return tuple(flip for _, _, flip in found)


def pairs(
    knowledge: Knowledge,
    chosen: Mapping[str, str],
    now: Outcome,
    moves: Sequence[Move],
    weights: Weights | None = None,
    *,
    ramps: bool = True,
) -> tuple[Pair, ...]:
    """Find the smallest pairs of answers that favour another framework.

    Only when the verdict is a framework and no single answer favours another; exit ramps are left
    out. Points add up, so a pair is the sum of its moves unless an interaction looks at both.

    Returns:
        All pairs of the smallest size, in the order of the knowledge; empty when no pair does it.
    """
    others = {framework.id for framework in knowledge.frameworks} - {now.verdict}
    if len(others) == len(knowledge.frameworks):
        return ()
    if any(then.verdict in others for _, _, then in moves):
        return ()
    found: list[tuple[float, Pair]] = []
    for first, second, then in _pair_moves(knowledge, chosen, now, moves, weights, ramps=ramps):
        if then.verdict in others:
            changes = tuple(Change(c, chosen.get(c), option) for c, option, _ in (first, second))
            size = round(abs(then.lead(now.first) - now.lead(now.first)), _DIGITS)
            found.append((size, Pair(changes, then.verdict, then.strength)))
    smallest = min((size for size, _ in found), default=0)
    return tuple(pair for size, pair in found if size == smallest)


def _pair_moves(
    knowledge: Knowledge,
    chosen: Mapping[str, str],
    now: Outcome,
    moves: Sequence[Move],
    weights: Weights | None,
    *,
    ramps: bool,
) -> Iterator[tuple[Move, Move, Outcome]]:
    """Yield the pairs of moves that could favour another framework, with their outcome."""
    linked = {
        frozenset(pair)
        for interaction in knowledge.interactions
        if interaction.kind != "advice"
        for pair in combinations(interaction.criteria, 2)
    }
    vetoers = _vetoers(knowledge)
    tried = [(move, move[2].points) for move in moves if move[2].verdict != NEITHER]
    start = now.points
    for (first, some), (second, more) in combinations(tried, 2):
        (one, option, alone), (other, other_option, beside) = first, second
        if one == other:
            continue
        both = {**chosen, one: option, other: other_option}
        if frozenset((one, other)) in linked or {one, other} <= vetoers:
            yield first, second, decide(knowledge, both, weights, ramps=ramps)
            continue
        vetoed = (alone if one in vetoers else beside if other in vetoers else now).vetoed
        points = {name: round(some[name] + more[name] - start[name], 6) for name in start}
        rivals = [points[name] for name in start if name != now.verdict and name not in vetoed]
        least = points[now.verdict] - knowledge.lean_from
        if now.verdict in vetoed or any(rival > least for rival in rivals):
            yield first, second, judge(knowledge, both, points, vetoed)


def _vetoers(knowledge: Knowledge) -> set[str]:
    """Return the criteria whose answer can rule a framework out, alone or with others."""
    found = {
        criterion
        for framework in knowledge.frameworks
        for criterion, row in framework.verdicts.items()
        if any(verdict.veto for verdict in row.values())
    }
    for interaction in knowledge.interactions:
        effects = (framework.effects.get(interaction.id) for framework in knowledge.frameworks)
        if any(effect and effect.veto for effect in effects):
            found.update(interaction.criteria)
    return found
