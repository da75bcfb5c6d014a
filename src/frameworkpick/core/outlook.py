"""What open questions could still change: how far a lead can move, and whether it is settled."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from frameworkpick.core.outcome import decide, has_ramp, preferred
from frameworkpick.core.recommendation import CONFLICT, NEITHER
from frameworkpick.core.tally import tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from frameworkpick.core.knowledge import Criterion, Interaction, Knowledge
    from frameworkpick.core.tally import Weights

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
