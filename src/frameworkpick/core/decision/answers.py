"""What a person said, where it came from, and which of two answers counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

from frameworkpick.errors import InputError

if TYPE_CHECKING:
    from frameworkpick.core.decision.knowledge import Criterion, Knowledge
    from frameworkpick.core.preset import Locked

#: How "not sure" is spelled in flags and files.
UNKNOWN = "unknown"

#: Where to read what there is.
LISTED = (
    "`frameworkpick compare` lists every question with its options; with `--format md` the use "
    "cases too."
)


class Origin(IntEnum):
    """Where an answer came from; of two answers the higher origin counts."""

    DEFAULT = 0
    USE_CASE = 1
    PRESET = 2
    RECORD = 3
    FILE = 4
    ENV = 5
    ASKED = 6
    FLAG = 7


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to one criterion."""

    value: str | None  #: The option's id; None is "not sure", said explicitly.
    origin: Origin  #: Where it came from.

    @property
    def provisional(self) -> bool:
        """Whether it is only suggested: it counts, and is still open."""
        return self.origin <= Origin.USE_CASE


#: Answers by criterion id; a criterion not in it was never answered.
Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a person said that a recommendation is computed from."""

    answers: Answers = field(default_factory=dict)  #: By criterion id, provisional ones included.
    use_case: str | None = None  #: Id of the use case that suggested answers.
    weights: Mapping[str, float] = field(default_factory=dict)  #: A factor by criterion id.
    locked: Mapping[str, Locked] = field(default_factory=dict)  #: What a preset holds fast, by id.


def merge(*layers: Answers) -> dict[str, Answer]:
    """Join answers of several origins into one.

    The higher origin counts, whatever the order of the layers; of equal origins the later layer.
    An explicit "not sure" is an answer like any other, so it clears what a lower origin said.
    """
    merged: dict[str, Answer] = {}
    for layer in layers:
        for criterion, answer in layer.items():
            if criterion not in merged or answer.origin >= merged[criterion].origin:
                merged[criterion] = answer
    return merged


def parse_answers(
    knowledge: Knowledge, raw: Mapping[str, object] | Iterable[str], origin: Origin
) -> dict[str, Answer]:
    """Check answers that a person typed or wrote into a file.

    Args:
        knowledge: Says which criteria and options exist.
        raw: Criterion id to option id, or texts of the form ``id=value``. The value ``unknown``,
            and None in a mapping, is "not sure".
        origin: Where they came from.

    Raises:
        InputError: Something is not valid; it names every problem, with near matches.
    """
    problems: list[str] = []
    pairs = raw.items() if isinstance(raw, Mapping) else split_pairs(raw, problems)
    criteria = {criterion.id: criterion for criterion in knowledge.criteria}
    answers: dict[str, Answer] = {}
    for name, value in pairs:
        if name not in criteria:
            problems.append(f"There is no criterion {name!r}.{_near(name, criteria)}")
            continue
        problem = _problem(criteria[name], value)
        answer = Answer(str(value) if value not in (None, UNKNOWN) else None, origin)
        if problem:
            problems.append(problem)
        elif answers.setdefault(name, answer) != answer:
            problems.append(f"{name} is answered twice, and differently: say which one you mean.")
    if problems:
        raise InputError(problems, LISTED)
    return answers


def use_case_answers(knowledge: Knowledge, use_case: str) -> dict[str, Answer]:
    """Return the provisional answers that a use case suggests.

    Args:
        knowledge: Says which use cases exist.
        use_case: Id of the use case.

    Raises:
        InputError: There is no such use case; near matches are named.
    """
    found = knowledge.use_case(use_case)
    if found is None:
        known = [each.id for each in knowledge.use_cases]
        listed = f"it is one of {', '.join(known)}.{_near(use_case, known)}"
        raise InputError([f"There is no use case {use_case!r}; {listed}"], LISTED)
    return {name: Answer(value, Origin.USE_CASE) for name, value in found.provisional.items()}


def firm_answers(answers: Answers) -> dict[str, Answer]:
    """Return the answers that somebody gave, without those that a use case only suggests."""
    return {name: answer for name, answer in answers.items() if not answer.provisional}


def split_pairs(texts: Iterable[str], problems: list[str]) -> list[tuple[str, object]]:
    """Split texts of the form ``id=value``; what is not of that form is added to the problems."""
    pairs: list[tuple[str, object]] = []
    for text in texts:
        name, equals, value = text.partition("=")
        if equals:
            pairs.append((name.strip(), value.strip()))
        else:
            problems.append(f"{text!r} is not of the form id=value.")
    return pairs


def spelled(answers: Answers, *, without: Origin | None = None) -> dict[str, str]:
    """Spell what somebody answered; what is only suggested comes back with the use case.

    Args:
        answers: The answers.
        without: Answers of this origin are left out.
    """
    return {
        name: answer.value or UNKNOWN
        for name, answer in firm_answers(answers).items()
        if answer.origin is not without
    }


def chosen_options(answers: Answers) -> dict[str, str]:
    """Return criterion id to option id, without what was answered "not sure"."""
    return {name: answer.value for name, answer in answers.items() if answer.value is not None}


def _problem(criterion: Criterion, value: object) -> str | None:
    if value is None or value == UNKNOWN:
        return None
    options = [option.id for option in criterion.options]
    if isinstance(value, str) and value in options:
        return None
    listed = ", ".join([*options, UNKNOWN])
    near = _near(str(value), options)
    return f"{criterion.id} cannot be {value!r}; it is one of {listed}.{near}"


def _near(word: str, known: Iterable[str]) -> str:
    # Only a wrong answer pays for difflib.
    from frameworkpick.core.plain_text import did_you_mean  # noqa: PLC0415

    return did_you_mean(word, list(known))
