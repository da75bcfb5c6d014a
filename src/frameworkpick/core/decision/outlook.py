"""What open questions could still change: how far a lead moves, what is settled, what matters."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from frameworkpick.core.decision.outcome import decide, has_ramp, judge, preferred
from frameworkpick.core.decision.recommendation import CONFLICT, NEITHER
from frameworkpick.core.decision.tally import tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from frameworkpick.core.decision.knowledge import Criterion, Interaction, Knowledge
    from frameworkpick.core.decision.tally import Weights

#: The least and the most a lead can be.
Range = tuple[float, float]


def lead_ranges(
    knowledge: Knowledge,
    chosen: Mapping[str, str],
    still_open: Sequence[Criterion],
    leader: str,
    weights: Weights | None = None,
    *,
    in_play: bool = False,
) -> dict[str, Range]:
    """Compute exactly how the leader's points over each rival can end.

    Every open criterion may take any of its options or stay open. Points add up, so open criteria
    count independently unless an interaction looks at both: those are tried in every combination.

    Args:
        knowledge: The questions and the frameworks' verdicts.
        chosen: Criterion id to option id.
        still_open: The criteria that may still be answered; none of them is in ``chosen``.
        leader: Id of the framework whose lead is asked for.
        weights: A factor by criterion id.
        in_play: Leave out what would rule the rival itself out; without it vetoes do not matter.

    Returns:
        The range by the rival's framework id.
    """
    points, _ = tally(knowledge, chosen, weights)
    rivals = [framework for framework in points if framework != leader]
    ranges = {rival: (points[leader] - points[rival],) * 2 for rival in rivals}
    for group in linked(knowledge, still_open):
        names = {criterion.id for criterion in group}
        before, _ = tally(knowledge, chosen, weights, within=names)
        seen = [
            tally(knowledge, {**chosen, **more}, weights, within=names)
            for more in assignments(group)
        ]
        for rival in rivals:
            start = before[leader] - before[rival]
            moves = [
                after[leader] - after[rival] - start
                for after, vetoed in seen
                if not (in_play and rival in vetoed)
            ] or [0]
            low, high = ranges[rival]
            ranges[rival] = (low + min(moves), high + max(moves))
    return ranges


def settled(
    knowledge: Knowledge,
    chosen: Mapping[str, str],
    still_open: Sequence[Criterion],
    weights: Weights | None = None,
    *,
    ramps: bool = True,
) -> bool:
    """Say whether no answer to the open criteria can change the verdict, whatever its strength.

    Exact for two frameworks. For more it never says True wrongly, but may say False where a rival
    that could overtake would itself be overtaken by another.

    Args:
        knowledge: The questions and the frameworks' verdicts.
        chosen: Criterion id to option id.
        still_open: The criteria that may still be answered; none of them is in ``chosen``.
        weights: A factor by criterion id.
        ramps: Whether an exit ramp makes the verdict "neither".
    """
    verdict = decide(knowledge, chosen, weights, ramps=ramps).verdict
    if not still_open or verdict == NEITHER:
        return True
    if ramps and has_ramp(still_open):
        return False
    if verdict == CONFLICT:
        return True
    return not can_be_vetoed(knowledge, chosen, still_open, verdict) and _lead_holds(
        knowledge, chosen, still_open, verdict, weights
    )


def can_be_vetoed(
    knowledge: Knowledge,
    chosen: Mapping[str, str],
    still_open: Sequence[Criterion],
    framework_id: str,
) -> bool:
    """Say whether an answer to an open criterion could rule the framework out."""
    framework = knowledge.framework(framework_id)
    if framework is None:
        return False
    if any(framework.verdicts[c.id][o.id].veto for c in still_open for o in c.options):
        return True
    names = {criterion.id for criterion in still_open}
    return any(
        _could_apply(interaction, chosen, names)
        for interaction in knowledge.interactions
        if interaction.id in framework.effects and framework.effects[interaction.id].veto
    )


def assignments(criteria: Sequence[Criterion]) -> Iterator[dict[str, str]]:
    """Yield every way to answer the criteria, each of them possibly left open."""
    choices = [(None, *(option.id for option in criterion.options)) for criterion in criteria]
    for picked in product(*choices):
        yield {
            c.id: option for c, option in zip(criteria, picked, strict=True) if option is not None
        }


def _lead_holds(
    knowledge: Knowledge,
    chosen: Mapping[str, str],
    still_open: Sequence[Criterion],
    verdict: str,
    weights: Weights | None,
) -> bool:
    """Say whether no rival that is not ruled out can take the verdict by points."""
    _, vetoed = tally(knowledge, chosen, weights)
    ranges = lead_ranges(knowledge, chosen, still_open, verdict, weights, in_play=True)
    lows = {rival: low for rival, (low, _) in ranges.items() if rival not in vetoed}
    if all(low >= knowledge.lean_from for low in lows.values()):
        return True
    if any(low <= -knowledge.lean_from for low in lows.values()):
        return False
    return _tie_break_holds(knowledge, chosen, still_open, verdict, weights)


def _tie_break_holds(
    knowledge: Knowledge,
    chosen: Mapping[str, str],
    still_open: Sequence[Criterion],
    verdict: str,
    weights: Weights | None,
) -> bool:
    """Say whether the verdict survives in the dead band, for every answer that could settle it."""
    settlers = {criterion for criterion, _ in knowledge.tie_break}
    settling = [criterion for criterion in still_open if criterion.id in settlers]
    rest = [criterion for criterion in still_open if criterion.id not in settlers]
    for more in assignments(settling):
        now = {**chosen, **more}
        _, vetoed = tally(knowledge, now, weights)
        ranges = lead_ranges(knowledge, now, rest, verdict, weights, in_play=True)
        for rival, (low, _) in ranges.items():
            if rival in vetoed:
                continue
            if preferred(knowledge, now, (verdict, rival))[0] == verdict:
                holds = low > -knowledge.lean_from
            else:
                holds = low >= knowledge.lean_from
            if not holds:
                return False
    return True


def linked(knowledge: Knowledge, criteria: Sequence[Criterion]) -> list[list[Criterion]]:
    """Group the criteria so that no interaction looks at two groups."""
    groups = [[criterion] for criterion in criteria]
    for interaction in knowledge.interactions:
        if interaction.kind == "advice":
            continue
        looked_at = set(interaction.criteria)
        touched = [group for group in groups if any(c.id in looked_at for c in group)]
        if len(touched) > 1:
            groups = [group for group in groups if group not in touched]
            groups.append([criterion for group in touched for criterion in group])
    return groups


def _could_apply(interaction: Interaction, chosen: Mapping[str, str], still_open: set[str]) -> bool:
    def possible(criterion: str, options: tuple[str, ...]) -> bool:
        return criterion in still_open or chosen.get(criterion) in options

    return all(possible(c, options) for c, options in interaction.all_of) and (
        not interaction.any_of or any(possible(c, options) for c, options in interaction.any_of)
    )


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
