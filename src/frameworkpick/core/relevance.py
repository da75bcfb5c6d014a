"""Whether one open question can still change the verdict, whatever the others say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.core.outcome import has_ramp, judge
from frameworkpick.core.outlook import assignments, linked
from frameworkpick.core.tally import tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from frameworkpick.core.knowledge import Criterion, Knowledge
    from frameworkpick.core.tally import Weights

#: What answers add up to: points by framework, who is ruled out, and what settles a tie.
_State = tuple[tuple[float, ...], frozenset[str], tuple[tuple[str, str], ...]]

#: So many states are looked at. Beyond, which takes odd weights or many frameworks, a question
#: that may change the verdict is taken to do so: one too many is better than one too few.
_MOST = 20_000


def can_matter(
    knowledge: Knowledge,
    chosen: Mapping[str, str],
    criterion: Criterion,
    others: Sequence[Criterion],
    weights: Weights | None = None,
    *,
    ramps: bool = True,
) -> bool:
    """Say whether two answers to the criterion lead to two verdicts under some other answers.

    Args:
        knowledge: The questions and the frameworks' verdicts.
        chosen: Criterion id to option id; they are no exit ramp, unless one goes past it.
        criterion: The question; it is not in ``chosen``.
        others: What else may still be answered or stay open; not in ``chosen`` either.
        weights: A factor by criterion id.
        ramps: Whether an exit ramp makes the verdict "neither".
    """
    if ramps and has_ramp([criterion]):
        return True
    found = _Outcomes(knowledge, chosen, weights, ramps=ramps)
    groups = linked(knowledge, [criterion, *others])
    (own,) = (group for group in groups if criterion in group)
    mates = [each for each in own if each is not criterion]
    values = list(assignments([criterion]))
    rows = {
        tuple(found.effect({**more, **value}, own) for value in values)
        for more in found.possible(mates)
    }
    rows = {row for row in rows if len(set(row)) > 1}
    seen, fresh = set[_State](), {found.start}
    for group in [[], *(group for group in groups if group is not own)]:
        effects = {found.effect(more, group) for more in found.possible(group)}
        # Everything may stay open, so what was reached before stays within reach.
        fresh = {found.add(state, effect) for state in seen | fresh for effect in effects} - seen
        if any(found.differ(state, row) for state in fresh for row in rows):
            return True
        seen |= fresh
        if len(seen) > _MOST:
            return bool(rows)
    return False


class _Outcomes:
    """Adds up answers and comes to verdicts, each of them once."""

    def __init__(
        self,
        knowledge: Knowledge,
        chosen: Mapping[str, str],
        weights: Weights | None,
        *,
        ramps: bool,
    ) -> None:
        self._knowledge, self._chosen, self._weights = knowledge, chosen, weights
        self._ramps = ramps
        self._verdicts: dict[_State, str] = {}
        points, vetoed = tally(knowledge, chosen, weights)
        self.start = self._bare(tuple(points.values()), frozenset(vetoed), ())

    def possible(self, group: Sequence[Criterion]) -> Iterator[dict[str, str]]:
        """Yield every way to answer the criteria that is no exit ramp."""
        leading_away = {
            (criterion.id, option.id)
            for criterion in group
            for option in criterion.options
            if option.instead and self._ramps
        }
        return (more for more in assignments(group) if leading_away.isdisjoint(more.items()))

    def effect(self, more: Mapping[str, str], group: Sequence[Criterion]) -> _State:
        """Return what answers to a group add to those that are given."""
        names = {criterion.id for criterion in group}
        before, _ = tally(self._knowledge, self._chosen, self._weights, within=names)
        after, vetoed = tally(
            self._knowledge, {**self._chosen, **more}, self._weights, within=names
        )
        told = tuple(
            (name, more[name])
            for name, options in self._knowledge.tie_break
            if more.get(name) in options
        )
        return tuple(after[name] - before[name] for name in after), frozenset(vetoed), told

    def add(self, state: _State, effect: _State) -> _State:
        """Return what both add up to."""
        points = tuple(a + b for a, b in zip(state[0], effect[0], strict=True))
        return self._bare(points, state[1] | effect[1], state[2] + effect[2])

    def differ(self, state: _State, row: Sequence[_State]) -> bool:
        """Say whether the effects lead from a state to more than one verdict."""
        return len({self._verdict(self.add(state, effect)) for effect in row}) > 1

    def _bare(
        self, points: tuple[float, ...], vetoed: frozenset[str], told: tuple[tuple[str, str], ...]
    ) -> _State:
        """Keep what can still tell: the differences between the frameworks that are left."""
        ids = [framework.id for framework in self._knowledge.frameworks]
        left = [number for name, number in zip(ids, points, strict=True) if name not in vetoed]
        base = left[0] if left else 0
        bare = (
            0.0 if name in vetoed else round(number - base, 6)
            for name, number in zip(ids, points, strict=True)
        )
        return tuple(bare), vetoed, told if len(left) > 1 else ()

    def _verdict(self, state: _State) -> str:
        if state not in self._verdicts:
            points, vetoed, told = state
            named = {f.id: n for f, n in zip(self._knowledge.frameworks, points, strict=True)}
            chosen = {**self._chosen, **dict(told)}
            self._verdicts[state] = judge(self._knowledge, chosen, named, vetoed).verdict
        return self._verdicts[state]
