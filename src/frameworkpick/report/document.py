"""The recommendation as one HTML page that stands alone: no script, nothing fetched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from frameworkpick.core import bars, sentences
from frameworkpick.report.templates import templates

if TYPE_CHECKING:
    from frameworkpick.core.bars import Bar, Chart
    from frameworkpick.core.decision import Decision
    from frameworkpick.core.decision.recommendation import Reason

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

    bar: Bar  #: Question and answer, and the points with their sign.
    share: float  #: The length of its bar, 1 for the longest on its side; negative is against.
    told: tuple[tuple[str, Reason], ...]  #: For whom, with which points, and the reason.


def html(decision: Decision, *, date: str, signature: str) -> str:
    """Write the verdict, its reasons with their sources, and what would change it.

    Args:
        decision: What was decided.
        date: The day it was made, ``YYYY-MM-DD``.
        signature: What made the page, and from which knowledge.
    """
    knowledge, advice, said = decision.knowledge, decision.advice, decision.said
    chart = bars.chart(decision)
    return templates(autoescape=True).get_template("decision.html.jinja").render(
        title=sentences.verdict(decision),
        standing=sentences.standing(decision),
        guesses=decision.guesses,
        sturdiness=sentences.sturdiness(decision) if chart and chart.bars else "",
        weights=sentences.weights(said.weights),
        advice=advice,
        told=lambda reason: sentences.told(decision, reason),
        outcome=lambda verdict, strength: sentences.outcome(knowledge, verdict, strength),
        labels=lambda *change: _labels(decision, *change),
        verdict=decision.name_of(advice.verdict),
        chart=chart,
        low=chart.low / (chart.low + chart.high) if chart and chart.bars else 0,
        ranking=[
            (decision.name_of(place.framework), sentences.points(place.points))
            for place in advice.ranking
        ],
        rows=_rows(decision, chart),
        answers=[
            (
                *_labels(decision, c.id, None, answer.value)[::2],
                _ORIGINS[answer.origin.name.lower()],
                answer.provisional and answer.value is not None,
            )
            for c in knowledge.criteria
            if (answer := said.answers.get(c.id)) is not None
        ],
        unanswered=[c.question for c in knowledge.criteria if c.id not in said.answers],
        date=date,
        signature=signature,
    )  # fmt: skip


def _rows(decision: Decision, chart: Chart | None) -> list[_Row]:
    told: dict[tuple[str, str], list[tuple[str, Reason]]] = {}
    for reason in decision.advice.reasons:
        points = "ruled out" if reason.veto else sentences.signed(reason.points)
        name = decision.name_of(reason.framework)
        told.setdefault((reason.criterion, reason.option), []).append((f"{name} {points}", reason))
    drawn = {(bar.criterion, bar.option): bar for bar in chart.bars} if chart else {}
    for key in told:
        drawn.setdefault(key, bars.bar(decision, *key))
    return [_Row(bar, _share(bar, chart), tuple(told[key])) for key, bar in drawn.items()]


def _share(bar: Bar, chart: Chart | None) -> float:
    if chart is None or not bar.points:
        return 0
    return bar.points / (chart.high if bar.points > 0 else chart.low)


def _labels(
    decision: Decision, criterion_id: str, now: str | None, then: str | None
) -> tuple[str, str, str]:
    """Return the question and two of its answers as a person reads them."""
    knowledge = decision.knowledge
    criterion = knowledge.criterion(criterion_id)
    return (
        criterion.question if criterion else criterion_id,
        knowledge.label(criterion_id, now) if now else "open",
        knowledge.label(criterion_id, then) if then else "not sure",
    )
