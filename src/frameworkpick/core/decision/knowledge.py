"""What is known: the questions, the frameworks' verdicts on every answer, and their sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


@dataclass(frozen=True, slots=True)
class Alternative:
    """Something to use instead of any framework known here."""

    name: str  #: What it is called.
    because: str  #: Why it fits better, in one sentence.
    url: str  #: Where to start reading.
    checked: date  #: The day that page was last read.


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a question."""

    id: str  #: The name in files, flags and JSON.
    label: str  #: The answer as a person reads it.
    hint: str  #: Its consequence in one short line.
    instead: tuple[
        Alternative, ...
    ] = ()  #: What to use when this answer leads elsewhere (exit ramp).


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question of the decision. "Not sure" is always possible and is no option."""

    id: str  #: The name in files, flags and JSON.
    question: str  #: The question in one plain sentence.
    why: str  #: Why it matters; the answer to "Why do you ask?".
    options: tuple[Option, ...]  #: The answers, in the order they are shown.
    stage: int = 2  #: Questions of a lower stage are asked first.

    def option(self, option_id: str) -> Option | None:
        """Return the option of that id, or None."""
        return next((option for option in self.options if option.id == option_id), None)


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement comes from."""

    title: str  #: What the page is.
    url: str  #: Its address.
    checked: date  #: The day its wording was last read.


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one answer, or an interaction of several, means for one framework."""

    points: (
        int  #: -4 to +4 against a neutral 0; of a cap, the most its criteria count for together.
    )
    because: str  #: The reason in one sentence.
    source: Citation  #: Where the reason comes from.
    veto: bool = False  #: Whether the framework is not feasible at all.


#: Answers that trigger something: criterion id to the options that count.
Condition = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Interaction:
    """Answers that mean something more, or less, together than each alone."""

    id: str  #: ``I1``, ``I2``, ...; the name in files and JSON.
    title: str  #: What meets, in a few words.
    kind: Literal[
        "points", "cap", "advice"
    ]  #: Adds points, limits a sum of points, or only advises.
    all_of: Condition  #: Every one of these criteria has one of its options.
    any_of: Condition = ()  #: And at least one of these, unless empty.

    def applies(self, chosen: Mapping[str, str]) -> bool:
        """Say whether the options chosen so far (criterion id to option id) trigger it."""
        for criterion, options in self.all_of:
            if chosen.get(criterion) not in options:
                return False
        return not self.any_of or any(chosen.get(c) in options for c, options in self.any_of)

    @property
    def criteria(self) -> tuple[str, ...]:
        """The criteria its condition looks at."""
        return tuple(criterion for criterion, _ in self.all_of + self.any_of)


@dataclass(frozen=True, slots=True)
class Serve:
    """How a generated project is served in production."""

    command: tuple[str, ...]  #: The program and its arguments, with {package}, {host} and {port}.


@dataclass(frozen=True, slots=True)
class Framework:
    """One framework: a folder of ``templates/``."""

    JSON: ClassVar = ("id", "name")

    id: str  #: The folder's name; the name in files, flags and JSON.
    name: str  #: The name as a person reads it.
    rank: int  #: Settles what nothing else settles: the lowest goes first.
    verdicts: Mapping[str, Mapping[str, Verdict]]  #: By criterion id, then by option id; complete.
    effects: Mapping[str, Verdict]  #: By interaction id; an interaction not named has no effect.
    caveat: Verdict  #: What speaks against it in any case.
    way_back: Verdict  #: How to leave when the choice proves wrong.
    serve: Serve  #: How its projects are served.


@dataclass(frozen=True, slots=True)
class UseCase:
    """What a person calls their project: it suggests answers, and none of them counts as said."""

    id: str  #: The name in files, flags and JSON.
    label: str  #: The use case as a person reads it.
    hint: str  #: What is meant, in one short line.
    provisional: Mapping[str, str]  #: The answers it suggests: criterion id to option id.
    asks: tuple[str, ...]  #: Criteria that must still be asked, the most telling first.
    misleads: str  #: Why the keyword alone misleads, in one sentence.


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything a recommendation is computed from."""

    version: str  #: The date of the knowledge, ``YYYY-MM-DD``.
    lean_from: float  #: A lead in points below this is too close to call.
    clear_from: float  #: A lead in points from here on is clear.
    tie_break: Condition  #: Answers that settle what is too close, the first that can goes first.
    criteria: tuple[Criterion, ...]  #: The questions, in the order of the files.
    interactions: tuple[Interaction, ...]  #: In the order of the files.
    frameworks: tuple[Framework, ...]  #: By rank.
    use_cases: tuple[UseCase, ...] = ()  #: In the order they are shown; empty when not read.
    gaps: tuple[str, ...] = ()  #: Where a template from elsewhere and the questions do not fit.

    def criterion(self, criterion_id: str) -> Criterion | None:
        """Return the criterion of that id, or None."""
        return next((c for c in self.criteria if c.id == criterion_id), None)

    def framework(self, framework_id: str) -> Framework | None:
        """Return the framework of that id, or None."""
        return next((f for f in self.frameworks if f.id == framework_id), None)

    def use_case(self, use_case_id: str) -> UseCase | None:
        """Return the use case of that id, or None."""
        return next((u for u in self.use_cases if u.id == use_case_id), None)

    def name_of(self, framework_id: str) -> str:
        """Return the name of a framework; an id nobody knows stands for itself."""
        found = self.framework(framework_id)
        return found.name if found else framework_id

    def names(self, *, joined: str = "and") -> str:
        """Return the frameworks' names as a list in a sentence: ``FastAPI and Flask``."""
        *most, last = [framework.name for framework in self.frameworks]
        return f"{', '.join(most)} {joined} {last}" if most else last

    def label(self, criterion_id: str, option_id: str) -> str:
        """Return an answer as a person reads it; an option nobody knows stands for itself."""
        criterion = self.criterion(criterion_id)
        found = criterion.option(option_id) if criterion else None
        return found.label if found else option_id
