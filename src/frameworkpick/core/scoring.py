"""The recommendation: exit ramps, then vetoes, then signed points with a dead band."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frameworkpick.core.recommendation import Recommendation

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from frameworkpick.core.answers import Answers
    from frameworkpick.core.knowledge import Criterion, Knowledge

__all__ = ["Recommendation", "next_question", "recommend"]


def recommend(
    knowledge: Knowledge,
    answers: Answers,
    *,
    past_ramps: bool = False,
    weights: Mapping[str, float] | None = None,
) -> Recommendation:
    """Say which framework fits the answers, how firmly, and why.

    Args:
        knowledge: The questions and the frameworks' verdicts.
        answers: What was answered; what is missing or "not sure" counts nothing.
        past_ramps: Continue past the exit ramps: never say "neither".
        weights: Factor by criterion id, 1.0 where none is given. An interaction takes the mean of its criteria.
    """
    raise NotImplementedError


def next_question(
    knowledge: Knowledge,
    answers: Answers,
    skipped: Collection[str] = (),
    *,
    past_ramps: bool = False,
) -> Criterion | None:
    """Return the unanswered criterion most able to change the verdict.

    Args:
        knowledge: The questions and the frameworks' verdicts.
        answers: What was answered; an explicit "not sure" is not asked again.
        skipped: Ids of criteria not to ask.
        past_ramps: Continue past the exit ramps.

    Returns:
        None when nothing that may still be asked can change the verdict.
    """
    raise NotImplementedError
