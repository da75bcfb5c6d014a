"""The decision on a framework: what is known, what was said, and what follows from both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from frameworkpick.core.decision.engine import recommend
from frameworkpick.core.decision.sturdiness import sturdiness
from frameworkpick.core.decision.suggested import suggested, unconfirmed

if TYPE_CHECKING:
    from frameworkpick.core.decision.answers import Answers, Situation
    from frameworkpick.core.decision.knowledge import Knowledge
    from frameworkpick.core.decision.recommendation import Recommendation
    from frameworkpick.core.decision.sturdiness import Sturdiness
    from frameworkpick.core.decision.suggested import Suggested
    from frameworkpick.core.preset import Preset


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that is shown, recorded and looked at again of one recommendation."""

    JSON: ClassVar = (
        "schema", "verdict=advice.verdict", "strength=advice.strength", "margin=advice.margin",
        "ranking=advice.ranking", "instead=advice.instead", "reasons=advice.reasons",
        "against=advice.against", "flips=advice.flips", "completeness=advice.completeness",
        "answers", "advice=advice.advice", "way_back=advice.way_back",
        "tie_break=advice.tie_break", "pairs=advice.pairs", "sturdiness",
        "use_case=said.use_case", "weights=said.weights", "suggested=guesses",
    )  # fmt: skip

    knowledge: Knowledge  #: The questions, and the frameworks' verdicts on every answer.
    said: Situation  #: The answers with their origins, the use case and the weights.
    advice: Recommendation  #: What follows: the verdict with its reasons.
    sturdiness: Sturdiness | None = None  #: How often it stays under other weights, if tried.
    preset: Annotated[Preset | None, "The preset that was obeyed."] = None

    @property
    def verdict(self) -> str:
        """A framework's id, "neither" or "conflict"."""
        return self.advice.verdict

    @property
    def advises(self) -> bool:
        """Whether the verdict is a framework."""
        return self.knowledge.framework(self.advice.verdict) is not None

    @property
    def answers(self) -> Annotated[Answers, {"$ref": "answers"}]:
        """The answers by name."""
        return dict(sorted(self.said.answers.items()))

    @property
    def guesses(
        self,
    ) -> Annotated[Suggested | None, "What only the use case says, and what its name leaves open."]:
        """None when everything that the use case touches is answered."""
        return suggested(self.knowledge, self.said.answers, self.said.use_case)

    @property
    def unconfirmed(self) -> frozenset[str]:
        """Ids of the criteria and interactions that count by a suggestion only."""
        return unconfirmed(self.knowledge, self.said.answers)

    def name_of(self, framework: str) -> str:
        """Return the name of a framework; an id nobody knows stands for itself."""
        return self.knowledge.name_of(framework)


def decide(
    knowledge: Knowledge,
    said: Situation,
    *,
    preset: Preset | None = None,
    redraw: bool = False,
) -> Decision:
    """Come to a decision.

    Args:
        knowledge: The questions and the frameworks' verdicts.
        said: What was answered; what is missing or "not sure" counts nothing.
        preset: What a team decided.
        redraw: Whether to try how often the verdict stays under other weights.
    """
    weights = said.weights or None
    return Decision(
        knowledge,
        said,
        recommend(knowledge, said.answers, weights=weights),
        sturdiness(knowledge, said.answers, weights=weights) if redraw else None,
        preset,
    )
