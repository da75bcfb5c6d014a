"""The recommendation: the verdict, what it rests on, what would change it, what to ask next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.core.decision.answers import chosen_options, firm_answers
from frameworkpick.core.decision.flips import flips, pairs, single_moves
from frameworkpick.core.decision.outcome import decide, exit_ramps, has_ramp
from frameworkpick.core.decision.outlook import can_be_vetoed, can_matter, lead_ranges, settled
from frameworkpick.core.decision.recommendation import (
    CONFLICT,
    NEITHER,
    Completeness,
    Reason,
    Recommendation,
)
from frameworkpick.core.decision.tally import entries, met_answers

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from frameworkpick.core.decision.answers import Answers
    from frameworkpick.core.decision.knowledge import (
        Criterion,
        Framework,
        Knowledge,
        UseCase,
        Verdict,
    )
    from frameworkpick.core.decision.outcome import Outcome
    from frameworkpick.core.decision.tally import Weights

__all__ = ["Recommendation", "next_question", "recommend"]


def recommend(
    knowledge: Knowledge,
    answers: Answers,
    *,
    past_ramps: bool = False,
    weights: Weights | None = None,
) -> Recommendation:
    """Say which framework fits the answers, how firmly, and why.

    Args:
        knowledge: The questions and the frameworks' verdicts.
        answers: What was answered; what is missing or "not sure" counts nothing.
        past_ramps: Continue past the exit ramps: never say "neither".
        weights: A factor by criterion id, 1 where none is given. An interaction takes the mean of
            the criteria that met.
    """
    chosen = chosen_options(answers)
    ramps = not past_ramps
    outcome = decide(knowledge, chosen, weights, ramps=ramps)
    reasons = tuple(
        Reason(framework, criterion, option, points, verdict.because, verdict.source, verdict.veto)
        for framework, criterion, option, points, verdict in entries(knowledge, chosen, weights)
        if points or verdict.veto
    )
    winner = knowledge.framework(outcome.verdict)
    moves = single_moves(knowledge, chosen, weights, ramps=ramps)
    return Recommendation(
        verdict=outcome.verdict,
        strength=outcome.strength,
        margin=outcome.margin,
        ranking=outcome.ranking,
        instead=exit_ramps(knowledge, chosen) if outcome.verdict == NEITHER else (),
        reasons=reasons,
        against=_against(knowledge, winner, reasons) if winner else None,
        flips=flips(chosen, outcome, moves),
        completeness=_completeness(
            knowledge, chosen_options(firm_answers(answers)), outcome, weights, ramps=ramps
        ),
        advice=_advice(knowledge, chosen, winner),
        way_back=_in_any_case(winner, winner.way_back) if winner else None,
        tie_break=outcome.tie_break,
        pairs=pairs(knowledge, chosen, outcome, moves, weights, ramps=ramps),
    )


def next_question(
    knowledge: Knowledge,
    answers: Answers,
    skipped: Collection[str] = (),
    *,
    use_case: UseCase | None = None,
    past_ramps: bool = False,
    weights: Weights | None = None,
) -> Criterion | None:
    """Return the open criterion most able to change the verdict.

    One that could change it under no answers to the others is never asked. What a use case misleads
    about goes first, in its own order. Then earlier stages; within one, what leads away (an exit
    ramp), then what rules out (a veto), then what can pull the verdict's lead down furthest. What
    can only strengthen a lead waits for the rest. Last of all a person confirms what the use case
    suggested.

    Args:
        knowledge: The questions and the frameworks' verdicts.
        answers: What was answered; an explicit "not sure" is not asked again, a provisional answer
            is, as long as another one would change the verdict.
        skipped: Ids of criteria not to ask.
        use_case: What the provisional answers come from.
        past_ramps: Continue past the exit ramps.
        weights: A factor by criterion id.

    Returns:
        None when nothing that may still be asked can change the verdict.
    """
    ramps = not past_ramps
    askable = [
        c
        for c in knowledge.criteria
        if c.id not in skipped and (c.id not in answers or answers[c.id].provisional)
    ]
    names = {criterion.id for criterion in askable}
    chosen = chosen_options(answers)
    firm = {name: option for name, option in chosen.items() if name not in names}
    if settled(knowledge, firm, askable, weights, ramps=ramps):
        return None
    outcome = decide(knowledge, chosen, weights, ramps=ramps)
    if outcome.verdict in (NEITHER, CONFLICT):
        # What is only suggested decides nothing alone.
        chosen, outcome = firm, decide(knowledge, firm, weights, ramps=ramps)
    if outcome.verdict == CONFLICT:
        # Vetoes are never taken back: only an exit ramp leads out.
        return next((criterion for criterion in askable if has_ramp([criterion])), None)
    misleading = use_case.asks if use_case else ()

    def urgency(criterion: Criterion) -> tuple[float, ...]:
        rest = {name: option for name, option in chosen.items() if name != criterion.id}
        away = ramps and has_ramp([criterion])
        alone = away or can_be_vetoed(knowledge, rest, [criterion], outcome.verdict)
        ranges = lead_ranges(knowledge, rest, [criterion], outcome.verdict, weights).values()
        now = outcome.lead(outcome.verdict)
        pull = now - min((low for low, _ in ranges), default=now)
        spread = max((high - low for low, high in ranges), default=0)
        waits = not alone and pull <= 0 and outcome.strength != "too_close"
        turn = misleading.index(criterion.id) if criterion.id in misleading else len(misleading)
        suggested = criterion.id in chosen
        return turn, waits, suggested, criterion.stage, not away, not alone, -pull, -spread

    for criterion in sorted(askable, key=urgency):
        others = [other for other in askable if other is not criterion]
        if can_matter(knowledge, firm, criterion, others, weights, ramps=ramps):
            return criterion
    return None


def _moving(knowledge: Knowledge) -> frozenset[str]:
    """Return the ids of the criteria that can move a margin or rule a framework out."""
    alone = {
        criterion
        for framework in knowledge.frameworks
        for criterion, verdicts in framework.verdicts.items()
        if any(verdict.points or verdict.veto for verdict in verdicts.values())
    }
    together = {
        criterion
        for interaction in knowledge.interactions
        if interaction.kind != "advice"
        for criterion in interaction.criteria
    }
    return frozenset(alone | together)


def _completeness(
    knowledge: Knowledge,
    firm: Mapping[str, str],
    outcome: Outcome,
    weights: Weights | None,
    *,
    ramps: bool,
) -> Completeness:
    still_open = [criterion for criterion in knowledge.criteria if criterion.id not in firm]
    ranges = lead_ranges(knowledge, firm, still_open, outcome.first, weights).values()
    moving = _moving(knowledge)
    return Completeness(
        answered=len(moving & firm.keys()),
        of=len(moving),
        worst=min((low for low, _ in ranges), default=outcome.margin),
        best=min((high for _, high in ranges), default=outcome.margin),
        decided=settled(knowledge, firm, still_open, weights, ramps=ramps),
    )


def _against(knowledge: Knowledge, winner: Framework, reasons: Sequence[Reason]) -> Reason:
    """Find the answer that costs the winner most against a rival; without one, its caveat."""
    # A cap only corrects a double count; it is no argument.
    caps = {interaction.id for interaction in knowledge.interactions if interaction.kind == "cap"}
    strongest, most = None, 0.0
    for criterion in dict.fromkeys(reason.criterion for reason in reasons):
        if criterion in caps:
            continue
        about = {reason.framework: reason for reason in reasons if reason.criterion == criterion}
        own = about.get(winner.id)
        loss = -own.points if own else 0
        rivals = [about.get(f.id) for f in knowledge.frameworks if f.id != winner.id]
        rival = max(rivals, key=lambda reason: reason.points if reason else 0, default=None)
        gain = rival.points if rival else 0
        if loss + gain > most:
            most, strongest = loss + gain, own if loss > gain else rival
    return strongest or _in_any_case(winner, winner.caveat)


def _advice(
    knowledge: Knowledge, chosen: Mapping[str, str], winner: Framework | None
) -> tuple[Reason, ...]:
    """Collect the advice that applies: for the winner, or for all frameworks when none won."""
    frameworks = (winner,) if winner else knowledge.frameworks
    return tuple(
        Reason(
            f.id, interaction.id, met_answers(interaction, chosen), 0, effect.because, effect.source
        )
        for interaction in knowledge.interactions
        if interaction.kind == "advice" and interaction.applies(chosen)
        for f in frameworks
        if (effect := f.effects.get(interaction.id)) is not None
    )


def _in_any_case(framework: Framework, verdict: Verdict) -> Reason:
    return Reason(framework.id, "", "", 0, verdict.because, verdict.source)
