"""``frameworkpick recommend``: the answer and its reasons, nothing written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from frameworkpick import catalog
from frameworkpick.core import scoring
from frameworkpick.core.answers import (
    Origin,
    Situation,
    firm_answers,
    merge,
    parse_answers,
    use_case_answers,
)
from frameworkpick.core.sturdiness import Sturdiness, sturdiness
from frameworkpick.core.weights import parse_weights
from frameworkpick.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from frameworkpick.core.answers import Answer
    from frameworkpick.core.knowledge import Knowledge
    from frameworkpick.core.scoring import Recommendation
    from frameworkpick.presets import AnswersFile

_T = TypeVar("_T")

_HINT = "`frameworkpick recommend` at a terminal shows every question with its options."


@dataclass(frozen=True, slots=True)
class RecommendRequest:
    """What a person has answered already, before anything is checked."""

    answers: Sequence[str] = ()  #: Decision answers as ``id=value``.
    answers_file: Path | None = None  #: A file with answers; project options in it are left alone.
    save_answers: Path | None = None  #: Also write the answers to this file.
    use_case: str | None = None  #: Id of the use case that suggests the other answers.
    weights: Sequence[str] = ()  #: Weights as ``id=number``.
    preset: Path | None = None  #: A team's file with answers and weights; everything else wins.


@dataclass(frozen=True, slots=True)
class RecommendResult:
    """The recommendation, and what it rests on."""

    recommendation: Recommendation  #: The verdict with its reasons.
    answers: Mapping[str, Answer]  #: Every answer by criterion, with its origin.
    knowledge: Knowledge  #: The questions and verdicts that were applied.
    sturdiness: Sturdiness  #: How often the verdict stays when the weights are redrawn.
    use_case: str | None  #: Id of the use case that suggested answers.
    weights: Mapping[str, float]  #: What a person let count more or less, by criterion.


def run(
    request: RecommendRequest,
    *,
    ask: Callable[[Knowledge, Situation], Situation] | None = None,
) -> RecommendResult:
    """Recommend a framework.

    Args:
        request: What is answered already.
        ask: Asks a person what is open and returns everything said; without it nothing is asked.

    Raises:
        InputError: An answer or a file is not valid; every problem is named.
        Cancelled: The person stopped.
    """
    preset, file = _read(request.preset), _read(request.answers_file)
    named = [request.use_case, *(each.use_case for each in (file, preset) if each)]
    with_use_cases = ask is not None or any(named)
    knowledge = (
        catalog.load_knowledge() if with_use_cases else catalog.load_knowledge(use_cases=None)
    )
    said = situation(
        knowledge,
        flags=request.answers,
        use_case=request.use_case,
        weights=request.weights,
        file=file,
        preset=preset,
    )
    if ask:
        said = ask(knowledge, said)
    if request.save_answers:
        _save(request.save_answers, said)
    weights = said.weights or None
    return RecommendResult(
        scoring.recommend(knowledge, said.answers, weights=weights),
        said.answers,
        knowledge,
        sturdiness(knowledge, said.answers, weights=weights),
        said.use_case,
        said.weights,
    )


def situation(
    knowledge: Knowledge,
    *,
    flags: Sequence[str] = (),
    use_case: str | None = None,
    weights: Sequence[str] = (),
    file: AnswersFile | None = None,
    preset: AnswersFile | None = None,
) -> Situation:
    """Check everything a person said before being asked, and let the nearest origin win.

    Args:
        knowledge: The questions and use cases.
        flags: Answers as ``id=value``.
        use_case: Id of the use case, if it is given as a flag.
        weights: Weights as ``id=number``.
        file: What an answers file says.
        preset: What a team's file says.

    Raises:
        InputError: Something is not valid; every problem of all of them is named.
    """
    problems: list[str] = []

    def checked(parse: Callable[[], dict[str, _T]]) -> dict[str, _T]:
        try:
            return parse()
        except InputError as error:
            problems.extend(error.problems)
            return {}

    named = (use_case, *(each.use_case for each in (file, preset) if each))
    use_case = next(filter(None, named), None)
    suggested = checked(lambda: use_case_answers(knowledge, use_case) if use_case else {})
    layers = [suggested]
    factors: dict[str, float] = {}
    sources = (
        (preset.answers if preset else {}, preset.weights if preset else {}, Origin.PRESET),
        (file.answers if file else {}, file.weights if file else {}, Origin.FILE),
        (flags, weights, Origin.FLAG),
    )
    for answers, numbers, origin in sources:
        layers.append(checked(partial(parse_answers, knowledge, answers, origin)))
        factors |= checked(partial(parse_weights, knowledge, numbers))
    if problems:
        raise InputError(problems, _HINT)
    return Situation(merge(*layers), use_case, factors)


def _read(path: Path | None) -> AnswersFile | None:
    if path is None:
        return None
    from frameworkpick import presets  # noqa: PLC0415 (only with a file)

    return presets.read_answers_file(path)


def _save(path: Path, said: Situation) -> None:
    from frameworkpick import presets  # noqa: PLC0415 (only when asked for)

    # What is only suggested comes back with the use case, and stays a suggestion.
    firm = firm_answers(said.answers)
    values = {criterion: answer.value or "unknown" for criterion, answer in firm.items()}
    content = presets.AnswersFile(values, use_case=said.use_case, weights=said.weights)
    presets.write_answers_file(path, content)
