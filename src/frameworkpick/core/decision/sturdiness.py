"""How much a verdict depends on the weights: the share of redraws in which it stays the same."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from operator import mul
from typing import TYPE_CHECKING, Annotated

from frameworkpick.core.decision.answers import chosen_options
from frameworkpick.core.decision.outcome import decide, preferred
from frameworkpick.core.decision.tally import shares

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frameworkpick.core.decision.answers import Answers
    from frameworkpick.core.decision.knowledge import Knowledge
    from frameworkpick.core.decision.tally import Weights

#: Each weight is drawn between these, evenly, and multiplies what was set.
LEAST, MOST = 0.5, 1.5


@dataclass(frozen=True, slots=True)
class Sturdiness:
    """How often the verdict stays when the weights are redrawn.

    It says how much the verdict depends on the weights, not how sure one can be of it.
    """

    same: int  #: Draws with the verdict that holds without a redraw.
    draws: int  #: How often the weights were redrawn.
    by_verdict: Mapping[str, int]  #: Draws by verdict, most frequent first.
    #: ``by_verdict`` has the tie-break's winner.
    too_close: Annotated[int, "Redraws that only the tie-break settles."] = 0
    leading: Mapping[str, int] = field(
        default_factory=dict
    )  #: The other draws, by the framework that leads; empty where a constraint decides.


def sturdiness(
    knowledge: Knowledge,
    answers: Answers,
    *,
    weights: Weights | None = None,
    draws: int = 1000,
    seed: int = 0,
    past_ramps: bool = False,
) -> Sturdiness:
    """Redraw the weight of every answered criterion and count the verdicts.

    Points add up and an interaction takes the mean weight of its criteria, so a framework's sum is
    linear in the weights: a draw costs one multiplication for each answer and framework.

    Args:
        knowledge: The questions and the frameworks' verdicts.
        answers: What was answered.
        weights: A factor by criterion id; a redraw multiplies it.
        draws: How many redraws.
        seed: The same seed gives the same redraws.
        past_ramps: Continue past the exit ramps.
    """
    chosen = chosen_options(answers)
    now = decide(knowledge, chosen, weights, ramps=not past_ramps)
    if now.strength == "constraint":
        # Exit ramps and vetoes know no weights.
        return Sturdiness(draws, draws, {now.verdict: draws})
    names, rows = shares(knowledge, chosen, weights)
    rows = {framework: row for framework, row in rows.items() if framework not in now.vetoed}
    settled_ties: dict[tuple[str, ...], str] = {}
    counts: dict[str, int] = {}
    leading = dict.fromkeys(rows, 0)
    draw = random.Random(seed).uniform  # noqa: S311 (a repeatable sample, no secret) # nosec B311
    for _ in range(draws):
        factors = [draw(LEAST, MOST) for _ in names]
        # Rounded as the sums of a verdict are.
        points = {name: round(sum(map(mul, row, factors)), 6) for name, row in rows.items()}
        best = max(points.values())
        tied = tuple(name for name, own in points.items() if best - own < knowledge.lean_from)
        if tied not in settled_ties:
            settled_ties[tied] = preferred(knowledge, chosen, tied)[0]
        verdict = settled_ties[tied]
        counts[verdict] = counts.get(verdict, 0) + 1
        if len(tied) == 1:
            leading[verdict] += 1
    ordered = dict(sorted(counts.items(), key=lambda item: -item[1]))
    too_close = draws - sum(leading.values())
    return Sturdiness(counts.get(now.verdict, 0), draws, ordered, too_close, leading)
