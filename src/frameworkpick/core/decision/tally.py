"""What the answers add up to: points and vetoes for each framework."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from frameworkpick.core.decision.knowledge import Framework, Interaction, Knowledge, Verdict

#: One thing that counts: framework id, criterion or interaction id, option, points, its verdict.
Entry = tuple[str, str, str, float, "Verdict"]

#: A factor by criterion id; 1 where none is given.
Weights = Mapping[str, float]


def entries(
    knowledge: Knowledge,
    chosen: Mapping[str, str],
    weights: Weights | None = None,
    *,
    within: Collection[str] | None = None,
) -> Iterator[Entry]:
    """List everything that counts, in the order of the knowledge.

    The order never depends on the order of the answers, so neither does a sum of floats.

    Args:
        knowledge: The questions and the frameworks' verdicts.
        chosen: Criterion id to option id; what is missing counts nothing.
        weights: A factor by criterion id. An interaction takes the mean of its criteria.
        within: Only these criteria, and the interactions that look at one of them.
    """
    for criterion in knowledge.criteria:
        name = criterion.id
        option = chosen.get(name)
        if option is None or (within is not None and name not in within):
            continue
        weight = weights.get(name, 1) if weights else 1
        for framework in knowledge.frameworks:
            verdict = framework.verdicts[name][option]
            yield framework.id, name, option, verdict.points * weight, verdict
    for interaction in knowledge.interactions:
        if interaction.kind == "advice" or not interaction.applies(chosen):
            continue
        if within is not None and not any(name in within for name in interaction.criteria):
            continue
        met = met_answers(interaction, chosen)
        weight = _mean_weight(interaction, chosen, weights) if weights else 1
        for framework in knowledge.frameworks:
            effect = framework.effects.get(interaction.id)
            if effect is not None:
                points = _points(interaction, effect, framework, chosen)
                yield framework.id, interaction.id, met, points * weight, effect


def tally(
    knowledge: Knowledge,
    chosen: Mapping[str, str],
    weights: Weights | None = None,
    *,
    within: Collection[str] | None = None,
) -> tuple[dict[str, float], set[str]]:
    """Add up the entries: points by framework id, and the ids of the frameworks ruled out."""
    points: dict[str, float] = {framework.id: 0 for framework in knowledge.frameworks}
    vetoed: set[str] = set()
    for framework, _, _, number, verdict in entries(knowledge, chosen, weights, within=within):
        points[framework] += number
        if verdict.veto:
            vetoed.add(framework)
    if weights:
        # Float noise must not decide on which side of a threshold a lead lies.
        points = {framework: round(number, 6) for framework, number in points.items()}
    return points, vetoed


def shares(
    knowledge: Knowledge, chosen: Mapping[str, str], weights: Weights | None = None
) -> tuple[list[str], dict[str, list[float]]]:
    """Split the points into what each answered criterion adds, as its weight scales it.

    An interaction is split evenly among the criteria that met, so that the sums stay those of
    :func:`tally` whatever factor a criterion's share is multiplied with.

    Returns:
        The answered criteria, and by framework id one share for each of them.
    """
    names = [criterion.id for criterion in knowledge.criteria if criterion.id in chosen]
    place = {name: number for number, name in enumerate(names)}
    interactions = {interaction.id: interaction for interaction in knowledge.interactions}
    rows: dict[str, list[float]] = {f.id: [0.0] * len(names) for f in knowledge.frameworks}
    for framework, name, _, points, _ in entries(knowledge, chosen):
        among = [name] if name in place else met_criteria(interactions[name], chosen)
        for criterion in among:
            weight = weights.get(criterion, 1) if weights else 1
            rows[framework][place[criterion]] += points * weight / len(among)
    return names, rows


def met_answers(interaction: Interaction, chosen: Mapping[str, str]) -> str:
    """Return the answers that triggered an interaction: ``bottleneck=trivial, app_size=medium``."""
    return ", ".join(
        f"{criterion}={chosen[criterion]}" for criterion in met_criteria(interaction, chosen)
    )


def _points(
    interaction: Interaction, effect: Verdict, framework: Framework, chosen: Mapping[str, str]
) -> int:
    """Return what an effect adds; a cap takes away what its criteria count for beyond it."""
    if interaction.kind == "points":
        return effect.points
    together = sum(framework.verdicts[c][chosen[c]].points for c, _ in interaction.all_of)
    if effect.points >= 0:
        return min(0, effect.points - together)
    return max(0, effect.points - together)


def _mean_weight(interaction: Interaction, chosen: Mapping[str, str], weights: Weights) -> float:
    met = met_criteria(interaction, chosen)
    return sum(weights.get(name, 1) for name in met) / len(met)


def met_criteria(interaction: Interaction, chosen: Mapping[str, str]) -> list[str]:
    """Return the criteria whose answers triggered an interaction."""
    conditions = interaction.all_of + interaction.any_of
    return [criterion for criterion, options in conditions if chosen.get(criterion) in options]
