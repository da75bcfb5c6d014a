"""The recommendation as one HTML page that stands alone: no script, nothing fetched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from frameworkpick.core import wording
from frameworkpick.core.suggested import suggested
from frameworkpick.report import chart, sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frameworkpick.core.answers import Answers
    from frameworkpick.core.knowledge import Knowledge
    from frameworkpick.core.recommendation import Reason, Recommendation, Strength
    from frameworkpick.core.sturdiness import Sturdiness
    from frameworkpick.report.chart import Bar, Chart

_TEMPLATE = "decision.html.jinja"
_ORIGINS = {
    "default": "default",
    "use_case": "suggested by the use case",
    "preset": "from the preset",
    "record": "from the project's record",
    "file": "from a file",
    "env": "from the environment",
    "asked": "asked",
    "flag": "from the command line",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """One answer with what it adds to the lead and everything it says."""

    question: str  #: The question, or what meets in an interaction.
    answer: str  #: The answer; empty for an interaction.
    number: str  #: Its points with their sign, and the factor somebody set; empty without any.
    share: float  #: The length of its bar, 1 for the longest on its side; negative is against.
    told: tuple[tuple[str, Reason], ...]  #: For whom, with which points, and the reason.
    suggested: bool  #: Whether only the use case says so.


def html(
    knowledge: Knowledge,
    advice: Recommendation,
    answers: Answers,
    *,
    sturdy: Sturdiness,
    use_case: str | None,
    weights: Mapping[str, float],
    date: str,
    signature: str,
) -> str:
    """Write the verdict, its reasons with their sources, and what would change it.

    Args:
        knowledge: Questions, labels and names.
        advice: The recommendation.
        answers: The answers it rests on.
        sturdy: How much it depends on the weights.
        use_case: Id of the use case that suggested answers.
        weights: The factors that somebody set, by criterion id.
        date: The day it was made, ``YYYY-MM-DD``.
        signature: What made the page, and from which knowledge.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 (takes 0.1 s)

    environment = Environment(
        loader=PackageLoader("frameworkpick", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    drawn = chart.chart(knowledge, advice, answers, weights)
    guesses = suggested(knowledge, answers, use_case)
    sides = _sides(drawn)
    # Where a constraint decides, no weight does.
    weighed = drawn is not None and drawn.bars and advice.strength != "constraint"
    return environment.get_template(_TEMPLATE).render(
        title=wording.verdict_sentence(knowledge, advice),
        standing=sentences.standing(advice, guesses),
        guesses=guesses,
        sturdiness=wording.sturdiness(knowledge, advice, sturdy) if weighed else "",
        weights=sentences.weights(weights) if weights else "",
        advice=advice,
        told=lambda reason: sentences.told(knowledge, reason, advice.verdict),
        verdict=wording.framework_name(knowledge, advice.verdict),
        chart=drawn,
        low=sides[0] / sum(sides) if any(sides) else 0,
        ranking=[
            (wording.framework_name(knowledge, place.framework), wording.points(place.points))
            for place in advice.ranking
        ],
        rows=_rows(knowledge, advice, drawn, weights),
        flips=[
            (
                *_labels(knowledge, flip.criterion, flip.from_, flip.to),
                _outcome(knowledge, flip.verdict, flip.strength),
                flip.verdict != advice.verdict,
            )
            for flip in advice.flips
        ],
        pairs=[
            (
                [_labels(knowledge, *change) for change in pair.changes],
                _outcome(knowledge, pair.verdict, pair.strength),
            )
            for pair in advice.pairs
        ],
        answers=[
            (
                *_labels(knowledge, c.id, None, answer.value)[::2],
                _ORIGINS[answer.origin.name.lower()],
                answer.provisional and answer.value is not None,
            )
            for c in knowledge.criteria
            if (answer := answers.get(c.id)) is not None
        ],
        unanswered=[c.question for c in knowledge.criteria if c.id not in answers],
        date=date,
        signature=signature,
    )


def _rows(
    knowledge: Knowledge,
    advice: Recommendation,
    drawn: Chart | None,
    weights: Mapping[str, float],
) -> list[_Row]:
    told: dict[tuple[str, str], list[tuple[str, Reason]]] = {}
    for reason in advice.reasons:
        points = "ruled out" if reason.veto else wording.signed(reason.points)
        name = wording.framework_name(knowledge, reason.framework)
        told.setdefault((reason.criterion, reason.option), []).append((f"{name} {points}", reason))
    bars = {(bar.criterion, bar.option): bar for bar in drawn.bars} if drawn else {}
    sides = _sides(drawn)
    ordered = [*bars, *(key for key in told if key not in bars)]
    return [
        _row(
            bars.get(key) or chart.bar(knowledge, *key, 0, weights),
            sides,
            tuple(told[key]),
        )
        for key in ordered
    ]


def _row(bar: Bar, sides: tuple[float, float], told: tuple[tuple[str, Reason], ...]) -> _Row:
    share = bar.points / sides[bar.points > 0] if bar.points else 0
    number = bar.number if bar.points else ""
    return _Row(bar.question, bar.answer, number, share, told, bar.suggested)


def _sides(drawn: Chart | None) -> tuple[float, float]:
    """Return the points of the longest bar against the verdict, and for it."""
    points = [bar.points for bar in drawn.bars] if drawn else []
    return max((-p for p in points if p < 0), default=0), max(
        (p for p in points if p > 0), default=0
    )


def _labels(
    knowledge: Knowledge, criterion_id: str, now: str | None, then: str | None
) -> tuple[str, str, str]:
    """Return the question and two of its answers as a person reads them."""
    criterion = knowledge.criterion(criterion_id)

    def label(option: str | None, without: str) -> str:
        found = criterion.option(option) if criterion and option else None
        return found.label if found else option or without

    question = criterion.question if criterion else criterion_id
    return question, label(now, "open"), label(then, "not sure")


def _outcome(knowledge: Knowledge, verdict: str, strength: Strength) -> str:
    return sentences.outcome(knowledge, verdict, strength)
