"""The result of a recommendation: values that carry their own reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, NamedTuple

if TYPE_CHECKING:
    from frameworkpick.core.decision.knowledge import Alternative, Citation

#: How firm a verdict is.
Strength = Literal["too_close", "lean", "clear", "constraint"]

#: A framework's id, "neither" or "conflict".
VerdictId = Annotated[str, {"$ref": "verdict"}]

#: The verdict when something that is no framework here fits better.
NEITHER = "neither"

#: The verdict when the constraints rule every framework out.
CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Standing:
    """One framework's place in the ranking."""

    framework: str  #: Id of the framework.
    points: float  #: The sum of its reasons.
    vetoed: bool  #: Whether an answer rules it out.


@dataclass(frozen=True, slots=True)
class Reason:
    """What one answer says for or against one framework."""

    JSON: ClassVar = (
        "framework", "criterion?", "option?", "points", "because",
        "source=source.url", "title=source.title", "checked=source.checked", "veto",
    )  # fmt: skip

    framework: str  #: Id of the framework it is about.
    criterion: str  #: Id of the criterion or interaction; empty for what holds in any case.
    option: str  #: Id of the option; of an interaction, the answers that met (``id=value, ...``).
    points: float  #: What it adds to the framework's sum; negative speaks against.
    because: str  #: The reason in one sentence.
    source: Citation  #: Where it comes from, and when that was checked.
    veto: bool = False  #: Whether it rules the framework out.


@dataclass(frozen=True, slots=True)
class Flip:
    """One single answer that would change the verdict or its strength."""

    criterion: str  #: Id of the criterion.
    from_: str | None  #: The option now; None when it is open.
    to: str  #: The option that would change the result.
    verdict: VerdictId  #: The verdict then.
    strength: Strength  #: Its strength then.


class Change(NamedTuple):
    """Another answer to one criterion."""

    criterion: str  #: Id of the criterion.
    from_: str | None  #: The option now; None when it is open.
    to: str  #: The option that it takes.


@dataclass(frozen=True, slots=True)
class Pair:
    """Two answers that would change the verdict together, where no single one does."""

    changes: tuple[Change, ...]  #: The two.
    verdict: VerdictId  #: The verdict then: another framework's id.
    strength: Strength  #: Its strength then.


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much is answered, and what the open rest could still do to the margin."""

    answered: int  #: Criteria that can move the margin and have an answer.
    of: int  #: Criteria that can move the margin.
    worst: float  #: The lead of the first of the ranking if the open rest went against it.
    best: float  #: The same if the open rest went its way.
    decided: bool  #: Whether no answer to what is open can change the verdict.


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The verdict and everything it rests on."""

    verdict: Annotated[VerdictId, "A framework's id, or that none fits."]
    strength: Strength  #: How firm it is; "constraint" too for "neither" and "conflict".
    #: Negative where a veto decides.
    margin: Annotated[float, "Lead of the first over the second, in points."]
    #: Those not ruled out, then by points.
    ranking: Annotated[tuple[Standing, ...], "Best first."]
    instead: Annotated[tuple[Alternative, ...], "What to use when the verdict is neither."]
    #: In the order of the knowledge.
    reasons: Annotated[tuple[Reason, ...], "Everything that counted."]
    #: None if that is no framework.
    against: Annotated[Reason | None, "The strongest point against the verdict."]
    #: Smallest change first.
    flips: Annotated[tuple[Flip, ...], "Single answers that would change the result."]
    completeness: Completeness  #: What is answered and what is open.
    #: For the verdict (for all frameworks if it is none), no points.
    advice: tuple[Reason, ...]
    way_back: Reason | None  #: How to leave if the verdict proves wrong.
    #: A criterion's id or "default".
    tie_break: Annotated[str | None, "What settled an advice that was too close."]
    pairs: tuple[Pair, ...] = ()  #: The smallest, if no single answer favours another framework.
