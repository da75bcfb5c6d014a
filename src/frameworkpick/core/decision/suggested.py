"""What a use case only suggests: the answers nobody confirmed, and what its name leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from frameworkpick.core.decision.answers import chosen_options
from frameworkpick.core.decision.tally import met_criteria

if TYPE_CHECKING:
    from frameworkpick.core.decision.answers import Answers
    from frameworkpick.core.decision.knowledge import Criterion, Knowledge, UseCase


@dataclass(frozen=True, slots=True)
class Suggested:
    """What a use case adds to a recommendation without anybody having said it."""

    JSON: ClassVar = ("answers=names", "misleads", "asks=open")

    use_case: UseCase  #: What the project is called.
    answers: tuple[tuple[str, str], ...]  #: Criterion and option that count but nobody confirmed.
    asks: tuple[Criterion, ...]  #: What its name does not answer though it seems to, still open.

    @property
    def names(self) -> Annotated[tuple[str, ...], "Criteria with an answer that nobody confirmed."]:
        """Ids of the criteria that only the use case answers."""
        return tuple(name for name, _ in self.answers)

    @property
    def misleads(self) -> Annotated[str, "Why the name alone misleads."]:
        """The use case's own sentence on that."""
        return self.use_case.misleads

    @property
    def open(
        self,
    ) -> Annotated[tuple[str, ...], "Criteria still to answer, the most telling first."]:
        """Ids of the criteria that the name does not answer."""
        return tuple(criterion.id for criterion in self.asks)

    @property
    def title(self) -> str:
        """Name the use case, and say what its answers are worth."""
        label = f'the use case "{self.use_case.label}"'
        return f"Suggested by {label}, not confirmed" if self.answers else f"Left open by {label}"


def suggested(knowledge: Knowledge, answers: Answers, use_case: str | None) -> Suggested | None:
    """Collect what only the use case says; ``None`` when everything it touches is answered.

    Args:
        knowledge: The questions and use cases.
        answers: Everything said, with what the use case suggests.
        use_case: Id of the use case, if there is one.
    """
    found = knowledge.use_case(use_case) if use_case else None
    if found is None:
        return None
    guessed = tuple(
        (c.id, answer.value)
        for c in knowledge.criteria
        if (answer := answers.get(c.id)) and answer.provisional and answer.value
    )
    asks = tuple(
        criterion
        for name in found.asks
        if (criterion := knowledge.criterion(name))
        and (name not in answers or answers[name].provisional)
    )
    return Suggested(found, guessed, asks) if guessed or asks else None


def unconfirmed(knowledge: Knowledge, answers: Answers) -> frozenset[str]:
    """Return the ids of the criteria and interactions that count by a suggestion only."""
    names = {name for name, answer in answers.items() if answer.provisional and answer.value}
    chosen = chosen_options(answers)
    met = (
        interaction.id
        for interaction in knowledge.interactions
        if interaction.applies(chosen) and not names.isdisjoint(met_criteria(interaction, chosen))
    )
    return frozenset(names.union(met))
