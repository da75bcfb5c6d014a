"""What makes the lead: each answer for the verdict and against it, as data for pictures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from frameworkpick.core import wording
from frameworkpick.core.suggested import unconfirmed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frameworkpick.core.answers import Answers
    from frameworkpick.core.knowledge import Knowledge
    from frameworkpick.core.recommendation import Recommendation


@dataclass(frozen=True, slots=True)
class Bar:
    """What one answer adds to the lead."""

    criterion: str  #: Id of the criterion or interaction.
    option: str  #: Id of the option; of an interaction, the answers that met.
    label: str  #: The answer in one short line: ``long_lived: core``.
    question: str  #: The question, or what meets in an interaction.
    answer: str  #: The answer as a person reads it; empty for an interaction.
    points: float  #: Positive speaks for the verdict, negative for its rival.
    weight: float = 1  #: The factor somebody set; an interaction shows none.
    suggested: bool = False  #: Whether only the use case says so.

    @property
    def number(self) -> str:
        """The points with their sign, and the factor somebody set."""
        factor = f" (x {self.weight:g})" if self.weight != 1 else ""
        return f"{wording.signed(self.points)}{factor}"

    @property
    def hint(self) -> str:
        """What to read behind an answer that nobody confirmed."""
        return " (suggested)" if self.suggested else ""


@dataclass(frozen=True, slots=True)
class Chart:
    """The lead of one framework over the next, split by answers."""

    subject: str  #: Name of the framework that is recommended.
    rival: str  #: Name of the next one.
    bars: tuple[Bar, ...]  #: What speaks for it first, largest first; what speaks against it last.
    total: float  #: Their sum: the lead.
    ruled_out: tuple[str, ...]  #: Names of the frameworks that an answer rules out.

    @property
    def sum(self) -> str:
        """The lead in words: ``+5 for FastAPI``; the rival has it where a constraint decides."""
        if not self.total:
            return "level"
        name = self.subject if self.total > 0 else self.rival
        return f"{wording.signed(abs(self.total))} for {name}"


def chart(
    knowledge: Knowledge, advice: Recommendation, answers: Answers, weights: Mapping[str, float]
) -> Chart | None:
    """Split the verdict's lead over its rival by answers.

    Args:
        knowledge: Questions, labels and names.
        advice: The recommendation.
        answers: The answers it rests on.
        weights: The factors that somebody set, by criterion id.

    Returns:
        ``None`` when no framework is recommended or there is no other to compare with.
    """
    places = {place.framework: place for place in advice.ranking}
    rival = next((p for p in advice.ranking if p.framework != advice.verdict), None)
    if advice.verdict not in places or rival is None:
        return None
    points: dict[tuple[str, str], float] = {}
    for reason in advice.reasons:
        side = {advice.verdict: 1, rival.framework: -1}.get(reason.framework, 0)
        key = (reason.criterion, reason.option)
        points[key] = points.get(key, 0) + side * reason.points
    guesses = unconfirmed(knowledge, answers)
    bars = [
        replace(bar(knowledge, criterion, option, number, weights), suggested=criterion in guesses)
        for (criterion, option), number in points.items()
        if number
    ]
    return Chart(
        subject=wording.framework_name(knowledge, advice.verdict),
        rival=wording.framework_name(knowledge, rival.framework),
        bars=tuple(sorted(bars, key=lambda each: -each.points)),
        total=places[advice.verdict].points - rival.points,
        ruled_out=tuple(
            wording.framework_name(knowledge, place.framework)
            for place in advice.ranking
            if place.vetoed
        ),
    )


def bar(
    knowledge: Knowledge,
    name: str,
    option: str,
    points: float,
    weights: Mapping[str, float],
) -> Bar:
    """Describe one answer, or the meeting of several, with its points and labels.

    Args:
        knowledge: Questions and labels.
        name: Id of the criterion or interaction.
        option: Id of the option; of an interaction, the answers that met.
        points: What it adds to the lead.
        weights: The factors that somebody set, by criterion id.
    """
    criterion = knowledge.criterion(name)
    if criterion is None:
        title = next((each.title for each in knowledge.interactions if each.id == name), name)
        return Bar(name, option, f"{name}: {title}", title, "", points)
    found = criterion.option(option)
    answer = found.label if found else option
    weight = weights.get(name, 1)
    return Bar(name, option, f"{name}: {option}", criterion.question, answer, points, weight)
