"""What is kept of a recommendation: JSON, the project's record, and the decision record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frameworkpick.core.adr import decision_record
from frameworkpick.core.project_file import SCHEMA, answers_json, project_record

if TYPE_CHECKING:
    from frameworkpick.core.answers import Answers
    from frameworkpick.core.recommendation import Reason, Recommendation
    from frameworkpick.core.sturdiness import Sturdiness
    from frameworkpick.core.suggested import Suggested
    from frameworkpick.core.tally import Weights

__all__ = ["SCHEMA", "decision_record", "project_record", "recommendation_json"]


def recommendation_json(
    recommendation: Recommendation,
    answers: Answers,
    *,
    sturdiness: Sturdiness | None = None,
    use_case: str | None = None,
    guesses: Suggested | None = None,
    weights: Weights | None = None,
) -> dict[str, Any]:
    """Return the recommendation as plain values, in a fixed order, ready for ``json.dumps``.

    Args:
        recommendation: What is recommended.
        answers: The decision answers.
        sturdiness: How often the verdict stays when the weights are redrawn.
        use_case: Id of the use case that suggested answers.
        guesses: What only that use case says, and what its name leaves open.
        weights: What a person let count more or less: a factor by criterion id.
    """
    done = recommendation.completeness
    against, way_back = recommendation.against, recommendation.way_back
    return {
        "schema": SCHEMA,
        "verdict": recommendation.verdict,
        "strength": recommendation.strength,
        "margin": recommendation.margin,
        "ranking": [
            {"framework": place.framework, "points": place.points, "vetoed": place.vetoed}
            for place in recommendation.ranking
        ],
        "instead": [
            {
                "name": way.name,
                "because": way.because,
                "url": way.url,
                "checked": way.checked.isoformat(),
            }
            for way in recommendation.instead
        ],
        "reasons": [_reason(reason) for reason in recommendation.reasons],
        "against": _reason(against) if against else None,
        "flips": [
            {
                "criterion": flip.criterion,
                "from": flip.from_,
                "to": flip.to,
                "verdict": flip.verdict,
                "strength": flip.strength,
            }
            for flip in recommendation.flips
        ],
        "completeness": {
            "answered": done.answered,
            "of": done.of,
            "worst": done.worst,
            "best": done.best,
            "decided": done.decided,
        },
        "answers": answers_json(answers),
        "advice": [_reason(reason) for reason in recommendation.advice],
        "way_back": _reason(way_back) if way_back else None,
        "tie_break": recommendation.tie_break,
        "pairs": [
            {
                "changes": [
                    {"criterion": criterion, "from": now, "to": then}
                    for criterion, now, then in pair.changes
                ],
                "verdict": pair.verdict,
                "strength": pair.strength,
            }
            for pair in recommendation.pairs
        ],
        "sturdiness": {
            "same": sturdiness.same,
            "draws": sturdiness.draws,
            "by_verdict": dict(sturdiness.by_verdict),
            "too_close": sturdiness.too_close,
            "leading": dict(sturdiness.leading),
        }
        if sturdiness
        else None,
        "use_case": use_case,
        "weights": dict(weights or {}),
        "suggested": {
            "answers": [name for name, _ in guesses.answers],
            "misleads": guesses.use_case.misleads,
            "asks": [criterion.id for criterion in guesses.asks],
        }
        if guesses
        else None,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "framework": reason.framework,
        "criterion": reason.criterion or None,
        "option": reason.option or None,
        "points": reason.points,
        "because": reason.because,
        "source": reason.source.url,
        "title": reason.source.title,
        "checked": reason.source.checked.isoformat(),
        "veto": reason.veto,
    }
