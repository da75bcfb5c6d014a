"""``frameworkpick recommend``: the answer and its reasons, nothing written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from frameworkpick import catalog
from frameworkpick.core import scoring
from frameworkpick.core.answers import Answer, Origin, merge, parse_answers
from frameworkpick.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from frameworkpick.core.knowledge import Knowledge
    from frameworkpick.core.scoring import Recommendation

_HINT = "`frameworkpick recommend` at a terminal shows every question with its options."


@dataclass(frozen=True, slots=True)
class RecommendRequest:
    """What a person has answered already, before anything is checked."""

    answers: Sequence[str] = ()  #: Decision answers as ``id=value``.
    answers_file: Path | None = None  #: A file with answers; project options in it are left alone.
    save_answers: Path | None = None  #: Also write the answers to this file.


@dataclass(frozen=True, slots=True)
class RecommendResult:
    """The recommendation, and what it rests on."""

    recommendation: Recommendation  #: The verdict with its reasons.
    answers: Mapping[str, Answer]  #: Every answer by criterion, with its origin.
    knowledge: Knowledge  #: The questions and verdicts that were applied.


def run(
    request: RecommendRequest,
    *,
    ask: Callable[[Knowledge, Mapping[str, Answer]], Mapping[str, Answer]] | None = None,
) -> RecommendResult:
    """Recommend a framework.

    Args:
        request: What is answered already.
        ask: Asks a person what is open and returns all answers; without it nothing is asked.

    Raises:
        InputError: An answer or the file is not valid; every problem is named.
        Cancelled: The person stopped.
    """
    knowledge = catalog.load_knowledge()
    from_file: Mapping[str, object] = {}
    if request.answers_file:
        from frameworkpick import presets  # noqa: PLC0415 (only with a file)

        from_file = presets.read_answers_file(request.answers_file).answers
    answers: Mapping[str, Answer] = gather(knowledge, request.answers, from_file)
    if ask:
        answers = ask(knowledge, answers)
    if request.save_answers:
        _save(request.save_answers, answers)
    return RecommendResult(scoring.recommend(knowledge, answers), answers, knowledge)


def gather(
    knowledge: Knowledge, flags: Sequence[str], from_file: Mapping[str, object]
) -> dict[str, Answer]:
    """Check the answers of a file and of the command line, and let the command line win.

    Args:
        knowledge: The questions.
        flags: Answers as ``id=value``.
        from_file: Answers by criterion, as a file holds them.

    Raises:
        InputError: At least one answer is not valid; every problem of both is named.
    """
    layers: list[Mapping[str, Answer]] = []
    problems: list[str] = []
    for raw, origin in ((from_file, Origin.FILE), (flags, Origin.FLAG)):
        try:
            layers.append(parse_answers(knowledge, raw, origin))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems, _HINT)
    return merge(*layers)


def _save(path: Path, answers: Mapping[str, Answer]) -> None:
    from frameworkpick import presets  # noqa: PLC0415 (only when asked for)

    values = {criterion: answer.value or "unknown" for criterion, answer in answers.items()}
    presets.write_answers_file(path, presets.AnswersFile(answers=values))
