"""A decision as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frameworkpick.core.project_file import SCHEMA, answers_json

if TYPE_CHECKING:
    from frameworkpick.core.decision import Decision
    from frameworkpick.core.recommendation import Reason


def recommendation_json(decision: Decision) -> dict[str, Any]:
    """Return the recommendation as plain values, in a fixed order, ready for ``json.dumps``."""
    recommendation, said = decision.advice, decision.said
    sturdiness, guesses = decision.sturdiness, decision.guesses
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
        "answers": answers_json(said.answers),
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
        "use_case": said.use_case,
        "weights": dict(said.weights),
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
